//! The configuration file of a card host.
//!
//! ```toml
//! # In the order in which they are tried; `chaincard devices` lists what is here.
//! devices = ["serial:/dev/ttyUSB0", "unix:/run/other-card"]
//!
//! [policy]                      # what stands here are the defaults
//! fallback_to_cpu = true        # the CPU answers what no device can
//! cpu_threads = 0               # 0: all cores
//! sample_valid = 0.015625       # share of valid verdicts and of sums that the CPU checks
//! confirm_invalid = true        # the CPU confirms every other verdict
//! queue_jobs = 1024             # jobs that may wait
//! queue_bytes = 268435456       # bytes that they may hold
//! coalesce_items = 4096         # items in a batch made of several jobs
//! coalesce_bytes = 4194304
//! coalesce_wait_us = 100        # wait for more jobs to fill a batch
//! job_timeout_ms = 0            # 0: none
//! backoff_ms = 250              # before a device that failed is tested again, doubled each time
//! max_backoff_ms = 30000
//!
//! [listen]
//! http = "127.0.0.1:9464"       # /metrics, /healthz, /status; "" for none
//! cards = ["unix:/run/chaincard.sock"]  # where other processes open this host as a card
//! connections = 64              # of each of them
//!
//! [log]
//! level = "info"                # off, error, warn, info, debug
//! format = "text"               # or json
//! ```

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{ConfigError, ServiceError};

/// A whole file for `chaincard serve`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    /// Device names, in the order in which they are tried.
    pub devices: Vec<String>,
    /// Bounds and rules of the queue.
    #[serde(default)]
    pub policy: Policy,
    /// Addresses.
    #[serde(default)]
    pub listen: Listen,
    /// Logs.
    #[serde(default)]
    pub log: Log,
    #[serde(skip)]
    path: PathBuf,
}

/// Bounds and rules, see [`chaincard::Policy`], whose defaults these are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Whether the processor answers what no device can.
    pub fallback_to_cpu: bool,
    /// Threads of the fallback; 0: all cores.
    pub cpu_threads: usize,
    /// Share, 0.0 … 1.0, of valid verdicts, keys and sums that the processor checks.
    pub sample_valid: f64,
    /// Whether the processor confirms every verdict other than valid.
    pub confirm_invalid: bool,
    /// Most jobs that wait.
    pub queue_jobs: usize,
    /// Most bytes that waiting jobs hold.
    pub queue_bytes: usize,
    /// Most items in a batch of several jobs.
    pub coalesce_items: usize,
    /// Most bytes in a batch of several jobs.
    pub coalesce_bytes: usize,
    /// Microseconds that a device waits for more jobs to fill a batch.
    pub coalesce_wait_us: u64,
    /// Milliseconds that a job may take, its wait included; 0: no limit.
    pub job_timeout_ms: u64,
    /// Milliseconds for which a device that failed is left alone; doubled with each failure.
    pub backoff_ms: u64,
    /// Longest such time, in milliseconds.
    pub max_backoff_ms: u64,
}

/// Addresses to listen on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listen {
    /// `HOST:PORT` of metrics, health and status; empty for none. They tell names of devices and
    /// texts of their errors, so a public address is not for them.
    pub http: String,
    /// `unix:PATH` and `tcp:HOST:PORT` where other processes open this host as a card.
    pub cards: Vec<String>,
    /// Most connections to each of `cards` at once.
    pub connections: usize,
}

/// How logs are written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Least important level that is written.
    pub level: Level,
    /// Text for people or JSON for programs, one line for each event, on standard error.
    pub format: Format,
}

/// Level of logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing.
    Off,
    /// What failed.
    Error,
    /// Also what may lead to failures.
    Warn,
    /// Also what goes on.
    #[default]
    Info,
    /// Also each step.
    Debug,
}

/// Form of logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs, one object a line.
    Json,
}

impl Default for Policy {
    fn default() -> Self {
        let policy = chaincard::Policy::default();
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            fallback_to_cpu: policy.fallback_to_cpu,
            cpu_threads: policy.cpu_threads,
            sample_valid: policy.sample_valid,
            confirm_invalid: policy.confirm_invalid,
            queue_jobs: policy.queue_jobs,
            queue_bytes: policy.queue_bytes,
            coalesce_items: policy.coalesce_items,
            coalesce_bytes: policy.coalesce_bytes,
            coalesce_wait_us: u64::try_from(policy.coalesce_wait.as_micros()).unwrap_or(u64::MAX),
            job_timeout_ms: policy.job_timeout.map_or(0, millis),
            backoff_ms: millis(policy.backoff),
            max_backoff_ms: millis(policy.max_backoff),
        }
    }
}

impl Default for Listen {
    fn default() -> Self {
        Self { http: "127.0.0.1:9464".to_owned(), cards: Vec::new(), connections: 64 }
    }
}

impl Policy {
    /// As the library has it.
    ///
    /// # Errors
    /// [`ConfigError::Value`] for what is out of range, in the file `path`.
    pub fn checked(&self, path: &Path) -> Result<chaincard::Policy, ConfigError> {
        let least_one = |key, value: usize| match value {
            0 => Err(value_error(path, key, "write a number from 1")),
            value => Ok(value),
        };
        if !(0.0..=1.0).contains(&self.sample_valid) {
            return Err(value_error(path, "policy.sample_valid", "write a share from 0.0 to 1.0"));
        }
        if self.max_backoff_ms < self.backoff_ms {
            let reason = "write at least as much as policy.backoff_ms";
            return Err(value_error(path, "policy.max_backoff_ms", reason));
        }
        Ok(chaincard::Policy {
            fallback_to_cpu: self.fallback_to_cpu,
            cpu_threads: self.cpu_threads,
            queue_jobs: least_one("policy.queue_jobs", self.queue_jobs)?,
            queue_bytes: least_one("policy.queue_bytes", self.queue_bytes)?,
            coalesce_items: least_one("policy.coalesce_items", self.coalesce_items)?,
            coalesce_bytes: least_one("policy.coalesce_bytes", self.coalesce_bytes)?,
            coalesce_wait: Duration::from_micros(self.coalesce_wait_us),
            job_timeout: (self.job_timeout_ms > 0)
                .then(|| Duration::from_millis(self.job_timeout_ms)),
            backoff: Duration::from_millis(self.backoff_ms),
            max_backoff: Duration::from_millis(self.max_backoff_ms),
            confirm_invalid: self.confirm_invalid,
            sample_valid: self.sample_valid,
        })
    }
}

impl Serve {
    /// Reads the file `path`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Ok(Self { path: path.to_owned(), ..load(path)? })
    }

    /// Opens the devices.
    ///
    /// # Errors
    /// [`ServiceError::Config`] and [`ServiceError::Open`].
    pub fn accelerator(
        &self,
        registry: chaincard::Registry,
    ) -> Result<chaincard::Accelerator, ServiceError> {
        accelerator(&self.path, registry, &self.devices, &self.policy)
    }
}

/// Reads a configuration of any form from the file `path`.
///
/// # Errors
/// [`ConfigError`].
pub fn load<T: DeserializeOwned>(path: &Path) -> Result<T, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    parse(path, &text)
}

/// Reads a configuration of any form from the `text` of the file `path`.
///
/// # Errors
/// [`ConfigError::Parse`].
pub fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start.min(text.len()));
        let before = text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count();
        let key = text.lines().nth(line).and_then(|line| line.split_once('='));
        ConfigError::Parse {
            path: path.to_owned(),
            line: line + 1,
            key: key.map(|(key, _)| key.trim().to_owned()),
            message: error.message().trim().replace('\n', "; "),
        }
    })
}

/// Opens `devices` as the file `path` says.
///
/// # Errors
/// As [`Serve::accelerator`].
pub fn accelerator(
    path: &Path,
    registry: chaincard::Registry,
    devices: &[String],
    policy: &Policy,
) -> Result<chaincard::Accelerator, ServiceError> {
    if devices.is_empty() {
        let reason = "name at least one device, such as \"cpu\"";
        return Err(value_error(path, "devices", reason).into());
    }
    let builder = chaincard::Accelerator::builder().registry(registry);
    let builder = builder.policy(policy.checked(path)?);
    let builder = devices.iter().fold(builder, |builder, name| builder.name(name));
    builder.build().map_err(|source| ServiceError::Open { path: path.to_owned(), source })
}

/// What the file `path` says under `key` is out of its range.
pub fn value_error(path: &Path, key: &'static str, reason: &str) -> ConfigError {
    ConfigError::Value { path: path.to_owned(), key, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Serve, ConfigError> {
        parse(Path::new("card.toml"), text)
    }

    #[test]
    fn the_documented_file_has_the_defaults() {
        let source = include_str!("config.rs");
        let text: String = source
            .lines()
            .skip_while(|line| *line != "//! ```toml")
            .skip(1)
            .take_while(|line| *line != "//! ```")
            .map(|line| line.trim_start_matches("//!").to_owned() + "\n")
            .collect();
        let written = parsed(&text).expect("a configuration");
        let default = parsed("devices = [\"cpu\"]").expect("a configuration");
        assert_eq!(format!("{:?}", written.policy), format!("{:?}", default.policy));
        assert_eq!(format!("{:?}", written.log), format!("{:?}", default.log));
        assert_eq!(written.listen.http, default.listen.http);
        assert_eq!(written.listen.connections, default.listen.connections);
        let library = format!("{:?}", chaincard::Policy::default());
        assert_eq!(format!("{:?}", default.policy.checked(Path::new("x")).unwrap()), library);
    }

    #[test]
    fn errors_name_file_line_and_key() {
        for (text, parts) in [
            ("", &["card.toml:1", "devices"][..]),
            ("devices = [\"cpu\"]\nbogus = 1", &["card.toml:2: bogus", "unknown field"]),
            ("devices = [\"cpu\"]\n[policy]\nqueue_jobs = -1", &["card.toml:3: queue_jobs", "-1"]),
            ("devices = \"cpu\"", &["card.toml:1: devices", "sequence"]),
            ("devices = [\"cpu\"]\n[log]\nlevel = \"loud\"", &[":3: level", "loud", "debug"]),
            ("devices = [", &["card.toml:1"]),
        ] {
            let message = parsed(text).expect_err(text).to_string();
            for part in parts {
                assert!(message.contains(part), "{text:?}: {message}");
            }
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn values_have_ranges() {
        for (line, key) in [
            ("sample_valid = 1.5", "policy.sample_valid"),
            ("sample_valid = nan", "policy.sample_valid"),
            ("queue_jobs = 0", "policy.queue_jobs"),
            ("coalesce_items = 0", "policy.coalesce_items"),
            ("max_backoff_ms = 1", "policy.max_backoff_ms"),
        ] {
            let config = parsed(&format!("devices = [\"cpu\"]\n[policy]\n{line}")).expect(line);
            let error = config.accelerator(chaincard::Registry::new()).expect_err(line);
            assert!(error.to_string().contains(key), "{line}: {error}");
        }
        let error = parsed("devices = []").unwrap().accelerator(chaincard::Registry::new());
        assert!(error.unwrap_err().to_string().contains("devices: name at least one"));
    }
}
