//! The accelerator: queue, routing, fallback, and the promise that every handle is answered.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crate::common::{Fake, FakeCard, config, messages, oracle};
use chaincard::{
    Accelerator, Capabilities, Card, Cpu, Device, DeviceError, DeviceKind, Error, Handle,
    HashAlgorithm, HashJob, Messages, MessagesError, OpenError, Policy, Report, SelfTest,
    SubmitError, TransportError,
};

const SHA256: HashAlgorithm = HashAlgorithm::Sha256;

/// A device whose behaviour a test controls; it computes with the CPU.
struct Puppet {
    name: String,
    capabilities: Capabilities,
    cpu: Cpu,
    /// Calls block while this is set.
    gate: Mutex<bool>,
    opened: Condvar,
    fails: AtomicBool,
    panics: AtomicBool,
    calls: AtomicUsize,
    largest: AtomicUsize,
    failures: AtomicU64,
}

impl Puppet {
    fn new(name: &str) -> Arc<Self> {
        Self::with_capabilities(name, HashAlgorithm::ALL.to_vec(), None)
    }

    fn with_capabilities(
        name: &str,
        hashes: Vec<HashAlgorithm>,
        max_message: Option<usize>,
    ) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            capabilities: Capabilities { hashes, max_message, ..Capabilities::default() },
            cpu: Cpu::with_threads(1),
            gate: Mutex::new(false),
            opened: Condvar::new(),
            fails: AtomicBool::new(false),
            panics: AtomicBool::new(false),
            calls: AtomicUsize::new(0),
            largest: AtomicUsize::new(0),
            failures: AtomicU64::new(0),
        })
    }

    fn close_gate(&self) {
        *self.gate.lock().unwrap() = true;
    }

    fn open_gate(&self) {
        *self.gate.lock().unwrap() = false;
        self.opened.notify_all();
    }
}

impl Device for Puppet {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::Card
    }

    fn description(&self) -> String {
        "puppet".to_owned()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn hash(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Report, DeviceError> {
        self.calls.fetch_add(1, SeqCst);
        let gate = self.gate.lock().unwrap();
        // A test that fails with the gate closed ends all the same.
        let limit = Duration::from_secs(20);
        drop(self.opened.wait_timeout_while(gate, limit, |closed| *closed).unwrap());
        self.largest.fetch_max(messages.len(), SeqCst);
        assert!(!self.panics.load(SeqCst), "the puppet panics");
        if self.fails.load(SeqCst) {
            self.failures.fetch_add(1, SeqCst);
            digests.fill(0xEE);
            return Err(DeviceError::Transport {
                device: self.name.clone(),
                source: TransportError::Closed,
            });
        }
        let max = self.capabilities.max_message.unwrap_or(usize::MAX);
        if messages.longest() > max {
            let len = messages.longest();
            return Err(DeviceError::MessageTooLong {
                device: self.name.clone(),
                index: 0,
                len,
                max,
            });
        }
        self.cpu.hash(algorithm, messages, digests)
    }
}

fn policy() -> Policy {
    Policy { backoff: Duration::from_millis(5), ..Policy::default() }
}

fn build(devices: &[&Arc<Puppet>], policy: Policy) -> Accelerator {
    let mut builder = Accelerator::builder().policy(policy);
    for &device in devices {
        builder = builder.device(Arc::clone(device) as Arc<dyn Device>);
    }
    builder.build().unwrap()
}

fn job(text: &str) -> HashJob {
    HashJob::collect(SHA256, [text])
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..2000 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("never happened: {what}");
}

#[test]
fn borrowed_and_submitted_agree_with_the_oracle() {
    let accelerator = Accelerator::open("cpu").unwrap();
    for algorithm in HashAlgorithm::ALL {
        let batch = messages(algorithm.code().into(), 100, 300);
        let slices: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
        let borrowed = accelerator.answer(algorithm, &Messages::Slices(&slices)).unwrap();
        let submitted =
            accelerator.submit(HashJob::collect(algorithm, &batch)).unwrap().wait().unwrap();
        let expected: Vec<Vec<u8>> =
            batch.iter().map(|message| oracle(algorithm, message)).collect();
        assert!(borrowed.digests.iter().eq(expected.iter().map(Vec::as_slice)));
        assert_eq!(submitted.digests, borrowed.digests);
        assert_eq!(&*submitted.outcome.device, "cpu");
        assert!(!submitted.outcome.fallback);
    }
}

#[test]
fn malformed_batches_are_the_callers_fault() {
    for name in ["cpu", "puppet"] {
        let accelerator = match name {
            "cpu" => Accelerator::open("cpu").unwrap(),
            _ => build(&[&Puppet::new("puppet")], policy()),
        };
        let bad = [
            Messages::Rows { data: &[0; 10], len: 3, count: 3 },
            Messages::Rows { data: &[0; 10], len: usize::MAX, count: 3 },
            Messages::Packed { data: &[0; 10], ends: &[4, 3] },
            Messages::Packed { data: &[0; 10], ends: &[11] },
        ];
        for messages in bad {
            let error = accelerator.hash_many(SHA256, &messages).unwrap_err();
            let Error::Device(source) = error else { panic!("{error}") };
            assert!(matches!(
                *source,
                DeviceError::Messages(MessagesError::Rows { .. } | MessagesError::Ends { .. })
            ));
        }
        let error = accelerator.hash_into(SHA256, &Messages::Slices(&[b"a"]), &mut [0; 31]);
        assert!(matches!(error, Err(Error::Device(source)) if source.is_callers_fault()));
        assert!(accelerator.metrics().devices[0].in_service);
        accelerator.hash_many(SHA256, &Messages::Slices(&[b"a"])).unwrap();
    }
}

#[test]
fn a_full_queue_is_busy_and_blocks_submit() {
    let puppet = Puppet::new("puppet");
    let policy = Policy { queue_jobs: 2, coalesce_items: 1, ..policy() };
    let accelerator = build(&[&puppet], policy);
    let before = puppet.calls.load(SeqCst);
    puppet.close_gate();
    let mut handles = vec![accelerator.submit(job("0")).unwrap()];
    wait_until("the first job begins", || puppet.calls.load(SeqCst) > before);
    handles.extend((1..3).map(|i| accelerator.try_submit(job(&i.to_string())).unwrap()));
    let refused = accelerator.try_submit(job("3")).unwrap_err();
    let SubmitError::Busy(back) = refused else { panic!("{refused}") };
    assert_eq!(back.messages().get(0), b"3");
    assert_eq!(accelerator.metrics().busy_refusals, 1);
    assert_eq!(accelerator.metrics().queued, 2);
    std::thread::scope(|scope| {
        let blocked = scope.spawn(|| accelerator.submit(back).unwrap().wait().unwrap());
        std::thread::sleep(Duration::from_millis(20));
        assert!(!blocked.is_finished());
        puppet.open_gate();
        assert_eq!(blocked.join().unwrap().digests.as_bytes(), oracle(SHA256, b"3"));
    });
    for (i, handle) in handles.into_iter().enumerate() {
        let answer = handle.wait().unwrap();
        assert_eq!(answer.digests.as_bytes(), oracle(SHA256, i.to_string().as_bytes()));
    }
}

#[test]
fn the_queue_is_bounded_in_bytes_and_takes_a_large_job_alone() {
    let puppet = Puppet::new("puppet");
    let policy = Policy { queue_bytes: 1000, coalesce_items: 1, ..policy() };
    let accelerator = build(&[&puppet], policy);
    let before = puppet.calls.load(SeqCst);
    puppet.close_gate();
    let first = accelerator.submit(job("a")).unwrap();
    wait_until("the first job begins", || puppet.calls.load(SeqCst) > before);
    let large = accelerator.try_submit(HashJob::collect(SHA256, [vec![0; 5000]])).unwrap();
    assert!(matches!(accelerator.try_submit(job("b")), Err(SubmitError::Busy(_))));
    puppet.open_gate();
    first.wait().unwrap();
    large.wait().unwrap();
}

#[test]
fn small_jobs_are_coalesced() {
    let puppet = Puppet::new("puppet");
    let accelerator = build(&[&puppet], Policy { coalesce_items: 64, ..policy() });
    let before = puppet.calls.load(SeqCst);
    puppet.close_gate();
    let first = accelerator.submit(job("first")).unwrap();
    wait_until("the first job begins", || puppet.calls.load(SeqCst) > before);
    let handles: Vec<_> =
        (0..100).map(|i| (i, accelerator.submit(job(&i.to_string())).unwrap())).collect();
    puppet.open_gate();
    first.wait().unwrap();
    let mut most = 0;
    for (i, handle) in handles {
        let answer = handle.wait().unwrap();
        assert_eq!(answer.digests.as_bytes(), oracle(SHA256, i.to_string().as_bytes()));
        most = most.max(answer.outcome.batch_jobs);
    }
    assert!(most > 30, "{most}");
    assert!(puppet.largest.load(SeqCst) <= 64);
    let metrics = accelerator.metrics();
    let counts = metrics.devices[0].operations[0].1;
    assert_eq!((counts.jobs, counts.errors), (101, 0));
    assert!(counts.batches < 20, "{counts:?}");
}

#[test]
fn a_failing_device_falls_back_and_returns() {
    let puppet = Puppet::new("puppet");
    let accelerator = build(&[&puppet], policy());
    let ask = || accelerator.submit(job("x")).unwrap().wait().unwrap();
    assert_eq!(&*ask().outcome.device, "puppet");
    puppet.fails.store(true, SeqCst);
    for _ in 0..50 {
        let answer = ask();
        assert_eq!(&*answer.outcome.device, "cpu");
        assert!(answer.outcome.fallback);
        assert_eq!(answer.digests.as_bytes(), oracle(SHA256, b"x"));
    }
    let metrics = accelerator.metrics();
    assert_eq!(metrics.devices[0].outages, 1);
    assert!(!metrics.devices[0].in_service);
    assert!(metrics.devices[0].last_error.as_ref().unwrap().contains("closed"));
    assert_eq!(metrics.devices[1].operations[0].1.fallbacks, 50);
    wait_until("the test fails", || {
        matches!(accelerator.metrics().devices[0].self_test, SelfTest::Failed(_))
    });
    puppet.fails.store(false, SeqCst);
    wait_until("the device is back", || accelerator.metrics().devices[0].in_service);
    assert_eq!(&*ask().outcome.device, "puppet");
    assert_eq!(accelerator.metrics().failed_jobs, 0);
}

#[test]
fn large_borrowed_batches_fall_back_too() {
    let puppet = Puppet::new("puppet");
    let accelerator = build(&[&puppet], policy());
    let data = vec![7; 1 << 17];
    let rows = Messages::rows(&data, 64).unwrap();
    puppet.fails.store(true, SeqCst);
    let answer = accelerator.answer(SHA256, &rows).unwrap();
    assert_eq!(&*answer.outcome.device, "cpu");
    let expected = oracle(SHA256, &data[..64]);
    assert!(answer.digests.iter().all(|digest| digest == expected));
}

#[test]
fn without_fallback_the_error_is_the_devices() {
    let puppet = Puppet::new("puppet");
    let accelerator = build(
        &[&puppet],
        Policy { fallback_to_cpu: false, backoff: Duration::from_secs(60), ..policy() },
    );
    puppet.fails.store(true, SeqCst);
    for _ in 0..3 {
        let error = accelerator.submit(job("x")).unwrap().wait().unwrap_err();
        assert!(matches!(error, Error::Device(source)
            if matches!(*source, DeviceError::Transport { .. })));
    }
    // Out of service, it is not asked again before its time.
    assert_eq!(puppet.failures.load(SeqCst), 1);
    assert_eq!(accelerator.metrics().failed_jobs, 3);
}

#[test]
fn a_panicking_device_is_taken_out_of_service() {
    let puppet = Puppet::new("puppet");
    let accelerator = build(&[&puppet], policy());
    puppet.panics.store(true, SeqCst);
    for _ in 0..10 {
        let answer = accelerator.submit(job("x")).unwrap().wait().unwrap();
        assert_eq!(&*answer.outcome.device, "cpu");
        let data = vec![1; 1 << 17];
        accelerator.hash_many(SHA256, &Messages::rows(&data, 64).unwrap()).unwrap();
    }
    puppet.panics.store(false, SeqCst);
    wait_until("the device is back", || accelerator.metrics().devices[0].in_service);
}

#[test]
fn several_devices_share_the_work_and_route_by_capability() {
    let left = Puppet::with_capabilities("left", vec![SHA256], None);
    let right = Puppet::with_capabilities("right", vec![SHA256, HashAlgorithm::Sm3], None);
    let accelerator = build(&[&left, &right], Policy { coalesce_items: 1, ..policy() });
    let ask = |algorithm| accelerator.submit(HashJob::collect(algorithm, ["x"])).unwrap().wait();
    assert_eq!(&*ask(HashAlgorithm::Sm3).unwrap().outcome.device, "right");
    // Neither has it: the fallback does.
    assert_eq!(&*ask(HashAlgorithm::Sha512).unwrap().outcome.device, "cpu");
    left.close_gate();
    let handles: Vec<_> = (0..4).map(|_| accelerator.submit(job("x")).unwrap()).collect();
    wait_until("the other device serves", || {
        handles.iter().filter(|handle| handle.is_done()).count() >= 3
    });
    left.open_gate();
    for handle in handles {
        handle.wait().unwrap();
    }
}

#[test]
fn long_messages_go_elsewhere() {
    let puppet = Puppet::with_capabilities("puppet", HashAlgorithm::ALL.to_vec(), Some(200));
    let accelerator = build(&[&puppet], policy());
    let batch = messages(9, 500, 400);
    let long = batch.iter().filter(|message| message.len() > 200).count();
    let slices: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
    let borrowed = accelerator.answer(SHA256, &Messages::Slices(&slices)).unwrap();
    let owned = accelerator.submit(HashJob::collect(SHA256, &batch)).unwrap().wait().unwrap();
    for answer in [borrowed, owned] {
        assert_eq!(&*answer.outcome.device, "puppet");
        assert_eq!(answer.outcome.elsewhere, long);
        for (message, digest) in batch.iter().zip(&answer.digests) {
            assert_eq!(digest, oracle(SHA256, message));
        }
    }
    let alone = build(&[&puppet], Policy { fallback_to_cpu: false, ..policy() });
    let error = alone.submit(HashJob::collect(SHA256, &batch)).unwrap().wait().unwrap_err();
    assert!(matches!(error, Error::Device(source) if source.is_callers_fault()));
}

#[test]
fn time_limits_hold_while_a_device_hangs() {
    let puppet = Puppet::new("puppet");
    let policy =
        Policy { job_timeout: Some(Duration::from_millis(30)), coalesce_items: 1, ..policy() };
    let accelerator = build(&[&puppet], policy);
    puppet.close_gate();
    let handles: Vec<Handle> = (0..3).map(|_| accelerator.submit(job("x")).unwrap()).collect();
    for handle in handles {
        assert!(matches!(handle.wait(), Err(Error::TimedOut)));
    }
    assert_eq!(accelerator.metrics().failed_jobs, 3);
    puppet.open_gate();
    // The limit holds for these as well, and the machine may be busy.
    wait_until("it answers", || accelerator.submit(job("y")).unwrap().wait().is_ok());
}

#[test]
fn wait_timeout_gives_the_handle_back() {
    let puppet = Puppet::new("puppet");
    let accelerator = build(&[&puppet], policy());
    puppet.close_gate();
    let handle = accelerator.submit(job("x")).unwrap();
    let handle = handle.wait_timeout(Duration::from_millis(5)).unwrap_err();
    assert!(!handle.is_done());
    puppet.open_gate();
    let answer = handle.wait_timeout(Duration::from_secs(60)).unwrap().unwrap();
    assert_eq!(answer.digests.as_bytes(), oracle(SHA256, b"x"));
}

#[test]
fn shutdown_answers_everything() {
    let puppet = Puppet::new("puppet");
    let accelerator = build(&[&puppet], Policy { coalesce_items: 1, ..policy() });
    let handles: Vec<_> = (0..200).map(|_| accelerator.submit(job("x")).unwrap()).collect();
    accelerator.shutdown();
    for handle in handles {
        assert_eq!(handle.wait().unwrap().digests.as_bytes(), oracle(SHA256, b"x"));
    }
}

#[test]
fn dropping_answers_or_refuses_every_handle() {
    let puppet = Puppet::new("puppet");
    let accelerator = build(&[&puppet], Policy { coalesce_items: 1, ..policy() });
    puppet.close_gate();
    let before = puppet.calls.load(SeqCst);
    let handles: Vec<_> = (0..20).map(|_| accelerator.submit(job("x")).unwrap()).collect();
    wait_until("the first job begins", || puppet.calls.load(SeqCst) > before);
    std::thread::scope(|scope| {
        scope.spawn(|| drop(accelerator));
        wait_until("the last job is refused", || handles.last().is_some_and(Handle::is_done));
        puppet.open_gate();
    });
    let (mut answered, mut refused) = (0, 0);
    for handle in handles {
        match handle.wait() {
            Ok(answer) => {
                assert_eq!(answer.digests.as_bytes(), oracle(SHA256, b"x"));
                answered += 1;
            }
            Err(Error::ShutDown) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(answered + refused, 20);
    assert!(answered >= 1 && refused >= 1, "{answered} {refused}");
}

#[test]
fn abandoned_jobs_are_not_begun() {
    let puppet = Puppet::new("puppet");
    let accelerator = build(&[&puppet], Policy { coalesce_items: 1, ..policy() });
    puppet.close_gate();
    let before = puppet.calls.load(SeqCst);
    let first = accelerator.submit(job("x")).unwrap();
    wait_until("the first job begins", || puppet.calls.load(SeqCst) > before);
    for _ in 0..10 {
        drop(accelerator.submit(job("x")).unwrap());
    }
    let last = accelerator.submit(job("y")).unwrap();
    puppet.open_gate();
    first.wait().unwrap();
    last.wait().unwrap();
    assert_eq!(puppet.calls.load(SeqCst) - before, 2);
}

#[test]
fn handles_are_futures() {
    struct Thread(std::thread::Thread);
    impl Wake for Thread {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let accelerator = Accelerator::open("cpu").unwrap();
    let mut handle = pin!(accelerator.submit(job("x")).unwrap());
    let waker = Waker::from(Arc::new(Thread(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let answer = loop {
        match handle.as_mut().poll(&mut context) {
            Poll::Ready(answer) => break answer.unwrap(),
            Poll::Pending => std::thread::park(),
        }
    };
    assert_eq!(answer.digests.as_bytes(), oracle(SHA256, b"x"));
    let again = handle.as_mut().poll(&mut context);
    assert!(matches!(again, Poll::Ready(Err(Error::Taken))));
}

#[test]
fn a_device_that_computes_nonsense_is_not_opened() {
    let (card, _) = FakeCard::new(Fake { wrong_digests: true, ..Fake::default() });
    let mut config = config();
    config.self_test = false;
    let card = Card::open("fake", DeviceKind::Card, Box::new(card), config).unwrap();
    let error = Accelerator::builder().device(Arc::new(card)).build().unwrap_err();
    assert!(matches!(error, OpenError::SelfTest(source)
        if matches!(*source, DeviceError::SelfTest { .. })));
    assert!(matches!(Accelerator::builder().build(), Err(OpenError::NoDevice)));
}

/// Many threads, a device that fails now and then, every kind of call: nothing is lost,
/// duplicated or wrong.
#[test]
fn stress() {
    let left = Puppet::new("left");
    let right = Puppet::new("right");
    let policy = Policy { queue_jobs: 16, backoff: Duration::from_millis(1), ..policy() };
    let accelerator = build(&[&left, &right], policy);
    let stop = AtomicBool::new(false);
    let answered = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0.. {
                if stop.load(SeqCst) {
                    break;
                }
                left.fails.store(round % 3 == 1, SeqCst);
                right.panics.store(round % 7 == 2, SeqCst);
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let workers: Vec<_> = (0..8)
            .map(|thread| {
                let (accelerator, answered) = (&accelerator, &answered);
                scope.spawn(move || {
                    for round in 0..150_usize {
                        let algorithm = HashAlgorithm::ALL[(thread + round) % 5];
                        let batch: Vec<Vec<u8>> = (0..round % 9)
                            .map(|item| vec![thread as u8; (item * 37 + round) % 200])
                            .collect();
                        let digests = match round % 3 {
                            0 => {
                                accelerator
                                    .submit(HashJob::collect(algorithm, &batch))
                                    .unwrap()
                                    .wait()
                                    .unwrap()
                                    .digests
                            }
                            1 => loop {
                                match accelerator.try_submit(HashJob::collect(algorithm, &batch)) {
                                    Ok(handle) => break handle.wait().unwrap().digests,
                                    Err(SubmitError::Busy(_)) => std::thread::yield_now(),
                                    Err(error) => panic!("{error}"),
                                }
                            },
                            _ => {
                                let slices: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
                                accelerator
                                    .hash_many(algorithm, &Messages::Slices(&slices))
                                    .unwrap()
                            }
                        };
                        assert_eq!(digests.len(), batch.len());
                        for (message, digest) in batch.iter().zip(&digests) {
                            assert_eq!(digest, oracle(algorithm, message));
                        }
                        answered.fetch_add(1, SeqCst);
                    }
                })
            })
            .collect();
        let outcomes: Vec<_> = workers.into_iter().map(|worker| worker.join()).collect();
        stop.store(true, SeqCst);
        outcomes.into_iter().for_each(|outcome| outcome.unwrap());
    });
    assert_eq!(answered.load(SeqCst), 1200);
    let metrics = accelerator.metrics();
    assert_eq!((metrics.failed_jobs, metrics.queued), (0, 0));
    let jobs: u64 = metrics
        .devices
        .iter()
        .flat_map(|device| &device.operations)
        .map(|(_, operation)| operation.jobs)
        .sum();
    assert_eq!(jobs, 1200);
}
