//! Keccak-f\[1600\], SHA3-256 and Keccak-256: FIPS 202, with its symbols.

use crate::params::keccak::{
    DOMAIN_KECCAK, DOMAIN_SHA3, PADDING_END, RATE_256, RC, ROTATION, ROUNDS,
};

/// State array A as 25 lanes: `A[x][y]`, bit z of the lane is A[x, y, z] (section 3.1.1).
pub type State = [[u64; 5]; 5];

/// As many bytes of the padded message as one permutation absorbs.
pub type PaddedBlock = [u8; RATE_256];

/// State array with lane (x, y) given by `lane`.
fn lanes(lane: impl Fn(usize, usize) -> u64) -> State {
    core::array::from_fn(|x| core::array::from_fn(|y| lane(x, y)))
}

/// θ(A), algorithm 1.
pub fn theta(a: State) -> State {
    let c: [u64; 5] = core::array::from_fn(|x| a[x].iter().fold(0, |parity, lane| parity ^ lane));
    let d: [u64; 5] = core::array::from_fn(|x| c[(x + 4) % 5] ^ c[(x + 1) % 5].rotate_left(1));
    lanes(|x, y| a[x][y] ^ d[x])
}

/// ρ(A), algorithm 2.
pub fn rho(a: State) -> State {
    lanes(|x, y| a[x][y].rotate_left(ROTATION[x][y]))
}

/// π(A), algorithm 3.
pub fn pi(a: State) -> State {
    lanes(|x, y| a[(x + 3 * y) % 5][x])
}

/// χ(A), algorithm 4.
pub fn chi(a: State) -> State {
    lanes(|x, y| a[x][y] ^ (!a[(x + 1) % 5][y] & a[(x + 2) % 5][y]))
}

/// ι(A, i_r), algorithm 6.
pub fn iota(mut a: State, i_r: usize) -> State {
    a[0][0] ^= RC[i_r];
    a
}

/// Rnd(A, i_r) (section 3.3).
pub fn round(a: State, i_r: usize) -> State {
    iota(chi(pi(rho(theta(a)))), i_r)
}

/// State after each round i_r = 0 … 23 of Keccak-f\[1600\].
pub fn round_states(mut a: State) -> [State; ROUNDS] {
    core::array::from_fn(|i_r| {
        a = round(a, i_r);
        a
    })
}

/// Keccak-f\[1600\] (sections 3.3 and 3.4).
pub fn keccak_f(a: State) -> State {
    round_states(a)[ROUNDS - 1]
}

/// The message as blocks, with the domain byte (suffix bits and the first bit of pad10*1),
/// zeros, and the last bit of pad10*1 (sections 5.1 and B.2).
pub fn pad(message: &[u8], domain: u8) -> Vec<PaddedBlock> {
    let mut bytes = message.to_vec();
    bytes.push(domain);
    bytes.resize(bytes.len().next_multiple_of(RATE_256), 0);
    let mut blocks = bytes.as_chunks().0.to_vec();
    if let Some(last) = blocks.last_mut() {
        last[RATE_256 - 1] |= PADDING_END;
    }
    blocks
}

/// State with a block added to its first lanes (section 4, algorithm 8, step 6, before f).
pub fn absorb(mut a: State, block: &PaddedBlock) -> State {
    for (i, bytes) in block.as_chunks().0.iter().enumerate() {
        // Lane i of the string is (x, y) = (i mod 5, i / 5), its bytes little-endian (section 3.1.2).
        a[i % 5][i / 5] ^= u64::from_le_bytes(*bytes);
    }
    a
}

/// State after the permutation of each block of the padded message; the first four lanes of
/// the last one are the digest.
pub fn chain(message: &[u8], domain: u8) -> Vec<State> {
    let mut a = State::default();
    pad(message, domain)
        .iter()
        .map(|block| {
            a = keccak_f(absorb(a, block));
            a
        })
        .collect()
}

/// Sponge with a capacity of 512 bits and 256 bits of output (section 4, algorithm 8).
fn sponge_256(message: &[u8], domain: u8) -> [u8; 32] {
    let absorbed = |a, block: &PaddedBlock| keccak_f(absorb(a, block));
    let a = pad(message, domain).iter().fold(State::default(), absorbed);
    let mut digest = [0; 32];
    for (i, bytes) in digest.as_chunks_mut().0.iter_mut().enumerate() {
        *bytes = a[i % 5][i / 5].to_le_bytes();
    }
    digest
}

/// SHA3-256 of `message` (section 6.1).
pub fn sha3_256(message: &[u8]) -> [u8; 32] {
    sponge_256(message, DOMAIN_SHA3)
}

/// Keccak-256 of `message`: SHA3-256 without its suffix bits, as Ethereum uses it (Ethereum
/// yellow paper, section 3; padding of the Keccak reference 3.0, section 1.1.2).
pub fn keccak_256(message: &[u8]) -> [u8; 32] {
    sponge_256(message, DOMAIN_KECCAK)
}
