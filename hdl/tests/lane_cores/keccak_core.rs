//! Keccak-256 and SHA3-256.

use super::bench::{Bench, Traffic, random_bytes};
use chaincard_hdl::hash::HashCore;
use chaincard_hdl::hash::keccak::{Config, Keccak};
use chaincard_reference::params::keccak::{DOMAIN_KECCAK, DOMAIN_SHA3};
use sha3::Digest;

fn oracle(message: &[u8], suffix: u8) -> Vec<u8> {
    match suffix {
        DOMAIN_KECCAK => sha3::Keccak256::digest(message).to_vec(),
        _ => sha3::Sha3_256::digest(message).to_vec(),
    }
}

fn check(config: Config, messages: &[(Vec<u8>, u8)], traffic: Traffic, seed: u64) {
    let mut bench = Bench::new(Keccak::new(config), seed);
    for (message, suffix) in messages {
        bench.send(message, *suffix);
    }
    bench.run(messages.len(), traffic, 1_000_000);
    for ((message, suffix), digest) in messages.iter().zip(&bench.digests) {
        assert_eq!(*digest, oracle(message, *suffix), "length {}, {suffix}", message.len());
    }
}

#[test]
fn every_length_back_to_back() {
    let messages: Vec<_> = (0..=300)
        .flat_map(|length| {
            [DOMAIN_KECCAK, DOMAIN_SHA3].map(|suffix| (random_bytes(length, length as u64), suffix))
        })
        .collect();
    check(Config::ecp5(), &messages, Traffic::FULL, 1);
}

#[test]
fn figures() {
    let mut bench = Bench::new(Keccak::default(), 0);
    for i in 0..5 {
        for _ in 0..i {
            bench.step(Traffic::FULL, false);
        }
        bench.send(b"abc", 1);
        bench.run(i + 1, Traffic::FULL, 2000);
        println!("latency {}", bench.first_words[i] - bench.last_words[i]);
    }
    let mut bench = Bench::new(Keccak::default(), 0);
    for length in [1000, 40] {
        for i in 0..24 {
            bench.send(&random_bytes(length, i), 1);
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
                / ((length + 1u64.div_ceil(136) as usize) as f64 / 136.0).ceil()
        );
    }
}
