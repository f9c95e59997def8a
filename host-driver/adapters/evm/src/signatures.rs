//! One signature a call: through the accelerator, or on this processor without it.

use chaincard::verify::{Hashing, Plan, Profile, Recovered, SignatureEncoding, Verdict};
use chaincard::{Accelerator, Error, Messages, RecoverBatch, VerifyBatch};

/// Greatest recovery id. The library also knows 27 and 28, which these interfaces do not.
const MAX_RECOVERY_ID: u8 = 3;

/// The key, x and y, that made a signature of secp256k1, r and s, be s low or high; `None` if there
/// is no such key.
///
/// # Errors
/// No device could answer.
pub(crate) fn recover(
    accelerator: &Accelerator,
    signature: &[u8; 64],
    id: u8,
    digest: &[u8; 32],
) -> Result<Option<[u8; 64]>, Error> {
    if id > MAX_RECOVERY_ID {
        return Ok(None);
    }
    let recovered = accelerator.recover_many(&RecoverBatch {
        plan: Plan::new(Profile::Ethereum, Hashing::Digest),
        messages: Messages::Slices(&[digest]),
        signatures: Messages::Slices(&[signature]),
        ids: Some(&[id]),
    })?;
    Ok(recovered.first().and_then(key))
}

/// Whether a signature, r and s, is one of the key, x and y, by the rules of a profile.
///
/// # Errors
/// No device could answer.
pub(crate) fn verify(
    accelerator: &Accelerator,
    profile: Profile,
    key: &[u8; 64],
    signature: &[u8; 64],
    digest: &[u8; 32],
) -> Result<bool, Error> {
    let verdicts = accelerator.verify_many(&VerifyBatch {
        plan: Plan::new(profile, Hashing::Digest),
        encoding: SignatureEncoding::Compact,
        messages: Messages::Slices(&[digest]),
        public_keys: Messages::Slices(&[key]),
        signatures: Messages::Slices(&[signature]),
    })?;
    Ok(verdicts == [Verdict::Valid])
}

fn key(recovered: &Recovered) -> Option<[u8; 64]> {
    (recovered.verdict == Verdict::Valid).then_some(recovered.key)
}

#[cfg(feature = "alloy")]
pub(crate) use here::{recover as recover_here, verify as verify_here};

/// The same on this processor and thread.
#[cfg(feature = "alloy")]
mod here {
    use chaincard::verify::front::{recover_item, verify_item};
    use chaincard::{Cpu, Device, DeviceError};

    use super::*;

    /// As [`super::recover`].
    ///
    /// # Errors
    /// None that a signature could bring about.
    pub(crate) fn recover(
        signature: &[u8; 64],
        id: u8,
        digest: &[u8; 32],
    ) -> Result<Option<[u8; 64]>, DeviceError> {
        let plan = Plan::new(Profile::Ethereum, Hashing::Digest);
        let item = match recover_item(&plan, digest, signature, Some(id)) {
            Ok(item) if id <= MAX_RECOVERY_ID => item,
            _ => return Ok(None),
        };
        let mut recovered = [Recovered { verdict: Verdict::Invalid, key: [0; 64] }];
        Cpu::with_threads(1).recover(&plan, &[item], &mut recovered)?;
        Ok(key(&recovered[0]))
    }

    /// As [`super::verify`].
    ///
    /// # Errors
    /// None that a signature could bring about.
    pub(crate) fn verify(
        profile: Profile,
        key: &[u8; 64],
        signature: &[u8; 64],
        digest: &[u8; 32],
    ) -> Result<bool, DeviceError> {
        let plan = Plan::new(profile, Hashing::Digest);
        let Ok(item) = verify_item(&plan, SignatureEncoding::Compact, digest, key, signature)
        else {
            return Ok(false);
        };
        let mut verdicts = [Verdict::Invalid];
        Cpu::with_threads(1).verify(&plan, &[item], &mut verdicts)?;
        Ok(verdicts == [Verdict::Valid])
    }
}
