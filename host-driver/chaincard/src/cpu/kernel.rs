//! From an algorithm to a tight loop over messages: the choice is made outside of the loop,
//! nothing is allocated in it, digests go straight to where they belong.

use super::{keccak, sha2, sm3};
use crate::hash::{HashAlgorithm, Messages};

/// A hash function with a digest of `N` bytes.
pub(super) trait Kernel<const N: usize> {
    /// Writes the digest of `message`.
    fn digest(&self, message: &[u8], digest: &mut [u8; N]);
}

/// Writes the digests of the messages from `first` on, as many as fit in `digests`.
pub(super) fn hash(
    algorithm: HashAlgorithm,
    messages: &Messages<'_>,
    first: usize,
    digests: &mut [u8],
) {
    match algorithm {
        HashAlgorithm::Sha256 => sha2::sha256(messages, first, digests),
        HashAlgorithm::Sha512 => sha2::sha512(messages, first, digests),
        HashAlgorithm::Keccak256 => each(&keccak::Keccak256, messages, first, digests),
        HashAlgorithm::Sha3_256 => each(&keccak::Sha3_256, messages, first, digests),
        HashAlgorithm::Sm3 => each(&sm3::Sm3, messages, first, digests),
    }
}

/// The loop, specialised for the kernel and for the shape of the batch.
#[inline(always)]
pub(super) fn each<const N: usize, K: Kernel<N>>(
    kernel: &K,
    messages: &Messages<'_>,
    first: usize,
    digests: &mut [u8],
) {
    let (digests, _) = digests.as_chunks_mut::<N>();
    match *messages {
        Messages::Rows { data, len, .. } if len > 0 => {
            for (row, digest) in data[first * len..].chunks_exact(len).zip(digests) {
                kernel.digest(row, digest);
            }
        }
        Messages::Rows { .. } => {
            for digest in digests {
                kernel.digest(&[], digest);
            }
        }
        Messages::Slices(slices) => {
            for (message, digest) in slices[first..].iter().zip(digests) {
                kernel.digest(message, digest);
            }
        }
        Messages::Packed { data, ends } => {
            let mut start = if first == 0 { 0 } else { ends[first - 1] };
            for (&end, digest) in ends[first..].iter().zip(digests) {
                kernel.digest(&data[start..end], digest);
                start = end;
            }
        }
    }
}

/// Rough time of a batch on one thread, in nanoseconds: an invocation of the compression
/// function for each block and one more for each message.
pub(super) fn estimate_ns(algorithm: HashAlgorithm, messages: usize, bytes: usize) -> u64 {
    let ns_per_block = match algorithm {
        HashAlgorithm::Sha256 => 40,
        HashAlgorithm::Sha512 => 180,
        HashAlgorithm::Keccak256 | HashAlgorithm::Sha3_256 => 300,
        HashAlgorithm::Sm3 => 220,
    };
    let blocks = bytes / algorithm.block_len() + messages;
    (blocks as u64).saturating_mul(ns_per_block)
}

/// Name of the implementation that hashes messages of `len` bytes on this processor.
pub(super) fn implementation(algorithm: HashAlgorithm, len: usize) -> &'static str {
    match algorithm {
        HashAlgorithm::Sha256 => sha2::sha256_implementation(),
        HashAlgorithm::Sha512 => sha2::SHA512_IMPLEMENTATION,
        HashAlgorithm::Keccak256 => keccak::IMPLEMENTATION,
        HashAlgorithm::Sha3_256 => keccak::sha3_implementation(len),
        HashAlgorithm::Sm3 => sm3::IMPLEMENTATION,
    }
}

/// Name of this processor, as the system gives it.
pub(super) fn processor() -> String {
    let model = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    model.unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}
