//! SHA-256 and SHA-512 cores stepped natively.

mod bench;

use bench::{Bench, Traffic, random_bytes};
use chaincard_hdl::hash::sha2::Config;
use chaincard_hdl::hash::{HashCore, Sha256};
use sha2::Digest;

/// Oracle of a core.
type Oracle = fn(&[u8]) -> Vec<u8>;

fn sha256(message: &[u8]) -> Vec<u8> {
    sha2::Sha256::digest(message).to_vec()
}

fn check<C: HashCore>(core: C, oracle: Oracle, messages: &[Vec<u8>], traffic: Traffic, seed: u64) {
    let mut bench = Bench::new(core, seed);
    for message in messages {
        bench.send(message);
    }
    let bytes: usize = messages.iter().map(|message| message.len() + 300).sum();
    bench.run(messages.len(), traffic, 40 * bytes as u64);
    for (message, digest) in messages.iter().zip(&bench.digests) {
        assert_eq!(*digest, oracle(message), "{} bytes: {message:02x?}", message.len());
    }
}

fn every_length(limit: usize) -> Vec<Vec<u8>> {
    (0..=limit).map(|length| random_bytes(length, length as u64)).collect()
}

fn standard_messages() -> Vec<Vec<u8>> {
    [
        &b"abc"[..],
        b"",
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    ]
    .map(<[u8]>::to_vec)
    .to_vec()
}

#[test]
fn sha256_standard_messages() {
    check(Sha256::default(), sha256, &standard_messages(), Traffic::FULL, 1);
}

#[test]
fn sha256_every_length() {
    check(Sha256::default(), sha256, &every_length(140), Traffic::FULL, 2);
}
