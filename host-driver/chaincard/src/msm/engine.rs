//! What the curves have in common. Functions are called with what the caller has made sure of: they
//! check nothing again, and take one thread.

pub(super) use ark_bls12_377::g1::Config as Bls12_377;
pub(super) use ark_bn254::g1::Config as Bn254;
use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInt, BigInteger, Field, PrimeField, Zero};

use super::Curve;
use super::number::Number;
use super::scalar::Limbs;

/// A curve y² = x³ + b over the numbers modulo p. As b is not 0, (0, 0) stands for infinity, as it
/// does in the encoding.
pub(super) trait Engine:
    SWCurveConfig<BaseField: Number, ScalarField: PrimeField<BigInt = BigInt<4>>, ZeroFlag = ()>
{
    /// The curve.
    const CURVE: Curve;
    /// r.
    const ORDER: Limbs = Self::ScalarField::MODULUS.0;
    /// Bytes of a point.
    const POINT_BYTES: usize = Self::CURVE.point_bytes();

    /// Whether the point, which is on the curve, is in G1.
    fn is_in_subgroup(point: &Affine<Self>) -> bool {
        point.is_in_correct_subgroup_assuming_on_curve()
    }
}

impl Engine for Bn254 {
    const CURVE: Curve = Curve::Bn254;
}

impl Engine for Bls12_377 {
    const CURVE: Curve = Curve::Bls12_377;
}

/// Where homogeneous coordinates lead.
pub(super) enum Divided<P> {
    /// Z is not 0.
    Finite(P),
    /// (0 : Y : 0), as infinity is on these curves.
    Infinite,
    /// What is no point of the curve.
    Nowhere,
}

/// The point with these coordinates, x then y, big-endian; `None` if one is p or more, or if there
/// are not as many bytes.
pub(super) fn decode<E: Engine>(bytes: &[u8]) -> Option<Affine<E>> {
    if bytes.len() != E::POINT_BYTES {
        return None;
    }
    let (x, y) = bytes.split_at(E::POINT_BYTES / 2);
    Some(Affine::new_unchecked(coordinate(x)?, coordinate(y)?))
}

/// The number of these bytes, a multiple of 8; `None` if it is p or more.
fn coordinate<F: PrimeField>(bytes: &[u8]) -> Option<F> {
    let mut number = F::BigInt::default();
    let (words, _) = bytes.as_chunks::<8>();
    for (limb, word) in number.as_mut().iter_mut().zip(words.iter().rev()) {
        *limb = u64::from_be_bytes(*word);
    }
    F::from_bigint(number)
}

/// The point (X/Z, Y/Z) of three coordinates, big-endian, each taken modulo p. It may be off the
/// curve.
pub(super) fn divide<E: Engine>(bytes: &[u8]) -> Divided<Affine<E>> {
    let mut coordinates =
        bytes.chunks_exact(E::POINT_BYTES / 2).map(E::BaseField::from_be_bytes_mod_order);
    let (Some(x), Some(y), Some(z)) = (coordinates.next(), coordinates.next(), coordinates.next())
    else {
        return Divided::Nowhere;
    };
    match z.inverse() {
        Some(inverse) => Divided::Finite(Affine::new_unchecked(x * inverse, y * inverse)),
        None if x.is_zero() && !y.is_zero() => Divided::Infinite,
        None => Divided::Nowhere,
    }
}

/// Writes x then y, big-endian, to as many bytes as a point has.
pub(super) fn write<E: Engine>(point: &Affine<E>, bytes: &mut [u8]) {
    for (bytes, coordinate) in bytes.chunks_exact_mut(E::POINT_BYTES / 2).zip([point.x, point.y]) {
        bytes.copy_from_slice(&coordinate.into_bigint().to_bytes_be());
    }
}

/// The sum in the encoding of points.
pub(super) fn encode<E: Engine>(sum: &Projective<E>) -> Vec<u8> {
    let mut bytes = vec![0; E::POINT_BYTES];
    let sum = sum.into_affine();
    if !sum.is_zero() {
        write(&sum, &mut bytes);
    }
    bytes
}
