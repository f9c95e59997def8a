//! Multiplications through the accelerator: parts, routing, fallback, and which sums are believed.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::{build, policy, puppet};
use chaincard::msm::{Bases, Checking, Curve, Msm, MsmError, ScalarRule, Terms};
use chaincard::{
    Accelerator, Capabilities, Cpu, Device, DeviceError, Error, MsmJob, OpenError, Operation,
    Policy, Report, SubmitError, TransportError,
};
use chaincard_reference::msm as model;
use model::cases::hostile;
use model::encoding::encode_point;
use model::{Bls12_381, Bn254, G1};

const SEED: u64 = 20_261_127;

/// What a [`Puppet`] does instead of answering rightly.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Right,
    /// Fails from this call on, counted from 0.
    FailsFrom(usize),
    /// A point off the curve.
    OffCurve,
    /// A point on the curve, outside the group.
    Outside,
    /// The first base once more.
    OneMore,
    /// Another list of bases, whatever bases are meant.
    OtherBases,
    /// Infinity.
    Infinity,
}

/// A device whose behaviour a test controls; it multiplies with the CPU.
struct Puppet {
    capabilities: Capabilities,
    cpu: Cpu,
    mood: Mutex<Mood>,
    /// Calls since the mood was set, and their terms.
    calls: AtomicUsize,
    terms: Mutex<Vec<usize>>,
}

impl Puppet {
    fn new(multiplies: &[Curve], max_terms: Option<usize>) -> Arc<Self> {
        let multiplies = multiplies.to_vec();
        Arc::new(Self {
            capabilities: Capabilities { multiplies, max_terms, ..Capabilities::default() },
            cpu: Cpu::with_threads(1),
            mood: Mutex::new(Mood::Right),
            calls: AtomicUsize::new(0),
            terms: Mutex::default(),
        })
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
        self.calls.store(0, SeqCst);
        self.terms.lock().unwrap().clear();
    }
}

impl Device for Puppet {
    puppet!();

    fn multiply(&self, terms: &Terms<'_>, point: &mut [u8]) -> Result<Report, DeviceError> {
        chaincard::device::check_multiply(self, terms, point)?;
        let call = self.calls.fetch_add(1, SeqCst);
        self.terms.lock().unwrap().push(terms.len());
        self.cpu.multiply(terms, point)?;
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Right => {}
            Mood::FailsFrom(first) if call < first => {}
            Mood::FailsFrom(_) => {
                let source = TransportError::Closed;
                return Err(DeviceError::Transport { device: "puppet".to_owned(), source });
            }
            Mood::OffCurve => point[9] ^= 1,
            // y² = 0 + 4.
            Mood::Outside => {
                point.fill(0);
                point[95] = 2;
            }
            Mood::OneMore => {
                let mut scalars = terms.scalars().to_vec();
                for byte in scalars[0].iter_mut().rev() {
                    *byte = byte.wrapping_add(1);
                    if *byte != 0 {
                        break;
                    }
                }
                let terms = Terms::new(terms.bases(), terms.range().start, &scalars).unwrap();
                self.cpu.multiply(&terms, point)?;
            }
            Mood::OtherBases => {
                let points = terms.points();
                let (first, others) = points.split_at(terms.curve().point_bytes());
                let points = [others, first].concat();
                let bases = Bases::new(terms.curve(), &points, Checking::Checked).unwrap();
                self.cpu.multiply(&Terms::new(&bases, 0, terms.scalars()).unwrap(), point)?;
            }
            Mood::Infinity => point.fill(0),
        }
        Ok(Report { retries: 1, cycles: Some(10) })
    }
}

const BOTH: [Curve; 2] = [Curve::Bn254, Curve::Bls12_381];
const REDUCE: Msm = Msm::new(ScalarRule::Reduce);

struct Multiplication {
    bases: Bases,
    scalars: Vec<u8>,
    sum: Vec<u8>,
}

/// Different bases with random scalars, and their sum by the model.
fn multiplication<C: G1>(curve: Curve, count: usize) -> Multiplication {
    let case = hostile::<C>(SEED, count).swap_remove(0);
    let (points, scalars) = case.bytes();
    let bases = Bases::new(curve, &points, Checking::Checked).unwrap();
    Multiplication { bases, scalars, sum: encode_point(&case.expected) }
}

fn on(curve: Curve, count: usize) -> Multiplication {
    match curve {
        Curve::Bn254 => multiplication::<Bn254>(curve, count),
        Curve::Bls12_381 => multiplication::<Bls12_381>(curve, count),
        Curve::Bls12_377 => multiplication::<model::Bls12_377>(curve, count),
    }
}

#[test]
fn the_cpu_answers_on_the_spot() {
    let accelerator = Accelerator::open("cpu:2").unwrap();
    for curve in Curve::ALL {
        for count in [1, 2, 3, 200] {
            let Multiplication { bases, scalars, sum } = on(curve, count);
            let options = Msm { scalars: ScalarRule::Refuse, chunk: 50 };
            let answer = accelerator.msm(&bases, &scalars, options).unwrap();
            assert_eq!((&answer.point, &*answer.outcome.device), (&sum, "cpu:2"));
            let job = MsmJob::new(&bases, scalars, options).unwrap();
            assert_eq!((job.len(), job.is_empty()), (count, false));
            assert_eq!(accelerator.submit_msm(job).unwrap().wait().unwrap().point, sum);
        }
        let none = Bases::new(curve, &[], Checking::Checked).unwrap();
        let answer = accelerator.msm(&none, &[], REDUCE).unwrap();
        assert_eq!(answer.point, vec![0; curve.point_bytes()]);
        let metrics = accelerator.metrics();
        let (found, counters) = metrics.devices[0].operations[Operation::Msm(curve).index()];
        assert_eq!((found, counters.checks, counters.jobs), (Operation::Msm(curve), 0, 9));
        assert_eq!((counters.items, counters.bytes), (412, 412 * 32));
    }
}

#[test]
fn a_device_gets_parts_that_it_can_take() {
    let puppet = Puppet::new(&BOTH, Some(7));
    let accelerator = build(&puppet, policy());
    for curve in BOTH {
        let Multiplication { bases, scalars, sum } = on(curve, 20);
        for (chunk, parts) in [(100, &[7, 7, 6][..]), (6, &[6, 6, 6, 2]), (0, &[1; 20])] {
            puppet.set(Mood::Right);
            let options = Msm { scalars: ScalarRule::Reduce, chunk };
            let answer = accelerator.msm(&bases, &scalars, options).unwrap();
            assert_eq!((&answer.point, &*answer.outcome.device), (&sum, "puppet"));
            assert!(!answer.outcome.fallback);
            let count = parts.len() as u64;
            let report = Report { retries: count, cycles: Some(10 * count) };
            assert_eq!(answer.outcome.report, report);
            assert_eq!(*puppet.terms.lock().unwrap(), parts);
            let job = MsmJob::new(&bases, scalars.clone(), options).unwrap();
            assert_eq!(accelerator.submit_msm(job).unwrap().wait().unwrap().point, sum);
        }
    }
    // More than it says it can take is the caller's mistake.
    let Multiplication { bases, scalars, .. } = on(Curve::Bn254, 8);
    let terms = Terms::new(&bases, 0, scalars.as_chunks().0).unwrap();
    let error = puppet.multiply(&terms, &mut [0; 64]).unwrap_err();
    assert!(matches!(error, DeviceError::TooManyTerms { found: 8, max: 7, .. }), "{error}");
    assert!(error.is_callers_fault());
    let terms = Terms::new(&bases, 0, &[[0; 32]; 1]).unwrap();
    let error = puppet.multiply(&terms, &mut [0; 63]).unwrap_err();
    assert!(matches!(error, DeviceError::OutputLength { found: 63, needed: 64 }), "{error}");
}

#[test]
fn what_a_device_lacks_goes_elsewhere() {
    let puppet = Puppet::new(&[Curve::Bn254], None);
    let Multiplication { bases, scalars, sum } = on(Curve::Bls12_381, 3);
    let answer = build(&puppet, policy()).msm(&bases, &scalars, REDUCE).unwrap();
    assert_eq!((answer.point, &*answer.outcome.device), (sum, "cpu:1"));
    assert!(answer.outcome.fallback);
    let alone = build(&puppet, Policy::without_fallback());
    let operation = Operation::Msm(Curve::Bls12_381);
    let error = alone.msm(&bases, &scalars, REDUCE).unwrap_err();
    assert!(matches!(error, Error::NoDevice { operation: found } if found == operation));
    let job = MsmJob::new(&bases, scalars, REDUCE).unwrap();
    assert!(matches!(alone.submit_msm(job), Err(SubmitError::NoDevice { .. })));
}

#[test]
fn scalars_that_break_a_rule_are_the_callers_fault() {
    let puppet = Puppet::new(&BOTH, None);
    let accelerator = build(&puppet, policy());
    let bases = Bases::new(Curve::Bn254, &[0; 128], Checking::Checked).unwrap();
    let large = [[0; 32], [0xFF; 32]].concat();
    let refuse = Msm::new(ScalarRule::Refuse);
    for (scalars, right) in [
        (&large[..63], MsmError::ScalarsLength),
        (&large[..32], MsmError::Count),
        (&large, MsmError::ScalarRange(1)),
    ] {
        let Error::Device(error) = accelerator.msm(&bases, scalars, refuse).unwrap_err() else {
            panic!("no error of a device");
        };
        assert!(matches!(*error, DeviceError::Msm(found) if found == right), "{error}");
        assert_eq!(MsmJob::new(&bases, scalars.to_vec(), refuse).err(), Some(right));
    }
    assert!(accelerator.metrics().devices[0].in_service);
}

#[test]
fn a_part_that_fails_is_done_elsewhere() {
    for borrowed in [false, true] {
        for fails_from in [0, 2] {
            let puppet = Puppet::new(&BOTH, Some(7));
            let accelerator = build(&puppet, Policy { sample_valid: 0.0, ..policy() });
            let Multiplication { bases, scalars, sum } = on(Curve::Bls12_381, 30);
            puppet.set(Mood::FailsFrom(fails_from));
            let answer = if borrowed {
                accelerator.msm(&bases, &scalars, REDUCE).unwrap()
            } else {
                let job = MsmJob::new(&bases, scalars, REDUCE).unwrap();
                accelerator.submit_msm(job).unwrap().wait().unwrap()
            };
            assert_eq!((answer.point, &*answer.outcome.device), (sum, "cpu:1"));
            assert!(answer.outcome.fallback);
            let metrics = accelerator.metrics();
            assert_eq!((metrics.devices[0].in_service, metrics.failed_jobs), (false, 0));
            let [device, cpu] = [0, 1].map(|index: usize| {
                metrics.devices[index].operations[Operation::Msm(Curve::Bls12_381).index()].1
            });
            // What was done is not done again.
            assert_eq!((device.items, device.errors), (7 * fails_from as u64, 1));
            assert_eq!(cpu.items, 30 - 7 * fails_from as u64);
        }
    }
}

#[test]
fn nobody_left_is_a_typed_error() {
    let puppet = Puppet::new(&BOTH, None);
    let policy = Policy { fallback_to_cpu: false, ..policy() };
    let accelerator = build(&puppet, policy);
    let Multiplication { bases, scalars, .. } = on(Curve::Bn254, 3);
    puppet.set(Mood::FailsFrom(0));
    for _ in 0..2 {
        let job = MsmJob::new(&bases, scalars.clone(), REDUCE).unwrap();
        let error = accelerator.submit_msm(job).unwrap().wait().unwrap_err();
        assert!(matches!(error, Error::Device(_)), "{error}");
        let error = accelerator.msm(&bases, &scalars, REDUCE).unwrap_err();
        assert!(matches!(error, Error::Device(_)), "{error}");
    }
}

/// The answer with a device in this mood: the fault that is found, if any.
fn fault(curve: Curve, mood: Mood, prepare: bool, sample_valid: f64) -> Option<String> {
    let puppet = Puppet::new(&BOTH, Some(4));
    let accelerator = build(&puppet, Policy { sample_valid, ..policy() });
    let Multiplication { bases, scalars, sum } = on(curve, 10);
    if prepare {
        bases.prepare_check().unwrap();
    }
    puppet.set(mood);
    let answer = accelerator.msm(&bases, &scalars, REDUCE).unwrap();
    let metrics = accelerator.metrics();
    let device = &metrics.devices[0];
    if *answer.outcome.device == *"puppet" {
        assert_eq!((device.disagreements, device.in_service), (0, true));
        assert_eq!(answer.point == sum, mood == Mood::Right);
        let checks = if prepare || sample_valid == 1.0 { 3 } else { 0 };
        assert_eq!(device.operations[Operation::Msm(curve).index()].1.checks, checks);
        return None;
    }
    assert_eq!((answer.point, &*answer.outcome.device), (sum, "cpu:1"), "{mood:?}");
    assert_eq!((device.disagreements, device.outages, device.in_service), (1, 1, false));
    // Nothing that such a device has said counts.
    let counters = metrics.devices[1].operations[Operation::Msm(curve).index()].1;
    assert_eq!(counters.items, 10);
    device.last_error.clone()
}

#[test]
fn sums_are_believed_as_far_as_the_policy_says() {
    for curve in BOTH {
        // Nothing is taken from a device that is no point, whatever the policy.
        for (prepare, sample) in [(false, 0.0), (false, 1.0), (true, 0.0)] {
            let found = |mood| fault(curve, mood, prepare, sample);
            assert_eq!(found(Mood::Right), None);
            let error = found(Mood::OffCurve).unwrap();
            assert!(error.contains("no point of the curve"), "{error}");
            if curve == Curve::Bls12_381 {
                let error = found(Mood::Outside).unwrap();
                assert!(error.contains("outside the group"), "{error}");
            }
        }
        for mood in [Mood::OneMore, Mood::OtherBases, Mood::Infinity] {
            assert_eq!(fault(curve, mood, false, 0.0), None, "believed unchecked");
            let error = fault(curve, mood, false, 1.0).unwrap();
            assert!(error.contains("is not that of the CPU"), "{error}");
            // The same mistake in both sums does not help.
            let error = fault(curve, mood, true, 0.0).unwrap();
            assert!(error.contains("fails the linear check"), "{error}");
        }
    }
}

#[test]
fn a_suspect_is_checked_by_the_cpu() {
    let puppet = Puppet::new(&BOTH, None);
    let policy = Policy { backoff: Duration::ZERO, sample_valid: 0.5, ..policy() };
    let accelerator = build(&puppet, policy);
    let Multiplication { bases, scalars, sum } = on(Curve::Bn254, 5);
    bases.prepare_check().unwrap();
    puppet.set(Mood::OneMore);
    assert_eq!(accelerator.msm(&bases, &scalars, REDUCE).unwrap().point, sum);
    puppet.set(Mood::Right);
    let until = std::time::Instant::now() + Duration::from_secs(20);
    while !accelerator.metrics().devices[0].in_service {
        assert!(std::time::Instant::now() < until, "it is never tested again");
        std::thread::sleep(Duration::from_millis(1));
    }
    puppet.set(Mood::Right);
    for calls in 1..20 {
        let answer = accelerator.msm(&bases, &scalars, REDUCE).unwrap();
        assert_eq!((&answer.point, &*answer.outcome.device), (&sum, "puppet"));
        // No second sum is asked for.
        assert_eq!(puppet.calls.load(SeqCst), calls);
    }
    let counters = accelerator.metrics().devices[0].operations.clone();
    assert_eq!(counters[Operation::Msm(Curve::Bn254).index()].1.checks, 20);
}

/// Two points: one of the curve, and (0, 2), of order 3.
fn bases_outside() -> Bases {
    let mut outside = [0; 96];
    outside[95] = 2;
    let one = on(Curve::Bls12_381, 1).bases;
    let good = Terms::new(&one, 0, &[[0; 32]]).unwrap().points();
    Bases::new(Curve::Bls12_381, &[good, outside.to_vec()].concat(), Checking::Unchecked).unwrap()
}

#[test]
fn bases_outside_the_group_are_not_the_devices_fault() {
    for prepare in [false, true] {
        let bases = bases_outside();
        if prepare {
            bases.prepare_check().unwrap();
        }
        let puppet = Puppet::new(&BOTH, None);
        let accelerator = build(&puppet, Policy { sample_valid: 1.0, ..policy() });
        let scalars = [7; 64];
        // A right one, one that is not, and what is no sum at all.
        for mood in [Mood::Right, Mood::Outside] {
            puppet.set(mood);
            let answer = accelerator.msm(&bases, &scalars, REDUCE).unwrap();
            assert_eq!((answer.point.len(), &*answer.outcome.device), (96, "puppet"), "{mood:?}");
        }
        assert_eq!(accelerator.metrics().devices[0].disagreements, 0);
        puppet.set(Mood::OffCurve);
        let answer = accelerator.msm(&bases, &scalars, REDUCE).unwrap();
        assert_eq!(&*answer.outcome.device, "cpu:1");
    }
}

#[test]
fn a_device_that_multiplies_wrongly_does_not_open() {
    for mood in [Mood::OneMore, Mood::Infinity, Mood::OtherBases] {
        let puppet = Puppet::new(&BOTH, None);
        puppet.set(mood);
        let device = Arc::clone(&puppet) as Arc<dyn Device>;
        let Err(OpenError::SelfTest(error)) = Accelerator::builder().device(device).build() else {
            panic!("{mood:?}");
        };
        assert!(matches!(*error, DeviceError::SelfTestSum { .. }), "{error}");
    }
}

#[test]
fn a_full_queue_gives_the_job_back() {
    let puppet = Puppet::new(&BOTH, None);
    let accelerator = build(&puppet, Policy { queue_jobs: 1, ..policy() });
    let Multiplication { bases, scalars, sum } = on(Curve::Bn254, 2000);
    let job = MsmJob::new(&bases, scalars, REDUCE).unwrap();
    let mut handles = Vec::new();
    let back = loop {
        match accelerator.try_submit_msm(job.clone()) {
            Ok(handle) => handles.push(handle),
            Err(SubmitError::Busy(back)) => break back,
            Err(other) => panic!("{other}"),
        }
        assert!(handles.len() < 1000, "the queue is never full");
    };
    assert_eq!(back.len(), 2000);
    for handle in handles {
        let answer = handle.wait().unwrap();
        assert_eq!((&answer.point, answer.outcome.batch_jobs), (&sum, 1));
    }
}

#[test]
fn commitments_of_blobs() {
    let puppet = Puppet::new(&BOTH, Some(1000));
    let accelerator = build(&puppet, policy());
    let mut blob = vec![0; 131_072];
    blob[31] = 3;
    blob[131_071] = 4;
    let right = chaincard::msm::blob_to_kzg_commitment(&blob).unwrap();
    puppet.set(Mood::Right);
    assert_eq!(accelerator.blob_to_kzg_commitment(&blob).unwrap(), right);
    assert_eq!(*puppet.terms.lock().unwrap(), [1000, 1000, 1000, 1000, 96]);
    blob[64] = 0xFF;
    for (blob, text) in [(&blob[..], "field element 2 is not below r"), (&blob[1..], "131071")] {
        let Error::Device(error) = accelerator.blob_to_kzg_commitment(blob).unwrap_err() else {
            panic!("no error of a device");
        };
        assert!(matches!(*error, DeviceError::Blob(_)) && error.to_string().contains(text));
    }
}
