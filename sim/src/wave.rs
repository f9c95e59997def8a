//! Waveforms: VCD files of a core at work, and pictures of them.

use crate::SimError;
use crate::bench::{BenchRun, Message, NativeCore};
use crate::stream::Stalls;
use chaincard_hdl::hash::{HashCore, Sha256};
use rust_hdl::prelude::vcd_to_svg;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Picoseconds of a clock cycle in the files.
pub const CYCLE: u64 = 10_000;

/// Signals of a hash core in its pictures.
const CORE_SIGNALS: [&str; 10] = [
    "uut.clock",
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
/// `path` (time unit 1 ps, [`CYCLE`]; the top is named `uut`).
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
    let mut core = NativeCore::new(core)?;
    core.native().trace(BufWriter::new(file));
    let run = core.hash(messages, digest_len, Stalls::default())?;
    core.native().end_trace();
    Ok(run)
}

/// Draws `signals` of the VCD file `vcd`, from cycle `cycles.0` to cycle `cycles.1`, as SVG.
/// Equal files give equal pictures.
///
/// # Errors
/// [`SimError::Wave`] when the file is none, lacks a signal, or the picture cannot be written.
pub fn draw(vcd: &Path, signals: &[&str], cycles: (u64, u64), svg: &Path) -> Result<(), SimError> {
    let text = |path: &Path| {
        let text = path.to_str().map(str::to_owned);
        text.ok_or_else(|| SimError::Wave(format!("path is not UTF-8: {}", path.display())))
    };
    vcd_to_svg(&text(vcd)?, &text(svg)?, signals, cycles.0 * CYCLE, cycles.1 * CYCLE)
        .map_err(|error| SimError::Wave(error.to_string()))
}

/// The picture in the documentation: SHA-256 of `abc`, from the word of the message to the
/// digest.
///
/// # Errors
/// As [`record`] and [`draw`].
pub fn sha256_picture(svg: &Path) -> Result<(), SimError> {
    let dir = tempfile::tempdir().map_err(SimError::io("cannot make a folder for", svg))?;
    let vcd = dir.path().join("sha256.vcd");
    let run = record(Sha256::default(), &[Message { bytes: b"abc", suffix: 0 }], 32, &vcd)?;
    draw(&vcd, &CORE_SIGNALS, (0, run.cycles), svg)
}
