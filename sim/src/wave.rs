//! Waveforms: VCD files of a core at work, and pictures of them.

use crate::SimError;
use crate::bench::{BenchRun, Message, NativeCore};
use crate::stream::Stalls;
use chaincard_hdl::hash::{HashCore, Sha256};
use rust_hdl::docs::vcd2svg::display_metrics::DisplayMetrics;
use rust_hdl::docs::vcd2svg::trace_collection::TraceCollection;
use rust_hdl::docs::vcd2svg::vcd_style::VCDStyle;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Picoseconds of a clock cycle in the files.
pub const CYCLE: u64 = 10_000;

/// Width of a cycle in a picture: room for 32 bits in hexadecimal.
const CYCLE_WIDTH: u32 = 76;

/// Most cycles in a picture.
const MAX_CYCLES: u64 = 400;

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
    let mut core = NativeCore::with(core)?;
    core.native().trace(BufWriter::new(file));
    let run = core.hash(messages, digest_len, Stalls::default())?;
    core.native().end_trace();
    Ok(run)
}

/// Draws `signals` of the VCD file `vcd`, from cycle `cycles.0` to cycle `cycles.1`, as SVG.
/// Equal files give equal pictures.
///
/// # Errors
/// [`SimError::Wave`] when the file is none or lacks a signal, or when `cycles` is empty;
/// [`SimError::Io`].
pub fn draw(vcd: &Path, signals: &[&str], cycles: (u64, u64), svg: &Path) -> Result<(), SimError> {
    let wave = |error: &dyn std::fmt::Display| SimError::Wave(error.to_string());
    let count = cycles.1.saturating_sub(cycles.0);
    if count == 0 || count > MAX_CYCLES {
        return Err(wave(&format_args!("cannot draw {count} cycles, only 1 to {MAX_CYCLES}")));
    }
    let file = File::open(vcd).map_err(SimError::io("cannot read", vcd))?;
    let traces = TraceCollection::parse(signals, file).map_err(|error| wave(&error))?;
    let mut metrics = DisplayMetrics {
        signal_width: 130,
        min_time: cycles.0 * CYCLE,
        max_time: cycles.1 * CYCLE,
        style: VCDStyle {
            background_color: "#ffffff".into(),
            signal_label_background_color: "#f0f0f0".into(),
            timeline_background_color: "#f0f0f0".into(),
            timeline_line_color: "#808080".into(),
            timeline_tick_color: "#000000".into(),
            trace_color: "#1f4e9c".into(),
            grid_lines: Some("#d8d8d8".into()),
        },
        ..DisplayMetrics::default()
    };
    metrics.canvas_width = metrics.signal_width + CYCLE_WIDTH * count as u32;
    metrics.canvas_height =
        metrics.timescale_height + metrics.signal_height * (signals.len() as u32 + 1);
    let picture = traces.as_svg(&metrics).map_err(|error| wave(&error))?;
    std::fs::write(svg, format!("{picture}\n")).map_err(SimError::io("cannot write", svg))
}

/// The picture in the documentation: a stream of one-block messages through the SHA-256 core,
/// around the digest of the first one.
///
/// # Errors
/// As [`record`] and [`draw`].
pub fn sha256_picture(svg: &Path) -> Result<(), SimError> {
    let dir = tempfile::tempdir().map_err(SimError::io("cannot make a folder for", svg))?;
    let vcd = dir.path().join("sha256.vcd");
    let messages = [Message { bytes: b"abc", suffix: 0 }; 5];
    let run = record(Sha256::default(), &messages, 32, &vcd)?;
    let begin = run.spans[0].first_out.saturating_sub(4);
    draw(&vcd, &CORE_SIGNALS, (begin, begin + 16), svg)
}
