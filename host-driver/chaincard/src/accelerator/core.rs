//! Routing: which device answers, and who does when it fails.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::handle::Completion;
use super::queue::{Pending, Queue};
use super::slot::Slot;
use super::split;
use super::sums::{Progress, Request};
use super::trust::{Judgement, Sampler, Trust};
use super::work::{Job, Work};
use super::{Error, Handle, Outcome, Policy, SubmitError};
use crate::cpu::Cpu;
use crate::device::{Device, DeviceError, DeviceKind, Report};
use crate::hash::{HashAlgorithm, Messages};
use crate::metrics::Metrics;
use crate::operation::Operation;
use crate::registry::OpenError;
use crate::verify::{Item, Plan, wire_len};

/// Devices that one accelerator may have: the bits of [`Pending::tried`].
const MAX_DEVICES: usize = 64;

/// What callers and workers share.
pub(super) struct Core {
    pub(super) slots: Vec<Slot>,
    pub(super) policy: Policy,
    /// Checks the verdicts of other devices; `None` when the policy wants no checks.
    checker: Option<Arc<dyn Device>>,
    sampler: Sampler,
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
            checker: checker(&slots, &policy),
            sampler: Sampler::new(),
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
    pub(super) fn may_take(&self, index: usize, operation: Operation, tried: u64) -> bool {
        let can = |index: usize, slot: &Slot| {
            tried >> index & 1 == 0 && slot.in_service() && slot.has(operation)
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
    pub(super) fn pick(&self, operation: Operation, tried: u64) -> Option<usize> {
        (0..self.slots.len()).find(|&index| self.may_take(index, operation, tried))
    }

    /// What to say when no device can take a job.
    pub(super) fn nobody(&self, operation: Operation) -> Error {
        let able = self.slots.iter().filter(|slot| slot.has(operation));
        match able.filter_map(Slot::last_error).next_back() {
            Some(error) => Error::Device(error),
            None => Error::NoDevice { operation },
        }
    }

    /// Has a job answered on this thread: `run` is called for one device after the other.
    pub(super) fn answer(
        &self,
        operation: Operation,
        mut run: impl FnMut(usize) -> Result<(Report, usize), DeviceError>,
    ) -> Result<Outcome, Error> {
        let mut tried = 0;
        while let Some(index) = self.pick(operation, tried) {
            match run(index) {
                Ok((report, elsewhere)) => {
                    let outcome = self.outcome(index, report, 1, elsewhere, tried != 0);
                    self.slots[index].count_jobs(operation, 1, u64::from(outcome.fallback));
                    return Ok(outcome);
                }
                Err(error) if error.is_callers_fault() => return Err(self.failed(error.into())),
                Err(error) => {
                    tried |= 1 << index;
                    self.take_out(index, error);
                }
            }
        }
        Err(self.failed(self.nobody(operation)))
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
    pub(super) fn hash(
        &self,
        index: usize,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<(Report, usize), DeviceError> {
        let slot = &self.slots[index];
        if slot.max_message() < usize::MAX {
            crate::device::check_shape(algorithm, messages, digests)?;
            let other = self.for_length(slot, Operation::Hash(algorithm), messages.longest());
            if let Some(other) = other {
                return split::hash(slot, other, algorithm, messages, digests);
            }
        }
        slot.hash(algorithm, messages, digests).map(|report| (report, 0))
    }

    /// Judges signatures on device `index`, those that are too long for it on one that takes
    /// them. Returns what the device told and how many were answered elsewhere.
    pub(super) fn judge<R: Judgement>(
        &self,
        index: usize,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        results: &mut [R],
    ) -> Result<(Report, usize), DeviceError> {
        let slot = &self.slots[index];
        let trust = self.trust();
        if slot.max_message() < usize::MAX {
            let longest = items.iter().map(|item| wire_len(plan, item)).max().unwrap_or(0);
            if let Some(other) = self.for_length(slot, R::operation(plan), longest) {
                return trust.judge_split([slot, other], plan, items, results);
            }
        }
        trust.judge(slot, plan, items, results).map(|report| (report, 0))
    }

    /// Multiplies on device `index` what is left to do, part by part.
    pub(super) fn multiply(
        &self,
        index: usize,
        request: &Request<'_>,
        progress: &mut Progress,
    ) -> Result<(Report, usize), DeviceError> {
        let report = self.trust().multiply(&self.slots[index], request, progress)?;
        Ok((report, 0))
    }

    fn trust(&self) -> Trust<'_> {
        let (policy, sampler) = (&self.policy, &self.sampler);
        Trust { checker: self.checker.as_deref(), sampler, policy }
    }

    /// Who takes messages of `longest` bytes, when they are too long for `slot`.
    fn for_length(&self, slot: &Slot, operation: Operation, longest: usize) -> Option<&Slot> {
        let takes = |other: &&Slot| {
            other.max_message() >= longest && other.in_service() && other.has(operation)
        };
        if longest <= slot.max_message() { None } else { self.slots.iter().find(takes) }
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
            .take_if(|pending| self.pick(pending.work.operation(), pending.tried).is_none());
        self.space.notify_all();
        for pending in hopeless {
            let error = self.nobody(pending.work.operation());
            self.fail(pending.work, error);
        }
    }

    /// Tells a job that it has no answer, and counts that.
    pub(super) fn fail(&self, work: Work, error: Error) {
        work.fail(error, || {
            self.failed_jobs.fetch_add(1, Relaxed);
        });
    }

    /// Whether a borrowed batch had better meet others in the queue.
    /// `bytes`: of its messages, when it is well-formed and there is anything to it.
    pub(super) fn would_coalesce(
        &self,
        operation: Operation,
        items: usize,
        bytes: impl FnOnce() -> Option<usize>,
    ) -> bool {
        // Copying costs more than company saves beyond this.
        const MOST_BYTES: usize = 1 << 16;
        // A lone CPU is not even looked at.
        if self.slots.len() == 1 && self.slots[0].answers_at_once() {
            return false;
        }
        match self.pick(operation, 0) {
            Some(index) if !self.slots[index].answers_at_once() => {
                let most = MOST_BYTES.min(self.policy.coalesce_bytes);
                items < self.policy.coalesce_items / 2 && bytes().is_some_and(|bytes| bytes < most)
            }
            _ => false,
        }
    }

    pub(super) fn submit<J: Job>(
        &self,
        job: J,
        wait: bool,
    ) -> Result<Handle<J::Answer>, SubmitError<J>> {
        let operation = job.operation();
        if !self.slots.iter().any(|slot| slot.has(operation)) {
            return Err(SubmitError::NoDevice { operation });
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
            queue.limits.push_back((Instant::now() + timeout, completion.limit()));
            self.limits.notify_one();
        }
        queue.push(Pending { work: job.work(completion), tried: 0 });
        // Nobody in service: a job must not wait for a worker that will not come.
        let hopeless = self.pick(operation, 0).is_none();
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
            self.fail(pending.work, Error::ShutDown);
        }
        self.work.notify_all();
        self.limits.notify_all();
    }

    pub(super) fn metrics(&self) -> Metrics {
        let queue = self.lock();
        let mut by_operation = [0; Operation::COUNT];
        for pending in &queue.jobs {
            by_operation[pending.work.operation().index()] += 1;
        }
        let (queued, queued_bytes, running) = (queue.jobs.len(), queue.bytes, queue.running);
        drop(queue);
        Metrics {
            queued,
            queued_by_operation: Operation::all().zip(by_operation).collect(),
            queued_bytes,
            running,
            busy_refusals: self.busy_refusals.load(Relaxed),
            failed_jobs: self.failed_jobs.load(Relaxed),
            devices: self.slots.iter().map(Slot::metrics).collect(),
        }
    }
}

/// Who checks the verdicts of other devices.
fn checker(slots: &[Slot], policy: &Policy) -> Option<Arc<dyn Device>> {
    if !policy.confirm_invalid && policy.sample_valid <= 0.0 {
        return None;
    }
    let cpu = slots.iter().find(|slot| slot.device.kind() == DeviceKind::Cpu);
    Some(match (cpu, policy.cpu_threads) {
        (Some(slot), _) => Arc::clone(&slot.device),
        (None, 0) => Arc::new(Cpu::new()),
        (None, threads) => Arc::new(Cpu::with_threads(threads)),
    })
}
