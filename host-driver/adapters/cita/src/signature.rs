//! Signatures r ‖ s ‖ x ‖ y of 128 bytes over a message, with the usual user id, and addresses.

use chaincard::verify::{Hashing, Plan, Profile, Verdict};

use crate::status::Status;

/// Bytes of a signature: r, s, and the signer's public key x, y.
pub const SIGNATURE_LEN: usize = 128;
/// Bytes of an SM3 digest.
pub const HASH_LEN: usize = 32;
/// Bytes of an address: the last ones of SM3 of the public key.
pub const ADDRESS_LEN: usize = 20;

/// How signatures are verified: SM2 of GM/T 0003.2 over SM3 with ZA of the user id
/// `1234567812345678`.
pub const PLAN: Plan<'static> = Plan::new(Profile::Gm, Hashing::Sm3);

/// A signature in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature<'a> {
    /// r, s.
    pub numbers: &'a [u8; 64],
    /// x, y of the public key.
    pub key: &'a [u8; 64],
}

impl<'a> Signature<'a> {
    /// The parts of 128 bytes.
    ///
    /// # Errors
    /// [`Status::SigLenError`].
    pub fn of(bytes: &'a [u8]) -> Result<Self, Status> {
        match bytes.as_chunks::<64>() {
            ([numbers, key], []) => Ok(Self { numbers, key }),
            _ => Err(Status::SigLenError),
        }
    }
}

/// What a verdict means to a node.
///
/// # Errors
/// The status of a signature that is not valid.
pub fn judged(verdict: Verdict) -> Result<(), Status> {
    match verdict {
        Verdict::Valid => Ok(()),
        Verdict::RangeR | Verdict::RangeS => Err(Status::ConstructSigError),
        _ => Err(Status::SigCheckError),
    }
}

/// The address that belongs to SM3 of a public key.
pub fn address(digest: &[u8]) -> &[u8] {
    &digest[digest.len().saturating_sub(ADDRESS_LEN)..]
}
