//! Waveforms as SVG: a row a signal, a column a clock cycle.

use super::samples::{Samples, read};
use crate::SimError;
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

/// Most cycles in a picture.
const MAX_CYCLES: u64 = 400;

/// Room for the names of the signals.
const LABELS: u64 = 92;

/// Width of a cycle: room for 32 bits in hexadecimal.
const CYCLE: u64 = 66;

/// Between two panels.
const GAP: u64 = 34;

/// Height of a row, and of the trace in it.
const ROW: u64 = 28;
const TRACE: u64 = 18;

/// Height of a panel's title and time axis.
const HEAD: u64 = 44;

/// Empty border.
const BORDER: u64 = 10;

/// Half the width of a slanted edge.
const SLANT: u64 = 3;

/// Width of a character.
const CHARACTER: u64 = 7;

const STYLE: &str = "text{font:11px monospace;fill:#222}\
.title{font:bold 12px sans-serif}.axis{fill:#666;text-anchor:middle}\
.value{text-anchor:middle}.grid{stroke:#e0e0e0}.frame{fill:none;stroke:#999}\
.bit{fill:none;stroke:#1f4e9c;stroke-width:1.5}\
.bus{fill:#e8eef8;stroke:#1f4e9c;stroke-width:1.2}";

/// Some cycles of a waveform; panels stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel<'a> {
    /// What is to be seen.
    pub title: &'a str,
    /// Rising edges of the clock, counted from 0.
    pub cycles: Range<u64>,
}

/// Draws `signals` of the VCD file `vcd` as SVG. A column is a cycle of `clock`, from one
/// rising edge to the next, and shows the values that the edge at its end sees; buses are in
/// hexadecimal. Names are paths with dots, and are shown without the top. Equal files give
/// equal pictures.
///
/// # Errors
/// [`SimError::Wave`] when the file is no VCD file, a signal is missing or wider than 64 bits,
/// or the cycles of a panel are none, too many, or not in the file; [`SimError::Io`].
pub fn draw(
    vcd: &Path,
    clock: &str,
    signals: &[&str],
    panels: &[Panel<'_>],
) -> Result<String, SimError> {
    let samples = read(vcd, clock, signals)?;
    let recorded = samples.first().map_or(0, |signal| signal.values.len() as u64);
    let mut columns = 0u64;
    for Panel { title, cycles } in panels {
        if cycles.is_empty() || cycles.end > recorded {
            let (start, end) = (cycles.start, cycles.end);
            return Err(SimError::Wave(format!(
                "{title}: cycles {start} to {end} are not in the {recorded} of the file"
            )));
        }
        columns += cycles.end - cycles.start;
    }
    if columns == 0 || columns > MAX_CYCLES {
        let reason = format!("cannot draw {columns} cycles, only 1 to {MAX_CYCLES}");
        return Err(SimError::Wave(reason));
    }
    let rows = signals.len() as u64 + 1;
    let width = 2 * BORDER + LABELS + columns * CYCLE + (panels.len() as u64 - 1) * GAP;
    let height = 2 * BORDER + HEAD + rows * ROW;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n<style>{STYLE}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    label(&mut svg, "cycle", BORDER + HEAD - 8);
    for (row, name) in (0..).zip([clock].iter().chain(signals)) {
        label(&mut svg, name.split_once('.').map_or(name, |(_, name)| name), middle(row) + 4);
    }
    let mut left = BORDER + LABELS;
    for panel in panels {
        frame(&mut svg, panel, left, rows);
        edges(&mut svg, left, panel.cycles.end - panel.cycles.start);
        for (row, signal) in (1..).zip(&samples) {
            trace(&mut svg, signal, panel, left, row);
        }
        left += (panel.cycles.end - panel.cycles.start) * CYCLE + GAP;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// Middle of a row.
fn middle(row: u64) -> u64 {
    BORDER + HEAD + row * ROW + ROW / 2
}

// Writing to a String cannot fail, below.

fn label(svg: &mut String, name: &str, y: u64) {
    let _ = writeln!(svg, "<text x=\"{BORDER}\" y=\"{y}\">{}</text>", escape(name));
}

/// Title, time axis, grid and border.
fn frame(svg: &mut String, panel: &Panel<'_>, left: u64, rows: u64) {
    let (top, height) = (BORDER + HEAD, rows * ROW);
    let title = escape(panel.title);
    let _ =
        writeln!(svg, "<text class=\"title\" x=\"{left}\" y=\"{}\">{title}</text>", BORDER + 12);
    for (column, cycle) in (0..).zip(panel.cycles.clone()) {
        let (x, center) = (left + column * CYCLE, left + column * CYCLE + CYCLE / 2);
        let _ = writeln!(svg, "<path class=\"grid\" d=\"M{x} {top}v{height}\"/>");
        let y = top - 8;
        let _ = writeln!(svg, "<text class=\"axis\" x=\"{center}\" y=\"{y}\">{cycle}</text>");
    }
    let width = (panel.cycles.end - panel.cycles.start) * CYCLE;
    let _ = writeln!(
        svg,
        "<rect class=\"frame\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>"
    );
}

/// The clock: a column begins with the rising edge.
fn edges(svg: &mut String, left: u64, columns: u64) {
    let half = CYCLE / 2;
    let _ = write!(svg, "<path class=\"bit\" d=\"M{left} {}", middle(0) + TRACE / 2);
    for _ in 0..columns {
        let _ = write!(svg, "v-{TRACE}h{half}v{TRACE}h{half}");
    }
    svg.push_str("\"/>\n");
}

/// One signal in one panel.
fn trace(svg: &mut String, signal: &Samples, panel: &Panel<'_>, left: u64, row: u64) {
    let values = &signal.values[panel.cycles.start as usize..panel.cycles.end as usize];
    let (high, low) = (middle(row) - TRACE / 2, middle(row) + TRACE / 2);
    let right = left + values.len() as u64 * CYCLE;
    let mut x = left;
    let mut line = String::new();
    for run in values.chunk_by(|a, b| a == b) {
        let end = x + run.len() as u64 * CYCLE;
        match run[0] {
            Some(bit) if signal.width == 1 => {
                let y = if bit == 0 { low } else { high };
                let start = if line.is_empty() { x } else { x + SLANT };
                let stop = if end == right { end } else { end - SLANT };
                let step = if line.is_empty() { 'M' } else { 'L' };
                let _ = write!(line, "{step}{start} {y}H{stop}");
            }
            value => segment(svg, (x, end), (high, low), value, signal.width),
        }
        x = end;
    }
    if !line.is_empty() {
        let _ = writeln!(svg, "<path class=\"bit\" d=\"{line}\"/>");
    }
}

/// A bus that keeps a value from one edge to another.
fn segment(
    svg: &mut String,
    (x, end): (u64, u64),
    (high, low): (u64, u64),
    value: Option<u64>,
    width: u32,
) {
    let (y, from, to) = ((high + low) / 2, x + SLANT, end - SLANT);
    let _ = writeln!(
        svg,
        "<path class=\"bus\" d=\"M{x} {y}L{from} {high}H{to}L{end} {y}L{to} {low}H{from}Z\"/>"
    );
    let digits = width.div_ceil(4) as usize;
    let text = value.map_or_else(|| "x".repeat(digits), |value| format!("{value:0digits$x}"));
    // A value that has no room keeps its end.
    let room = ((end - x).saturating_sub(2) / CHARACTER) as usize;
    let text = if digits > room { format!("…{}", &text[digits + 1 - room..]) } else { text };
    let (x, y) = ((x + end) / 2, y + 4);
    let _ = writeln!(svg, "<text class=\"value\" x=\"{x}\" y=\"{y}\">{text}</text>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
