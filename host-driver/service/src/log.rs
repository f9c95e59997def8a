//! Structured logs on standard error. Keys, passwords and messages never get into them: events
//! have names of devices, counts and texts of errors.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::ServiceError;
use crate::config::{Format, Level, Log};

/// Starts the logs of this process.
///
/// # Errors
/// [`ServiceError::Log`] when something else in the process writes them already.
pub fn start(log: &Log) -> Result<(), ServiceError> {
    let level = match log.level {
        Level::Off => LevelFilter::OFF,
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
    };
    let logs = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    let started = match log.format {
        Format::Text => logs.finish().try_init(),
        Format::Json => logs.json().finish().try_init(),
    };
    started.map_err(|_| ServiceError::Log)
}
