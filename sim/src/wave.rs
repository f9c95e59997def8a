//! Waveforms: VCD files of a core at work, and pictures of them.

mod picture;
mod samples;

pub use picture::{Panel, draw};

use crate::SimError;
use crate::bench::{BenchRun, Message, NativeCore};
use crate::stream::Stalls;
use chaincard_hdl::hash::{HashCore, Sha256};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Signals of a hash core in its pictures.
const CORE_SIGNALS: [&str; 9] = [
    "uut.in_valid",
    "uut.in_ready",
    "uut.in_data",
    "uut.in_bytes",
    "uut.in_last",
    "uut.out_valid",
    "uut.out_ready",
    "uut.out_data",
    "uut.out_last",
];

/// Hashes `messages` with `core`, natively simulated, and writes every signal to the VCD file
/// `path` (time unit 1 ps, 10 ns a cycle; the top is named `uut`).
///
/// # Errors
/// As [`NativeCore::hash`], and [`SimError::Io`] when the file cannot be written.
pub fn record<C: HashCore>(
    core: C,
    messages: &[Message<'_>],
    digest_len: usize,
    path: &Path,
) -> Result<BenchRun, SimError> {
    let file = File::create(path).map_err(SimError::io("cannot write", path))?;
    let mut core = NativeCore::with(core)?;
    core.native().trace(BufWriter::new(file));
    let run = core.hash(messages, digest_len, Stalls::default())?;
    core.native().end_trace();
    Ok(run)
}

/// The picture in the documentation, as SVG: a message of three words goes into the SHA-256
/// core, and its digest comes out.
///
/// # Errors
/// As [`record`] and [`draw`].
pub fn sha256_picture() -> Result<String, SimError> {
    let dir = tempfile::tempdir().map_err(SimError::io("cannot make", std::env::temp_dir()))?;
    let vcd = dir.path().join("sha256.vcd");
    let message = Message { bytes: b"hello world", suffix: 0 };
    // The message behind it keeps the core running while the digest leaves.
    let run = record(Sha256::default(), &[message, message], 32, &vcd)?;
    let span = run.spans[0];
    let panels = [
        Panel { title: "\"hello world\" goes in", cycles: span.first_in..span.last_in + 4 },
        Panel { title: "its digest comes out", cycles: span.first_out - 1..span.last_out + 2 },
    ];
    draw(&vcd, "uut.clock", &CORE_SIGNALS, &panels)
}
