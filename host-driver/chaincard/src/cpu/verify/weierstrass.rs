//! What ECDSA and SM2 have in common: ranges, keys, and x modulo n.

use super::curve::{Affine, Curve, Field, Point};
use super::limbs::{self, Limbs, from_bytes, is_within, reduce_once};
use crate::verify::{Item, Key, Verdict};

/// r and s, each in 1 ... n − 1.
pub(super) fn scalars<C: Curve>(item: &Item<'_>) -> Result<(Limbs, Limbs), Verdict> {
    let (r, s) = (from_bytes(&item.r), from_bytes(&item.s));
    if !is_within(&r, &C::N) {
        return Err(Verdict::RangeR);
    }
    if !is_within(&s, &C::N) {
        return Err(Verdict::RangeS);
    }
    Ok((r, s))
}

/// The point that a key is.
pub(super) fn key<C: Curve>(key: &Key) -> Result<Affine<C>, Verdict> {
    let coordinate = |bytes| Field::new(from_bytes(bytes)).ok_or(Verdict::KeyRange);
    let point = match key {
        Key::Point { x, y } => Affine::new(coordinate(x)?, coordinate(y)?),
        Key::Compressed { x, odd } => Affine::lift(coordinate(x)?, *odd),
        Key::Edwards(_) | Key::Recover(_) => return Err(Verdict::KeyEncoding),
    };
    point.ok_or(Verdict::KeyNotOnCurve)
}

/// The number that `bytes` are, modulo n: it is below 2 n.
pub(super) fn residue<C: Curve>(bytes: &[u8; 32]) -> Limbs {
    reduce_once(&from_bytes(bytes), 0, &C::N)
}

/// Whether x of `point` is `residue` modulo n, for a residue below n. As n is below p, and p
/// below 2 n, x is one of two numbers at most.
pub(super) fn has_residue<C: Curve>(point: &Point<C>, residue: &Limbs) -> bool {
    let (above, carry) = limbs::add(residue, &C::N);
    point.has_x(residue) || carry == 0 && point.has_x(&above)
}
