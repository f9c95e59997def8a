//! Bases that are parsed once and serve many multiplications.

use std::fmt;
use std::sync::Arc;

use super::bls12_377::Bls12_377;
use super::bls12_381::Bls12_381;
use super::bn254::Bn254;
use super::engine::Points;
use super::scalar::SCALAR_BYTES;
use super::{Checking, Curve, Msm, MsmError};

/// Bases, in the form that the curve's crate works with: about as many bytes as their encodings.
/// Clones share them.
#[derive(Clone)]
pub struct Bases(Prepared);

#[derive(Clone)]
enum Prepared {
    Bn254(Arc<Points<Bn254>>),
    Bls12_381(Arc<Points<Bls12_381>>),
    Bls12_377(Arc<Points<Bls12_377>>),
}

impl Bases {
    /// Parses points of [`Curve::point_bytes`] each, x then y, big-endian, infinity all zeros, on
    /// rayon's current pool.
    ///
    /// # Errors
    /// [`MsmError::BasesLength`] if there is no whole number of them; of the first point that
    /// breaks a rule, [`MsmError::BaseRange`] and, if `checking` says so,
    /// [`MsmError::BaseNotOnCurve`] and [`MsmError::BaseNotInSubgroup`].
    pub fn new(curve: Curve, bytes: &[u8], checking: Checking) -> Result<Self, MsmError> {
        if !bytes.len().is_multiple_of(curve.point_bytes()) {
            return Err(MsmError::BasesLength);
        }
        Ok(Self(match curve {
            Curve::Bn254 => Prepared::Bn254(Points::new(bytes, checking)?.into()),
            Curve::Bls12_381 => Prepared::Bls12_381(Points::new(bytes, checking)?.into()),
            Curve::Bls12_377 => Prepared::Bls12_377(Points::new(bytes, checking)?.into()),
        }))
    }

    /// Their curve.
    pub fn curve(&self) -> Curve {
        match &self.0 {
            Prepared::Bn254(_) => Curve::Bn254,
            Prepared::Bls12_381(_) => Curve::Bls12_381,
            Prepared::Bls12_377(_) => Curve::Bls12_377,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Prepared::Bn254(points) => points.len(),
            Prepared::Bls12_381(points) => points.len(),
            Prepared::Bls12_377(points) => points.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The multiplication; as many scalars as bases.
    pub(super) fn multiply(
        &self,
        options: &Msm,
        scalars: &[[u8; SCALAR_BYTES]],
    ) -> Result<Vec<u8>, MsmError> {
        match &self.0 {
            Prepared::Bn254(points) => points.multiply(options, scalars),
            Prepared::Bls12_381(points) => points.multiply(options, scalars),
            Prepared::Bls12_377(points) => points.multiply(options, scalars),
        }
    }
}

impl fmt::Debug for Bases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bases({} of {})", self.len(), self.curve())
    }
}
