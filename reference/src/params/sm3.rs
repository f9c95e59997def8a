//! SM3: GB/T 32905-2016, section 4.

/// Initial value IV (section 4.1).
#[rustfmt::skip]
pub const IV: [u32; 8] = [
    0x7380_166f, 0x4914_b2b9, 0x1724_42d7, 0xda8a_0600,
    0xa96f_30bc, 0x1631_38aa, 0xe38d_ee4d, 0xb0fb_0e4e,
];

/// First round in which `T_j`, `FF_j` and `GG_j` take their second form (sections 4.2, 4.3).
pub const SECOND_FORM: usize = 16;

/// `T_j` of rounds 0 … 15 (section 4.2).
pub const T_FIRST: u32 = 0x79cc_4519;

/// `T_j` of rounds 16 … 63 (section 4.2).
pub const T_SECOND: u32 = 0x7a87_9d8a;

/// Rounds of the compression function CF.
pub const ROUNDS: usize = 64;

/// `T_j <<< (j mod 32)` for each round j: the only form in which CF uses it (section 5.3.3).
pub const T_ROTATED: [u32; ROUNDS] = {
    let mut table = [0; ROUNDS];
    let mut j = 0;
    while j < ROUNDS {
        let t = if j < SECOND_FORM { T_FIRST } else { T_SECOND };
        table[j] = t.rotate_left(j as u32 % 32);
        j += 1;
    }
    table
};

/// Rotations in the permutation P0 (section 4.4).
pub const P0: [u32; 2] = [9, 17];
/// Rotations in the permutation P1 (section 4.4).
pub const P1: [u32; 2] = [15, 23];

/// Bytes in a block.
pub const BLOCK_LEN: usize = 64;
/// Bytes of the length, big-endian and in bits, that end the padding (section 5.2).
pub const LENGTH_LEN: usize = 8;
/// First byte of the padding (section 5.2): a one bit and seven zero bits.
pub const PADDING: u8 = 0x80;
