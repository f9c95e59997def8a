//! An engine of multi-scalar multiplication as a device of the host library: the gates alone,
//! without a card around them.

use std::sync::{Arc, Mutex, PoisonError};

use chaincard::device::{Capabilities, Device, DeviceError, DeviceKind, Report, check_multiply};
use chaincard::msm::{Curve, Terms};
use chaincard::{HashAlgorithm, Messages, Registry, TransportError};
use chaincard_hdl::msm::{Config, Curve as Gates};

use super::{Machine, combine};
use crate::SimError;
use crate::stream::Stalls;

/// What a user may type.
const SYNTAX: &str = "engine[:msm-bn254|msm-bls12-381|msm-bls12-377]";

/// The curve as engines are configured for it.
pub fn gates(curve: Curve) -> Gates {
    match curve {
        Curve::Bn254 => Gates::bn254(),
        Curve::Bls12_381 => Gates::bls12_381(),
        Curve::Bls12_377 => Gates::bls12_377(),
    }
}

/// An engine under Verilator in the preset `ecp5`. It takes any number of terms.
pub struct EngineDevice {
    name: String,
    curve: Curve,
    capabilities: Capabilities,
    machine: Mutex<Machine>,
}

impl EngineDevice {
    /// The engine `msm-CURVE`, or that of BN254 if `image` is empty.
    ///
    /// # Errors
    /// [`SimError::CardName`], and those of [`Machine::new`].
    pub fn open(image: &str) -> Result<Self, SimError> {
        let name = if image.is_empty() { "msm-bn254" } else { image };
        let known = name.strip_prefix("msm-").and_then(|curve| curve.parse::<Curve>().ok());
        let found = || image.to_owned();
        let curve = known.ok_or_else(|| SimError::CardName { found: found(), allowed: SYNTAX })?;
        let machine = Machine::new(Config::ecp5(gates(curve)), Stalls::default())?;
        let capabilities = Capabilities { multiplies: vec![curve], ..Capabilities::default() };
        let name = format!("engine:{name}");
        Ok(Self { name, curve, capabilities, machine: Mutex::new(machine) })
    }
}

impl Device for EngineDevice {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::Simulated
    }

    fn description(&self) -> String {
        format!("engine of multi-scalar multiplication on {} in simulation", self.curve)
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn hash(
        &self,
        algorithm: HashAlgorithm,
        _messages: &Messages<'_>,
        _digests: &mut [u8],
    ) -> Result<Report, DeviceError> {
        Err(DeviceError::Unsupported { device: self.name.clone(), operation: algorithm.name() })
    }

    fn multiply(&self, terms: &Terms<'_>, point: &mut [u8]) -> Result<Report, DeviceError> {
        check_multiply(self, terms, point)?;
        if terms.is_empty() {
            point.fill(0);
            return Ok(Report { cycles: Some(0), ..Report::default() });
        }
        let points = terms.points();
        let bases = points.chunks(self.curve.point_bytes());
        let encoded: Vec<_> = bases.zip(terms.reduced()).collect();
        let mut machine = self.machine.lock().unwrap_or_else(PoisonError::into_inner);
        // An engine whose sums do not come is a device that does not answer.
        let (sums, cycles) = machine.run(&encoded).map_err(|_| DeviceError::Transport {
            device: self.name.clone(),
            source: TransportError::Timeout,
        })?;
        let sum = combine(machine.config(), self.curve, &sums)
            .map_err(|source| DeviceError::Windows { device: self.name.clone(), source })?;
        point.copy_from_slice(&sum);
        Ok(Report { cycles: Some(cycles), ..Report::default() })
    }
}

/// Adds the engines to `registry`.
#[must_use]
pub fn register(registry: Registry) -> Registry {
    registry.with_devices(
        "engine",
        SYNTAX,
        "engine in simulation, without a card: gates of the emitted RTL",
        DeviceKind::Simulated,
        |image| Ok(Arc::new(EngineDevice::open(image)?)),
    )
}
