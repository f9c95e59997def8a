//! The `chaincard` program: devices, block validation, hashing, signatures, simulation, images.
//!
//! | module | what it does |
//! | --- | --- |
//! | `commands` | one file for each command: arguments, output |
//! | `block` | checks a Bitcoin block with digests and verdicts of a device |
//! | `device` | opens devices by name |
//! | `lines` | lines of bounded length |
//! | `error`, `output` | errors with exit codes; text and JSON |

mod block;
mod commands;
mod device;
mod error;
mod lines;
mod output;

use std::process::ExitCode;

use clap::Parser;

use commands::Command;
use error::{CliError, Verdict};
use output::Output;

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is as it should be
  1  a check failed: block, checksum, signature, known answer, image
  2  the command line or an input cannot be used (unknown device name, unreadable or malformed file)
  3  a device failed or could not be opened";

/// Cryptographic accelerator cards for blockchain nodes: hash, verify signatures, check blocks,
/// simulate, flash.
///
/// Device names: auto, cpu[:THREADS], opencl[:N], sim[:IMAGE], engine:msm-CURVE,
/// serial:PATH[@BAUD], unix:PATH, tcp:HOST:PORT, xdma:N.
#[derive(Parser)]
#[command(name = "chaincard", version, after_help = EXIT_CODES, max_term_width = 100)]
struct Cli {
    /// Device that does the work
    #[arg(long, short, global = true, value_name = "NAME", default_value = "auto")]
    device: String,

    /// Do not let the CPU answer when the device fails
    #[arg(long, global = true)]
    no_fallback: bool,

    /// Print JSON
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    // Usage errors end here with clap's own exit code, which is 2 as well.
    let cli = Cli::parse();
    let output = Output::new(cli.json);
    let choice = device::Choice { name: cli.device, fallback: !cli.no_fallback };
    match cli.command.run(&choice, &output) {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Bad) => ExitCode::from(1),
        Ok(Verdict::Unusable) => ExitCode::from(2),
        // Nobody reads any more, as behind `| head`.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            output.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
