//! Multi-scalar multiplication through an accelerator.

use super::handle::Completion;
use super::sums::{Progress, Request};
use super::work::{Job, Work};
use super::{Accelerator, Error, Handle, Outcome, SubmitError};
use crate::device::DeviceError;
use crate::msm::{self, Bases, Checking, Curve, Msm, MsmError, SCALAR_BYTES, ScalarRule};
use crate::operation::Operation;

/// A multiplication with prepared bases, owned.
///
/// ```
/// use chaincard::msm::{Bases, Checking, Curve, Msm, ScalarRule};
/// use chaincard::{Accelerator, MsmJob};
///
/// let accelerator = Accelerator::open("cpu")?;
/// let bases = Bases::new(Curve::Bls12_381, &[0; 192], Checking::Checked)?;
/// let job = MsmJob::new(&bases, vec![7; 64], Msm::new(ScalarRule::Refuse))?;
/// let answer = accelerator.submit_msm(job)?.wait()?;
/// assert_eq!(answer.point, [0; 96]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MsmJob {
    bases: Bases,
    scalars: Vec<u8>,
    chunk: usize,
}

/// Answer to an [`MsmJob`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MsmAnswer {
    /// The sum, in the encoding of the bases.
    pub point: Vec<u8>,
    /// Which device answered, and how. Where several did, part by part, the last one.
    pub outcome: Outcome,
}

impl MsmJob {
    /// Checks scalars, as many as bases, 32 bytes each, big-endian.
    ///
    /// # Errors
    /// Those of [`Msm::multiply`].
    pub fn new(bases: &Bases, scalars: Vec<u8>, options: Msm) -> Result<Self, MsmError> {
        options.check(bases, &scalars)?;
        Ok(Self { bases: bases.clone(), scalars, chunk: options.chunk })
    }

    /// Number of terms.
    pub fn len(&self) -> usize {
        self.scalars.len() / SCALAR_BYTES
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.scalars.is_empty()
    }

    pub(super) fn request(&self) -> Request<'_> {
        let scalars = self.scalars.as_chunks().0;
        Request { bases: &self.bases, scalars, chunk: self.chunk }
    }
}

impl Job for MsmJob {
    type Answer = MsmAnswer;

    fn operation(&self) -> Operation {
        Operation::Msm(self.bases.curve())
    }

    /// Without the bases, which their handles share.
    fn footprint(&self) -> usize {
        self.scalars.len() + self.bases.curve().point_bytes()
    }

    fn work(self, completion: Completion<MsmAnswer>) -> Work {
        Work::Msm(self, completion, Progress::default())
    }
}

/// An error of any part.
struct Failure(Error);

impl From<MsmError> for Failure {
    fn from(error: MsmError) -> Self {
        Self(DeviceError::from(error).into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl Accelerator {
    /// The sum of the products of prepared bases and as many scalars, 32 bytes each, big-endian;
    /// otherwise as [`Msm::multiply`]. It is computed on this thread, which waits for the device.
    ///
    /// A device takes as many terms at once as it can and [`Msm::chunk`] says. If it fails, another
    /// one does that part again and the rest. How far sums of devices other than the CPU are
    /// believed is up to [`Policy::sample_valid`](super::Policy::sample_valid) and
    /// [`Bases::prepare_check`]; those that are no points of the group never are.
    ///
    /// ```
    /// use chaincard::Accelerator;
    /// use chaincard::msm::{Bases, Checking, Curve, Msm, ScalarRule};
    ///
    /// let accelerator = Accelerator::open("cpu")?;
    /// let mut generator = [0; 64];
    /// (generator[31], generator[63]) = (1, 2);
    /// let bases = Bases::new(Curve::Bn254, &generator, Checking::Checked)?;
    /// let mut one = [0; 32];
    /// one[31] = 1;
    /// let answer = accelerator.msm(&bases, &one, Msm::new(ScalarRule::Refuse))?;
    /// assert_eq!(answer.point, generator);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Device`] when no device could answer, also for scalars that break a rule
    /// ([`DeviceError::Msm`]); [`Error::NoDevice`] when none has the curve.
    pub fn msm(&self, bases: &Bases, scalars: &[u8], options: Msm) -> Result<MsmAnswer, Error> {
        let scalars = options.check(bases, scalars).map_err(DeviceError::from)?;
        let request = Request { bases, scalars, chunk: options.chunk };
        let mut progress = Progress::default();
        let operation = Operation::Msm(bases.curve());
        let outcome = self
            .core
            .answer(operation, |index| self.core.multiply(index, &request, &mut progress))?;
        Ok(MsmAnswer { point: progress.take(), outcome })
    }

    /// The multiplication with bases as bytes, for a single time; otherwise as
    /// [`Msm::multiply_bytes`] and [`msm`](Self::msm). Bases are prepared on rayon's current pool.
    ///
    /// # Errors
    /// As [`msm`](Self::msm), [`DeviceError::Msm`] also for bases that break a rule.
    pub fn msm_bytes(
        &self,
        curve: Curve,
        bases: &[u8],
        checking: Checking,
        scalars: &[u8],
        options: Msm,
    ) -> Result<Vec<u8>, Error> {
        options
            .by_parts(curve, bases, checking, scalars, |bases, scalars| {
                Ok::<_, Failure>(self.msm(bases, scalars.as_flattened(), options)?.point)
            })
            .map_err(|Failure(error)| error)
    }

    /// The commitment of a blob, as
    /// [`blob_to_kzg_commitment`](crate::msm::blob_to_kzg_commitment) has it.
    ///
    /// # Errors
    /// [`Error::Device`] when no device could answer, also for what is no blob
    /// ([`DeviceError::Blob`]); [`Error::NoDevice`] when none has BLS12-381.
    pub fn blob_to_kzg_commitment(&self, blob: &[u8]) -> Result<[u8; 48], Error> {
        let scalars = msm::field_elements(blob).map_err(DeviceError::from)?.as_flattened();
        let answer = self.msm(msm::blob_bases(), scalars, Msm::new(ScalarRule::Reduce))?;
        Ok(msm::compress(&answer.point))
    }

    /// Puts a multiplication into the queue; blocks while the queue is full.
    ///
    /// # Errors
    /// [`SubmitError::NoDevice`].
    pub fn submit_msm(&self, job: MsmJob) -> Result<Handle<MsmAnswer>, SubmitError<MsmJob>> {
        self.core.submit(job, true)
    }

    /// Puts a multiplication into the queue unless it is full.
    ///
    /// # Errors
    /// [`SubmitError::Busy`] with the job, [`SubmitError::NoDevice`].
    pub fn try_submit_msm(&self, job: MsmJob) -> Result<Handle<MsmAnswer>, SubmitError<MsmJob>> {
        self.core.submit(job, false)
    }
}
