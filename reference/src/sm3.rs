//! SM3: GB/T 32905-2016, with its symbols.

use crate::params::sm3::{
    BLOCK_LEN, IV, LENGTH_LEN, P0, P1, PADDING, ROUNDS, SECOND_FORM, T_ROTATED,
};

/// Block B(i) of the padded message.
pub type PaddedBlock = [u8; BLOCK_LEN];

/// Word registers A, B, C, D, E, F, G, H, or a chaining value V(i).
pub type State = [u32; 8];

/// Boolean function FF_j (section 4.3).
pub fn ff(j: usize, x: u32, y: u32, z: u32) -> u32 {
    if j < SECOND_FORM { x ^ y ^ z } else { (x & y) | (x & z) | (y & z) }
}

/// Boolean function GG_j (section 4.3).
pub fn gg(j: usize, x: u32, y: u32, z: u32) -> u32 {
    if j < SECOND_FORM { x ^ y ^ z } else { (x & y) | (!x & z) }
}

/// Permutation P0 (section 4.4).
pub fn p0(x: u32) -> u32 {
    x ^ x.rotate_left(P0[0]) ^ x.rotate_left(P0[1])
}

/// Permutation P1 (section 4.4).
pub fn p1(x: u32) -> u32 {
    x ^ x.rotate_left(P1[0]) ^ x.rotate_left(P1[1])
}

/// The padded message as blocks (section 5.2): a one bit, the least number of zeros, and the
/// length in bits, big-endian.
pub fn pad(message: &[u8]) -> Vec<PaddedBlock> {
    let mut bytes = message.to_vec();
    bytes.push(PADDING);
    while bytes.len() % BLOCK_LEN != BLOCK_LEN - LENGTH_LEN {
        bytes.push(0);
    }
    let bits = message.len() as u64 * 8;
    bytes.extend_from_slice(&bits.to_be_bytes());
    bytes.as_chunks().0.to_vec()
}

/// The expanded message of a block: words W_0 … W_67 and W'_0 … W'_63 (section 5.3.2).
pub fn message_expansion(block: &PaddedBlock) -> ([u32; ROUNDS + 4], [u32; ROUNDS]) {
    let mut w = [0u32; ROUNDS + 4];
    for (w_j, bytes) in w.iter_mut().zip(block.as_chunks().0) {
        *w_j = u32::from_be_bytes(*bytes);
    }
    for j in 16..ROUNDS + 4 {
        w[j] = p1(w[j - 16] ^ w[j - 9] ^ w[j - 3].rotate_left(15))
            ^ w[j - 13].rotate_left(7)
            ^ w[j - 6];
    }
    (w, core::array::from_fn(|j| w[j] ^ w[j + 4]))
}

/// Word registers after round j, with W_j and W'_j (section 5.3.3).
pub fn round([a, b, c, d, e, f, g, h]: State, j: usize, w_j: u32, w_j_prime: u32) -> State {
    let ss1 = a.rotate_left(12).wrapping_add(e).wrapping_add(T_ROTATED[j]).rotate_left(7);
    let ss2 = ss1 ^ a.rotate_left(12);
    let tt1 = ff(j, a, b, c).wrapping_add(d).wrapping_add(ss2).wrapping_add(w_j_prime);
    let tt2 = gg(j, e, f, g).wrapping_add(h).wrapping_add(ss1).wrapping_add(w_j);
    [tt1, a, b.rotate_left(9), c, p0(tt2), e, f.rotate_left(19), g]
}

/// Word registers after each round j = 0 … 63 of a block, begun from the chaining value `v`.
pub fn round_states(v: State, block: &PaddedBlock) -> [State; ROUNDS] {
    let (w, w_prime) = message_expansion(block);
    let mut registers = v;
    core::array::from_fn(|j| {
        registers = round(registers, j, w[j], w_prime[j]);
        registers
    })
}

/// Compression function CF(V(i), B(i)) (section 5.3.3).
pub fn compress(v: State, block: &PaddedBlock) -> State {
    let registers = round_states(v, block)[ROUNDS - 1];
    core::array::from_fn(|i| registers[i] ^ v[i])
}

/// Chaining value after each block of the padded message; the last one is the digest.
pub fn chain(message: &[u8]) -> Vec<State> {
    let mut v = IV;
    pad(message)
        .iter()
        .map(|block| {
            v = compress(v, block);
            v
        })
        .collect()
}

/// Digest of `message`, as the standard writes it: register A first, big-endian words.
pub fn sm3(message: &[u8]) -> [u8; 32] {
    let v = pad(message).iter().fold(IV, compress);
    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(v) {
        *bytes = word.to_be_bytes();
    }
    digest
}
