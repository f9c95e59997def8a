//! What a caller of an accelerator can meet.

use std::sync::Arc;

use super::HashJob;
use crate::device::DeviceError;
use crate::operation::Operation;

/// Why a job has no answer. A device that failed is mentioned only when no other could answer.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// no device could answer; the last one's error
    #[error("no device could answer")]
    Device(#[source] Arc<DeviceError>),
    /// no device has the operation
    #[error("no device has {operation}")]
    NoDevice {
        /// What was asked for.
        operation: Operation,
    },
    /// time limit of the job is over
    #[error("job was not answered within its time limit")]
    TimedOut,
    /// accelerator was dropped before the job was begun
    #[error("accelerator was shut down before it began the job")]
    ShutDown,
    /// answer was taken from the handle before
    #[error("answer was already taken from this handle")]
    Taken,
}

impl From<DeviceError> for Error {
    fn from(error: DeviceError) -> Self {
        Self::Device(Arc::new(error))
    }
}

/// Why a job was not accepted; it will not be begun.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError<J = HashJob> {
    /// queue is full; here is the job back
    #[error("queue is full")]
    Busy(J),
    /// no device has the operation
    #[error("no device has {operation}")]
    NoDevice {
        /// What was asked for.
        operation: Operation,
    },
}
