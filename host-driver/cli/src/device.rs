//! Devices by name.

use chaincard::{Accelerator, Device, OpenError, Policy, Registry, Scheme};

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
        let policy = if self.fallback { Policy::default() } else { Policy::without_fallback() };
        Accelerator::builder().registry(registry()).policy(policy).name(&self.name).build()
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
