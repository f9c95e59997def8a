//! What an engine is built for.

use std::ops::Range;

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

/// Bits of a word of a scalar.
const WORD_BITS: u32 = 32;

/// Words of a scalar.
pub(super) const SCALAR_WORDS: usize = 8;

/// An engine: its curve, the width of its windows, and how many adders share the scalars' bits.
///
/// The multiplier of an adder is not chosen: it is one row of [`digits`](Self::digits) DSP blocks,
/// which follows from the curve. An engine gets faster by more adders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Curve.
    pub curve: Curve,
    /// Bits of a window, 2 … 12.
    pub window: u32,
    /// Adders: 1, 2, 4 or 8. Each has a multiplier, buckets and a queue of its own, and takes as
    /// many of the 8 words of a scalar as the others.
    pub adders: usize,
}

impl Config {
    /// Windows that an adder can have.
    pub const MOST_WINDOWS: usize = 64;

    /// Few block RAMs: windows of 4 bits.
    pub fn small(curve: Curve) -> Self {
        Self { curve, window: 4, adders: 1 }
    }

    /// Most buckets that an ECP5-85F has block RAM for: windows of 7 bits on BN254, of 6 on the
    /// others.
    pub fn ecp5(curve: Curve) -> Self {
        let window = if curve.p.bits() <= 256 { 7 } else { 6 };
        Self { curve, window, adders: 1 }
    }

    /// The same with so many adders.
    #[must_use]
    pub fn with_adders(self, adders: usize) -> Self {
        Self { adders, ..self }
    }

    /// Checks the bounds that other parts rely on.
    ///
    /// # Panics
    /// If one is not kept: a design with such an engine is a programming error.
    pub(super) fn check(&self) {
        assert!([1, 2, 4, 8].contains(&self.adders), "{} adders", self.adders);
        if self.adders > 1 {
            // The last share has bits, and a bit of its words is left for the carry.
            let (least, bits) = (self.share_start(self.adders - 1), self.curve.scalar_bits);
            assert!(least < bits && bits < 256, "{bits} bits for {} adders", self.adders);
            return (0..self.adders).for_each(|adder| self.share(adder).check());
        }
        assert!((2..=12).contains(&self.window), "windows of {} bits", self.window);
        assert!(self.windows() <= Self::MOST_WINDOWS, "{} windows", self.windows());
        assert!(self.all_buckets() <= 4096, "{} buckets", self.all_buckets());
        assert!(self.curve.scalar_bits <= 256, "{} bits", self.curve.scalar_bits);
        assert!(self.digits() <= 24 && self.bucket_words() <= 1 << 17, "{self:?}");
        assert_eq!((32 * self.coordinate_words()).div_ceil(DIGIT_BITS), self.digits());
    }

    /// Bits of a scalar below the share of this adder.
    pub fn share_start(&self, adder: usize) -> u32 {
        self.share_words(adder).start as u32 * WORD_BITS
    }

    /// Words of a scalar that are the share of this adder.
    pub(super) fn share_words(&self, adder: usize) -> Range<usize> {
        let count = SCALAR_WORDS / self.adders;
        count * adder..count * (adder + 1)
    }

    /// The engine of one adder that takes the share of this one as its scalars: as numbers of
    /// their own, so that the digits of a share do not depend on the others.
    #[must_use]
    pub fn share(&self, adder: usize) -> Self {
        let end = (self.share_words(adder).end as u32 * WORD_BITS).min(self.curve.scalar_bits);
        let scalar_bits = end - self.share_start(adder);
        let curve = Curve { scalar_bits, ..self.curve.clone() };
        Self { curve, window: self.window, adders: 1 }
    }

    /// Of each window whose sum goes out, in that order, the power of two that it counts:
    /// the result is the sum of all 2^weight times the sum of the window.
    pub fn weights(&self) -> Vec<u32> {
        let share = |adder| (self.share_start(adder), self.share(adder).windows() as u32);
        (0..self.adders)
            .map(share)
            .flat_map(|(start, windows)| (0..windows).map(move |w| start + self.window * w))
            .collect()
    }

    /// Digits of a number, lanes of the multiplier, and DSPs of its one row:
    /// ⌈(bits of p + 9)/17⌉, but 2 at least. That is room for 2^9·p in size, which is more than any
    /// sum of the formulas.
    pub fn digits(&self) -> usize {
        (self.curve.p.bits() as usize + 9).div_ceil(DIGIT_BITS).max(2)
    }

    /// Words of 32 bits of a coordinate.
    pub fn coordinate_words(&self) -> usize {
        (self.curve.p.bits() as usize).div_ceil(32)
    }

    /// Windows of a scalar, ⌊bits / window⌋ + 1 of the bits of each adder's share, which are the
    /// bits of r for one adder.
    pub fn windows(&self) -> usize {
        match self.adders {
            1 => (self.curve.scalar_bits / self.window + 1) as usize,
            adders => (0..adders).map(|adder| self.share(adder).windows()).sum(),
        }
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
            for adders in [1, 2, 4, 8] {
                Config::small(curve.clone()).with_adders(adders).check();
                Config::ecp5(curve.clone()).with_adders(adders).check();
            }
        }
    }

    #[test]
    fn shares_are_all_bits_once() {
        for curve in [Curve::bn254(), Curve::bls12_381(), Curve::bls12_377()] {
            let whole = Config::ecp5(curve);
            assert_eq!(whole.share(0), whole);
            for adders in [2, 4, 8] {
                let config = whole.clone().with_adders(adders);
                let mut start = 0;
                for adder in 0..adders {
                    assert_eq!(config.share_start(adder), start);
                    start += config.share(adder).curve.scalar_bits;
                }
                assert_eq!(start, config.curve.scalar_bits);
                assert_eq!(config.weights().len(), config.windows());
            }
        }
    }

    #[test]
    fn weights_of_two_adders() {
        let config = Config::ecp5(Curve::bn254()).with_adders(2);
        assert_eq!((config.share(0).windows(), config.share(1).windows()), (19, 19));
        let weights = config.weights();
        assert_eq!((&weights[..2], &weights[18..21]), (&[0, 7][..], &[126, 128, 135][..]));
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
