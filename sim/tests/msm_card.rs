//! Multi-scalar multiplication through the gates of a card: the emitted Verilog of engine and
//! command processor under Verilator, and the host library in front of it, against the reference.

use chaincard::msm::{Bases, Checking, Curve, Terms};
use chaincard::{Card, CardConfig, Device, DeviceKind, Transport};
use chaincard_hdl::msm::{Config, Curve as Gates};
use chaincard_protocol::encode::Limits;
use chaincard_protocol::multiply::Curve as Wire;
use chaincard_protocol::request::MultiplyRequest;
use chaincard_protocol::{Event, FrameReader, reply};
use chaincard_reference::msm::cases::{self, Case};
use chaincard_reference::msm::encoding::encode_point;
use chaincard_reference::msm::{Bls12_381, Bn254, G1};
use chaincard_sim::card::SimulatedCard;
use std::time::{Duration, Instant};

const SEED: u64 = 0x4D53_4D43;

/// Numbers of terms.
const COUNTS: [usize; 7] = [0, 1, 2, 3, 31, 32, 33];

/// Numbers of terms that take minutes.
const LARGE_COUNTS: [usize; 2] = [1_000, 4_096];

/// Whether every case runs, not only what every run of the tests has time for.
fn all() -> bool {
    std::env::var_os("CHAINCARD_CASES").is_some()
}

fn open(image: &str) -> Card {
    let card = SimulatedCard::open(image).unwrap();
    let config = CardConfig { self_test: false, ..CardConfig::for_kind(DeviceKind::Simulated) };
    Card::open("sim", DeviceKind::Simulated, Box::new(card), config).unwrap()
}

fn check<C: G1>(card: &Card, curve: Curve, case: &Case<C>) {
    let bases = Bases::new(curve, &case.bytes().0, Checking::Checked).unwrap();
    let terms = Terms::new(&bases, 0, &case.scalars).unwrap();
    let mut point = vec![1; curve.point_bytes()];
    let start = Instant::now();
    let report = card.multiply(&terms, &mut point).unwrap();
    let what = format!("{curve}, {} terms: {}", case.scalars.len(), case.name);
    assert_eq!(point, encode_point(&case.expected), "{what}");
    println!("{what}: {} cycles, {:.0?}", report.cycles.unwrap_or(0), start.elapsed());
}

fn multiplies<C: G1>(image: &str, curve: Curve) {
    let card = open(image);
    assert_eq!(card.capabilities().multiplies, [curve]);
    assert!(card.capabilities().hashes.is_empty());
    let large = if all() { &LARGE_COUNTS[..] } else { &[] };
    for count in COUNTS.iter().chain(large) {
        check(&card, curve, &cases::plain::<C>(SEED, *count));
    }
    // Every kind of bases and scalars at least once.
    let step = if all() { 1 } else { 31 };
    for case in cases::hostile::<C>(SEED, 33).iter().step_by(step) {
        check(&card, curve, case);
    }
}

#[test]
fn a_card_multiplies_on_bn254() {
    multiplies::<Bn254>("msm-bn254-axi@verilator", Curve::Bn254);
}

#[test]
fn a_card_multiplies_on_bls12_381() {
    multiplies::<Bls12_381>("msm-bls12-381-axi@verilator", Curve::Bls12_381);
}

/// The reply to `request`.
fn exchange(card: &mut SimulatedCard, request: &[u8]) -> (chaincard_protocol::Header, Vec<u8>) {
    let deadline = Instant::now() + Duration::from_secs(600);
    card.send(request, deadline).unwrap();
    let mut reader = FrameReader::new(vec![0; 1 << 16]);
    let mut buffer = [0; 4096];
    loop {
        let count = card.receive(&mut buffer, deadline).unwrap();
        let mut rest = &buffer[..count];
        while !rest.is_empty() {
            let (used, event) = reader.feed(rest);
            rest = &rest[used..];
            if let Some(Event::Frame(frame)) = event {
                return (frame.header, frame.payload.to_vec());
            }
        }
    }
}

#[test]
fn items_that_are_not_whole_terms_are_answered_with_zeros() {
    let mut card = SimulatedCard::open("msm-bn254-axi@verilator").unwrap();
    let curve = Wire::Bn254;
    // The generator, with scalar 1.
    let mut good = vec![0; curve.term_len()];
    (good[0], good[32], good[64]) = (1, 2, 1);
    let broken = [&good[..95], &good[..92], &[], &[good.as_slice(), &good[..4]].concat()];
    let mut request = Vec::new();
    let windows = Config::ecp5(Gates::bn254()).windows();
    for item in broken {
        let limits = Limits::FORMAT;
        request.clear();
        let mut frame = MultiplyRequest::begin(&mut request, 9, curve, limits).unwrap();
        frame.push(item).unwrap();
        frame.push(&good).unwrap();
        frame.finish();
        let (header, payload) = exchange(&mut card, &request);
        let frame = chaincard_protocol::Frame { header, payload: &payload };
        let answers: Vec<_> = reply::multiply(frame, curve, 2, windows).unwrap().collect();
        assert!(answers[0].unwrap().iter().all(|byte| *byte == 0), "{} bytes", item.len());
        let window_0 = &answers[1].unwrap()[..96];
        assert!(window_0.iter().any(|byte| *byte != 0), "after {} bytes", item.len());
    }
}
