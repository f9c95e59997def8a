//! What nodes use: several devices behind one bounded queue, with routing and fallback.

mod builder;
mod core;
mod error;
mod execute;
mod handle;
mod job;
mod msm;
mod queue;
mod signatures;
mod signed;
mod slot;
mod split;
mod sums;
mod trust;
mod work;
mod worker;

use std::sync::Arc;
use std::thread::JoinHandle;

pub use builder::{Builder, Policy};
pub use error::{Error, SubmitError};
pub use handle::Handle;
pub use job::{Answer, HashJob, Outcome};
pub use msm::{MsmAnswer, MsmJob};
pub use signed::{RecoverAnswer, RecoverJob, VerifyAnswer, VerifyJob};

use self::core::Core;
use crate::device::Device;
use crate::hash::{Digests, HashAlgorithm, Messages};
use crate::metrics::Metrics;
use crate::operation::Operation;
use crate::registry::OpenError;

/// Devices behind one bounded queue: the first that can answers, a device that fails is taken
/// out of service and tested again later, and the CPU answers meanwhile unless the
/// [`Policy`] forbids it.
///
/// Calls may come from many threads at once. [`hash_many`](Self::hash_many) borrows and blocks;
/// [`submit`](Self::submit) takes a job and gives a [`Handle`] to wait for or to await.
///
/// ```
/// use chaincard::{Accelerator, HashAlgorithm, HashJob};
///
/// let accelerator = Accelerator::open("cpu")?;
/// let handle = accelerator.submit(HashJob::collect(HashAlgorithm::Sm3, ["abc"]))?;
/// let answer = handle.wait()?;
/// assert_eq!(&*answer.outcome.device, "cpu");
/// assert_eq!(answer.digests.as_bytes()[..2], [0x66, 0xc7]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Accelerator {
    core: Arc<Core>,
    threads: Vec<JoinHandle<()>>,
}

impl Accelerator {
    /// Opens the device `name` of the built-in [`Registry`](crate::Registry), with the CPU as
    /// its fallback.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(name: &str) -> Result<Self, OpenError> {
        Self::builder().name(name).build()
    }

    /// Starts a choice of devices and [`Policy`].
    pub fn builder() -> Builder {
        Builder::default()
    }

    fn start(
        devices: Vec<Arc<dyn Device>>,
        fallback: Option<Arc<dyn Device>>,
        policy: Policy,
    ) -> Result<Self, OpenError> {
        let core = Arc::new(Core::new(devices, fallback, policy)?);
        let mut accelerator = Self { core, threads: Vec::new() };
        // Dropping what was built so far ends the threads that were started.
        for body in worker::bodies(&accelerator.core) {
            let thread = std::thread::Builder::new().name("chaincard-queue".to_owned());
            accelerator.threads.push(thread.spawn(body).map_err(OpenError::Thread)?);
        }
        Ok(accelerator)
    }

    /// The devices, in the order in which they are tried.
    pub fn devices(&self) -> Vec<Arc<dyn Device>> {
        self.core.slots.iter().map(|slot| Arc::clone(&slot.device)).collect()
    }

    /// Digests of `messages`.
    ///
    /// With the CPU this is a plain call on this thread (and its pool, for a large batch).
    /// With other devices a small batch is copied into the queue, where it meets those of other
    /// threads.
    ///
    /// # Errors
    /// [`Error::Device`] when no device could answer, also for messages that do not make sense
    /// ([`DeviceError::Messages`](crate::DeviceError::Messages)).
    pub fn hash_many(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
    ) -> Result<Digests, Error> {
        Ok(self.answer(algorithm, messages)?.digests)
    }

    /// As [`hash_many`](Self::hash_many), and which device answered.
    ///
    /// # Errors
    /// As [`hash_many`](Self::hash_many).
    pub fn answer(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
    ) -> Result<Answer, Error> {
        // Before the space for the digests, which depends on the count, is allocated.
        messages.check().map_err(crate::DeviceError::from)?;
        if messages.len().checked_mul(algorithm.digest_len()).is_none_or(|len| len > MAX_OUTPUT) {
            let needed = messages.len().saturating_mul(algorithm.digest_len());
            return Err(crate::DeviceError::OutputLength { found: MAX_OUTPUT, needed }.into());
        }
        let mut digests = Digests::zeroed(algorithm, messages.len());
        let outcome = self.hash_into(algorithm, messages, digests.as_bytes_mut())?;
        Ok(Answer { digests, outcome })
    }

    /// As [`answer`](Self::answer), into `digests`, which is exactly as long as the digests of
    /// all messages.
    ///
    /// # Errors
    /// As [`hash_many`](Self::hash_many), or
    /// [`DeviceError::OutputLength`](crate::DeviceError::OutputLength); `digests` is
    /// unspecified then.
    pub fn hash_into(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Outcome, Error> {
        let operation = Operation::Hash(algorithm);
        let bytes = || messages.check().is_ok().then(|| messages.total_bytes());
        if self.core.would_coalesce(operation, messages.len(), bytes) {
            crate::device::check_shape(algorithm, messages, digests)?;
            let job = HashJob::collect(algorithm, messages.iter());
            let handle = match self.submit(job) {
                Ok(handle) => handle,
                Err(_) => return Err(Error::NoDevice { operation }),
            };
            let answer = handle.wait()?;
            digests.copy_from_slice(answer.digests.as_bytes());
            return Ok(answer.outcome);
        }
        self.core.answer(operation, |index| self.core.hash(index, algorithm, messages, digests))
    }

    /// Puts a job into the queue; blocks while the queue is full.
    ///
    /// # Errors
    /// [`SubmitError::NoDevice`].
    pub fn submit(&self, job: HashJob) -> Result<Handle, SubmitError> {
        self.core.submit(job, true)
    }

    /// Puts a job into the queue unless it is full.
    ///
    /// # Errors
    /// [`SubmitError::Busy`] with the job, [`SubmitError::NoDevice`].
    pub fn try_submit(&self, job: HashJob) -> Result<Handle, SubmitError> {
        self.core.submit(job, false)
    }

    /// The counters now.
    pub fn metrics(&self) -> Metrics {
        self.core.metrics()
    }

    /// Answers everything that was submitted, then ends. (Dropping the accelerator answers
    /// only what was begun; the handles of other jobs say [`Error::ShutDown`].)
    pub fn shutdown(mut self) {
        self.core.close(false);
        self.join();
    }

    fn join(&mut self) {
        for thread in self.threads.drain(..) {
            // A worker catches the panics of devices; whatever else happened to it, the
            // handles it held have been resolved by being dropped.
            let _ = thread.join();
        }
    }
}

impl Drop for Accelerator {
    fn drop(&mut self) {
        self.core.close(true);
        self.join();
    }
}

impl std::fmt::Debug for Accelerator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.core.slots.iter().map(|slot| &*slot.name).collect();
        f.debug_struct("Accelerator").field("devices", &names).finish_non_exhaustive()
    }
}

/// Bytes of digests in one answer: what one allocation may have.
const MAX_OUTPUT: usize = isize::MAX as usize;
