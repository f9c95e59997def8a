//! What an engine is built for.

use num_bigint::BigUint;

use chaincard_reference::params::pairing::{self, PairingCurve};

use crate::prim::barrel_array::DIGIT_BITS;

/// A curve y² = x³ + b over the numbers modulo p, with a group of order r and no point of
/// order 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// p, an odd prime of at most 512 bits.
    pub p: BigUint,
    /// 3·b modulo p, or a number that is the same modulo p, as 2^i + 2^j.
    pub three_b: (u32, u32),
    /// Bits of r, at most 256.
    pub scalar_bits: u32,
}

impl Curve {
    /// BN254.
    pub fn bn254() -> Self {
        Self::pairing(&pairing::BN254, (3, 0))
    }

    /// BLS12-381.
    pub fn bls12_381() -> Self {
        Self::pairing(&pairing::BLS12_381, (3, 2))
    }

    /// BLS12-377. Its points of order 2 are not in G1: the bases must be.
    pub fn bls12_377() -> Self {
        Self::pairing(&pairing::BLS12_377, (1, 0))
    }

    fn pairing(curve: &PairingCurve, three_b: (u32, u32)) -> Self {
        assert_eq!(3 * curve.b, (1 << three_b.0) + (1 << three_b.1), "3 b as two powers of two");
        let number = |hex: &str| {
            BigUint::parse_bytes(hex.as_bytes(), 16).expect("parameters are hexadecimal")
        };
        Self { p: number(curve.p), three_b, scalar_bits: number(curve.r).bits() as u32 }
    }
}

/// An engine: its curve and the width of its windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Curve.
    pub curve: Curve,
    /// Bits of a window, 2 … 12.
    pub window: u32,
}

impl Config {
    /// Windows that an engine can have.
    pub const MOST_WINDOWS: usize = 64;

    /// Few block RAMs: windows of 4 bits.
    pub fn small(curve: Curve) -> Self {
        Self { curve, window: 4 }
    }

    /// Most buckets that an ECP5-85F has block RAM for: windows of 7 bits on BN254, of 6 on the
    /// others.
    pub fn ecp5(curve: Curve) -> Self {
        let window = if curve.p.bits() <= 256 { 7 } else { 6 };
        Self { curve, window }
    }

    /// Checks the bounds that other parts rely on.
    ///
    /// # Panics
    /// If one is not kept: a design with such an engine is a programming error.
    pub(super) fn check(&self) {
        assert!((2..=12).contains(&self.window), "windows of {} bits", self.window);
        assert!(self.windows() <= Self::MOST_WINDOWS, "{} windows", self.windows());
        assert!(self.all_buckets() <= 4096, "{} buckets", self.all_buckets());
        assert!(self.curve.scalar_bits <= 256, "{} bits", self.curve.scalar_bits);
        assert!(self.digits() <= 24 && self.bucket_words() <= 1 << 17, "{self:?}");
        assert_eq!((32 * self.coordinate_words()).div_ceil(DIGIT_BITS), self.digits());
    }

    /// Digits of a number, lanes and DSPs of the multiplier: room for 2^9·p in size, which is
    /// more than any sum of the formulas.
    pub fn digits(&self) -> usize {
        (self.curve.p.bits() as usize + 9).div_ceil(DIGIT_BITS).max(2)
    }

    /// Words of 32 bits of a coordinate.
    pub fn coordinate_words(&self) -> usize {
        (self.curve.p.bits() as usize).div_ceil(32)
    }

    /// Windows of a scalar, ⌊bits of r / window⌋ + 1.
    pub fn windows(&self) -> usize {
        (self.curve.scalar_bits / self.window + 1) as usize
    }

    /// Buckets of a window.
    pub fn buckets(&self) -> usize {
        1 << (self.window - 1)
    }

    /// Buckets of all windows.
    pub fn all_buckets(&self) -> usize {
        self.windows() * self.buckets()
    }

    /// Words between the coordinates of a bucket: 16 or 24.
    pub(super) fn stride(&self) -> usize {
        if self.digits() <= 16 { 16 } else { 24 }
    }

    /// Words of the memory of the buckets.
    pub(super) fn bucket_words(&self) -> usize {
        self.all_buckets() * 3 * self.stride()
    }

    /// R of the Montgomery products: a·b/R, R = 2^(17·digits).
    pub fn radix(&self) -> BigUint {
        BigUint::from(1_u32) << (DIGIT_BITS * self.digits())
    }

    /// −1/p modulo 2^17.
    pub(super) fn quotient_factor(&self) -> u64 {
        let modulus = 1_u64 << DIGIT_BITS;
        let p = (&self.curve.p % modulus).iter_u64_digits().next().unwrap_or(0);
        // Newton's iteration: each step doubles the bits that are right, from the three that
        // p is its own inverse in.
        let inverse = (0..3).fold(p, |inverse, _| {
            inverse.wrapping_mul(2_u64.wrapping_sub(p.wrapping_mul(inverse)))
        });
        inverse.wrapping_neg() % modulus
    }

    /// The digits of a number below 2^(17·digits).
    pub(super) fn to_digits(&self, number: &BigUint) -> Vec<u64> {
        (0..self.digits())
            .map(|place| {
                let digit = (number >> (DIGIT_BITS * place)) % (1_u64 << DIGIT_BITS);
                digit.iter_u64_digits().next().unwrap_or(0)
            })
            .collect()
    }

    /// Rows of a Montgomery product, and of a sum of two with one reduction.
    pub fn product_rows(&self) -> [u64; 2] {
        let digits = self.digits() as u64;
        [2 * digits + 1, 3 * digits + 1]
    }

    /// Cycles that the multiplier works on an addition to a bucket: four products and four sums
    /// of two.
    pub fn addition_cycles(&self) -> u64 {
        self.product_rows().iter().map(|rows| 4 * rows).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_and_counts() {
        let bn254 = Config::ecp5(Curve::bn254());
        assert_eq!((bn254.digits(), bn254.windows(), bn254.all_buckets()), (16, 37, 2368));
        assert_eq!(bn254.addition_cycles(), 328);
        let bls12_381 = Config::ecp5(Curve::bls12_381());
        assert_eq!((bls12_381.digits(), bls12_381.windows()), (23, 43));
        for curve in [Curve::bn254(), Curve::bls12_381(), Curve::bls12_377()] {
            Config::small(curve.clone()).check();
            Config::ecp5(curve).check();
        }
    }

    #[test]
    fn quotient_factor_is_minus_the_inverse_of_p() {
        for curve in [Curve::bn254(), Curve::bls12_381(), Curve::bls12_377()] {
            let config = Config::small(curve);
            let product = &config.curve.p * config.quotient_factor() + 1_u32;
            assert_eq!(product % (1_u64 << DIGIT_BITS), BigUint::ZERO);
        }
    }
}
