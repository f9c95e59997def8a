//! SM3: the crate `sm3`.

use sm3::Digest as _;

use super::kernel::Kernel;

/// Crate behind the kernel.
pub(super) const IMPLEMENTATION: &str = "sm3";

/// SM3, GB/T 32905-2016.
pub(super) struct Sm3;

impl Kernel<32> for Sm3 {
    #[inline(always)]
    fn digest(&self, message: &[u8], digest: &mut [u8; 32]) {
        *digest = sm3::Sm3::digest(message).into();
    }
}
