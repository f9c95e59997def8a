//! A bit of the engine's register file goes bad in the gates: the card's known answers find it,
//! or the confirmation of what it says; no verdict changes.

use chaincard::verify::{Hashing, Profile};
use chaincard::{
    Accelerator, Card, CardConfig, DeviceKind, Messages, Plan, Policy, SignatureEncoding, Verdict,
    VerifyBatch,
};
use chaincard_reference::cases;
use chaincard_reference::verify as model;
use chaincard_sim::SimulatedCard;
use chaincard_sim::card::RegisterFault;
use std::sync::Arc;
use std::time::Duration;

/// Register X of the sum in the program of secp256k1, which every doubling multiplies.
const X: u16 = 24;

fn open(after: u32, self_test: bool) -> Result<Card, chaincard::DeviceError> {
    let fault = RegisterFault { thread: 0, register: X, bit: 5, after };
    let card = SimulatedCard::with_fault(fault).expect("Verilator");
    let config = CardConfig { self_test, ..CardConfig::for_kind(DeviceKind::Simulated) };
    Card::open("sim", DeviceKind::Simulated, Box::new(card), config)
}

#[test]
fn a_card_that_is_broken_from_the_start_does_not_open() {
    let error = open(0, true).err().expect("its answers are wrong");
    println!("{error}");
    assert!(error.to_string().contains("known signature"), "{error}");
}

#[test]
fn a_card_that_breaks_at_work_is_taken_out_of_service() {
    // The accelerator's known answers take some three million cycles.
    const AFTER: u32 = 4_500_000;
    let policy = Policy { cpu_threads: 1, backoff: Duration::from_secs(600), ..Policy::default() };
    let card = open(AFTER, false).expect("it works");
    let accelerator = Accelerator::builder().device(Arc::new(card)).policy(policy).build().unwrap();
    let mut all = cases::random(model::Profile::Bitcoin, 0xF11B, 400);
    all.retain(|one| {
        one.case.hashing == model::Hashing::Digest
            && matches!(one.case.key, model::Key::Point { .. })
    });
    let key = |case: &model::Case| match case.key {
        model::Key::Point { x, y } => [&[4][..], &x, &y].concat(),
        _ => unreachable!("filtered"),
    };
    let (mut by_card, mut out_of_service) = (0, false);
    for batch in all.chunks(8).cycle().take(60) {
        let keys: Vec<Vec<u8>> = batch.iter().map(|one| key(&one.case)).collect();
        let signatures: Vec<Vec<u8>> =
            batch.iter().map(|one| [one.case.r, one.case.s].concat()).collect();
        let messages: Vec<&[u8]> = batch.iter().map(|one| &*one.case.message).collect();
        let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
        let signatures: Vec<&[u8]> = signatures.iter().map(Vec::as_slice).collect();
        let answer = accelerator
            .verify(&VerifyBatch {
                plan: Plan::new(Profile::Bitcoin, Hashing::Digest),
                encoding: SignatureEncoding::Compact,
                messages: Messages::Slices(&messages),
                public_keys: Messages::Slices(&keys),
                signatures: Messages::Slices(&signatures),
            })
            .unwrap();
        for (found, one) in answer.verdicts.iter().zip(batch) {
            assert_eq!(*found, Verdict::from_code(one.verdict as u8).unwrap(), "{}", one.name);
        }
        let device = &accelerator.metrics().devices[0];
        if device.in_service {
            by_card += usize::from(&*answer.outcome.device == "sim");
        } else {
            println!("after {by_card} batches: {:?}", device.last_error);
            assert!(device.disagreements >= 1 && device.outages >= 1, "{device:?}");
            out_of_service = true;
            break;
        }
    }
    assert!(by_card > 0 && out_of_service, "{by_card} batches, {out_of_service}");
}
