//! Checks of transactions: hash, signature, sender.

use chaincard::verify::{SignatureEncoding, Verdict, VerifyBatch};
use chaincard::{BatchError, HashAlgorithm, HashJob, Messages, VerifyJob};
use prost::Message;

use crate::proto::blockchain::raw_transaction::Tx;
use crate::proto::blockchain::{RawTransaction, Witness};
use crate::signature::{HASH_LEN, PLAN, Signature, address, judged};
use crate::status::Status;

/// A transaction in its parts, as far as they are there.
#[derive(Debug)]
struct Parts<'a> {
    encoding: Vec<u8>,
    hash: &'a [u8; HASH_LEN],
    signature: Result<Signature<'a>, Status>,
    sender: &'a [u8],
    /// Whether the sender's address is that of the key.
    is_senders: bool,
}

/// Transactions to check. First come the digests of [`hashes`](Self::hashes), then the verdicts
/// on [`signatures`](Self::signatures), then [`status`](Self::status).
#[derive(Debug)]
pub struct Transactions<'a>(Vec<Result<Parts<'a>, Status>>);

impl<'a> Transactions<'a> {
    /// Takes transactions apart.
    pub fn of(transactions: &'a [RawTransaction]) -> Self {
        Self(transactions.iter().map(parts).collect())
    }

    /// What has to be hashed: of each whole transaction the encoding, then the public key.
    pub fn hashes(&self) -> HashJob {
        let whole = self.0.iter().flatten();
        let messages = whole.flat_map(|parts| {
            let key = parts.signature.as_ref().map_or(&[][..], |signature| signature.key);
            [parts.encoding.as_slice(), key]
        });
        HashJob::collect(HashAlgorithm::Sm3, messages)
    }

    /// Takes the digests of [`hashes`](Self::hashes), and leaves what has to be verified: the
    /// signatures of the transactions that have nothing else against them.
    pub fn compare<'d>(&mut self, mut digests: impl Iterator<Item = &'d [u8]>) {
        for transaction in &mut self.0 {
            let Ok(parts) = transaction else { continue };
            let (Some(hash), Some(key)) = (digests.next(), digests.next()) else {
                *transaction = Err(Status::HashCheckError);
                continue;
            };
            parts.is_senders = address(key) == parts.sender;
            if hash != parts.hash {
                *transaction = Err(Status::HashCheckError);
            } else if let Err(status) = parts.signature {
                *transaction = Err(status);
            }
        }
    }

    /// The signatures to verify, each over its transaction's hash.
    ///
    /// # Errors
    /// None that such a batch can have.
    pub fn signatures(&self) -> Result<VerifyJob, BatchError> {
        let judged = self.judged();
        let messages: Vec<&[u8]> = judged.iter().map(|(hash, _)| &hash[..]).collect();
        let keys: Vec<&[u8]> = judged.iter().map(|(_, signature)| &signature.key[..]).collect();
        let numbers: Vec<&[u8]> =
            judged.iter().map(|(_, signature)| &signature.numbers[..]).collect();
        VerifyJob::of(&VerifyBatch {
            plan: PLAN,
            encoding: SignatureEncoding::Compact,
            messages: Messages::Slices(&messages),
            public_keys: Messages::Slices(&keys),
            signatures: Messages::Slices(&numbers),
        })
    }

    fn judged(&self) -> Vec<(&'a [u8; HASH_LEN], Signature<'a>)> {
        let whole = self.0.iter().flatten();
        whole.filter_map(|parts| Some((parts.hash, parts.signature.ok()?))).collect()
    }

    /// The status of the whole: that of the first transaction that is not right.
    pub fn status(&self, verdicts: &[Verdict]) -> Status {
        let mut verdicts = verdicts.iter();
        let check = |transaction: &Result<Parts<'_>, Status>| {
            let parts = transaction.as_ref().map_err(|status| *status)?;
            judged(*verdicts.next().unwrap_or(&Verdict::Invalid))?;
            if parts.is_senders { Ok(()) } else { Err(Status::SigCheckError) }
        };
        self.0.iter().map(check).find_map(Result::err).unwrap_or(Status::Success)
    }
}

fn parts(transaction: &RawTransaction) -> Result<Parts<'_>, Status> {
    let (encoding, hash, witness) = match &transaction.tx {
        None => return Err(Status::NoneRawTx),
        Some(Tx::NormalTx(normal)) => {
            let witness = normal.witness.as_ref().ok_or(Status::NoneWitness)?;
            let body = normal.transaction.as_ref().ok_or(Status::NoneTransaction)?;
            (body.encode_to_vec(), &normal.transaction_hash, witness)
        }
        Some(Tx::UtxoTx(utxo)) => {
            let [witness] = utxo.witnesses.as_slice() else { return Err(Status::InvalidWitness) };
            let body = utxo.transaction.as_ref().ok_or(Status::NoneUtxo)?;
            (body.encode_to_vec(), &utxo.transaction_hash, witness)
        }
    };
    let hash = hash.as_slice().try_into().map_err(|_| Status::HashLenError)?;
    let Witness { signature, sender } = witness;
    Ok(Parts { encoding, hash, signature: Signature::of(signature), sender, is_senders: false })
}
