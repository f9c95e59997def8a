//! Types of libsecp256k1's headers.

use std::ffi::{c_char, c_void};

/// `secp256k1_context`: opaque.
#[repr(C)]
#[derive(Debug)]
pub struct Context {
    _opaque: [u8; 0],
}

/// `secp256k1_pubkey`: x and y, little-endian.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 64]);

/// `secp256k1_ecdsa_signature`: r and s, little-endian.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

/// `secp256k1_ecdsa_recoverable_signature`: r and s, little-endian, and the recovery id.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoverableSignature(pub [u8; 65]);

/// A function that a context calls when an argument is illegal: message, and what was given with the
/// function.
pub type Callback = unsafe extern "C-unwind" fn(message: *const c_char, data: *mut c_void);

/// Two numbers of 32 bytes with their bytes in the other order.
pub(crate) fn reversed(numbers: &[u8; 64]) -> [u8; 64] {
    let mut reversed = *numbers;
    reversed[..32].reverse();
    reversed[32..].reverse();
    reversed
}

#[cfg(test)]
mod tests {
    use super::reversed;

    #[test]
    fn each_number_is_reversed_by_itself() {
        let bytes: [u8; 64] = std::array::from_fn(|index| index as u8);
        let other = reversed(&bytes);
        assert_eq!((other[0], other[31], other[32], other[63]), (31, 0, 63, 32));
        assert_eq!(reversed(&other), bytes);
    }
}
