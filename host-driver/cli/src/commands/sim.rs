//! `chaincard sim`

use std::fmt::Write;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use chaincard::{Accelerator, Digests, HashAlgorithm, Messages};
use chaincard_hdl::hash::keccak::Keccak;
use chaincard_hdl::hash::sm3::Sm3;
use chaincard_hdl::hash::{HashCore, Sha256, Sha512};
use chaincard_sim::bench::{BenchRun, Message, NativeCore, VerilatedCore};
use chaincard_sim::stream::Stalls;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::parse_algorithm;
use crate::device::registry;
use crate::error::{CliError, Verdict};
use crate::output::Output;

/// The messages go into the core one behind the other, and the digests are compared with those
/// of the CPU. Without any message it hashes "abc".
#[derive(Args)]
pub(crate) struct Arguments {
    /// Files, each a message
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// A message
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,

    /// A message as hexadecimal digits
    #[arg(long, value_name = "DIGITS")]
    hex: Vec<String>,

    /// Core: sha256, sha512, keccak256, sha3-256 or sm3
    #[arg(long, short, default_value = "sha256", value_parser = parse_algorithm)]
    algorithm: HashAlgorithm,

    /// Simulate the RustHDL design, or its emitted Verilog under Verilator
    #[arg(long, default_value = "native")]
    engine: Engine,

    /// Simulate a whole card, link included, instead of the bare core: verify-axi,
    /// secp256k1-axi, secp256k1x8-axi, hash-axi, sha256-axi, hash-uart or hash-ulx3s-85f
    #[arg(long, value_name = "IMAGE", conflicts_with = "vcd")]
    card: Option<String>,

    /// Write a waveform
    #[arg(long, value_name = "FILE")]
    vcd: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Native,
    Verilator,
}

impl Engine {
    fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Verilator => "verilator",
        }
    }
}

#[derive(Serialize)]
struct Summary {
    core: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<String>,
    engine: &'static str,
    cycles: u64,
    messages: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    bytes: usize,
    digest: String,
    right: bool,
    /// Cycles from the first word in to the last word out; a card does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    cycles: Option<u64>,
}

pub(crate) fn run(arguments: &Arguments, output: &Output) -> Result<Verdict, CliError> {
    let messages = messages(arguments)?;
    let slices: Vec<&[u8]> = messages.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let expected =
        Accelerator::open("cpu")?.hash_many(arguments.algorithm, &Messages::Slices(&slices))?;
    let (digests, cycles, spans) = match &arguments.card {
        Some(image) => {
            let (digests, cycles) = run_card(arguments, image, &slices)?;
            (digests.iter().map(<[u8]>::to_vec).collect(), cycles, Vec::new())
        }
        None => {
            let run = run_core(arguments, &slices)?;
            let spans = run.spans.iter().map(|span| span.last_out - span.first_in + 1).collect();
            (run.digests, run.cycles, spans)
        }
    };
    let rows = messages.iter().zip(&digests).zip(expected.iter()).enumerate();
    let summary = Summary {
        core: arguments.algorithm.name(),
        card: arguments.card.clone(),
        engine: arguments.engine.name(),
        cycles,
        messages: rows
            .map(|(index, (((name, bytes), digest), expected))| Row {
                name: name.clone(),
                bytes: bytes.len(),
                digest: hex::encode(digest),
                right: digest == expected,
                cycles: spans.get(index).copied(),
            })
            .collect(),
    };
    output.show(&summary, || text(&summary))?;
    Ok(Verdict::of(summary.messages.iter().all(|row| row.right)))
}

fn text(summary: &Summary) -> String {
    let mut text = String::new();
    for row in &summary.messages {
        let verdict = if row.right { "" } else { "  WRONG" };
        let _ = write!(text, "{}  {}{verdict}  ({} bytes", row.digest, row.name, row.bytes);
        let _ = match row.cycles {
            Some(cycles) => writeln!(text, ", {cycles} cycles)"),
            None => writeln!(text, ")"),
        };
    }
    let what = summary.card.as_deref().map_or_else(
        || format!("core {}", summary.core),
        |card| format!("{} on card {card}", summary.core),
    );
    let count = summary.messages.len();
    let plural = if count == 1 { "" } else { "s" };
    let _ = writeln!(
        text,
        "{what}, {}: {count} message{plural} in {} cycles",
        summary.engine, summary.cycles
    );
    text
}

fn messages(arguments: &Arguments) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    let mut messages = Vec::new();
    for path in &arguments.files {
        let bytes = std::fs::read(path).map_err(CliError::file(path))?;
        messages.push((path.to_string_lossy().into_owned(), bytes));
    }
    for text in &arguments.text {
        messages.push((format!("{text:?}"), text.as_bytes().to_vec()));
    }
    for digits in &arguments.hex {
        let bytes = hex::decode(digits)
            .map_err(|error| CliError::Argument(format!("--hex {digits}: {error}")))?;
        messages.push((digits.clone(), bytes));
    }
    if messages.is_empty() {
        messages.push(("\"abc\"".to_owned(), b"abc".to_vec()));
    }
    Ok(messages)
}

fn run_card(
    arguments: &Arguments,
    image: &str,
    slices: &[&[u8]],
) -> Result<(Digests, u64), CliError> {
    let name = format!("sim:{image}@{}", arguments.engine.name());
    let device = registry().open(&name)?;
    let mut digests = Digests::zeroed(arguments.algorithm, slices.len());
    let report =
        device.hash(arguments.algorithm, &Messages::Slices(slices), digests.as_bytes_mut())?;
    Ok((digests, report.cycles.unwrap_or(0)))
}

fn run_core(arguments: &Arguments, slices: &[&[u8]]) -> Result<BenchRun, CliError> {
    let suffix = match arguments.algorithm {
        HashAlgorithm::Sha3_256 => 0x06,
        _ => 0x01,
    };
    let messages: Vec<Message<'_>> = slices.iter().map(|bytes| Message { bytes, suffix }).collect();
    match arguments.algorithm {
        HashAlgorithm::Sha256 => simulate::<Sha256>(arguments, &messages),
        HashAlgorithm::Sha512 => simulate::<Sha512>(arguments, &messages),
        HashAlgorithm::Keccak256 | HashAlgorithm::Sha3_256 => {
            simulate::<Keccak>(arguments, &messages)
        }
        HashAlgorithm::Sm3 => simulate::<Sm3>(arguments, &messages),
    }
}

fn simulate<C: HashCore>(
    arguments: &Arguments,
    messages: &[Message<'_>],
) -> Result<BenchRun, CliError> {
    let digest_len = arguments.algorithm.digest_len();
    match arguments.engine {
        Engine::Native => {
            let mut core = NativeCore::<C>::new()?;
            if let Some(path) = &arguments.vcd {
                let file = File::create(path).map_err(CliError::file(path))?;
                core.native().trace(BufWriter::new(file));
            }
            let run = core.hash(messages, digest_len, Stalls::default())?;
            core.native().end_trace();
            Ok(run)
        }
        Engine::Verilator => {
            let mut core = match &arguments.vcd {
                Some(path) => VerilatedCore::<C>::traced("core", path)?,
                None => VerilatedCore::<C>::new("core")?,
            };
            Ok(core.hash(messages, digest_len, Stalls::default())?)
        }
    }
}
