//! Every core: software model = native simulation = Verilator, in digests, and the two
//! simulations also in the cycle of every word.

use chaincard_hdl::hash::keccak::Keccak;
use chaincard_hdl::hash::sm3::Sm3;
use chaincard_hdl::hash::{HashCore, Sha256, Sha512};
use chaincard_protocol::HashAlgorithm;
use chaincard_reference::Algorithm;
use chaincard_sim::bench::{Message, NativeCore, VerilatedCore};
use chaincard_sim::stream::{SplitMix64, Stalls};
use std::time::Instant;

const SEED: u64 = 0xC04E_5EED;

/// Random messages for each algorithm of a core, besides the corners.
const RANDOM: usize = 1000;

/// Random messages that Verilator alone hashes.
const VERILATOR_ONLY: usize = 4000;

/// How the messages of one run are presented and the digests taken.
const STALLS: [Stalls; 5] = [
    Stalls { seed: SEED, input: 0, output: 0 },
    Stalls { seed: SEED, input: 128, output: 0 },
    Stalls { seed: SEED, input: 0, output: 200 },
    Stalls { seed: SEED, input: 60, output: 60 },
    Stalls { seed: SEED, input: 250, output: 250 },
];

/// Lengths from 0 to two blocks and around the ends of the next ones, in random order.
fn corners(block: usize, rng: &mut SplitMix64) -> Vec<usize> {
    let around = (3..=6).flat_map(|blocks| blocks * block - 20..=blocks * block + 2);
    let mut lengths: Vec<usize> = (0..=2 * block + 1).chain(around).collect();
    for last in (1..lengths.len()).rev() {
        lengths.swap(last, rng.next_u64() as usize % (last + 1));
    }
    lengths
}

/// Mostly short, some of several blocks.
fn random_length(block: usize, rng: &mut SplitMix64) -> usize {
    let most = match rng.next_u64() % 100 {
        0..80 => 5 * block / 2,
        80..98 => 6 * block,
        _ => 20 * block,
    };
    rng.next_u64() as usize % (most + 1)
}

/// A message with its algorithm and the digest by the software model.
struct Case {
    bytes: Vec<u8>,
    suffix: u8,
    digest: Vec<u8>,
}

fn case(algorithm: HashAlgorithm, len: usize, rng: &mut SplitMix64) -> Case {
    let bytes: Vec<u8> = (0..len).map(|_| rng.next_u64() as u8).collect();
    let model = Algorithm::from_name(algorithm.name()).unwrap();
    let digest = chaincard_reference::hash(model, &bytes);
    let suffix = if algorithm == HashAlgorithm::Sha3_256 { 6 } else { 1 };
    Case { bytes, suffix, digest }
}

fn messages(cases: &[Case]) -> Vec<Message<'_>> {
    cases.iter().map(|case| Message { bytes: &case.bytes, suffix: case.suffix }).collect()
}

fn check<C: HashCore>(name: &str, algorithms: &[HashAlgorithm]) {
    println!("{name}: seed {SEED:#x}");
    let mut rng = SplitMix64(SEED);
    let (block, digest_len) = (algorithms[0].block_len(), algorithms[0].digest_len());
    let mut cases = Vec::new();
    for &algorithm in algorithms {
        for len in corners(block, &mut rng) {
            cases.push(case(algorithm, len, &mut rng));
        }
    }
    for index in 0..RANDOM * algorithms.len() {
        let len = random_length(block, &mut rng);
        cases.push(case(algorithms[index % algorithms.len()], len, &mut rng));
    }

    let mut native = NativeCore::<C>::new().unwrap();
    let mut verilated = VerilatedCore::<C>::new(name).unwrap();
    let start = Instant::now();
    let mut cycles = 0;
    for (cases, stalls) in cases.chunks(cases.len().div_ceil(STALLS.len())).zip(STALLS) {
        let run = native.hash(&messages(cases), digest_len, stalls).unwrap();
        compare(cases, &run.digests);
        cycles += run.cycles;
        let same = verilated.hash(&messages(cases), digest_len, stalls).unwrap();
        compare(cases, &same.digests);
        let differs = run.spans.iter().zip(&same.spans).position(|(a, b)| a != b);
        assert_eq!(differs, None, "{name}: cycles differ, {stalls:?}");
        assert_eq!(same.cycles, run.cycles, "{name}: {stalls:?}");
    }
    let speed = cycles as f64 / start.elapsed().as_secs_f64();
    println!("{name}: {} messages, {cycles} cycles, {speed:.0} cycles/s", cases.len());

    let more: Vec<Case> = (0..VERILATOR_ONLY)
        .map(|index| {
            let len = random_length(block, &mut rng);
            case(algorithms[index % algorithms.len()], len, &mut rng)
        })
        .collect();
    let start = Instant::now();
    let mut cycles = 0;
    for (cases, stalls) in more.chunks(more.len().div_ceil(STALLS.len())).zip(STALLS) {
        let run = verilated.hash(&messages(cases), digest_len, stalls).unwrap();
        compare(cases, &run.digests);
        cycles += run.cycles;
    }
    let speed = cycles as f64 / start.elapsed().as_secs_f64();
    println!("{name}: {} more, {cycles} cycles, {speed:.0} cycles/s", more.len());
}

fn compare(cases: &[Case], digests: &[Vec<u8>]) {
    assert_eq!(cases.len(), digests.len());
    for (case, digest) in cases.iter().zip(digests) {
        assert_eq!(digest, &case.digest, "{} bytes, suffix {}", case.bytes.len(), case.suffix);
    }
}

#[test]
fn sha256() {
    check::<Sha256>("sha256", &[HashAlgorithm::Sha256]);
}

#[test]
fn sha512() {
    check::<Sha512>("sha512", &[HashAlgorithm::Sha512]);
}

#[test]
fn keccak() {
    check::<Keccak>("keccak", &[HashAlgorithm::Keccak256, HashAlgorithm::Sha3_256]);
}

#[test]
fn sm3() {
    check::<Sm3>("sm3", &[HashAlgorithm::Sm3]);
}
