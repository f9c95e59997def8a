//! Signatures through an accelerator.

use super::execute::in_order;
use super::trust::Judgement;
use super::work::Job;
use super::{
    Accelerator, Error, Handle, Outcome, RecoverAnswer, RecoverJob, SubmitError, VerifyAnswer,
    VerifyJob,
};
use crate::device::DeviceError;
use crate::verify::{
    BatchError, Item, Plan, RecoverBatch, Recovered, Verdict, VerifyBatch, wire_len,
};

impl Accelerator {
    /// Verdicts on `batch`, in order.
    ///
    /// What is malformed in its shape never reaches a device. With the CPU this is a plain call
    /// on this thread (and its pool, for a large batch). With other devices a small batch is
    /// copied into the queue, where it meets those of other threads. How far other devices are
    /// believed is up to [`Policy`](super::Policy).
    ///
    /// ```
    /// use chaincard::verify::{Hashing, Plan, Profile, SignatureEncoding, Verdict, VerifyBatch};
    /// use chaincard::{Accelerator, Messages};
    ///
    /// let accelerator = Accelerator::open("cpu")?;
    /// let verdicts = accelerator.verify_many(&VerifyBatch {
    ///     plan: Plan::new(Profile::Ethereum, Hashing::Keccak256),
    ///     encoding: SignatureEncoding::Compact,
    ///     messages: Messages::Slices(&[b"a transfer"]),
    ///     public_keys: Messages::Slices(&[&[2; 33]]),
    ///     signatures: Messages::Slices(&[&[0; 64]]),
    /// })?;
    /// assert_eq!(verdicts, [Verdict::RangeR]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Device`] when no device could answer, also for a batch that does not make sense
    /// ([`DeviceError::Batch`]); [`Error::NoDevice`] when none has the scheme.
    pub fn verify_many(&self, batch: &VerifyBatch<'_>) -> Result<Vec<Verdict>, Error> {
        Ok(self.verify(batch)?.verdicts)
    }

    /// As [`verify_many`](Self::verify_many), and which device answered.
    ///
    /// # Errors
    /// As [`verify_many`](Self::verify_many).
    pub fn verify(&self, batch: &VerifyBatch<'_>) -> Result<VerifyAnswer, Error> {
        let entries = parsed(batch.parse())?;
        if self.would_coalesce::<Verdict>(&batch.plan, &entries) {
            return self.submit_and_wait(VerifyJob::new(&batch.plan, &entries));
        }
        let (verdicts, outcome) = self.judge(&batch.plan, &entries)?;
        Ok(VerifyAnswer { verdicts, outcome })
    }

    /// Public keys recovered from `batch`, in order; otherwise as
    /// [`verify_many`](Self::verify_many).
    ///
    /// # Errors
    /// As [`verify_many`](Self::verify_many).
    pub fn recover_many(&self, batch: &RecoverBatch<'_>) -> Result<Vec<Recovered>, Error> {
        Ok(self.recover(batch)?.keys)
    }

    /// As [`recover_many`](Self::recover_many), and which device answered.
    ///
    /// # Errors
    /// As [`verify_many`](Self::verify_many).
    pub fn recover(&self, batch: &RecoverBatch<'_>) -> Result<RecoverAnswer, Error> {
        let entries = parsed(batch.parse())?;
        if self.would_coalesce::<Recovered>(&batch.plan, &entries) {
            return self.submit_and_wait(RecoverJob::new(&batch.plan, &entries));
        }
        let (keys, outcome) = self.judge(&batch.plan, &entries)?;
        Ok(RecoverAnswer { keys, outcome })
    }

    /// Puts signatures to verify into the queue; blocks while the queue is full.
    ///
    /// # Errors
    /// [`SubmitError::NoDevice`].
    pub fn submit_verify(
        &self,
        job: VerifyJob,
    ) -> Result<Handle<VerifyAnswer>, SubmitError<VerifyJob>> {
        self.core.submit(job, true)
    }

    /// Puts signatures to verify into the queue unless it is full.
    ///
    /// # Errors
    /// [`SubmitError::Busy`] with the job, [`SubmitError::NoDevice`].
    pub fn try_submit_verify(
        &self,
        job: VerifyJob,
    ) -> Result<Handle<VerifyAnswer>, SubmitError<VerifyJob>> {
        self.core.submit(job, false)
    }

    /// Puts signatures to recover keys from into the queue; blocks while the queue is full.
    ///
    /// # Errors
    /// [`SubmitError::NoDevice`].
    pub fn submit_recover(
        &self,
        job: RecoverJob,
    ) -> Result<Handle<RecoverAnswer>, SubmitError<RecoverJob>> {
        self.core.submit(job, true)
    }

    /// Puts signatures to recover keys from into the queue unless it is full.
    ///
    /// # Errors
    /// [`SubmitError::Busy`] with the job, [`SubmitError::NoDevice`].
    pub fn try_submit_recover(
        &self,
        job: RecoverJob,
    ) -> Result<Handle<RecoverAnswer>, SubmitError<RecoverJob>> {
        self.core.submit(job, false)
    }

    fn would_coalesce<R: Judgement>(
        &self,
        plan: &Plan<'_>,
        entries: &[Result<Item<'_>, Verdict>],
    ) -> bool {
        self.core.would_coalesce(R::operation(plan), entries.len(), || {
            let well_formed = entries.iter().flatten();
            well_formed.map(|item| wire_len(plan, item)).reduce(usize::saturating_add)
        })
    }

    fn submit_and_wait<J: Job>(&self, job: J) -> Result<J::Answer, Error> {
        let operation = job.operation();
        match self.core.submit(job, true) {
            Ok(handle) => handle.wait(),
            Err(_) => Err(Error::NoDevice { operation }),
        }
    }

    /// Judges on this thread.
    fn judge<R: Judgement>(
        &self,
        plan: &Plan<'_>,
        entries: &[Result<Item<'_>, Verdict>],
    ) -> Result<(Vec<R>, Outcome), Error> {
        let items: Vec<Item<'_>> = entries.iter().flatten().copied().collect();
        let mut results = vec![R::NONE; items.len()];
        let outcome = self.core.answer(R::operation(plan), |index| {
            self.core.judge(index, plan, &items, &mut results)
        })?;
        Ok((in_order(entries, &mut results.into_iter()), outcome))
    }
}

type Entries<'a> = Vec<Result<Item<'a>, Verdict>>;

fn parsed(entries: Result<Entries<'_>, BatchError>) -> Result<Entries<'_>, Error> {
    Ok(entries.map_err(DeviceError::from)?)
}
