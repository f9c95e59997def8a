//! Previous outputs: of the block itself, and of a file.

use std::collections::HashMap;
use std::io::BufRead;

use bitcoin::{Amount, Block, OutPoint, ScriptBuf, TxOut, Txid};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::lines::{self, Line, MAX_LINE};

/// Outputs by where they are.
pub(crate) type Prevouts = HashMap<OutPoint, TxOut>;

/// Why a file of previous outputs cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PrevoutError {
    /// the file cannot be read
    #[error(transparent)]
    Read(#[from] std::io::Error),
    /// a line is too long
    #[error("line {line}: more than {MAX_LINE} bytes")]
    TooLong { line: u64 },
    /// a line is no previous output
    #[error("line {line}: no previous output: {source}")]
    Line { line: u64, source: serde_json::Error },
    /// an output is given twice, in different ways
    #[error("line {line}: {outpoint} is given twice, in different ways")]
    Contradiction { line: u64, outpoint: OutPoint },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "txid")]
    txid: Txid,
    vout: u32,
    value: u64,
    #[serde(deserialize_with = "script")]
    script: Vec<u8>,
}

fn txid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Txid, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

fn script<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    hex::decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// Reads lines of JSON: `{"txid": …, "vout": …, "value": satoshis, "script": hexadecimal}`.
///
/// # Errors
/// [`PrevoutError`].
pub(crate) fn read_prevouts(mut input: impl BufRead) -> Result<Prevouts, PrevoutError> {
    let mut prevouts = Prevouts::new();
    for line in 1.. {
        let bytes = match lines::next(&mut input)? {
            None => break,
            Some(Line::TooLong) => return Err(PrevoutError::TooLong { line }),
            Some(Line::Bytes(bytes)) => bytes,
        };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let row: Row =
            serde_json::from_slice(&bytes).map_err(|source| PrevoutError::Line { line, source })?;
        let outpoint = OutPoint { txid: row.txid, vout: row.vout };
        let script_pubkey = ScriptBuf::from(row.script);
        let output = TxOut { value: Amount::from_sat(row.value), script_pubkey };
        let old = prevouts.insert(outpoint, output.clone());
        if old.is_some_and(|old| old != output) {
            return Err(PrevoutError::Contradiction { line, outpoint });
        }
    }
    Ok(prevouts)
}

/// `given`, and the outputs of the block, which go before them: those are in sight.
pub(super) fn with_block<'a>(
    given: &'a Prevouts,
    block: &'a Block,
) -> HashMap<OutPoint, &'a TxOut> {
    let mut prevouts: HashMap<_, _> =
        given.iter().map(|(place, output)| (*place, output)).collect();
    for transaction in &block.txdata {
        let txid = transaction.compute_txid();
        for (vout, output) in (0..).zip(&transaction.output) {
            prevouts.insert(OutPoint { txid, vout }, output);
        }
    }
    prevouts
}

#[cfg(test)]
mod tests {
    use super::*;

    const TXID: &str = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";

    fn line(value: &str) -> String {
        format!("{{\"txid\": \"{TXID}\", \"vout\": 1, \"value\": {value}, \"script\": \"51ac\"}}\n")
    }

    #[test]
    fn lines_are_outputs() {
        let text = line("7") + "\n  \r\n" + &line("7");
        let prevouts = read_prevouts(text.as_bytes()).expect("outputs");
        let place = OutPoint { txid: TXID.parse().expect("a txid"), vout: 1 };
        let script_pubkey = ScriptBuf::from(vec![0x51, 0xac]);
        let output = TxOut { value: Amount::from_sat(7), script_pubkey };
        assert_eq!(prevouts, Prevouts::from([(place, output)]));
        assert!(read_prevouts(&b""[..]).expect("nothing").is_empty());
    }

    #[test]
    fn bad_lines_are_named() {
        let good = line("7");
        let longest = " ".repeat(MAX_LINE + 1);
        let bad = [
            "{}",
            "[",
            "7",
            "null",
            "\u{fffd}",
            &longest,
            &good[..40],
            &good.replace("51", "5"),
            &good.replace(TXID, "00"),
            &good.replace("value", "values"),
            &line("-1"),
            &line("0.5"),
            &line("18446744073709551616"),
            &line("8"),
        ];
        for bad in bad {
            let text = format!("{good}{bad}\n{good}");
            let error = read_prevouts(text.as_bytes()).expect_err("a bad line").to_string();
            assert!(error.starts_with("line 2: "), "{error}");
        }
        assert!(read_prevouts(&b"\xff\xfe"[..]).is_err());
    }
}
