//! SM3.

use chaincard_hdl::hash::sm3::{Config, Sm3};
use sm3::Digest;

use super::bench::{Bench, Traffic, random_bytes};
use super::cases::{self, hex};

fn oracle(message: &[u8], _suffix: u8) -> Vec<u8> {
    sm3::Sm3::digest(message).to_vec()
}

fn tiny() -> Sm3 {
    Sm3::new(Config { lanes: 2, lane_blocks: 4 })
}

fn one_lane() -> Sm3 {
    Sm3::new(Config { lanes: 1, lane_blocks: 2 })
}

/// GB/T 32905-2016, A.1 and A.2.
#[test]
fn examples_of_the_standard() {
    let mut bench = Bench::new(Sm3::default(), 0);
    bench.send(b"abc", 0);
    bench.send(&b"abcd".repeat(16), 0);
    bench.run(2, Traffic::FULL, 2_000);
    let expected = [
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
    ];
    assert_eq!(bench.digests.iter().map(|digest| hex(digest)).collect::<Vec<_>>(), expected);
}

#[test]
fn every_length_back_to_back() {
    let messages: Vec<_> = (0..=140).map(|length| (random_bytes(length, 1), 0)).collect();
    cases::check(Sm3::new(Config::small()), oracle, &messages, Traffic::FULL, 1);
    cases::check(one_lane(), oracle, &messages, Traffic::FULL, 2);
}

#[test]
fn gaps() {
    cases::gaps(Sm3::default, oracle);
    cases::gaps(tiny, oracle);
}

#[test]
fn long_messages() {
    cases::long_messages(tiny, oracle, 4 * 64);
    cases::long_messages(Sm3::default, oracle, 32 * 64);
}

#[test]
fn unfinished_message() {
    cases::unfinished_message(tiny, oracle);
    cases::unfinished_message(one_lane, oracle);
}

#[test]
fn clear() {
    cases::clear(Sm3::default, oracle);
}

#[test]
fn latency() {
    cases::latency(Sm3::default);
    cases::latency(one_lane);
}

#[test]
fn cycles_per_block() {
    cases::cycles_per_block(Sm3::default, 64);
    cases::cycles_per_block(|| Sm3::new(Config { lanes: 1, lane_blocks: 16 }), 64);
}
