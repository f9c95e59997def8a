//! Faults: every job ends with the right digest or a typed error, none is lost, duplicated or
//! wrong, and a card that is killed is replaced by the CPU.

use chaincard::{
    Accelerator, Card, CardConfig, Device, DeviceKind, HashAlgorithm, HashJob, Policy, Transport,
};
use chaincard_protocol::Register;
use chaincard_reference::Algorithm;
use chaincard_sim::card::{ModelCard, ModelFault, SimulatedCard};
use chaincard_sim::fault::{Fault, FaultyTransport};
use chaincard_sim::stream::SplitMix64;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

const SEED: u64 = 0xFA17;

/// Jobs for each kind of fault, on the card modelled in software.
const JOBS: usize = 10_000;

/// Jobs for each kind of fault, on the simulated gates.
const GATE_JOBS: usize = 1_500;

/// Threads that submit them.
const THREADS: usize = 4;

/// A job and what it must be answered with.
struct Case {
    algorithm: HashAlgorithm,
    messages: Vec<Vec<u8>>,
    digests: Vec<u8>,
}

fn case(rng: &mut SplitMix64) -> Case {
    let algorithm = HashAlgorithm::ALL[rng.next_u64() as usize % HashAlgorithm::ALL.len()];
    let model = Algorithm::from_name(algorithm.name()).unwrap();
    let messages: Vec<Vec<u8>> = (0..1 + rng.next_u64() % 3)
        .map(|_| {
            let len = rng.next_u64() % 150;
            (0..len).map(|_| rng.next_u64() as u8).collect()
        })
        .collect();
    let digests = messages.iter().flat_map(|m| chaincard_reference::hash(model, m)).collect();
    Case { algorithm, messages, digests }
}

/// How the jobs of a run ended.
#[derive(Debug, Default)]
struct Ends {
    by_card: usize,
    by_cpu: usize,
    errors: usize,
}

/// Submits `jobs` jobs from several threads and checks each answer.
fn run(accelerator: &Accelerator, jobs: usize, seed: u64) -> Ends {
    let ends = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    submit(accelerator, jobs / THREADS, seed ^ (thread as u64) << 32)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).fold(
            Ends::default(),
            |sum, ends| Ends {
                by_card: sum.by_card + ends.by_card,
                by_cpu: sum.by_cpu + ends.by_cpu,
                errors: sum.errors + ends.errors,
            },
        )
    });
    assert_eq!(ends.by_card + ends.by_cpu + ends.errors, jobs, "a job was lost: {ends:?}");
    ends
}

fn submit(accelerator: &Accelerator, jobs: usize, seed: u64) -> Ends {
    let mut rng = SplitMix64(seed);
    let mut ends = Ends::default();
    let mut left = jobs;
    while left > 0 {
        // Some wait for others, so that answers and jobs could be mixed up.
        let handles: Vec<_> = (0..left.min(25))
            .map(|_| {
                let case = case(&mut rng);
                let job = HashJob::collect(case.algorithm, &case.messages);
                (accelerator.submit(job).unwrap(), case)
            })
            .collect();
        left -= handles.len();
        for (handle, case) in handles {
            match handle.wait() {
                Ok(answer) => {
                    assert_eq!(answer.digests.as_bytes(), case.digests, "{:?}", case.messages);
                    match &*answer.outcome.device {
                        name if name.starts_with("cpu") => ends.by_cpu += 1,
                        _ => ends.by_card += 1,
                    }
                }
                Err(chaincard::Error::Device(_)) => ends.errors += 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
    ends
}

fn policy(fallback_to_cpu: bool) -> Policy {
    Policy {
        fallback_to_cpu,
        cpu_threads: 1,
        // Small batches, so that many get through between two faults.
        coalesce_items: 8,
        backoff: Duration::from_millis(1),
        max_backoff: Duration::from_millis(5),
        ..Policy::default()
    }
}

/// A card as the only device but the CPU. Its link may be bad from the beginning, so that
/// opening and testing it may take several trials.
fn open<T: Transport + 'static>(fallback: bool, mut link: impl FnMut(u64) -> T) -> Accelerator {
    for trial in 0..50 {
        let mut config = CardConfig::for_kind(DeviceKind::Simulated);
        config.self_test = false;
        let opened = Card::open("sim", DeviceKind::Simulated, Box::new(link(trial)), config);
        let built = opened.map_err(chaincard::OpenError::from).and_then(|card| {
            // The gates of a simulated card answer a link that fell silent sooner so.
            card.write_register(Register::LinkTimeout, 0x7FF)?;
            let device: Arc<dyn Device> = Arc::new(card);
            Accelerator::builder().device(device).policy(policy(fallback)).build()
        });
        match built {
            Ok(accelerator) => return accelerator,
            Err(error) => println!("trial {trial}: {error}"),
        }
    }
    panic!("the card cannot be opened");
}

/// Runs jobs over a link with `fault`, to cards that `card` makes. `rarer`: so many times fewer
/// bytes are hit.
fn bad_link<T: Transport + 'static>(
    fault: Fault,
    fallback: bool,
    (jobs, rarer): (usize, u64),
    mut card: impl FnMut() -> T,
) {
    let seed = SEED ^ fault as u64;
    let one_in = match fault {
        Fault::Stalls | Fault::Closed => 40,
        _ => 2500 * rarer,
    };
    let mut injected = Arc::default();
    let accelerator = open(fallback, |trial| {
        let link = FaultyTransport::new(card(), fault, one_in, seed.wrapping_add(trial));
        injected = link.injected();
        link
    });
    let ends = run(&accelerator, jobs, seed);
    let injected: u64 = injected.load(Ordering::Relaxed);
    println!("{fault:?}: seed {seed:#x}, {injected} faults, {ends:?}");
    // After a stall or a closed link, gates that are stepped slowly stay out of service for as
    // long as the CPU takes for many jobs: how often they meet a fault is the machine's affair.
    let at_the_machines_mercy = rarer > 1 && matches!(fault, Fault::Stalls | Fault::Closed);
    assert!(injected >= if at_the_machines_mercy { 1 } else { 5 }, "{fault:?}");
    if !at_the_machines_mercy {
        assert!(ends.by_card > jobs / 100, "{fault:?}: the card hardly worked: {ends:?}");
    }
    if fallback {
        assert_eq!(ends.errors, 0, "{fault:?}");
    } else {
        assert_eq!(ends.by_cpu, 0, "{fault:?}");
    }
}

#[test]
fn faults_on_the_link_with_fallback() {
    for fault in Fault::ALL {
        bad_link(fault, true, (JOBS, 1), ModelCard::default);
    }
}

#[test]
fn faults_on_the_link_without_fallback() {
    for fault in Fault::ALL {
        bad_link(fault, false, (JOBS, 1), ModelCard::default);
    }
}

#[test]
fn faults_on_the_link_to_gates() {
    for spec in ["hash-axi@verilator", "hash-uart@verilator"] {
        for fault in Fault::ALL {
            // A slow card that had to be given up would see nothing more: the CPU is faster.
            bad_link(fault, true, (GATE_JOBS, 8), || SimulatedCard::open(spec).unwrap());
        }
    }
}

/// Runs jobs on a card that breaks half-way.
fn broken_card(fault: ModelFault, fallback: bool) -> Ends {
    let accelerator = open(fallback, |_| ModelCard::new(Some(fault)));
    let ends = run(&accelerator, JOBS, SEED);
    println!("{fault:?}: seed {SEED:#x}, {ends:?}");
    ends
}

#[test]
fn a_card_that_breaks_is_replaced_by_the_cpu() {
    for fault in [
        ModelFault::Killed { after: 9000 },
        ModelFault::Silent { after: 9000 },
        ModelFault::DeadEngine { after: 9000 },
    ] {
        let ends = broken_card(fault, true);
        assert_eq!(ends.errors, 0, "{fault:?}");
        assert!(ends.by_card > 1000 && ends.by_cpu > 1000, "{fault:?}: {ends:?}");
        let ends = broken_card(fault, false);
        assert!(ends.by_card > 1000 && ends.errors > 1000, "{fault:?}: {ends:?}");
    }
}
