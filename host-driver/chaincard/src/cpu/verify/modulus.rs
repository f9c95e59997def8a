//! Arithmetic modulo the order of a curve: any odd number above 2²⁵⁵, in Montgomery form.

use super::limbs::{Limbs, mul_wide, reduce_once, shift_mod, sub};

/// An odd prime above 2²⁵⁵.
#[derive(Debug)]
pub(super) struct Modulus {
    m: Limbs,
    /// −1 / m modulo 2⁶⁴.
    negative_inverse: u64,
    /// 2⁵¹² modulo m.
    square: Limbs,
}

impl Modulus {
    pub(super) const fn new(m: Limbs) -> Self {
        // Newton's iteration doubles the bits that are right; m is right in 3.
        let mut inverse = m[0];
        let mut i = 0;
        while i < 5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(m[0].wrapping_mul(inverse)));
            i += 1;
        }
        Self {
            m,
            negative_inverse: inverse.wrapping_neg(),
            square: shift_mod([1, 0, 0, 0], 512, &m),
        }
    }

    /// a · 2²⁵⁶ modulo m.
    pub(super) fn enter(&self, a: &Limbs) -> Limbs {
        self.product(a, &self.square)
    }

    /// a · b / 2²⁵⁶ modulo m. In: a · b below m · 2²⁵⁶. Out: below m.
    pub(super) fn product(&self, a: &Limbs, b: &Limbs) -> Limbs {
        let mut t = mul_wide(a, b);
        let mut top = 0;
        for i in 0..4 {
            let factor = t[i].wrapping_mul(self.negative_inverse);
            let mut carry = 0u64;
            for j in 0..4 {
                let sum = u128::from(factor) * u128::from(self.m[j])
                    + u128::from(t[i + j])
                    + u128::from(carry);
                t[i + j] = sum as u64;
                carry = (sum >> 64) as u64;
            }
            let sum = u128::from(t[i + 4]) + u128::from(carry) + u128::from(top);
            t[i + 4] = sum as u64;
            top = (sum >> 64) as u8;
        }
        reduce_once(&[t[4], t[5], t[6], t[7]], top, &self.m)
    }

    /// The Montgomery form of the inverse, from the Montgomery form; 0 for 0. By Fermat: the
    /// power m − 2.
    pub(super) fn invert(&self, a: &Limbs) -> Limbs {
        let mut powers = [self.enter(&[1, 0, 0, 0]); 16];
        for i in 1..16 {
            powers[i] = self.product(&powers[i - 1], a);
        }
        let (exponent, _) = sub(&self.m, &[2, 0, 0, 0]);
        let mut power = powers[0];
        for i in (0..64).rev() {
            for _ in 0..4 {
                power = self.product(&power, &power);
            }
            power = self.product(&power, &powers[(exponent[i / 16] >> (i % 16 * 4) & 15) as usize]);
        }
        power
    }

    /// Montgomery forms of the inverses of `numbers` (not in Montgomery form, none of them 0),
    /// by one inversion: 3 products and a change of form for each.
    pub(super) fn invert_all(&self, numbers: &mut [Limbs]) {
        let mut product = self.enter(&[1, 0, 0, 0]);
        let mut before = Vec::with_capacity(numbers.len());
        for number in numbers.iter_mut() {
            *number = self.enter(number);
            before.push(product);
            product = self.product(&product, number);
        }
        let mut inverse = self.invert(&product);
        for (number, before) in numbers.iter_mut().zip(before).rev() {
            let own = self.product(&inverse, &before);
            inverse = self.product(&inverse, number);
            *number = own;
        }
    }
}
