//! The node's private key.

use std::path::{Path, PathBuf};

use sm2::dsa::signature::Signer;
use sm2::dsa::{Signature, SigningKey};
use sm2::elliptic_curve::sec1::ToSec1Point;

use crate::signature::SIGNATURE_LEN;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// file cannot be read
    #[error("{}: cannot read the private key; check path and permissions: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// file holds no key
    #[error("{}: no private key; write 64 hexadecimal digits, a number from 1 to n - 2", path.display())]
    Key {
        /// The file.
        path: PathBuf,
    },
}

/// A private key, which is never shown.
pub struct PrivateKey {
    key: SigningKey,
    /// x, y.
    public_key: [u8; 64],
}

impl PrivateKey {
    /// Reads a file with 64 hexadecimal digits, as `crypto_sm` has it; `0x` may stand before.
    ///
    /// # Errors
    /// [`KeyError`], without any of the file's content.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| KeyError::Read { path: path.to_owned(), source })?;
        Self::parse(&text).ok_or_else(|| KeyError::Key { path: path.to_owned() })
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
        let (pairs, []) = digits.as_chunks::<2>() else { return None };
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let byte = |&[high, low]: &[u8; 2]| Some((digit(high)? << 4 | digit(low)?) as u8);
        let bytes: [u8; 32] =
            pairs.iter().map(byte).collect::<Option<Vec<u8>>>()?.try_into().ok()?;
        Self::from_bytes(&bytes)
    }

    /// The key of a big-endian number, if that is in range.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let user_id = std::str::from_utf8(chaincard::verify::DEFAULT_USER_ID).ok()?;
        let key = SigningKey::from_slice(user_id, bytes).ok()?;
        let point = key.verifying_key().as_affine().to_sec1_point(false);
        let public_key = point.as_bytes().get(1..)?.try_into().ok()?;
        Some(Self { key, public_key })
    }

    /// x, y of the public key, big-endian.
    pub fn public_key(&self) -> &[u8; 64] {
        &self.public_key
    }

    /// r ‖ s ‖ x ‖ y; `None` when signing fails.
    pub fn sign(&self, message: &[u8]) -> Option<[u8; SIGNATURE_LEN]> {
        let signature: Signature = self.key.try_sign(message).ok()?;
        let mut bytes = [0; SIGNATURE_LEN];
        bytes[..64].copy_from_slice(&signature.to_bytes());
        bytes[64..].copy_from_slice(&self.public_key);
        Some(bytes)
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key() {
        let digits = "11".repeat(32);
        assert!(PrivateKey::parse(&digits).is_some());
        assert!(PrivateKey::parse(&format!(" 0x{digits}\n")).is_some());
        for text in ["", "11", &"0".repeat(64), &"f".repeat(64), &"g1".repeat(32), &"é".repeat(32)]
        {
            assert!(PrivateKey::parse(text).is_none(), "{text}");
        }
        assert!(!format!("{:?}", PrivateKey::parse(&digits)).contains("11"));
    }
}
