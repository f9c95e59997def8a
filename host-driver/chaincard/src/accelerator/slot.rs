//! A device in service: its health and its counters.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Policy;
use crate::device::{Device, DeviceError, DeviceKind, Report};
use crate::hash::{HashAlgorithm, Messages};
use crate::metrics::{
    BATCH_BOUNDS, DeviceMetrics, LATENCY_BOUNDS_NS, OperationMetrics, Recorder, SelfTest,
};
use crate::operation::Operation;

/// Hash batches of fewer bytes are not timed on the CPU.
const UNTIMED_BELOW: usize = 2048;

/// One device of an accelerator.
pub(super) struct Slot {
    pub(super) device: Arc<dyn Device>,
    pub(super) name: Arc<str>,
    /// Answers only when no other device can.
    pub(super) fallback: bool,
    in_service: AtomicBool,
    health: Mutex<Health>,
    /// Once contradicted by the CPU: nothing that it says is believed unchecked any more.
    suspect: AtomicBool,
    disagreements: AtomicU64,
    link_errors: AtomicU64,
    counters: [Counters; Operation::COUNT],
}

#[derive(Default)]
struct Health {
    self_test: SelfTest,
    last_error: Option<Arc<DeviceError>>,
    outages: u64,
    /// When to test it again, and how long to wait after the next failure.
    retry_at: Option<Instant>,
    backoff: Duration,
}

#[derive(Default)]
struct Counters {
    jobs: AtomicU64,
    items: AtomicU64,
    bytes: AtomicU64,
    batches: AtomicU64,
    errors: AtomicU64,
    retries: AtomicU64,
    fallbacks: AtomicU64,
    checks: AtomicU64,
    busy_ns: AtomicU64,
    latency: Recorder,
    batch_items: Recorder,
}

impl Slot {
    pub(super) fn new(device: Arc<dyn Device>, fallback: bool) -> Self {
        Self {
            name: device.name().into(),
            device,
            fallback,
            in_service: AtomicBool::new(true),
            health: Mutex::default(),
            suspect: AtomicBool::new(false),
            disagreements: AtomicU64::new(0),
            link_errors: AtomicU64::new(0),
            counters: Default::default(),
        }
    }

    pub(super) fn has(&self, operation: Operation) -> bool {
        self.device.capabilities().can(operation)
    }

    pub(super) fn in_service(&self) -> bool {
        self.in_service.load(Relaxed)
    }

    /// Whether it is fast enough that waiting for company only delays a job.
    pub(super) fn answers_at_once(&self) -> bool {
        self.device.kind() == DeviceKind::Cpu
    }

    pub(super) fn max_message(&self) -> usize {
        self.device.capabilities().max_message.unwrap_or(usize::MAX)
    }

    /// Terms that it multiplies at once, of which a thread of the CPU takes at most `chunk`.
    pub(super) fn part(&self, chunk: usize) -> usize {
        let most = self.device.capabilities().max_terms.unwrap_or(usize::MAX);
        if self.answers_at_once() { most } else { most.min(chunk) }
    }

    pub(super) fn last_error(&self) -> Option<Arc<DeviceError>> {
        self.health().last_error.clone()
    }

    /// When it may be tested again, while it is out of service.
    pub(super) fn retry_at(&self) -> Option<Instant> {
        self.health().retry_at
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_suspect(&self) -> bool {
        self.suspect.load(Relaxed)
    }

    /// Hashes and counts.
    pub(super) fn hash(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Report, DeviceError> {
        self.call(
            (Operation::Hash(algorithm), messages.len(), messages.total_bytes()),
            digests,
            |device, digests| device.hash(algorithm, messages, digests),
            |_| Ok(()),
        )
    }

    /// Asks the device (`work`) and counts items and their bytes; a panic in the device is an
    /// error of it. An answer that does not pass `check` is none.
    pub(super) fn call<T: ?Sized>(
        &self,
        (operation, items, bytes): (Operation, usize, usize),
        output: &mut T,
        work: impl FnOnce(&dyn Device, &mut T) -> Result<Report, DeviceError>,
        check: impl FnOnce(&mut T) -> Result<(), DeviceError>,
    ) -> Result<Report, DeviceError> {
        // Reading the clock twice would take as long as a short message on the CPU.
        let is_short = bytes < UNTIMED_BELOW && matches!(operation, Operation::Hash(_));
        let start = (!is_short || !self.answers_at_once()).then(Instant::now);
        // After a panic the device is used again only when it passes its test, and the output is
        // given to nobody.
        let call = AssertUnwindSafe(|| work(&*self.device, output));
        let outcome = catch_unwind(call)
            .unwrap_or_else(|_| Err(DeviceError::Panicked { device: self.name.to_string() }));
        let counters = &self.counters[operation.index()];
        if let Some(start) = start {
            let busy = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
            counters.busy_ns.fetch_add(busy, Relaxed);
            counters.latency.count(&LATENCY_BOUNDS_NS, busy);
        }
        let outcome = outcome.and_then(|report| check(output).map(|()| report));
        match &outcome {
            Ok(report) => {
                counters.batches.fetch_add(1, Relaxed);
                counters.items.fetch_add(items as u64, Relaxed);
                counters.batch_items.count(&BATCH_BOUNDS, items as u64);
                counters.bytes.fetch_add(bytes as u64, Relaxed);
                if report.retries > 0 {
                    counters.retries.fetch_add(report.retries, Relaxed);
                }
            }
            Err(error) if error.is_callers_fault() => {}
            Err(_) => {
                counters.errors.fetch_add(1, Relaxed);
            }
        }
        outcome
    }

    /// Counts jobs that were answered.
    pub(super) fn count_jobs(&self, operation: Operation, jobs: u64, fallbacks: u64) {
        let counters = &self.counters[operation.index()];
        counters.jobs.fetch_add(jobs, Relaxed);
        if fallbacks > 0 {
            counters.fallbacks.fetch_add(fallbacks, Relaxed);
        }
    }

    /// Counts answers that were checked on the CPU.
    pub(super) fn count_checks(&self, operation: Operation, checks: u64) {
        self.counters[operation.index()].checks.fetch_add(checks, Relaxed);
    }

    /// Takes it out of service until a test after the back-off passes.
    pub(super) fn take_out(&self, error: Arc<DeviceError>, policy: &Policy) {
        let mut health = self.health();
        if matches!(*error, DeviceError::Disagreement { .. } | DeviceError::WrongSum { .. }) {
            self.suspect.store(true, Relaxed);
            self.disagreements.fetch_add(1, Relaxed);
        }
        if matches!(*error, DeviceError::Transport { .. } | DeviceError::Protocol { .. }) {
            self.link_errors.fetch_add(1, Relaxed);
        }
        if self.in_service.swap(false, Relaxed) {
            health.outages += 1;
            health.backoff = policy.backoff;
        } else {
            health.backoff = (health.backoff * 2).min(policy.max_backoff);
        }
        health.last_error = Some(error);
        health.retry_at = Some(Instant::now() + health.backoff);
    }

    /// Tests it with known answers and puts it into service, or keeps it out of service.
    pub(super) fn test(&self, policy: &Policy) -> Result<(), Arc<DeviceError>> {
        let test = AssertUnwindSafe(|| crate::selftest::self_test(&*self.device));
        let outcome = catch_unwind(test)
            .unwrap_or_else(|_| Err(DeviceError::Panicked { device: self.name.to_string() }));
        match outcome {
            Ok(()) => {
                let mut health = self.health();
                health.self_test = SelfTest::Passed;
                health.retry_at = None;
                self.in_service.store(true, Relaxed);
                Ok(())
            }
            Err(error) => {
                let error = Arc::new(error);
                self.health().self_test = SelfTest::Failed(error.to_string());
                self.take_out(Arc::clone(&error), policy);
                Err(error)
            }
        }
    }

    pub(super) fn metrics(&self) -> DeviceMetrics {
        let health = self.health();
        DeviceMetrics {
            name: self.name.to_string(),
            kind: self.device.kind(),
            fallback: self.fallback,
            in_service: self.in_service(),
            outages: health.outages,
            disagreements: self.disagreements.load(Relaxed),
            link_errors: self.link_errors.load(Relaxed),
            self_test: health.self_test.clone(),
            last_error: health.last_error.as_ref().map(|error| error_chain(&**error)),
            operations: Operation::all().zip(self.counters.iter().map(Counters::read)).collect(),
        }
    }
}

impl Counters {
    fn read(&self) -> OperationMetrics {
        OperationMetrics {
            jobs: self.jobs.load(Relaxed),
            items: self.items.load(Relaxed),
            bytes: self.bytes.load(Relaxed),
            batches: self.batches.load(Relaxed),
            errors: self.errors.load(Relaxed),
            retries: self.retries.load(Relaxed),
            fallbacks: self.fallbacks.load(Relaxed),
            checks: self.checks.load(Relaxed),
            busy: Duration::from_nanos(self.busy_ns.load(Relaxed)),
            latency: self.latency.read(),
            batch_items: self.batch_items.read(),
        }
    }
}

/// An error with its sources, in one line.
fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
