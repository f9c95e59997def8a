#![doc = include_str!("../README.md")]

#[cfg(feature = "alloy")]
mod alloy;
pub mod keccak;
#[cfg(feature = "revm")]
mod revm;
#[cfg(any(feature = "alloy", feature = "revm"))]
mod signatures;

use std::sync::Arc;

use chaincard::{Accelerator, OpenError};

/// The cryptography of alloy and revm on an [`Accelerator`].
///
/// It is alloy's `CryptoProvider` (feature `alloy`) and revm's `Crypto` (feature `revm`). Clones
/// share the accelerator. Calls block, come from any number of threads, and give what the
/// implementations of alloy and revm give; that a device failed is no answer.
#[derive(Clone, Debug)]
pub struct Provider {
    accelerator: Arc<Accelerator>,
}

impl Provider {
    /// On an accelerator of the node's own devices and policy.
    pub fn new(accelerator: Arc<Accelerator>) -> Self {
        Self { accelerator }
    }

    /// On the device of that name, as [`Accelerator::open`] has it.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(device: &str) -> Result<Self, OpenError> {
        Ok(Self::new(Arc::new(Accelerator::open(device)?)))
    }

    /// The accelerator, for its metrics and for batches.
    pub fn accelerator(&self) -> &Arc<Accelerator> {
        &self.accelerator
    }

    /// Makes this the provider of the process, for alloy and for revm as features say: once, and
    /// for revm before the first precompile is called.
    ///
    /// # Errors
    /// [`InstallError`]: the process has a provider already, which stays.
    pub fn install(&self) -> Result<(), InstallError> {
        #[cfg(feature = "alloy")]
        alloy_consensus::crypto::install_default_provider(Arc::new(self.clone()))
            .map_err(|_| InstallError::Alloy)?;
        #[cfg(feature = "revm")]
        if !revm_precompile::install_crypto(self.clone()) {
            return Err(InstallError::Revm);
        }
        Ok(())
    }
}

/// Why a provider was not installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// alloy-consensus has a provider; nothing was changed
    #[error("alloy-consensus has a provider already; install only one, at the start of the node")]
    Alloy,
    /// revm has a provider, or has called a precompile without one; alloy-consensus has this one
    #[error("revm has a provider already; install one before the first precompile is called")]
    Revm,
}
