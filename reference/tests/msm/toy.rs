//! Everything there is, on curves of a few dozen points.

use ark_ec::CurveGroup;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ff::PrimeField;
use chaincard_reference::msm::bucket::{self, WIDTHS};
use chaincard_reference::msm::encoding::is_in_subgroup;
use chaincard_reference::msm::toy::{PrimeOrder, WithCofactor};
use chaincard_reference::msm::{G1, Scalar, Term, naive};

/// All points of the curve, by trying all coordinates; infinity first.
fn all_points<C: G1>() -> Vec<Affine<C>> {
    let field = || (0u64..43).map(C::BaseField::from);
    let finite = field()
        .flat_map(|x| field().map(move |y| Affine::<C>::new_unchecked(x, y)))
        .filter(|point| point.y * point.y == point.x * point.x * point.x + C::COEFF_B);
    std::iter::once(Affine::identity()).chain(finite).collect()
}

/// 0·P, 1·P, ... (count − 1)·P by additions.
fn multiples<C: G1>(point: Affine<C>, count: usize) -> Vec<Affine<C>> {
    std::iter::successors(Some(Affine::identity()), |&sum| Some((sum + point).into_affine()))
        .take(count)
        .collect()
}

fn order<C: G1>() -> usize {
    Scalar::<C>::MODULUS.as_ref()[0] as usize
}

fn term<C: G1>(point: Affine<C>, scalar: usize) -> Term<C> {
    (point, Scalar::<C>::from(scalar as u64))
}

fn curve_is_right<C: G1>(points: usize) {
    let all = all_points::<C>();
    assert_eq!(all.len(), points);
    let group = multiples(C::GENERATOR, order::<C>());
    assert_eq!((group[order::<C>() - 1] + C::GENERATOR).into_affine(), Affine::identity());
    for point in all {
        assert_eq!(is_in_subgroup(&point), group.contains(&point), "{point}");
    }
}

#[test]
fn curves_and_subgroups_are_right() {
    curve_is_right::<PrimeOrder>(31);
    curve_is_right::<WithCofactor>(52);
}

/// Bases off the group of order r, too: on the curve, the models are right for them as well.
fn one_term<C: G1>() {
    for point in all_points::<C>() {
        for (scalar, expected) in multiples(point, order::<C>()).into_iter().enumerate() {
            let terms = [term(point, scalar)];
            assert_eq!(naive::msm(&terms), expected, "{scalar} times {point}");
            for width in WIDTHS {
                assert_eq!(bucket::msm(&terms, width), expected, "{scalar}, {point}, {width}");
            }
        }
    }
}

#[test]
fn every_term_of_the_prime_order_curve() {
    one_term::<PrimeOrder>();
}

#[test]
fn every_term_of_the_curve_with_cofactor() {
    one_term::<WithCofactor>();
}

/// Two bases of the group with two scalars. Windows wider than the scalar and its carry have the
/// digits of those that just hold it; beyond 8 bits only some pairs are tried.
#[test]
fn every_two_terms() {
    let order = order::<WithCofactor>();
    let group = multiples(WithCofactor::GENERATOR, order);
    let mut count = 0usize;
    for (a, b) in (0..order).flat_map(|a| (0..order).map(move |b| (a, b))) {
        for (k, l) in (0..order).flat_map(|k| (0..order).map(move |l| (k, l))) {
            let terms = [term(group[a], k), term(group[b], l)];
            let expected = group[(a * k + b * l) % order];
            assert_eq!(naive::msm(&terms), expected, "{a}·{k} + {b}·{l}");
            count += 1;
            let widest = if count.is_multiple_of(101) { 16 } else { 8 };
            for width in 2..=widest {
                assert_eq!(bucket::msm(&terms, width), expected, "{a}·{k} + {b}·{l}, {width}");
            }
        }
    }
}

/// Three bases with every three scalars, and no term at all.
#[test]
fn every_three_scalars() {
    let order = order::<PrimeOrder>();
    let group = multiples(PrimeOrder::GENERATOR, order);
    for a in [1, 2, 30] {
        for scalars in 0..order.pow(3) {
            let [k, l, m] = [scalars % order, scalars / order % order, scalars / order.pow(2)];
            let terms = [term(group[1], k), term(group[a], l), term(group[5], m)];
            let expected = group[(k + a * l + 5 * m) % order];
            assert_eq!(naive::msm(&terms), expected, "{k}, {a}·{l}, 5·{m}");
            for width in 2..=4 {
                assert_eq!(bucket::msm(&terms, width), expected, "{k}, {a}·{l}, 5·{m}, {width}");
            }
        }
    }
    for width in WIDTHS {
        assert_eq!(bucket::msm::<PrimeOrder>(&[], width), Affine::identity());
    }
}
