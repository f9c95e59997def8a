//! What can be wrong with a configuration, and what can keep a service from starting.

use std::io;
use std::path::PathBuf;

/// Why a configuration file cannot be used. Each message names file and key, and says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// file cannot be read
    #[error("{}: cannot read the configuration file; check path and permissions: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// file is no TOML, or has a key or value that is none
    #[error("{}:{line}: {}{message}", path.display(), key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// The key in this line.
        key: Option<String>,
        /// What is wrong, and what is expected.
        message: String,
    },
    /// value is out of its range
    #[error("{}: {key}: {reason}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The key, with its table.
        key: &'static str,
        /// What the value has to be.
        reason: String,
    },
}

/// Why a service cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// configuration cannot be used
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// device cannot be opened
    #[error("{}: devices: {source}; remove the device from the list, or see that it is plugged in and served", path.display())]
    Open {
        /// The configuration file.
        path: PathBuf,
        /// What failed.
        source: chaincard::OpenError,
    },
    /// address is none
    #[error("{key}: {address:?} is no address; write {expected}")]
    Address {
        /// The key in the configuration.
        key: &'static str,
        /// What it says.
        address: String,
        /// What it may say.
        expected: &'static str,
    },
    /// address cannot be had
    #[error("{key}: cannot listen on {address}: {source}; {}", advice(source))]
    Listen {
        /// The key in the configuration.
        key: &'static str,
        /// The address.
        address: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// logs were started already
    #[error("logs are being written already")]
    Log,
    /// system gives no threads or signals
    #[error("cannot start the service's threads: {0}")]
    Runtime(#[source] io::Error),
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there: stop it or choose another address"
        }
        io::ErrorKind::PermissionDenied => {
            "choose a port above 1023 or a folder that this user may write to"
        }
        io::ErrorKind::NotFound => "create the folder of the socket first",
        _ => "choose an address of this machine",
    }
}
