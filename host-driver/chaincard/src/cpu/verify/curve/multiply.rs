//! u · G + v · Q by interleaved non-adjacent forms: one chain of doublings for both.

use super::super::limbs::Limbs;
use super::point::Addend;
use super::{Affine, Curve, Point};

/// Width of the digits of u: 2^(width − 2) points of 64 bytes in the table of G.
const BASE_WIDTH: u32 = 11;
/// Width of the digits of v: as many points are computed for each Q.
const WIDTH: u32 = 5;

/// Digits of a number below 2²⁵⁶.
const DIGITS: usize = 257;

/// G, 3 G, 5 G, …
#[derive(Debug)]
pub(in super::super) struct Table<C>(Vec<Affine<C>>);

impl<C: Curve> Table<C> {
    fn new() -> Self {
        let base = Point::from(Affine::BASE);
        let twice = Addend::from(base.double());
        let mut points = vec![base];
        for i in 1..1 << (BASE_WIDTH - 2) {
            points.push(points[i - 1].add(&twice));
        }
        Self(Point::to_affine(&points))
    }
}

/// u · G + v · `point`, for any u and v below 2²⁵⁶. About 256 doublings, 43 general and 22 mixed
/// additions.
pub(in super::super) fn multiply<C: Curve>(u: &Limbs, v: &Limbs, point: &Affine<C>) -> Point<C> {
    let base = C::base().get_or_init(Table::new);
    let odd = odd_multiples(point);
    let u = non_adjacent_form::<BASE_WIDTH>(u);
    let v = non_adjacent_form::<WIDTH>(v);
    let mut sum = Point::INFINITY;
    for (u, v) in u.into_iter().zip(v).rev() {
        sum = sum.double();
        if v != 0 {
            sum = sum.add(&odd[usize::from(v.unsigned_abs()) / 2].negate_if(v < 0));
        }
        if u != 0 {
            sum = sum.add_affine(&base.0[usize::from(u.unsigned_abs()) / 2].negate_if(u < 0));
        }
    }
    sum
}

/// The point times 1, 3, 5, …
fn odd_multiples<C: Curve>(point: &Affine<C>) -> [Addend<C>; 1 << (WIDTH - 2)] {
    let twice = Addend::from(Point::from(*point).double());
    let mut multiple = Point::from(*point);
    let mut multiples = [Addend::from(multiple); 1 << (WIDTH - 2)];
    for slot in &mut multiples[1..] {
        multiple = multiple.add(&twice);
        *slot = multiple.into();
    }
    multiples
}

/// Digits dᵢ, 0 or odd and below 2^(width − 1) in magnitude, at most one of any `W` neighbours
/// other than 0, with Σ dᵢ 2ⁱ = k.
fn non_adjacent_form<const W: u32>(k: &Limbs) -> [i16; DIGITS] {
    let mut digits = [0; DIGITS];
    let word = |i: usize| k.get(i).copied().unwrap_or(0);
    let mut carry = 0;
    let mut at = 0;
    while at < DIGITS {
        let (i, shift) = (at / 64, at % 64);
        let bits =
            if shift == 0 { word(i) } else { word(i) >> shift | word(i + 1) << (64 - shift) };
        if bits & 1 == carry {
            at += 1;
            continue;
        }
        // Odd, and at most 2^W − 1: the bit and the carry differ.
        let window = (bits & ((1 << W) - 1)) + carry;
        carry = window >> (W - 1);
        digits[at] = window as i16 - ((carry as i16) << W);
        at += W as usize;
    }
    digits
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::super::super::{limbs, p256::P256, sm2::Sm2};
    use super::*;

    /// Σ dᵢ 2ⁱ, modulo 2²⁵⁶.
    fn value(digits: &[i16]) -> Limbs {
        digits.iter().rev().fold([0; 4], |sum, &digit| {
            let (twice, _) = limbs::add(&sum, &sum);
            let magnitude = [u64::from(digit.unsigned_abs()), 0, 0, 0];
            if digit < 0 {
                limbs::sub(&twice, &magnitude).0
            } else {
                limbs::add(&twice, &magnitude).0
            }
        })
    }

    fn check_form<const W: u32>(k: &Limbs) {
        let digits = non_adjacent_form::<W>(k);
        assert_eq!(value(&digits), *k);
        for (i, &digit) in digits.iter().enumerate() {
            assert!(digit == 0 || digit % 2 != 0 && digit.unsigned_abs() < 1 << (W - 1));
            if digit != 0 {
                assert!(digits.iter().skip(i + 1).take(W as usize - 1).all(|&other| other == 0));
            }
        }
    }

    fn equal<C: Curve>(a: &Point<C>, b: &Point<C>) -> bool {
        match (a.is_infinity(), b.is_infinity()) {
            (false, false) => Point::to_affine(&[*a]) == Point::to_affine(&[*b]),
            (a, b) => a == b,
        }
    }

    /// Double and add.
    fn plain<C: Curve>(k: &Limbs, point: &Affine<C>) -> Point<C> {
        (0..256).rev().fold(Point::INFINITY, |sum, i| {
            let sum = sum.double();
            if k[i / 64] >> (i % 64) & 1 == 1 { sum.add_affine(point) } else { sum }
        })
    }

    fn corners<C: Curve>() -> Vec<Limbs> {
        let small = (0..20).map(|i| [i, 0, 0, 0]);
        let below = (0..20).map(|i| limbs::sub(&C::N, &[i, 0, 0, 0]).0);
        small
            .chain(below)
            .chain([[u64::MAX; 4], [0, 0, 0, 1 << 63], [u64::MAX, 0, u64::MAX, 0]])
            .collect()
    }

    fn check_curve<C: Curve>() {
        let base = Affine::<C>::BASE;
        assert_eq!(Affine::new(base.x, base.y), Some(base));
        assert!(plain(&C::N, &base).is_infinity());
        let seed = 7;
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut numbers = corners::<C>();
        numbers.extend((0..40).map(|_| random.random::<Limbs>()));
        // Multiples of G as Q, so that the two sums meet: equal, opposite, infinity.
        for q in [
            [1, 0, 0, 0],
            [2, 0, 0, 0],
            [3, 0, 0, 0],
            limbs::sub(&C::N, &[1, 0, 0, 0]).0,
            random.random(),
        ] {
            let point = Point::to_affine(&[plain(&q, &base)])[0];
            assert_eq!(Affine::lift(point.x, point.y.number()[0] & 1 == 1), Some(point));
            for (i, u) in numbers.iter().enumerate() {
                let v = &numbers[(i * 7 + 3) % numbers.len()];
                let expected = plain(u, &base).add(&plain(v, &point).into());
                assert!(equal(&multiply(u, v, &point), &expected), "seed {seed}: {u:x?} {v:x?}");
            }
        }
    }

    #[test]
    fn multiples_are_those_of_double_and_add() {
        check_curve::<Sm2>();
        check_curve::<P256>();
    }

    #[test]
    fn digits_make_up_the_number() {
        let mut random = ChaCha8Rng::seed_from_u64(8);
        let numbers: Vec<_> =
            corners::<Sm2>().into_iter().chain((0..500).map(|_| random.random())).collect();
        for k in &numbers {
            check_form::<WIDTH>(k);
            check_form::<BASE_WIDTH>(k);
        }
    }
}
