//! BN254 by `halo2curves`.

use halo2curves::CurveAffine;
use halo2curves::bn256::{Fq, Fr, G1, G1Affine};
use halo2curves::ff::{Field, PrimeField};
use halo2curves::group::Curve;
use halo2curves::group::prime::PrimeCurveAffine;
use halo2curves::msm::msm_best;

use super::Curve as Name;
use super::engine::{Divided, Engine};
use super::scalar::{Limbs, le_bytes, limbs, reduce};

const COORDINATE_BYTES: usize = 32;

/// p; 2^256 is less than 6 times as much.
const P: Limbs = [0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029];

pub(super) struct Bn254;

impl Engine for Bn254 {
    type Point = G1Affine;
    type Sum = G1;
    const CURVE: Name = Name::Bn254;
    const ORDER: Limbs =
        [0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029];

    fn point(bytes: &[u8]) -> Option<G1Affine> {
        let ([x, y], []) = bytes.as_chunks::<COORDINATE_BYTES>() else { return None };
        Some(G1Affine { x: coordinate(*x)?, y: coordinate(*y)? })
    }

    fn divide(bytes: &[u8]) -> Divided<G1Affine> {
        let ([x, y, z], []) = bytes.as_chunks::<COORDINATE_BYTES>() else {
            return Divided::Nowhere;
        };
        let [x, y, z] = [x, y, z].map(|bytes| {
            let number = le_bytes(reduce(limbs(bytes), &P));
            Fq::from_bytes(&number).expect("the number is below p")
        });
        match Option::<Fq>::from(z.invert()) {
            Some(inverse) => Divided::Finite(G1Affine { x: x * inverse, y: y * inverse }),
            None => Divided::at_infinity(x == Fq::ZERO, y == Fq::ZERO),
        }
    }

    fn generator() -> G1Affine {
        G1Affine::generator()
    }

    fn is_on_curve(point: &G1Affine) -> bool {
        point.is_on_curve().into()
    }

    fn is_in_subgroup(_: &G1Affine) -> bool {
        true
    }

    fn product(points: &[G1Affine], scalars: impl Iterator<Item = Limbs>) -> G1 {
        let scalars: Vec<Fr> = scalars
            .map(|scalar| Fr::from_repr(le_bytes(scalar).into()).expect("the scalar is below r"))
            .collect();
        msm_best(&scalars, points)
    }

    fn times(point: &G1Affine, scalar: Limbs) -> G1 {
        point * Fr::from_repr(le_bytes(scalar).into()).expect("the scalar is below r")
    }

    fn sum(point: &G1Affine) -> G1 {
        point.to_curve()
    }

    fn add(one: G1, other: G1) -> G1 {
        one + other
    }

    fn affine(sum: &G1) -> Option<G1Affine> {
        let point = sum.to_affine();
        (!bool::from(point.is_identity())).then_some(point)
    }

    fn write(point: &G1Affine, bytes: &mut [u8]) {
        for (bytes, coordinate) in bytes.chunks_exact_mut(COORDINATE_BYTES).zip([point.x, point.y])
        {
            bytes.copy_from_slice(&coordinate.to_bytes());
            bytes.reverse();
        }
    }
}

fn coordinate(mut bytes: [u8; COORDINATE_BYTES]) -> Option<Fq> {
    bytes.reverse();
    Fq::from_bytes(&bytes).into()
}
