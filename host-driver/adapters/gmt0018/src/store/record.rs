//! A store's keys as bytes, before they are encrypted. Numbers are big-endian:
//!
//! | bytes | what |
//! | --- | --- |
//! | 4, 4 | how many SM2 pairs, how many SM4 keys |
//! | each pair: 4, 32, 32, 1, 16, 32 | index, d that signs, d that encrypts, 1 with an access code, its salt, its digest |
//! | each SM4 key: 4, 16 | index, key |

use zeroize::Zeroizing;

use super::access::AccessCode;
use super::{KeyStore, Pair, add};
use crate::sm2;

const HEAD: usize = 8;
const PAIR: usize = 4 + 32 + 32 + 1 + 16 + 32;
const SYMMETRIC: usize = 4 + 16;

/// The bytes of all keys, with room behind them for the tag of their encryption: they are not
/// copied on the way.
pub(super) fn write(store: &KeyStore) -> Zeroizing<Vec<u8>> {
    const TAG: usize = 16;
    let len = HEAD + store.pairs.len() * PAIR + store.symmetric.len() * SYMMETRIC;
    let mut bytes = Zeroizing::new(Vec::with_capacity(len + TAG));
    for count in [store.pairs.len(), store.symmetric.len()] {
        bytes.extend((count as u32).to_be_bytes());
    }
    for (index, pair) in &store.pairs {
        bytes.extend(index.to_be_bytes());
        bytes.extend(*sm2::secret_bytes(&pair.sign));
        bytes.extend(*sm2::secret_bytes(&pair.encrypt));
        match &pair.access {
            Some(access) => {
                bytes.push(1);
                bytes.extend(access.salt);
                bytes.extend(*access.digest);
            }
            None => bytes.extend([0; 1 + 16 + 32]),
        }
    }
    for (index, key) in &store.symmetric {
        bytes.extend(index.to_be_bytes());
        bytes.extend(**key);
    }
    bytes
}

/// The keys; `None` unless the bytes are exactly those of a store.
pub(super) fn read(all: &[u8]) -> Option<KeyStore> {
    let mut bytes = all;
    let (pairs, symmetric) = (number(&mut bytes)?, number(&mut bytes)?);
    let mut store = KeyStore::new();
    for _ in 0..pairs {
        let index = number(&mut bytes)?;
        let sign = sm2::secret_key(take(&mut bytes)?)?;
        let encrypt = sm2::secret_key(take(&mut bytes)?)?;
        let [locked] = take(&mut bytes)?;
        let (salt, digest) = (*take(&mut bytes)?, Zeroizing::new(*take(&mut bytes)?));
        let access = match locked {
            0 => None,
            1 => Some(AccessCode { salt, digest }),
            _ => return None,
        };
        add(&mut store.pairs, index, Pair::new(sign, encrypt, access)).ok()?;
    }
    for _ in 0..symmetric {
        let index = number(&mut bytes)?;
        store.insert_symmetric(index, take(&mut bytes)?).ok()?;
    }
    (**write(&store) == *all).then_some(store)
}

fn take<'a, const N: usize>(bytes: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(first)
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    take(bytes).map(|bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Use;

    fn store() -> KeyStore {
        let mut store = KeyStore::new();
        store.insert_pair(3, &[3; 32], &[4; 32], Some(b"an access code")).expect("added");
        store.insert_pair(9, &[5; 32], &[6; 32], None).expect("added");
        store.insert_symmetric(2, &[7; 16]).expect("added");
        store
    }

    #[test]
    fn keys_come_back() {
        let store = store();
        let bytes = write(&store);
        assert_eq!(bytes.len(), HEAD + 2 * PAIR + SYMMETRIC);
        let back = read(&bytes).expect("a store");
        assert_eq!(back.pairs().collect::<Vec<_>>(), [(3, true), (9, false)]);
        for which in [Use::Sign, Use::Encrypt] {
            assert_eq!(back.public_key(3, which), store.public_key(3, which));
        }
        let pair = back.pair(3).expect("a pair");
        assert!(pair.opens_with(b"an access code") && !pair.opens_with(b"an access Code"));
        assert!(back.pair(9).expect("a pair").opens_with(b"anything"));
        assert_eq!(**back.symmetric(2).expect("a key"), [7; 16]);
    }

    #[test]
    fn other_bytes_are_no_store() {
        let bytes = write(&store());
        for len in 0..bytes.len() {
            assert!(read(&bytes[..len]).is_none(), "{len}");
        }
        assert!(read(&[&bytes[..], &[0]].concat()).is_none());
        for (place, byte) in [(0, 1), (HEAD + 68, 2)] {
            let mut wrong = bytes.to_vec();
            wrong[place] = byte;
            assert!(read(&wrong).is_none(), "{place}");
        }
        let mut no_key = bytes.to_vec();
        no_key[HEAD + 4..HEAD + 36].fill(0);
        assert!(read(&no_key).is_none());
    }

    proptest::proptest! {
        /// Bytes that were changed are a store, or none, and no panic.
        #[test]
        fn any_bytes_are_a_store_or_none(
            changes in proptest::collection::vec((0..HEAD + 2 * PAIR + SYMMETRIC, 0..=255_u8), 0..4),
            len in 0..HEAD + 2 * PAIR + SYMMETRIC + 1,
        ) {
            let mut bytes = write(&store()).to_vec();
            for (place, byte) in changes {
                bytes[place] = byte;
            }
            if let Some(store) = read(&bytes) {
                assert_eq!(*write(&store), bytes);
            }
            assert!(read(&bytes[..len]).is_none() || len == bytes.len());
        }
    }
}
