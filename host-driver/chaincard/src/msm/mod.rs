//! Multi-scalar multiplication, k₁·P₁ + … + kₙ·Pₙ, on G1 of the pairing curves, on this processor.
//!
//! `docs/msm.md` in the repository says what the result is: encodings, rules, order of checks.
//! For each curve the best maintained crate does the work: `blst`, `halo2curves`, arkworks.
//!
//! Work is spread over the threads of rayon's current pool, and over no others: within
//! `rayon::ThreadPool::install` that is the pool, which may have one thread.
//!
//! ```
//! use chaincard::msm::{Bases, Checking, Curve, ScalarRule, msm};
//!
//! // The generator of BN254, (1, 2), twice: bases are parsed and checked once.
//! let mut points = [0; 128];
//! (points[31], points[63], points[95], points[127]) = (1, 2, 1, 2);
//! let bases = Bases::new(Curve::Bn254, &points, Checking::Checked)?;
//!
//! // 3·G + 4·G is 5·G + 2·G.
//! let scalars = |one, other| {
//!     let mut scalars = [0; 64];
//!     (scalars[31], scalars[63]) = (one, other);
//!     scalars
//! };
//! let sum = msm(&bases, &scalars(3, 4), ScalarRule::Reduce)?;
//! assert_eq!(sum.len(), Curve::Bn254.point_bytes());
//! assert_eq!(sum, msm(&bases, &scalars(5, 2), ScalarRule::Refuse)?);
//! # Ok::<(), chaincard::msm::MsmError>(())
//! ```

mod bases;
mod blob;
mod bls12_377;
mod bls12_381;
mod bn254;
mod engine;
mod error;
mod scalar;

use std::fmt;
use std::str::FromStr;

pub use bases::Bases;
pub use blob::{BLOB_BYTES, BlobError, blob_to_kzg_commitment};
pub use error::MsmError;
pub use scalar::SCALAR_BYTES;

/// A pairing curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// BN254: EIP-196, where it is `alt_bn128`.
    Bn254 = 0,
    /// BLS12-381: draft-irtf-cfrg-pairing-friendly-curves-11, section 4.2.1.
    Bls12_381 = 1,
    /// BLS12-377: Zexe (IACR ePrint 2018/962).
    Bls12_377 = 2,
}

/// There is no curve of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no curve {0:?}; there are: bn254, bls12-381, bls12-377")]
pub struct UnknownCurve(String);

impl Curve {
    /// Every curve.
    pub const ALL: [Self; 3] = [Self::Bn254, Self::Bls12_381, Self::Bls12_377];

    /// Name as users type it: `bn254`, `bls12-381`, `bls12-377`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bn254 => "bn254",
            Self::Bls12_381 => "bls12-381",
            Self::Bls12_377 => "bls12-377",
        }
    }

    /// Bytes of an encoded point: 64, 96, 96.
    pub const fn point_bytes(self) -> usize {
        match self {
            Self::Bn254 => 64,
            Self::Bls12_381 | Self::Bls12_377 => 96,
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Curve {
    type Err = UnknownCurve;

    fn from_str(name: &str) -> Result<Self, UnknownCurve> {
        let known = Self::ALL.into_iter().find(|curve| curve.name() == name);
        known.ok_or_else(|| UnknownCurve(name.to_owned()))
    }
}

/// What is asked of bases beyond their encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Checking {
    /// They are on the curve and in the group of order r.
    Checked,
    /// Nothing: the caller vouches for them. If that is wrong the result is some point.
    Unchecked,
}

/// What becomes of scalars of r or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScalarRule {
    /// They are taken modulo r.
    Reduce,
    /// They are an error.
    Refuse,
}

/// How to multiply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Msm {
    /// What becomes of scalars of r or more.
    pub scalars: ScalarRule,
    /// Most terms that a thread takes at once (0: one). Memory beyond bases and scalars grows with
    /// it, and not with n: below 1 KiB for each of these terms and each thread.
    pub chunk: usize,
}

impl Msm {
    /// [`chunk`](Self::chunk) unless it is said otherwise: at most 64 MiB for each thread.
    pub const DEFAULT_CHUNK: usize = 1 << 16;

    /// With the default chunk.
    pub const fn new(scalars: ScalarRule) -> Self {
        Self { scalars, chunk: Self::DEFAULT_CHUNK }
    }

    /// The multiplication with prepared bases. `scalars` are as many numbers of 32 bytes,
    /// big-endian; the result is a point of [`Curve::point_bytes`] in the encoding of the bases.
    ///
    /// # Errors
    /// [`MsmError::ScalarsLength`], [`MsmError::Count`], and [`MsmError::ScalarRange`] of the first
    /// scalar that is refused.
    pub fn multiply(&self, bases: &Bases, scalars: &[u8]) -> Result<Vec<u8>, MsmError> {
        let (scalars, []) = scalars.as_chunks::<SCALAR_BYTES>() else {
            return Err(MsmError::ScalarsLength);
        };
        if scalars.len() != bases.len() {
            return Err(MsmError::Count);
        }
        bases.multiply(self, scalars)
    }

    /// The multiplication with bases as [`Bases::new`] takes them, for a single time.
    ///
    /// # Errors
    /// Of all the rules that are broken, the first: the lengths come before any base, the bases
    /// before any scalar.
    pub fn multiply_bytes(
        &self,
        curve: Curve,
        bases: &[u8],
        checking: Checking,
        scalars: &[u8],
    ) -> Result<Vec<u8>, MsmError> {
        if !bases.len().is_multiple_of(curve.point_bytes()) {
            return Err(MsmError::BasesLength);
        }
        if !scalars.len().is_multiple_of(SCALAR_BYTES) {
            return Err(MsmError::ScalarsLength);
        }
        if bases.len() / curve.point_bytes() != scalars.len() / SCALAR_BYTES {
            return Err(MsmError::Count);
        }
        self.multiply(&Bases::new(curve, bases, checking)?, scalars)
    }
}

/// The multiplication with prepared bases, as [`Msm::multiply`] does it with the default chunk.
///
/// # Errors
/// Those of [`Msm::multiply`].
pub fn msm(bases: &Bases, scalars: &[u8], rule: ScalarRule) -> Result<Vec<u8>, MsmError> {
    Msm::new(rule).multiply(bases, scalars)
}
