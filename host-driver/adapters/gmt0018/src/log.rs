//! The log: what happened, never keys, passwords or messages.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;

use crate::config::{Level, Log};
use crate::error::SdfError;

/// Where the log goes, once it is known. The first device that is opened decides for the process.
static BEGUN: Mutex<bool> = Mutex::new(false);

/// Begins the log unless it was begun.
pub(crate) fn begin(log: &Log) -> Result<(), SdfError> {
    let mut begun = BEGUN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if *begun {
        return Ok(());
    }
    let level = match log.level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
    };
    let lines = tracing_subscriber::fmt().with_max_level(level).with_ansi(false);
    let set = match &log.file {
        Some(path) => {
            let file = OpenOptions::new().append(true).create(true).open(path);
            let file = file.map_err(SdfError::file("write log", path))?;
            tracing::subscriber::set_global_default(lines.with_writer(Mutex::new(file)).finish())
        }
        None => tracing::subscriber::set_global_default(lines.with_writer(io::stderr).finish()),
    };
    // A host in Rust that has a subscriber of its own keeps it.
    let _ = set;
    *begun = true;
    Ok(())
}

/// Says that a device cannot be opened, on standard error and in the log: a node that stops because
/// of it says no more than the return value.
pub(crate) fn refused(error: &SdfError) {
    let message = chain(error);
    tracing::error!("cannot open the device: {message}");
    // A closed standard error leaves nothing to do.
    let _ = writeln!(io::stderr(), "libgmt0018: cannot open the device: {message}");
}

/// An error and its sources, each one once.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let message = error.to_string();
        if !text.ends_with(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        source = error.source();
    }
    text
}
