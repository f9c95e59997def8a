//! `chaincard bench`

mod plot;

use std::path::PathBuf;
use std::sync::Arc;

use chaincard::msm::Curve;
use chaincard::{Device, HashAlgorithm};
use chaincard_benches::{
    CallersOptions, Operation, Options, Shape, callers_table, run as measure, run_callers,
    summary_table,
};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::parse_algorithm;
use crate::device::{Choice, registry};
use crate::error::{CliError, Verdict};
use crate::output::Output;

/// With --callers: signatures in the call for all.
const CALLERS_SIGNATURES: usize = 1024;

/// Devices and libraries take turns on the same messages, signatures and multiplications, and all
/// of their results are compared first. Only the ratios within one run mean anything on another machine.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Devices, by default the one of --device
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Hash algorithm, several times if need be; by default all, none with --signatures or --msm
    #[arg(long, short, value_parser = parse_algorithm)]
    algorithm: Vec<HashAlgorithm>,

    /// What to do with signatures, several times if need be: verify-PROFILE or recover; by default
    /// all, none with --algorithm or --msm
    #[arg(long, short, value_name = "OPERATION", value_parser = parse_operation)]
    signatures: Vec<Operation>,

    /// Curve of multi-scalar multiplications, several times if need be; by default all, none with
    /// --algorithm or --signatures
    #[arg(long, short, value_name = "CURVE")]
    msm: Vec<Curve>,

    /// Terms in a multiplication, several times if need be; by default 2^10, 2^12, … 2^18
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1 << 22))]
    terms: Vec<u32>,

    /// Bytes in a message, several times if need be; by default 64, 200, 1024 and one of 8 MiB
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(0..=1 << 30))]
    size: Vec<u32>,

    /// With --size: messages in a call
    #[arg(
        long,
        requires = "size",
        default_value_t = 4096,
        value_parser = clap::value_parser!(u32).range(1..=1 << 20)
    )]
    batch: u32,

    /// Threads of the CPU, several times if need be; by default 1 and all
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Vec<u16>,

    /// Samples of each; the median counts
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    rounds: Option<u16>,

    /// Instead: so many threads that ask for one signature a call, beside one call for all, and a
    /// lone one beside the libraries
    #[arg(
        long,
        value_name = "THREADS",
        conflicts_with_all = ["algorithm", "msm", "terms", "size", "threads", "plot"],
        value_parser = clap::value_parser!(u16).range(1..=1024)
    )]
    callers: Option<u16>,

    /// Leave the libraries out
    #[arg(long)]
    no_peers: bool,

    /// Draw a chart (SVG)
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
}

pub(crate) fn run(
    arguments: &Arguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    let own = [choice.name.clone()];
    let names = if arguments.names.is_empty() { &own } else { arguments.names.as_slice() };
    let registry = registry();
    let devices: Vec<Arc<dyn Device>> =
        names.iter().map(|name| registry.open(name)).collect::<Result<_, _>>()?;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{elapsed} {msg}") {
        bar.set_style(style);
    }
    let mut progress = |case: &str| {
        bar.set_message(case.to_owned());
        bar.tick();
    };
    if let Some(callers) = arguments.callers {
        let result = run_callers(&callers_options(arguments, devices, callers), &mut progress);
        bar.finish_and_clear();
        let rows = result?;
        output.show(&rows, || callers_table(&rows))?;
        return Ok(Verdict::Good);
    }
    let result = measure(&options(arguments, devices)?, &mut progress);
    bar.finish_and_clear();
    let rows = result?;
    output.show(&rows, || summary_table(&rows))?;
    if let Some(path) = &arguments.plot {
        plot::plot(&rows, path)?;
    }
    Ok(Verdict::Good)
}

fn options(arguments: &Arguments, devices: Vec<Arc<dyn Device>>) -> Result<Options, CliError> {
    let mut options = Options::standard(devices);
    options.peers = !arguments.no_peers;
    let Arguments { algorithm, signatures, msm, .. } = arguments;
    if !(algorithm.is_empty() && signatures.is_empty() && msm.is_empty()) {
        options.algorithms.clone_from(algorithm);
        options.operations.clone_from(signatures);
        options.curves.clone_from(msm);
    }
    if !arguments.terms.is_empty() {
        options.terms = arguments.terms.iter().map(|&terms| terms as usize).collect();
    }
    if !arguments.size.is_empty() {
        let batch = arguments.batch as usize;
        options.shapes =
            arguments.size.iter().map(|&size| Shape { size: size as usize, batch }).collect();
    }
    if let Some(shape) = options.shapes.iter().find(|shape| shape.size * shape.batch > 1 << 30) {
        let Shape { size, batch } = shape;
        let reason = format!("{batch} messages of {size} bytes are more than 1 GiB");
        return Err(CliError::Argument(reason));
    }
    if !arguments.threads.is_empty() {
        options.threads = arguments.threads.iter().map(|&threads| threads.into()).collect();
    }
    if let Some(rounds) = arguments.rounds {
        options.rounds = rounds.into();
    }
    Ok(options)
}

fn callers_options(
    arguments: &Arguments,
    devices: Vec<Arc<dyn Device>>,
    callers: u16,
) -> CallersOptions {
    let all = Operation::ALL.as_slice();
    let operations = if arguments.signatures.is_empty() { all } else { &arguments.signatures };
    CallersOptions {
        devices,
        operations: operations.to_vec(),
        callers: callers.into(),
        signatures: CALLERS_SIGNATURES,
        rounds: arguments.rounds.unwrap_or(9).into(),
        peers: !arguments.no_peers,
    }
}

fn parse_operation(name: &str) -> Result<Operation, String> {
    Operation::from_name(name).ok_or_else(|| "no operation on signatures".to_owned())
}
