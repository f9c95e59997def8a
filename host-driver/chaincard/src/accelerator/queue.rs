//! Jobs that wait.

use std::collections::VecDeque;
use std::sync::Weak;
use std::time::Instant;

use super::handle::Expire;
use super::work::Work;

/// A job that waits, and which devices failed on it.
pub(super) struct Pending {
    pub(super) work: Work,
    /// Bit n: device n failed on it.
    pub(super) tried: u64,
}

/// Everything behind the queue's lock.
#[derive(Default)]
pub(super) struct Queue {
    pub(super) jobs: VecDeque<Pending>,
    /// Bytes that the waiting jobs hold.
    pub(super) bytes: usize,
    /// Jobs that workers have taken and not answered.
    pub(super) running: usize,
    /// Threads end when nothing is left to do.
    pub(super) closing: bool,
    /// Time limits, in ascending order because all jobs have the same.
    pub(super) limits: VecDeque<(Instant, Weak<dyn Expire>)>,
}

impl Queue {
    /// Puts a job at the end.
    pub(super) fn push(&mut self, pending: Pending) {
        self.bytes += pending.work.footprint();
        self.jobs.push_back(pending);
    }

    /// Puts a job that a device failed on at the front.
    pub(super) fn push_front(&mut self, pending: Pending) {
        self.bytes += pending.work.footprint();
        self.jobs.push_front(pending);
    }

    /// Takes job `index` out.
    pub(super) fn remove(&mut self, index: usize) -> Option<Pending> {
        let pending = self.jobs.remove(index)?;
        self.bytes -= pending.work.footprint();
        Some(pending)
    }

    /// Takes out the jobs that `is_hopeless`.
    pub(super) fn take_if(&mut self, is_hopeless: impl Fn(&Pending) -> bool) -> Vec<Pending> {
        let (taken, kept): (Vec<_>, Vec<_>) = self.jobs.drain(..).partition(is_hopeless);
        self.jobs = kept.into();
        self.bytes = self.jobs.iter().map(|pending| pending.work.footprint()).sum();
        taken
    }
}
