//! Points in Jacobian coordinates, x = X / Z², y = Y / Z³; Z = 0 is infinity. Every function is
//! right for all points, infinity and equal ones included.

use super::super::limbs::Limbs;
use super::{Curve, Field};

/// A point other than infinity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Affine<C> {
    pub(in super::super) x: Field<C>,
    pub(in super::super) y: Field<C>,
}

impl<C: Curve> Affine<C> {
    pub(super) const BASE: Self = Self { x: Field::GX, y: Field::GY };

    /// The point x, y; `None` when it is not on the curve.
    pub(in super::super) fn new(x: Field<C>, y: Field<C>) -> Option<Self> {
        (y.square() == x.curve_polynomial()).then_some(Self { x, y })
    }

    /// The point with that x and parity of y, if there is one.
    pub(in super::super) fn lift(x: Field<C>, odd: bool) -> Option<Self> {
        let y = x.curve_polynomial().sqrt()?;
        // The order is odd and the cofactor 1, so that no y is 0.
        let y = if (y.number()[0] & 1 == 1) == odd { y } else { -y };
        Some(Self { x, y })
    }

    pub(super) fn negate_if(self, negative: bool) -> Self {
        if negative { Self { x: self.x, y: -self.y } } else { self }
    }
}

/// Any point.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Point<C> {
    x: Field<C>,
    y: Field<C>,
    z: Field<C>,
}

/// A point with Z² and Z³, to be added several times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addend<C> {
    point: Point<C>,
    zz: Field<C>,
    zzz: Field<C>,
}

impl<C: Curve> From<Affine<C>> for Point<C> {
    fn from(affine: Affine<C>) -> Self {
        Self { x: affine.x, y: affine.y, z: Field::ONE }
    }
}

impl<C: Curve> From<Point<C>> for Addend<C> {
    fn from(point: Point<C>) -> Self {
        let zz = point.z.square();
        Self { point, zz, zzz: zz * point.z }
    }
}

impl<C: Curve> Addend<C> {
    pub(super) fn negate_if(&self, negative: bool) -> Self {
        let mut addend = *self;
        if negative {
            addend.point.y = -addend.point.y;
        }
        addend
    }
}

impl<C: Curve> Point<C> {
    pub(super) const INFINITY: Self = Self { x: Field::ONE, y: Field::ONE, z: Field::ZERO };

    pub(in super::super) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// Whether the point is not infinity, and its x the number `x` (below p).
    pub(in super::super) fn has_x(&self, x: &Limbs) -> bool {
        !self.is_infinity() && Field::new(*x).is_some_and(|x| x * self.z.square() == self.x)
    }

    /// 4 products, 4 squarings.
    #[inline]
    pub(super) fn double(&self) -> Self {
        let zz = self.z.square();
        let y2 = self.y.double();
        let yy4 = y2.square();
        let s = self.x * yy4;
        let m = ((self.x - zz) * (self.x + zz)).triple();
        let x = m.square() - s.double();
        let y = m * (s - x) - yy4.square().half();
        Self { x, y, z: y2 * self.z }
    }

    /// 8 products, 3 squarings.
    #[inline]
    pub(super) fn add_affine(&self, other: &Affine<C>) -> Self {
        if self.is_infinity() {
            return (*other).into();
        }
        let zz = self.z.square();
        let h = other.x * zz - self.x;
        let r = other.y * (self.z * zz) - self.y;
        self.add_differences(h, r, self.x, self.y, self.z)
    }

    /// 11 products, 3 squarings.
    #[inline]
    pub(super) fn add(&self, other: &Addend<C>) -> Self {
        if self.is_infinity() {
            return other.point;
        }
        if other.point.is_infinity() {
            return *self;
        }
        let zz = self.z.square();
        let x = self.x * other.zz;
        let y = self.y * other.zzz;
        let h = other.point.x * zz - x;
        let r = other.point.y * (self.z * zz) - y;
        self.add_differences(h, r, x, y, self.z * other.point.z)
    }

    /// The sum of two points with a common Z: `self` is (x, y) there, the other one
    /// (x + h, y + r).
    #[inline(always)]
    fn add_differences(
        &self,
        h: Field<C>,
        r: Field<C>,
        x: Field<C>,
        y: Field<C>,
        z: Field<C>,
    ) -> Self {
        if h.is_zero() {
            return if r.is_zero() { self.double() } else { Self::INFINITY };
        }
        let hh = h.square();
        let hhh = h * hh;
        let v = x * hh;
        let x3 = r.square() - hhh - v.double();
        Self { x: x3, y: r * (v - x3) - y * hhh, z: z * h }
    }

    /// x and y of points other than infinity, by one inversion for all of them.
    pub(super) fn to_affine(points: &[Self]) -> Vec<Affine<C>> {
        // Products of all z before each one.
        let mut before = Vec::with_capacity(points.len());
        let mut product = Field::ONE;
        for point in points {
            before.push(product);
            product = product * point.z;
        }
        let mut inverse = product.invert();
        let mut affine: Vec<_> = points
            .iter()
            .zip(before)
            .rev()
            .map(|(point, before)| {
                let z_inverse = inverse * before;
                inverse = inverse * point.z;
                let zz = z_inverse.square();
                Affine { x: point.x * zz, y: point.y * zz * z_inverse }
            })
            .collect();
        affine.reverse();
        affine
    }
}
