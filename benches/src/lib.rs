//! Every device beside the libraries that nodes use today: same input, same run.
//!
//! [`run`] gives one [`Row`] for each device and each library ("peer") in each case, after
//! it has checked that all of them give the same results. A case's contenders take turns,
//! sample by sample, so that a change of clock or load meets all of them; the figure is the
//! median sample. [`summary_table`] sets each device against the fastest peer: only such
//! ratios, taken within one run, mean anything on another machine.

mod callers;
mod measure;
pub mod msm;
pub mod peers;
pub mod signatures;
mod table;

use std::sync::Arc;
use std::time::Duration;

use chaincard::msm::{Curve, MsmError};
use chaincard::{Device, DeviceError, HashAlgorithm, OpenError};
use serde::Serialize;

pub use callers::{CallersOptions, CallersRow, callers_table, run_callers};
pub use measure::run;
pub use peers::Peer;
pub use signatures::{Operation, SignaturePeer, Signatures};
pub use table::{Comparison, comparisons, summary_table};

/// Size and number of the messages of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Bytes in each message.
    pub size: usize,
    /// Messages in one call.
    pub batch: usize,
}

impl Shape {
    /// The shapes that every summary has: batches of 64, 200 and 1,024 bytes, and one
    /// message of 8 MiB.
    pub const STANDARD: [Self; 4] = [
        Self { size: 64, batch: 8192 },
        Self { size: 200, batch: 4096 },
        Self { size: 1024, batch: 1024 },
        Self { size: 8 << 20, batch: 1 },
    ];

    /// The shape as a simulated card gets it: it is slower by orders of magnitude, so it
    /// gets smaller batches and no long message.
    fn simulated(self) -> Option<Self> {
        (self.size <= 4096).then_some(Self { size: self.size, batch: self.batch.min(16) })
    }
}

/// What to measure.
pub struct Options {
    /// Devices, each in all cases that it can do. The processor, under any name, stands for
    /// one device `cpu` with each of `threads`.
    pub devices: Vec<Arc<dyn Device>>,
    /// Hash algorithms.
    pub algorithms: Vec<HashAlgorithm>,
    /// Shapes.
    pub shapes: Vec<Shape>,
    /// What is done with signatures.
    pub operations: Vec<Operation>,
    /// Signatures in one call.
    pub signatures: usize,
    /// Curves of multi-scalar multiplications, which the processor does.
    pub curves: Vec<Curve>,
    /// Terms of a multiplication.
    pub terms: Vec<usize>,
    /// Threads for the CPU device and the peers, one set of rows each. A batch of one
    /// message is measured with one thread only.
    pub threads: Vec<usize>,
    /// Samples for each contender; the median counts.
    pub rounds: usize,
    /// Least duration of a sample; calls are repeated until it is reached.
    pub sample: Duration,
    /// Whether to measure the peers.
    pub peers: bool,
}

impl Options {
    /// All algorithms, [`Shape::STANDARD`], [`Operation::ALL`], and all curves with
    /// [`msm::STANDARD_TERMS`], on `devices`, with one thread and with all.
    pub fn standard(devices: Vec<Arc<dyn Device>>) -> Self {
        let all = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            devices,
            algorithms: HashAlgorithm::ALL.to_vec(),
            shapes: Shape::STANDARD.to_vec(),
            operations: Operation::ALL.to_vec(),
            signatures: 128,
            curves: Curve::ALL.to_vec(),
            terms: msm::STANDARD_TERMS.to_vec(),
            threads: if all > 1 { vec![1, all] } else { vec![1] },
            rounds: 15,
            sample: Duration::from_millis(4),
            peers: true,
        }
    }
}

/// One measurement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Name of the device; `cpu` for a peer.
    pub device: String,
    /// Algorithm, what is done with signatures, as users type it, or `msm-` and a curve.
    pub operation: String,
    /// Bytes in each message, or terms in a multiplication.
    pub size: usize,
    /// Messages or multiplications in one call.
    pub batch: usize,
    /// Threads of this machine that worked on it; 1 where the device itself does the work.
    pub threads: usize,
    /// Nanoseconds for each message or multiplication.
    pub ns_per_item: f64,
    /// Name of the library, when it is not chaincard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
}

impl Row {
    /// Whether it is about signatures.
    pub fn is_of_signatures(&self) -> bool {
        Operation::from_name(&self.operation).is_some()
    }

    /// Whether it is about multi-scalar multiplication.
    pub fn is_of_msm(&self) -> bool {
        Curve::ALL.into_iter().any(|curve| self.operation == msm::operation_name(curve))
    }

    /// Millions of message bytes in a second.
    pub fn megabytes_per_second(&self) -> f64 {
        self.size as f64 * 1000.0 / self.ns_per_item
    }

    /// Throughput and its unit: message bytes, signatures, or terms.
    pub fn throughput(&self) -> (f64, &'static str) {
        if self.is_of_signatures() {
            (1e6 / self.ns_per_item, "1000/s")
        } else if self.is_of_msm() {
            (self.size as f64 * 1e6 / self.ns_per_item, "1000 terms/s")
        } else {
            (self.megabytes_per_second(), "MB/s")
        }
    }

    /// Who was measured: the peer, otherwise the device.
    pub fn contender(&self) -> &str {
        self.peer.as_deref().unwrap_or(&self.device)
    }
}

/// Why a bench gave no figures.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// a device failed
    #[error("{device} failed on {operation}")]
    Device {
        /// Name of the device.
        device: String,
        /// What it was doing.
        operation: String,
        /// What failed.
        #[source]
        source: DeviceError,
    },
    /// no device of an accelerator could answer
    #[error("{device} failed on {operation}")]
    Accelerator {
        /// Name of the device.
        device: String,
        /// What it was doing.
        operation: String,
        /// What failed.
        #[source]
        source: chaincard::Error,
    },
    /// an accelerator was not opened
    #[error(transparent)]
    Open(#[from] OpenError),
    /// a multiplication was refused
    #[error("{operation}")]
    Msm {
        /// What it was.
        operation: String,
        /// Why.
        #[source]
        source: MsmError,
    },
    /// two contenders disagree on a result
    #[error("{first} and {second} disagree on {operation} of size {size}, item {index}")]
    Mismatch {
        /// One of them.
        first: String,
        /// The other one.
        second: String,
        /// Algorithm or what is done with signatures.
        operation: String,
        /// Bytes in the message, or terms in the multiplication.
        size: usize,
        /// Number of the message in the batch.
        index: usize,
    },
    /// threads could not be started
    #[error("cannot start {threads} threads")]
    Threads {
        /// Threads asked for.
        threads: usize,
        /// What the pool says.
        #[source]
        source: rayon::ThreadPoolBuildError,
    },
}
