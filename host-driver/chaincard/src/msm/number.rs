//! Numbers modulo p, and the operations of the bucket method that most of its time goes to.

use ark_ff::{BigInt, Fp, MontBackend, MontConfig, PrimeField};
use blst::{blst_fp, blst_fp_inverse, blst_fp_mul, blst_fp_sqr};

/// A number modulo p, by arkworks unless there is something faster.
pub(crate) trait Number: PrimeField {
    /// The product.
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }

    /// The square.
    #[inline(always)]
    fn squared(self) -> Self {
        self.square()
    }

    /// The difference.
    fn minus(self, other: Self) -> Self;

    /// The inverse; 0 of 0.
    fn inverted(self) -> Self {
        self.inverse().unwrap_or(Self::ZERO)
    }
}

impl Number for ark_bn254::Fq {
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        difference(self, other)
    }
}

impl Number for ark_bls12_377::Fq {
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        difference(self, other)
    }
}

/// Both crates have Montgomery form, in six limbs of 64 bits, lowest first, and numbers below p.
impl Number for ark_bls12_381::Fq {
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        let (one, other) = (blst_fp { l: self.0.0 }, blst_fp { l: other.0.0 });
        let mut product = blst_fp::default();
        // SAFETY: references are valid for reading and writing.
        unsafe { blst_fp_mul(&mut product, &one, &other) };
        Self::new_unchecked(BigInt(product.l))
    }

    #[inline(always)]
    fn squared(self) -> Self {
        let number = blst_fp { l: self.0.0 };
        let mut square = blst_fp::default();
        // SAFETY: references are valid for reading and writing.
        unsafe { blst_fp_sqr(&mut square, &number) };
        Self::new_unchecked(BigInt(square.l))
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        difference(self, other)
    }

    fn inverted(self) -> Self {
        let number = blst_fp { l: self.0.0 };
        let mut inverse = blst_fp::default();
        // SAFETY: references are valid for reading and writing. The library's inverse of 0 is 0.
        unsafe { blst_fp_inverse(&mut inverse, &number) };
        Self::new_unchecked(BigInt(inverse.l))
    }
}

/// The difference of numbers below p, below p. A borrow is as likely as none: no branch depends
/// on it.
#[inline(always)]
fn difference<T: MontConfig<N>, const N: usize>(
    one: Fp<MontBackend<T, N>, N>,
    other: Fp<MontBackend<T, N>, N>,
) -> Fp<MontBackend<T, N>, N> {
    let mut limbs = one.0.0;
    let mut borrow = false;
    for (limb, subtrahend) in limbs.iter_mut().zip(other.0.0) {
        let (difference, first) = limb.overflowing_sub(subtrahend);
        let (difference, second) = difference.overflowing_sub(borrow.into());
        *limb = difference;
        borrow = first | second;
    }
    let mask = std::hint::black_box(0u64.wrapping_sub(borrow.into()));
    let mut carry = false;
    for (limb, addend) in limbs.iter_mut().zip(T::MODULUS.0) {
        let (sum, first) = limb.overflowing_add(addend & mask);
        let (sum, second) = sum.overflowing_add(carry.into());
        *limb = sum;
        carry = first | second;
    }
    Fp::new_unchecked(BigInt(limbs))
}
