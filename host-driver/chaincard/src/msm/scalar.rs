//! Scalars: 32 bytes, big-endian, and numbers of four limbs of 64 bits, lowest first.

use ark_ff::{BigInt, BigInteger};

/// Bytes of a scalar, on every curve.
pub const SCALAR_BYTES: usize = 32;

/// A number below 2^256.
pub(super) type Limbs = [u64; 4];

/// The number that the bytes are.
pub(super) fn limbs(bytes: &[u8; SCALAR_BYTES]) -> Limbs {
    let (words, _) = bytes.as_chunks::<8>();
    [3, 2, 1, 0].map(|word| u64::from_be_bytes(words[word]))
}

/// The number as bytes, big-endian.
pub(super) fn be_bytes(limbs: Limbs) -> [u8; SCALAR_BYTES] {
    let mut bytes = [0; SCALAR_BYTES];
    for (bytes, limb) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(limbs.iter().rev()) {
        *bytes = limb.to_be_bytes();
    }
    bytes
}

/// Whether `number` is below `order`.
pub(super) fn is_below(number: &Limbs, order: &Limbs) -> bool {
    number.iter().rev().lt(order.iter().rev())
}

/// `number` modulo `order`, which has more than 252 bits: 2^256 is less than 16 times as much.
pub(super) fn reduce(mut number: Limbs, order: &Limbs) -> Limbs {
    while !is_below(&number, order) {
        number = difference(number, order);
    }
    number
}

/// a + b modulo `order`, which has less than 256 bits; both are below it.
pub(super) fn add(a: &Limbs, b: &Limbs, order: &Limbs) -> Limbs {
    let mut sum = BigInt(*a);
    sum.add_with_carry(&BigInt(*b));
    reduce(sum.0, order)
}

/// −a modulo `order`; a is below it.
pub(super) fn negate(a: &Limbs, order: &Limbs) -> Limbs {
    reduce(difference(*order, a), order)
}

/// a − b, which is not below zero.
fn difference(a: Limbs, b: &Limbs) -> Limbs {
    let mut difference = BigInt(a);
    difference.sub_with_borrow(&BigInt(*b));
    difference.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::msm::{Curve, curve, group};
    use ark_ff::PrimeField;
    use chaincard_reference::msm::{Bls12_377, Bls12_381, Bn254, G1, Scalar};
    use proptest::prelude::*;

    fn by_arkworks<C: G1>(curve: Curve, a: Limbs, b: Limbs) {
        let order = curve::order(curve);
        assert_eq!(order, Scalar::<C>::MODULUS.as_ref());
        let [x, y] = [a, b].map(|limbs| Scalar::<C>::from_be_bytes_mod_order(&be_bytes(limbs)));
        let plain = |number: Scalar<C>| -> Limbs {
            number.into_bigint().as_ref().try_into().expect("four limbs")
        };
        let (a, b) = (reduce(a, order), reduce(b, order));
        assert_eq!((a, b), (plain(x), plain(y)));
        assert_eq!(add(&a, &b, order), plain(x + y));
        assert_eq!(negate(&a, order), plain(-x));
        let pairs = [(a, b), (b, b)];
        let product = group::of(curve).inner_product(&mut pairs.into_iter());
        assert_eq!(product, plain(x * y + y * y));
    }

    fn by_arkworks_on_all(a: Limbs, b: Limbs) {
        by_arkworks::<Bn254>(Curve::Bn254, a, b);
        by_arkworks::<Bls12_381>(Curve::Bls12_381, a, b);
        by_arkworks::<Bls12_377>(Curve::Bls12_377, a, b);
    }

    #[test]
    fn numbers_at_the_borders() {
        for curve in Curve::ALL {
            let last = negate(&[1, 0, 0, 0], curve::order(curve));
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
