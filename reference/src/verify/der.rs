//! DER of an ECDSA signature, as `IsValidSignatureEncoding` of BIP 66 judges it: its statements,
//! in its order, without the byte of the hash type at the end.

use super::Verdict;

/// r and s of `sig`, big-endian. A number of more than 32 bytes, which the other one must be
/// shorter for, is given as 2^256 - 1: like it, that is above every n.
///
/// # Errors
///
/// [`Verdict::SignatureLength`] unless there are 8 ... 72 bytes, else
/// [`Verdict::SignatureEncoding`].
pub fn parse(sig: &[u8]) -> Result<([u8; 32], [u8; 32]), Verdict> {
    // Minimum and maximum size constraints.
    if sig.len() < 8 || sig.len() > 72 {
        return Err(Verdict::SignatureLength);
    }
    if !is_valid_encoding(sig) {
        return Err(Verdict::SignatureEncoding);
    }
    let len_r = usize::from(sig[3]);
    Ok((integer(&sig[4..4 + len_r]), integer(&sig[len_r + 6..])))
}

fn is_valid_encoding(sig: &[u8]) -> bool {
    // A signature is of type 0x30 (compound).
    if sig[0] != 0x30 {
        return false;
    }
    // Make sure the length covers the entire signature.
    if usize::from(sig[1]) != sig.len() - 2 {
        return false;
    }
    // Make sure the length of the S element is still inside the signature.
    let len_r = usize::from(sig[3]);
    if 5 + len_r >= sig.len() {
        return false;
    }
    // Verify that the length of the signature matches the sum of the length of the elements.
    let len_s = usize::from(sig[5 + len_r]);
    if len_r + len_s + 6 != sig.len() {
        return false;
    }
    // Check whether the R element is an integer.
    if sig[2] != 0x02 {
        return false;
    }
    // Zero-length integers are not allowed for R, nor negative numbers, nor null bytes at the
    // start unless R would otherwise be interpreted as a negative number.
    if len_r == 0 || sig[4] & 0x80 != 0 {
        return false;
    }
    if len_r > 1 && sig[4] == 0 && sig[5] & 0x80 == 0 {
        return false;
    }
    // The same for S.
    if sig[len_r + 4] != 0x02 {
        return false;
    }
    if len_s == 0 || sig[len_r + 6] & 0x80 != 0 {
        return false;
    }
    !(len_s > 1 && sig[len_r + 6] == 0 && sig[len_r + 7] & 0x80 == 0)
}

fn integer(content: &[u8]) -> [u8; 32] {
    let content = content.strip_prefix(&[0]).unwrap_or(content);
    let mut number = [0xFF; 32];
    if content.len() <= 32 {
        number.fill(0);
        number[32 - content.len()..].copy_from_slice(content);
    }
    number
}

/// The DER of r and s, big-endian.
pub fn encode(r: &[u8; 32], s: &[u8; 32]) -> Vec<u8> {
    let element = |number: &[u8; 32]| {
        let zeros = number.iter().take_while(|&&byte| byte == 0).count();
        let mut content = number[zeros..].to_vec();
        if content.first().is_none_or(|&byte| byte >= 0x80) {
            content.insert(0, 0);
        }
        [vec![0x02, content.len() as u8], content].concat()
    };
    let body = [element(r), element(s)].concat();
    [vec![0x30, body.len() as u8], body].concat()
}
