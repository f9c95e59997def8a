//! How an accelerator is put together.

use std::sync::Arc;
use std::time::Duration;

use super::Accelerator;
use crate::cpu::Cpu;
use crate::device::{Device, DeviceKind};
use crate::registry::{OpenError, Registry};

/// Bounds and rules of an accelerator.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whether the CPU answers what no other device can. Without it a job fails when its
    /// device does.
    pub fallback_to_cpu: bool,
    /// Threads of the fallback; 0: all cores.
    pub cpu_threads: usize,
    /// Most jobs that wait in the queue.
    pub queue_jobs: usize,
    /// Most bytes that waiting jobs hold. A larger job is accepted when none waits.
    pub queue_bytes: usize,
    /// Most messages, signatures or terms in a batch made of several jobs.
    pub coalesce_items: usize,
    /// Most bytes in a batch made of several jobs.
    pub coalesce_bytes: usize,
    /// How long a device that is not the CPU waits for more jobs to fill a batch.
    pub coalesce_wait: Duration,
    /// Time limit of a submitted job, its wait in the queue included; `None`: no limit.
    pub job_timeout: Option<Duration>,
    /// How long a device that failed is left alone before it is tested again; doubled with
    /// each failure.
    pub backoff: Duration,
    /// Longest such time.
    pub max_backoff: Duration,
    /// Whether the CPU confirms every verdict other than valid of another device before it is
    /// reported. A contradiction takes the device out of service, and the whole batch is answered
    /// elsewhere.
    pub confirm_invalid: bool,
    /// Share, 0.0 ... 1.0, of another device's valid verdicts, recovered keys and sums that the CPU
    /// checks; which ones cannot be foreseen. (Sums with bases for which
    /// [`prepare_check`](crate::msm::Bases::prepare_check) was called are checked always, on the
    /// device.) A wrong one among those that are not checked is not
    /// noticed: 1.0 believes nothing. After one contradiction everything that the device says is
    /// checked.
    pub sample_valid: f64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            fallback_to_cpu: true,
            cpu_threads: 0,
            queue_jobs: 1024,
            queue_bytes: 256 << 20,
            coalesce_items: 4096,
            coalesce_bytes: 4 << 20,
            coalesce_wait: Duration::from_micros(100),
            job_timeout: None,
            backoff: Duration::from_millis(250),
            max_backoff: Duration::from_secs(30),
            confirm_invalid: true,
            sample_valid: 1.0 / 64.0,
        }
    }
}

impl Policy {
    /// The default without the fallback.
    pub fn without_fallback() -> Self {
        Self { fallback_to_cpu: false, ..Self::default() }
    }
}

/// Builds an [`Accelerator`] from several devices, another registry or another policy.
///
/// ```
/// use chaincard::{Accelerator, Policy};
///
/// let accelerator =
///     Accelerator::builder().policy(Policy::without_fallback()).name("cpu:2").build()?;
/// assert_eq!(accelerator.devices().len(), 1);
/// # Ok::<(), chaincard::OpenError>(())
/// ```
#[derive(Default)]
pub struct Builder {
    registry: Registry,
    names: Vec<String>,
    devices: Vec<Arc<dyn Device>>,
    policy: Policy,
}

impl Builder {
    /// Opens names with `registry`.
    #[must_use]
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = registry;
        self
    }

    /// Adds the device `name`.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.names.push(name.to_owned());
        self
    }

    /// Adds a device that is open already; such devices come before those added by name.
    #[must_use]
    pub fn device(mut self, device: Arc<dyn Device>) -> Self {
        self.devices.push(device);
        self
    }

    /// Sets bounds and rules.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Opens and tests the devices and starts the queue. Jobs go to the first device that is
    /// in service and has the operation; submitted jobs to whichever of them is free.
    ///
    /// # Errors
    /// [`OpenError`], also when a device fails its known-answer test. A device that was asked
    /// for must be there: the fallback is for what fails later.
    pub fn build(self) -> Result<Accelerator, OpenError> {
        let mut devices = self.devices;
        for name in &self.names {
            devices.push(self.registry.open(name)?);
        }
        if devices.is_empty() {
            return Err(OpenError::NoDevice);
        }
        let has_cpu = devices.iter().any(|device| device.kind() == DeviceKind::Cpu);
        let fallback: Option<Arc<dyn Device>> = match self.policy.cpu_threads {
            _ if has_cpu || !self.policy.fallback_to_cpu => None,
            0 => Some(Arc::new(Cpu::new())),
            threads => Some(Arc::new(Cpu::with_threads(threads))),
        };
        Accelerator::start(devices, fallback, self.policy)
    }
}
