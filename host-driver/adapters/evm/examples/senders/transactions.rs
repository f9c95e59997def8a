//! Senders of mainnet transactions.

use std::error::Error;

use alloy_consensus::TxEnvelope;
use alloy_consensus::transaction::SignerRecoverable;
use alloy_eips::Decodable2718;
use alloy_primitives::{Address, B256, hex, keccak256};

/// See the file's first lines.
const TRANSACTIONS: &str = include_str!("transactions.txt");

/// Recovers the sender of each, and compares it with the known one.
pub(crate) fn recover(say: &mut impl FnMut(String, bool)) -> Result<(), Box<dyn Error>> {
    for line in TRANSACTIONS.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split(' ').collect();
        let [name, hash, sender, raw] = fields[..] else { return Err("transactions.txt".into()) };
        let (hash, sender): (B256, Address) = (hash.parse()?, sender.parse()?);
        let raw = hex::decode(raw)?;
        let transaction = TxEnvelope::decode_2718_exact(&raw)?;
        // Only bytes that hash to the known hash are the ones of the mainnet.
        let is_real = keccak256(&raw) == hash && *transaction.tx_hash() == hash;
        let found = transaction.recover_signer()?;
        say(format!("{name:<8} {hash} from {found}"), is_real && found == sender);
    }
    Ok(())
}
