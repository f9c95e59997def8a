//! All claims of a block as one batch to the device, and its verdicts as findings on inputs.

use std::collections::{BTreeMap, HashMap};

use bitcoin::params::Params;
use bitcoin::{Block, Network, OutPoint};
use chaincard::verify::{SignatureEncoding, VerifyBatch};
use chaincard::{Hashing, Messages, Plan, Profile, Verdict};

use super::prevouts::{Prevouts, with_block};
use super::script::Pairing;
use super::sighash::Sighashes;
use super::spend::{Reason, Spend, spend};
use crate::block::digest::Digest;

/// What was found about the signatures of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// All that it needs are valid.
    Valid,
    /// Not, and why.
    Invalid(String),
    /// Nothing.
    Unchecked(Reason),
}

/// What was found about the signatures of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signatures {
    /// Each input in order; its transaction and its number there.
    pub(crate) inputs: Vec<(OutPoint, Found)>,
    /// Pairs of signature and key that the device judged.
    pub(crate) pairs: usize,
}

impl Signatures {
    /// Number of inputs whose signatures are valid.
    pub(crate) fn valid(&self) -> usize {
        self.inputs.iter().filter(|(_, found)| *found == Found::Valid).count()
    }

    /// Inputs whose signatures are not valid, and why.
    pub(crate) fn invalid(&self) -> impl Iterator<Item = (OutPoint, &str)> {
        self.inputs.iter().filter_map(|(input, found)| match found {
            Found::Invalid(why) => Some((*input, why.as_str())),
            _ => None,
        })
    }

    /// How many inputs were not checked, for each reason.
    pub(crate) fn unchecked(&self) -> BTreeMap<Reason, usize> {
        let mut counts = BTreeMap::new();
        for (_, found) in &self.inputs {
            if let Found::Unchecked(reason) = found {
                *counts.entry(*reason).or_default() += 1;
            }
        }
        counts
    }
}

/// How many of the inputs that can be checked are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// So many, the first ones.
    pub(crate) inputs: usize,
    /// Why not the others.
    pub(crate) reason: Reason,
}

/// Checks the signatures of a block of `network`; `judge` gives the verdicts on a batch.
///
/// # Errors
/// Those of `judge`. Signatures that are not valid are no error.
pub(crate) fn verify<E>(
    block: &Block,
    network: Network,
    given: &Prevouts,
    limit: Limit,
    judge: impl FnOnce(&VerifyBatch<'_>) -> Result<Vec<Verdict>, E>,
) -> Result<Signatures, E> {
    let prevouts = with_block(given, block);
    let lax = allows_lax_encoding(block, network);
    let mut batch = Batch::default();
    let mut inputs = Vec::new();
    for transaction in &block.txdata {
        let txid = transaction.compute_txid();
        let mut sighashes = Sighashes::new(transaction);
        for (vin, input) in transaction.input.iter().enumerate() {
            let found = match spend(input, prevouts.get(&input.previous_output).copied()) {
                Spend::Unchecked(reason) => Found::Unchecked(reason),
                Spend::Wrong(why) => Found::Invalid(why.to_owned()),
                Spend::Claim(..) if batch.claims.len() >= limit.inputs => {
                    Found::Unchecked(limit.reason)
                }
                Spend::Claim(pairing, signed) => {
                    let digest = |hash_type| sighashes.digest(vin, &signed, hash_type);
                    batch.push(inputs.len(), pairing, digest);
                    // Unless the verdicts say otherwise.
                    Found::Valid
                }
            };
            inputs.push((OutPoint { txid, vout: vin as u32 }, found));
        }
    }
    let verdicts = batch.judge(judge)?;
    for claim in &batch.claims {
        if let Some(found) = claim.fault(&verdicts, lax) {
            inputs[claim.input].1 = found;
        }
    }
    Ok(Signatures { inputs, pairs: batch.signatures.len() })
}

/// Whether signatures of the block need not be strict DER: it says that it is from before BIP 66.
fn allows_lax_encoding(block: &Block, network: Network) -> bool {
    let height = block.bip34_block_height().unwrap_or(0);
    height < u64::from(Params::new(network).bip66_height)
}

/// Everything that the device is to judge.
#[derive(Default)]
struct Batch<'a> {
    digests: Vec<u8>,
    keys: Vec<&'a [u8]>,
    signatures: Vec<&'a [u8]>,
    claims: Vec<Claim<'a>>,
}

/// An input, and where its pairs are in the batch.
struct Claim<'a> {
    input: usize,
    pairing: Pairing<'a>,
    places: HashMap<(usize, usize), usize>,
}

impl<'a> Batch<'a> {
    /// Adds the pairs of an input. A pair of what is no key or no signature at all is not added.
    fn push(
        &mut self,
        input: usize,
        pairing: Pairing<'a>,
        mut digest: impl FnMut(u8) -> Option<Digest>,
    ) {
        let mut digests: HashMap<u8, Option<Digest>> = HashMap::new();
        let mut places = HashMap::new();
        for (i, j) in pairing.places() {
            let (Some((&hash_type, signature)), Some(&key)) =
                (pairing.signatures[i].split_last(), pairing.keys.get(j))
            else {
                continue;
            };
            // Keys without their first byte are no keys of Bitcoin.
            if ![33, 65].contains(&key.len()) {
                continue;
            }
            let digest = *digests.entry(hash_type).or_insert_with(|| digest(hash_type));
            let Some(digest) = digest else { continue };
            places.insert((i, j), self.signatures.len());
            self.digests.extend(digest);
            self.keys.push(key);
            self.signatures.push(signature);
        }
        self.claims.push(Claim { input, pairing, places });
    }

    fn judge<E>(
        &self,
        judge: impl FnOnce(&VerifyBatch<'_>) -> Result<Vec<Verdict>, E>,
    ) -> Result<Vec<Verdict>, E> {
        let count = self.signatures.len();
        if count == 0 {
            return Ok(Vec::new());
        }
        judge(&VerifyBatch {
            plan: Plan::new(Profile::Bitcoin, Hashing::Digest),
            encoding: SignatureEncoding::Der,
            messages: Messages::Rows { data: &self.digests, len: 32, count },
            public_keys: Messages::Slices(&self.keys),
            signatures: Messages::Slices(&self.signatures),
        })
    }
}

impl Claim<'_> {
    /// What is wrong with the input, going by the verdicts on the whole batch.
    fn fault(&self, verdicts: &[Verdict], lax: bool) -> Option<Found> {
        let verdict = |i, j| self.places.get(&(i, j)).and_then(|&place| verdicts.get(place));
        if self.pairing.holds(|i, j| verdict(i, j) == Some(&Verdict::Valid)) {
            return None;
        }
        let malformed = |found: &Verdict| {
            matches!(found, Verdict::SignatureEncoding | Verdict::SignatureLength)
        };
        if lax && self.pairing.places().filter_map(|(i, j)| verdict(i, j)).any(malformed) {
            return Some(Found::Unchecked(Reason::LaxEncoding));
        }
        let why = match (self.pairing.signatures.len(), self.pairing.keys.len()) {
            (1, 1) => match verdict(0, 0) {
                Some(verdict) => verdict.description().trim_end_matches('.').to_owned(),
                None => "signature or key is empty or of a wrong length".to_owned(),
            },
            (m, n) => format!("the {m} signatures do not match keys of the {n}, in their order"),
        };
        Some(Found::Invalid(why))
    }
}
