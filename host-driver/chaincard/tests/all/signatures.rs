//! Signatures through the accelerator: queue, coalescing, routing, and what is believed.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::common::{build, policy, puppet};
use chaincard::selftest::known_signatures;
use chaincard::{
    Accelerator, BatchError, Capabilities, Cpu, Device, DeviceError, Error, Hashing, Item, Key,
    Messages, Operation, Plan, Policy, Profile, RecoverBatch, RecoverJob, Recovered, Report,
    Scheme, SignatureEncoding, SubmitError, TransportError, Verdict, VerifyBatch, VerifyJob,
};

/// A device whose behaviour a test controls; it judges with the CPU.
struct Puppet {
    capabilities: Capabilities,
    cpu: Cpu,
    /// Calls block while this is set.
    gate: Mutex<bool>,
    opened: Condvar,
    fails: AtomicBool,
    /// Every verdict is turned round.
    lies: AtomicBool,
    calls: AtomicUsize,
    largest: AtomicUsize,
}

impl Puppet {
    fn new(verifies: &[Scheme], recovers: bool) -> Arc<Self> {
        let capabilities =
            Capabilities { verifies: verifies.to_vec(), recovers, ..Capabilities::default() };
        Arc::new(Self {
            capabilities,
            cpu: Cpu::with_threads(1),
            gate: Mutex::new(false),
            opened: Condvar::new(),
            fails: AtomicBool::new(false),
            lies: AtomicBool::new(false),
            calls: AtomicUsize::new(0),
            largest: AtomicUsize::new(0),
        })
    }

    fn set_gate(&self, closed: bool) {
        *self.gate.lock().unwrap() = closed;
        self.opened.notify_all();
    }

    fn enter(&self, items: usize) -> Result<(), DeviceError> {
        self.calls.fetch_add(1, SeqCst);
        let gate = self.gate.lock().unwrap();
        let limit = Duration::from_secs(20);
        drop(self.opened.wait_timeout_while(gate, limit, |closed| *closed).unwrap());
        self.largest.fetch_max(items, SeqCst);
        if self.fails.load(SeqCst) {
            let source = TransportError::Closed;
            return Err(DeviceError::Transport { device: "puppet".to_owned(), source });
        }
        Ok(())
    }
}

impl Device for Puppet {
    puppet!();

    fn verify(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
    ) -> Result<Report, DeviceError> {
        self.enter(items.len())?;
        self.cpu.verify(plan, items, verdicts)?;
        if self.lies.load(SeqCst) {
            for verdict in verdicts {
                *verdict = match *verdict {
                    Verdict::Valid => Verdict::Invalid,
                    _ => Verdict::Valid,
                };
            }
        }
        Ok(Report::default())
    }

    fn recover(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        keys: &mut [Recovered],
    ) -> Result<Report, DeviceError> {
        self.enter(items.len())?;
        self.cpu.recover(plan, items, keys)?;
        if self.lies.load(SeqCst) {
            keys.iter_mut().for_each(|key| key.key[7] ^= 1);
        }
        Ok(Report::default())
    }
}

/// A signature as bytes.
#[derive(Clone)]
struct Raw {
    message: Vec<u8>,
    key: Vec<u8>,
    signature: Vec<u8>,
    verdict: Verdict,
}

/// Known signatures by these rules, and one that is malformed in its shape.
fn known(profile: Profile, hashing: Hashing) -> Vec<Raw> {
    let known = known_signatures(profile.scheme());
    let mut all: Vec<Raw> = known
        .iter()
        .filter(|known| (known.profile, known.hashing) == (profile, hashing))
        .map(|known| Raw {
            message: known.item.message.to_vec(),
            key: match known.item.key {
                Key::Point { x, y } => [x, y].concat(),
                Key::Compressed { x, odd } => [&[2 + u8::from(odd)][..], &x].concat(),
                Key::Edwards(a) => a.to_vec(),
                Key::Recover(_) => panic!("nothing to recover"),
            },
            signature: [known.item.r, known.item.s].concat(),
            verdict: known.verdict,
        })
        .collect();
    let verdict = Verdict::SignatureLength.under(profile);
    all.push(Raw { signature: vec![1; 63], verdict, ..all[0].clone() });
    assert!(all.len() > 2);
    all
}

/// Calls `check` with the batch of these signatures and the verdicts on them.
fn with<T>(
    plan: Plan<'_>,
    raw: &[Raw],
    check: impl FnOnce(&VerifyBatch<'_>, &[Verdict]) -> T,
) -> T {
    let messages: Vec<&[u8]> = raw.iter().map(|raw| &*raw.message).collect();
    let keys: Vec<&[u8]> = raw.iter().map(|raw| &*raw.key).collect();
    let signatures: Vec<&[u8]> = raw.iter().map(|raw| &*raw.signature).collect();
    let batch = VerifyBatch {
        plan,
        encoding: SignatureEncoding::Compact,
        messages: Messages::Slices(&messages),
        public_keys: Messages::Slices(&keys),
        signatures: Messages::Slices(&signatures),
    };
    let verdicts: Vec<Verdict> = raw.iter().map(|raw| raw.verdict).collect();
    check(&batch, &verdicts)
}

const BITCOIN: Plan<'static> = Plan::new(Profile::Bitcoin, Hashing::Sha256);
const SM2: Plan<'static> = Plan::new(Profile::Gm, Hashing::Sm3);

fn bitcoin() -> Vec<Raw> {
    known(BITCOIN.profile, BITCOIN.hashing)
}

#[test]
fn the_cpu_answers_on_the_spot() {
    let accelerator = Accelerator::open("cpu").unwrap();
    for plan in [
        BITCOIN,
        SM2,
        Plan::new(Profile::Rfc8032, Hashing::Message),
        Plan::new(Profile::Rip7212, Hashing::Sha256),
        Plan::new(Profile::Fips186, Hashing::Sha256),
    ] {
        with(plan, &known(plan.profile, plan.hashing), |batch, verdicts| {
            assert_eq!(accelerator.verify_many(batch).unwrap(), verdicts);
            let handle = accelerator.submit_verify(VerifyJob::of(batch).unwrap()).unwrap();
            let answer = handle.wait().unwrap();
            assert_eq!((&*answer.verdicts, &*answer.outcome.device), (verdicts, "cpu"));
            let operation = Operation::Verify(plan.profile.scheme());
            let metrics = accelerator.metrics();
            let (found, counters) = metrics.devices[0].operations[operation.index()];
            assert_eq!((found, counters.checks), (operation, 0));
            // What is malformed in its shape reaches no device.
            assert!(counters.items >= 2 * (verdicts.len() as u64 - 1));
            assert!(counters.items % 2 == 0 && counters.jobs >= 2);
        });
    }
}

#[test]
fn only_malformed_shapes_need_no_device_call() {
    let puppet = Puppet::new(&[Scheme::Secp256k1], false);
    let accelerator = build(&puppet, policy());
    let calls = puppet.calls.load(SeqCst);
    let raw: Vec<Raw> = bitcoin().into_iter().filter(|raw| raw.signature.len() == 63).collect();
    with(BITCOIN, &raw, |batch, verdicts| {
        assert_eq!(accelerator.verify_many(batch).unwrap(), verdicts);
        let job = VerifyJob::of(batch).unwrap();
        assert_eq!(accelerator.submit_verify(job).unwrap().wait().unwrap().verdicts, verdicts);
    });
    assert_eq!(puppet.calls.load(SeqCst), calls);
}

#[test]
fn jobs_of_one_plan_become_one_batch() {
    let puppet = Puppet::new(&Scheme::ALL, true);
    let accelerator = build(&puppet, policy());
    puppet.largest.store(0, SeqCst);
    puppet.set_gate(true);
    let raw = bitcoin();
    let other_id = Plan { user_id: b"another", ..SM2 };
    let submit = |plan, raw: &[Raw]| {
        with(plan, raw, |batch, _| {
            accelerator.submit_verify(VerifyJob::of(batch).unwrap()).unwrap()
        })
    };
    let first = submit(BITCOIN, &raw);
    let sm2 = known(SM2.profile, SM2.hashing);
    let handles: Vec<_> = (0..40).map(|_| (submit(BITCOIN, &raw), submit(SM2, &sm2))).collect();
    let other = submit(other_id, &sm2[..1]);
    puppet.set_gate(false);
    first.wait().unwrap();
    let right = |raw: &[Raw]| raw.iter().map(|raw| raw.verdict).collect::<Vec<_>>();
    let mut most = 0;
    for (secp256k1, with_sm2) in handles {
        let answer = secp256k1.wait().unwrap();
        assert_eq!(answer.verdicts, right(&raw));
        most = most.max(answer.outcome.batch_jobs);
        assert_eq!(with_sm2.wait().unwrap().verdicts, right(&sm2));
    }
    // What the first batch did not take becomes the second one.
    assert!(most >= 20, "{most}");
    assert!(puppet.largest.load(SeqCst) >= 20 * (raw.len() - 1));
    // Another user id makes another message of it.
    assert_eq!(other.wait().unwrap().verdicts, [Verdict::Invalid]);
}

#[test]
fn a_full_queue_gives_the_job_back() {
    let puppet = Puppet::new(&[Scheme::Secp256k1], true);
    let accelerator = build(&puppet, Policy { queue_jobs: 1, ..policy() });
    puppet.set_gate(true);
    let raw = bitcoin();
    with(BITCOIN, &raw[..1], |batch, _| {
        let job = VerifyJob::of(batch).unwrap();
        // The worker takes jobs for its batch until it stands at the gate.
        let mut handles = Vec::new();
        let back = loop {
            match accelerator.try_submit_verify(job.clone()) {
                Ok(handle) => handles.push(handle),
                Err(SubmitError::Busy(back)) => break back,
                Err(other) => panic!("{other}"),
            }
            assert!(handles.len() < 100_000, "the queue is never full");
        };
        assert_eq!((back.len(), back.plan().profile), (1, Profile::Bitcoin));
        puppet.set_gate(false);
        for handle in handles {
            assert_eq!(handle.wait().unwrap().verdicts, [Verdict::Valid]);
        }
    });
}

#[test]
fn what_a_device_lacks_goes_elsewhere() {
    let puppet = Puppet::new(&[Scheme::Secp256k1], false);
    let accelerator = build(&puppet, policy());
    with(SM2, &known(SM2.profile, SM2.hashing), |batch, verdicts| {
        let answer = accelerator.verify(batch).unwrap();
        assert_eq!((&*answer.verdicts, &*answer.outcome.device), (verdicts, "cpu:1"));
    });
    let alone = build(&puppet, Policy::without_fallback());
    with(SM2, &known(SM2.profile, SM2.hashing), |batch, _| {
        let operation = Operation::Verify(Scheme::Sm2);
        let error = alone.verify_many(batch).unwrap_err();
        assert!(matches!(error, Error::NoDevice { operation: found } if found == operation));
        let refused = alone.submit_verify(VerifyJob::of(batch).unwrap()).unwrap_err();
        assert!(matches!(refused, SubmitError::NoDevice { .. }), "{refused}");
    });
    // A batch that makes no sense is nobody's fault but the caller's.
    let wrong = Plan::new(Profile::Bitcoin, Hashing::Sm3);
    let error = with(wrong, &bitcoin(), |batch, _| alone.verify_many(batch).unwrap_err());
    let Error::Device(error) = error else { panic!("{error}") };
    assert!(matches!(*error, DeviceError::Batch(BatchError::Hashing { .. })), "{error}");
    assert!(alone.metrics().devices[0].in_service);
}

#[test]
fn a_device_that_fails_is_replaced() {
    for borrowed in [false, true] {
        let puppet = Puppet::new(&Scheme::ALL, true);
        let accelerator = build(&puppet, policy());
        let raw: Vec<Raw> = bitcoin().into_iter().cycle().take(3000).collect();
        puppet.fails.store(true, SeqCst);
        with(BITCOIN, &raw, |batch, verdicts| {
            let answer = if borrowed {
                accelerator.verify(batch).unwrap()
            } else {
                accelerator.submit_verify(VerifyJob::of(batch).unwrap()).unwrap().wait().unwrap()
            };
            assert_eq!((&*answer.verdicts, &*answer.outcome.device), (verdicts, "cpu:1"));
            assert!(answer.outcome.fallback);
        });
        let metrics = accelerator.metrics();
        assert!(!metrics.devices[0].in_service && metrics.failed_jobs == 0);
        assert_eq!(metrics.devices[0].disagreements, 0);
    }
}

#[test]
fn a_device_that_lies_is_contradicted() {
    // Valid ones are called invalid, which is confirmed; the others are called valid, which is
    // found when everything is checked.
    for (valid, sample_valid) in [(true, 0.0), (false, 1.0)] {
        let puppet = Puppet::new(&Scheme::ALL, true);
        let accelerator = build(&puppet, Policy { sample_valid, ..policy() });
        puppet.lies.store(true, SeqCst);
        let raw: Vec<Raw> =
            bitcoin().into_iter().filter(|raw| (raw.verdict == Verdict::Valid) == valid).collect();
        with(BITCOIN, &raw, |batch, verdicts| {
            let answer = accelerator.verify(batch).unwrap();
            assert_eq!((&*answer.verdicts, &*answer.outcome.device), (verdicts, "cpu:1"));
        });
        let metrics = accelerator.metrics();
        let device = &metrics.devices[0];
        assert_eq!((device.disagreements, device.outages, device.in_service), (1, 1, false));
        let counters = device.operations[Operation::Verify(Scheme::Secp256k1).index()].1;
        assert_eq!((counters.errors, counters.items, counters.jobs), (1, 0, 0));
        assert!(counters.checks > 0);
        let error = device.last_error.as_ref().unwrap();
        assert!(error.contains("puppet said") && error.contains("secp256k1"), "{error}");
    }
}

#[test]
fn what_nobody_checks_is_believed() {
    let puppet = Puppet::new(&Scheme::ALL, true);
    let policy = Policy { sample_valid: 0.0, confirm_invalid: false, ..policy() };
    let accelerator = build(&puppet, policy);
    puppet.lies.store(true, SeqCst);
    with(BITCOIN, &bitcoin()[..1], |batch, _| {
        assert_eq!(accelerator.verify_many(batch).unwrap(), [Verdict::Invalid]);
    });
    assert_eq!(accelerator.metrics().devices[0].disagreements, 0);
}

#[test]
fn recovered_keys_are_checked_too() {
    let known = chaincard::selftest::known_keys();
    let messages: Vec<&[u8]> = known.iter().map(|(item, _)| item.message).collect();
    let signatures: Vec<Vec<u8>> =
        known.iter().map(|(item, _)| [item.r, item.s].concat()).collect();
    let mut signatures: Vec<&[u8]> = signatures.iter().map(Vec::as_slice).collect();
    let mut ids: Vec<u8> = known
        .iter()
        .map(|(item, _)| match item.key {
            Key::Recover(id) => id,
            key => panic!("{key:?}"),
        })
        .collect();
    let mut right: Vec<Recovered> = known.iter().map(|(_, right)| *right).collect();
    // One that is malformed in its shape, in the middle.
    signatures.insert(1, signatures[0]);
    ids.insert(1, 4);
    right.insert(1, Recovered { verdict: Verdict::RecoveryId, key: [0; 64] });
    let messages: Vec<&[u8]> = [&messages[..1], &messages].concat();
    let batch = RecoverBatch {
        plan: Plan::new(Profile::Ethereum, Hashing::Sha256),
        messages: Messages::Slices(&messages),
        signatures: Messages::Slices(&signatures),
        ids: Some(&ids),
    };
    let puppet = Puppet::new(&[], true);
    let accelerator = build(&puppet, Policy { sample_valid: 1.0, ..policy() });
    let answer = accelerator.recover(&batch).unwrap();
    assert_eq!((&answer.keys, &*answer.outcome.device), (&right, "puppet"));
    puppet.lies.store(true, SeqCst);
    let handle = accelerator.submit_recover(RecoverJob::of(&batch).unwrap()).unwrap();
    let answer = handle.wait().unwrap();
    assert_eq!((&answer.keys, &*answer.outcome.device), (&right, "cpu:1"));
    let device = &accelerator.metrics().devices[0];
    assert_eq!((device.disagreements, device.in_service), (1, false));
    assert!(device.last_error.as_ref().unwrap().contains("another key"));
}
