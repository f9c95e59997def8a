//! SM2 keys and signatures on this processor, by RustCrypto's `sm2`.

use sm2::dsa::signature::hazmat::RandomizedPrehashSigner;
use sm2::dsa::{Signature, SigningKey};
use sm2::elliptic_curve::Generate;
use sm2::elliptic_curve::sec1::ToSec1Point;
use sm2::{FieldBytes, Scalar, SecretKey};
use zeroize::Zeroizing;

use crate::error::Failure;

/// x and y, big-endian.
pub(crate) type PublicBytes = [[u8; 32]; 2];
/// d, big-endian.
pub(crate) type SecretBytes = Zeroizing<[u8; 32]>;

/// The key of d; `None` unless d is in [1, n - 2] (GB/T 32918.1, section 6.1).
pub(crate) fn secret_key(d: &[u8; 32]) -> Option<SecretKey> {
    let key = SecretKey::from_slice(d).ok()?;
    // 1 + d has no inverse.
    (key.to_nonzero_scalar().as_ref() != &-Scalar::ONE).then_some(key)
}

/// A new key.
pub(crate) fn generate() -> Result<SecretKey, getrandom::Error> {
    loop {
        let key = SecretKey::try_generate_from_rng(&mut getrandom::SysRng)?;
        if key.to_nonzero_scalar().as_ref() != &-Scalar::ONE {
            return Ok(key);
        }
    }
}

/// d.
pub(crate) fn secret_bytes(key: &SecretKey) -> SecretBytes {
    let mut bytes = key.to_bytes();
    let copy = Zeroizing::new(bytes.into());
    zeroize::Zeroize::zeroize(bytes.as_mut_slice());
    copy
}

/// The public key.
pub(crate) fn public_bytes(key: &SecretKey) -> PublicBytes {
    let point = key.public_key().to_sec1_point(false);
    let mut bytes = [[0; 32]; 2];
    // A public key is not at infinity, so that it has coordinates.
    for (bytes, coordinate) in bytes.iter_mut().zip([point.x(), point.y()]) {
        if let Some(coordinate) = coordinate {
            bytes.copy_from_slice(coordinate);
        }
    }
    bytes
}

/// r and s of a digest e (GB/T 32918.2, section 6.1, from step A3); the nonce is from the key, e and
/// fresh random bytes.
pub(crate) fn sign(key: &SecretKey, e: &[u8; 32]) -> Result<[[u8; 32]; 2], Failure> {
    // The user id is not used for a digest.
    let signer = SigningKey::new("", key).map_err(|_| Failure::Sign)?;
    // A nonce that the standard does not take comes once in 2²⁵⁵ signatures.
    let signature: Signature =
        signer.sign_prehash_with_rng(&mut getrandom::SysRng, e).map_err(|_| Failure::Sign)?;
    let bytes = |field: FieldBytes| field.into();
    Ok([bytes(signature.r_bytes()), bytes(signature.s_bytes())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_from_1_to_n_minus_2_are_keys() {
        let minus_one: [u8; 32] = (-Scalar::ONE).to_bytes().into();
        let minus_two: [u8; 32] = (-Scalar::from(2_u64)).to_bytes().into();
        for (d, good) in [
            ([0; 32], false),
            (minus_one, false),
            (minus_two, true),
            ([0xFF; 32], false),
            ([0x01; 32], true),
        ] {
            assert_eq!(secret_key(&d).is_some(), good, "{d:02x?}");
        }
    }
}
