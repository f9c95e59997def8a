//! Batches of signatures in the shape in which the caller has them.

use super::front::{SignatureEncoding, recover_item, verify_item};
use super::{Item, Plan, Scheme, Verdict};
use crate::hash::{Messages, MessagesError};

/// Signatures to verify, each with its key and message: the three batches are equally long.
///
/// ```
/// use chaincard::verify::{Hashing, Plan, Profile, SignatureEncoding, Verdict, VerifyBatch};
/// use chaincard::Messages;
///
/// let batch = VerifyBatch {
///     plan: Plan::new(Profile::Ethereum, Hashing::Keccak256),
///     encoding: SignatureEncoding::Compact,
///     messages: Messages::Slices(&[b"a transfer"]),
///     public_keys: Messages::Slices(&[&[2; 33]]),
///     signatures: Messages::Slices(&[&[1; 63]]),
/// };
/// assert_eq!(batch.parse()?, [Err(Verdict::SignatureLength)]);
/// # Ok::<(), chaincard::verify::BatchError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct VerifyBatch<'a> {
    /// What is verified, and by which rules.
    pub plan: Plan<'a>,
    /// How the signatures are written.
    pub encoding: SignatureEncoding,
    /// Messages, or digests of 32 bytes when the plan says [`Hashing::Digest`](super::Hashing::Digest).
    pub messages: Messages<'a>,
    /// Public keys, see [`front::key`](super::front::key).
    pub public_keys: Messages<'a>,
    /// Signatures.
    pub signatures: Messages<'a>,
}

/// Signatures whose public keys are to be recovered.
#[derive(Clone, Copy, Debug)]
pub struct RecoverBatch<'a> {
    /// Rules; a profile of secp256k1.
    pub plan: Plan<'a>,
    /// Messages, or digests of 32 bytes when the plan says [`Hashing::Digest`](super::Hashing::Digest).
    pub messages: Messages<'a>,
    /// r, s and recovery id, 65 bytes each; without the id when `ids` has them.
    pub signatures: Messages<'a>,
    /// Recovery ids, 0 ... 3 or 27 and 28, where they are apart from the signatures.
    pub ids: Option<&'a [u8]>,
}

impl<'a> VerifyBatch<'a> {
    /// Each item, or the verdict on its shape, in order.
    ///
    /// # Errors
    /// What is wrong with the batch as a whole.
    pub fn parse(&self) -> Result<Vec<Result<Item<'a>, Verdict>>, BatchError> {
        self.check()?;
        let parts = self.messages.iter().zip(self.public_keys.iter()).zip(self.signatures.iter());
        Ok(parts
            .map(|((message, key), signature)| {
                verify_item(&self.plan, self.encoding, message, key, signature)
            })
            .collect())
    }

    /// Number of signatures.
    pub fn len(&self) -> usize {
        self.signatures.len()
    }

    /// Whether there is no signature.
    pub fn is_empty(&self) -> bool {
        self.signatures.is_empty()
    }

    /// Checks the batch as a whole.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), BatchError> {
        self.plan.check()?;
        let scheme = self.plan.profile.scheme();
        if !self.encoding.fits(scheme) {
            return Err(BatchError::Encoding {
                encoding: self.encoding.name(),
                scheme: scheme.name(),
            });
        }
        self.messages.check()?;
        self.public_keys.check()?;
        self.signatures.check()?;
        check_count("messages", self.messages.len(), self.len())?;
        check_count("public keys", self.public_keys.len(), self.len())
    }
}

impl<'a> RecoverBatch<'a> {
    /// Each item, or the verdict on its shape, in order.
    ///
    /// # Errors
    /// What is wrong with the batch as a whole.
    pub fn parse(&self) -> Result<Vec<Result<Item<'a>, Verdict>>, BatchError> {
        self.check()?;
        let parts = self.messages.iter().zip(self.signatures.iter()).enumerate();
        Ok(parts
            .map(|(index, (message, signature))| {
                recover_item(&self.plan, message, signature, self.ids.map(|ids| ids[index]))
            })
            .collect())
    }

    /// Number of signatures.
    pub fn len(&self) -> usize {
        self.signatures.len()
    }

    /// Whether there is no signature.
    pub fn is_empty(&self) -> bool {
        self.signatures.is_empty()
    }

    /// Checks the batch as a whole.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), BatchError> {
        self.plan.check_recover()?;
        self.messages.check()?;
        self.signatures.check()?;
        check_count("messages", self.messages.len(), self.len())?;
        match self.ids {
            Some(ids) => check_count("recovery ids", ids.len(), self.len()),
            None => Ok(()),
        }
    }
}

impl Plan<'_> {
    /// Checks that hashing and scheme fit together.
    ///
    /// # Errors
    /// [`BatchError::Hashing`].
    pub fn check(&self) -> Result<(), BatchError> {
        let Self { profile, hashing, .. } = *self;
        if profile.scheme().takes(hashing) {
            Ok(())
        } else {
            Err(BatchError::Hashing { hashing: hashing.name(), scheme: profile.scheme().name() })
        }
    }

    /// Checks that the plan is one for recovery.
    ///
    /// # Errors
    /// [`BatchError::Recovery`] for another scheme than secp256k1, [`BatchError::Hashing`].
    pub fn check_recover(&self) -> Result<(), BatchError> {
        match self.profile.scheme() {
            Scheme::Secp256k1 => self.check(),
            scheme => Err(BatchError::Recovery { scheme: scheme.name() }),
        }
    }
}

fn check_count(part: &'static str, found: usize, signatures: usize) -> Result<(), BatchError> {
    if found == signatures { Ok(()) } else { Err(BatchError::Count { part, found, signatures }) }
}

/// Why a batch of signatures is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// hashing does not belong to the scheme
    #[error("{scheme} does not take {hashing}")]
    Hashing {
        /// Hashing asked for.
        hashing: &'static str,
        /// Scheme.
        scheme: &'static str,
    },
    /// signatures of the scheme are not written so
    #[error("signatures of {scheme} have no encoding {encoding}")]
    Encoding {
        /// Encoding asked for.
        encoding: &'static str,
        /// Scheme.
        scheme: &'static str,
    },
    /// scheme has no recovery
    #[error("{scheme} does not recover public keys")]
    Recovery {
        /// Scheme.
        scheme: &'static str,
    },
    /// parts are not equally many
    #[error("{found} {part} for {signatures} signatures")]
    Count {
        /// What there are too many or too few of.
        part: &'static str,
        /// How many there are.
        found: usize,
        /// Signatures.
        signatures: usize,
    },
    /// messages, keys or signatures do not lie in their buffers
    #[error("batch is malformed")]
    Messages(#[from] MessagesError),
}

#[cfg(test)]
mod tests {
    use super::super::{Hashing, Profile};
    use super::*;

    const NONE: Messages<'static> = Messages::Slices(&[]);
    const ONE: Messages<'static> = Messages::Slices(&[&[1; 32]]);

    fn verify(profile: Profile, hashing: Hashing) -> VerifyBatch<'static> {
        VerifyBatch {
            plan: Plan::new(profile, hashing),
            encoding: SignatureEncoding::Compact,
            messages: ONE,
            public_keys: ONE,
            signatures: Messages::Slices(&[&[1; 64]]),
        }
    }

    #[test]
    fn a_batch_that_makes_no_sense_is_an_error() {
        let batch = verify(Profile::Strict, Hashing::Message);
        assert_eq!(batch.parse().map(|items| items.len()), Ok(1));
        let wrong = [
            VerifyBatch { messages: NONE, ..batch },
            VerifyBatch { public_keys: NONE, ..batch },
            VerifyBatch { signatures: NONE, ..batch },
            VerifyBatch { encoding: SignatureEncoding::Der, ..batch },
            VerifyBatch { messages: Messages::Rows { data: &[1], len: 2, count: 1 }, ..batch },
            verify(Profile::Strict, Hashing::Sha256),
            verify(Profile::Gm, Hashing::Sha256),
        ];
        for batch in wrong {
            assert!(batch.parse().is_err(), "{batch:?}");
        }
    }

    #[test]
    fn only_secp256k1_recovers() {
        let batch = |profile, ids| RecoverBatch {
            plan: Plan::new(profile, Hashing::Digest),
            messages: ONE,
            signatures: Messages::Slices(&[&[1; 65]]),
            ids,
        };
        assert_eq!(batch(Profile::Bitcoin, None).parse().map(|items| items.len()), Ok(1));
        assert!(batch(Profile::Gm, None).parse().is_err());
        assert!(batch(Profile::Bitcoin, Some(&[0, 1])).parse().is_err());
    }
}
