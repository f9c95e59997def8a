//! `chaincard devices`

#[cfg(feature = "serve")]
mod watch;

use std::fmt::Write;

use clap::Args;
use serde::Serialize;

use crate::device::{Choice, registry};
use crate::error::{CliError, Verdict};
use crate::output::Output;

/// Nothing is opened: a serial port that is listed need not have a card behind it. The
/// environment variable CHAINCARD_DEVICES (names, separated by commas) adds devices. With
/// --watch, the chosen device, or those of a card host, are shown again and again.
#[derive(Args)]
pub(crate) struct Arguments {
    #[cfg(feature = "serve")]
    #[command(flatten)]
    watch: watch::WatchArguments,
}

#[derive(Serialize)]
struct Row {
    name: String,
    kind: &'static str,
    description: String,
}

pub(crate) fn run(
    arguments: &Arguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    #[cfg(feature = "serve")]
    if arguments.watch.is_wanted() {
        return watch::run(&arguments.watch, choice, output);
    }
    #[cfg(not(feature = "serve"))]
    let _ = (arguments, choice);
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
