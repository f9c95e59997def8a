//! Rules of verification from C.

use chaincard::verify::{DEFAULT_USER_ID, Hashing, Plan, Profile, SignatureEncoding};

use crate::bytes;
use crate::status::{ChaincardStatus, Failure};

/// Rules of verification; each belongs to one scheme. A value keeps its meaning in all versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ChaincardProfile {
    /// secp256k1 as Bitcoin's consensus has it: both halves of s, hybrid keys.
    Bitcoin = 0,
    /// As `Bitcoin`, with low s (BIP 146).
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

/// What stands before the signed number. A value keeps its meaning in all versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ChaincardHashing {
    /// Messages are digests of 32 bytes (for SM2: e). Not for Ed25519.
    Digest = 0,
    /// SHA-256 of the message: secp256k1 and P-256.
    Sha256 = 1,
    /// SHA-256 of SHA-256 of the message: secp256k1 and P-256.
    DoubleSha256 = 2,
    /// Keccak-256 of the message: secp256k1 and P-256.
    Keccak256 = 3,
    /// SM3 of Z_A, which is made of the user id and the key, and the message: SM2.
    Sm3 = 4,
    /// The message, hashed as the scheme has it: Ed25519.
    Message = 5,
}

/// How signatures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ChaincardEncoding {
    /// r and s (Ed25519: R and S), 32 bytes each.
    Compact = 0,
    /// Strict DER, as BIP 66 has it without the hash type. Not for Ed25519.
    Der = 1,
}

/// Verdict on one signature. A value keeps its meaning in all versions. Below 8 the signature is
/// well-formed; from 8 on it, its key or its message is malformed. The first rule that fails
/// decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ChaincardVerdict {
    /// The equation does not hold; with `Rip7212` also whatever else is wrong. Recovery: no such
    /// point, or infinity.
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
    /// User id of more than 8,191 bytes.
    UserIdLength = 25,
}

/// What is verified, and by which rules.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ChaincardPlan {
    /// A `ChaincardProfile`; it says the scheme as well.
    pub profile: u32,
    /// A `ChaincardHashing` that the scheme takes.
    pub hashing: u32,
    /// A `ChaincardEncoding` that the scheme has; not looked at by recovery.
    pub encoding: u32,
    /// User id of SM2 with hashing `Sm3`, otherwise not used; NULL with 0 bytes:
    /// "1234567812345678" (GM/T 0009).
    pub user_id: *const u8,
    /// Bytes in the user id.
    pub user_id_len: usize,
}

impl ChaincardPlan {
    /// The plan that it is.
    ///
    /// # Safety
    /// `user_id` is NULL or points to `user_id_len` bytes that live for `'a`.
    pub(crate) unsafe fn plan<'a>(&self) -> Result<Plan<'a>, Failure> {
        let find = |number: u32| u16::try_from(number).ok();
        let profile = find(self.profile).and_then(Profile::from_code);
        let profile = profile.ok_or_else(|| unknown("profile", self.profile))?;
        let hashing = find(self.hashing).and_then(Hashing::from_code);
        let hashing = hashing.ok_or_else(|| unknown("hashing", self.hashing))?;
        let user_id = if self.user_id.is_null() && self.user_id_len == 0 {
            DEFAULT_USER_ID
        } else {
            // SAFETY: the caller vouches for the bytes.
            unsafe { bytes(self.user_id, self.user_id_len, "user_id") }?
        };
        Ok(Plan { profile, hashing, user_id })
    }

    pub(crate) fn encoding(&self) -> Result<SignatureEncoding, Failure> {
        match self.encoding {
            0 => Ok(SignatureEncoding::Compact),
            1 => Ok(SignatureEncoding::Der),
            number => Err(unknown("encoding", number)),
        }
    }
}

fn unknown(what: &str, number: u32) -> Failure {
    Failure::new(ChaincardStatus::Algorithm, format!("there is no {what} {number}"))
}
