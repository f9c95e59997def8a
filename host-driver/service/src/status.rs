//! What an accelerator is doing, as JSON for programs and as a table for people.

use std::fmt::Write;
use std::time::Duration;

use chaincard::{DeviceMetrics, Metrics, SelfTest};
use serde::{Deserialize, Serialize};

use crate::prometheus::operation_name;

/// Counters of an accelerator, since it was started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Jobs that wait.
    pub queued: usize,
    /// Jobs that devices have taken and not answered.
    pub running: usize,
    /// Jobs refused because the queue was full.
    pub busy_refusals: u64,
    /// Jobs that ended with an error.
    pub failed_jobs: u64,
    /// The devices, in the order in which they are tried.
    pub devices: Vec<DeviceStatus>,
}

/// Counters of one device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeviceStatus {
    /// Name as users type it.
    pub name: String,
    /// What it is: `cpu`, `card` and so on.
    pub kind: String,
    /// Answers only when no other device can.
    pub fallback: bool,
    /// Whether it gets work.
    pub in_service: bool,
    /// `passed`, `failed` or `not run`.
    pub self_test: String,
    /// Times that it was taken out of service.
    pub outages: u64,
    /// Those of them that its link was the cause of, tests out of service included.
    pub link_errors: u64,
    /// Answers that the processor contradicted.
    pub disagreements: u64,
    /// Why it failed last.
    pub last_error: Option<String>,
    /// Those that it was asked for.
    pub operations: Vec<OperationStatus>,
}

/// Counters of one operation on one device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OperationStatus {
    /// Name of the operation.
    pub name: String,
    /// Jobs answered.
    pub jobs: u64,
    /// Messages, signatures or terms in them.
    pub items: u64,
    /// Device calls that were answered.
    pub batches: u64,
    /// Device calls that failed.
    pub errors: u64,
    /// Jobs answered in the place of another device.
    pub fallbacks: u64,
    /// Time in device calls.
    pub busy_seconds: f64,
}

impl From<&Metrics> for Status {
    fn from(metrics: &Metrics) -> Self {
        Self {
            queued: metrics.queued,
            running: metrics.running,
            busy_refusals: metrics.busy_refusals,
            failed_jobs: metrics.failed_jobs,
            devices: metrics.devices.iter().map(DeviceStatus::from).collect(),
        }
    }
}

impl From<&DeviceMetrics> for DeviceStatus {
    fn from(device: &DeviceMetrics) -> Self {
        let used = device.operations.iter().filter(|(_, m)| m.batches + m.errors > 0);
        Self {
            name: device.name.clone(),
            kind: device.kind.name().to_owned(),
            fallback: device.fallback,
            in_service: device.in_service,
            self_test: match device.self_test {
                SelfTest::NotRun => "not run",
                SelfTest::Passed => "passed",
                SelfTest::Failed(_) => "failed",
            }
            .to_owned(),
            outages: device.outages,
            link_errors: device.link_errors,
            disagreements: device.disagreements,
            last_error: device.last_error.clone(),
            operations: used
                .map(|(operation, metrics)| OperationStatus {
                    name: operation_name(*operation),
                    jobs: metrics.jobs,
                    items: metrics.items,
                    batches: metrics.batches,
                    errors: metrics.errors,
                    fallbacks: metrics.fallbacks,
                    busy_seconds: metrics.busy.as_secs_f64(),
                })
                .collect(),
        }
    }
}

impl Status {
    /// Whether some device is in service.
    pub fn is_able(&self) -> bool {
        self.devices.iter().any(|device| device.in_service)
    }

    /// Whether every device is in service.
    pub fn is_whole(&self) -> bool {
        self.devices.iter().all(|device| device.in_service)
    }

    /// A table for a terminal. With the status of some time before (`earlier`), rates are those of
    /// the time between.
    ///
    /// ```
    /// use chaincard_service::Status;
    ///
    /// let accelerator = chaincard::Accelerator::open("cpu:1")?;
    /// let table = Status::from(&accelerator.metrics()).table(None);
    /// assert!(table.lines().any(|line| line.starts_with("cpu:1 ") && line.contains("in service")));
    /// # Ok::<(), chaincard::OpenError>(())
    /// ```
    pub fn table(&self, earlier: Option<(&Self, Duration)>) -> String {
        let name = |device: &DeviceStatus| device.name.chars().count();
        let width = self.devices.iter().map(name).max().unwrap_or(0).max("device".len());
        let mut text = format!(
            "queue: {} waiting, {} running, {} refused; {} failed\n",
            self.queued, self.running, self.busy_refusals, self.failed_jobs
        );
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{:width$}  {:14}  {:9}  {:>7}  {:>6}  {:>8}",
            "device", "state", "self-test", "outages", "link", "disagree"
        );
        for device in &self.devices {
            let state = match (device.in_service, device.fallback) {
                (true, false) => "in service",
                (true, true) => "standing by",
                (false, _) => "OUT OF SERVICE",
            };
            let _ = writeln!(
                text,
                "{:width$}  {state:14}  {:9}  {:>7}  {:>6}  {:>8}",
                device.name,
                device.self_test,
                device.outages,
                device.link_errors,
                device.disagreements
            );
            if let (false, Some(error)) = (device.in_service, &device.last_error) {
                let _ = writeln!(text, "{:width$}  {error}", "");
            }
            for operation in &device.operations {
                let before = earlier
                    .map(|(status, time)| (status.operation(&device.name, &operation.name), time));
                let _ = writeln!(text, "{:width$}  {}", "", operation.line(before));
            }
        }
        text
    }

    fn operation(&self, device: &str, name: &str) -> Option<&OperationStatus> {
        let device = self.devices.iter().find(|known| known.name == device)?;
        device.operations.iter().find(|known| known.name == name)
    }
}

impl OperationStatus {
    fn line(&self, before: Option<(Option<&Self>, Duration)>) -> String {
        let batch = self.items as f64 / self.batches.max(1) as f64;
        let mut line = format!(
            "{:18} {:>12} items in {} jobs, {batch:.1} a batch, {} errors, {} fallbacks",
            self.name, self.items, self.jobs, self.errors, self.fallbacks
        );
        if let Some((before, time)) = before {
            let items = self.items.saturating_sub(before.map_or(0, |before| before.items));
            let rate = items as f64 / time.as_secs_f64().max(1e-3);
            let _ = write!(line, ", {rate:.0}/s");
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(items: u64, in_service: bool) -> Status {
        let operation =
            OperationStatus { name: "hash-sm3".into(), items, batches: 2, ..Default::default() };
        let card = DeviceStatus {
            name: "unix:/run/a".into(),
            in_service,
            last_error: Some("link closed".into()),
            operations: vec![operation],
            ..Default::default()
        };
        Status { queued: 3, devices: vec![card], ..Default::default() }
    }

    #[test]
    fn a_table_shows_state_and_rates() {
        let table = status(500, true).table(Some((&status(100, true), Duration::from_secs(2))));
        assert!(table.contains("3 waiting"), "{table}");
        assert!(table.contains("in service"), "{table}");
        assert!(table.contains("200/s") && table.contains("250.0 a batch"), "{table}");
        assert!(!table.contains("link closed"), "{table}");
        let out = status(500, false).table(None);
        assert!(out.contains("OUT OF SERVICE") && out.contains("link closed"), "{out}");
    }

    #[test]
    fn a_restarted_service_has_no_negative_rate() {
        let table = status(5, true).table(Some((&status(100, true), Duration::from_secs(1))));
        assert!(table.contains(" 0/s"), "{table}");
    }

    #[test]
    fn json_comes_back() {
        let status = status(7, false);
        let text = serde_json::to_string(&status).unwrap();
        assert_eq!(serde_json::from_str::<Status>(&text).unwrap(), status);
    }
}
