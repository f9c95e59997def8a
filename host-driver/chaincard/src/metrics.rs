//! Counters of an accelerator, per device and operation.

mod histogram;

use std::time::Duration;

pub(crate) use histogram::Recorder;
pub use histogram::{BATCH_BOUNDS, Histogram, LATENCY_BOUNDS_NS};

use crate::device::DeviceKind;
use crate::operation::Operation;

/// Counters of one operation on one device, since the accelerator was built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OperationMetrics {
    /// Calls answered, coalesced ones each counted.
    pub jobs: u64,
    /// Messages, signatures or terms answered.
    pub items: u64,
    /// Message bytes answered; of terms, the bytes of their scalars.
    pub bytes: u64,
    /// Device calls that were answered; at most `jobs`.
    pub batches: u64,
    /// Device calls that failed.
    pub errors: u64,
    /// Frames that the device sent again.
    pub retries: u64,
    /// Jobs that the device answered because another one had failed or could not take them.
    pub fallbacks: u64,
    /// Verdicts, keys and sums of the device that were checked, see
    /// [`Policy::confirm_invalid`](crate::Policy::confirm_invalid) and
    /// [`Policy::sample_valid`](crate::Policy::sample_valid).
    pub checks: u64,
    /// Time in device calls, failed ones included; hash batches of less than 2 KiB on the CPU are
    /// not timed, as that would slow them down.
    pub busy: Duration,
    /// How long the calls in `busy` took, in nanoseconds, by [`LATENCY_BOUNDS_NS`].
    pub latency: Histogram,
    /// How many items the calls in `batches` had, by [`BATCH_BOUNDS`].
    pub batch_items: Histogram,
}

/// What the last known-answer test of a device said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SelfTest {
    /// Never ran.
    #[default]
    NotRun,
    /// Every digest, verdict and sum was right.
    Passed,
    /// The error's text.
    Failed(String),
}

/// One device of an accelerator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceMetrics {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: DeviceKind,
    /// Whether it only answers when no other device can.
    pub fallback: bool,
    /// Whether it is in service.
    pub in_service: bool,
    /// Times it was taken out of service.
    pub outages: u64,
    /// Times that the CPU contradicted a verdict or key of it, or a sum was found to be wrong
    /// ([`DeviceError::Disagreement`](crate::DeviceError::Disagreement),
    /// [`DeviceError::WrongSum`](crate::DeviceError::WrongSum)).
    pub disagreements: u64,
    /// Times that it was taken out of service because its link failed or brought what the
    /// protocol does not allow, tests of a device that is out of service included.
    pub link_errors: u64,
    /// The last known-answer test.
    pub self_test: SelfTest,
    /// Text of the last error.
    pub last_error: Option<String>,
    /// The counters, in the order of [`Operation::all`].
    pub operations: Vec<(Operation, OperationMetrics)>,
}

/// Everything that an accelerator counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Jobs that wait in the queue now.
    pub queued: usize,
    /// Those of each operation, in the order of [`Operation::all`].
    pub queued_by_operation: Vec<(Operation, usize)>,
    /// Bytes that they hold.
    pub queued_bytes: usize,
    /// Jobs that devices have taken from the queue and not answered.
    pub running: usize,
    /// Jobs refused because the queue was full ([`SubmitError::Busy`](crate::SubmitError::Busy)).
    pub busy_refusals: u64,
    /// Jobs that ended with an error.
    pub failed_jobs: u64,
    /// The devices, in the order in which they are tried.
    pub devices: Vec<DeviceMetrics>,
}
