//! BN254.

use ark_bn254::Fr;
pub(super) use ark_bn254::g1::Config as Bn254;
use ark_ec::short_weierstrass::Affine;
use ark_ff::PrimeField;

use super::Curve;
use super::engine::Engine;
use super::scalar::Limbs;

impl Engine for Bn254 {
    const CURVE: Curve = Curve::Bn254;
    const ORDER: Limbs = Fr::MODULUS.0;

    fn is_in_subgroup(_: &Affine<Self>) -> bool {
        // There are r points.
        true
    }
}
