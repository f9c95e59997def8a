//! `chaincard-cita --config FILE`: CITA-Cloud's crypto service until SIGTERM or SIGINT.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use chaincard_cita::config::Config;
use chaincard_cita::server::{Server, ServerError};
use chaincard_service::{ServiceError, log};
use clap::Parser;

/// CITA-Cloud's crypto service (gRPC, SM2 and SM3) on chaincard devices, until SIGTERM or SIGINT.
/// What is printed first is the address of the service.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Configuration file (TOML)
    #[arg(long, short, value_name = "FILE")]
    config: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed standard error leaves nothing to do.
            let _ = writeln!(std::io::stderr(), "chaincard-cita: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), ServerError> {
    let config = Config::load(&arguments.config).map_err(ServiceError::from)?;
    log::start(&config.log)?;
    let server = Server::start(&config)?;
    let grpc = server.grpc();
    server.host().wait_for_signal(|| {
        // Whoever closed standard output knows the address from the configuration.
        let _ = writeln!(std::io::stdout(), "grpc://{grpc}");
    })?;
    server.stop();
    Ok(())
}
