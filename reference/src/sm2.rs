//! SM2 signatures: GB/T 32918.2-2016, with its symbols.

use ark_ec::CurveGroup;
use ark_ff::{AdditiveGroup, Field};

use crate::curve::{Point, Scalar, Sm2, bytes, combination, reduced, x_modulo_order};
use crate::params::{be_bytes, sm2};
use crate::sm3::sm3;

/// Most bytes in a user id: ENTL, its length in bits, is two bytes.
pub const MAX_USER_ID: usize = 8191;

/// A signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// r = e + x1.
    pub r: Scalar<Sm2>,
    /// s = (1 + d)^-1 (k - r·d).
    pub s: Scalar<Sm2>,
}

/// `Z_A` = SM3(ENTL ‖ ID ‖ a ‖ b ‖ xG ‖ yG ‖ xA ‖ yA) (section 5.5).
///
/// # Panics
///
/// If the user id is longer than [`MAX_USER_ID`].
pub fn z(user_id: &[u8], public_key: &Point<Sm2>) -> [u8; 32] {
    assert!(user_id.len() <= MAX_USER_ID, "user id of {} bytes", user_id.len());
    let entl = (8 * user_id.len() as u16).to_be_bytes();
    let mut message = [&entl, user_id].concat();
    for constant in [sm2::A, sm2::B, sm2::GX, sm2::GY] {
        message.extend(be_bytes(&constant));
    }
    message.extend(bytes(public_key.x));
    message.extend(bytes(public_key.y));
    sm3(&message)
}

/// e = SM3(`Z_A` ‖ M) as bytes (section 6.1, steps A1 and A2).
pub fn digest(user_id: &[u8], public_key: &Point<Sm2>, message: &[u8]) -> [u8; 32] {
    sm3(&[&z(user_id, public_key), message].concat())
}

/// e as a number modulo n.
pub fn e(digest: &[u8; 32]) -> Scalar<Sm2> {
    reduced(digest)
}

/// t = r + s, which step B5 of section 7.1 wants to be other than 0.
pub fn t(signature: &Signature) -> Scalar<Sm2> {
    signature.r + signature.s
}

/// Section 7.1, steps B5 ... B7, for r and s that have passed steps B1 and B2.
///
/// The standard is silent on (x1, y1) at infinity, which has no x1: nothing is valid there.
pub fn verify(signature: &Signature, public_key: &Point<Sm2>, e: Scalar<Sm2>) -> bool {
    let t = t(signature);
    if t == Scalar::<Sm2>::ZERO {
        return false;
    }
    let point = combination::<Sm2>(signature.s, t, public_key).into_affine();
    x_modulo_order(&point).is_some_and(|x1| e + x1 == signature.r)
}

/// Section 6.1, steps A4 ... A6, with the given key and nonce; `None` where the standard takes
/// another nonce.
pub fn sign(d: Scalar<Sm2>, k: Scalar<Sm2>, e: Scalar<Sm2>) -> Option<Signature> {
    const ZERO: Scalar<Sm2> = Scalar::<Sm2>::ZERO;
    let x1 = x_modulo_order(&combination::<Sm2>(k, ZERO, &Point::identity()).into_affine())?;
    let r = e + x1;
    let s = (d + Scalar::<Sm2>::ONE).inverse()? * (k - r * d);
    (r != ZERO && r + k != ZERO && s != ZERO).then_some(Signature { r, s })
}
