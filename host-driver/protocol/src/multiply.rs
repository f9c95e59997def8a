//! Payloads of [`Opcode::Multiply`](crate::Opcode::Multiply).
//!
//! The header's `param` is the [`Curve`]. Request, for each item: the length of the rest in bytes
//! (u32), then its terms, one or more, each [`term_len`](Curve::term_len) bytes: x and y of the
//! base, [`coordinate_len`](Curve::coordinate_len) bytes each, and the scalar, 32 bytes; all
//! little-endian. The base is on the curve and its coordinates are below p, or both are 0: infinity.
//! The scalar is below r. The card checks none of this: what it makes of other terms is no sum.
//!
//! Reply, for each item in the same order: an [`ItemStatus`](crate::hash::ItemStatus) (u32), then
//! for each window, window 0 first, the sum of j times bucket j over all buckets of the window
//! (`docs/msm.md`, The bucket method, step 3) as X, Y, Z, `coordinate_len` bytes each,
//! little-endian, taken modulo p: the point (X/Z, Y/Z); (0, Y, 0) is infinity. Zeros stand for no
//! point: unless the status is `Done`, and for an item that is not one or more whole terms.
//!
//! What a card can do is in [`Register::MultiplyCapabilities`](crate::Register::MultiplyCapabilities).

use crate::codes::codes;

codes! {
    /// Curves a card may have; the value is the wire code and the bit in
    /// [`Register::MultiplyCapabilities`](crate::Register::MultiplyCapabilities).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Curve: u16 {
        /// G1 of BN254 (EIP-196).
        Bn254 = 0,
        /// G1 of BLS12-381 (EIP-2537).
        Bls12_381 = 1,
        /// G1 of BLS12-377.
        Bls12_377 = 2,
    }
}

/// Bytes of a scalar.
pub const SCALAR_LEN: usize = 32;

/// Lowest of the four bits with the width of the windows in the register MultiplyCapabilities.
pub const CAPABILITY_WINDOW: u32 = 4;

impl Curve {
    /// Name as users type it: `bn254`, `bls12-381`, `bls12-377`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bn254 => "bn254",
            Self::Bls12_381 => "bls12-381",
            Self::Bls12_377 => "bls12-377",
        }
    }

    /// Bytes of a coordinate: 32 or 48.
    pub const fn coordinate_len(self) -> usize {
        match self {
            Self::Bn254 => 32,
            Self::Bls12_381 | Self::Bls12_377 => 48,
        }
    }

    /// Bytes of a term: 96 or 128.
    pub const fn term_len(self) -> usize {
        2 * self.coordinate_len() + SCALAR_LEN
    }

    /// Bytes of the sums of so many windows.
    pub const fn sums_len(self, windows: usize) -> usize {
        3 * self.coordinate_len() * windows
    }
}

/// Value of the register MultiplyCapabilities: the curves, and the bits of a window, 2 … 15.
pub fn capabilities(curves: &[Curve], window: u32) -> u32 {
    let curves = curves.iter().fold(0, |bits, curve| bits | 1 << curve.code());
    curves | (window & 15) << CAPABILITY_WINDOW
}
