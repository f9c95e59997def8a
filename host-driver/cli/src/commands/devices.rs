//! `chaincard devices`

use std::fmt::Write;

use clap::Args;
use serde::Serialize;

use crate::device::registry;
use crate::error::{CliError, Verdict};
use crate::output::Output;

/// Nothing is opened: a serial port that is listed need not have a card behind it. The
/// environment variable CHAINCARD_DEVICES (names, separated by commas) adds devices.
#[derive(Args)]
pub(crate) struct Arguments {}

#[derive(Serialize)]
struct Row {
    name: String,
    kind: &'static str,
    description: String,
}

pub(crate) fn run(_: &Arguments, output: &Output) -> Result<Verdict, CliError> {
    let rows: Vec<Row> = registry()
        .list()
        .into_iter()
        .map(|listed| Row {
            name: listed.name,
            kind: listed.kind.name(),
            description: listed.description,
        })
        .collect();
    output.show(&rows, || {
        let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        let mut text = String::new();
        for row in &rows {
            let _ = writeln!(text, "{:width$}  {:9}  {}", row.name, row.kind, row.description);
        }
        text
    })?;
    Ok(Verdict::Good)
}
