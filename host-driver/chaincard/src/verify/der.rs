//! Strict DER of an ECDSA or SM2 signature, `SEQUENCE { r INTEGER, s INTEGER }`, as BIP 66 has
//! it (there with one more byte behind it, the hash type).

use super::Verdict;

/// Least bytes: two integers of one byte each.
const SHORTEST: usize = 8;

/// Most bytes that BIP 66 allows: two integers of 32 bytes, each with a zero before it.
const LONGEST: usize = 72;

/// Tags of DER.
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

/// r and s of `signature`, big-endian.
///
/// BIP 66 lets one of them be longer than 32 bytes when the other one is shorter. Such a number is
/// beyond the order of every curve here; it is given as 2²⁵⁶ − 1, which is so too.
///
/// # Errors
/// [`Verdict::SignatureLength`] unless there are 8 ... 72 bytes, [`Verdict::SignatureEncoding`]
/// for anything but shortest lengths, non-negative numbers and shortest numbers that fill the
/// sequence.
pub fn parse(signature: &[u8]) -> Result<([u8; 32], [u8; 32]), Verdict> {
    if !(SHORTEST..=LONGEST).contains(&signature.len()) {
        return Err(Verdict::SignatureLength);
    }
    numbers(signature).ok_or(Verdict::SignatureEncoding)
}

fn numbers(signature: &[u8]) -> Option<([u8; 32], [u8; 32])> {
    let (body, []) = element(SEQUENCE, signature)? else { return None };
    let (r, rest) = element(INTEGER, body)?;
    let (s, []) = element(INTEGER, rest)? else { return None };
    Some((number(r)?, number(s)?))
}

/// Content of the element that `bytes` begins with, and what follows it. Within 72 bytes every
/// length is a single byte below 128, so the long form is refused with the wrong ones.
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    match *bytes {
        [found, len, ref rest @ ..] if found == tag => rest.split_at_checked(usize::from(len)),
        _ => None,
    }
}

/// The integer with that content: not empty, not negative, no zero byte that is not needed.
fn number(content: &[u8]) -> Option<[u8; 32]> {
    let digits = match *content {
        [] | [0x80..=0xFF, ..] | [0, 0..=0x7F, ..] => return None,
        [0] => &[],
        [0, ref digits @ ..] => digits,
        ref digits => digits,
    };
    let mut number = [0; 32];
    match number.len().checked_sub(digits.len()) {
        Some(start) => number[start..].copy_from_slice(digits),
        None => number = [0xFF; 32],
    }
    Some(number)
}

/// The strict DER of r and s, big-endian.
pub fn encode(r: &[u8; 32], s: &[u8; 32]) -> Vec<u8> {
    let mut body = Vec::with_capacity(LONGEST);
    for number in [r, s] {
        let zeros = number.iter().take_while(|&&byte| byte == 0).count().min(31);
        let digits = &number[zeros..];
        let sign = usize::from(digits[0] >= 0x80);
        body.extend([INTEGER, (digits.len() + sign) as u8]);
        body.extend(&[0][..sign]);
        body.extend(digits);
    }
    body.splice(..0, [SEQUENCE, body.len() as u8]);
    body
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `IsValidSignatureEncoding` of BIP 66, written after its text; the signature without hash
    /// type.
    fn bip66(sig: &[u8]) -> bool {
        if sig.len() < 8 || sig.len() > 72 || sig[0] != 0x30 || usize::from(sig[1]) != sig.len() - 2
        {
            return false;
        }
        let len_r = usize::from(sig[3]);
        if 5 + len_r >= sig.len() {
            return false;
        }
        let len_s = usize::from(sig[5 + len_r]);
        len_r + len_s + 6 == sig.len()
            && sig[2] == 0x02
            && len_r != 0
            && sig[4] & 0x80 == 0
            && !(len_r > 1 && sig[4] == 0 && sig[5] & 0x80 == 0)
            && sig[len_r + 4] == 0x02
            && len_s != 0
            && sig[len_r + 6] & 0x80 == 0
            && !(len_s > 1 && sig[len_r + 6] == 0 && sig[len_r + 7] & 0x80 == 0)
    }

    fn agrees(signature: &[u8]) {
        match parse(signature) {
            Ok((r, s)) => {
                assert!(bip66(signature), "{signature:02x?}");
                if r != [0xFF; 32] && s != [0xFF; 32] {
                    assert_eq!(encode(&r, &s), signature);
                }
            }
            Err(_) => assert!(!bip66(signature), "{signature:02x?}"),
        }
    }

    #[test]
    fn numbers_beyond_32_bytes_are_out_of_every_range() {
        let mut signature = vec![0x30, 0x26, 0x02, 0x21, 0x01];
        signature.extend([7; 32]);
        signature.extend([0x02, 0x01, 0x05]);
        let (r, s) = parse(&signature).expect("strict");
        assert_eq!((r, s[31]), ([0xFF; 32], 5));
    }

    #[test]
    fn zero_is_a_number_and_padding_is_not() {
        assert_eq!(parse(&[0x30, 6, 2, 1, 0, 2, 1, 0]), Ok(([0; 32], [0; 32])));
        for wrong in [
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1][..],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 1],
            &[0x30, 6, 2, 0, 2, 2, 1, 1],
            &[0x30, 6, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
        ] {
            assert_eq!(parse(wrong), Err(Verdict::SignatureEncoding), "{wrong:02x?}");
        }
        assert_eq!(parse(&[]), Err(Verdict::SignatureLength));
        assert_eq!(parse(&[0x30; 73]), Err(Verdict::SignatureLength));
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_parsed(r: [u8; 32], s: [u8; 32], zeros in 0..33usize) {
            let (mut r, s) = (r, s);
            r[..zeros].fill(0);
            prop_assert_eq!(parse(&encode(&r, &s)), Ok((r, s)));
        }

        #[test]
        fn any_bytes_are_as_bip66_says(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            agrees(&bytes);
        }

        #[test]
        fn damaged_signatures_are_as_bip66_says(
            r: [u8; 32], s: [u8; 32], zeros in 0..33usize, at in 0..72usize, byte: u8, cut in 0..3usize
        ) {
            let mut r = r;
            r[..zeros].fill(0);
            let mut signature = encode(&r, &s);
            let len = signature.len();
            signature[at % len] = byte;
            signature.truncate(len - cut);
            agrees(&signature);
        }

        #[test]
        fn small_structures_are_as_bip66_says(
            bytes in prop::collection::vec(prop::sample::select(vec![0u8, 1, 2, 3, 4, 5, 6, 7, 8, 0x30, 0x80, 0x81]), 8..14)
        ) {
            let mut bytes = bytes;
            bytes[0] = 0x30;
            bytes[1] = bytes.len() as u8 - 2;
            bytes[2] = 2;
            agrees(&bytes);
        }
    }
}
