//! BLS12-377 by arkworks.

use ark_bls12_377::{Fq, Fr, G1Affine, G1Projective};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::{BigInt, BigInteger, PrimeField};

use super::engine::Engine;
use super::scalar::Limbs;

const COORDINATE_BYTES: usize = 48;

pub(super) struct Bls12_377;

impl Engine for Bls12_377 {
    type Point = G1Affine;
    type Sum = G1Projective;
    const ORDER: Limbs = Fr::MODULUS.0;
    const POINT_BYTES: usize = 2 * COORDINATE_BYTES;

    fn point(bytes: &[u8]) -> Option<G1Affine> {
        let ([x, y], []) = bytes.as_chunks::<COORDINATE_BYTES>() else { return None };
        Some(G1Affine::new_unchecked(coordinate(x)?, coordinate(y)?))
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

    fn add(one: G1Projective, other: G1Projective) -> G1Projective {
        one + other
    }

    fn encode(sum: &G1Projective) -> Vec<u8> {
        let Some((x, y)) = sum.into_affine().xy() else { return vec![0; Self::POINT_BYTES] };
        [x, y].map(|coordinate| coordinate.into_bigint().to_bytes_be()).concat()
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
