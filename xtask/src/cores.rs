//! The cores that have figures.

use chaincard_hdl::emit;
use chaincard_hdl::hash::{HashCore, Sha256, Sha512, keccak, sha2, sm3};
use chaincard_protocol::HashAlgorithm;
use chaincard_sim::cycles;

use crate::error::TaskError;

/// A core with a preset.
#[derive(Clone, Copy)]
pub(crate) struct Core {
    /// Name on the command line.
    pub core: &'static str,
    /// Preset.
    pub preset: &'static str,
    /// Bits of message in a block.
    pub block_bits: usize,
    verilog: fn(&str) -> String,
    cycles: fn(&'static str) -> Result<f64, TaskError>,
}

impl Core {
    /// Verilog with a top module of the core's name.
    pub(crate) fn verilog(&self) -> String {
        (self.verilog)(self.core)
    }

    /// Cycles from one block to the next in steady state, from simulation of the Verilog.
    pub(crate) fn cycles_per_block(&self) -> Result<f64, TaskError> {
        (self.cycles)(self.core)
    }
}

/// A [`Core`] whose design the expression gives.
macro_rules! core {
    ($core:literal, $preset:literal, $algorithm:ident, $make:expr) => {
        Core {
            core: $core,
            preset: $preset,
            block_bits: HashAlgorithm::$algorithm.block_len() * 8,
            verilog: |top| emit::verilog(&mut $make, top),
            cycles: |core| cycles_per_block(|| $make, core, HashAlgorithm::$algorithm),
        }
    };
}

/// Every core.
const CORES: &[Core] = &[
    core!("sha256", "ecp5", Sha256, Sha256::new(sha2::Config::ecp5())),
    core!("sha512", "ecp5", Sha512, Sha512::new(sha2::Config::ecp5())),
    core!("keccak", "ecp5", Keccak256, keccak::Keccak::new(keccak::Config::ecp5())),
    core!("sm3", "ecp5", Sm3, sm3::Sm3::new(sm3::Config::ecp5())),
];

fn cycles_per_block<C: HashCore>(
    make: fn() -> C,
    core: &'static str,
    algorithm: HashAlgorithm,
) -> Result<f64, TaskError> {
    Ok(cycles::measure_core(make, core, algorithm)?.cycles_per_block)
}

/// Names of all cores, for messages.
pub(crate) fn names() -> String {
    let mut names: Vec<&str> = CORES.iter().map(|core| core.core).collect();
    names.dedup();
    names.push(crate::engine::NAME);
    let msm = crate::msm::CURVES.map(crate::msm::name);
    names.into_iter().map(str::to_owned).chain(msm).collect::<Vec<_>>().join(", ")
}

/// The cores of these names, or all.
pub(crate) fn select(names: &[String]) -> Result<Vec<Core>, TaskError> {
    for name in names {
        if !CORES.iter().any(|core| core.core == name) {
            return Err(TaskError::Unknown {
                what: "core",
                name: name.clone(),
                known: self::names(),
            });
        }
    }
    let wanted = |core: &&Core| names.is_empty() || names.iter().any(|name| core.core == name);
    Ok(CORES.iter().filter(wanted).copied().collect())
}
