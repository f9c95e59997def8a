//! Multi-scalar multiplication on a card modelled in software: whatever happens to the card, the
//! point is the right one, or there is an error.

use chaincard::msm::{Bases, Checking, Curve, Msm, ScalarRule};
use chaincard::{Accelerator, Card, CardConfig, Device, DeviceKind, MsmJob, Policy};
use chaincard_protocol::Register;
use chaincard_reference::msm::Bn254;
use chaincard_reference::msm::cases::{self, Case};
use chaincard_reference::msm::encoding::encode_point;
use chaincard_sim::card::{Lie, ModelCard, ModelFault};
use std::sync::Arc;
use std::time::Duration;

const SEED: u64 = 0x4D53_4D46;

/// Terms of a multiplication, and of the parts that a device does at once.
const COUNT: usize = 250;
const CHUNK: usize = 64;

fn card(fault: Option<ModelFault>) -> Arc<Card> {
    let mut config = CardConfig::for_kind(DeviceKind::Simulated);
    config.self_test = false;
    let link = Box::new(ModelCard::with_multiplications(fault));
    Arc::new(Card::open("card", DeviceKind::Simulated, link, config).unwrap())
}

fn accelerator(card: &Arc<Card>, policy: Policy) -> Accelerator {
    let card: Arc<Card> = Arc::clone(card);
    Accelerator::builder().device(card).policy(policy).build().unwrap()
}

/// A card that does not come back.
fn policy() -> Policy {
    Policy {
        cpu_threads: 1,
        sample_valid: 0.0,
        backoff: Duration::from_secs(3600),
        max_backoff: Duration::from_secs(3600),
        ..Policy::default()
    }
}

fn job(bases: &Bases, case: &Case<Bn254>) -> MsmJob {
    let options = Msm { chunk: CHUNK, ..Msm::new(ScalarRule::Reduce) };
    MsmJob::new(bases, case.scalars.concat(), options).unwrap()
}

fn bases(case: &Case<Bn254>) -> Bases {
    Bases::new(Curve::Bn254, &case.bytes().0, Checking::Checked).unwrap()
}

/// Items that the card has answered when an accelerator has opened it.
fn answered_when_open() -> u64 {
    let card = card(None);
    let _accelerator = accelerator(&card, policy());
    card.read_registers(&[Register::Items]).unwrap()[0].into()
}

#[test]
fn every_curve_on_frames() {
    let card = card(None);
    assert_eq!(card.capabilities().multiplies, Curve::ALL);
    chaincard::self_test(&*card).unwrap();
}

#[test]
fn a_card_that_fails_in_the_middle_is_replaced() {
    let case = cases::plain::<Bn254>(SEED, COUNT);
    let (bases, expected) = (bases(&case), encode_point(&case.expected));
    let open = answered_when_open();
    for parts in 0..=4 {
        let after = open + parts;
        for fault in [
            ModelFault::Killed { after },
            ModelFault::Silent { after },
            ModelFault::DeadEngine { after },
        ] {
            let card = card(Some(fault));
            let with_fallback = accelerator(&card, policy());
            let answer = with_fallback.submit_msm(job(&bases, &case)).unwrap().wait().unwrap();
            assert_eq!(answer.point, expected, "{fault:?}");
            // A multiplication has four parts.
            let failed = parts < 4;
            assert_eq!(&*answer.outcome.device == "card", !failed, "{fault:?}");
            assert_eq!(with_fallback.metrics().devices[0].in_service, !failed, "{fault:?}");
        }
    }
}

#[test]
fn without_fallback_there_is_an_error() {
    let case = cases::plain::<Bn254>(SEED, COUNT);
    let (bases, open) = (bases(&case), answered_when_open());
    let card = card(Some(ModelFault::Killed { after: open + 2 }));
    let alone = accelerator(&card, Policy { fallback_to_cpu: false, ..policy() });
    let error = alone.submit_msm(job(&bases, &case)).unwrap().wait().unwrap_err();
    assert!(matches!(error, chaincard::Error::Device(_)), "{error:?}");
}

#[test]
fn wrong_sums_do_not_leave_the_card() {
    let case = cases::plain::<Bn254>(SEED, COUNT);
    let expected = encode_point(&case.expected);
    let after = answered_when_open() + 2;
    // By the CPU, which looks at every sum; by the linear check, where bases are prepared for it.
    for (sample_valid, prepared) in [(1.0, false), (0.0, true)] {
        let bases = bases(&case);
        if prepared {
            bases.prepare_check().unwrap();
        }
        let card = card(Some(ModelFault::Lies { after, lie: Lie::WrongSums }));
        let accelerator = accelerator(&card, Policy { sample_valid, ..policy() });
        let answer = accelerator.submit_msm(job(&bases, &case)).unwrap().wait().unwrap();
        assert_eq!(answer.point, expected);
        let metrics = accelerator.metrics();
        assert!(!metrics.devices[0].in_service, "prepared: {prepared}");
        assert_eq!(metrics.devices[0].disagreements, 1);
    }
}
