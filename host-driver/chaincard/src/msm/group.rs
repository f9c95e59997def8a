//! G1 of any curve on encoded points: what is done with sums after they are made.

use std::marker::PhantomData;

use super::bls12_377::Bls12_377;
use super::bls12_381::Bls12_381;
use super::bn254::Bn254;
use super::engine::{Divided, Engine, encode};
use super::points::{Points, Prepared};
use super::scalar::{SCALAR_BYTES, limbs, reduce};
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

/// The point on the curve with this encoding; `None` inside is infinity.
#[expect(clippy::option_option, reason = "a point may be missing, or be infinite")]
fn decode<E: Engine>(bytes: &[u8]) -> Option<Option<E::Point>> {
    if bytes.len() == E::POINT_BYTES && bytes.iter().all(|&byte| byte == 0) {
        return Some(None);
    }
    E::point(bytes).filter(E::is_on_curve).map(Some)
}

impl<E: Engine + Sync> Group for On<E> {
    fn place(&self, point: &[u8]) -> Place {
        match decode::<E>(point) {
            None => Place::Nowhere,
            Some(Some(point)) if !E::is_in_subgroup(&point) => Place::Curve,
            Some(_) => Place::Group,
        }
    }

    fn add(&self, one: &[u8], other: &[u8]) -> Option<Vec<u8>> {
        let (finite, infinite) = match (decode::<E>(one)?, decode::<E>(other)?) {
            (Some(one), Some(other)) => {
                return Some(encode::<E>(&E::add(E::sum(&one), E::sum(&other))));
            }
            (None, _) => (other, one),
            (_, None) => (one, other),
        };
        debug_assert_eq!(finite.len(), infinite.len());
        Some(finite.to_vec())
    }

    fn generator(&self) -> Vec<u8> {
        encode::<E>(&E::sum(&E::generator()))
    }

    fn times(&self, point: &[u8], scalar: &[u8; SCALAR_BYTES]) -> Option<Vec<u8>> {
        let scalar = reduce(limbs(scalar), &E::ORDER);
        let Some(point) = decode::<E>(point)? else { return Some(point.to_vec()) };
        Some(encode::<E>(&E::times(&point, scalar)))
    }

    fn horner(&self, width: u32, sums: &[u8]) -> Result<Vec<u8>, WindowsError> {
        let size = E::POINT_BYTES / 2 * 3;
        let mut total: Option<E::Sum> = None;
        for (window, sum) in sums.chunks_exact(size).enumerate().rev() {
            total = total.map(|total| (0..width).fold(total, |sum, _| E::add(sum, sum)));
            match E::divide(sum) {
                Divided::Infinite => {}
                Divided::Finite(point) if E::is_on_curve(&point) => {
                    let sum = E::sum(&point);
                    total = Some(total.map_or(sum, |total| E::add(total, sum)));
                }
                _ => return Err(WindowsError::NotOnCurve(window)),
            }
        }
        Ok(total.map_or_else(|| vec![0; E::POINT_BYTES], |total| encode::<E>(&total)))
    }
}
