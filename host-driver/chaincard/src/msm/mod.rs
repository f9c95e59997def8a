//! Multi-scalar multiplication, k₁·P₁ + … + kₙ·Pₙ, on G1 of the pairing curves, on this processor.
//!
//! `docs/msm.md` in the repository says what the result is: encodings, rules, order of checks.
//! Arithmetic is that of arkworks and `blst`; the bucket method is of this crate.
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
mod bls12_381;
pub(crate) mod bucket;
mod cache;
mod check;
mod curve;
mod engine;
mod error;
pub(crate) mod group;
mod mask;
pub(crate) mod number;
mod points;
mod scalar;
mod terms;
mod windows;

pub use bases::Bases;
pub use blob::{BLOB_BYTES, BlobError, blob_to_kzg_commitment};
pub(crate) use blob::{blob_bases, field_elements};
pub(crate) use bls12_381::compress;
pub use cache::BasesCache;
pub use check::NoRandomNumbers;
pub use curve::{Curve, UnknownCurve};
pub use error::MsmError;
pub use mask::Masked;
pub(crate) use mask::balanced;
pub use scalar::SCALAR_BYTES;
pub use terms::Terms;
pub use windows::{WindowsError, combine_windows, windows};

use scalar::{is_below, limbs};

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
    /// it, and not with n: below 256 bytes for each of these terms and each thread.
    pub chunk: usize,
}

impl Msm {
    /// [`chunk`](Self::chunk) unless it is said otherwise: at most 16 MiB for each thread.
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
        let scalars = self.check(bases, scalars)?;
        Ok(Terms::new(bases, 0, scalars)?.with_chunk(self.chunk).sum())
    }

    /// The scalars, which keep the rules.
    pub(crate) fn check<'a>(
        &self,
        bases: &Bases,
        scalars: &'a [u8],
    ) -> Result<&'a [[u8; SCALAR_BYTES]], MsmError> {
        self.check_scalars(bases.curve(), bases.len(), scalars)
    }

    /// The scalars of a multiplication with `count` bases, if they keep the rules: for callers who
    /// have the multiplication done elsewhere.
    ///
    /// # Errors
    /// Those of [`multiply`](Self::multiply).
    ///
    /// ```
    /// use chaincard::msm::{Curve, Msm, MsmError, ScalarRule};
    ///
    /// let msm = Msm::new(ScalarRule::Refuse);
    /// assert_eq!(msm.check_scalars(Curve::Bn254, 2, &[0; 64])?.len(), 2);
    /// assert_eq!(msm.check_scalars(Curve::Bn254, 3, &[0; 64]), Err(MsmError::Count));
    /// let large = msm.check_scalars(Curve::Bn254, 1, &[0xff; 32]);
    /// assert_eq!(large, Err(MsmError::ScalarRange(0)));
    /// # Ok::<(), MsmError>(())
    /// ```
    pub fn check_scalars<'a>(
        &self,
        curve: Curve,
        count: usize,
        scalars: &'a [u8],
    ) -> Result<&'a [[u8; SCALAR_BYTES]], MsmError> {
        let (scalars, []) = scalars.as_chunks::<SCALAR_BYTES>() else {
            return Err(MsmError::ScalarsLength);
        };
        if scalars.len() != count {
            return Err(MsmError::Count);
        }
        match self.refused(curve, scalars) {
            Some(index) => Err(MsmError::ScalarRange(index)),
            None => Ok(scalars),
        }
    }

    /// The first scalar that is refused.
    fn refused(&self, curve: Curve, scalars: &[[u8; SCALAR_BYTES]]) -> Option<usize> {
        match self.scalars {
            ScalarRule::Reduce => None,
            ScalarRule::Refuse => {
                let order = curve::order(curve);
                scalars.iter().position(|scalar| !is_below(&limbs(scalar), order))
            }
        }
    }

    /// The multiplication with bases as [`Bases::new`] takes them, for a single time. They are
    /// prepared part by part, so that memory beyond bases and scalars does not grow with them.
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
        self.by_parts(curve, bases, checking, scalars, |bases, scalars| {
            Ok(Terms::new(bases, 0, scalars)?.with_chunk(self.chunk).sum())
        })
    }

    /// As [`multiply_bytes`](Self::multiply_bytes), each part by `multiply`.
    pub(crate) fn by_parts<E: From<MsmError>>(
        &self,
        curve: Curve,
        bases: &[u8],
        checking: Checking,
        scalars: &[u8],
        mut multiply: impl FnMut(&Bases, &[[u8; SCALAR_BYTES]]) -> Result<Vec<u8>, E>,
    ) -> Result<Vec<u8>, E> {
        let scalars = check_lengths(curve, bases, scalars)?;
        let refused = self.refused(curve, scalars);
        let group = group::of(curve);
        // A part has its prepared bases beside what multiplying takes: of long lists, some tenth.
        let threads = rayon::current_num_threads();
        let part = self.chunk.max(1).saturating_mul(threads);
        let part = part.min((scalars.len() / 10).max(threads << 15));
        let parts = bases.chunks(part.saturating_mul(curve.point_bytes()));
        let mut sum = vec![0; curve.point_bytes()];
        for (index, (bases, scalars)) in parts.zip(scalars.chunks(part)).enumerate() {
            let first = index * part;
            let bases = Bases::new(curve, bases, checking).map_err(|error| error.after(first))?;
            // Bases that break a rule come first, wherever they are.
            if refused.is_none() {
                let more = multiply(&bases, scalars)?;
                sum = group.add(&sum, &more).expect("sums are points");
            }
        }
        match refused {
            Some(index) => Err(MsmError::ScalarRange(index).into()),
            None => Ok(sum),
        }
    }
}

/// The scalars, if bases and scalars as bytes are as many: the rules that come before all others,
/// for callers who prepare bases for a single time.
///
/// # Errors
/// [`MsmError::BasesLength`], [`MsmError::ScalarsLength`], [`MsmError::Count`].
pub fn check_lengths<'a>(
    curve: Curve,
    bases: &[u8],
    scalars: &'a [u8],
) -> Result<&'a [[u8; SCALAR_BYTES]], MsmError> {
    if !bases.len().is_multiple_of(curve.point_bytes()) {
        return Err(MsmError::BasesLength);
    }
    let (scalars, []) = scalars.as_chunks::<SCALAR_BYTES>() else {
        return Err(MsmError::ScalarsLength);
    };
    if bases.len() / curve.point_bytes() != scalars.len() {
        return Err(MsmError::Count);
    }
    Ok(scalars)
}

/// The multiplication with prepared bases, as [`Msm::multiply`] does it with the default chunk.
///
/// # Errors
/// Those of [`Msm::multiply`].
pub fn msm(bases: &Bases, scalars: &[u8], rule: ScalarRule) -> Result<Vec<u8>, MsmError> {
    Msm::new(rule).multiply(bases, scalars)
}
