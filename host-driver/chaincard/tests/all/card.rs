//! The card device against a card in memory: every way in which a link or a card can fail.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use crate::common::{Control, Fake, FakeCard, Faults, config, messages, oracle};
use chaincard::{
    Card, Device, DeviceError, DeviceKind, HashAlgorithm, Messages, ProtocolError, TransportError,
};
use chaincard_protocol::{Register, Reject};

fn open(fake: Fake) -> Result<(Card, Arc<Control>), DeviceError> {
    let (card, control) = FakeCard::new(fake);
    Ok((Card::open("fake", DeviceKind::Card, Box::new(card), config())?, control))
}

fn check(card: &Card, algorithm: HashAlgorithm, messages: &[Vec<u8>]) -> Result<u64, DeviceError> {
    let slices: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    let mut digests = vec![0; slices.len() * algorithm.digest_len()];
    let report = card.hash(algorithm, &Messages::Slices(&slices), &mut digests)?;
    for (message, digest) in messages.iter().zip(digests.chunks(algorithm.digest_len())) {
        assert_eq!(digest, oracle(algorithm, message));
    }
    Ok(report.retries)
}

#[test]
fn batches_of_every_algorithm() {
    let (card, _) = open(Fake::default()).unwrap();
    assert_eq!(card.capabilities().hashes, HashAlgorithm::ALL);
    assert_eq!(card.capabilities().max_message, Some(1996));
    assert!(card.description().contains("design 1.2.3"), "{}", card.description());
    for algorithm in HashAlgorithm::ALL {
        for count in [0, 1, 7, 8, 100] {
            assert_eq!(check(&card, algorithm, &messages(2, count, 600)).unwrap(), 0);
        }
    }
}

#[test]
fn credit_of_a_link_without_flow_control_is_kept() {
    for receive_buffer in [64, 300, 1000, 4096] {
        let (card, control) = open(Fake { receive_buffer, ..Fake::default() }).unwrap();
        check(&card, HashAlgorithm::Sha256, &messages(3, 300, 300)).unwrap();
        let most = control.most_beyond_first.load(SeqCst);
        assert!(most <= receive_buffer as usize, "{most} of {receive_buffer}");
        // It is used, too.
        assert!(receive_buffer < 1000 || most > 0);
    }
}

#[test]
fn frames_are_pipelined_where_the_link_has_flow_control() {
    let (card, control) = open(Fake::default()).unwrap();
    check(&card, HashAlgorithm::Sha256, &messages(4, 300, 300)).unwrap();
    assert!(control.most_beyond_first.load(SeqCst) > 2000);
}

#[test]
fn another_version_is_refused() {
    let error = open(Fake { version: 9, ..Fake::default() }).err().unwrap();
    let text = error.source().unwrap().to_string();
    assert!(text.contains("protocol version 9"), "{text}");
}

#[test]
fn something_else_is_refused() {
    let error = open(Fake { id: 0x1234, ..Fake::default() }).err().unwrap();
    assert!(matches!(
        error,
        DeviceError::Protocol { source: ProtocolError::NotACard { found: 0x1234 }, .. }
    ));
}

#[test]
fn impossible_registers_are_refused() {
    for fake in
        [Fake { max_items: 0, ..Fake::default() }, Fake { max_payload: 4, ..Fake::default() }]
    {
        let error = open(fake).err().unwrap();
        let DeviceError::Protocol { source, .. } = error else { panic!("{error:?}") };
        assert!(matches!(source, ProtocolError::RegisterValue { .. }), "{source:?}");
    }
}

#[test]
fn a_card_that_computes_nonsense_is_refused() {
    let error = open(Fake { wrong_digests: true, ..Fake::default() }).err().unwrap();
    assert!(matches!(error, DeviceError::SelfTest { algorithm: "sha256", .. }), "{error}");
}

#[test]
fn only_claimed_algorithms_are_tested_and_offered() {
    let (card, _) = open(Fake { capabilities: 0b10001, ..Fake::default() }).unwrap();
    assert_eq!(card.capabilities().hashes, [HashAlgorithm::Sha256, HashAlgorithm::Sm3]);
    let error = check(&card, HashAlgorithm::Sha512, &messages(1, 1, 1)).unwrap_err();
    assert!(matches!(error, DeviceError::Unsupported { operation: "sha512", .. }));
    assert!(error.is_callers_fault());
}

#[test]
fn a_message_that_is_too_long_is_named() {
    let (card, _) = open(Fake::default()).unwrap();
    let long = [vec![0; 1996], vec![0; 1997]];
    let error = check(&card, HashAlgorithm::Sm3, &long).unwrap_err();
    assert!(matches!(error, DeviceError::MessageTooLong { index: 1, len: 1997, max: 1996, .. }));
    check(&card, HashAlgorithm::Sm3, &long[..1]).unwrap();
}

#[test]
fn registers() {
    let (card, _) = open(Fake::default()).unwrap();
    card.write_register(Register::Scratch, 0x8000_1234).unwrap();
    assert_eq!(card.read_registers(&[Register::Scratch]).unwrap(), [0x8000_1234]);
    let error = card.write_register(Register::Id, 1).unwrap_err();
    let rejected = ProtocolError::Rejected { reason: Reject::Register };
    assert!(matches!(error, DeviceError::Protocol { source, .. } if source == rejected));
    // The refusal was the card's answer: it works on.
    check(&card, HashAlgorithm::Sha256, &messages(1, 9, 99)).unwrap();
}

#[test]
fn garbage_between_replies_is_skipped() {
    let (card, _) = open(Fake { garbage: 3, ..Fake::default() }).unwrap();
    assert_eq!(check(&card, HashAlgorithm::Sha256, &messages(5, 50, 99)).unwrap(), 0);
}

#[test]
fn a_dead_card_is_an_error_and_its_revival_is_noticed() {
    let (card, control) = open(Fake::default()).unwrap();
    control.dead.store(true, SeqCst);
    let error = check(&card, HashAlgorithm::Sha256, &messages(6, 20, 99)).unwrap_err();
    assert!(matches!(error, DeviceError::Transport { source: TransportError::Timeout, .. }));
    assert!(!error.is_callers_fault());
    control.dead.store(false, SeqCst);
    check(&card, HashAlgorithm::Sha256, &messages(6, 20, 99)).unwrap();
    control.closed.store(true, SeqCst);
    let error = check(&card, HashAlgorithm::Sha256, &messages(6, 20, 99)).unwrap_err();
    assert!(matches!(error, DeviceError::Transport { source: TransportError::Closed, .. }));
    control.closed.store(false, SeqCst);
    check(&card, HashAlgorithm::Sha256, &messages(6, 20, 99)).unwrap();
}

/// Every call ends with the right digests or with an error, and most of them well.
fn survive(name: &str, to_card: Faults, from_card: Faults) {
    let (mut answered, mut retries) = (0, 0);
    let (card, control) = FakeCard::new(Fake { to_card, from_card, seed: 11, ..Fake::default() });
    control.faulty.store(false, SeqCst);
    let card = Card::open("fake", DeviceKind::Card, Box::new(card), config()).unwrap();
    control.faulty.store(true, SeqCst);
    for round in 0..1000 {
        let algorithm = HashAlgorithm::ALL[round % 5];
        match check(&card, algorithm, &messages(round as u64, round % 40, 150)) {
            Ok(again) => {
                answered += 1;
                retries += again;
            }
            Err(error) => assert!(!error.is_callers_fault(), "{error:?}"),
        }
    }
    println!("{name}: {answered} of 1000 answered, {retries} frames sent again");
    assert!(answered > 500, "{name}: {answered}");
    assert!(retries > 0, "{name}: the faults did not occur");
}

#[test]
fn faults_towards_the_card() {
    let none = Faults::default;
    survive("flip", Faults { flip: 1e-4, ..none() }, none());
    survive("drop", Faults { drop: 1e-4, ..none() }, none());
    survive("duplicate", Faults { duplicate: 1e-4, ..none() }, none());
    survive("engine", Faults { engine_timeout: 1e-2, ..none() }, none());
}

#[test]
fn faults_from_the_card() {
    let none = Faults::default;
    survive("flip", none(), Faults { flip: 1e-4, ..none() });
    survive("drop", none(), Faults { drop: 1e-4, ..none() });
    survive("duplicate", none(), Faults { duplicate: 1e-4, ..none() });
    survive("lose", none(), Faults { lose_reply: 2e-2, ..none() });
    survive("repeat and lose", none(), Faults { repeat_reply: 0.3, lose_reply: 1e-2, ..none() });
}

#[test]
fn all_faults_at_once() {
    let faults = Faults {
        flip: 3e-5,
        drop: 3e-5,
        duplicate: 3e-5,
        lose_reply: 1e-3,
        repeat_reply: 1e-2,
        engine_timeout: 1e-3,
    };
    survive("all", faults.clone(), faults);
}
