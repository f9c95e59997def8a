//! Calls that nobody has published: corner cases of recovery, and input made at random from the
//! published one.

use alloy_primitives::hex;
use rand::seq::IndexedRandom;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::precompiles::{Call, Expected};

/// The seed; output is compared between runs, so that it is always the same.
const SEED: u64 = 7212;

/// Random calls of each kind.
const COUNT: usize = 24;

/// Greatest number of terms: more than any device takes as a single one.
const TERMS: usize = 130;

/// Addresses.
const RECOVER: u16 = 0x01;
const SHA256: u16 = 0x02;
const MULTIPLY_BN254: u16 = 0x07;
const MULTIPLY_BLS12_381: u16 = 0x0C;
const VERIFY_P256: u16 = 0x100;

/// Bytes of a point of BN254, and of a term of BLS12-381, of which the last 32 are the scalar.
const BN254_POINT: usize = 64;
const BLS12_381_TERM: usize = 160;

/// Order of secp256k1, and x of its generator, whose y is even (SEC 2, section 2.4.1).
const N: [u8; 32] = hex!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
pub(crate) const GENERATOR_X: [u8; 32] =
    hex!("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

/// All of them.
pub(crate) fn calls(published: &[Call]) -> Vec<Call> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut calls = recoveries(&mut rng);
    for index in 0..COUNT {
        let mut message = vec![0; rng.random_range(0..2000)];
        rng.fill_bytes(&mut message);
        calls.push(call(SHA256, format!("random-{index}"), message));
        calls.push(multiplication(&mut rng, published, index));
        calls.push(sum(&mut rng, published, index));
    }
    for precompile in [MULTIPLY_BN254, MULTIPLY_BLS12_381, VERIFY_P256] {
        for index in 0..COUNT {
            let input = damaged(&mut rng, published, precompile);
            calls.push(call(precompile, format!("damaged-{index}"), input));
        }
    }
    calls
}

fn call(precompile: u16, name: String, input: Vec<u8>) -> Call {
    Call { precompile, name, input, expected: Expected::Unknown }
}

/// Digest, v, r and s.
fn recoveries(rng: &mut ChaCha8Rng) -> Vec<Call> {
    let word = |last: u8| {
        let mut word = [0; 32];
        word[31] = last;
        word
    };
    let below_n = || {
        let mut word = N;
        word[31] -= 1;
        word
    };
    let x = GENERATOR_X;
    let corners = [
        ("r-is-0", word(1), word(27), word(0), word(1)),
        ("s-is-0", word(1), word(27), x, word(0)),
        ("r-is-n", word(1), word(27), N, word(1)),
        ("s-is-n", word(1), word(27), x, N),
        ("r-above-n", word(1), word(27), [0xFF; 32], word(1)),
        ("s-above-n", word(1), word(27), x, [0xFF; 32]),
        ("low-s", word(1), word(27), x, word(2)),
        ("high-s", word(1), word(27), x, below_n()),
        ("high-s-odd", word(1), word(28), x, below_n()),
        ("digest-is-0", word(0), word(28), x, word(2)),
        ("digest-above-n", [0xFF; 32], word(28), x, word(2)),
        // s·R − e·G with R = G and s = e.
        ("key-at-infinity", word(5), word(27), x, word(5)),
        ("no-point-with-that-x", word(1), word(27), word(5), word(1)),
        ("v-is-0", word(1), word(0), x, word(2)),
        ("v-is-26", word(1), word(26), x, word(2)),
        ("v-is-29", word(1), word(29), x, word(2)),
        ("v-above-255", word(1), [27; 32], x, word(2)),
    ];
    let mut calls: Vec<Call> = corners
        .into_iter()
        .map(|(name, digest, v, r, s)| call(RECOVER, name.to_owned(), [digest, v, r, s].concat()))
        .collect();
    for index in 0..2 * COUNT {
        // Every second x is that of a point.
        let [mut digest, mut r, mut s] = [[0; 32]; 3];
        for word in [&mut digest, &mut r, &mut s] {
            rng.fill_bytes(word);
        }
        let input = [digest, word(rng.random_range(27..=28)), r, s].concat();
        calls.push(call(RECOVER, format!("random-{index}"), input));
    }
    let whole = [word(1), word(27), x, word(2)].concat();
    for len in [0, 31, 64, 127] {
        calls.push(call(RECOVER, format!("first-{len}-bytes"), whole[..len].to_vec()));
    }
    calls.push(call(RECOVER, "trailing-bytes".to_owned(), [&whole[..], &[1; 7]].concat()));
    calls
}

/// A published point with a random scalar.
fn multiplication(rng: &mut ChaCha8Rng, published: &[Call], index: usize) -> Call {
    let mut input = good(rng, published, MULTIPLY_BN254)[..BN254_POINT].to_vec();
    input.extend(rng.random::<[u8; 32]>());
    call(MULTIPLY_BN254, format!("random-{index}"), input)
}

/// Published points, which repeat, with random scalars, zeros among them.
fn sum(rng: &mut ChaCha8Rng, published: &[Call], index: usize) -> Call {
    let mut input = Vec::new();
    for _ in 0..rng.random_range(1..=TERMS) {
        let terms = good(rng, published, MULTIPLY_BLS12_381).as_chunks::<BLS12_381_TERM>().0;
        let Some(term) = terms.choose(rng) else { continue };
        let mut term = *term;
        let scalar: [u8; 32] = if rng.random_ratio(1, 8) { [0; 32] } else { rng.random() };
        term[BLS12_381_TERM - 32..].copy_from_slice(&scalar);
        input.extend(term);
    }
    call(MULTIPLY_BLS12_381, format!("random-{index}"), input)
}

/// Published input with one bit wrong.
fn damaged(rng: &mut ChaCha8Rng, published: &[Call], precompile: u16) -> Vec<u8> {
    let mut input = good(rng, published, precompile).to_vec();
    let bit = rng.random_range(0..input.len() * 8);
    input[bit / 8] ^= 1 << (bit % 8);
    input
}

/// Some published input of full length that leads to output.
fn good<'a>(rng: &mut ChaCha8Rng, published: &'a [Call], precompile: u16) -> &'a [u8] {
    let is_good = |call: &&Call| {
        let has_output = matches!(&call.expected, Expected::Output(output) if !output.is_empty());
        call.precompile == precompile && has_output && call.input.len() >= BN254_POINT + 32
    };
    let good: Vec<&Call> = published.iter().filter(is_good).collect();
    good.choose(rng).map_or(&[], |call| &call.input)
}
