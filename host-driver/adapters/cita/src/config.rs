//! The configuration file.
//!
//! ```toml
//! devices = ["unix:/run/chaincard.sock"]  # in the order in which they are tried
//!
//! [service]
//! private_key = "private_key"   # file with 64 hexadecimal digits
//! calls = 64                    # at once; those beyond get RESOURCE_EXHAUSTED
//! message_bytes = 33554432      # in one call
//!
//! [listen]
//! grpc = "127.0.0.1:50005"      # the crypto service and the gRPC health service
//! http = "127.0.0.1:60005"      # /metrics, /healthz, /status; "" for none
//!
//! [policy]                      # as of chaincard serve
//! [log]
//! ```

use std::path::{Path, PathBuf};

use chaincard_service::{ConfigError, ServiceError, config};
use serde::Deserialize;

/// A whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Device names, in the order in which they are tried.
    pub devices: Vec<String>,
    /// Key and bounds.
    pub service: Service,
    /// Addresses.
    #[serde(default)]
    pub listen: Listen,
    /// Bounds and rules of the queue.
    #[serde(default)]
    pub policy: config::Policy,
    /// Logs.
    #[serde(default)]
    pub log: config::Log,
    #[serde(skip)]
    path: PathBuf,
}

/// Key and bounds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// File with the node's private key; a relative path starts at the configuration file.
    pub private_key: PathBuf,
    /// Calls at once.
    #[serde(default = "default_calls")]
    pub calls: usize,
    /// Most bytes in one call.
    #[serde(default = "default_message_bytes")]
    pub message_bytes: usize,
}

/// Addresses, `HOST:PORT`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listen {
    /// The crypto service and the gRPC health service.
    pub grpc: String,
    /// Metrics, health and status; empty for none.
    pub http: String,
}

impl Default for Listen {
    fn default() -> Self {
        Self { grpc: "127.0.0.1:50005".to_owned(), http: "127.0.0.1:60005".to_owned() }
    }
}

fn default_calls() -> usize {
    64
}

fn default_message_bytes() -> usize {
    32 << 20
}

impl Config {
    /// Reads the file `path`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let config = Self { path: path.to_owned(), ..config::load(path)? };
        if config.service.calls == 0 {
            return Err(config::value_error(path, "service.calls", "write a number from 1"));
        }
        Ok(config)
    }

    /// The file with the private key.
    pub fn private_key(&self) -> PathBuf {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        folder.join(&self.service.private_key)
    }

    /// Opens the devices.
    ///
    /// # Errors
    /// [`ServiceError::Config`] and [`ServiceError::Open`].
    pub fn accelerator(&self) -> Result<chaincard::Accelerator, ServiceError> {
        let registry = chaincard::Registry::new();
        config::accelerator(&self.path, registry, &self.devices, &self.policy)
    }
}
