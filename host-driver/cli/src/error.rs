//! What can end a command, and the exit code of each.

use std::path::{Path, PathBuf};

use chaincard::msm::{BlobError, MsmError};
use chaincard::{DeviceError, OpenError};
use chaincard_image::ImageError;
#[cfg(feature = "serve")]
use chaincard_service::ServiceError;

use crate::block::{ParseError, PrevoutError};

/// What a command that ran to its end found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everything is as it should be.
    Good,
    /// A check failed, and the command said which.
    Bad,
    /// Some of the inputs cannot be used, and the command said which.
    Unusable,
}

impl Verdict {
    pub(crate) fn of(good: bool) -> Self {
        if good { Self::Good } else { Self::Bad }
    }
}

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// a file cannot be read or written
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    /// a file is too large to be what it should be
    #[error("{}: more than {limit} bytes", path.display())]
    TooLarge { path: PathBuf, limit: u64 },
    /// a file is no block
    #[error("{}: no Bitcoin block: {source}", path.display())]
    Block { path: PathBuf, source: ParseError },
    /// a file has no previous outputs
    #[error("{}: {source}", path.display())]
    Prevouts { path: PathBuf, source: PrevoutError },
    /// points or scalars break a rule
    #[error(transparent)]
    Msm(#[from] MsmError),
    /// a file is no blob
    #[error("{}: no blob: {source}", path.display())]
    Blob { path: PathBuf, source: BlobError },
    /// an argument cannot be used
    #[error("{0}")]
    Argument(String),
    /// output cannot be written
    #[error("cannot write the output")]
    Output(#[source] std::io::Error),
    /// a device cannot be opened
    #[error(transparent)]
    Open(#[from] OpenError),
    /// a device failed
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// no device could answer
    #[error(transparent)]
    Answer(#[from] chaincard::Error),
    /// an image is not to be used
    #[error(transparent)]
    Image(#[from] ImageError),
    /// a key store cannot be made or read
    #[error(transparent)]
    Sdf(#[from] gmt0018::SdfError),
    /// a simulation failed
    #[cfg(feature = "sim")]
    #[error(transparent)]
    Sim(#[from] chaincard_sim::SimError),
    /// a service cannot be started
    #[cfg(feature = "serve")]
    #[error(transparent)]
    Service(#[from] chaincard_service::ServiceError),
    /// a service cannot be watched
    #[cfg(feature = "serve")]
    #[error(transparent)]
    Watch(#[from] chaincard_service::watch::WatchError),
    /// a bench failed
    #[cfg(feature = "bench")]
    #[error(transparent)]
    Bench(#[from] chaincard_benches::BenchError),
    /// a chart cannot be drawn
    #[cfg(feature = "bench")]
    #[error("cannot draw {}: {reason}", path.display())]
    Plot { path: PathBuf, reason: String },
}

impl CliError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }

    /// As documented in `--help`.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Image(error) => match error {
                ImageError::UntrustedKey
                | ImageError::Signature
                | ImageError::BitstreamLength { .. }
                | ImageError::BitstreamDigest { .. } => 1,
                ImageError::ProgramMissing { .. }
                | ImageError::ProgramStart { .. }
                | ImageError::ProgramFailed { .. } => 3,
                _ => 2,
            },
            Self::File { .. }
            | Self::TooLarge { .. }
            | Self::Block { .. }
            | Self::Prevouts { .. }
            | Self::Msm(_)
            | Self::Blob { .. }
            | Self::Argument(_)
            | Self::Sdf(_)
            | Self::Output(_) => 2,
            Self::Open(error) => open_code(error),
            Self::Device(_) | Self::Answer(_) => 3,
            #[cfg(feature = "sim")]
            Self::Sim(error) if is_name(error) => 2,
            #[cfg(feature = "sim")]
            Self::Sim(_) => 3,
            #[cfg(feature = "serve")]
            Self::Service(error) => match error {
                ServiceError::Open { source, .. } => open_code(source),
                ServiceError::Log | ServiceError::Runtime(_) => 3,
                _ => 2,
            },
            #[cfg(feature = "serve")]
            Self::Watch(_) => 3,
            #[cfg(feature = "bench")]
            Self::Bench(_) => 3,
            #[cfg(feature = "bench")]
            Self::Plot { .. } => 2,
        }
    }
}

/// Whether a name is none, or a device does not open.
fn open_code(error: &OpenError) -> u8 {
    match error {
        OpenError::Name { .. } => 2,
        #[cfg(feature = "sim")]
        OpenError::Scheme { source, .. } if source.downcast_ref().is_some_and(is_name) => 2,
        _ => 3,
    }
}

/// Whether what the user typed names no simulated card, or no address to serve one on.
#[cfg(feature = "sim")]
fn is_name(error: &chaincard_sim::SimError) -> bool {
    use chaincard_sim::SimError;
    matches!(error, SimError::CardName { .. } | SimError::Serve { .. })
}
