//! Verification and recovery by every profile: which rules apply, in which order, and what the
//! verdict is (`docs/verification.md`).
//!
//! A [`Case`] has the right shape; [`Raw`] is what users have, and may have any.

mod der;
mod judge;
mod raw;

pub use der::{encode as encode_der, parse as parse_der};
pub use judge::{hash, recover, verify};
pub use raw::{Encoding, Raw};

pub use crate::sm2::MAX_USER_ID;

/// User id that SM2 takes where none is agreed on (GM/T 0009-2012, section 10).
pub const DEFAULT_USER_ID: &[u8] = b"1234567812345678";

/// Signature schemes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// ECDSA over secp256k1.
    Secp256k1 = 0,
    /// SM2.
    Sm2 = 1,
    /// Ed25519.
    Ed25519 = 2,
    /// ECDSA over P-256.
    P256 = 3,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 4] = [Self::Secp256k1, Self::Sm2, Self::Ed25519, Self::P256];

    /// The profiles of the scheme.
    pub fn profiles(self) -> impl Iterator<Item = Profile> {
        Profile::ALL.into_iter().filter(move |profile| profile.scheme() == self)
    }
}

/// Rules beyond the equation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// secp256k1: both halves of s, hybrid keys.
    Bitcoin = 0,
    /// As `Bitcoin`, with low s.
    BitcoinLowS = 1,
    /// secp256k1: both halves of s.
    Ethereum = 2,
    /// secp256k1: low s.
    EthereumTransaction = 3,
    /// SM2.
    Gm = 4,
    /// Ed25519: equation without cofactor, canonical encodings.
    Rfc8032 = 5,
    /// Ed25519: equation with cofactor, any encoding of a point.
    Zip215 = 6,
    /// Ed25519: no points of small order.
    Strict = 7,
    /// P-256: what is malformed is invalid.
    Rip7212 = 8,
    /// P-256.
    Fips186 = 9,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 10] = [
        Self::Bitcoin,
        Self::BitcoinLowS,
        Self::Ethereum,
        Self::EthereumTransaction,
        Self::Gm,
        Self::Rfc8032,
        Self::Zip215,
        Self::Strict,
        Self::Rip7212,
        Self::Fips186,
    ];

    /// The scheme that it belongs to.
    pub const fn scheme(self) -> Scheme {
        match self {
            Self::Bitcoin | Self::BitcoinLowS | Self::Ethereum | Self::EthereumTransaction => {
                Scheme::Secp256k1
            }
            Self::Gm => Scheme::Sm2,
            Self::Rfc8032 | Self::Zip215 | Self::Strict => Scheme::Ed25519,
            Self::Rip7212 | Self::Fips186 => Scheme::P256,
        }
    }

    /// Whether s must be at most n/2.
    pub const fn wants_low_s(self) -> bool {
        matches!(self, Self::BitcoinLowS | Self::EthereumTransaction)
    }

    /// Whether keys may be hybrid: first byte 6 or 7.
    pub const fn takes_hybrid_keys(self) -> bool {
        matches!(self, Self::Bitcoin | Self::BitcoinLowS)
    }
}

/// What stands before the signed number e.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hashing {
    /// A digest of 32 bytes is given (for SM2: e).
    Digest = 0,
    /// SHA-256 of the message.
    Sha256 = 1,
    /// SHA-256 of SHA-256 of the message.
    DoubleSha256 = 2,
    /// Keccak-256 of the message.
    Keccak256 = 3,
    /// SM2: SM3 of `Z_A` and the message.
    Sm3 = 4,
    /// Ed25519: the message as it is.
    Message = 5,
}

impl Hashing {
    /// Those that make sense for the scheme.
    pub const fn of(scheme: Scheme) -> &'static [Self] {
        match scheme {
            Scheme::Secp256k1 | Scheme::P256 => {
                &[Self::Digest, Self::Sha256, Self::DoubleSha256, Self::Keccak256]
            }
            Scheme::Sm2 => &[Self::Digest, Self::Sm3],
            Scheme::Ed25519 => &[Self::Message],
        }
    }
}

/// Verdict on one signature; the first rule that fails decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The equation does not hold.
    Invalid = 0,
    /// Valid.
    Valid = 1,
    /// s is above n/2 where the profile wants it low.
    HighS = 2,
    /// A point of small order where the profile refuses it.
    SmallOrder = 3,
    /// Signature of a wrong length.
    SignatureLength = 8,
    /// Signature is not strict DER.
    SignatureEncoding = 9,
    /// r is 0 or at least n.
    RangeR = 10,
    /// s is 0 or at least n; Ed25519: S is at least L.
    RangeS = 11,
    /// SM2: r + s is 0 modulo n.
    RangeT = 12,
    /// Recovery id is none of 0, 1, 2, 3, 27, 28.
    RecoveryId = 13,
    /// Public key of a wrong length.
    KeyLength = 16,
    /// Public key with an unknown or wrong first byte.
    KeyEncoding = 17,
    /// A coordinate of the public key is not below p.
    KeyRange = 18,
    /// Public key is no point of the curve.
    KeyNotOnCurve = 19,
    /// Public key is the point at infinity.
    KeyInfinity = 20,
    /// Digest of another length than 32 bytes.
    DigestLength = 24,
    /// User id of more than [`MAX_USER_ID`] bytes.
    UserIdLength = 25,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 17] = [
        Self::Invalid,
        Self::Valid,
        Self::HighS,
        Self::SmallOrder,
        Self::SignatureLength,
        Self::SignatureEncoding,
        Self::RangeR,
        Self::RangeS,
        Self::RangeT,
        Self::RecoveryId,
        Self::KeyLength,
        Self::KeyEncoding,
        Self::KeyRange,
        Self::KeyNotOnCurve,
        Self::KeyInfinity,
        Self::DigestLength,
        Self::UserIdLength,
    ];

    /// The verdict as `profile` reports it: RIP-7212 knows valid and invalid only.
    pub const fn under(self, profile: Profile) -> Self {
        match (profile, self) {
            (_, Self::Valid) => Self::Valid,
            (Profile::Rip7212, _) => Self::Invalid,
            _ => self,
        }
    }
}

/// A public key of right shape, or how to recover it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// x and y, big-endian.
    Point {
        /// x.
        x: [u8; 32],
        /// y.
        y: [u8; 32],
    },
    /// x, big-endian, and whether y is odd.
    Compressed {
        /// x.
        x: [u8; 32],
        /// Parity of y.
        odd: bool,
    },
    /// Ed25519: A as encoded.
    Edwards([u8; 32]),
    /// To be recovered with this id, 0 ... 3 (bit 0: y of R is odd, bit 1: x of R is r + n).
    Recover(u8),
}

/// A signature of right shape, with its key, its message and the rules that it is judged by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    /// Scheme and rules.
    pub profile: Profile,
    /// How e comes about; one of [`Hashing::of`] the scheme.
    pub hashing: Hashing,
    /// SM2 with [`Hashing::Sm3`]: the user id, at most [`MAX_USER_ID`] bytes; otherwise not
    /// looked at.
    pub user_id: Vec<u8>,
    /// r, big-endian; Ed25519: R as encoded.
    pub r: [u8; 32],
    /// s, big-endian; Ed25519: S as encoded.
    pub s: [u8; 32],
    /// Public key, or the recovery id.
    pub key: Key,
    /// Message; with [`Hashing::Digest`] the digest, 32 bytes.
    pub message: Vec<u8>,
}

/// What recovery finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recovered {
    /// [`Verdict::Valid`], or why there is no key.
    pub verdict: Verdict,
    /// x and y, big-endian; zeros unless the verdict is `Valid`.
    pub key: [u8; 64],
}
