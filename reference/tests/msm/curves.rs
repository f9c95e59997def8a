//! The real curves: hostile cases by both models and by arkworks.

use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::{AdditiveGroup, PrimeField};
use chaincard_reference::msm::bucket::{self, WIDTHS};
use chaincard_reference::msm::cases::{Case, hostile};
use chaincard_reference::msm::{
    Bases, Bls12_377, Bls12_381, Bn254, Curve, Error, G1, Rules, Scalars, Term, msm, naive,
};

fn arkworks<C: G1>(terms: &[Term<C>]) -> Affine<C> {
    let (bases, scalars): (Vec<_>, Vec<_>) = terms.iter().copied().unzip();
    Projective::<C>::msm(&bases, &scalars).expect("as many").into_affine()
}

/// Wide windows have tens of thousands of buckets: few cases go through them.
fn check<C: G1>(case: &Case<C>, widths: impl IntoIterator<Item = u32>) {
    let terms = case.terms();
    assert_eq!(naive::msm(&terms), case.expected, "{}", case.name);
    assert_eq!(arkworks(&terms), case.expected, "{}", case.name);
    for width in widths {
        assert_eq!(bucket::msm(&terms, width), case.expected, "{}, {width}", case.name);
    }
}

fn curve<C: G1>(seed: u64) {
    println!("seed {seed}");
    for case in hostile::<C>(seed, 7) {
        check(&case, [2, 3, 4, 5, 6]);
    }
    for count in [0, 1] {
        for case in hostile::<C>(seed, count) {
            check(&case, [2, 5]);
        }
    }
    let many = hostile::<C>(seed + 1, 60);
    for case in many.iter().step_by(29) {
        check(case, WIDTHS);
    }
}

#[test]
fn models_agree_on_bn254() {
    curve::<Bn254>(254);
}

#[test]
fn models_agree_on_bls12_381() {
    curve::<Bls12_381>(381);
}

#[test]
fn models_agree_on_bls12_377() {
    curve::<Bls12_377>(377);
}

/// Each step from its definition, by other means than the model's.
fn steps<C: G1>(case: &Case<C>, width: u32) {
    let terms = case.terms();
    let steps = bucket::steps(&terms, width);
    assert_eq!(steps.result, case.expected, "{}", case.name);
    let mut above = Affine::<C>::identity();
    for (index, window) in steps.windows.iter().enumerate().rev() {
        let mut sum = Affine::<C>::identity().into_group();
        for (bucket, j) in window.buckets.iter().zip(1i32..) {
            let mut content = Affine::<C>::identity().into_group();
            for ((base, _), digits) in terms.iter().zip(&steps.digits) {
                match digits[index] {
                    digit if digit == j => content += base,
                    digit if digit == -j => content -= base,
                    _ => (),
                }
            }
            assert_eq!(*bucket, content.into_affine(), "{}, bucket {j}", case.name);
            sum += naive::multiple(bucket, [j as u64]);
        }
        assert_eq!(window.sum, sum.into_affine(), "{}", case.name);
        let total = naive::multiple(&above, [1 << width]) + window.sum;
        assert_eq!(window.total, total.into_affine(), "{}", case.name);
        above = window.total;
    }
    assert_eq!(steps.windows[0].total, steps.result);
}

#[test]
fn steps_are_what_they_are_defined_to_be() {
    for case in hostile::<Bn254>(3, 5).iter().step_by(5) {
        steps(case, 4);
    }
    for case in hostile::<Bls12_377>(4, 5).iter().step_by(17) {
        steps(case, 5);
    }
}

fn on_bytes<C: G1>(curve: Curve) {
    let rules = |scalars| Rules { bases: Bases::Checked, scalars };
    for case in hostile::<C>(9, 4) {
        let (bases, scalars) = case.bytes();
        let expected = Ok(chaincard_reference::msm::encoding::encode_point(&case.expected));
        assert_eq!(msm(curve, rules(Scalars::Reduce), &bases, &scalars), expected);
        let refused = msm(curve, rules(Scalars::Refuse), &bases, &scalars);
        match case.is_in_range() {
            true => assert_eq!(refused, expected, "{}", case.name),
            false => assert!(matches!(refused, Err(Error::ScalarRange(_))), "{}", case.name),
        }
    }
}

#[test]
fn bytes_go_in_and_out() {
    on_bytes::<Bn254>(Curve::Bn254);
    on_bytes::<Bls12_381>(Curve::Bls12_381);
    on_bytes::<Bls12_377>(Curve::Bls12_377);
}

/// On the curve, outside the group: k·P for k below r, without an endomorphism's shortcut.
#[test]
fn unchecked_bases_off_the_group_are_multiplied_all_the_same() {
    let outside = (1u64..)
        .find_map(|x| Affine::<Bls12_381>::get_point_from_x_unchecked(x.into(), false))
        .expect("half of all x have a point");
    let minus_one = -<Bls12_381 as ark_ec::CurveConfig>::ScalarField::from(1u64);
    let mut expected = Projective::<Bls12_381>::ZERO;
    for bit in ark_ff::BitIteratorBE::new(minus_one.into_bigint()) {
        expected.double_in_place();
        if bit {
            expected += outside;
        }
    }
    assert_ne!(expected.into_affine(), -outside);
    assert_eq!(naive::msm(&[(outside, minus_one)]), expected.into_affine());
    assert_eq!(bucket::msm(&[(outside, minus_one)], 7), expected.into_affine());
}
