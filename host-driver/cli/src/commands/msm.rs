//! `chaincard msm` and `chaincard blob-commit`: multi-scalar multiplication on files, by any device.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use chaincard::msm::{BLOB_BYTES, Checking, Curve, Msm, SCALAR_BYTES, ScalarRule};
use chaincard::{Accelerator, DeviceError};
use clap::Args;
use serde::Serialize;

use crate::device::Choice;
use crate::error::{CliError, Verdict};
use crate::output::Output;

/// Prints k1·P1 + … + kn·Pn as hexadecimal digits, in the encoding of the points.
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

    #[command(flatten)]
    threads: Threads,
}

/// Prints the KZG commitment of a blob (EIP-4844) under Ethereum's trusted setup: 0x and the 48
/// bytes of a compressed point.
#[derive(Args)]
pub(crate) struct BlobArguments {
    /// The blob, 131,072 bytes; - for standard input, which is also the default
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,

    #[command(flatten)]
    threads: Threads,
}

#[derive(Args)]
struct Threads {
    /// Threads of the CPU, all cores unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Threads {
    /// The device, and a pool for what is done beside it.
    fn open(&self, choice: &Choice) -> Result<(Accelerator, rayon::ThreadPool), CliError> {
        let threads = self.threads.map(usize::from);
        let accelerator = choice.accelerator_with(threads)?;
        let threads = threads.unwrap_or(0);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| CliError::Argument(format!("no {threads} threads: {error}")))?;
        Ok((accelerator, pool))
    }
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

pub(crate) fn run(
    arguments: &Arguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    if is_stdin(&arguments.points) && is_stdin(&arguments.scalars) {
        let message = "points and scalars cannot both come from standard input";
        return Err(CliError::Argument(message.to_owned()));
    }
    let curve = arguments.curve;
    let points = read(&arguments.points, u64::MAX)?;
    let scalars = read(&arguments.scalars, u64::MAX)?;
    let checking = if arguments.check { Checking::Checked } else { Checking::Unchecked };
    let rule = if arguments.refuse { ScalarRule::Refuse } else { ScalarRule::Reduce };
    let (accelerator, pool) = arguments.threads.open(choice)?;
    let sum = pool
        .install(|| accelerator.msm_bytes(curve, &points, checking, &scalars, Msm::new(rule)))
        .map_err(|error| match callers_fault(&error) {
            Some(DeviceError::Msm(error)) => CliError::Msm(*error),
            _ => error.into(),
        })?;
    let sum =
        Sum { curve: curve.name(), terms: scalars.len() / SCALAR_BYTES, point: hex::encode(sum) };
    output.show(&sum, || format!("{}\n", sum.point))?;
    Ok(Verdict::Good)
}

pub(crate) fn blob_commit(
    arguments: &BlobArguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    let blob = read(&arguments.file, BLOB_BYTES as u64)?;
    let (accelerator, pool) = arguments.threads.open(choice)?;
    let commitment =
        pool.install(|| accelerator.blob_to_kzg_commitment(&blob)).map_err(|error| {
            match callers_fault(&error) {
                Some(DeviceError::Blob(source)) => {
                    CliError::Blob { path: arguments.file.clone(), source: *source }
                }
                _ => error.into(),
            }
        })?;
    let commitment = Commitment { commitment: format!("0x{}", hex::encode(commitment)) };
    output.show(&commitment, || format!("{}\n", commitment.commitment))?;
    Ok(Verdict::Good)
}

/// What is wrong with the inputs, if that is why there is no answer.
fn callers_fault(error: &chaincard::Error) -> Option<&DeviceError> {
    match error {
        chaincard::Error::Device(error) => Some(&**error).filter(|error| error.is_callers_fault()),
        _ => None,
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The bytes of a file, or of standard input, of which there may be no more than `limit`.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    let input: Box<dyn Read> = if is_stdin(path) {
        Box::new(stdin())
    } else {
        let file = File::open(path).map_err(CliError::file(path))?;
        // Room for the file and no more, with a byte for looking whether it has ended.
        let len = file.metadata().map_or(0, |metadata| metadata.len()).min(limit).saturating_add(1);
        let room = usize::try_from(len).unwrap_or(usize::MAX);
        let no_room = |error| CliError::file(path)(std::io::Error::other(error));
        bytes.try_reserve_exact(room).map_err(no_room)?;
        Box::new(file)
    };
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(CliError::file(path))?;
    if bytes.len() as u64 > limit {
        return Err(CliError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}
