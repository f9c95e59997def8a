//! Golden models: the oracle for every device. Nothing here is fast; everything reads like its
//! standard, from which the names come.
//!
//! Each model takes a message of bytes and gives its digest, and shows what lies between:
//! padded blocks, message schedule, the state after each round, the state after each block.

pub mod cases;
pub mod curve;
pub mod ecdsa;
pub mod ed25519;
pub mod keccak;
pub mod msm;
pub mod params;
pub mod sha256;
pub mod sha512;
pub mod sm2;
pub mod sm3;
pub mod verify;

/// The hash functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// SHA-256, FIPS 180-4.
    Sha256,
    /// SHA-512, FIPS 180-4.
    Sha512,
    /// Keccak-256 with the padding of the Keccak submission.
    Keccak256,
    /// SHA3-256, FIPS 202.
    Sha3_256,
    /// SM3, GB/T 32905-2016.
    Sm3,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 5] =
        [Self::Sha256, Self::Sha512, Self::Keccak256, Self::Sha3_256, Self::Sm3];

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

    /// The algorithm of a [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// Digest of `message`: 64 bytes for SHA-512, otherwise 32.
pub fn hash(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Sha256 => sha256::sha256(message).to_vec(),
        Algorithm::Sha512 => sha512::sha512(message).to_vec(),
        Algorithm::Keccak256 => keccak::keccak_256(message).to_vec(),
        Algorithm::Sha3_256 => keccak::sha3_256(message).to_vec(),
        Algorithm::Sm3 => sm3::sm3(message).to_vec(),
    }
}
