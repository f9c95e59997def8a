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
    #[error("output has {found} places, the batch needs {needed}")]
    OutputLength {
        /// Bytes, or verdicts, given.
        found: usize,
        /// Bytes, or verdicts, needed.
        needed: usize,
    },
    /// bases are no whole number of points
    #[error("{found} bytes are no whole number of points on {curve}")]
    Bases {
        /// Curve.
        curve: &'static str,
        /// Bytes given.
        found: usize,
    },
    /// more terms than one call takes
    #[error("{found} terms are more than the {max} of one call")]
    TooManyTerms {
        /// Terms given.
        found: usize,
        /// Most terms.
        max: usize,
    },
    /// as many scalars as bases are needed
    #[error("{found} scalars for {needed} bases")]
    Scalars {
        /// Scalars given.
        found: usize,
        /// Bases.
        needed: usize,
    },
    /// scalar is too large for its windows
    #[error("scalar {index} has more than {bits} bits")]
    ScalarBits {
        /// Number of the first such scalar.
        index: usize,
        /// Most bits.
        bits: u32,
    },
    /// bases are those of another device
    #[error("bases were prepared by another device")]
    OtherDevice,
    /// hashing does not fit the signature scheme
    #[error("{scheme} does not take {hashing}")]
    Hashing {
        /// Signature scheme.
        scheme: &'static str,
        /// Hashing asked for.
        hashing: &'static str,
    },
    /// digest of another length than 32 bytes
    #[error("digest {index} has {found} bytes")]
    DigestLength {
        /// Number of the first such item.
        index: usize,
        /// Its bytes.
        found: usize,
    },
    /// user id too long
    #[error("user id has {found} bytes, more than its length field can say")]
    UserIdLength {
        /// Bytes given.
        found: usize,
    },
    /// scheme has no key recovery
    #[error("{scheme} has no key recovery")]
    NoRecovery {
        /// Signature scheme.
        scheme: &'static str,
    },
    /// kernel wrote something else than a verdict
    #[error("a kernel gave the unknown verdict {code}")]
    Verdict {
        /// What it wrote.
        code: u32,
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
