//! ECDSA over P-256, FIPS 186-5, section 6.4.2.

use std::sync::OnceLock;

use super::curve::{Affine, Curve, Table, multiply};
use super::limbs::{Limbs, number, sub};
use super::modulus::Modulus;
use super::{digest, weierstrass};
use crate::verify::{Item, Plan, Verdict};

/// The curve of SP 800-186, section 3.2.1.3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct P256;

impl Curve for P256 {
    const P: Limbs =
        number("FFFFFFFF 00000001 00000000 00000000 00000000 FFFFFFFF FFFFFFFF FFFFFFFF");
    const B: Limbs =
        number("5AC635D8 AA3A93E7 B3EBBD55 769886BC 651D06B0 CC53B0F6 3BCE3C3E 27D2604B");
    const N: Limbs =
        number("FFFFFFFF 00000000 FFFFFFFF FFFFFFFF BCE6FAAD A7179E84 F3B9CAC2 FC632551");
    const GX: Limbs =
        number("6B17D1F2 E12C4247 F8BCE6E5 63A440F2 77037D81 2DEB33A0 F4A13945 D898C296");
    const GY: Limbs =
        number("4FE342E2 FE1A7F9B 8EE7EB4A 7C0F9E16 2BCE3357 6B315ECE CBB64068 37BF51F5");

    /// (p + 1) / 2⁶⁴ = 2¹⁹² − 2¹⁶⁰ + 2¹²⁸ + 2³².
    #[inline(always)]
    fn fold(m: u64) -> Limbs {
        let (low, high) = (m << 32, m >> 32);
        sub(&[low, high, m, m], &[0, 0, low, high]).0
    }

    fn base() -> &'static OnceLock<Table<Self>> {
        static BASE: OnceLock<Table<P256>> = OnceLock::new();
        &BASE
    }
}

const ORDER: Modulus = Modulus::new(P256::N);

/// What the ranges, the key and the digest of an item come to.
struct Checked {
    r: Limbs,
    e: Limbs,
    key: Affine<P256>,
}

/// Writes the verdict on each item; one inversion for all of them.
pub(super) fn verify(plan: &Plan<'_>, items: &[Item<'_>], verdicts: &mut [Verdict]) {
    let mut inverses = Vec::with_capacity(items.len());
    let mut checked = Vec::with_capacity(items.len());
    for (item, verdict) in items.iter().zip(verdicts) {
        match check(plan, item) {
            Ok((s, item)) => {
                inverses.push(s);
                checked.push((item, verdict));
            }
            Err(found) => *verdict = found.under(plan.profile),
        }
    }
    ORDER.invert_all(&mut inverses);
    for ((item, verdict), inverse) in checked.into_iter().zip(&inverses) {
        let u = ORDER.product(&item.e, inverse);
        let v = ORDER.product(&item.r, inverse);
        let holds = weierstrass::has_residue(&multiply(&u, &v, &item.key), &item.r);
        *verdict = if holds { Verdict::Valid } else { Verdict::Invalid };
    }
}

fn check(plan: &Plan<'_>, item: &Item<'_>) -> Result<(Limbs, Checked), Verdict> {
    let (r, s) = weierstrass::scalars::<P256>(item)?;
    let key = weierstrass::key(&item.key)?;
    let e = weierstrass::residue::<P256>(&digest(plan.hashing, item.message)?);
    Ok((s, Checked { r, e, key }))
}
