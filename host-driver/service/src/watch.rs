//! Logs what happens to devices, and asks a service for its status.

use std::sync::Arc;
use std::time::Duration;

use chaincard::{Accelerator, Metrics};
use tokio_util::sync::CancellationToken;

use crate::Status;

/// How often an accelerator is looked at. Nothing is missed between: outages are counted.
const PERIOD: Duration = Duration::from_millis(500);

/// Why a service's status cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// nobody answers, or not as a service does
    #[error("{url}: {source}; see that `chaincard serve` runs and what its listen.http says")]
    Ask {
        /// What was asked for.
        url: String,
        /// What failed.
        #[source]
        source: Box<ureq::Error>,
    },
    /// answer is no status
    #[error("{url}: the answer is no status of a chaincard service: {source}")]
    Answer {
        /// What was asked for.
        url: String,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

/// The status of the service whose `listen.http` is `address` (`HOST:PORT`, also as a URL).
///
/// # Errors
/// [`WatchError`], after five seconds when nobody answers.
pub fn ask(address: &str) -> Result<Status, WatchError> {
    let host = address.trim_end_matches('/').trim_end_matches("/metrics");
    let url = match host.contains("://") {
        true => format!("{host}/status"),
        false => format!("http://{host}/status"),
    };
    let limit = Some(Duration::from_secs(5));
    let config = ureq::Agent::config_builder().timeout_global(limit).proxy(None).build();
    let failed = |source| WatchError::Ask { url: url.clone(), source: Box::new(source) };
    let mut response = ureq::Agent::from(config).get(&url).call().map_err(failed)?;
    let text = response.body_mut().read_to_string().map_err(failed)?;
    serde_json::from_str(&text).map_err(|source| WatchError::Answer { url, source })
}

/// Logs outages and returns of devices until `stop`.
pub(crate) async fn log(accelerator: Arc<Accelerator>, stop: CancellationToken) {
    let mut before = accelerator.metrics();
    while stop.run_until_cancelled(tokio::time::sleep(PERIOD)).await.is_some() {
        let now = accelerator.metrics();
        changes(&before, &now);
        before = now;
    }
}

fn changes(before: &Metrics, now: &Metrics) {
    for (before, now) in before.devices.iter().zip(&now.devices) {
        let device = now.name.as_str();
        let error = now.last_error.as_deref().unwrap_or_default();
        let disagreements = now.disagreements - before.disagreements;
        if now.outages > before.outages {
            tracing::warn!(device, error, outages = now.outages, "device is out of service");
        }
        if disagreements > 0 {
            tracing::error!(device, disagreements, "device gave answers that the CPU contradicts");
        }
        if now.in_service && (!before.in_service || now.outages > before.outages) {
            tracing::info!(device, "device is in service again");
        }
    }
}
