//! Signatures and keys as bytes of any shape.

use super::{Case, Hashing, Key, MAX_USER_ID, Profile, Recovered, Scheme, Verdict, der, judge};

/// How r and s are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// r and s of 32 bytes each.
    Compact,
    /// Strict DER; not for Ed25519.
    Der,
}

/// A signature with its key and message, as a user has them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Raw {
    /// Scheme and rules.
    pub profile: Profile,
    /// How e comes about.
    pub hashing: Hashing,
    /// SM2 with [`Hashing::Sm3`]: the user id.
    pub user_id: Vec<u8>,
    /// How the signature is written.
    pub encoding: Encoding,
    /// Signature; for recovery with one more byte, the id: 0 ... 3, or 27 and 28 for 0 and 1.
    pub signature: Vec<u8>,
    /// Public key; not looked at in recovery.
    pub key: Vec<u8>,
    /// Message or digest.
    pub message: Vec<u8>,
}

impl Raw {
    /// The verdict.
    pub fn verify(&self) -> Verdict {
        match self.case() {
            Ok(case) => judge::verify(&case),
            Err(verdict) => verdict.under(self.profile),
        }
    }

    /// The recovered key.
    pub fn recover(&self) -> Recovered {
        match self.recovery_case() {
            Ok(case) => judge::recover(&case),
            Err(verdict) => Recovered { verdict: verdict.under(self.profile), key: [0; 64] },
        }
    }

    /// The case that it is.
    ///
    /// # Errors
    ///
    /// What is wrong with its shape: signature, then key, then message.
    pub fn case(&self) -> Result<Case, Verdict> {
        let (r, s) = match self.encoding {
            Encoding::Compact => compact(&self.signature)?,
            Encoding::Der => der::parse(&self.signature)?,
        };
        let key = key(self.profile, &self.key)?;
        self.with(r, s, key)
    }

    /// The case of recovery that it is.
    ///
    /// # Errors
    ///
    /// What is wrong with its shape: signature, then id, then message.
    pub fn recovery_case(&self) -> Result<Case, Verdict> {
        let (&id, signature) = self.signature.split_last().ok_or(Verdict::SignatureLength)?;
        let (r, s) = compact(signature)?;
        let id = match id {
            0..=3 => id,
            27 | 28 => id - 27,
            _ => return Err(Verdict::RecoveryId),
        };
        self.with(r, s, Key::Recover(id))
    }

    fn with(&self, r: [u8; 32], s: [u8; 32], key: Key) -> Result<Case, Verdict> {
        if self.hashing == Hashing::Digest && self.message.len() != 32 {
            return Err(Verdict::DigestLength);
        }
        if self.hashing == Hashing::Sm3 && self.user_id.len() > MAX_USER_ID {
            return Err(Verdict::UserIdLength);
        }
        Ok(Case {
            profile: self.profile,
            hashing: self.hashing,
            user_id: self.user_id.clone(),
            r,
            s,
            key,
            message: self.message.clone(),
        })
    }
}

fn compact(signature: &[u8]) -> Result<([u8; 32], [u8; 32]), Verdict> {
    halves(signature).ok_or(Verdict::SignatureLength)
}

fn halves(bytes: &[u8]) -> Option<([u8; 32], [u8; 32])> {
    let (first, second) = bytes.split_at_checked(32)?;
    Some((first.try_into().ok()?, second.try_into().ok()?))
}

/// SEC 1, section 2.3.4; also x and y alone, and hybrid keys where the profile takes them.
fn key(profile: Profile, bytes: &[u8]) -> Result<Key, Verdict> {
    if profile.scheme() == Scheme::Ed25519 {
        return bytes.try_into().map(Key::Edwards).map_err(|_| Verdict::KeyLength);
    }
    if bytes == [0] {
        return Err(Verdict::KeyInfinity);
    }
    if let Some((x, y)) = halves(bytes) {
        return Ok(Key::Point { x, y });
    }
    let Some((prefix, rest)) = bytes.split_first() else { return Err(Verdict::KeyLength) };
    if let Ok(x) = rest.try_into() {
        return match prefix {
            2 => Ok(Key::Compressed { x, odd: false }),
            3 => Ok(Key::Compressed { x, odd: true }),
            _ => Err(Verdict::KeyEncoding),
        };
    }
    let Some((x, y)) = halves(rest) else { return Err(Verdict::KeyLength) };
    match (prefix, y[31] % 2) {
        (4, _) => Ok(Key::Point { x, y }),
        (6, 0) | (7, 1) if profile.takes_hybrid_keys() => Ok(Key::Point { x, y }),
        _ => Err(Verdict::KeyEncoding),
    }
}
