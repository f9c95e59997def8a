//! ECDSA over secp256k1: libsecp256k1. It says valid or not; why not is found by comparing
//! numbers.

use secp256k1::ecdsa::{self, RecoverableSignature, RecoveryId, Signature};
use secp256k1::{Message, PublicKey};

use super::digest;
use super::limbs::{Limbs, compare, from_bytes, is_within, number};
use crate::verify::{Item, Key, Plan, Recovered, Verdict};

/// Field prime, 2²⁵⁶ − 2³² − 977 (SEC 2, section 2.4.1).
pub(super) const P: Limbs =
    number("FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFE FFFFFC2F");
/// Order of the base point.
pub(super) const N: Limbs =
    number("FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFE BAAEDCE6 AF48A03B BFD25E8C D0364141");
/// (n − 1) / 2, the greatest low s.
const HALF_N: Limbs =
    [N[0] >> 1 | N[1] << 63, N[1] >> 1 | N[2] << 63, N[2] >> 1 | N[3] << 63, N[3] >> 1];

pub(super) fn verify(plan: &Plan<'_>, item: &Item<'_>) -> Verdict {
    check(plan, item).err().unwrap_or(Verdict::Valid)
}

fn check(plan: &Plan<'_>, item: &Item<'_>) -> Result<(), Verdict> {
    let is_high = check_numbers(plan, item)?;
    let key = public_key(&item.key)?;
    let digest = Message::from_digest(digest(plan.hashing, item.message)?);
    let mut signature = Signature::from_compact(&compact(item)).map_err(|_| Verdict::Invalid)?;
    if is_high {
        // libsecp256k1 refuses a high s; n − s makes an equally valid signature.
        signature.normalize_s();
    }
    ecdsa::verify(&signature, digest, &key).map_err(|_| Verdict::Invalid)
}

pub(super) fn recover(plan: &Plan<'_>, item: &Item<'_>) -> Recovered {
    match recover_key(plan, item) {
        Ok(key) => Recovered { verdict: Verdict::Valid, key },
        Err(verdict) => Recovered { verdict, key: [0; 64] },
    }
}

fn recover_key(plan: &Plan<'_>, item: &Item<'_>) -> Result<[u8; 64], Verdict> {
    let Key::Recover(id) = item.key else { return Err(Verdict::KeyEncoding) };
    let id = RecoveryId::try_from(i32::from(id)).map_err(|_| Verdict::RecoveryId)?;
    check_numbers(plan, item)?;
    let digest = Message::from_digest(digest(plan.hashing, item.message)?);
    let key = RecoverableSignature::from_compact(&compact(item), id)
        .and_then(|signature| signature.recover_ecdsa(digest))
        .map_err(|_| Verdict::Invalid)?
        .serialize_uncompressed();
    let mut coordinates = [0; 64];
    coordinates.copy_from_slice(&key[1..]);
    Ok(coordinates)
}

/// Whether s is high, after the checks of r and s.
fn check_numbers(plan: &Plan<'_>, item: &Item<'_>) -> Result<bool, Verdict> {
    let s = from_bytes(&item.s);
    if !is_within(&from_bytes(&item.r), &N) {
        return Err(Verdict::RangeR);
    }
    if !is_within(&s, &N) {
        return Err(Verdict::RangeS);
    }
    let is_high = compare(&s, &HALF_N).is_gt();
    if is_high && plan.profile.wants_low_s() {
        return Err(Verdict::HighS);
    }
    Ok(is_high)
}

fn compact(item: &Item<'_>) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&item.r);
    bytes[32..].copy_from_slice(&item.s);
    bytes
}

fn public_key(key: &Key) -> Result<PublicKey, Verdict> {
    let (parsed, in_range) = match key {
        Key::Point { x, y } => {
            let mut bytes = [4; 65];
            bytes[1..33].copy_from_slice(x);
            bytes[33..].copy_from_slice(y);
            (PublicKey::from_byte_array_uncompressed(bytes), is_below_p(x) && is_below_p(y))
        }
        Key::Compressed { x, odd } => {
            let mut bytes = [2 + u8::from(*odd); 33];
            bytes[1..].copy_from_slice(x);
            (PublicKey::from_byte_array_compressed(bytes), is_below_p(x))
        }
        Key::Edwards(_) | Key::Recover(_) => return Err(Verdict::KeyEncoding),
    };
    parsed.map_err(|_| if in_range { Verdict::KeyNotOnCurve } else { Verdict::KeyRange })
}

fn is_below_p(bytes: &[u8; 32]) -> bool {
    compare(&from_bytes(bytes), &P).is_lt()
}
