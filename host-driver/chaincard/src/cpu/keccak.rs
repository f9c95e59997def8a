//! Keccak-256 and SHA3-256: the assembly of `keccak-asm`; long messages of SHA3-256 by aws-lc.

use super::kernel::Kernel;
use super::sha2::AwsLc;

/// From this length on, the permutation of aws-lc gains more than its set-up costs.
const LONG: usize = 4096;

/// Crate behind [`Keccak256`].
pub(super) const IMPLEMENTATION: &str = "keccak-asm";

/// Crate behind [`Sha3_256`] for messages of `len` bytes.
pub(super) fn sha3_implementation(len: usize) -> &'static str {
    if len < LONG { IMPLEMENTATION } else { "aws-lc-rs" }
}

/// Keccak-256 with the original padding.
pub(super) struct Keccak256;

/// SHA3-256, FIPS 202.
pub(super) struct Sha3_256;

impl Kernel<32> for Keccak256 {
    #[inline(always)]
    fn digest(&self, message: &[u8], digest: &mut [u8; 32]) {
        *digest = keccak_asm::Keccak256::digest(message).into();
    }
}

impl Kernel<32> for Sha3_256 {
    #[inline(always)]
    fn digest(&self, message: &[u8], digest: &mut [u8; 32]) {
        if message.len() < LONG {
            *digest = keccak_asm::Sha3_256::digest(message).into();
        } else {
            AwsLc(&aws_lc_rs::digest::SHA3_256).digest(message, digest);
        }
    }
}
