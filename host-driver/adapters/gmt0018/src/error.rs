//! Why a call did not succeed, and the return value of each reason.

use std::ffi::c_int;
use std::path::PathBuf;

use crate::code;

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// handle is null, unknown or closed
    #[error("{0} handle is not open")]
    Handle(&'static str),
    /// argument is null or makes no sense
    #[error("{0}")]
    Argument(&'static str),
    /// pointer to a result is null
    #[error("pointer to {0} is null")]
    Output(&'static str),
    /// algorithm is not done here
    #[error("algorithm {0:#x} is not supported")]
    Algorithm(u32),
    /// mode of SM4 is not done here
    #[error("mode {0:#x} is not supported")]
    Mode(u32),
    /// no key of this index
    #[error("there is no key {0}")]
    NoKey(u32),
    /// session has no right to use the key
    #[error("key {0} needs its access code first")]
    NoRight(u32),
    /// access code is wrong
    #[error("wrong access code of key {0}")]
    AccessCode(u32),
    /// key is none
    #[error("key is none: {0}")]
    Key(&'static str),
    /// signature is not valid
    #[error("signature is not valid")]
    Invalid,
    /// signing failed
    #[error("no signature came about")]
    Sign,
    /// step of hashing without the first one
    #[error("hashing was not begun")]
    Step,
    /// session has too many keys
    #[error("session has {0} keys already")]
    TooManyKeys(usize),
    /// operating system gives no random bytes
    #[error("no random bytes from the operating system")]
    Random,
    /// no device could answer
    #[error("no device could answer")]
    Device(#[from] chaincard::Error),
    /// function is not done here
    #[error("function is not supported")]
    Unsupported,
    /// device cannot be opened
    #[error(transparent)]
    Open(#[from] SdfError),
}

impl Failure {
    /// The return value for it.
    pub(crate) fn code(&self) -> c_int {
        match self {
            Self::Handle(_) | Self::Argument(_) => code::SDR_INARGERR,
            Self::Output(_) => code::SDR_OUTARGERR,
            Self::Algorithm(_) => code::SDR_ALGNOTSUPPORT,
            Self::Mode(_) => code::SDR_ALGMODNOTSUPPORT,
            Self::NoKey(_) => code::SDR_KEYNOTEXIST,
            Self::NoRight(_) => code::SDR_PARDENY,
            Self::AccessCode(_) => code::SDR_PRKRERR,
            Self::Key(_) => code::SDR_KEYERR,
            Self::Invalid => code::SDR_VERIFYERR,
            Self::Sign => code::SDR_SIGNERR,
            Self::Step => code::SDR_STEPERR,
            Self::TooManyKeys(_) => code::SDR_NOBUFFER,
            Self::Random => code::SDR_RANDERR,
            Self::Device(_) => code::SDR_HARDFAIL,
            Self::Unsupported => code::SDR_NOTSUPPORT,
            Self::Open(error) => error.code(),
        }
    }
}

/// Why a device cannot be opened, or a key store made. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SdfError {
    /// environment variable with the configuration is not set
    #[error("{variable} is not set: let it name the configuration file (TOML)")]
    NoConfig {
        /// Its name.
        variable: &'static str,
    },
    /// file cannot be read or written
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was to be done with it.
        action: &'static str,
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// configuration file is malformed
    #[error("configuration {}: {reason}", path.display())]
    Config {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it, and where.
        reason: String,
    },
    /// environment variable with a password is not set
    #[error("environment variable {variable} is not set: it is to hold the {what}")]
    NoPassword {
        /// Its name.
        variable: String,
        /// What it is to hold.
        what: &'static str,
    },
    /// password cannot be used
    #[error("{what}: {reason}")]
    Password {
        /// Which password.
        what: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// key store may be read by others
    #[error("key store {0} may be read by others: chmod 600 {0}", path.display())]
    Permissions {
        /// Which file.
        path: PathBuf,
    },
    /// key store exists already
    #[error("key store {} exists already: choose another path, or move it away", path.display())]
    StoreExists {
        /// Which file.
        path: PathBuf,
    },
    /// file is no key store
    #[error("{} is no key store: {reason}; `chaincard sdf init` makes one", path.display())]
    Store {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// key store does not open with the password
    #[error("wrong password of key store {}, or the file was changed", path.display())]
    WrongPassword {
        /// Which file.
        path: PathBuf,
    },
    /// key store cannot be encrypted so
    #[error("cannot encrypt the key store: {reason}")]
    Seal {
        /// Why.
        reason: String,
    },
    /// key cannot be in a store
    #[error("key {index}: {reason}")]
    Key {
        /// Its index.
        index: u32,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// operating system gives no random bytes
    #[error("no random bytes from the operating system: {0}")]
    Random(getrandom::Error),
    /// device of the configuration cannot be opened
    #[error(
        "cannot open the devices of the configuration: {0}; see `chaincard devices`, \
         or let devices be [\"auto\"]"
    )]
    Device(String),
}

impl SdfError {
    /// What SDF_OpenDevice returns: `SDR_PRKRERR` for a wrong password, `SDR_RANDERR` without random
    /// bytes, otherwise `SDR_OPENDEVICE`.
    pub fn code(&self) -> c_int {
        match self {
            Self::WrongPassword { .. } => code::SDR_PRKRERR,
            Self::Random(_) => code::SDR_RANDERR,
            _ => code::SDR_OPENDEVICE,
        }
    }

    pub(crate) fn file(
        action: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { action, path, source }
    }
}
