//! Signers of transactions for alloy.
//!
//! Alloy keeps its own implementations to itself once there is a provider, so that what no device
//! of the accelerator could answer is answered by this processor, without queue and policy.

use alloy_consensus::crypto::{RecoveryError, backend::CryptoProvider};
use alloy_primitives::Address;
use chaincard::verify::Profile;

use crate::{Provider, signatures};

/// First byte of an uncompressed key (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

impl CryptoProvider for Provider {
    fn recover_signer_unchecked(
        &self,
        sig: &[u8; 65],
        msg: &[u8; 32],
    ) -> Result<Address, RecoveryError> {
        let [signature @ .., id] = sig;
        let key = signatures::recover(&self.accelerator, signature, *id, msg)
            .or_else(|_| signatures::recover_here(signature, *id, msg))
            .map_err(RecoveryError::from_source)?;
        key.map(|key| Address::from_raw_public_key(&key)).ok_or_else(RecoveryError::new)
    }

    fn verify_and_compute_signer_unchecked(
        &self,
        pubkey: &[u8; 65],
        sig: &[u8; 64],
        msg: &[u8; 32],
    ) -> Result<Address, RecoveryError> {
        let [UNCOMPRESSED, key @ ..] = pubkey else { return Err(RecoveryError::new()) };
        let is_valid = signatures::verify(&self.accelerator, Profile::Ethereum, key, sig, msg)
            .or_else(|_| signatures::verify_here(Profile::Ethereum, key, sig, msg))
            .map_err(RecoveryError::from_source)?;
        if is_valid { Ok(Address::from_raw_public_key(key)) } else { Err(RecoveryError::new()) }
    }
}
