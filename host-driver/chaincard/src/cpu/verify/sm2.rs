//! SM2, GB/T 32918.2-2016, section 7, on the curve of GB/T 32918.5-2017.

use std::sync::OnceLock;

use sm3::{Digest as _, Sm3};

use super::curve::{Affine, Curve, Table, multiply};
use super::limbs::{self, Limbs, add_mod, number, sub_mod};
use super::weierstrass;
use chaincard_protocol::verify::MAX_USER_ID;

use crate::verify::{Hashing, Item, Key, Plan, Verdict};

/// The curve of GB/T 32918.5-2017.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sm2;

impl Curve for Sm2 {
    const P: Limbs =
        number("FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF 00000000 FFFFFFFF FFFFFFFF");
    const B: Limbs =
        number("28E9FA9E 9D9F5E34 4D5A9E4B CF6509A7 F39789F5 15AB8F92 DDBCBD41 4D940E93");
    const N: Limbs =
        number("FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF 7203DF6B 21C6052B 53BBF409 39D54123");
    const GX: Limbs =
        number("32C4AE2C 1F198119 5F990446 6A39C994 8FE30BBF F2660BE1 715A4589 334C74C7");
    const GY: Limbs =
        number("BC3736A2 F4F6779C 59BDCEE3 6B692153 D0A9877C C62A4740 02DF32E5 2139F0A0");

    /// (p + 1) / 2⁶⁴ = 2¹⁹² − 2¹⁶⁰ − 2³² + 1.
    #[inline(always)]
    fn fold(m: u64) -> Limbs {
        let (low, high) = (m << 32, m >> 32);
        limbs::sub(&[m, 0, 0, m], &[low, high, low, high]).0
    }

    fn base() -> &'static OnceLock<Table<Self>> {
        static BASE: OnceLock<Table<Sm2>> = OnceLock::new();
        &BASE
    }
}

/// `key` with both coordinates. Where there is no y, it is given as zero: that is no point of the
/// curve either, as the order of the curve is odd.
pub(crate) fn uncompressed(key: &Key) -> Key {
    let Key::Compressed { x, .. } = *key else { return *key };
    let y =
        weierstrass::key::<Sm2>(key).map_or([0; 32], |point| limbs::to_bytes(&point.y.number()));
    Key::Point { x, y }
}

/// ENTL ‖ ID ‖ a ‖ b ‖ xG ‖ yG: what ZA is the digest of, up to the key. `None` for a user id whose
/// bits two bytes cannot count.
pub(crate) fn identity(user_id: &[u8]) -> Option<Vec<u8>> {
    if user_id.len() > MAX_USER_ID {
        return None;
    }
    let mut bytes = (user_id.len() as u16 * 8).to_be_bytes().to_vec();
    bytes.extend_from_slice(user_id);
    let a = limbs::sub(&Sm2::P, &[3, 0, 0, 0]).0;
    for number in [&a, &Sm2::B, &Sm2::GX, &Sm2::GY] {
        bytes.extend(limbs::to_bytes(number));
    }
    Some(bytes)
}

/// Verifier of one plan.
pub(super) struct Verifier {
    /// SM3 behind the part of ZA that is the same for all keys; `None`: e is given.
    identity: Option<Sm3>,
    /// The verdict on all items when the user id is too long.
    user_id: Result<(), Verdict>,
}

impl Verifier {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        if plan.hashing != Hashing::Sm3 {
            return Self { identity: None, user_id: Ok(()) };
        }
        match identity(plan.user_id) {
            Some(bytes) => Self { identity: Some(Sm3::new_with_prefix(bytes)), user_id: Ok(()) },
            None => Self { identity: Some(Sm3::new()), user_id: Err(Verdict::UserIdLength) },
        }
    }

    pub(super) fn verify(&self, item: &Item<'_>) -> Verdict {
        self.check(item).unwrap_or_else(|verdict| verdict)
    }

    fn check(&self, item: &Item<'_>) -> Result<Verdict, Verdict> {
        self.user_id?;
        let (r, s) = weierstrass::scalars::<Sm2>(item)?;
        let t = add_mod(&r, &s, &Sm2::N);
        if t == [0; 4] {
            return Err(Verdict::RangeT);
        }
        let key = weierstrass::key::<Sm2>(&item.key)?;
        let e = weierstrass::residue::<Sm2>(&self.digest(&key, item.message)?);
        let point = multiply(&s, &t, &key);
        Ok(if weierstrass::has_residue(&point, &sub_mod(&r, &e, &Sm2::N)) {
            Verdict::Valid
        } else {
            Verdict::Invalid
        })
    }

    /// e as bytes: the digest given, or SM3 of ZA and the message.
    fn digest(&self, key: &Affine<Sm2>, message: &[u8]) -> Result<[u8; 32], Verdict> {
        let Some(identity) = &self.identity else {
            return message.try_into().map_err(|_| Verdict::DigestLength);
        };
        let mut za = identity.clone();
        za.update(limbs::to_bytes(&key.x.number()));
        za.update(limbs::to_bytes(&key.y.number()));
        let mut e = Sm3::new();
        e.update(za.finalize());
        e.update(message);
        Ok(e.finalize().into())
    }
}
