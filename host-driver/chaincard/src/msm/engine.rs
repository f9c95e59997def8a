//! What a curve's crate has to do.

use super::Curve;
use super::scalar::Limbs;

/// One curve with the crate that multiplies on it. Its functions are called with what the caller
/// has made sure of: they check nothing again, and take one thread.
pub(super) trait Engine: 'static {
    /// A point that is not infinity.
    type Point: Copy + Send + Sync;
    /// A sum, infinity included.
    type Sum: Copy + Send + Sync;
    /// The curve.
    const CURVE: Curve;
    /// r.
    const ORDER: Limbs;
    /// Bytes of a point.
    const POINT_BYTES: usize = Self::CURVE.point_bytes();

    /// The point with these coordinates, x then y, big-endian; `None` if one is p or more.
    fn point(bytes: &[u8]) -> Option<Self::Point>;
    /// The point (X/Z, Y/Z) of three coordinates, big-endian, each taken modulo p. It may be off
    /// the curve.
    fn divide(bytes: &[u8]) -> Divided<Self::Point>;
    /// The point that the curve's standard starts from.
    fn generator() -> Self::Point;
    /// Whether the point satisfies the equation.
    fn is_on_curve(point: &Self::Point) -> bool;
    /// Whether the point, which is on the curve, is in G1.
    fn is_in_subgroup(point: &Self::Point) -> bool;
    /// The sum of the products. At least one point; as many scalars, below r.
    fn product(points: &[Self::Point], scalars: impl Iterator<Item = Limbs>) -> Self::Sum;
    /// One product; the scalar is below r.
    fn times(point: &Self::Point, scalar: Limbs) -> Self::Sum;
    /// The point as a sum.
    fn sum(point: &Self::Point) -> Self::Sum;
    /// The sum of two sums, equal and opposite ones too.
    fn add(one: Self::Sum, other: Self::Sum) -> Self::Sum;
    /// The sum as a point; `None` is infinity.
    fn affine(sum: &Self::Sum) -> Option<Self::Point>;
    /// Writes x then y, big-endian, to as many bytes as a point has.
    fn write(point: &Self::Point, bytes: &mut [u8]);
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

impl<P> Divided<P> {
    /// For Z = 0.
    pub(super) fn at_infinity(x_is_zero: bool, y_is_zero: bool) -> Self {
        if x_is_zero && !y_is_zero { Self::Infinite } else { Self::Nowhere }
    }
}

/// The sum in the encoding of points.
pub(super) fn encode<E: Engine>(sum: &E::Sum) -> Vec<u8> {
    let mut bytes = vec![0; E::POINT_BYTES];
    if let Some(point) = E::affine(sum) {
        E::write(&point, &mut bytes);
    }
    bytes
}
