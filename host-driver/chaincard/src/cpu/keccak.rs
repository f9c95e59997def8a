//! Keccak-256 and SHA3-256: the assembly of `keccak-asm`.

use super::kernel::Kernel;

/// Crate behind the kernels.
pub(super) const IMPLEMENTATION: &str = "keccak-asm";

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
        *digest = keccak_asm::Sha3_256::digest(message).into();
    }
}
