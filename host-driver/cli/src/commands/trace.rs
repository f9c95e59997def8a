//! `chaincard trace`

use std::fmt::Write;
use std::ops::Range;

use chaincard::{Scheme, Verdict as Judged};
use chaincard_sim::trace::{self, Line, Trace};
use clap::Args;
use serde::Serialize;

use super::verify::{parse_scheme, verdict_name};
use crate::error::{CliError, Verdict};
use crate::output::Output;

/// The emitted Verilog runs under Verilator, eight signatures at a time. A line is an instruction
/// that issues: cycle, thread, address, part of the program, label, mnemonic.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Scheme of the signatures: secp256k1, sm2, ed25519 or p256
    #[arg(long, short, default_value = "secp256k1", value_parser = parse_scheme)]
    scheme: Scheme,

    /// Recover public keys instead of verifying: secp256k1 only
    #[arg(long)]
    recover: bool,

    /// Signatures, all valid
    #[arg(long, short, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    count: u16,

    /// Cycles that are shown, the last one exclusive; the simulation ends with them
    #[arg(long, value_name = "FROM..TO", default_value = "0..", value_parser = parse_cycles)]
    cycles: Range<u64>,
}

#[derive(Serialize)]
struct Summary<'a> {
    scheme: &'static str,
    cycles: u64,
    instructions: Vec<Row<'a>>,
    verdicts: Vec<Option<String>>,
}

#[derive(Serialize)]
struct Row<'a> {
    cycle: u64,
    thread: u8,
    address: u16,
    part: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    instruction: &'a str,
}

impl<'a> Row<'a> {
    fn new(line: &'a Line) -> Self {
        let Line { cycle, thread, address, part, label, instruction } = line;
        let label = label.as_deref();
        Self { cycle: *cycle, thread: *thread, address: *address, part, label, instruction }
    }
}

pub(crate) fn run(arguments: &Arguments, output: &Output) -> Result<Verdict, CliError> {
    let Arguments { scheme, recover, count, cycles } = arguments;
    let count = usize::from(*count);
    let cases = match (recover, scheme) {
        (false, _) => trace::signatures(*scheme, count),
        (true, Scheme::Secp256k1) => trace::recoveries(count),
        (true, _) => {
            return Err(CliError::Argument(format!("{} has no recovery", scheme.name())));
        }
    };
    let trace = trace::record(&cases, cycles.clone())?;
    let name = |code: &Option<u8>| code.and_then(Judged::from_code).map(verdict_name);
    let summary = Summary {
        scheme: scheme.name(),
        cycles: trace.cycles,
        instructions: trace.lines.iter().map(Row::new).collect(),
        verdicts: trace.verdicts.iter().map(name).collect(),
    };
    output.show(&summary, || text(&summary, &trace))?;
    let valid = |verdict: &Option<u8>| verdict.is_none_or(|code| code == Judged::Valid.code());
    Ok(Verdict::of(trace.verdicts.iter().all(valid)))
}

fn text(summary: &Summary<'_>, trace: &Trace) -> String {
    let mut text = String::new();
    for line in &trace.lines {
        let _ = writeln!(text, "{line}");
    }
    let count = summary.verdicts.len();
    let plural = if count == 1 { "" } else { "s" };
    let _ = write!(text, "{count} signature{plural} of {}: ", summary.scheme);
    for verdict in summary.verdicts.iter().flatten() {
        let _ = write!(text, "{verdict}, ");
    }
    let _ = writeln!(text, "{} cycles", trace.cycles);
    text
}

/// `FROM..TO`; either may be left out.
fn parse_cycles(text: &str) -> Result<Range<u64>, String> {
    let (from, to) = text.split_once("..").ok_or("it is FROM..TO")?;
    let number = |digits: &str, other| match digits {
        "" => Ok(other),
        _ => digits.parse().map_err(|error| format!("{digits}: {error}")),
    };
    Ok(number(from, 0)?..number(to, u64::MAX)?)
}
