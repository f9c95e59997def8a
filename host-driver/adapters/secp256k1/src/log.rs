//! What the library tells: warnings on standard error, and a log for those who want to see that it is
//! used. Neither holds keys or messages.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use crate::real;

/// The environment variable that names the log: a file, to which lines are added.
pub const LOG_VARIABLE: &str = "CHAINCARD_SECP256K1_LOG";

/// What the library has done in this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Signatures found valid.
    pub valid: u64,
    /// Signatures found not valid, but for those with a high s.
    pub invalid: u64,
    /// Keys recovered.
    pub recovered: u64,
    /// Signatures without a key.
    pub unrecovered: u64,
}

static VALID: AtomicU64 = AtomicU64::new(0);
static INVALID: AtomicU64 = AtomicU64::new(0);
static RECOVERED: AtomicU64 = AtomicU64::new(0);
static UNRECOVERED: AtomicU64 = AtomicU64::new(0);

/// The counts now.
pub fn counts() -> Counts {
    Counts {
        valid: VALID.load(Relaxed),
        invalid: INVALID.load(Relaxed),
        recovered: RECOVERED.load(Relaxed),
        unrecovered: UNRECOVERED.load(Relaxed),
    }
}

/// A signature was verified.
pub(crate) fn verified(valid: bool) {
    if valid { &VALID } else { &INVALID }.fetch_add(1, Relaxed);
}

/// A key was recovered, or not.
pub(crate) fn recovered(done: bool) {
    if done { &RECOVERED } else { &UNRECOVERED }.fetch_add(1, Relaxed);
}

/// Adds a line to the log.
pub(crate) fn info(line: &str) {
    static LOG: OnceLock<Option<std::fs::File>> = OnceLock::new();
    let file = LOG.get_or_init(|| {
        let path = std::env::var_os(LOG_VARIABLE).filter(|path| !path.is_empty())?;
        let opened = OpenOptions::new().append(true).create(true).open(&path);
        let refused = |error: &io::Error| {
            let path = Path::new(&path).display();
            complain(&format!("cannot write the log {path} of {LOG_VARIABLE}: {error}"));
        };
        opened.inspect_err(refused).ok()
    });
    if let Some(mut file) = file.as_ref() {
        // One write a line, as several processes may add to a file. One that is full is no reason to
        // do anything else than without a log.
        let _ = file.write_all(format!("[{}] {line}\n", std::process::id()).as_bytes());
    }
}

/// Tells on standard error and in the log.
pub(crate) fn warn(line: &str) {
    info(line);
    complain(line);
}

fn complain(line: &str) {
    // A program whose standard error is closed cannot be told.
    let _ = writeln!(io::stderr(), "libchaincard_secp256k1: {line}");
}

/// Tells, once, that no device answers.
pub(crate) fn once_unanswered(reason: &str) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if !TOLD.swap(true, Relaxed) {
        warn(&format!("no device answers: {reason}; libsecp256k1 verifies here"));
    }
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

extern "C" fn tell_at_exit() {
    let Counts { valid, invalid, recovered, unrecovered } = counts();
    info(&format!(
        "at exit: {valid} valid, {invalid} invalid, {recovered} recovered, {unrecovered} not"
    ));
}

/// Runs when the library is loaded.
extern "C" fn loaded() {
    if std::env::var_os(LOG_VARIABLE).is_some() {
        info(&format!("loaded, version {}", env!("CARGO_PKG_VERSION")));
        // SAFETY: the function takes nothing, and the library is never unloaded.
        unsafe { libc::atexit(tell_at_exit) };
    }
    real::find_loaded();
}

#[used]
#[unsafe(link_section = ".init_array")]
static LOADED: extern "C" fn() = loaded;
