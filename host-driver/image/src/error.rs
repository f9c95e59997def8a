//! What can go wrong with an image.

use std::path::PathBuf;

/// Why an image is not to be used, or could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// file cannot be read or written
    #[error("cannot reach {}", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// file is too large to be what it should be
    #[error("{} has more than {limit} bytes", path.display())]
    TooLarge {
        /// Which one.
        path: PathBuf,
        /// Most bytes it may have.
        limit: u64,
    },
    /// manifest does not parse
    #[error("{} is no manifest", path.display())]
    Manifest {
        /// Which one.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// a field of the manifest has a value it cannot have
    #[error("manifest: {field}: {reason}")]
    Field {
        /// Which field.
        field: &'static str,
        /// What is wrong with its value.
        reason: String,
    },
    /// public key does not parse
    #[error("{} is no minisign public key", path.display())]
    Key {
        /// Which one.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: minisign_verify::Error,
    },
    /// there is no key to trust
    #[error("no trusted public key")]
    NoKey,
    /// signature does not parse
    #[error("{} is no minisign signature", path.display())]
    SignatureFormat {
        /// Which one.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: minisign_verify::Error,
    },
    /// no trusted key made the signature
    #[error("the signature was made with a key that is not trusted")]
    UntrustedKey,
    /// signature does not fit the manifest
    #[error("the signature does not fit the manifest")]
    Signature,
    /// bitstream has another length
    #[error("bitstream has {found} bytes, the manifest says {expected}")]
    BitstreamLength {
        /// Bytes in the file.
        found: u64,
        /// Bytes by the manifest.
        expected: u64,
    },
    /// bitstream has another digest
    #[error("bitstream has SHA-256 {found}, the manifest says {expected}")]
    BitstreamDigest {
        /// Digest of the file.
        found: String,
        /// Digest by the manifest.
        expected: String,
    },
    /// there is no such image
    #[error("no image {name:?} in {}", folder.display())]
    NoImage {
        /// What was looked for.
        name: String,
        /// Where.
        folder: PathBuf,
    },
    /// openFPGALoader is missing
    #[error("{program} is not installed (Debian: apt install openfpgaloader)")]
    ProgramMissing {
        /// Name of the program.
        program: String,
    },
    /// openFPGALoader could not be started
    #[error("cannot start {program}")]
    ProgramStart {
        /// Name of the program.
        program: String,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// openFPGALoader failed
    #[error("{program} failed ({status})")]
    ProgramFailed {
        /// Name of the program.
        program: String,
        /// Its exit status.
        status: std::process::ExitStatus,
    },
    /// signing failed
    #[cfg(feature = "sign")]
    #[error("cannot sign")]
    Sign(#[source] Box<minisign::PError>),
}

impl ImageError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
