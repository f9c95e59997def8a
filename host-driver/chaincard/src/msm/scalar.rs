//! Scalars: 32 bytes, big-endian, and numbers of four limbs of 64 bits, lowest first.

use super::modular::subtract;

/// Bytes of a scalar, on every curve.
pub const SCALAR_BYTES: usize = 32;

/// A number below 2^256.
pub(super) type Limbs = [u64; 4];

/// The number that the bytes are.
pub(super) fn limbs(bytes: &[u8; SCALAR_BYTES]) -> Limbs {
    let (words, _) = bytes.as_chunks::<8>();
    [3, 2, 1, 0].map(|word| u64::from_be_bytes(words[word]))
}

/// The number as bytes, big-endian.
pub(super) fn be_bytes(limbs: Limbs) -> [u8; SCALAR_BYTES] {
    let mut bytes = [0; SCALAR_BYTES];
    for (bytes, limb) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(limbs.iter().rev()) {
        *bytes = limb.to_be_bytes();
    }
    bytes
}

/// Whether `number` is below `order`.
pub(super) fn is_below(number: &Limbs, order: &Limbs) -> bool {
    number.iter().rev().lt(order.iter().rev())
}

/// `number` modulo `order`, which has more than 252 bits: 2^256 is less than 16 times as much.
pub(super) fn reduce(mut number: Limbs, order: &Limbs) -> Limbs {
    while !is_below(&number, order) {
        number = subtract(&number, order).0;
    }
    number
}
