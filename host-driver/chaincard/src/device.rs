//! The device trait: what every engine, from the CPU to a card, offers the queue.

use crate::card::ProtocolError;
use crate::hash::{HashAlgorithm, Messages, MessagesError};
use crate::msm::{BlobError, Curve, MsmError, NoRandomNumbers, Terms, WindowsError};
use crate::transport::TransportError;
use crate::verify::{BatchError, Item, Plan, Recovered, Scheme, Verdict};

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

impl DeviceKind {
    /// `cpu`, `opencl`, `card` or `simulated`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::OpenCl => "opencl",
            Self::Card => "card",
            Self::Simulated => "simulated",
        }
    }
}

/// What a device can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Hash algorithms, in the order of [`HashAlgorithm::ALL`].
    pub hashes: Vec<HashAlgorithm>,
    /// Signature schemes that it verifies, in the order of [`Scheme::ALL`].
    pub verifies: Vec<Scheme>,
    /// Whether it recovers public keys from ECDSA signatures over secp256k1.
    pub recovers: bool,
    /// Curves on which it multiplies, in the order of [`Curve::ALL`].
    pub multiplies: Vec<Curve>,
    /// Most terms in one multiplication; `None`: no bound of its own.
    pub max_terms: Option<usize>,
    /// Most items in one call; `None`: no bound of its own.
    pub max_batch: Option<usize>,
    /// Most bytes in one message; `None`: no bound of its own.
    pub max_message: Option<usize>,
    /// Protocol version of a card.
    pub protocol_version: Option<u8>,
}

impl Capabilities {
    /// Whether the device has `algorithm`.
    pub fn has(&self, algorithm: HashAlgorithm) -> bool {
        self.hashes.contains(&algorithm)
    }
}

/// What a device tells of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Clock cycles that a simulated card took, the link included.
    pub cycles: Option<u64>,
    /// Frames that were sent again because an answer was missing or damaged.
    pub retries: u64,
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

    /// Writes the verdict on each item to the same place in `verdicts`.
    ///
    /// Items have come through the strict front ([`crate::verify`]): lengths and encodings are
    /// right, everything that takes arithmetic is for the device.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] for a scheme that it does not have, otherwise what failed on
    /// the way; `verdicts` is unspecified then.
    fn verify(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
    ) -> Result<Report, DeviceError> {
        let _ = (items, verdicts);
        Err(DeviceError::Unsupported {
            device: self.name().to_owned(),
            operation: plan.profile.scheme().name(),
        })
    }

    /// Recovers the public key of each item (whose key is [`Key::Recover`](crate::Key::Recover)).
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    fn recover(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        keys: &mut [Recovered],
    ) -> Result<Report, DeviceError> {
        let _ = (plan, items, keys);
        Err(DeviceError::Unsupported { device: self.name().to_owned(), operation: "recover" })
    }

    /// Writes the sum of all terms, an affine point in the encoding of [`crate::msm`], to `point`.
    ///
    /// What it keeps of the bases between calls is bounded, and goes with the last handle of them:
    /// [`BasesCache`](crate::msm::BasesCache) sees to both.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] for a curve that it does not have,
    /// [`DeviceError::TooManyTerms`], [`DeviceError::OutputLength`] when `point` is not exactly as
    /// long as a point, otherwise what failed on the way; `point` is unspecified then.
    fn multiply(&self, terms: &Terms<'_>, point: &mut [u8]) -> Result<Report, DeviceError> {
        let _ = point;
        let operation = terms.curve().name();
        Err(DeviceError::Unsupported { device: self.name().to_owned(), operation })
    }
}

/// Checks the arguments of [`Device::hash`]: every device calls it before it reads a message.
///
/// # Errors
/// [`DeviceError::Unsupported`], [`DeviceError::Messages`] or [`DeviceError::OutputLength`].
pub fn check_call(
    device: &dyn Device,
    algorithm: HashAlgorithm,
    messages: &Messages<'_>,
    digests: &[u8],
) -> Result<(), DeviceError> {
    if !device.capabilities().has(algorithm) {
        return Err(DeviceError::Unsupported {
            device: device.name().to_owned(),
            operation: algorithm.name(),
        });
    }
    check_shape(algorithm, messages, digests)
}

/// Checks the arguments of [`Device::verify`]: every device calls it before it reads an item.
///
/// # Errors
/// [`DeviceError::Unsupported`], [`DeviceError::Batch`] or [`DeviceError::OutputLength`] (counted
/// in items).
pub fn check_verify(
    device: &dyn Device,
    plan: &Plan<'_>,
    items: &[Item<'_>],
    verdicts: &[Verdict],
) -> Result<(), DeviceError> {
    let scheme = plan.profile.scheme();
    if !device.capabilities().verifies.contains(&scheme) {
        return Err(DeviceError::Unsupported {
            device: device.name().to_owned(),
            operation: scheme.name(),
        });
    }
    plan.check()?;
    check_len(items.len(), verdicts.len())
}

/// Checks the arguments of [`Device::recover`].
///
/// # Errors
/// As [`check_verify`].
pub fn check_recover(
    device: &dyn Device,
    plan: &Plan<'_>,
    items: &[Item<'_>],
    keys: &[Recovered],
) -> Result<(), DeviceError> {
    if !device.capabilities().recovers {
        return Err(DeviceError::Unsupported {
            device: device.name().to_owned(),
            operation: "recover",
        });
    }
    plan.check_recover()?;
    check_len(items.len(), keys.len())
}

/// Checks the arguments of [`Device::multiply`]: every device calls it before it reads a term.
///
/// # Errors
/// [`DeviceError::Unsupported`], [`DeviceError::TooManyTerms`] or [`DeviceError::OutputLength`].
pub fn check_multiply(
    device: &dyn Device,
    terms: &Terms<'_>,
    point: &[u8],
) -> Result<(), DeviceError> {
    let (capabilities, curve) = (device.capabilities(), terms.curve());
    if !capabilities.multiplies.contains(&curve) {
        return Err(DeviceError::Unsupported {
            device: device.name().to_owned(),
            operation: curve.name(),
        });
    }
    if let Some(max) = capabilities.max_terms.filter(|&max| terms.len() > max) {
        return Err(DeviceError::TooManyTerms {
            device: device.name().to_owned(),
            found: terms.len(),
            max,
        });
    }
    check_len(curve.point_bytes(), point.len())
}

fn check_len(needed: usize, found: usize) -> Result<(), DeviceError> {
    if found == needed { Ok(()) } else { Err(DeviceError::OutputLength { found, needed }) }
}

/// Checks that the messages make sense and that `digests` has room for exactly their digests.
///
/// # Errors
/// [`DeviceError::Messages`] or [`DeviceError::OutputLength`].
pub(crate) fn check_shape(
    algorithm: HashAlgorithm,
    messages: &Messages<'_>,
    digests: &[u8],
) -> Result<(), DeviceError> {
    messages.check()?;
    match messages.len().checked_mul(algorithm.digest_len()) {
        Some(needed) if needed == digests.len() => Ok(()),
        needed => Err(DeviceError::OutputLength {
            found: digests.len(),
            needed: needed.unwrap_or(usize::MAX),
        }),
    }
}

/// How a sum was found to be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum SumFault {
    /// It is no point of the curve.
    #[error("is no point of the curve")]
    NoPoint,
    /// It is outside the group of order r, where all bases are.
    #[error("is outside the group of order r")]
    Outside,
    /// It does not fit the device's own second sum.
    #[error("fails the linear check")]
    Check,
    /// The CPU has computed another one.
    #[error("is not that of the CPU")]
    Cpu,
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
        operation: &'static str,
    },
    /// batch does not make sense
    #[error("batch is malformed")]
    Messages(#[from] MessagesError),
    /// batch of signatures does not make sense
    #[error("batch is malformed")]
    Batch(#[from] BatchError),
    /// output buffer does not fit the batch
    #[error("output has room for {found}, the batch needs {needed}")]
    OutputLength {
        /// Bytes given; items for verdicts and keys.
        found: usize,
        /// Bytes or items needed.
        needed: usize,
    },
    /// points or scalars break a rule
    #[error(transparent)]
    Msm(#[from] MsmError),
    /// blob has no commitment
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// the system has no random numbers to mask scalars with
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
    /// multiplication has more terms than the device takes
    #[error("multiplication has {found} terms, device {device} takes at most {max}")]
    TooManyTerms {
        /// Name of the device.
        device: String,
        /// Terms given.
        found: usize,
        /// Most terms.
        max: usize,
    },
    /// message is longer than the device takes
    #[error("message {index} has {len} bytes, device {device} takes at most {max}")]
    MessageTooLong {
        /// Name of the device.
        device: String,
        /// Which message of the batch.
        index: usize,
        /// Its bytes.
        len: usize,
        /// Most bytes.
        max: usize,
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
    /// card on the link does not keep to the protocol
    #[error("card {device} answered wrongly")]
    Protocol {
        /// Name of the device.
        device: String,
        /// What was wrong.
        #[source]
        source: ProtocolError,
    },
    /// device failed its known-answer test
    #[error("device {device} gave a wrong {algorithm} digest for the known message of {len} bytes")]
    SelfTest {
        /// Name of the device.
        device: String,
        /// Algorithm that failed.
        algorithm: &'static str,
        /// Bytes in the message.
        len: usize,
    },
    /// device failed its known-answer test of signatures
    #[error(
        "device {device} said {said:?} of known signature {item} of {operation}, which is {right:?}"
    )]
    SelfTestVerdict {
        /// Name of the device.
        device: String,
        /// Scheme, or recovery.
        operation: &'static str,
        /// Which signature of the batch.
        item: usize,
        /// What the device said.
        said: Verdict,
        /// What is right.
        right: Verdict,
    },
    /// device gave another verdict or key than the CPU
    #[error(
        "device {device} said {said:?} of item {item} for {operation}, the CPU says {right:?}{}",
        if .said == .right { " with another key" } else { "" }
    )]
    Disagreement {
        /// Name of the device.
        device: String,
        /// Scheme, or recovery.
        operation: &'static str,
        /// Which item of the batch.
        item: usize,
        /// What the device said.
        said: Verdict,
        /// What the CPU says.
        right: Verdict,
    },
    /// device failed its known-answer test of multiplication
    #[error("device {device} gave a wrong sum of known multiplication {item} on {curve}")]
    SelfTestSum {
        /// Name of the device.
        device: String,
        /// Curve.
        curve: &'static str,
        /// Which multiplication.
        item: usize,
    },
    /// device gave a sum that is not right
    #[error("device {device} gave a sum of {terms} terms on {curve} that {fault}")]
    WrongSum {
        /// Name of the device.
        device: String,
        /// Curve.
        curve: &'static str,
        /// Number of terms.
        terms: usize,
        /// What is wrong.
        fault: SumFault,
    },
    /// device gave sums of windows that make no point
    #[error("device {device} gave no sums of windows")]
    Windows {
        /// Name of the device.
        device: String,
        /// What is wrong with them.
        #[source]
        source: WindowsError,
    },
    /// system gives no threads
    #[error("device {device} gets no threads from the system")]
    NoThreads {
        /// Name of the device.
        device: String,
    },
    /// device panicked
    #[error("device {device} panicked")]
    Panicked {
        /// Name of the device.
        device: String,
    },
    /// OpenCL failed
    #[error("OpenCL device {device} failed")]
    OpenCl {
        /// Name of the device.
        device: String,
        /// What failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl DeviceError {
    /// Whether the caller asked for something that cannot be answered, as opposed to a device
    /// that failed: the same call fails again, and the device is as healthy as before.
    pub fn is_callers_fault(&self) -> bool {
        matches!(
            self,
            Self::Unsupported { .. }
                | Self::Messages(_)
                | Self::Batch(_)
                | Self::Msm(_)
                | Self::Blob(_)
                | Self::TooManyTerms { .. }
                | Self::OutputLength { .. }
                | Self::MessageTooLong { .. }
        )
    }
}
