//! Ed25519 under three sets of rules, composed of the point arithmetic of `curve25519-dalek`.
//!
//! | profile | A | R | equation |
//! | --- | --- | --- | --- |
//! | `rfc8032` | canonical | as bytes | S B − k A encodes as R |
//! | `strict` | any encoding, not of small order | the same | S B − k A encodes as R |
//! | `zip215` | any encoding | any encoding | 8 (S B − k A − R) = 0 |
//!
//! Where S B − k A encodes as R, R is that point: it need not be decoded. So one inversion for many
//! items, that of the encodings, takes the place of a root for each.

use aws_lc_rs::digest::{Context, SHA512};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;

use super::limbs::{Limbs, compare, from_bytes, number};
use crate::verify::{Item, Key, Plan, Profile, Verdict};

/// Field prime, 2²⁵⁵ − 19.
pub(super) const P: Limbs =
    number("7FFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFED");
/// Writes the verdict on each item.
pub(super) fn verify(plan: &Plan<'_>, items: &[Item<'_>], verdicts: &mut [Verdict]) {
    let mut points = Vec::with_capacity(items.len());
    let mut waiting = Vec::with_capacity(items.len());
    for (item, verdict) in items.iter().zip(verdicts) {
        match prepare(plan.profile, item) {
            Ok(point) => {
                points.push(point);
                waiting.push((item, verdict));
            }
            Err(found) => *verdict = found,
        }
    }
    let encodings = EdwardsPoint::compress_batch_alloc(&points);
    for (((item, verdict), point), encoding) in waiting.into_iter().zip(points).zip(encodings) {
        let encodes_as_r = encoding.to_bytes() == item.r;
        *verdict = equation(plan.profile, item, &point, encodes_as_r);
    }
}

/// S B − k A, after the checks of S and A.
fn prepare(profile: Profile, item: &Item<'_>) -> Result<EdwardsPoint, Verdict> {
    let s = Option::from(Scalar::from_canonical_bytes(item.s)).ok_or(Verdict::RangeS)?;
    let Key::Edwards(encoded) = &item.key else { return Err(Verdict::KeyEncoding) };
    let canonical = profile == Profile::Rfc8032;
    if canonical && !is_below_p(encoded) {
        return Err(Verdict::KeyRange);
    }
    // y is taken modulo p and, where x is 0, any sign.
    let a = CompressedEdwardsY(*encoded).decompress().ok_or(Verdict::KeyNotOnCurve)?;
    if canonical && is_negative_zero(encoded) {
        return Err(Verdict::KeyNotOnCurve);
    }
    if profile == Profile::Strict && a.is_small_order() {
        let r = CompressedEdwardsY(item.r).decompress();
        return Err(r.map_or(Verdict::Invalid, |_| Verdict::SmallOrder));
    }
    let k = challenge(&item.r, encoded, item.message);
    Ok(EdwardsPoint::vartime_double_scalar_mul_basepoint(&k, &-a, &s))
}

/// The verdict on an item whose S B − k A is `point`.
fn equation(
    profile: Profile,
    item: &Item<'_>,
    point: &EdwardsPoint,
    encodes_as_r: bool,
) -> Verdict {
    let r = || CompressedEdwardsY(item.r).decompress();
    match profile {
        Profile::Strict if encodes_as_r && point.is_small_order() => Verdict::SmallOrder,
        _ if encodes_as_r => Verdict::Valid,
        Profile::Strict if r().is_some_and(|r| r.is_small_order()) => Verdict::SmallOrder,
        Profile::Zip215 if r().is_some_and(|r| (point - r).is_small_order()) => Verdict::Valid,
        _ => Verdict::Invalid,
    }
}

/// k: SHA-512 of R, A and the message, modulo L.
fn challenge(r: &[u8; 32], a: &[u8; 32], message: &[u8]) -> Scalar {
    let mut context = Context::new(&SHA512);
    context.update(r);
    context.update(a);
    context.update(message);
    let mut digest = [0; 64];
    digest.copy_from_slice(context.finish().as_ref());
    Scalar::from_bytes_mod_order_wide(&digest)
}

/// y as encoded.
fn y(encoded: &[u8; 32]) -> Limbs {
    let mut bytes = *encoded;
    bytes.reverse();
    bytes[0] &= 0x7F;
    from_bytes(&bytes)
}

fn is_below_p(encoded: &[u8; 32]) -> bool {
    compare(&y(encoded), &P).is_lt()
}

/// Whether x is 0, which is so for y = 1 and y = −1, and the sign nevertheless 1.
fn is_negative_zero(encoded: &[u8; 32]) -> bool {
    let minus_one = [P[0] - 1, P[1], P[2], P[3]];
    let y = y(encoded);
    encoded[31] & 0x80 != 0 && (y == [1, 0, 0, 0] || y == minus_one)
}
