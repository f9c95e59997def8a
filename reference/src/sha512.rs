//! SHA-512: FIPS 180-4, with its symbols.

use crate::params::sha2::{
    PADDING, SHA512_BIG_SIGMA_0, SHA512_BIG_SIGMA_1, SHA512_BLOCK_LEN, SHA512_IV, SHA512_K,
    SHA512_LENGTH_LEN, SHA512_SMALL_SIGMA_0, SHA512_SMALL_SIGMA_1,
};

/// Block M(i) of the padded message.
pub type PaddedBlock = [u8; SHA512_BLOCK_LEN];

/// Working variables a, b, c, d, e, f, g, h, or the hash value H0 … H7.
pub type State = [u64; 8];

/// Rounds of the compression function.
pub const ROUNDS: usize = SHA512_K.len();

/// Ch(x, y, z), equation 4.8.
pub fn ch(x: u64, y: u64, z: u64) -> u64 {
    (x & y) ^ (!x & z)
}

/// Maj(x, y, z), equation 4.9.
pub fn maj(x: u64, y: u64, z: u64) -> u64 {
    (x & y) ^ (x & z) ^ (y & z)
}

fn rotations(x: u64, [i, j, k]: [u32; 3]) -> u64 {
    x.rotate_right(i) ^ x.rotate_right(j) ^ x.rotate_right(k)
}

fn rotations_and_shift(x: u64, [i, j, k]: [u32; 3]) -> u64 {
    x.rotate_right(i) ^ x.rotate_right(j) ^ (x >> k)
}

/// Σ0(x), equation 4.10.
pub fn big_sigma_0(x: u64) -> u64 {
    rotations(x, SHA512_BIG_SIGMA_0)
}

/// Σ1(x), equation 4.11.
pub fn big_sigma_1(x: u64) -> u64 {
    rotations(x, SHA512_BIG_SIGMA_1)
}

/// σ0(x), equation 4.12.
pub fn small_sigma_0(x: u64) -> u64 {
    rotations_and_shift(x, SHA512_SMALL_SIGMA_0)
}

/// σ1(x), equation 4.13.
pub fn small_sigma_1(x: u64) -> u64 {
    rotations_and_shift(x, SHA512_SMALL_SIGMA_1)
}

/// The padded message as blocks (section 5.1.2): a one bit, the least number of zeros, and the
/// length in bits, big-endian.
pub fn pad(message: &[u8]) -> Vec<PaddedBlock> {
    let mut bytes = message.to_vec();
    bytes.push(PADDING);
    while bytes.len() % SHA512_BLOCK_LEN != SHA512_BLOCK_LEN - SHA512_LENGTH_LEN {
        bytes.push(0);
    }
    let bits = message.len() as u128 * 8;
    bytes.extend_from_slice(&bits.to_be_bytes());
    bytes.as_chunks().0.to_vec()
}

/// Message schedule W0 … W79 of a block (section 6.4.2, step 1).
pub fn message_schedule(block: &PaddedBlock) -> [u64; ROUNDS] {
    let mut w = [0u64; ROUNDS];
    for (w_t, bytes) in w.iter_mut().zip(block.as_chunks().0) {
        *w_t = u64::from_be_bytes(*bytes);
    }
    for t in 16..ROUNDS {
        w[t] = small_sigma_1(w[t - 2])
            .wrapping_add(w[t - 7])
            .wrapping_add(small_sigma_0(w[t - 15]))
            .wrapping_add(w[t - 16]);
    }
    w
}

/// Working variables after round t, with K_t and W_t (section 6.4.2, step 3).
pub fn round([a, b, c, d, e, f, g, h]: State, k_t: u64, w_t: u64) -> State {
    let t1 = h
        .wrapping_add(big_sigma_1(e))
        .wrapping_add(ch(e, f, g))
        .wrapping_add(k_t)
        .wrapping_add(w_t);
    let t2 = big_sigma_0(a).wrapping_add(maj(a, b, c));
    [t1.wrapping_add(t2), a, b, c, d.wrapping_add(t1), e, f, g]
}

/// Working variables after each round t = 0 … 79 of a block, begun from the hash value `h`.
pub fn round_states(h: State, block: &PaddedBlock) -> [State; ROUNDS] {
    let w = message_schedule(block);
    let mut variables = h;
    core::array::from_fn(|t| {
        variables = round(variables, SHA512_K[t], w[t]);
        variables
    })
}

/// Hash value after a block, from the one before it (section 6.4.2, step 4).
pub fn compress(h: State, block: &PaddedBlock) -> State {
    let variables = round_states(h, block)[ROUNDS - 1];
    core::array::from_fn(|i| h[i].wrapping_add(variables[i]))
}

/// Hash value after each block of the padded message; the last one is the digest.
pub fn chain(message: &[u8]) -> Vec<State> {
    let mut h = SHA512_IV;
    pad(message)
        .iter()
        .map(|block| {
            h = compress(h, block);
            h
        })
        .collect()
}

/// Digest of `message`, as the standard writes it: H0 first, big-endian words.
pub fn sha512(message: &[u8]) -> [u8; 64] {
    let h = pad(message).iter().fold(SHA512_IV, compress);
    let mut digest = [0; 64];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(h) {
        *bytes = word.to_be_bytes();
    }
    digest
}
