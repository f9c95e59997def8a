//! Speed of the `cpu` device on one thread beside the crates that nodes use, as ratios:
//! above 1, `cpu` is faster. `cargo run --release -p chaincard --example ratios`
//!
//! Each pair is timed in turns, and the ratio is the median of many turns, so that a machine
//! whose clock wanders does not favour either side.

use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::digest;
use chaincard::{Cpu, Device, HashAlgorithm, Messages};
use sha2::Digest as _;

type Peer = fn(&[u8], &mut [u8]);

fn main() {
    let cpu = Cpu::with_threads(1);
    println!(
        "{:<10} {:>9} {:<12} {:>11} {:>7}",
        "algorithm", "bytes", "peer", "cpu ns/item", "ratio"
    );
    for algorithm in HashAlgorithm::ALL {
        for (len, count) in [(64, 512), (200, 256), (1024, 64), (8 << 20, 1)] {
            let data: Vec<u8> = (0..len * count).map(|index| (index % 251) as u8).collect();
            for (name, peer) in peers(algorithm) {
                let (ns, ratio) = compare(&cpu, algorithm, &data, len, count, peer);
                println!("{:<10} {len:>9} {name:<12} {ns:>11.1} {ratio:>7.3}", algorithm.name());
            }
        }
    }
}

fn peers(algorithm: HashAlgorithm) -> Vec<(&'static str, Peer)> {
    match algorithm {
        HashAlgorithm::Sha256 => vec![
            ("sha2", |message, out| out.copy_from_slice(&sha2::Sha256::digest(message))),
            ("aws-lc-rs", |message, out| {
                out.copy_from_slice(digest::digest(&digest::SHA256, message).as_ref());
            }),
        ],
        HashAlgorithm::Sha512 => vec![
            ("sha2", |message, out| out.copy_from_slice(&sha2::Sha512::digest(message))),
            ("aws-lc-rs", |message, out| {
                out.copy_from_slice(digest::digest(&digest::SHA512, message).as_ref());
            }),
        ],
        HashAlgorithm::Keccak256 => vec![("keccak-asm", |message, out| {
            out.copy_from_slice(&keccak_asm::Keccak256::digest(message));
        })],
        HashAlgorithm::Sha3_256 => vec![
            ("keccak-asm", |message, out| {
                out.copy_from_slice(&keccak_asm::Sha3_256::digest(message));
            }),
            ("aws-lc-rs", |message, out| {
                out.copy_from_slice(digest::digest(&digest::SHA3_256, message).as_ref());
            }),
        ],
        HashAlgorithm::Sm3 => vec![
            ("sm3", |message, out| out.copy_from_slice(&sm3::Sm3::digest(message))),
            ("sm-crypto", |message, out| {
                out.copy_from_slice(&sm_crypto::sm3::sm3_hash_raw(message));
            }),
        ],
    }
}

/// Nanoseconds per message of `cpu`, and how many times as long the peer takes.
fn compare(
    cpu: &Cpu,
    algorithm: HashAlgorithm,
    data: &[u8],
    len: usize,
    count: usize,
    peer: Peer,
) -> (f64, f64) {
    let digest_len = algorithm.digest_len();
    let mut digests = vec![0; count * digest_len];
    let messages = Messages::Rows { data, len, count };
    let mut ratios = Vec::new();
    let mut own = Vec::new();
    let start = Instant::now();
    while ratios.len() < 5 || start.elapsed() < Duration::from_millis(400) {
        let time = Instant::now();
        cpu.hash(algorithm, black_box(&messages), &mut digests).expect("cpu answers");
        let ours = time.elapsed().as_secs_f64();
        black_box(&digests);
        let time = Instant::now();
        for (row, out) in data.chunks_exact(len).zip(digests.chunks_exact_mut(digest_len)) {
            peer(black_box(row), out);
        }
        let theirs = time.elapsed().as_secs_f64();
        black_box(&digests);
        ratios.push(theirs / ours);
        own.push(ours * 1e9 / count as f64);
    }
    (median(own), median(ratios))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
