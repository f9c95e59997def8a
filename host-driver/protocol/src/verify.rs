//! Payloads of [`Opcode::Verify`](crate::Opcode::Verify) and
//! [`Opcode::Recover`](crate::Opcode::Recover).
//!
//! The header's `param` is [`VerifyParam`]: scheme, profile and hashing. Request, for each item:
//! the length of the rest in bytes (u32), then [`ITEM_HEAD`] bytes of fixed fields, then the user
//! id, padded with zeros to a multiple of 4, then the message or digest; the whole is padded with
//! zeros to a multiple of 4 ([`VerifyItem`]). With [`Hashing::Sm3`] the key must not be compressed: ZA is made of
//! both coordinates before the engine could know the second.
//!
//! ```text
//! offset  size  field
//!   0      4    bits 7 ... 0: KEY_* and RECOVERY_* flags; 15 ... 8: zeros that the card does not
//!               look at; 31 ... 16: bytes of the user id, at most MAX_USER_ID
//!   4     32    r, big-endian; Ed25519: R as encoded
//!  36     32    s, big-endian; Ed25519: S as encoded
//!  68     32    x of the public key, big-endian; Ed25519: A as encoded; recovery: zeros
//! 100     32    y of the public key, big-endian; zeros when the key is compressed, and for
//!               Ed25519 and recovery
//! 132      n    user id (padded), then the message (hashed on the card), or the digest of 32 bytes
//! ```
//!
//! Reply, for each item in the same order: an [`ItemStatus`](crate::hash::ItemStatus) (u32), the
//! [`Verdict`] (u32, zero unless the status is `Done`), and for `Recover` the public key x, y
//! (64 bytes, big-endian, zeros unless the verdict is `Valid`).
//!
//! What a card can do is in [`Register::VerifyCapabilities`](crate::Register::VerifyCapabilities):
//! bit n for the scheme with wire code n, and [`CAPABILITY_RECOVER`].

pub(crate) mod item;

pub use item::{VerifyItem, VerifyItems, verify_item_len};

use crate::HashAlgorithm;
use crate::codes::codes;
use crate::frame::{Field, field};

codes! {
    /// Signature schemes a card may have.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Scheme: u16 {
        /// ECDSA over secp256k1, SEC 1 section 4.1.4.
        Secp256k1 = 0,
        /// SM2, GB/T 32918.2-2016.
        Sm2 = 1,
        /// Ed25519, RFC 8032 section 5.1.
        Ed25519 = 2,
        /// ECDSA over P-256, FIPS 186-5 section 6.4.2.
        P256 = 3,
    }
}

codes! {
    /// Rules beyond the equation; each belongs to one scheme.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Profile: u16 {
        /// secp256k1 as Bitcoin's consensus has it: both halves of s, hybrid keys.
        Bitcoin = 0,
        /// As `bitcoin`, with low s (BIP 146).
        BitcoinLowS = 1,
        /// secp256k1 as Ethereum's precompile has it: both halves of s.
        Ethereum = 2,
        /// secp256k1 as in an Ethereum transaction: low s (EIP-2).
        EthereumTransaction = 3,
        /// SM2 as in GM/T 0003.2.
        Gm = 4,
        /// Ed25519, RFC 8032: equation without cofactor, canonical encodings.
        Rfc8032 = 5,
        /// Ed25519, ZIP 215: equation with cofactor, any encoding of a point.
        Zip215 = 6,
        /// Ed25519 as verify_strict of ed25519-dalek: no points of small order.
        Strict = 7,
        /// P-256 as in RIP-7212: what is malformed is invalid.
        Rip7212 = 8,
        /// P-256 as in FIPS 186-5.
        Fips186 = 9,
    }
}

codes! {
    /// What stands before the signed number e.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Hashing: u16 {
        /// A digest of 32 bytes is given (for SM2: e).
        Digest = 0,
        /// SHA-256 of the message.
        Sha256 = 1,
        /// SHA-256 of SHA-256 of the message.
        DoubleSha256 = 2,
        /// Keccak-256 of the message.
        Keccak256 = 3,
        /// SM2: SM3 of ZA, which is made of the user id and the key, and the message.
        Sm3 = 4,
        /// Ed25519: the message, hashed with SHA-512 as the scheme has it.
        Message = 5,
    }
}

codes! {
    /// Verdict on one signature. The first rule that fails decides, in the order of
    /// docs/verification.md: shapes of signature, key and message; ranges of r and s; low s;
    /// ranges of the key's coordinates; key on the curve; small order; the equation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Verdict: u8 {
        /// The equation does not hold; under `rip7212` also whatever else is wrong. Recovery: no such point, or infinity.
        Invalid = 0,
        /// Valid.
        Valid = 1,
        /// s is above n/2 where the profile wants it low (invalid).
        HighS = 2,
        /// A point of small order where the profile refuses it (invalid).
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
        /// Recovery id is none of 0, 1, 2, 3 (27, 28).
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
        /// User id of more than 8,191 bytes.
        UserIdLength = 25,
    }
}

/// Bytes of an item before user id and message.
pub const ITEM_HEAD: usize = 132;

/// The fixed fields of an item, without gaps.
pub const ITEM_FIELDS: [Field; 7] = [
    field("flags", 0, 1, "`KEY_*` and `RECOVERY_*` flags"),
    field("reserved", 1, 1, "0; the card does not look at it"),
    field("user_id_len", 2, 2, "bytes of the user id, at most 8191"),
    field("r", 4, 32, "r, big-endian; Ed25519: R as encoded"),
    field("s", 36, 32, "s, big-endian; Ed25519: S as encoded"),
    field("x", 68, 32, "x of the key, big-endian; Ed25519: A as encoded; recovery: zeros"),
    field("y", 100, 32, "y of the key, big-endian; zeros if compressed, Ed25519 or recovery"),
];

/// Item flag: the key is given as x and the parity of y.
pub const KEY_COMPRESSED: u32 = 1;
/// Item flag, with [`KEY_COMPRESSED`]: y is odd.
pub const KEY_ODD: u32 = 2;
/// Item flag of recovery: y of R is odd (bit 0 of the recovery id).
pub const RECOVERY_ODD: u32 = 4;
/// Item flag of recovery: x of R is r + n (bit 1 of the recovery id).
pub const RECOVERY_ABOVE_N: u32 = 8;

/// Most bytes in a user id: its length in bits is two bytes of ZA.
pub const MAX_USER_ID: usize = 8191;

/// Bit of the register VerifyCapabilities: recovery of public keys over secp256k1.
pub const CAPABILITY_RECOVER: u32 = 1 << 8;

/// Bytes of one answer to `Verify`: status and verdict.
pub const VERIFY_ANSWER_LEN: u32 = 8;

/// Bytes of one answer to `Recover`: status, verdict and public key.
pub const RECOVER_ANSWER_LEN: u32 = 72;

impl Scheme {
    /// Name as users type it: `secp256k1`, `sm2`, `ed25519`, `p256`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secp256k1 => "secp256k1",
            Self::Sm2 => "sm2",
            Self::Ed25519 => "ed25519",
            Self::P256 => "p256",
        }
    }

    /// Whether `hashing` makes sense for the scheme.
    pub const fn takes(self, hashing: Hashing) -> bool {
        match self {
            Self::Secp256k1 | Self::P256 => matches!(
                hashing,
                Hashing::Digest | Hashing::Sha256 | Hashing::DoubleSha256 | Hashing::Keccak256
            ),
            Self::Sm2 => matches!(hashing, Hashing::Digest | Hashing::Sm3),
            Self::Ed25519 => matches!(hashing, Hashing::Message),
        }
    }
}

impl Profile {
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

    /// Name as users type it: `bitcoin`, `bitcoin-low-s`, `ethereum`, `ethereum-transaction`,
    /// `gm`, `rfc8032`, `zip215`, `strict`, `rip7212`, `fips186`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bitcoin => "bitcoin",
            Self::BitcoinLowS => "bitcoin-low-s",
            Self::Ethereum => "ethereum",
            Self::EthereumTransaction => "ethereum-transaction",
            Self::Gm => "gm",
            Self::Rfc8032 => "rfc8032",
            Self::Zip215 => "zip215",
            Self::Strict => "strict",
            Self::Rip7212 => "rip7212",
            Self::Fips186 => "fips186",
        }
    }

    /// Whether s must be at most n/2.
    pub const fn wants_low_s(self) -> bool {
        matches!(self, Self::BitcoinLowS | Self::EthereumTransaction)
    }
}

impl Hashing {
    /// Name as users type it: `digest`, `sha256`, `double-sha256`, `keccak256`, `sm3`, `message`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Sha256 => "sha256",
            Self::DoubleSha256 => "double-sha256",
            Self::Keccak256 => "keccak256",
            Self::Sm3 => "sm3",
            Self::Message => "message",
        }
    }

    /// The hash function that a device needs for it.
    pub const fn algorithm(self) -> Option<HashAlgorithm> {
        match self {
            Self::Digest => None,
            Self::Sha256 | Self::DoubleSha256 => Some(HashAlgorithm::Sha256),
            Self::Keccak256 => Some(HashAlgorithm::Keccak256),
            Self::Sm3 => Some(HashAlgorithm::Sm3),
            Self::Message => Some(HashAlgorithm::Sha512),
        }
    }
}

/// What a verdict says of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Valid.
    Valid,
    /// Well-formed, and not valid.
    Invalid,
    /// Not a signature, key or message of this scheme at all.
    Malformed,
}

impl Verdict {
    /// Valid, invalid or malformed.
    pub const fn status(self) -> Status {
        match self {
            Self::Valid => Status::Valid,
            Self::Invalid | Self::HighS | Self::SmallOrder => Status::Invalid,
            _ => Status::Malformed,
        }
    }

    /// The verdict as `profile` reports it: RIP-7212 knows valid and invalid only.
    pub const fn under(self, profile: Profile) -> Self {
        match (profile, self) {
            (_, Self::Valid) => Self::Valid,
            (Profile::Rip7212, _) => Self::Invalid,
            _ => self,
        }
    }
}

/// Lowest bit of the profile in [`VerifyParam`].
pub const PARAM_PROFILE: u32 = 4;
/// Lowest bit of the hashing in [`VerifyParam`].
pub const PARAM_HASHING: u32 = 8;

/// Parameter of a request: what is verified, and by which rules.
///
/// Bits 3 ... 0: scheme; 7 ... 4: profile; 11 ... 8: hashing; the rest 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VerifyParam {
    /// Scheme and rules.
    pub profile: Profile,
    /// How e comes about.
    pub hashing: Hashing,
}

impl VerifyParam {
    /// Wire code.
    pub const fn code(self) -> u16 {
        self.profile.scheme().code()
            | self.profile.code() << PARAM_PROFILE
            | self.hashing.code() << PARAM_HASHING
    }

    /// The one with that wire code; `None` for unknown codes and for parts that do not fit
    /// together.
    pub const fn from_code(code: u16) -> Option<Self> {
        let (Some(scheme), Some(profile), Some(hashing)) = (
            Scheme::from_code(code & 15),
            Profile::from_code(code >> PARAM_PROFILE & 15),
            Hashing::from_code(code >> PARAM_HASHING),
        ) else {
            return None;
        };
        if profile.scheme().code() != scheme.code() || !scheme.takes(hashing) {
            return None;
        }
        Some(Self { profile, hashing })
    }
}
