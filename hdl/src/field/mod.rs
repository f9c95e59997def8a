//! Field arithmetic on streams of digits: one product and one linear combination every
//! [`DIGITS`] cycles, for four primes.
//!
//! A number is [`DIGITS`] digits of [`DIGIT_BITS`] bits, the least first, one per cycle. On a
//! stream a digit has [`STREAM_BITS`] bits and a sign: all but the last are unsigned and below
//! 2^16, the last one carries the sign of the number.
//!
//! | class | values | digits |
//! | --- | --- | --- |
//! | `Lazy` | −2^240 < v < 2^257 | the last one in −1 … 2^17 − 1 |
//! | `Wide` | −2^257 ≤ v < 2^257 | the last one any of 18 bits |
//!
//! Time is divided into slots of [`DIGITS`] cycles by a counter `phase` (0 … 15) that all units
//! share. An operation belongs to the slot that begins with its issue; cycle 0 is the first one
//! of that slot (`phase` = 0). Every control and every digit is on its port in a fixed cycle, so
//! that there are no handshakes: a slot without an operation computes something that nobody
//! takes.

mod add;
mod control;
mod fold;
mod inverse;
mod mul;
mod taps;

pub use add::{AddUnit, Func};
pub use inverse::InverseUnit;
pub use mul::{Kind, MulUnit};

/// Digits of a number, and cycles of a slot.
pub const DIGITS: usize = 16;

/// Bits of a digit.
pub const DIGIT_BITS: usize = 16;

/// Bits of a digit on a stream.
pub const STREAM_BITS: usize = 18;

/// A prime, as the units' ports encode it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// 2^256 − 2^32 − 977.
    Secp256k1 = 0,
    /// 2^256 − 2^224 − 2^96 + 2^64 − 1.
    Sm2 = 1,
    /// 2^255 − 19; the units reduce modulo twice that.
    Ed25519 = 2,
    /// 2^256 − 2^224 + 2^192 + 2^96 − 1.
    P256 = 3,
}

impl Curve {
    /// Every prime.
    pub const ALL: [Self; 4] = [Self::Secp256k1, Self::Sm2, Self::Ed25519, Self::P256];

    /// Products are a·b/2^256 instead of a·b.
    pub fn is_montgomery(self) -> bool {
        matches!(self, Self::Sm2 | Self::P256)
    }
}
