//! `chaincard msm` and `chaincard blob-commit`: multi-scalar multiplication on files.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use chaincard::msm::{
    BLOB_BYTES, Checking, Curve, Msm, SCALAR_BYTES, ScalarRule, blob_to_kzg_commitment,
};
use clap::Args;
use serde::Serialize;

use crate::error::{CliError, Verdict};
use crate::output::Output;

/// Prints k1·P1 + … + kn·Pn as hexadecimal digits, in the encoding of the points. This processor
/// does the work.
///
/// Points are x then y, big-endian, of 32 bytes each on bn254 and 48 each on the others, infinity
/// all zeros. Scalars are 32 bytes, big-endian. Nothing stands between them.
#[derive(Args)]
pub(crate) struct Arguments {
    /// bn254, bls12-381 or bls12-377
    #[arg(long, short)]
    curve: Curve,

    /// Points; - for standard input, which is also the default
    #[arg(long, value_name = "FILE", default_value = "-")]
    points: PathBuf,

    /// Scalars; - for standard input, which is also the default
    #[arg(long, value_name = "FILE", default_value = "-")]
    scalars: PathBuf,

    /// Refuse points that are off the curve or outside the group of order r
    #[arg(long)]
    check: bool,

    /// Refuse scalars of r or more, instead of taking them modulo r
    #[arg(long)]
    refuse: bool,

    /// Threads to use, all cores unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Prints the KZG commitment of a blob (EIP-4844) under Ethereum's trusted setup: 0x and the 48
/// bytes of a compressed point. This processor does the work.
#[derive(Args)]
pub(crate) struct BlobArguments {
    /// The blob, 131,072 bytes; - for standard input, which is also the default
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
}

#[derive(Serialize)]
struct Sum {
    curve: &'static str,
    terms: usize,
    point: String,
}

#[derive(Serialize)]
struct Commitment {
    commitment: String,
}

pub(crate) fn run(arguments: &Arguments, output: &Output) -> Result<Verdict, CliError> {
    if is_stdin(&arguments.points) && is_stdin(&arguments.scalars) {
        let message = "points and scalars cannot both come from standard input";
        return Err(CliError::Argument(message.to_owned()));
    }
    let curve = arguments.curve;
    let points = read(&arguments.points, u64::MAX)?;
    let scalars = read(&arguments.scalars, u64::MAX)?;
    let checking = if arguments.check { Checking::Checked } else { Checking::Unchecked };
    let rule = if arguments.refuse { ScalarRule::Refuse } else { ScalarRule::Reduce };
    let threads = arguments.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| CliError::Argument(format!("no {threads} threads: {error}")))?;
    let options = Msm::new(rule);
    let sum = pool.install(|| options.multiply_bytes(curve, &points, checking, &scalars))?;
    let sum =
        Sum { curve: curve.name(), terms: scalars.len() / SCALAR_BYTES, point: hex::encode(sum) };
    output.show(&sum, || format!("{}\n", sum.point))?;
    Ok(Verdict::Good)
}

pub(crate) fn blob_commit(arguments: &BlobArguments, output: &Output) -> Result<Verdict, CliError> {
    let blob = read(&arguments.file, BLOB_BYTES as u64)?;
    let commitment = blob_to_kzg_commitment(&blob)
        .map_err(|source| CliError::Blob { path: arguments.file.clone(), source })?;
    let commitment = Commitment { commitment: format!("0x{}", hex::encode(commitment)) };
    output.show(&commitment, || format!("{}\n", commitment.commitment))?;
    Ok(Verdict::Good)
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The bytes of a file, or of standard input, of which there may be no more than `limit`.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, CliError> {
    let input: Box<dyn Read> = if is_stdin(path) {
        Box::new(stdin())
    } else {
        Box::new(File::open(path).map_err(CliError::file(path))?)
    };
    let mut bytes = Vec::new();
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(CliError::file(path))?;
    if bytes.len() as u64 > limit {
        return Err(CliError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}
