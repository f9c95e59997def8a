//! Keccak-f\[1600\], SHA3-256 and Keccak-256: FIPS 202, and the Keccak submission for the padding
//! that Ethereum kept.

/// Rounds of Keccak-f\[1600\]: 12 + 2ℓ with ℓ = 6 (section 3.4).
pub const ROUNDS: usize = 24;

/// Rotation of lane (x, y) in ρ, as `ROTATION[x][y]` (section 3.2.2, table 2, modulo 64).
#[rustfmt::skip]
pub const ROTATION: [[u32; 5]; 5] = [
    [0, 36, 3, 41, 18],
    [1, 44, 10, 45, 2],
    [62, 6, 43, 15, 61],
    [28, 55, 25, 21, 56],
    [27, 20, 39, 8, 14],
];

/// Round constants of ι (section 3.2.5, algorithm 5).
#[rustfmt::skip]
pub const RC: [u64; ROUNDS] = [
    0x00000000_00000001, 0x00000000_00008082, 0x80000000_0000808a, 0x80000000_80008000,
    0x00000000_0000808b, 0x00000000_80000001, 0x80000000_80008081, 0x80000000_00008009,
    0x00000000_0000008a, 0x00000000_00000088, 0x00000000_80008009, 0x00000000_8000000a,
    0x00000000_8000808b, 0x80000000_0000008b, 0x80000000_00008089, 0x80000000_00008003,
    0x80000000_00008002, 0x80000000_00000080, 0x00000000_0000800a, 0x80000000_8000000a,
    0x80000000_80008081, 0x80000000_00008080, 0x00000000_80000001, 0x80000000_80008008,
];

/// Lanes of 64 bits in the state.
pub const LANES: usize = 25;

/// Bytes absorbed by a permutation with a capacity of 512 bits (section 6.1): Keccak-256 and SHA3-256.
pub const RATE_256: usize = (1600 - 512) / 8;

/// Domain byte of Keccak-256: no suffix bits, then the first bit of pad10*1.
pub const DOMAIN_KECCAK: u8 = 0x01;
/// Domain byte of SHA3-256: suffix 01 (section 6.1), then the first bit of pad10*1.
pub const DOMAIN_SHA3: u8 = 0x06;
/// Last byte of the rate, combined by or with the domain byte when both fall together: the
/// last bit of pad10*1.
pub const PADDING_END: u8 = 0x80;
