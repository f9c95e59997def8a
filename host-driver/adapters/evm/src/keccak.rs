//! Keccak-256 for alloy-primitives, with the feature `native-keccak` here and there.

use chaincard::{Cpu, Device, HashAlgorithm, Messages};

/// Keccak-256 of a message, by the fastest code for this processor.
///
/// It does not go to other devices: whoever calls it waits for one digest, and one message is hashed
/// here before a device could even be told of it. Batches have
/// [`Accelerator::hash_many`](chaincard::Accelerator::hash_many).
///
/// ```
/// let digest = chaincard_evm::keccak::keccak256(b"");
/// assert_eq!(digest[..4], [0xc5, 0xd2, 0x46, 0x01]);
/// ```
pub fn keccak256(message: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    let messages = Messages::Slices(&[message]);
    if CPU.with(|cpu| cpu.hash(HashAlgorithm::Keccak256, &messages, &mut digest)).is_err() {
        // The processor has the algorithm and the digest its length, so that this cannot be. A
        // wrong digest would be worse than a process that ends.
        std::process::abort();
    }
    digest
}

thread_local! {
    static CPU: Cpu = Cpu::with_threads(1);
}

/// As alloy-primitives calls it.
///
/// # Safety
/// `bytes` points to `len` bytes that can be read, and `output` to 32 bytes that can be written.
#[cfg_attr(feature = "native-keccak", unsafe(no_mangle))]
pub unsafe extern "C" fn native_keccak256(bytes: *const u8, len: usize, output: *mut u8) {
    let message: &[u8] = match len {
        // Of no bytes, the address means nothing, and a slice must not be null.
        0 => &[],
        // SAFETY: the caller says that there are so many bytes to read.
        _ => unsafe { std::slice::from_raw_parts(bytes, len) },
    };
    let digest = keccak256(message);
    // SAFETY: the caller says that there are 32 bytes to write; the digest is a value of its own.
    unsafe { output.cast::<[u8; 32]>().write_unaligned(digest) };
}
