//! Parameters of the standards, each declared once. Whatever needs one, in a model, in RTL or
//! in a kernel, takes it from here; the tests derive every one anew from its definition.

pub mod ed25519;
pub mod keccak;
pub mod p256;
pub mod pairing;
pub mod secp256k1;
pub mod sha2;
pub mod sm2;
pub mod sm3;

/// Natural number below 2^256: four 64-bit limbs, the least significant first.
pub type Limbs = [u64; 4];

/// The number that `hex` writes, as the standards print it: most significant digit first, blanks
/// between digits.
///
/// # Panics
///
/// At any other character, and above 64 digits: at compile time, where it belongs.
pub const fn number(hex: &str) -> Limbs {
    let hex = hex.as_bytes();
    let mut limbs = [0; 4];
    let mut digits = 0;
    let mut i = hex.len();
    while i > 0 {
        i -= 1;
        let digit = match hex[i] {
            b' ' => continue,
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => panic!("no hexadecimal digit"),
        };
        limbs[digits / 16] |= (digit as u64) << (digits % 16 * 4);
        digits += 1;
    }
    limbs
}

/// The number as 32 bytes, the most significant first.
pub const fn be_bytes(limbs: &Limbs) -> [u8; 32] {
    let mut bytes = [0; 32];
    let mut i = 0;
    while i < 32 {
        bytes[31 - i] = (limbs[i / 8] >> (i % 8 * 8)) as u8;
        i += 1;
    }
    bytes
}

/// The number that 32 bytes are, the most significant first.
pub const fn from_be_bytes(bytes: &[u8; 32]) -> Limbs {
    let mut limbs = [0; 4];
    let mut i = 0;
    while i < 32 {
        limbs[i / 8] |= (bytes[31 - i] as u64) << (i % 8 * 8);
        i += 1;
    }
    limbs
}

/// Whether a < b.
pub const fn less(a: &Limbs, b: &Limbs) -> bool {
    let mut i = 4;
    while i > 0 {
        i -= 1;
        if a[i] != b[i] {
            return a[i] < b[i];
        }
    }
    false
}

/// ⌊a / 2⌋.
pub const fn half(a: &Limbs) -> Limbs {
    [a[0] >> 1 | a[1] << 63, a[1] >> 1 | a[2] << 63, a[2] >> 1 | a[3] << 63, a[3] >> 1]
}
