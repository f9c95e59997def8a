//! Devices by name.

use std::sync::Arc;

use chaincard::{Accelerator, Cpu, Device, DeviceKind, OpenError, Policy, Registry, Scheme};

/// The device that the user chose.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Its name.
    pub(crate) name: String,
    /// Whether the CPU answers when it fails.
    pub(crate) fallback: bool,
}

impl Choice {
    /// The device with queue and fallback.
    pub(crate) fn accelerator(&self) -> Result<Accelerator, OpenError> {
        self.accelerator_with(None)
    }

    /// The same, the CPU with that many threads unless its name says how many.
    pub(crate) fn accelerator_with(
        &self,
        threads: Option<usize>,
    ) -> Result<Accelerator, OpenError> {
        let cpu_threads = threads.unwrap_or(0);
        let policy = Policy { fallback_to_cpu: self.fallback, cpu_threads, ..Policy::default() };
        let mut device = registry().open(&self.name)?;
        if device.kind() == DeviceKind::Cpu
            && !self.name.starts_with("cpu:")
            && let Some(threads) = threads
        {
            device = Arc::new(Cpu::with_threads(threads));
        }
        Accelerator::builder().device(device).policy(policy).build()
    }
}

/// Every kind of device that this build has.
pub(crate) fn registry() -> Registry {
    let registry = Registry::new();
    #[cfg(feature = "sim")]
    let registry = chaincard_sim::register_with(registry, |fallback| {
        // A command may open the card several times.
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| crate::output::warn(&fallback.to_string()));
    });
    registry
}

/// Whether some device verifies signatures of `scheme`.
pub(crate) fn verifies(accelerator: &Accelerator, scheme: Scheme) -> bool {
    accelerator.devices().iter().any(|device| has(&**device, scheme))
}

fn has(device: &dyn Device, scheme: Scheme) -> bool {
    device.capabilities().verifies.contains(&scheme)
}
