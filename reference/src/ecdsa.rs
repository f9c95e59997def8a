//! ECDSA: SEC 1 version 2.0, section 4.1, with its symbols.

use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, BigInteger, Field, PrimeField};

use crate::curve::{
    Curve, Point, Scalar, bytes, combination, is_odd, lift, reduced, x_modulo_order,
};

/// A signature.
pub struct Signature<C: Curve> {
    /// The x of R, modulo n.
    pub r: Scalar<C>,
    /// s = k^-1 (e + r·d).
    pub s: Scalar<C>,
}

/// e of a digest as long as n: the digest as a number, modulo n (section 4.1.3, step 5).
pub fn e<C: Curve>(digest: &[u8; 32]) -> Scalar<C> {
    reduced(digest)
}

/// Section 4.1.4, steps 4 ... 8, for r and s that have passed step 1.
pub fn verify<C: Curve>(signature: &Signature<C>, q: &Point<C>, e: Scalar<C>) -> bool {
    let Some(s_inverse) = signature.s.inverse() else { return false };
    let u1 = e * s_inverse;
    let u2 = signature.r * s_inverse;
    let point = combination::<C>(u1, u2, q).into_affine();
    x_modulo_order(&point) == Some(signature.r)
}

/// Section 4.1.6, for one candidate: Q = r^-1 (s·R - e·G), where y of R is odd or not and x of R
/// is r or, `above_n`, r + n. `None` if x is not below p, if there is no such R, and if Q is
/// infinity.
pub fn recover<C: Curve>(
    signature: &Signature<C>,
    e: Scalar<C>,
    odd: bool,
    above_n: bool,
) -> Option<Point<C>> {
    let mut x = signature.r.into_bigint();
    if above_n && x.add_with_carry(&Scalar::<C>::MODULUS) {
        return None;
    }
    let x = C::BaseField::from_bigint(x)?;
    let point = lift::<C>(x, odd)?;
    let r_inverse = signature.r.inverse()?;
    let q = combination::<C>(-e * r_inverse, signature.s * r_inverse, &point).into_affine();
    (!q.is_zero()).then_some(q)
}

/// Section 4.1.3 with the given key and nonce: the signature, and the recovery id of its R.
/// `None` if r or s is 0.
pub fn sign<C: Curve>(d: Scalar<C>, k: Scalar<C>, e: Scalar<C>) -> Option<(Signature<C>, u8)> {
    let point = (C::GENERATOR * k).into_affine();
    let r = x_modulo_order(&point)?;
    let s = k.inverse()? * (e + r * d);
    let above_n = bytes(r) != bytes(point.x);
    let id = u8::from(is_odd(point.y)) + 2 * u8::from(above_n);
    (r != Scalar::<C>::ZERO && s != Scalar::<C>::ZERO).then_some((Signature { r, s }, id))
}
