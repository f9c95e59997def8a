//! Operation of a card host: what `chaincard serve` and the adapters that are processes of their
//! own share.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`config`] | the configuration file, and messages that say what to do about it |
//! | [`log`] | structured logs |
//! | [`prometheus`] | an accelerator's counters as Prometheus metrics |
//! | [`status`] | the same as JSON, and as a table for a terminal |
//! | [`http`] | `/metrics`, `/healthz` and `/status` |
//! | [`card`] | an accelerator as a card that other processes open (`unix:PATH`, `tcp:HOST:PORT`) |
//! | [`watch`] | logs what happens to devices |
//! | [`host`] | all of it, started and stopped |
//!
//! ```
//! use chaincard_service::{Host, config};
//!
//! let config: config::Serve = config::parse(
//!     "example.toml".as_ref(),
//!     r#"
//!         devices = ["cpu:2"]
//!         [listen]
//!         http = "127.0.0.1:0"
//!         cards = ["tcp:127.0.0.1:0"]
//!     "#,
//! )?;
//! let accelerator = config.accelerator(chaincard::Registry::new())?;
//! let host = Host::start(accelerator, &config.listen)?;
//!
//! let remote = chaincard::Registry::new().open(&host.cards()[0])?;
//! assert_eq!(remote.capabilities().hashes.len(), 5);
//! # drop(remote);
//! host.stop();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod card;
pub mod config;
mod error;
pub mod host;
pub mod http;
pub mod log;
pub mod prometheus;
pub mod status;
pub mod watch;

pub use error::{ConfigError, ServiceError};
pub use host::Host;
pub use status::Status;
