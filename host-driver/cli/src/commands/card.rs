//! `chaincard card`

use chaincard_sim::SimulatedCard;
use chaincard_sim::serve::Server;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::error::{CliError, Verdict};
use crate::output::{Output, warn};

/// Simulated cards for other processes
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: CardCommand,
}

#[derive(Subcommand)]
enum CardCommand {
    /// Serve a simulated card until interrupted; another process opens it by the device name
    /// that is printed
    Serve {
        /// tcp:HOST:PORT (port 0: any free one), unix:PATH or pty
        #[arg(default_value = "pty")]
        address: String,
        /// Card: verify-axi, secp256k1-axi, secp256k1x8-axi, msm-bn254-axi, msm-bls12-381-axi,
        /// hash-axi, sha256-axi, hash-uart or hash-ulx3s-85f, with @native or @verilator behind it to choose how it is simulated
        #[arg(long, default_value = "", value_name = "IMAGE", hide_default_value = true)]
        image: String,
    },
}

pub(crate) fn run(arguments: &Arguments, output: &Output) -> Result<Verdict, CliError> {
    let CardCommand::Serve { address, image } = &arguments.command;
    let card = SimulatedCard::open(image)?;
    if let Some(fallback) = card.fallback() {
        warn(&fallback.to_string());
    }
    let description = chaincard::Transport::description(&card);
    let server = Server::start(Box::new(card), address)?;
    let device = server.device();
    let value = json!({ "device": device, "description": description });
    output.show(&value, || format!("{device}\n{description}; interrupt to end\n"))?;
    server.wait()?;
    Ok(Verdict::Good)
}
