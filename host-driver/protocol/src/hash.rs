//! Payloads of [`Opcode::Hash`](crate::Opcode::Hash).
//!
//! The header's `param` is the [`HashAlgorithm`]. Request, for each item: the length of the
//! message in bytes (u32), then the message, padded with zeros to a multiple of 4. Reply,
//! for each item in the same order: a [`ItemStatus`] (u32), then the digest
//! ([`HashAlgorithm::digest_len`] bytes, zeros unless the status is `Done`).

use crate::codes::codes;

codes! {
    /// Hash functions a card may have; the value is the wire code and the bit in
    /// [`Register::Capabilities`](crate::Register::Capabilities).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum HashAlgorithm: u16 {
        /// SHA-256, FIPS 180-4.
        Sha256 = 0,
        /// SHA-512, FIPS 180-4.
        Sha512 = 1,
        /// Keccak-256 with the original padding (`0x01`), as Ethereum uses it.
        Keccak256 = 2,
        /// SHA3-256, FIPS 202.
        Sha3_256 = 3,
        /// SM3, GB/T 32905-2016.
        Sm3 = 4,
    }
}

impl HashAlgorithm {
    /// Bytes in a digest: 32 or 64.
    pub const fn digest_len(self) -> usize {
        match self {
            Self::Sha512 => 64,
            _ => 32,
        }
    }

    /// Bytes that one invocation of the compression function or permutation absorbs.
    pub const fn block_len(self) -> usize {
        match self {
            Self::Sha256 | Self::Sm3 => 64,
            Self::Sha512 => 128,
            Self::Keccak256 | Self::Sha3_256 => 136,
        }
    }

    /// Name as users type it: `sha256`, `sha512`, `keccak256`, `sha3-256`, `sm3`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Keccak256 => "keccak256",
            Self::Sha3_256 => "sha3-256",
            Self::Sm3 => "sm3",
        }
    }
}

codes! {
    /// Status of one item in a reply.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum ItemStatus: u32 {
        /// The digest, verdict or sums follow.
        Done = 0,
        /// The engine gave no answer within as many cycles as the register EngineTimeout says.
        EngineTimeout = 1,
    }
}

/// Bytes that a message of `len` bytes takes in a request, its length word included;
/// `None` when that does not fit in 32 bits.
pub const fn request_item_len(len: usize) -> Option<u32> {
    if len > (u32::MAX - 7) as usize {
        return None;
    }
    Some((len as u32).next_multiple_of(4) + 4)
}

/// Bytes that one digest takes in a reply, its status word included.
pub const fn reply_item_len(algorithm: HashAlgorithm) -> u32 {
    4 + algorithm.digest_len() as u32
}
