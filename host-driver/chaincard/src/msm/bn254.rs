//! BN254 by `halo2curves`.

use halo2curves::CurveAffine;
use halo2curves::bn256::{Fq, Fr, G1, G1Affine};
use halo2curves::ff::PrimeField;
use halo2curves::group::Curve;
use halo2curves::msm::msm_best;

use super::engine::Engine;
use super::scalar::{Limbs, le_bytes};

const COORDINATE_BYTES: usize = 32;

pub(super) struct Bn254;

impl Engine for Bn254 {
    type Point = G1Affine;
    type Sum = G1;
    const ORDER: Limbs =
        [0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029];
    const POINT_BYTES: usize = 2 * COORDINATE_BYTES;

    fn point(bytes: &[u8]) -> Option<G1Affine> {
        let ([x, y], []) = bytes.as_chunks::<COORDINATE_BYTES>() else { return None };
        Some(G1Affine { x: coordinate(*x)?, y: coordinate(*y)? })
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

    fn add(one: G1, other: G1) -> G1 {
        one + other
    }

    fn encode(sum: &G1) -> Vec<u8> {
        // Infinity is (0, 0) in this crate, too.
        let point = sum.to_affine();
        let mut bytes = Vec::with_capacity(Self::POINT_BYTES);
        for coordinate in [point.x, point.y] {
            bytes.extend(coordinate.to_bytes().iter().rev());
        }
        bytes
    }
}

fn coordinate(mut bytes: [u8; COORDINATE_BYTES]) -> Option<Fq> {
    bytes.reverse();
    Fq::from_bytes(&bytes).into()
}
