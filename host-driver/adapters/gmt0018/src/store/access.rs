//! Access codes of private keys.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::SdfError;

/// Fewest bytes in an access code (GM/T 0018, SDF_GetPrivateKeyAccessRight).
const SHORTEST: usize = 8;

/// What is kept of an access code: salt and SHA-256 of salt and code. It is slow enough, as whoever
/// has these bytes has the private keys beside them; nodes send the code with each signature.
pub(super) struct AccessCode {
    pub(super) salt: [u8; 16],
    pub(super) digest: Zeroizing<[u8; 32]>,
}

impl AccessCode {
    pub(super) fn new(index: u32, code: &[u8]) -> Result<Self, SdfError> {
        if code.len() < SHORTEST {
            return Err(SdfError::Key { index, reason: "access code has less than 8 bytes" });
        }
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(SdfError::Random)?;
        Ok(Self { salt, digest: digest(&salt, code) })
    }

    /// Whether `code` is it, in a time that does not tell how much of it is right.
    pub(super) fn is(&self, code: &[u8]) -> bool {
        self.digest.ct_eq(&*digest(&self.salt, code)).into()
    }
}

fn digest(salt: &[u8; 16], code: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(Sha256::new_with_prefix(salt).chain_update(code).finalize().into())
}
