//! The rules, in their order.

use ark_ec::short_weierstrass::Affine;
use ark_ff::{AdditiveGroup, PrimeField};

use super::{Case, Hashing, Key, Profile, Recovered, Scheme, Verdict};
use crate::curve::{Curve, P256, Point, Scalar, Secp256k1, Sm2, bytes, lift, number};
use crate::params::{half, less};
use crate::{ecdsa, ed25519, keccak, sha256, sm2};

/// The verdict on a case.
///
/// # Panics
///
/// If key or hashing are none of the scheme's, a digest is not of 32 bytes, or the user id is too
/// long: such a case is no case.
pub fn verify(case: &Case) -> Verdict {
    let verdict = match case.profile.scheme() {
        Scheme::Secp256k1 => verify_ecdsa::<Secp256k1>(case),
        Scheme::P256 => verify_ecdsa::<P256>(case),
        Scheme::Sm2 => verify_sm2(case),
        Scheme::Ed25519 => verify_ed25519(case),
    };
    verdict.err().unwrap_or(Verdict::Valid).under(case.profile)
}

/// The public key of a case whose key is [`Key::Recover`], over secp256k1.
///
/// # Panics
///
/// As [`verify`].
pub fn recover(case: &Case) -> Recovered {
    match recover_ecdsa::<Secp256k1>(case) {
        Ok(q) => {
            let mut key = [0; 64];
            key[..32].copy_from_slice(&bytes(q.x));
            key[32..].copy_from_slice(&bytes(q.y));
            Recovered { verdict: Verdict::Valid, key }
        }
        Err(verdict) => Recovered { verdict: verdict.under(case.profile), key: [0; 64] },
    }
}

fn verify_ecdsa<C: Curve>(case: &Case) -> Result<(), Verdict> {
    let (r, s) = r_and_s::<C>(case)?;
    let q = point::<C>(&case.key)?;
    let e = ecdsa::e::<C>(&hash(case.hashing, &case.message));
    holds(ecdsa::verify(&ecdsa::Signature { r, s }, &q, e))
}

fn recover_ecdsa<C: Curve>(case: &Case) -> Result<Point<C>, Verdict> {
    let Key::Recover(id @ 0..=3) = case.key else {
        panic!("{:?} is not to be recovered", case.key)
    };
    let (r, s) = r_and_s::<C>(case)?;
    let e = ecdsa::e::<C>(&hash(case.hashing, &case.message));
    let signature = ecdsa::Signature::<C> { r, s };
    ecdsa::recover(&signature, e, id & 1 == 1, id & 2 == 2).ok_or(Verdict::Invalid)
}

fn verify_sm2(case: &Case) -> Result<(), Verdict> {
    let (r, s) = r_and_s::<Sm2>(case)?;
    let signature = sm2::Signature { r, s };
    if sm2::t(&signature) == Scalar::<Sm2>::ZERO {
        return Err(Verdict::RangeT);
    }
    let public_key = point::<Sm2>(&case.key)?;
    let digest = match case.hashing {
        Hashing::Sm3 => sm2::digest(&case.user_id, &public_key, &case.message),
        hashing => hash(hashing, &case.message),
    };
    holds(sm2::verify(&signature, &public_key, sm2::e(&digest)))
}

fn verify_ed25519(case: &Case) -> Result<(), Verdict> {
    let Key::Edwards(a_encoded) = case.key else { panic!("{:?} is not of Ed25519", case.key) };
    assert_eq!(case.hashing, Hashing::Message);
    let s = ed25519::s(&case.s).ok_or(Verdict::RangeS)?;
    let k = ed25519::k(&case.r, &a_encoded, &case.message);
    let any = |encoding| ed25519::decode_any(encoding);
    match case.profile {
        Profile::Rfc8032 => {
            let a = ed25519::decode(&a_encoded).map_err(|error| match error {
                ed25519::DecodeError::Range => Verdict::KeyRange,
                ed25519::DecodeError::NotOnCurve => Verdict::KeyNotOnCurve,
            })?;
            holds(ed25519::verify(&case.r, s, &a, k))
        }
        Profile::Zip215 => {
            let a = any(&a_encoded).ok_or(Verdict::KeyNotOnCurve)?;
            let r = any(&case.r).ok_or(Verdict::Invalid)?;
            holds(ed25519::verify_with_cofactor(&r, s, &a, k))
        }
        Profile::Strict => {
            let a = any(&a_encoded).ok_or(Verdict::KeyNotOnCurve)?;
            let r = any(&case.r).ok_or(Verdict::Invalid)?;
            if ed25519::is_small_order(&r) || ed25519::is_small_order(&a) {
                return Err(Verdict::SmallOrder);
            }
            holds(ed25519::verify(&case.r, s, &a, k))
        }
        profile => panic!("{profile:?} is not of Ed25519"),
    }
}

fn holds(equation: bool) -> Result<(), Verdict> {
    if equation { Ok(()) } else { Err(Verdict::Invalid) }
}

/// r and s, both in [1, n - 1], and s in the lower half where the profile wants it.
fn r_and_s<C: Curve>(case: &Case) -> Result<(Scalar<C>, Scalar<C>), Verdict> {
    let in_range = |bytes| number::<Scalar<C>>(bytes).filter(|&x| x != Scalar::<C>::ZERO);
    let r = in_range(&case.r).ok_or(Verdict::RangeR)?;
    let s = in_range(&case.s).ok_or(Verdict::RangeS)?;
    if case.profile.wants_low_s() && is_high::<C>(s) {
        return Err(Verdict::HighS);
    }
    Ok((r, s))
}

/// Whether s is above n/2.
fn is_high<C: Curve>(s: Scalar<C>) -> bool {
    less(&half(&Scalar::<C>::MODULUS.0), &s.into_bigint().0)
}

/// The point that a key is.
fn point<C: Curve>(key: &Key) -> Result<Point<C>, Verdict> {
    let coordinate = |bytes| number::<C::BaseField>(bytes).ok_or(Verdict::KeyRange);
    match key {
        Key::Point { x, y } => {
            let (x, y) = (coordinate(x)?, coordinate(y)?);
            let right = x * x * x + C::COEFF_A * x + C::COEFF_B;
            if y * y == right {
                Ok(Affine::new_unchecked(x, y))
            } else {
                Err(Verdict::KeyNotOnCurve)
            }
        }
        Key::Compressed { x, odd } => lift::<C>(coordinate(x)?, *odd).ok_or(Verdict::KeyNotOnCurve),
        key => panic!("{key:?} is no point of this curve"),
    }
}

/// The digest that is signed: of `message`, or `message` itself.
///
/// # Panics
///
/// If a digest is not of 32 bytes, and at hashings that need more than the message.
pub fn hash(hashing: Hashing, message: &[u8]) -> [u8; 32] {
    match hashing {
        Hashing::Digest => message.try_into().expect("digest of 32 bytes"),
        Hashing::Sha256 => sha256::sha256(message),
        Hashing::DoubleSha256 => sha256::sha256(&sha256::sha256(message)),
        Hashing::Keccak256 => keccak::keccak_256(message),
        Hashing::Sm3 | Hashing::Message => panic!("{hashing:?} takes more than the message"),
    }
}

#[cfg(test)]
mod tests {
    use ark_ff::BigInt;

    use super::*;

    #[test]
    fn the_lower_half_ends_at_n_minus_1_over_2() {
        let half = Scalar::<Secp256k1>::from_bigint(BigInt(half(&crate::params::secp256k1::N)));
        let half = half.expect("below n");
        assert!(!is_high::<Secp256k1>(half));
        assert!(is_high::<Secp256k1>(half + Scalar::<Secp256k1>::from(1)));
        assert_eq!(half + half + Scalar::<Secp256k1>::from(1), Scalar::<Secp256k1>::ZERO);
    }
}
