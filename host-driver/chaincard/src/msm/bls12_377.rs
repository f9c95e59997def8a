//! BLS12-377.

use ark_bls12_377::Fr;
pub(super) use ark_bls12_377::g1::Config as Bls12_377;
use ark_ec::short_weierstrass::Affine;
use ark_ff::PrimeField;

use super::Curve;
use super::engine::Engine;
use super::scalar::Limbs;

impl Engine for Bls12_377 {
    const CURVE: Curve = Curve::Bls12_377;
    const ORDER: Limbs = Fr::MODULUS.0;

    fn is_in_subgroup(point: &Affine<Self>) -> bool {
        point.is_in_correct_subgroup_assuming_on_curve()
    }
}
