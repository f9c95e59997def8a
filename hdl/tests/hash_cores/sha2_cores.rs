//! SHA-256 and SHA-512, against RustCrypto's `sha2`.

use chaincard_hdl::hash::sha2::Config;
use chaincard_hdl::hash::{HashCore, Sha256, Sha512};
use sha2::Digest;

use super::bench::{Bench, Traffic, random_bytes};
use super::cases::hex;

/// Oracle of a core.
type Oracle = fn(&[u8]) -> Vec<u8>;

fn sha256(message: &[u8]) -> Vec<u8> {
    sha2::Sha256::digest(message).to_vec()
}

fn sha512(message: &[u8]) -> Vec<u8> {
    sha2::Sha512::digest(message).to_vec()
}

fn compare<C: HashCore>(bench: &Bench<C>, oracle: Oracle, messages: &[Vec<u8>]) {
    assert_eq!(bench.digests.len(), messages.len());
    for (message, digest) in messages.iter().zip(&bench.digests) {
        let length = message.len();
        assert_eq!(*digest, oracle(message), "{length} bytes: {message:02x?}");
    }
}

fn check<C: HashCore>(core: C, oracle: Oracle, messages: &[Vec<u8>], traffic: Traffic, seed: u64) {
    let mut bench = Bench::new(core, seed);
    for message in messages {
        bench.send(message, 0);
    }
    let bytes: usize = messages.iter().map(|message| message.len() + 300).sum();
    bench.run(messages.len(), traffic, 40 * bytes as u64);
    // Nothing may follow the last digest.
    for _ in 0..300 {
        bench.step(traffic, false);
    }
    compare(&bench, oracle, messages);
}

fn every_length(limit: usize) -> Vec<Vec<u8>> {
    (0..=limit).map(|length| random_bytes(length, length as u64)).collect()
}

/// Messages of the examples that accompany FIPS 180-4, and the empty one.
fn standard_messages() -> Vec<Vec<u8>> {
    let two_blocks_of_128_bytes =
        (b'a'..=b'n').flat_map(|first| first..first + 8).collect::<Vec<u8>>();
    [
        &b"abc"[..],
        b"",
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        &two_blocks_of_128_bytes,
    ]
    .map(<[u8]>::to_vec)
    .to_vec()
}

/// Gaps on the input, the output, both, or neither.
fn gaps<C: HashCore>(make: fn() -> C, oracle: Oracle) {
    let lengths = [0, 3, 4, 55, 56, 64, 111, 112, 119, 120, 128, 300];
    let messages: Vec<Vec<u8>> = lengths.iter().map(|&n| random_bytes(n, n as u64)).collect();
    for (seed, (input, output)) in [(100, 5), (30, 100), (60, 3), (10, 50)].into_iter().enumerate()
    {
        check(make(), oracle, &messages, Traffic { input, output }, seed as u64);
    }
}

/// `clear` at any moment leaves a core that hashes the next message right.
fn clear<C: HashCore>(make: fn() -> C, oracle: Oracle) {
    let before = [random_bytes(150, 1), random_bytes(3, 2), random_bytes(64, 3)];
    let after = [random_bytes(5, 4), random_bytes(130, 5)];
    let mut bench = Bench::new(make(), 7);
    for cycles in (0..260).step_by(3) {
        for message in &before {
            bench.send(message, 0);
        }
        for _ in 0..cycles {
            bench.step(Traffic::FULL, false);
        }
        bench.step(Traffic::FULL, true);
        for message in &after {
            bench.send(message, 0);
        }
        bench.run(after.len(), Traffic::FULL, 2000);
        compare(&bench, oracle, &after);
        bench.digests.clear();
    }
}

/// `latency()` after any pause, and `cycles_per_block()` within and between messages.
fn cycles<C: HashCore>(core: C, block_bytes: usize) {
    let mut bench = Bench::new(core, 0);
    let latency = u64::from(bench.core.latency());
    let period = bench.core.cycles_per_block() as u64;
    for pause in 0..30 {
        for _ in 0..pause {
            bench.step(Traffic::FULL, false);
        }
        bench.send(b"abc", 0);
        bench.run(pause + 1, Traffic::FULL, 1000);
        assert_eq!(bench.first_words[pause] - bench.last_words[pause], latency);
        // The short slot that ends the digest has to end before the core is idle again.
        for _ in 0..20 {
            bench.step(Traffic::FULL, false);
        }
    }
    let start = bench.digests.len();
    let blocks = [1, 1, 1, 1, 3, 1, 2, 1];
    for count in blocks {
        bench.send(&vec![0; block_bytes * (count - 1) + 1], 0);
    }
    bench.run(start + blocks.len(), Traffic::FULL, 5000);
    for (index, pair) in bench.first_words[start..].windows(2).enumerate() {
        assert_eq!(pair[1] - pair[0], period * blocks[index + 1] as u64);
    }
}

#[test]
fn sha256_standard_messages() {
    for config in [Config::small(), Config::ecp5(), Config::ultrascale()] {
        check(Sha256::new(config), sha256, &standard_messages(), Traffic::FULL, 1);
    }
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hex(&sha256(b"abc")), abc);
}

#[test]
fn sha512_standard_messages() {
    for config in [Config::small(), Config::ecp5(), Config::ultrascale()] {
        check(Sha512::new(config), sha512, &standard_messages(), Traffic::FULL, 1);
    }
    let abc = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
               2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
    assert_eq!(hex(&sha512(b"abc")), abc);
}

#[test]
fn sha256_every_length() {
    check(Sha256::default(), sha256, &every_length(140), Traffic::FULL, 2);
}

#[test]
fn sha512_every_length() {
    check(Sha512::default(), sha512, &every_length(260), Traffic::FULL, 2);
}

#[test]
fn sha256_gaps() {
    gaps(Sha256::default, sha256);
}

#[test]
fn sha512_gaps() {
    gaps(Sha512::default, sha512);
}

#[test]
fn sha256_clear() {
    clear(Sha256::default, sha256);
}

#[test]
fn sha512_clear() {
    clear(Sha512::default, sha512);
}

#[test]
fn sha256_cycles() {
    cycles(Sha256::default(), 64);
}

#[test]
fn sha512_cycles() {
    cycles(Sha512::default(), 128);
}
