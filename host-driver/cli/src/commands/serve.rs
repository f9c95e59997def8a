//! `chaincard serve`

use std::path::PathBuf;

use chaincard_service::{Host, config, log};
use clap::Args;
use serde_json::json;

use crate::device::registry;
use crate::error::{CliError, Verdict};
use crate::output::Output;

/// Opens the devices of the configuration file behind one queue and serves metrics and health over
/// HTTP and a card for other processes, until SIGTERM or SIGINT. What is printed first are the
/// address of the metrics and the device names by which others open the card.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Configuration file (TOML), see docs/serve.md
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, output: &Output) -> Result<Verdict, CliError> {
    let config =
        config::Serve::load(&arguments.config).map_err(chaincard_service::ServiceError::from)?;
    log::start(&config.log)?;
    let host = Host::start(config.accelerator(registry())?, &config.listen)?;
    let mut shown = Ok(());
    host.wait_for_signal(|| {
        let http = host.http().map(|address| format!("http://{address}/metrics"));
        shown = output.show(&json!({ "metrics": http, "cards": host.cards() }), || {
            http.iter().chain(host.cards()).map(|line| format!("{line}\n")).collect()
        });
    })?;
    host.stop();
    shown?;
    Ok(Verdict::Good)
}
