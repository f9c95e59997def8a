//! BLS12-377 by arkworks.

use ark_bls12_377::{Fq, Fr, G1Affine, G1Projective};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::{AdditiveGroup, BigInt, BigInteger, Field, PrimeField};

use super::Curve;
use super::engine::{Divided, Engine};
use super::scalar::Limbs;

const COORDINATE_BYTES: usize = 48;

pub(super) struct Bls12_377;

impl Engine for Bls12_377 {
    type Point = G1Affine;
    type Sum = G1Projective;
    const CURVE: Curve = Curve::Bls12_377;
    const ORDER: Limbs = Fr::MODULUS.0;

    fn point(bytes: &[u8]) -> Option<G1Affine> {
        let ([x, y], []) = bytes.as_chunks::<COORDINATE_BYTES>() else { return None };
        Some(G1Affine::new_unchecked(coordinate(x)?, coordinate(y)?))
    }

    fn divide(bytes: &[u8]) -> Divided<G1Affine> {
        let ([x, y, z], []) = bytes.as_chunks::<COORDINATE_BYTES>() else {
            return Divided::Nowhere;
        };
        let [x, y, z] = [x, y, z].map(|bytes| Fq::from_be_bytes_mod_order(bytes));
        match z.inverse() {
            Some(inverse) => Divided::Finite(G1Affine::new_unchecked(x * inverse, y * inverse)),
            None => Divided::at_infinity(x == Fq::ZERO, y == Fq::ZERO),
        }
    }

    fn generator() -> G1Affine {
        G1Affine::generator()
    }

    fn is_on_curve(point: &G1Affine) -> bool {
        point.is_on_curve()
    }

    fn is_in_subgroup(point: &G1Affine) -> bool {
        point.is_in_correct_subgroup_assuming_on_curve()
    }

    fn product(points: &[G1Affine], scalars: impl Iterator<Item = Limbs>) -> G1Projective {
        let scalars: Vec<_> = scalars.map(BigInt).collect();
        G1Projective::msm_bigint(points, &scalars)
    }

    fn times(point: &G1Affine, scalar: Limbs) -> G1Projective {
        point.mul_bigint(scalar)
    }

    fn sum(point: &G1Affine) -> G1Projective {
        (*point).into()
    }

    fn add(one: G1Projective, other: G1Projective) -> G1Projective {
        one + other
    }

    fn affine(sum: &G1Projective) -> Option<G1Affine> {
        let point = sum.into_affine();
        (!point.is_zero()).then_some(point)
    }

    fn write(point: &G1Affine, bytes: &mut [u8]) {
        for (bytes, coordinate) in bytes.chunks_exact_mut(COORDINATE_BYTES).zip([point.x, point.y])
        {
            bytes.copy_from_slice(&coordinate.into_bigint().to_bytes_be());
        }
    }
}

fn coordinate(bytes: &[u8; COORDINATE_BYTES]) -> Option<Fq> {
    let (words, _) = bytes.as_chunks::<8>();
    let mut limbs = [0; COORDINATE_BYTES / 8];
    for (limb, word) in limbs.iter_mut().zip(words.iter().rev()) {
        *limb = u64::from_be_bytes(*word);
    }
    Fq::from_bigint(BigInt(limbs))
}
