//! Lines of JSON with a signature each → their bytes.
//!
//! Everything about cryptography is for the device; here only the form of the line is judged.

use serde::Deserialize;
use serde_json::Value;

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    /// Given back with the verdict as it is.
    pub(crate) id: Option<Value>,
    /// What was signed.
    pub(crate) signed: Signed,
    /// Public key; empty when it is to be recovered.
    pub(crate) public_key: Vec<u8>,
    /// Signature.
    pub(crate) signature: Vec<u8>,
    /// User id of SM2.
    pub(crate) user_id: Option<Vec<u8>>,
}

/// What was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    /// A message that is still to be hashed.
    Message(Vec<u8>),
    /// A digest.
    Digest(Vec<u8>),
}

/// What the line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To verify a signature.
    Verify,
    /// To recover a public key.
    Recover,
}

/// Why a line is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineError {
    /// more bytes than a line may have
    #[error("line is too long")]
    TooLong,
    /// not an object of JSON with the members that it should have
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// a string that is not hexadecimal
    #[error("{member} is not hexadecimal: {source}")]
    Hex { member: &'static str, source: hex::FromHexError },
    /// message and digest, or none of them
    #[error("there must be one of message and digest")]
    Signed,
    /// a message where the rules take digests, or the other way round
    #[error("{scheme} with {hashing} takes no {found}")]
    Hashing { scheme: &'static str, hashing: &'static str, found: &'static str },
    /// a user id where none is hashed
    #[error("a user_id is for messages of sm2")]
    UserId,
}

impl LineError {
    /// Name for programs.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Json(_) => "json",
            Self::Hex { .. } => "hex",
            Self::Signed => "signed",
            Self::Hashing { .. } => "hashing",
            Self::UserId => "user_id",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifyRow {
    id: Option<Value>,
    message: Option<String>,
    digest: Option<String>,
    public_key: String,
    signature: String,
    user_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecoverRow {
    id: Option<Value>,
    message: Option<String>,
    digest: Option<String>,
    signature: String,
}

/// Reads a line.
///
/// # Errors
/// [`LineError`].
pub(crate) fn parse(purpose: Purpose, line: &[u8]) -> Result<Record, LineError> {
    match purpose {
        Purpose::Verify => {
            let row: VerifyRow = serde_json::from_slice(line)?;
            Ok(Record {
                id: row.id,
                signed: signed(row.message, row.digest)?,
                public_key: decode("public_key", &row.public_key)?,
                signature: decode("signature", &row.signature)?,
                user_id: row.user_id.map(|id| decode("user_id", &id)).transpose()?,
            })
        }
        Purpose::Recover => {
            let row: RecoverRow = serde_json::from_slice(line)?;
            Ok(Record {
                id: row.id,
                signed: signed(row.message, row.digest)?,
                public_key: Vec::new(),
                signature: decode("signature", &row.signature)?,
                user_id: None,
            })
        }
    }
}

fn signed(message: Option<String>, digest: Option<String>) -> Result<Signed, LineError> {
    match (message, digest) {
        (Some(message), None) => Ok(Signed::Message(decode("message", &message)?)),
        (None, Some(digest)) => Ok(Signed::Digest(decode("digest", &digest)?)),
        _ => Err(LineError::Signed),
    }
}

/// The bytes of hexadecimal text, with or without `0x` in front.
fn decode(member: &'static str, text: &str) -> Result<Vec<u8>, LineError> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    hex::decode(digits).map_err(|source| LineError::Hex { member, source })
}
