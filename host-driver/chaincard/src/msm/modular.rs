//! Numbers modulo r, of four limbs of 64 bits, lowest first: what masks and checks of sums need.

use super::scalar::{Limbs, is_below};

/// An odd number m of 253 to 256 bits.
pub(super) struct Modulus {
    m: Limbs,
    /// −1/m modulo 2^64.
    inverse: u64,
    /// 2^512 modulo m.
    square: Limbs,
}

impl Modulus {
    pub(super) const fn new(m: Limbs) -> Self {
        // Newton's iteration doubles the right bits; m is its own inverse modulo 8.
        let mut inverse = m[0];
        let mut round = 0;
        while round < 5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(m[0].wrapping_mul(inverse)));
            round += 1;
        }
        let mut square = [1, 0, 0, 0];
        let mut doublings = 0;
        while doublings < 512 {
            square = add(&square, &square, &m);
            doublings += 1;
        }
        Self { m, inverse: inverse.wrapping_neg(), square }
    }

    /// a + b; both below m.
    pub(super) const fn add(&self, a: &Limbs, b: &Limbs) -> Limbs {
        add(a, b, &self.m)
    }

    /// −a; a below m.
    pub(super) fn negate(&self, a: &Limbs) -> Limbs {
        if *a == [0; 4] { *a } else { subtract(&self.m, a).0 }
    }

    /// The sum of all a·b; all below m.
    pub(super) fn inner_product<'a>(
        &self,
        pairs: impl Iterator<Item = (&'a Limbs, Limbs)>,
    ) -> Limbs {
        let sum = pairs.fold([0; 4], |sum, (a, b)| self.add(&sum, &self.montgomery(a, &b)));
        self.montgomery(&sum, &self.square)
    }

    /// a·b / 2^256; both below m.
    fn montgomery(&self, a: &Limbs, b: &Limbs) -> Limbs {
        let mut t = [0u64; 5];
        for &a in a {
            let mut carry = 0;
            for (t, &b) in t.iter_mut().zip(b) {
                (*t, carry) = wide(u128::from(a) * u128::from(b) + u128::from(*t) + carry);
            }
            let (top, over) = wide(u128::from(t[4]) + carry);
            let q = u128::from(t[0].wrapping_mul(self.inverse));
            let mut carry = wide(q * u128::from(self.m[0]) + u128::from(t[0])).1;
            for j in 1..4 {
                (t[j - 1], carry) = wide(q * u128::from(self.m[j]) + u128::from(t[j]) + carry);
            }
            (t[3], carry) = wide(u128::from(top) + carry);
            // Below 2m, so 0 or 1.
            t[4] = (over + carry) as u64;
        }
        let [product @ .., top] = t;
        let is_reduced = top == 0 && is_below(&product, &self.m);
        if is_reduced { product } else { subtract(&product, &self.m).0 }
    }
}

/// The low half, and the high half for the next limb.
fn wide(number: u128) -> (u64, u128) {
    (number as u64, number >> 64)
}

/// a + b modulo m; both below m.
const fn add(a: &Limbs, b: &Limbs, m: &Limbs) -> Limbs {
    let (to_m, _) = subtract(m, b);
    // a − (m − b), and m again where that is negative, limbs wrapping around.
    let (reduced, below) = subtract(a, &to_m);
    if !below {
        return reduced;
    }
    let (minus_m, _) = subtract(&[0; 4], m);
    subtract(&reduced, &minus_m).0
}

/// a − b modulo 2^256, and whether it was below zero.
pub(super) const fn subtract(a: &Limbs, b: &Limbs) -> (Limbs, bool) {
    let mut difference = [0; 4];
    let mut borrow = false;
    let mut j = 0;
    while j < 4 {
        let (partial, first) = a[j].overflowing_sub(b[j]);
        let (limb, second) = partial.overflowing_sub(borrow as u64);
        difference[j] = limb;
        borrow = first || second;
        j += 1;
    }
    (difference, borrow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::msm::curve::order;
    use crate::msm::{Curve, scalar};
    use ark_ff::{BigInt, PrimeField};
    use proptest::prelude::*;

    fn by_arkworks<F: PrimeField<BigInt = BigInt<4>>>(curve: Curve, a: Limbs, b: Limbs) {
        let m = F::MODULUS.0;
        assert_eq!(*order(curve), m);
        let modulus = Modulus::new(m);
        let (a, b) = (scalar::reduce(a, &m), scalar::reduce(b, &m));
        let [x, y] = [a, b].map(|limbs| F::from_bigint(BigInt(limbs)).expect("below r"));
        let plain = |number: F| number.into_bigint().0;
        assert_eq!(modulus.add(&a, &b), plain(x + y));
        assert_eq!(modulus.negate(&a), plain(-x));
        let pairs = [(&a, b), (&b, b)];
        assert_eq!(modulus.inner_product(pairs.into_iter()), plain(x * y + y * y));
    }

    fn by_arkworks_on_all(a: Limbs, b: Limbs) {
        by_arkworks::<chaincard_reference::msm::Scalar<chaincard_reference::msm::Bn254>>(
            Curve::Bn254,
            a,
            b,
        );
        by_arkworks::<chaincard_reference::msm::Scalar<chaincard_reference::msm::Bls12_381>>(
            Curve::Bls12_381,
            a,
            b,
        );
        by_arkworks::<ark_bls12_377::Fr>(Curve::Bls12_377, a, b);
    }

    #[test]
    fn numbers_at_the_borders() {
        for curve in Curve::ALL {
            let last = subtract(order(curve), &[1, 0, 0, 0]).0;
            let corners = [[0; 4], [1, 0, 0, 0], last, [u64::MAX; 4], [0, 0, 0, 1 << 63]];
            for a in corners {
                for b in corners {
                    by_arkworks_on_all(a, b);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_numbers(a in any::<Limbs>(), b in any::<Limbs>()) {
            by_arkworks_on_all(a, b);
        }
    }
}
