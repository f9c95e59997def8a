//! Bytes or hexadecimal text → block.

use bitcoin::Block;
use bitcoin::consensus::encode;

/// Most bytes in a block: its weight is at most 4,000,000, and a byte weighs at least 1 (BIP 141).
pub(crate) const MAX_BLOCK: usize = 4_000_000;

/// Why bytes are no block.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ParseError {
    /// more bytes than a block may have
    #[error("{found} bytes, a block has at most {MAX_BLOCK}")]
    TooLong { found: usize },
    /// hexadecimal text with an odd number of digits
    #[error("an odd number of hexadecimal digits")]
    OddDigits,
    /// not the serialisation of a block
    #[error(transparent)]
    Encoding(#[from] encode::Error),
    /// another serialisation than the one that a node writes
    #[error("not serialised as a node does")]
    NotCanonical,
}

/// Reads a block, raw or as hexadecimal text with or without white space.
///
/// # Errors
/// [`ParseError`]; also for bytes behind the block.
pub(crate) fn parse(input: &[u8]) -> Result<Block, ParseError> {
    let decoded = decode_hex(input)?;
    let bytes = decoded.as_deref().unwrap_or(input);
    if bytes.len() > MAX_BLOCK {
        return Err(ParseError::TooLong { found: bytes.len() });
    }
    let block: Block = encode::deserialize(bytes)?;
    // What the parser reads but does not keep would be checked by nothing.
    if encode::serialize(&block) != bytes {
        return Err(ParseError::NotCanonical);
    }
    Ok(block)
}

/// The bytes of hexadecimal text; `None` when the input is something else. A raw block is
/// never taken for text: the last byte of its version would have to be a letter, a digit or
/// white space, and so would all others.
fn decode_hex(input: &[u8]) -> Result<Option<Vec<u8>>, ParseError> {
    if input.is_empty() || !input.iter().all(|&b| b.is_ascii_hexdigit() || b.is_ascii_whitespace())
    {
        return Ok(None);
    }
    let digits: Vec<u8> = input.iter().copied().filter(u8::is_ascii_hexdigit).collect();
    hex::decode(digits).map(Some).map_err(|_| ParseError::OddDigits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_give_the_same_block() {
        let raw = bitcoin_test_data::blocks::mainnet_702861();
        let block = parse(raw).expect("a block");
        let mut text = hex::encode(raw).into_bytes();
        text.insert(1000, b'\n');
        text.push(b'\n');
        assert_eq!(parse(&text).expect("a block"), block);
        text.remove(5);
        assert!(matches!(parse(&text), Err(ParseError::OddDigits)));
    }

    #[test]
    fn bytes_behind_the_block_are_refused() {
        let mut raw = bitcoin_test_data::blocks::mainnet_702861().to_vec();
        raw.push(0);
        assert!(matches!(parse(&raw), Err(ParseError::Encoding(_))));
        assert!(matches!(parse(&vec![0; MAX_BLOCK + 1]), Err(ParseError::TooLong { .. })));
    }
}
