//! The verification engine under Verilator, with its programs: verdicts and recovered keys
//! against the reference model, threads full, and what a verification takes.

use std::collections::VecDeque;

use chaincard_hdl::emit;
use chaincard_hdl::verify::Engine;
use chaincard_hdl::verify::engine::{Config, Firmware};
use chaincard_hdl::verify::isa::Instruction;
use chaincard_reference::cases::{self, Expected};
use chaincard_reference::params::{Limbs, from_be_bytes};
use chaincard_reference::verify::{Hashing, Key, Profile, Scheme, Verdict, hash};
use chaincard_reference::{curve, sha512, sm2};
use chaincard_sim::verilator::{Model, PortId};

const SEED: u64 = 0x5EED_0E92_0600_0003;

const THREADS: usize = 8;

/// Most cycles of a job while the others run too.
const LIMIT: u64 = 2_000_000;

/// A case as a card gives it to the engine.
struct Job {
    program: u64,
    flags: u64,
    inputs: [Limbs; 6],
}

fn little(bytes: &[u8]) -> Limbs {
    let mut bytes: [u8; 32] = bytes.try_into().expect("32 bytes");
    bytes.reverse();
    from_be_bytes(&bytes)
}

impl Job {
    fn new(expected: &Expected) -> Self {
        let case = &expected.case;
        let (mut flags, mut x, mut y) = (0, [0; 32], [0; 32]);
        let mut program = case.profile.scheme() as u64;
        match case.key {
            Key::Point { x: key_x, y: key_y } => (x, y) = (key_x, key_y),
            Key::Compressed { x: key_x, odd } => (x, flags) = (key_x, 1 | u64::from(odd) << 1),
            Key::Edwards(a) => x = a,
            Key::Recover(id) => (program, flags) = (4, u64::from(id) << 2),
        }
        flags |= match case.profile {
            Profile::BitcoinLowS | Profile::EthereumTransaction => 1 << 4,
            Profile::Strict => 1 << 5,
            Profile::Zip215 => 1 << 6,
            Profile::Rfc8032 => 1 << 7,
            _ => 0,
        };
        if case.profile.scheme() == Scheme::Ed25519 {
            let digest = sha512::sha512(&[&case.r[..], &x, &case.message].concat());
            let inputs = [&case.r[..], &case.s, &x, &y, &digest[..32], &digest[32..]].map(little);
            return Self { program, flags, inputs };
        }
        let e = match (case.hashing, case.key) {
            (Hashing::Sm3, Key::Point { x, y }) => sm3_of(&case.user_id, &x, &y, &case.message),
            (hashing, _) => hash(hashing, &case.message),
        };
        Self { program, flags, inputs: [&case.r, &case.s, &x, &y, &e, &[0; 32]].map(from_be_bytes) }
    }
}

/// The digest that SM2 signs; of a key that is no point any, because it is not looked at.
fn sm3_of(user_id: &[u8], x: &[u8; 32], y: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let (Some(x), Some(y)) = (curve::number(x), curve::number(y)) else { return [0; 32] };
    sm2::digest(user_id, &curve::Point::<curve::Sm2>::new_unchecked(x, y), message)
}

struct Machine {
    model: Model,
    clock: PortId,
    load: PortId,
    load_thread: PortId,
    load_field: PortId,
    load_digit: PortId,
    load_data: PortId,
    start: PortId,
    start_program: PortId,
    start_flags: PortId,
    answer_thread: PortId,
    answer_done: PortId,
    answer_verdict: PortId,
    answer_field: PortId,
    answer_digit: PortId,
    answer_data: PortId,
    trace: [PortId; 3],
    multiplier_busy: PortId,
    busy: u64,
    issued: [u64; 3],
    listing: Option<VecDeque<(u64, u64, u64)>>,
    trace_class: PortId,
    program: Vec<u64>,
}

impl Machine {
    fn new(firmware: &Firmware) -> Self {
        let verilog = emit::verilog(&mut Engine::new(firmware, Config::default()), "engine");
        let model = Model::new(&verilog, "engine").expect("Verilator");
        let port = |name: &str| model.port(name).expect("a port of the engine");
        Self {
            clock: port("clock"),
            load: port("load"),
            load_thread: port("load_thread"),
            load_field: port("load_field"),
            load_digit: port("load_digit"),
            load_data: port("load_data"),
            start: port("start"),
            start_program: port("start_program"),
            start_flags: port("start_flags"),
            answer_thread: port("answer_thread"),
            answer_done: port("answer_done"),
            answer_verdict: port("answer_verdict"),
            answer_field: port("answer_field"),
            answer_digit: port("answer_digit"),
            answer_data: port("answer_data"),
            trace: ["trace_valid", "trace_thread", "trace_address"].map(port),
            multiplier_busy: port("multiplier_busy"),
            busy: 0,
            issued: [0; 3],
            listing: None,
            trace_class: port("trace_class"),
            program: firmware.program().to_vec(),
            model,
        }
    }

    fn step(&mut self) {
        self.model.eval();
        self.busy += self.model.get(self.multiplier_busy);
        if self.model.get(self.trace[0]) == 1 {
            let class = self.model.get(self.trace_class) as usize;
            self.issued[class.min(2)] += 1;
            if let Some(listing) = &mut self.listing {
                let [_, thread, address] = self.trace.map(|port| self.model.get(port));
                if listing.len() == 400 {
                    listing.pop_front();
                }
                listing.push_back((self.model.cycle(), thread, address));
            }
        }
        self.model.run(self.clock, 1);
    }

    fn begin(&mut self, thread: usize, job: &Job) {
        self.model.set(self.load_thread, thread as u64);
        self.model.set(self.load, 1);
        for (field, number) in job.inputs.iter().enumerate() {
            self.model.set(self.load_field, field as u64);
            for digit in 0..16 {
                self.model.set(self.load_digit, digit as u64);
                self.model.set(self.load_data, number[digit / 4] >> (16 * (digit % 4)) & 0xFFFF);
                self.step();
            }
        }
        self.model.set(self.load, 0);
        self.model.set(self.start_program, job.program);
        self.model.set(self.start_flags, job.flags);
        self.model.set(self.start, 1);
        self.step();
        self.model.set(self.start, 0);
    }

    fn answer(&mut self, thread: usize) -> Option<u8> {
        self.model.set(self.answer_thread, thread as u64);
        self.step();
        self.model.eval();
        (self.model.get(self.answer_done) == 1).then(|| self.model.get(self.answer_verdict) as u8)
    }

    fn output(&mut self, field: u64) -> Limbs {
        let mut number = Limbs::default();
        self.model.set(self.answer_field, field);
        for digit in 0..16 {
            self.model.set(self.answer_digit, digit as u64);
            for _ in 0..3 {
                self.step();
            }
            number[digit / 4] |= self.model.get(self.answer_data) << (16 * (digit % 4));
        }
        number
    }

    fn text(&self) -> String {
        let lines = self.listing.iter().flatten().map(|&(cycle, thread, address)| {
            let word = self.program[address as usize];
            let text = Instruction::decode(word).map_or(String::new(), |(i, _)| i.to_string());
            format!("{cycle:8} thread {thread} {address:4} {text}\n")
        });
        lines.collect()
    }
}

/// What a run took in the steady state: from the first verdict to the last start.
#[derive(Debug)]
struct Share {
    cycles_per_job: f64,
    busy: f64,
    issued: [f64; 3],
}

/// Runs the cases with all threads full.
fn check(machine: &mut Machine, cases: &[Expected]) -> Share {
    let mut running: [Option<(usize, u64)>; THREADS] = [None; THREADS];
    let (mut next, mut done) = (0, 0);
    let mut window = None;
    let mut share = Share { cycles_per_job: 0.0, busy: 0.0, issued: [0.0; 3] };
    while done < cases.len() {
        for (thread, slot) in running.iter_mut().enumerate() {
            if let Some((index, since)) = *slot {
                let expected = &cases[index];
                assert!(
                    machine.model.cycle() - since < LIMIT,
                    "{}: no verdict\n{}",
                    expected.name,
                    machine.text()
                );
                let Some(verdict) = machine.answer(thread) else { continue };
                // RIP-7212 knows valid and invalid only; the engine tells more.
                let verdict = match expected.case.profile {
                    Profile::Rip7212 => u8::from(verdict == Verdict::Valid as u8),
                    _ => verdict,
                };
                assert_eq!(
                    verdict,
                    expected.verdict as u8,
                    "{} on thread {thread}: {:x?}\n{}",
                    expected.name,
                    expected.case,
                    machine.text()
                );
                if matches!(expected.case.key, Key::Recover(_))
                    && expected.verdict == Verdict::Valid
                {
                    let (x, y) = expected.key.split_at(32);
                    let limbs = |half: &[u8]| from_be_bytes(half.try_into().expect("32 bytes"));
                    assert_eq!([machine.output(0), machine.output(1)], [limbs(x), limbs(y)]);
                }
                *slot = None;
                done += 1;
            }
            if next < cases.len() {
                machine.begin(thread, &Job::new(&cases[next]));
                *slot = Some((next, machine.model.cycle()));
                next += 1;
                // From the second round of jobs to the last start.
                let now = (next, machine.model.cycle(), machine.busy, machine.issued);
                if next == 2 * THREADS {
                    window = Some(now);
                }
                if let Some((first, cycle, busy, issued)) = window
                    && next > first
                {
                    let (jobs, cycles) = ((next - first) as f64, (now.1 - cycle) as f64);
                    share = Share {
                        cycles_per_job: cycles / jobs,
                        busy: (now.2 - busy) as f64 / cycles,
                        issued: [0, 1, 2].map(|c| (now.3[c] - issued[c]) as f64 / jobs),
                    };
                }
            }
        }
    }
    share
}

fn report(name: &str, share: &Share) {
    println!(
        "{name}: {:.0} cycles, multiplier busy {:.1} %, {:.0} products, {:.0} sums, {:.0} control",
        share.cycles_per_job,
        100.0 * share.busy,
        share.issued[0],
        share.issued[1],
        share.issued[2]
    );
}

/// Whether a card hands the case to the engine: ZA takes both coordinates of the key.
fn goes_to_the_engine(expected: &Expected) -> bool {
    let case = &expected.case;
    case.hashing != Hashing::Sm3 || matches!(case.key, Key::Point { .. })
}

fn scheme(name: &str, firmware: &Firmware, profiles: &[Profile], count: usize) {
    println!("{name}: seed {SEED:#x}");
    let mut machine = Machine::new(firmware);
    machine.listing = Some(VecDeque::new());
    // What a verification takes: valid ones, with keys that need no decompression where there
    // are such.
    let mut valid = cases::random(profiles[0], SEED, 12 * count);
    valid.retain(|case| {
        case.verdict == Verdict::Valid
            && matches!(case.case.key, Key::Point { .. } | Key::Edwards(_))
    });
    valid.truncate(count);
    report(&format!("{name} {:?}, valid", profiles[0]), &check(&mut machine, &valid));
    for &profile in profiles {
        let mut cases = cases::random(profile, SEED, count);
        cases.retain(goes_to_the_engine);
        report(&format!("{name} {profile:?}"), &check(&mut machine, &cases));
    }
    for &profile in profiles {
        let mut corners = cases::corners(profile);
        corners.extend(cases::small_scalars(profile).into_iter().step_by(17));
        corners.retain(goes_to_the_engine);
        corners.retain(|case| !matches!(case.case.key, Key::Recover(_)));
        let corners: Vec<Expected> = corners.into_iter().step_by(5).take(80).collect();
        report(&format!("{name} {profile:?}, corners"), &check(&mut machine, &corners));
    }
}

#[test]
fn secp256k1() {
    scheme(
        "secp256k1",
        &Firmware::standard(),
        &[Profile::Bitcoin, Profile::EthereumTransaction],
        64,
    );
}

#[test]
fn recovery() {
    println!("recovery: seed {SEED:#x}");
    let mut machine = Machine::new(&Firmware::standard());
    let cases = cases::random_recovery(Profile::Ethereum, SEED, 48);
    report("recovery", &check(&mut machine, &cases));
}

#[test]
fn sm2() {
    scheme("sm2", &Firmware::standard(), &[Profile::Gm], 48);
}

#[test]
fn ed25519() {
    let profiles = [Profile::Rfc8032, Profile::Zip215, Profile::Strict];
    scheme("ed25519", &Firmware::edwards(), &profiles, 32);
}

#[test]
fn p256() {
    scheme("p256", &Firmware::standard(), &[Profile::Rip7212, Profile::Fips186], 32);
}
