//! G1 of any curve on encoded points: what is done with sums after they are made.

use std::marker::PhantomData;

use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ff::{AdditiveGroup, BigInt, PrimeField, Zero};

use super::bls12_381::Bls12_381;
use super::engine::{Bls12_377, Bn254, Divided, Engine, decode, divide, encode};
use super::points::{Points, Prepared};
use super::scalar::{Limbs, SCALAR_BYTES, limbs, reduce};
use super::windows::WindowsError;
use super::{Checking, Curve, MsmError};

/// Where an encoded point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In G1.
    Group,
    /// On the curve, outside G1.
    Curve,
    /// Nowhere: it is no encoding, or off the curve.
    Nowhere,
}

/// The group of one curve; points are encoded.
pub(crate) trait Group: Sync {
    /// Where a point lies.
    fn place(&self, point: &[u8]) -> Place;

    /// The sum of two points; `None` unless both are on the curve.
    fn add(&self, one: &[u8], other: &[u8]) -> Option<Vec<u8>>;

    /// The generator.
    fn generator(&self) -> Vec<u8>;

    /// The product, the scalar taken modulo r; `None` unless the point is on the curve.
    fn times(&self, point: &[u8], scalar: &[u8; SCALAR_BYTES]) -> Option<Vec<u8>>;

    /// The sum of the products of the pairs of numbers, all below r, modulo r.
    fn inner_product(&self, pairs: &mut dyn Iterator<Item = (Limbs, Limbs)>) -> Limbs;

    /// total = 2^`width`·total + sum for each of the sums, from the last to the first.
    fn horner(&self, width: u32, sums: &[u8]) -> Result<Vec<u8>, WindowsError>;
}

/// The group of a curve.
pub(crate) fn of(curve: Curve) -> &'static dyn Group {
    match curve {
        Curve::Bn254 => &On::<Bn254>(PhantomData),
        Curve::Bls12_381 => &On::<Bls12_381>(PhantomData),
        Curve::Bls12_377 => &On::<Bls12_377>(PhantomData),
    }
}

/// Parses a whole number of points.
pub(super) fn prepare(
    curve: Curve,
    bytes: &[u8],
    checking: Checking,
) -> Result<Box<dyn Prepared>, MsmError> {
    Ok(match curve {
        Curve::Bn254 => Box::new(Points::<Bn254>::new(bytes, checking)?),
        Curve::Bls12_381 => Box::new(Points::<Bls12_381>::new(bytes, checking)?),
        Curve::Bls12_377 => Box::new(Points::<Bls12_377>::new(bytes, checking)?),
    })
}

struct On<E>(PhantomData<E>);

/// The point on the curve with this encoding.
fn on_curve<E: Engine>(bytes: &[u8]) -> Option<Affine<E>> {
    decode(bytes).filter(|point| point.is_zero() || point.is_on_curve())
}

impl<E: Engine> Group for On<E> {
    fn place(&self, point: &[u8]) -> Place {
        match on_curve::<E>(point) {
            None => Place::Nowhere,
            Some(point) if point.is_zero() || E::is_in_subgroup(&point) => Place::Group,
            Some(_) => Place::Curve,
        }
    }

    fn add(&self, one: &[u8], other: &[u8]) -> Option<Vec<u8>> {
        let (one, other) = (on_curve::<E>(one)?, on_curve::<E>(other)?);
        Some(encode::<E>(&(one.into_group() + other)))
    }

    fn generator(&self) -> Vec<u8> {
        encode::<E>(&E::GENERATOR.into_group())
    }

    fn times(&self, point: &[u8], scalar: &[u8; SCALAR_BYTES]) -> Option<Vec<u8>> {
        let scalar = reduce(limbs(scalar), &E::ORDER);
        Some(encode::<E>(&on_curve::<E>(point)?.mul_bigint(scalar)))
    }

    fn inner_product(&self, pairs: &mut dyn Iterator<Item = (Limbs, Limbs)>) -> Limbs {
        let number = |limbs| E::ScalarField::from_bigint(BigInt(limbs)).expect("below r");
        pairs.map(|(a, b)| number(a) * number(b)).sum::<E::ScalarField>().into_bigint().0
    }

    fn horner(&self, width: u32, sums: &[u8]) -> Result<Vec<u8>, WindowsError> {
        let size = E::POINT_BYTES / 2 * 3;
        let mut total = Projective::<E>::zero();
        for (window, sum) in sums.chunks_exact(size).enumerate().rev() {
            for _ in 0..width {
                total.double_in_place();
            }
            match divide::<E>(sum) {
                Divided::Infinite => {}
                // (0, 0) is no point of the curve.
                Divided::Finite(point) if !point.is_zero() && point.is_on_curve() => {
                    total += point;
                }
                _ => return Err(WindowsError::NotOnCurve(window)),
            }
        }
        Ok(encode::<E>(&total))
    }
}
