//! The strict front: from the bytes that users have to [`Item`]s, or to a verdict on their shape.
//!
//! What needs arithmetic is left to the device. Of several wrong shapes the first one counts, in
//! this order: length, then encoding of the signature; length, then encoding of the key; key at
//! infinity; length of the digest or of the user id.

use super::{Hashing, Item, Key, Plan, Profile, Scheme, Verdict, der};
use chaincard_protocol::verify::MAX_USER_ID;

/// How r and s are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SignatureEncoding {
    /// r, then s, 32 bytes each: big-endian; Ed25519: R, then S, as RFC 8032 has them.
    #[default]
    Compact,
    /// Strict DER (BIP 66), not for Ed25519.
    Der,
}

impl SignatureEncoding {
    /// Name as users type it: `compact`, `der`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Der => "der",
        }
    }

    /// Whether signatures of `scheme` can be written so.
    pub const fn fits(self, scheme: Scheme) -> bool {
        !matches!((self, scheme), (Self::Der, Scheme::Ed25519))
    }
}

/// One signature with its key and message, as bytes.
///
/// # Errors
/// The verdict on the first wrong shape, as the profile reports it.
pub fn verify_item<'a>(
    plan: &Plan<'_>,
    encoding: SignatureEncoding,
    message: &'a [u8],
    public_key: &[u8],
    signature: &[u8],
) -> Result<Item<'a>, Verdict> {
    let shape = || {
        let (r, s) = match encoding {
            SignatureEncoding::Compact => compact(signature)?,
            SignatureEncoding::Der => der::parse(signature)?,
        };
        let key = key(plan.profile, public_key)?;
        check_message(plan, message)?;
        Ok(Item { r, s, key, message })
    };
    shape().map_err(|verdict: Verdict| verdict.under(plan.profile))
}

/// One signature whose key is to be recovered: r, s and the recovery id, 65 bytes, or 64 bytes
/// and the `id` apart.
///
/// # Errors
/// As [`verify_item`].
pub fn recover_item<'a>(
    plan: &Plan<'_>,
    message: &'a [u8],
    signature: &[u8],
    id: Option<u8>,
) -> Result<Item<'a>, Verdict> {
    let (numbers, id) = match (id, signature) {
        (Some(id), numbers) => (numbers, id),
        (None, [numbers @ .., id]) => (numbers, *id),
        (None, []) => return Err(Verdict::SignatureLength),
    };
    let (r, s) = compact(numbers)?;
    let key = Key::Recover(recovery_id(id)?);
    check_message(plan, message)?;
    Ok(Item { r, s, key, message })
}

/// r and s of 64 bytes.
///
/// # Errors
/// [`Verdict::SignatureLength`].
pub fn compact(signature: &[u8]) -> Result<([u8; 32], [u8; 32]), Verdict> {
    match signature.as_chunks::<32>() {
        ([r, s], []) => Ok((*r, *s)),
        _ => Err(Verdict::SignatureLength),
    }
}

/// Recovery id 0 ... 3, from itself or from Ethereum's 27 and 28.
///
/// # Errors
/// [`Verdict::RecoveryId`] for any other number.
pub fn recovery_id(id: u8) -> Result<u8, Verdict> {
    match id {
        0..=3 => Ok(id),
        27 | 28 => Ok(id - 27),
        _ => Err(Verdict::RecoveryId),
    }
}

/// Public key for `profile`. Ed25519: 32 bytes. Otherwise SEC 1 section 2.3.4, compressed (33
/// bytes) or not (65), or bare x and y (64); `bitcoin` and `bitcoin-low-s` also take the hybrid
/// form, 65 bytes that begin with 6 or 7 as y is even or odd.
///
/// # Errors
/// [`Verdict::KeyLength`], [`Verdict::KeyEncoding`] for another first byte, or
/// [`Verdict::KeyInfinity`] for the single byte 0.
pub fn key(profile: Profile, key: &[u8]) -> Result<Key, Verdict> {
    if profile.scheme() == Scheme::Ed25519 {
        return key.try_into().map(Key::Edwards).map_err(|_| Verdict::KeyLength);
    }
    let (prefix, coordinates) = match (key, key.len()) {
        ([0], _) => return Err(Verdict::KeyInfinity),
        ([prefix, coordinates @ ..], 33 | 65) => (*prefix, coordinates),
        (coordinates, 64) => (4, coordinates),
        _ => return Err(Verdict::KeyLength),
    };
    let hybrid = matches!(profile, Profile::Bitcoin | Profile::BitcoinLowS);
    match (prefix, coordinates.as_chunks::<32>().0) {
        (2 | 3, &[x]) => Ok(Key::Compressed { x, odd: prefix == 3 }),
        (4, &[x, y]) => Ok(Key::Point { x, y }),
        (6 | 7, &[x, y]) if hybrid && y[31] & 1 == prefix & 1 => Ok(Key::Point { x, y }),
        _ => Err(Verdict::KeyEncoding),
    }
}

/// Length of the digest, or of the user id.
fn check_message(plan: &Plan<'_>, message: &[u8]) -> Result<(), Verdict> {
    match plan.hashing {
        Hashing::Digest if message.len() != 32 => Err(Verdict::DigestLength),
        Hashing::Sm3 if plan.user_id.len() > MAX_USER_ID => Err(Verdict::UserIdLength),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plan(profile: Profile, hashing: Hashing) -> Plan<'static> {
        Plan { profile, hashing, user_id: super::super::DEFAULT_USER_ID }
    }

    fn prefixed(prefix: u8, len: usize, last: u8) -> Vec<u8> {
        let mut key = vec![9; len];
        key[0] = prefix;
        key[len - 1] = last;
        key
    }

    #[test]
    fn keys_of_every_shape() {
        let gm = |bytes: &[u8]| key(Profile::Gm, bytes);
        let bitcoin = |bytes: &[u8]| key(Profile::Bitcoin, bytes);
        let compressed = Key::Compressed { x: [9; 32], odd: true };
        let point = Key::Point { x: [9; 32], y: [9; 32] };
        assert_eq!(gm(&prefixed(3, 33, 9)), Ok(compressed));
        assert_eq!(gm(&prefixed(4, 65, 9)), Ok(point));
        assert_eq!(gm(&[9; 64]), Ok(point));
        assert_eq!(bitcoin(&prefixed(7, 65, 9)), Ok(point));
        assert_eq!(bitcoin(&prefixed(6, 65, 9)), Err(Verdict::KeyEncoding));
        assert_eq!(gm(&prefixed(7, 65, 9)), Err(Verdict::KeyEncoding));
        assert_eq!(gm(&prefixed(4, 33, 9)), Err(Verdict::KeyEncoding));
        assert_eq!(gm(&prefixed(2, 65, 9)), Err(Verdict::KeyEncoding));
        assert_eq!(gm(&[0]), Err(Verdict::KeyInfinity));
        assert_eq!(gm(&[4]), Err(Verdict::KeyLength));
        assert_eq!(gm(&[]), Err(Verdict::KeyLength));
        assert_eq!(key(Profile::Strict, &[9; 32]), Ok(Key::Edwards([9; 32])));
        assert_eq!(key(Profile::Strict, &[0]), Err(Verdict::KeyLength));
    }

    #[test]
    fn the_first_wrong_shape_counts() {
        let (good, bad) = (prefixed(2, 33, 9), prefixed(5, 33, 9));
        let plan = plan(Profile::Ethereum, Hashing::Digest);
        let verdict = |message: &[u8], key: &[u8], signature: &[u8]| {
            verify_item(&plan, SignatureEncoding::Compact, message, key, signature)
                .err()
                .unwrap_or(Verdict::Valid)
        };
        assert_eq!(verdict(&[0; 31], &bad, &[0; 63]), Verdict::SignatureLength);
        assert_eq!(verdict(&[0; 31], &bad, &[0; 64]), Verdict::KeyEncoding);
        assert_eq!(verdict(&[0; 31], &good, &[0; 64]), Verdict::DigestLength);
        assert_eq!(verdict(&[0; 32], &good, &[0; 64]), Verdict::Valid);
    }

    #[test]
    fn rip7212_knows_valid_and_invalid_only() {
        let plan = plan(Profile::Rip7212, Hashing::Digest);
        let item = verify_item(&plan, SignatureEncoding::Compact, &[0; 32], &[0], &[0; 64]);
        assert_eq!(item, Err(Verdict::Invalid));
    }

    #[test]
    fn user_ids_have_a_longest() {
        let long = [1; MAX_USER_ID + 1];
        for (user_id, expected) in [(&long[1..], Ok(())), (&long[..], Err(Verdict::UserIdLength))] {
            let plan = Plan { user_id, ..plan(Profile::Gm, Hashing::Sm3) };
            let item = verify_item(&plan, SignatureEncoding::Compact, b"m", &[9; 64], &[0; 64]);
            assert_eq!(item.map(|_| ()), expected);
        }
    }

    #[test]
    fn recovery_ids() {
        let plan = plan(Profile::Ethereum, Hashing::Digest);
        let with = |id: u8| {
            let signature: Vec<u8> = [1; 64].into_iter().chain([id]).collect();
            let joined = recover_item(&plan, &[0; 32], &signature, None);
            assert_eq!(joined, recover_item(&plan, &[0; 32], &[1; 64], Some(id)));
            joined.map(|item| item.key)
        };
        for id in 0..=255 {
            let expected = match id {
                0..=3 => Ok(Key::Recover(id)),
                27 | 28 => Ok(Key::Recover(id - 27)),
                _ => Err(Verdict::RecoveryId),
            };
            assert_eq!(with(id), expected);
        }
        let item = |signature: &[u8], id| recover_item(&plan, &[0; 32], signature, id).err();
        assert_eq!(item(&[0; 64], None), Some(Verdict::SignatureLength));
        assert_eq!(item(&[0; 65], Some(0)), Some(Verdict::SignatureLength));
        assert_eq!(item(&[], None), Some(Verdict::SignatureLength));
    }

    proptest! {
        #[test]
        fn a_key_is_its_bytes(
            bytes in prop::collection::vec(any::<u8>(), 0..70),
            first in 0..9u8,
            profile in prop::sample::select(Profile::ALL.to_vec()),
        ) {
            let mut bytes = bytes;
            if let Some(byte) = bytes.first_mut() {
                *byte = first;
            }
            match key(profile, &bytes) {
                Ok(Key::Compressed { x, odd }) => {
                    prop_assert_eq!(&bytes[1..], x);
                    prop_assert_eq!(bytes[0], 2 + u8::from(odd));
                }
                Ok(Key::Point { x, y }) => {
                    prop_assert!(bytes.ends_with(&[x, y].concat()));
                    prop_assert!(bytes.len() == 64 || matches!(bytes[0], 4 | 6 | 7));
                }
                Ok(Key::Edwards(a)) => prop_assert_eq!(&bytes[..], a),
                Ok(Key::Recover(_)) => prop_assert!(false),
                Err(Verdict::KeyLength) => prop_assert!(![33, 64, 65].contains(&bytes.len()) || profile.scheme() == Scheme::Ed25519),
                Err(verdict) => prop_assert!(matches!(verdict, Verdict::KeyEncoding | Verdict::KeyInfinity)),
            }
        }
    }
}
