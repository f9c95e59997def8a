//! The five checks of a block.
//!
//! Together they leave no byte of a block's serialisation unchecked: the header is covered by
//! the proof of work, everything in the transactions but the witnesses by the merkle root,
//! the witnesses by the witness commitment, the coinbase's own witness being the reserved
//! value of that commitment. The rest, lengths and flags, is what the parser refuses in any
//! other form.

use bitcoin::block::Block;
use bitcoin::consensus::encode::serialize;
use bitcoin::hashes::Hash;
use bitcoin::params::Params;
use bitcoin::{BlockHash, CompactTarget, Network, Target, Transaction};
use serde::Serialize;

use super::digest::{Digest, Hasher};
use super::merkle;

/// What an output with a witness commitment begins with: OP_RETURN, 36 bytes, header (BIP 141).
const COMMITMENT_HEADER: [u8; 6] = [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed];

/// Bytes in such an output, at least.
const COMMITMENT_LEN: usize = 38;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "bool")]
pub(crate) enum Finding {
    /// As it should be.
    Passed,
    /// There was nothing to check, and that is as it should be.
    NotApplicable(&'static str),
    /// Not as it should be.
    Failed(String),
}

impl Finding {
    pub(crate) fn is_good(&self) -> bool {
        !matches!(self, Self::Failed(_))
    }

    fn of(passed: bool, reason: &str) -> Self {
        if passed { Self::Passed } else { Self::Failed(reason.to_owned()) }
    }
}

impl From<Finding> for bool {
    fn from(finding: Finding) -> Self {
        finding.is_good()
    }
}

/// The checks. In JSON each is true or false; nothing to check is true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Checks {
    /// The header's hash is at most the target that it states, and that is a target of the
    /// network.
    pub(crate) proof_of_work: Finding,
    /// The device's txids are those of the bitcoin crate.
    pub(crate) txids: Finding,
    /// The device's wtxids are those of the bitcoin crate.
    pub(crate) wtxids: Finding,
    /// The header's merkle root is that of the txids, and vouches for just this list.
    pub(crate) merkle_root: Finding,
    /// The coinbase's commitment is that of the wtxids (BIP 141).
    pub(crate) witness_commitment: Finding,
}

impl Checks {
    /// The checks with their names, in order.
    pub(crate) fn all(&self) -> [(&'static str, &Finding); 5] {
        [
            ("proof_of_work", &self.proof_of_work),
            ("txids", &self.txids),
            ("wtxids", &self.wtxids),
            ("merkle_root", &self.merkle_root),
            ("witness_commitment", &self.witness_commitment),
        ]
    }
}

/// What was found about a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// Hash of the header.
    pub(crate) block_hash: BlockHash,
    /// Number of transactions.
    pub(crate) transactions: usize,
    /// Number of their inputs, the coinbase's included.
    pub(crate) inputs: usize,
    /// The checks.
    pub(crate) checks: Checks,
}

/// Bytes that [`check`] hashes, nearly: for a progress bar.
pub(crate) fn work(block: &Block) -> u64 {
    let bytes = |transaction: &Transaction| {
        let full = if has_witness(transaction) { transaction.total_size() + 32 } else { 0 };
        // Each leaf stands for about one node in each of two trees.
        (transaction.base_size() + full + 32 + 2 * 96) as u64
    };
    block.txdata.iter().map(bytes).sum()
}

/// Checks a block of `network`; every digest is made by `hasher`.
///
/// # Errors
/// When no device could answer. A block that is not good is a [`Report`].
pub(crate) fn check(
    block: &Block,
    network: Network,
    hasher: &mut Hasher<'_>,
) -> Result<Report, chaincard::Error> {
    let Ids { block_hash, txids, wtxids } = ids(block, hasher)?;

    let mut leaves = wtxids.clone();
    if let Some(coinbase) = leaves.first_mut() {
        // The coinbase holds the commitment and cannot be part of it.
        *coinbase = [0; 32];
    }
    let commitment = check_commitment(block, &leaves, hasher)?;

    Ok(Report {
        block_hash,
        transactions: block.txdata.len(),
        inputs: block.txdata.iter().map(|transaction| transaction.input.len()).sum(),
        checks: Checks {
            proof_of_work: check_work(block, block_hash, network),
            txids: compare("txid", block, &txids, |transaction| {
                transaction.compute_txid().to_byte_array()
            }),
            wtxids: compare("wtxid", block, &wtxids, |transaction| {
                transaction.compute_wtxid().to_byte_array()
            }),
            merkle_root: check_merkle_root(block, &txids, hasher)?,
            witness_commitment: commitment,
        },
    })
}

/// Digests by the device.
struct Ids {
    block_hash: BlockHash,
    txids: Vec<Digest>,
    wtxids: Vec<Digest>,
}

/// One batch: the header, every transaction without witnesses, and those that have witnesses
/// with them. Without witnesses wtxid and txid are hashes of the same bytes.
fn ids(block: &Block, hasher: &mut Hasher<'_>) -> Result<Ids, chaincard::Error> {
    let mut data = serialize(&block.header);
    let mut ends = vec![data.len()];
    let mut push = |bytes: Vec<u8>| {
        data.extend(bytes);
        ends.push(data.len());
    };
    for transaction in &block.txdata {
        push(serialize_base(transaction));
    }
    for transaction in block.txdata.iter().filter(|transaction| has_witness(transaction)) {
        push(serialize(transaction));
    }
    let digests = hasher.double(&data, &ends)?;
    let (header, digests) = digests.split_first().map_or(([0; 32], &[][..]), |(h, d)| (*h, d));
    let (txids, full) = digests.split_at(block.txdata.len());
    let mut full = full.iter();
    let wtxids = block.txdata.iter().zip(txids).map(|(transaction, txid)| {
        if has_witness(transaction) { full.next().copied().unwrap_or_default() } else { *txid }
    });
    Ok(Ids {
        block_hash: BlockHash::from_byte_array(header),
        wtxids: wtxids.collect(),
        txids: txids.to_vec(),
    })
}

fn has_witness(transaction: &Transaction) -> bool {
    transaction.input.iter().any(|input| !input.witness.is_empty())
}

/// The serialisation that the txid is the hash of (BIP 144: without marker, flag, witnesses).
fn serialize_base(transaction: &Transaction) -> Vec<u8> {
    let mut bytes = serialize(&transaction.version);
    bytes.extend(serialize(&transaction.input));
    bytes.extend(serialize(&transaction.output));
    bytes.extend(serialize(&transaction.lock_time));
    bytes
}

fn check_work(block: &Block, hash: BlockHash, network: Network) -> Finding {
    let bits = block.header.bits;
    let Some(target) = target(bits) else {
        return Finding::Failed(format!("{:#010x} is no target", bits.to_consensus()));
    };
    if target > Params::new(network).max_attainable_target {
        return Finding::Failed(format!("no block of {network} has a target as easy as this"));
    }
    Finding::of(target.is_met_by(hash), "the hash of the header is above its target")
}

/// The target that `bits` stand for; `None` when they are negative, overflow, or are not in
/// the form in which a node writes them.
fn target(bits: CompactTarget) -> Option<Target> {
    let target = Target::from_compact(bits);
    (target != Target::ZERO && target.to_compact_lossy() == bits).then_some(target)
}

fn compare(
    name: &str,
    block: &Block,
    digests: &[Digest],
    expected: impl Fn(&Transaction) -> Digest,
) -> Finding {
    let wrong = block.txdata.iter().zip(digests).position(|(tx, digest)| expected(tx) != *digest);
    match wrong {
        None => Finding::Passed,
        Some(index) => Finding::Failed(format!("the device's {name} of transaction {index}")),
    }
}

fn check_merkle_root(
    block: &Block,
    txids: &[Digest],
    hasher: &mut Hasher<'_>,
) -> Result<Finding, chaincard::Error> {
    let Some(root) = merkle::root(txids, hasher)? else {
        return Ok(Finding::Failed("the block has no transaction".to_owned()));
    };
    if root.digest != block.header.merkle_root.to_byte_array() {
        return Ok(Finding::Failed("the header has another root than the txids".to_owned()));
    }
    if root.ambiguous {
        return Ok(Finding::Failed("transactions are repeated (CVE-2012-2459)".to_owned()));
    }
    // A list of 64-byte transactions may be the inner nodes of another list: the coinbase,
    // which is never one, tells them apart.
    let coinbases = block.txdata.iter().filter(|transaction| transaction.is_coinbase()).count();
    let first = block.txdata.first().is_some_and(Transaction::is_coinbase);
    Ok(Finding::of(first && coinbases == 1, "the first transaction alone must be a coinbase"))
}

fn check_commitment(
    block: &Block,
    leaves: &[Digest],
    hasher: &mut Hasher<'_>,
) -> Result<Finding, chaincard::Error> {
    let Some(coinbase) = block.txdata.first().filter(|first| first.is_coinbase()) else {
        return Ok(Finding::Failed("there is no coinbase to hold it".to_owned()));
    };
    // The last such output counts.
    let commitment = coinbase.output.iter().rev().find_map(|output| {
        let script = output.script_pubkey.as_bytes();
        let fits = script.len() >= COMMITMENT_LEN && script.starts_with(&COMMITMENT_HEADER);
        fits.then(|| &script[COMMITMENT_HEADER.len()..COMMITMENT_LEN])
    });
    let Some(commitment) = commitment else {
        if block.txdata.iter().any(has_witness) {
            return Ok(Finding::Failed("there are witnesses and no commitment".to_owned()));
        }
        return Ok(Finding::NotApplicable("no commitment, and no witness"));
    };
    let witness: Vec<&[u8]> = coinbase.input[0].witness.iter().collect();
    let reserved = match witness.as_slice() {
        [reserved] if reserved.len() == 32 => *reserved,
        _ => {
            let reason = "the coinbase's witness is not one value of 32 bytes";
            return Ok(Finding::Failed(reason.to_owned()));
        }
    };
    let Some(root) = merkle::root(leaves, hasher)? else {
        return Ok(Finding::Failed("the block has no transaction".to_owned()));
    };
    let data = [root.digest.as_slice(), reserved].concat();
    let digests = hasher.double(&data, &[data.len()])?;
    let same = digests.first().is_some_and(|digest| digest == commitment);
    Ok(Finding::of(same, "the coinbase holds another commitment than that of the wtxids"))
}
