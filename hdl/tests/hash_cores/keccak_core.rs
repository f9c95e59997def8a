//! Keccak-256 and SHA3-256.

use chaincard_hdl::hash::keccak::{Config, Keccak};
use chaincard_reference::params::keccak::{DOMAIN_KECCAK, DOMAIN_SHA3};
use sha3::Digest;

use super::bench::{Bench, Traffic, random_bytes};
use super::cases::{self, hex};

fn oracle(message: &[u8], suffix: u8) -> Vec<u8> {
    if suffix == DOMAIN_KECCAK {
        sha3::Keccak256::digest(message).to_vec()
    } else {
        sha3::Sha3_256::digest(message).to_vec()
    }
}

fn tiny() -> Keccak {
    Keccak::new(Config { lanes: 2, lane_blocks: 2 })
}

fn one_lane() -> Keccak {
    Keccak::new(Config { lanes: 1, lane_blocks: 2 })
}

/// The empty string and "abc": FIPS 202 example values, and Keccak-256 as Ethereum has it.
#[test]
fn known_digests() {
    let mut bench = Bench::new(Keccak::default(), 0);
    for message in [&b""[..], b"abc"] {
        bench.send(message, DOMAIN_SHA3);
        bench.send(message, DOMAIN_KECCAK);
    }
    bench.run(4, Traffic::FULL, 2_000);
    let expected = [
        "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    ];
    assert_eq!(bench.digests.iter().map(|digest| hex(digest)).collect::<Vec<_>>(), expected);
}

#[test]
fn every_length_back_to_back() {
    let messages: Vec<_> = (0..=300)
        .flat_map(|length| [DOMAIN_KECCAK, DOMAIN_SHA3].map(|suffix| (length, suffix)))
        .map(|(length, suffix)| (random_bytes(length, 1), suffix))
        .collect();
    cases::check(Keccak::new(Config::small()), oracle, &messages, Traffic::FULL, 1);
}

#[test]
fn every_length_in_one_lane() {
    let messages: Vec<_> =
        (130..=140).map(|length| (random_bytes(length, 1), DOMAIN_KECCAK)).collect();
    cases::check(one_lane(), oracle, &messages, Traffic::FULL, 1);
}

#[test]
fn gaps() {
    cases::gaps(Keccak::default, oracle);
    cases::gaps(tiny, oracle);
}

#[test]
fn long_messages() {
    cases::long_messages(tiny, oracle, 2 * 136);
    cases::long_messages(Keccak::default, oracle, 16 * 136);
}

#[test]
fn unfinished_message() {
    cases::unfinished_message(tiny, oracle);
    cases::unfinished_message(one_lane, oracle);
}

#[test]
fn clear() {
    cases::clear(Keccak::default, oracle);
}

#[test]
fn latency() {
    cases::latency(Keccak::default);
    cases::latency(one_lane);
}

#[test]
fn cycles_per_block() {
    cases::cycles_per_block(Keccak::default, 136);
    cases::cycles_per_block(|| Keccak::new(Config { lanes: 1, lane_blocks: 16 }), 136);
}
