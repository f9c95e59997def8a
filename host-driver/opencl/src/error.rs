//! What can go wrong.

/// Why an OpenCL device gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenClError {
    /// no device with this number
    #[error("there is no OpenCL device {index}; {found} found")]
    NoDevice {
        /// Number asked for.
        index: usize,
        /// Devices there are.
        found: usize,
    },
    /// message ends do not ascend, or lie beyond the data
    #[error("message {index} does not lie within the data")]
    Ends {
        /// Number of the first such message.
        index: usize,
    },
    /// output buffer does not fit the batch
    #[error("output has {found} bytes, the batch needs {needed}")]
    OutputLength {
        /// Bytes given.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
    /// a call to OpenCL failed
    #[error("OpenCL cannot {action}")]
    Call {
        /// What was to be done.
        action: &'static str,
        /// What OpenCL says.
        #[source]
        source: Box<ocl::Error>,
    },
    /// platforms cannot be listed
    #[error("OpenCL cannot list platforms: status {status}")]
    Platforms {
        /// Status code of `clGetPlatformIDs`.
        status: i32,
    },
}

impl OpenClError {
    /// For `map_err`: what was to be done when a call failed.
    pub(crate) fn call<E: Into<ocl::Error>>(action: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Call { action, source: Box::new(source.into()) }
    }
}
