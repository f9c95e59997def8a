//! SHA-256: `sha2` on processors whose SHA instructions it uses, aws-lc else. SHA-512: aws-lc,
//! which chooses among its own implementations by processor.

use aws_lc_rs::digest;
use sha2::block_api::compress256;

use super::kernel::{Kernel, each};
use crate::hash::Messages;

/// Initial hash value, FIPS 180-4, 5.3.3.
const SHA256_H0: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// SHA-256 by the compression function of `sha2`, padded here: no hasher to set up.
struct Compress256;

impl Kernel<32> for Compress256 {
    #[inline(always)]
    fn digest(&self, message: &[u8], digest: &mut [u8; 32]) {
        let mut state = SHA256_H0;
        let (blocks, rest) = message.as_chunks::<64>();
        if !blocks.is_empty() {
            compress256(&mut state, blocks);
        }
        let mut tail = [[0; 64]; 2];
        let used = 1 + usize::from(rest.len() >= 56);
        tail[0][..rest.len()].copy_from_slice(rest);
        tail[0][rest.len()] = 0x80;
        tail[used - 1][56..].copy_from_slice(&(message.len() as u64 * 8).to_be_bytes());
        compress256(&mut state, &tail[..used]);
        for (bytes, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
    }
}

/// One-shot digest of aws-lc.
pub(super) struct AwsLc(pub(super) &'static digest::Algorithm);

impl<const N: usize> Kernel<N> for AwsLc {
    #[inline(always)]
    fn digest(&self, message: &[u8], digest: &mut [u8; N]) {
        digest.copy_from_slice(digest::digest(self.0, message).as_ref());
    }
}

/// Whether `sha2` compresses SHA-256 with the processor's own instructions.
fn has_sha_instructions() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("sha")
        && is_x86_feature_detected!("sse4.1")
        && is_x86_feature_detected!("ssse3");
    #[cfg(target_arch = "aarch64")]
    return std::arch::is_aarch64_feature_detected!("sha2");
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    false
}

/// SHA-256 of the messages from `first` on.
pub(super) fn sha256(messages: &Messages<'_>, first: usize, digests: &mut [u8]) {
    if has_sha_instructions() {
        each(&Compress256, messages, first, digests);
    } else {
        each::<32, _>(&AwsLc(&digest::SHA256), messages, first, digests);
    }
}

/// SHA-256 of one message.
pub(super) fn sha256_of(message: &[u8], digest: &mut [u8; 32]) {
    if has_sha_instructions() {
        Compress256.digest(message, digest);
    } else {
        AwsLc(&digest::SHA256).digest(message, digest);
    }
}

/// SHA-512 of the messages from `first` on.
pub(super) fn sha512(messages: &Messages<'_>, first: usize, digests: &mut [u8]) {
    each::<64, _>(&AwsLc(&digest::SHA512), messages, first, digests);
}

/// Name of what [`sha256`] uses.
pub(super) fn sha256_implementation() -> &'static str {
    if has_sha_instructions() { "sha2" } else { "aws-lc-rs" }
}

/// Name of what [`sha512`] uses.
pub(super) const SHA512_IMPLEMENTATION: &str = "aws-lc-rs";
