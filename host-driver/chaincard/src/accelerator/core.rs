//! Routing: which device answers, and who does when it fails.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::job::Completion;
use super::queue::{Pending, Queue};
use super::slot::Slot;
use super::{Answer, Error, Handle, HashJob, Outcome, Policy, SubmitError};
use crate::device::{Device, DeviceError, Report};
use crate::hash::{HashAlgorithm, Messages};
use crate::metrics::Metrics;
use crate::registry::OpenError;

/// Devices that one accelerator may have: the bits of [`Pending::tried`].
const MAX_DEVICES: usize = 64;

/// What callers and workers share.
pub(super) struct Core {
    pub(super) slots: Vec<Slot>,
    pub(super) policy: Policy,
    queue: Mutex<Queue>,
    /// Something for workers: jobs, health, the end.
    pub(super) work: Condvar,
    /// Something for those who wait to submit.
    space: Condvar,
    /// Something for the watch over time limits.
    pub(super) limits: Condvar,
    busy_refusals: AtomicU64,
    pub(super) failed_jobs: AtomicU64,
}

impl Core {
    /// Tests the devices with known answers.
    pub(super) fn new(
        devices: Vec<Arc<dyn Device>>,
        fallback: Option<Arc<dyn Device>>,
        policy: Policy,
    ) -> Result<Self, OpenError> {
        let slots: Vec<Slot> = devices
            .into_iter()
            .map(|device| Slot::new(device, false))
            .chain(fallback.map(|device| Slot::new(device, true)))
            .collect();
        if slots.len() > MAX_DEVICES {
            return Err(OpenError::TooManyDevices { max: MAX_DEVICES });
        }
        for slot in &slots {
            slot.test(&policy).map_err(OpenError::SelfTest)?;
        }
        Ok(Self {
            slots,
            policy,
            queue: Mutex::default(),
            work: Condvar::new(),
            space: Condvar::new(),
            limits: Condvar::new(),
            busy_refusals: AtomicU64::new(0),
            failed_jobs: AtomicU64::new(0),
        })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether device `index` may take such a job now: the fallback only when no other can.
    pub(super) fn may_take(&self, index: usize, algorithm: HashAlgorithm, tried: u64) -> bool {
        let can = |index: usize, slot: &Slot| {
            tried >> index & 1 == 0 && slot.in_service() && slot.has(algorithm)
        };
        let slot = &self.slots[index];
        can(index, slot)
            && (!slot.fallback
                || !self
                    .slots
                    .iter()
                    .enumerate()
                    .any(|(i, other)| !other.fallback && can(i, other)))
    }

    /// The first device that may take such a job now.
    pub(super) fn pick(&self, algorithm: HashAlgorithm, tried: u64) -> Option<usize> {
        (0..self.slots.len()).find(|&index| self.may_take(index, algorithm, tried))
    }

    /// What to say when no device can take a job.
    pub(super) fn nobody(&self, algorithm: HashAlgorithm) -> Error {
        let able = self.slots.iter().filter(|slot| slot.has(algorithm));
        match able.filter_map(Slot::last_error).next_back() {
            Some(error) => Error::Device(error),
            None => Error::NoDevice { algorithm },
        }
    }

    /// Answers on this thread.
    pub(super) fn answer(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Outcome, Error> {
        let mut tried = 0;
        while let Some(index) = self.pick(algorithm, tried) {
            match self.run(index, algorithm, messages, digests) {
                Ok((report, elsewhere)) => {
                    let outcome = self.outcome(index, report, 1, elsewhere, tried != 0);
                    self.slots[index].count_jobs(algorithm, 1, u64::from(outcome.fallback));
                    return Ok(outcome);
                }
                Err(error) if error.is_callers_fault() => return Err(self.failed(error.into())),
                Err(error) => {
                    tried |= 1 << index;
                    self.take_out(index, error);
                }
            }
        }
        Err(self.failed(self.nobody(algorithm)))
    }

    /// Counts a job without an answer.
    fn failed(&self, error: Error) -> Error {
        self.failed_jobs.fetch_add(1, Relaxed);
        error
    }

    pub(super) fn outcome(
        &self,
        index: usize,
        report: Report,
        batch_jobs: usize,
        elsewhere: usize,
        failed_before: bool,
    ) -> Outcome {
        let slot = &self.slots[index];
        let fallback = slot.fallback || failed_before;
        Outcome { device: Arc::clone(&slot.name), report, batch_jobs, elsewhere, fallback }
    }

    /// Hashes on device `index`, messages that are too long for it on one that takes them.
    /// Returns what the device told and how many messages were answered elsewhere.
    pub(super) fn run(
        &self,
        index: usize,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<(Report, usize), DeviceError> {
        let slot = &self.slots[index];
        let max = slot.max_message();
        if max < usize::MAX {
            crate::device::check_shape(algorithm, messages, digests)?;
            if messages.longest() > max {
                let other = self.slots.iter().find(|other| {
                    other.max_message() >= messages.longest()
                        && other.in_service()
                        && other.has(algorithm)
                });
                if let Some(other) = other {
                    return run_split(slot, other, algorithm, messages, digests);
                }
            }
        }
        slot.call(algorithm, messages, digests).map(|report| (report, 0))
    }

    /// Takes device `index` out of service and ends the jobs that nobody can take any more.
    pub(super) fn take_out(&self, index: usize, error: DeviceError) {
        self.slots[index].take_out(Arc::new(error), &self.policy);
        self.sweep();
        self.work.notify_all();
    }

    /// Ends the jobs that nobody can take.
    pub(super) fn sweep(&self) {
        let hopeless = self
            .lock()
            .take_if(|pending| self.pick(pending.job.algorithm(), pending.tried).is_none());
        self.space.notify_all();
        for pending in hopeless {
            let error = self.nobody(pending.job.algorithm());
            self.resolve(pending.completion, Err(error));
        }
    }

    /// Gives a job its answer, and counts it when there is none.
    pub(super) fn resolve(&self, completion: Completion<Answer>, answer: Result<Answer, Error>) {
        let failed = answer.is_err();
        completion.resolve(answer, || {
            if failed {
                self.failed_jobs.fetch_add(1, Relaxed);
            }
        });
    }

    /// Whether a borrowed batch had better meet others in the queue.
    pub(super) fn would_coalesce(&self, algorithm: HashAlgorithm, messages: &Messages<'_>) -> bool {
        // Copying costs more than company saves beyond this.
        const MOST_BYTES: usize = 1 << 16;
        // A lone CPU is not even looked at.
        if self.slots.len() == 1 && self.slots[0].answers_at_once() {
            return false;
        }
        match self.pick(algorithm, 0) {
            Some(index) if !self.slots[index].answers_at_once() => {
                messages.len() < self.policy.coalesce_items / 2
                    && messages.check().is_ok()
                    && messages.total_bytes() < MOST_BYTES.min(self.policy.coalesce_bytes)
            }
            _ => false,
        }
    }

    pub(super) fn submit(&self, job: HashJob, wait: bool) -> Result<Handle, SubmitError> {
        let algorithm = job.algorithm();
        if !self.slots.iter().any(|slot| slot.has(algorithm)) {
            return Err(SubmitError::NoDevice { algorithm });
        }
        let (completion, handle) = Completion::pair();
        let footprint = job.footprint();
        let mut queue = self.lock();
        while !queue.jobs.is_empty()
            && (queue.jobs.len() >= self.policy.queue_jobs
                || queue.bytes.saturating_add(footprint) > self.policy.queue_bytes)
        {
            if !wait {
                self.busy_refusals.fetch_add(1, Relaxed);
                return Err(SubmitError::Busy(job));
            }
            queue = self.space.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(timeout) = self.policy.job_timeout {
            queue.limits.push_back((Instant::now() + timeout, completion.downgrade()));
            self.limits.notify_one();
        }
        queue.push(Pending { job, completion, tried: 0 });
        // Nobody in service: a job must not wait for a worker that will not come.
        let hopeless = self.pick(algorithm, 0).is_none();
        drop(queue);
        if hopeless {
            self.sweep();
        } else {
            self.work.notify_all();
        }
        Ok(handle)
    }

    /// There is space in the queue again.
    pub(super) fn made_space(&self) {
        self.space.notify_all();
    }

    /// Lets the threads end, without what was not begun if `discard`.
    pub(super) fn close(&self, discard: bool) {
        let discarded = {
            let mut queue = self.lock();
            queue.closing = true;
            if discard { queue.take_if(|_| true) } else { Vec::new() }
        };
        for pending in discarded {
            self.resolve(pending.completion, Err(Error::ShutDown));
        }
        self.work.notify_all();
        self.limits.notify_all();
    }

    pub(super) fn metrics(&self) -> Metrics {
        Metrics {
            queued: self.lock().jobs.len(),
            busy_refusals: self.busy_refusals.load(Relaxed),
            failed_jobs: self.failed_jobs.load(Relaxed),
            devices: self.slots.iter().map(Slot::metrics).collect(),
        }
    }
}

/// Hashes on `slot` what it takes and on `other` what is too long for it.
fn run_split(
    slot: &Slot,
    other: &Slot,
    algorithm: HashAlgorithm,
    messages: &Messages<'_>,
    digests: &mut [u8],
) -> Result<(Report, usize), DeviceError> {
    let max = slot.max_message();
    let (long, short): (Vec<usize>, Vec<usize>) =
        (0..messages.len()).partition(|&index| messages.get(index).len() > max);
    let report = run_some(slot, algorithm, messages, &short, digests)?;
    run_some(other, algorithm, messages, &long, digests)?;
    Ok((report, long.len()))
}

/// Hashes the messages at `indices` and puts the digests into their places.
fn run_some(
    slot: &Slot,
    algorithm: HashAlgorithm,
    messages: &Messages<'_>,
    indices: &[usize],
    digests: &mut [u8],
) -> Result<Report, DeviceError> {
    if indices.is_empty() {
        return Ok(Report::default());
    }
    let len = algorithm.digest_len();
    let slices: Vec<&[u8]> = indices.iter().map(|&index| messages.get(index)).collect();
    let mut some = vec![0; indices.len() * len];
    let report = slot.call(algorithm, &Messages::Slices(&slices), &mut some)?;
    for (&index, digest) in indices.iter().zip(some.chunks_exact(len)) {
        digests[index * len..][..len].copy_from_slice(digest);
    }
    Ok(report)
}
