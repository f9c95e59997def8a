//! Numbers modulo p in Montgomery form.

use std::marker::PhantomData;

use super::super::limbs::{self, Limbs, add_mod, mul_wide, shift_mod, sub_mod};
use super::Curve;

/// x · 2²⁵⁶ modulo p, below p.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Field<C> {
    limbs: Limbs,
    curve: PhantomData<C>,
}

impl<C: Curve> Field<C> {
    pub(in super::super) const ZERO: Self = Self::montgomery([0; 4]);
    pub(in super::super) const ONE: Self = Self::constant([1, 0, 0, 0]);
    /// Constant term of the curve.
    const B: Self = Self::constant(C::B);
    /// x of the base point.
    pub(super) const GX: Self = Self::constant(C::GX);
    /// y of the base point.
    pub(super) const GY: Self = Self::constant(C::GY);

    const fn montgomery(limbs: Limbs) -> Self {
        Self { limbs, curve: PhantomData }
    }

    /// The Montgomery form of `number`, at compile time.
    const fn constant(number: Limbs) -> Self {
        Self::montgomery(shift_mod(number, 256, &C::P))
    }

    /// The number `limbs`; `None` unless it is below p.
    pub(in super::super) fn new(limbs: Limbs) -> Option<Self> {
        limbs::compare(&limbs, &C::P)
            .is_lt()
            .then(|| Self::montgomery(limbs) * const { Self::constant(Self::ONE.limbs) })
    }

    /// The number itself, below p.
    pub(in super::super) fn number(self) -> Limbs {
        reduce::<C>(&[self.limbs[0], self.limbs[1], self.limbs[2], self.limbs[3], 0, 0, 0, 0])
    }

    pub(in super::super) fn is_zero(self) -> bool {
        self.limbs == [0; 4]
    }

    #[inline(always)]
    pub(super) fn double(self) -> Self {
        self + self
    }

    /// Half of the number: an odd one is made even by p.
    #[inline(always)]
    pub(super) fn half(self) -> Self {
        let odd = 0u64.wrapping_sub(self.limbs[0] & 1);
        let p = C::P;
        let p_or_0 = [p[0] & odd, p[1] & odd, p[2] & odd, p[3] & odd];
        let (a, carry) = limbs::add(&self.limbs, &p_or_0);
        Self::montgomery([
            a[0] >> 1 | a[1] << 63,
            a[1] >> 1 | a[2] << 63,
            a[2] >> 1 | a[3] << 63,
            a[3] >> 1 | u64::from(carry) << 63,
        ])
    }

    #[inline(always)]
    pub(super) fn triple(self) -> Self {
        self + self + self
    }

    /// Ten word products instead of sixteen.
    #[inline(always)]
    pub(in super::super) fn square(self) -> Self {
        Self::montgomery(reduce::<C>(&square_wide(&self.limbs)))
    }

    /// The inverse, as the power p − 2; 0 for 0. 256 squarings and 78 products.
    pub(super) fn invert(self) -> Self {
        self.power(&limbs::sub(&C::P, &[2, 0, 0, 0]).0)
    }

    fn power(self, exponent: &Limbs) -> Self {
        let mut powers = [Self::ONE; 16];
        for i in 1..16 {
            powers[i] = powers[i - 1] * self;
        }
        (0..64).rev().fold(Self::ONE, |power, i| {
            let power = power.square().square().square().square();
            power * powers[(exponent[i / 16] >> (i % 16 * 4) & 15) as usize]
        })
    }

    /// A root of the number, if it has one: its power (p + 1) / 4, as p is 3 modulo 4.
    pub(in super::super) fn sqrt(self) -> Option<Self> {
        let (p1, _) = limbs::add(&C::P, &[1, 0, 0, 0]);
        let quarter = [
            p1[0] >> 2 | p1[1] << 62,
            p1[1] >> 2 | p1[2] << 62,
            p1[2] >> 2 | p1[3] << 62,
            p1[3] >> 2,
        ];
        let root = self.power(&quarter);
        (root.square() == self).then_some(root)
    }

    /// x³ − 3 x + b.
    pub(super) fn curve_polynomial(self) -> Self {
        self.square() * self - self.triple() + Self::B
    }
}

impl<C: Curve> std::ops::Mul for Field<C> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self::montgomery(reduce::<C>(&mul_wide(&self.limbs, &other.limbs)))
    }
}

impl<C: Curve> std::ops::Add for Field<C> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self::montgomery(add_mod(&self.limbs, &other.limbs, &C::P))
    }
}

impl<C: Curve> std::ops::Sub for Field<C> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self::montgomery(sub_mod(&self.limbs, &other.limbs, &C::P))
    }
}

impl<C: Curve> std::ops::Neg for Field<C> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

/// t / 2²⁵⁶ modulo p. In: below p · 2²⁵⁶. Out: below p.
///
/// The low half is divided first, word by word, within four words: with a below 2²⁵⁶,
/// (a + m p) / 2⁶⁴ < 2¹⁹² + p < 2²⁵⁶, and p at most after the fourth step. The high half is below
/// p, so that the sum is below 2 p.
#[inline(always)]
fn reduce<C: Curve>(t: &[u64; 8]) -> Limbs {
    let mut a = [t[0], t[1], t[2], t[3]];
    for _ in 0..4 {
        let (next, carry) = limbs::add(&[a[1], a[2], a[3], 0], &C::fold(a[0]));
        debug_assert_eq!(carry, 0);
        a = next;
    }
    let (sum, carry) = limbs::add(&a, &[t[4], t[5], t[6], t[7]]);
    limbs::reduce_once(&sum, carry, &C::P)
}

/// a².
#[inline(always)]
fn square_wide(a: &Limbs) -> [u64; 8] {
    let product = |i: usize, j: usize| u128::from(a[i]) * u128::from(a[j]);
    let mut t = [0u64; 8];
    // The products of different words, once.
    let mut sum = product(0, 1);
    t[1] = sum as u64;
    sum = product(0, 2) + (sum >> 64);
    t[2] = sum as u64;
    sum = product(0, 3) + (sum >> 64);
    t[3] = sum as u64;
    t[4] = (sum >> 64) as u64;
    sum = product(1, 2) + u128::from(t[3]);
    t[3] = sum as u64;
    sum = product(1, 3) + u128::from(t[4]) + (sum >> 64);
    t[4] = sum as u64;
    sum = product(2, 3) + (sum >> 64);
    t[5] = sum as u64;
    t[6] = (sum >> 64) as u64;
    // Twice, and the squares.
    let doubled = [
        0,
        t[1] << 1,
        t[2] << 1 | t[1] >> 63,
        t[3] << 1 | t[2] >> 63,
        t[4] << 1 | t[3] >> 63,
        t[5] << 1 | t[4] >> 63,
        t[6] << 1 | t[5] >> 63,
        t[6] >> 63,
    ];
    let mut carry = 0;
    for i in 0..4 {
        let square = product(i, i);
        (t[2 * i], carry) = limbs::adc(carry, doubled[2 * i], square as u64);
        (t[2 * i + 1], carry) = limbs::adc(carry, doubled[2 * i + 1], (square >> 64) as u64);
    }
    t
}
