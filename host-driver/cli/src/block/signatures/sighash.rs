//! What a signature signs.

use bitcoin::Transaction;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::sighash::{EcdsaSighashType, SighashCache};

use super::spend::Signed;
use crate::block::digest::Digest;

/// Digests of one transaction's inputs.
pub(super) struct Sighashes<'a> {
    cache: SighashCache<&'a Transaction>,
}

impl<'a> Sighashes<'a> {
    pub(super) fn new(transaction: &'a Transaction) -> Self {
        Self { cache: SighashCache::new(transaction) }
    }

    /// The digest that a signature of input `index` with this hash type signs; `None` when there
    /// is no such input. Any byte is a hash type, and is signed as it is.
    pub(super) fn digest(
        &mut self,
        index: usize,
        signed: &Signed<'_>,
        hash_type: u8,
    ) -> Option<Digest> {
        let raw = u32::from(hash_type);
        match signed {
            Signed::Base(script) => {
                let hash = self.cache.legacy_signature_hash(index, script, raw).ok()?;
                Some(hash.to_byte_array())
            }
            Signed::Witness(script, value) => {
                let mut data = Vec::new();
                let kind = EcdsaSighashType::from_consensus(raw);
                self.cache
                    .segwit_v0_encode_signing_data_to(&mut data, index, script, *value, kind)
                    .ok()?;
                // The bitcoin crate writes the type that the byte stands for.
                let end = data.len().checked_sub(4)?;
                data[end..].copy_from_slice(&raw.to_le_bytes());
                Some(sha256d::Hash::hash(&data).to_byte_array())
            }
        }
    }
}
