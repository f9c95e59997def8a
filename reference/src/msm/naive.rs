//! What the result is: each product by doubling and adding, and their sum.

use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, BitIteratorBE, PrimeField};

use super::{G1, Term};

/// n·P for a number of 64-bit limbs, lowest first. n is not taken modulo r, and P may be outside
/// the group of order r.
pub fn multiple<C: G1>(point: &Affine<C>, n: impl AsRef<[u64]>) -> Affine<C> {
    product(point, n).into_affine()
}

fn product<C: G1>(point: &Affine<C>, n: impl AsRef<[u64]>) -> Projective<C> {
    let mut product = Affine::<C>::identity().into_group();
    for bit in BitIteratorBE::without_leading_zeros(n) {
        product.double_in_place();
        if bit {
            product += point;
        }
    }
    product
}

/// The sum of all k·P; infinity if there is none.
pub fn msm<C: G1>(terms: &[Term<C>]) -> Affine<C> {
    let mut sum = Affine::<C>::identity().into_group();
    for (base, scalar) in terms {
        sum += product(base, scalar.into_bigint());
    }
    sum.into_affine()
}
