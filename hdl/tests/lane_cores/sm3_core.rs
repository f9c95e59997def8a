//! SM3.

use super::bench::{Bench, Traffic, random_bytes};
use chaincard_hdl::hash::HashCore;
use chaincard_hdl::hash::sm3::{Config, Sm3};
use sm3::Digest;

fn oracle(message: &[u8]) -> Vec<u8> {
    sm3::Sm3::digest(message).to_vec()
}

fn check(config: Config, messages: &[Vec<u8>], traffic: Traffic, seed: u64) {
    let mut bench = Bench::new(Sm3::new(config), seed);
    for message in messages {
        bench.send(message, 0);
    }
    bench.run(messages.len(), traffic, 1_000_000);
    for (message, digest) in messages.iter().zip(&bench.digests) {
        assert_eq!(*digest, oracle(message), "length {}", message.len());
    }
}

#[test]
fn examples_of_the_standard() {
    let mut bench = Bench::new(Sm3::default(), 0);
    bench.send(b"abc", 0);
    bench.send(&b"abcd".repeat(16), 0);
    bench.run(2, Traffic::FULL, 2_000);
    let hex = |digest: &[u8]| digest.iter().map(|b| format!("{b:02x}")).collect::<String>();
    assert_eq!(
        hex(&bench.digests[0]),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
    assert_eq!(
        hex(&bench.digests[1]),
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    );
}

#[test]
fn every_length_back_to_back() {
    let messages: Vec<_> = (0..=140).map(|length| random_bytes(length, length as u64)).collect();
    check(Config::ecp5(), &messages, Traffic::FULL, 1);
}

#[test]
fn figures() {
    let mut bench = Bench::new(Sm3::default(), 0);
    for i in 0..5 {
        for _ in 0..i {
            bench.step(Traffic::FULL, false);
        }
        bench.send(b"abc", 0);
        bench.run(i + 1, Traffic::FULL, 2000);
        println!("latency {}", bench.first_words[i] - bench.last_words[i]);
    }
    let mut bench = Bench::new(Sm3::default(), 0);
    for length in [1000, 40] {
        for i in 0..24 {
            bench.send(&random_bytes(length, i), 0);
        }
        let at = bench.digests.len();
        let start = std::time::Instant::now();
        let c = bench.cycle;
        bench.run(at + 24, Traffic::FULL, 100_000);
        println!("{} cycles/s", (bench.cycle - c) as f64 / start.elapsed().as_secs_f64());
        println!("{:?}", bench.first_words);
        println!(
            "per block {}",
            (bench.first_words[at + 23] - bench.first_words[at + 7]) as f64
                / 16.0
                / ((length + 9).div_ceil(64)) as f64
        );
    }
}
