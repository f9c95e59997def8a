//! `chaincard block`

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::io::{BufReader, Read, stdin};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bitcoin::Network;
use chaincard::verify::VerifyBatch;
use chaincard::{Accelerator, Scheme};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::block::{self, Finding, Hasher, Limit, MAX_BLOCK, Prevouts, Reason, Report, Signatures};
use crate::device::{self, Choice};
use crate::error::{CliError, Verdict};
use crate::output::{Output, warn};

/// All hashing of transactions and merkle trees, and all verification of signatures, is done by
/// the device. The checks:
///
///   proof_of_work       the header's hash is at most its target
///   txids, wtxids       the device's are those that the bitcoin crate computes on the CPU
///   merkle_root         the header's root is that of the txids, and no list with repeated
///                       transactions (CVE-2012-2459)
///   witness_commitment  the coinbase's commitment is that of the wtxids (BIP 141)
///
///   signatures          ECDSA signatures of inputs, as far as block and --prevouts determine
///                       what is signed; scripts of keys, of key hashes and of m of n keys,
///                       bare, in P2SH and in witnesses of version 0. The others are counted.
///
/// An input without witness whose previous output is not known is taken for what it looks like.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// Block, raw or as hexadecimal text; - for standard input; by default mainnet block 702861
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Network, which bounds the target: bitcoin, testnet, testnet4, signet, regtest
    #[arg(long, default_value = "bitcoin")]
    network: Network,

    /// Previous outputs, lines of JSON: {"txid": …, "vout": n, "value": satoshis, "script": hex}
    #[arg(long, value_name = "FILE")]
    prevouts: Option<PathBuf>,

    /// Check signatures of the first N inputs that can be checked, by default all: a simulated
    /// card takes minutes for a whole block
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// Stable: programs read this.
#[derive(Serialize)]
struct Summary<'a> {
    block_hash: String,
    transactions: usize,
    inputs: usize,
    checks: &'a block::Checks,
    signatures: SignatureSummary,
    device: String,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cycles: Option<u64>,
}

/// Counts of inputs.
#[derive(Serialize)]
struct SignatureSummary {
    checked: usize,
    valid: usize,
    invalid: usize,
    unchecked: BTreeMap<Reason, usize>,
    /// Pairs of signature and key that the device judged.
    pairs: usize,
    invalid_inputs: Vec<InvalidInput>,
}

#[derive(Serialize)]
struct InvalidInput {
    /// txid:vin
    input: String,
    why: String,
}

impl SignatureSummary {
    fn of(found: &Signatures) -> Self {
        let invalid_inputs: Vec<InvalidInput> = found
            .invalid()
            .map(|(place, why)| InvalidInput { input: place.to_string(), why: why.to_owned() })
            .collect();
        let (valid, invalid) = (found.valid(), invalid_inputs.len());
        Self {
            checked: valid + invalid,
            valid,
            invalid,
            unchecked: found.unchecked(),
            pairs: found.pairs,
            invalid_inputs,
        }
    }
}

pub(crate) fn run(
    arguments: &Arguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    let (name, bytes) = read(arguments.file.as_deref())?;
    let block =
        block::parse(&bytes).map_err(|source| CliError::Block { path: name.clone(), source })?;
    let prevouts = arguments.prevouts.as_deref().map(read_prevouts).transpose()?;
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
    let limit = limit(arguments.limit, &accelerator);
    let result = block::check(&block, arguments.network, &mut hasher);
    let result = result.and_then(|report| {
        let prevouts = prevouts.unwrap_or_default();
        let judge = |batch: &VerifyBatch<'_>| hasher.verify(batch);
        let found = block::verify_signatures(&block, arguments.network, &prevouts, limit, judge)?;
        Ok((report, found))
    });
    let seconds = start.elapsed().as_secs_f64();
    bar.finish_and_clear();
    let (report, found) = result?;

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
        signatures: SignatureSummary::of(&found),
        device: hasher.devices().join(", "),
        seconds,
        cycles: hasher.cycles(),
    };
    output.show(&summary, || text(&name, bytes.len(), &report, &summary, &hasher))?;

    let checks = report.checks.all().into_iter().map(|(name, finding)| (name, finding.is_good()));
    let failed: Vec<&str> = checks
        .chain([("signatures", summary.signatures.invalid == 0)])
        .filter(|(_, good)| !good)
        .map(|(name, _)| name)
        .collect();
    if !failed.is_empty() {
        warn(&format!("{}: the block is not good: {}", name.display(), failed.join(", ")));
    }
    Ok(Verdict::of(failed.is_empty()))
}

/// How many inputs the device is asked about.
fn limit(asked: Option<usize>, accelerator: &Accelerator) -> Limit {
    let scheme = Scheme::Secp256k1;
    if !device::verifies(accelerator, scheme) {
        return Limit { inputs: 0, reason: Reason::DeviceUnable };
    }
    Limit { inputs: asked.unwrap_or(usize::MAX), reason: Reason::Limit }
}

fn read_prevouts(path: &Path) -> Result<Prevouts, CliError> {
    let file = File::open(path).map_err(CliError::file(path))?;
    block::read_prevouts(BufReader::new(file))
        .map_err(|source| CliError::Prevouts { path: path.to_owned(), source })
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
    signature_text(&mut text, &summary.signatures);
    let fallback = if hasher.fallback() { " (with fallback)" } else { "" };
    let _ = write!(text, "\ndone by {}{fallback} in {:.3} s", summary.device, summary.seconds);
    if let Some(cycles) = summary.cycles {
        let _ = write!(text, ", {cycles} cycles");
    }
    text.push('\n');
    text
}

fn signature_text(text: &mut String, summary: &SignatureSummary) {
    /// Most inputs that are named; JSON names all.
    const NAMED: usize = 20;
    let SignatureSummary { checked, valid, invalid, pairs, .. } = summary;
    let what = format!("{valid} of {checked} inputs valid ({pairs} signature and key pairs)");
    let _ = match invalid {
        0 => writeln!(text, "  {:<20} passed: {what}", "signatures"),
        _ => writeln!(text, "  {:<20} FAILED: {what}", "signatures"),
    };
    for InvalidInput { input, why } in summary.invalid_inputs.iter().take(NAMED) {
        let _ = writeln!(text, "    {input}  {why}");
    }
    if *invalid > NAMED {
        let _ = writeln!(text, "    and {} more", invalid - NAMED);
    }
    if !summary.unchecked.is_empty() {
        let _ = writeln!(text, "\ninputs whose signatures were not checked:");
    }
    for (reason, count) in &summary.unchecked {
        let _ = writeln!(text, "  {count:>6}  {}", reason.text());
    }
}
