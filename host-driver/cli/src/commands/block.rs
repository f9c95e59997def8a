//! `chaincard block`

use std::fmt::Write;
use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bitcoin::Network;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::block::{self, Finding, Hasher, MAX_BLOCK, Report};
use crate::device::Choice;
use crate::error::{CliError, Verdict};
use crate::output::{Output, warn};

/// All hashing is done by the device: double SHA-256 of the header, of every transaction and
/// of every node of both merkle trees. The checks:
///
///   proof_of_work       the header's hash is at most its target
///   txids, wtxids       the device's are those that the bitcoin crate computes on the CPU
///   merkle_root         the header's root is that of the txids, and no list with repeated
///                       transactions (CVE-2012-2459)
///   witness_commitment  the coinbase's commitment is that of the wtxids (BIP 141)
///
/// Signatures are not checked.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// Block, raw or as hexadecimal text; - for standard input; by default mainnet block 702861
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Network, which bounds the target: bitcoin, testnet, testnet4, signet, regtest
    #[arg(long, default_value = "bitcoin")]
    network: Network,
}

/// Stable: programs read this.
#[derive(Serialize)]
struct Summary<'a> {
    block_hash: String,
    transactions: usize,
    inputs: usize,
    checks: &'a block::Checks,
    device: String,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cycles: Option<u64>,
}

pub(crate) fn run(
    arguments: &Arguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    let (name, bytes) = read(arguments.file.as_deref())?;
    let block =
        block::parse(&bytes).map_err(|source| CliError::Block { path: name.clone(), source })?;
    let accelerator = choice.accelerator()?;

    let bar = progress_bar(block::work(&block));
    let progress = |progress: block::Progress| {
        bar.set_position(progress.bytes);
        if let Some(cycles) = progress.cycles {
            bar.set_message(format!("{cycles} cycles"));
        }
    };
    let mut hasher = Hasher::new(&accelerator, &progress);
    let start = Instant::now();
    let result = block::check(&block, arguments.network, &mut hasher);
    let seconds = start.elapsed().as_secs_f64();
    bar.finish_and_clear();
    let report = result?;

    if hasher.fallback() {
        let failure =
            accelerator.metrics().devices.into_iter().find_map(|device| device.last_error);
        let reason = failure.map(|failure| format!(": {failure}")).unwrap_or_default();
        warn(&format!("device {} did not answer everything itself{reason}", choice.name));
    }
    let summary = Summary {
        block_hash: report.block_hash.to_string(),
        transactions: report.transactions,
        inputs: report.inputs,
        checks: &report.checks,
        device: hasher.devices().join(", "),
        seconds,
        cycles: hasher.cycles(),
    };
    output.show(&summary, || text(&name, bytes.len(), &report, &summary, &hasher))?;

    let failed: Vec<&str> = report
        .checks
        .all()
        .into_iter()
        .filter(|(_, finding)| !finding.is_good())
        .map(|(name, _)| name)
        .collect();
    if !failed.is_empty() {
        warn(&format!("{}: the block is not good: {}", name.display(), failed.join(", ")));
    }
    Ok(Verdict::of(failed.is_empty()))
}

/// Name and bytes of the input. Twice a block and its white space is the most that is read.
fn read(file: Option<&Path>) -> Result<(PathBuf, Vec<u8>), CliError> {
    const LIMIT: u64 = 4 * MAX_BLOCK as u64;
    let Some(path) = file else {
        let block = bitcoin_test_data::blocks::mainnet_702861();
        return Ok(("mainnet block 702861".into(), block.to_vec()));
    };
    let (name, input): (PathBuf, Box<dyn Read>) = if path == Path::new("-") {
        ("standard input".into(), Box::new(stdin()))
    } else {
        (path.to_owned(), Box::new(File::open(path).map_err(CliError::file(path))?))
    };
    let mut bytes = Vec::new();
    input.take(LIMIT + 1).read_to_end(&mut bytes).map_err(CliError::file(&name))?;
    if bytes.len() as u64 > LIMIT {
        return Err(CliError::TooLarge { path: name, limit: LIMIT });
    }
    Ok((name, bytes))
}

/// On standard error, and only when that is a terminal.
fn progress_bar(work: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(work), ProgressDrawTarget::stderr());
    let template = "{bar:40} {bytes} of {total_bytes} hashed, {elapsed} {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn text(
    name: &Path,
    bytes: usize,
    report: &Report,
    summary: &Summary<'_>,
    hasher: &Hasher<'_>,
) -> String {
    let mut text = format!(
        "{}: {bytes} bytes, {} transactions, {} inputs\nblock hash {}\n\n",
        name.display(),
        summary.transactions,
        summary.inputs,
        summary.block_hash
    );
    for (name, finding) in report.checks.all() {
        let _ = match finding {
            Finding::Passed => writeln!(text, "  {name:<20} passed"),
            Finding::NotApplicable(why) => writeln!(text, "  {name:<20} not applicable: {why}"),
            Finding::Failed(why) => writeln!(text, "  {name:<20} FAILED: {why}"),
        };
    }
    let fallback = if hasher.fallback() { " (with fallback)" } else { "" };
    let _ = write!(text, "\nhashed by {}{fallback} in {:.3} s", summary.device, summary.seconds);
    if let Some(cycles) = summary.cycles {
        let _ = write!(text, ", {cycles} cycles");
    }
    text.push('\n');
    text
}
