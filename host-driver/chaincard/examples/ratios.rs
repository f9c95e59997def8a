//! Speed of the `cpu` device on one thread beside the crates that nodes use, as ratios:
//! above 1, `cpu` is faster. `cargo run --release -p chaincard --example ratios`
//!
//! Each pair is timed in turns, and the best of many turns counts for either side, so that
//! whatever else the machine does favours neither.

use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::digest;
use chaincard::{Accelerator, Cpu, Device, HashAlgorithm, Messages};
use sha2::Digest as _;

/// One call for one message, through the accelerator and on the device itself.
fn compare_layers(len: usize) {
    let accelerator = Accelerator::open("cpu:1").expect("cpu opens");
    let cpu = Cpu::with_threads(1);
    let message = vec![1; len];
    let messages = [message.as_slice()];
    let mut digest = [0; 32];
    let mut time = |through: bool| {
        let start = Instant::now();
        for _ in 0..1000 {
            let messages = black_box(Messages::Slices(&messages));
            if through {
                accelerator
                    .hash_into(HashAlgorithm::Sha256, &messages, &mut digest)
                    .expect("cpu answers");
            } else {
                cpu.hash(HashAlgorithm::Sha256, &messages, &mut digest).expect("cpu answers");
            }
        }
        start.elapsed().as_secs_f64() * 1e6
    };
    let times: Vec<(f64, f64)> = (0..200).map(|_| (time(true), time(false))).collect();
    let (through, direct): (Vec<f64>, Vec<f64>) = times.into_iter().unzip();
    let (through, direct) = (median(through), median(direct));
    println!("one message of {len} bytes: accelerator {through:.0} ns, device {direct:.0} ns");
}

type Peer = fn(&[u8], &mut [u8]);

fn main() {
    compare_layers(64);
    let cpu = Cpu::with_threads(1);
    println!(
        "{:<10} {:>9} {:<12} {:>11} {:>7}",
        "algorithm", "bytes", "peer", "cpu ns/item", "ratio"
    );
    for algorithm in HashAlgorithm::ALL {
        for (len, count) in [(64, 512), (200, 256), (1024, 64), (1 << 20, 1)] {
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
    let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
    let start = Instant::now();
    let mut turns = 0;
    while turns < 20 || start.elapsed() < Duration::from_millis(500) {
        let time = Instant::now();
        cpu.hash(algorithm, black_box(&messages), &mut digests).expect("cpu answers");
        ours = ours.min(time.elapsed().as_secs_f64());
        black_box(&digests);
        let time = Instant::now();
        for (row, out) in data.chunks_exact(len).zip(digests.chunks_exact_mut(digest_len)) {
            peer(black_box(row), out);
        }
        theirs = theirs.min(time.elapsed().as_secs_f64());
        black_box(&digests);
        turns += 1;
    }
    (ours * 1e9 / count as f64, theirs / ours)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
