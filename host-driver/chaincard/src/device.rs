//! The device trait: what every engine, from the CPU to a card, offers the queue.

use crate::hash::{HashAlgorithm, Messages};
use crate::transport::TransportError;

/// Kind of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// This machine's processor.
    Cpu,
    /// An OpenCL device.
    OpenCl,
    /// A card on a real link.
    Card,
    /// A simulated card.
    Simulated,
}

/// What a device can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Hash algorithms, in the order of [`HashAlgorithm::ALL`].
    pub hashes: Vec<HashAlgorithm>,
    /// Most items in one call; `None`: no bound of its own.
    pub max_batch: Option<usize>,
    /// Protocol version of a card.
    pub protocol_version: Option<u8>,
}

/// What a device tells of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Clock cycles that a simulated card took, the link included.
    pub cycles: Option<u64>,
}

/// A device that answers batches. A call blocks; the queue above makes it asynchronous.
///
/// Either the whole batch is answered rightly or the call is an error: a device never
/// leaves a wrong or a partial answer behind an `Ok`.
pub trait Device: Send + Sync {
    /// Name as a user types it: `cpu`, `sim`, `serial:/dev/ttyUSB0@3000000`, …
    fn name(&self) -> &str;

    /// Kind.
    fn kind(&self) -> DeviceKind;

    /// One line for people: processor, board, clock, versions.
    fn description(&self) -> String;

    /// What it can do.
    fn capabilities(&self) -> &Capabilities;

    /// Writes the digests of `messages`, back to back, to `digests`.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] for an algorithm that it does not have,
    /// [`DeviceError::OutputLength`] when `digests` is not exactly as long as the digests of
    /// all messages, otherwise what failed on the way; `digests` is unspecified then.
    fn hash(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Report, DeviceError>;
}

/// Why a device could not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// device does not have the operation
    #[error("device {device} does not have {operation}")]
    Unsupported {
        /// Name of the device.
        device: String,
        /// What was asked for.
        operation: String,
    },
    /// output buffer does not fit the batch
    #[error("output has {found} bytes, the batch needs {needed}")]
    OutputLength {
        /// Bytes given.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
    /// link to the card failed
    #[error("link to {device} failed")]
    Transport {
        /// Name of the device.
        device: String,
        /// What failed.
        #[source]
        source: TransportError,
    },
}
