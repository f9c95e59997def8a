//! The terms of a multiplication, or some of them: what a device is asked for.

use std::ops::Range;

use super::check::random;
use super::mask::{Masked, mask};
use super::scalar::{SCALAR_BYTES, be_bytes, limbs, reduce};
use super::{Bases, Curve, Msm, MsmError, NoRandomNumbers, curve};

/// Some bases with a scalar each. Bases are on the curve, or infinity; scalars are below 2^256,
/// and stand for what they are modulo r.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    bases: &'a Bases,
    first: usize,
    scalars: &'a [[u8; SCALAR_BYTES]],
    chunk: usize,
}

impl<'a> Terms<'a> {
    /// The bases from `first` on, one for each scalar.
    ///
    /// # Errors
    /// [`MsmError::Count`] if there are not so many.
    pub fn new(
        bases: &'a Bases,
        first: usize,
        scalars: &'a [[u8; SCALAR_BYTES]],
    ) -> Result<Self, MsmError> {
        match first.checked_add(scalars.len()) {
            Some(end) if end <= bases.len() => {
                Ok(Self { bases, first, scalars, chunk: Msm::DEFAULT_CHUNK })
            }
            _ => Err(MsmError::Count),
        }
    }

    /// With another bound on memory: see [`Msm::chunk`].
    #[must_use]
    pub fn with_chunk(self, chunk: usize) -> Self {
        Self { chunk, ..self }
    }

    /// The curve.
    pub fn curve(&self) -> Curve {
        self.bases.curve()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.scalars.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.scalars.is_empty()
    }

    /// All bases of the handle.
    pub fn bases(&self) -> &'a Bases {
        self.bases
    }

    /// Which of them are meant.
    pub fn range(&self) -> Range<usize> {
        self.first..self.first + self.scalars.len()
    }

    /// The scalars as they were given.
    pub fn scalars(&self) -> &'a [[u8; SCALAR_BYTES]] {
        self.scalars
    }

    /// The scalars modulo r, big-endian.
    pub fn reduced(&self) -> impl Iterator<Item = [u8; SCALAR_BYTES]> {
        let order = curve::order(self.curve());
        self.scalars.iter().map(|scalar| be_bytes(reduce(limbs(scalar), order)))
    }

    /// The points, encoded, back to back: x then y, big-endian, infinity all zeros.
    pub fn points(&self) -> Vec<u8> {
        self.bases.points(self.range())
    }

    /// The terms with scalars that say nothing of the ones here, and the same sum: see [`Masked`].
    pub fn masked(&self, mask: &[u8; SCALAR_BYTES]) -> Masked {
        self::mask(self, mask)
    }

    /// The same with a random mask, as a device that is slower for some scalars than for others wants
    /// it. It has one term more.
    ///
    /// # Errors
    /// [`NoRandomNumbers`].
    pub fn masked_at_random(&self) -> Result<Masked, NoRandomNumbers> {
        Ok(self.masked(&be_bytes(random(self.curve())?)))
    }

    /// The terms in parts of at most `len` (0: one).
    pub(crate) fn parts(self, len: usize) -> impl Iterator<Item = Self> {
        let len = len.max(1);
        self.scalars.chunks(len).enumerate().map(move |(index, scalars)| Self {
            first: self.first + index * len,
            scalars,
            ..self
        })
    }

    /// Their sum by this processor, on rayon's current pool.
    pub fn sum(&self) -> Vec<u8> {
        self.bases.multiply(self.first, self.scalars, self.chunk)
    }

    /// The same with the twins of the bases, once the linear check is prepared.
    pub(crate) fn twins(&self) -> Option<Self> {
        self.bases.twins().map(|twins| Self { bases: twins.bases(), ..*self })
    }

    /// Whether `sum` and the sum of [`twins`](Self::twins) belong together.
    pub(crate) fn agree(&self, sum: &[u8], twin: &[u8]) -> bool {
        self.bases.twins().is_some_and(|twins| twins.agree(self, sum, twin))
    }
}
