//! Multi-scalar multiplication against the golden models.

mod windows;

use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ff::{BigInteger, PrimeField};
use chaincard::msm::{Bases, Checking, Curve, Msm, MsmError, ScalarRule, msm};
use chaincard_reference::msm as model;
use model::cases::{Case, hostile};
use model::encoding::{coordinate_bytes, encode_point};
use model::{Bls12_377, Bls12_381, Bn254, G1, Scalar, bucket, naive};
use proptest::prelude::*;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SEED: u64 = 20_261_125;

/// The chunks that a multiplication is tried with: terms one by one, some at once, all.
const CHUNKS: [usize; 4] = [0, 7, 64, Msm::DEFAULT_CHUNK];

fn model_curve(curve: Curve) -> model::Curve {
    model::Curve::from_name(curve.name()).expect("the same names")
}

fn model_error(error: MsmError) -> model::Error {
    match error {
        MsmError::BasesLength => model::Error::BasesLength,
        MsmError::ScalarsLength => model::Error::ScalarsLength,
        MsmError::Count => model::Error::Count,
        MsmError::BaseRange(index) => model::Error::BaseRange(index),
        MsmError::BaseNotOnCurve(index) => model::Error::BaseNotOnCurve(index),
        MsmError::BaseNotInSubgroup(index) => model::Error::BaseNotInSubgroup(index),
        MsmError::ScalarRange(index) => model::Error::ScalarRange(index),
    }
}

fn rules(checking: Checking, scalars: ScalarRule) -> model::Rules {
    let bases = match checking {
        Checking::Checked => model::Bases::Checked,
        Checking::Unchecked => model::Bases::Unchecked,
    };
    let scalars = match scalars {
        ScalarRule::Reduce => model::Scalars::Reduce,
        ScalarRule::Refuse => model::Scalars::Refuse,
    };
    model::Rules { bases, scalars }
}

const ALL_RULES: [(Checking, ScalarRule); 4] = [
    (Checking::Checked, ScalarRule::Reduce),
    (Checking::Checked, ScalarRule::Refuse),
    (Checking::Unchecked, ScalarRule::Reduce),
    (Checking::Unchecked, ScalarRule::Refuse),
];

fn hostile_cases<C: G1>(curve: Curve, count: usize, chunks: &[usize]) {
    let mut last: Option<(Vec<u8>, Bases)> = None;
    for case in hostile::<C>(SEED + count as u64, count) {
        let (points, scalars) = case.bytes();
        // Cases of one kind of bases follow one another.
        let bases = match last.take() {
            Some((bytes, bases)) if bytes == points => bases,
            _ => Bases::new(curve, &points, Checking::Checked).expect("good bases"),
        };
        let Case { name, expected, .. } = &case;
        let expected = encode_point(expected);
        for &chunk in chunks {
            let options = Msm { scalars: ScalarRule::Reduce, chunk };
            let sum = options.multiply(&bases, &scalars);
            assert_eq!(sum.as_ref(), Ok(&expected), "{curve}, {count} x {name}, chunk {chunk}");
        }
        let refused = msm(&bases, &scalars, ScalarRule::Refuse);
        assert_eq!(refused.is_ok(), case.is_in_range(), "{curve}, {count} x {name}");
        last = Some((points, bases));
    }
}

fn hostile_cases_of<C: G1>(curve: Curve) {
    for count in [1, 2, 3, 31, 32, 33] {
        hostile_cases::<C>(curve, count, &CHUNKS);
    }
    hostile_cases::<C>(curve, 1000, &[Msm::DEFAULT_CHUNK]);
}

#[test]
fn hostile_cases_bn254() {
    hostile_cases_of::<Bn254>(Curve::Bn254);
}

#[test]
fn hostile_cases_bls12_381() {
    hostile_cases_of::<Bls12_381>(Curve::Bls12_381);
}

#[test]
fn hostile_cases_bls12_377() {
    hostile_cases_of::<Bls12_377>(Curve::Bls12_377);
}

/// Many terms in few windows at once, and more threads than windows, which share the terms out.
#[test]
fn hostile_cases_on_few_and_many_threads() {
    for (threads, count) in [(1, 8200), (3, 700), (150, 300)] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| hostile_cases::<Bn254>(Curve::Bn254, count, &[Msm::DEFAULT_CHUNK]));
    }
}

fn random_bases_by_both_models<C: G1>(curve: Curve, counts: &[usize]) {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    for &count in counts {
        let mut bytes = || {
            let mut bytes = [0; 32];
            rng.fill_bytes(&mut bytes);
            bytes
        };
        let terms: Vec<model::Term<C>> = (0..count)
            .map(|_| {
                let multiple = Scalar::<C>::from_be_bytes_mod_order(&bytes());
                let base = naive::multiple(&C::GENERATOR, multiple.into_bigint());
                (base, Scalar::<C>::from_be_bytes_mod_order(&bytes()))
            })
            .collect();
        let points: Vec<u8> = terms.iter().flat_map(|(base, _)| encode_point(base)).collect();
        let scalars: Vec<u8> =
            terms.iter().flat_map(|(_, scalar)| model::encoding::encode_scalar(*scalar)).collect();
        let expected = encode_point(&bucket::msm(&terms, 8));
        assert_eq!(encode_point(&naive::msm(&terms)), expected);
        for (checking, rule) in ALL_RULES {
            let bases = Bases::new(curve, &points, checking).expect("good bases");
            assert_eq!((bases.len(), bases.is_empty()), (count, count == 0));
            assert_eq!(msm(&bases, &scalars, rule).as_ref(), Ok(&expected));
            let options = Msm { scalars: rule, chunk: 100 };
            let sum = options.multiply_bytes(curve, &points, checking, &scalars);
            assert_eq!(sum.as_ref(), Ok(&expected));
        }
    }
}

#[test]
fn random_terms() {
    let counts = [0, 1, 2, 3, 31, 32, 33, 1000];
    random_bases_by_both_models::<Bn254>(Curve::Bn254, &counts);
    random_bases_by_both_models::<Bls12_381>(Curve::Bls12_381, &counts);
    random_bases_by_both_models::<Bls12_381>(Curve::Bls12_381, &[4096]);
    random_bases_by_both_models::<Bls12_377>(Curve::Bls12_377, &counts);
}

/// A point outside the group of order r.
fn outside<C: G1>() -> Vec<u8> {
    let point = (2u64..)
        .find_map(|x| Affine::<C>::get_point_from_x_unchecked(x.into(), false))
        .expect("half of all x have a point");
    encode_point(&point)
}

/// The library's answer, which has to be the model's.
fn both(
    curve: Curve,
    (checking, rule): (Checking, ScalarRule),
    bases: &[u8],
    scalars: &[u8],
) -> Result<Vec<u8>, MsmError> {
    let answer = Msm::new(rule).multiply_bytes(curve, bases, checking, scalars);
    let expected = model::msm(model_curve(curve), rules(checking, rule), bases, scalars);
    assert_eq!(answer.clone().map_err(model_error), expected, "{curve}");
    if let Err(error) = answer {
        let model = model_error(error);
        assert_eq!((error.code(), error.index()), (model.code(), model.index()));
        assert_eq!(error.to_string(), model.to_string());
    }
    answer
}

fn order_of_checks<C: G1>(curve: Curve) {
    use MsmError::*;
    let good = encode_point(&C::GENERATOR);
    let size = good.len();
    let (range, off, infinity) = (vec![0xFF; size], vec![1; size], vec![0; size]);
    let checked = (Checking::Checked, ScalarRule::Refuse);
    let unchecked = (Checking::Unchecked, ScalarRule::Refuse);
    let short = good[1..].to_vec();
    let (large, zeros) = ([0xFF; 64], [0; 64]);
    let run = |rules, points: &[&Vec<u8>], scalars: &[u8]| {
        let points: Vec<u8> = points.iter().copied().flatten().copied().collect();
        both(curve, rules, &points, scalars)
    };
    assert_eq!(run(checked, &[&short], &large[1..]), Err(BasesLength));
    assert_eq!(run(checked, &[&range], &large[1..]), Err(ScalarsLength));
    assert_eq!(run(checked, &[&range], &large), Err(Count));
    assert_eq!(run(checked, &[], &large), Err(Count));
    assert_eq!(run(checked, &[&good, &range], &large), Err(BaseRange(1)));
    assert_eq!(run(unchecked, &[&good, &range], &large), Err(BaseRange(1)));
    assert_eq!(run(checked, &[&infinity, &off], &large), Err(BaseNotOnCurve(1)));
    assert_eq!(run(checked, &[&off, &range], &large), Err(BaseNotOnCurve(0)));
    assert_eq!(run(unchecked, &[&off, &good], &large), Err(ScalarRange(0)));
    assert_eq!(run(checked, &[&good, &good], &[[0; 32], [0xFF; 32]].concat()), Err(ScalarRange(1)));
    assert_eq!(run(checked, &[], &[]), Ok(infinity.clone()));
    assert_eq!(run(checked, &[&infinity, &infinity], &zeros), Ok(infinity.clone()));
    if curve != Curve::Bn254 {
        let outside = outside::<C>();
        let reduce = (Checking::Checked, ScalarRule::Reduce);
        assert_eq!(run(checked, &[&outside, &range], &large), Err(BaseNotInSubgroup(0)));
        assert_eq!(run(reduce, &[&good, &outside], &zeros), Err(BaseNotInSubgroup(1)));
        assert_eq!(run(checked, &[&off, &outside], &large), Err(BaseNotOnCurve(0)));
        assert_eq!(run(unchecked, &[&outside, &good], &zeros), Ok(infinity));
    }
    // With prepared bases, the lengths come after the bases.
    assert_eq!(Bases::new(curve, &short, Checking::Checked).err(), Some(BasesLength));
    let bases = Bases::new(curve, &good, Checking::Checked).expect("a good base");
    assert_eq!(msm(&bases, &large[1..], ScalarRule::Refuse), Err(ScalarsLength));
    assert_eq!(msm(&bases, &large, ScalarRule::Refuse), Err(Count));
    assert_eq!(bases.curve(), curve);

    // The borders of the ranges: p − 1 and p, r − 1 and r.
    let p = C::BaseField::MODULUS.to_bytes_be();
    let p = [vec![0; coordinate_bytes::<C>() - p.len()], p].concat();
    let mut below = p.clone();
    *below.last_mut().expect("bytes") -= 1;
    let coordinate = &good[..size / 2];
    let one = [0; 32];
    for pair in [[&p[..], coordinate], [coordinate, &p]] {
        assert_eq!(run(unchecked, &[&pair.concat()], &one), Err(BaseRange(0)));
    }
    for pair in [[&below[..], coordinate], [coordinate, &below]] {
        assert_eq!(run(checked, &[&pair.concat()], &one), Err(BaseNotOnCurve(0)));
    }
    let mut order = model::encoding::encode_scalar(-Scalar::<C>::from(1u64));
    run(checked, &[&good], &order).expect("r - 1 is a scalar");
    order[31] += 1;
    assert_eq!(run(checked, &[&good], &order), Err(ScalarRange(0)));
}

#[test]
fn the_first_broken_rule_decides() {
    order_of_checks::<Bn254>(Curve::Bn254);
    order_of_checks::<Bls12_381>(Curve::Bls12_381);
    order_of_checks::<Bls12_377>(Curve::Bls12_377);
}

/// Points on the curve of order 2 and 3, where doubling and adding come to infinity at once.
fn small_orders<C: G1>(curve: Curve, points: &[(C::BaseField, C::BaseField)]) {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    for &(x, y) in points {
        let point = Affine::<C>::new_unchecked(x, y);
        assert!(point.is_on_curve());
        for count in [1, 2, 3, 31, 32, 33, 200] {
            let bases = encode_point(&point).repeat(count);
            let mut scalars = vec![0; 32 * count];
            rng.fill_bytes(&mut scalars);
            let options = Msm::new(ScalarRule::Reduce);
            let error = options.multiply_bytes(curve, &bases, Checking::Checked, &scalars);
            assert_eq!(error, Err(MsmError::BaseNotInSubgroup(0)));
            let some = options.multiply_bytes(curve, &bases, Checking::Unchecked, &scalars);
            assert_eq!(some.map(|point| point.len()), Ok(curve.point_bytes()));
        }
    }
}

#[test]
fn unchecked_bases_of_small_order_give_some_point() {
    small_orders::<Bls12_381>(Curve::Bls12_381, &[(0.into(), 2.into())]);
    let one = <Bls12_377 as ark_ec::CurveConfig>::BaseField::from(1u64);
    small_orders::<Bls12_377>(Curve::Bls12_377, &[(-one, 0.into()), (0.into(), one)]);
}

#[test]
fn the_index_is_that_of_the_first_in_a_long_list() {
    for curve in Curve::ALL {
        let size = curve.point_bytes();
        let mut bases = vec![0; 40_000 * size];
        for index in [33_333, 33_334, 39_000] {
            bases[index * size] = 0xFF;
        }
        let error = Bases::new(curve, &bases, Checking::Unchecked).err();
        assert_eq!(error, Some(MsmError::BaseRange(33_333)));
    }
}

#[test]
fn names_go_both_ways() {
    for curve in Curve::ALL {
        assert_eq!(curve.to_string().parse(), Ok(curve));
        assert_eq!(curve.point_bytes(), model_curve(curve).point_bytes());
        assert_eq!(curve as u8, model_curve(curve) as u8);
    }
    for name in ["", "BN254", "bls12381", "bn254 "] {
        assert!(name.parse::<Curve>().is_err());
    }
}

fn curve() -> impl Strategy<Value = Curve> {
    prop::sample::select(&Curve::ALL[..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Points of any kind, and lengths that fit or not: the model's error where it has one, and
    /// its result where the bases keep the rules.
    #[test]
    fn any_bytes_get_an_answer(
        curve in curve(),
        rules in prop::sample::select(&ALL_RULES[..]),
        kinds in prop::collection::vec(0..8usize, 0..6),
        scalars in prop::collection::vec(any::<u8>(), 0..200),
        fitting in any::<bool>(),
        cut in 0..4usize,
        noise in any::<u64>(),
    ) {
        let mut rng = ChaCha8Rng::seed_from_u64(noise);
        let size = curve.point_bytes();
        let (generator, outside) = match curve {
            Curve::Bn254 => (encode_point(&<Bn254 as SWCurveConfig>::GENERATOR), vec![1; 64]),
            Curve::Bls12_381 => (encode_point(&<Bls12_381 as SWCurveConfig>::GENERATOR), outside::<Bls12_381>()),
            Curve::Bls12_377 => (encode_point(&<Bls12_377 as SWCurveConfig>::GENERATOR), outside::<Bls12_377>()),
        };
        let mut bases = Vec::new();
        for &kind in &kinds {
            let mut point = match kind {
                0..4 => generator.clone(),
                4 => vec![0; size],
                5 => outside.clone(),
                _ => vec![0; size],
            };
            if kind == 6 {
                rng.fill_bytes(&mut point);
                point[0] &= 1;
                point[size / 2] &= 1;
            } else if kind == 7 {
                rng.fill_bytes(&mut point);
            }
            bases.extend(point);
        }
        if cut == 3 {
            bases.pop();
        }
        let mut scalars = scalars;
        if fitting {
            scalars.resize(32 * kinds.len(), 0xA5);
        }
        let keeps = kinds.iter().all(|kind| *kind < 5);
        if keeps || rules.0 == Checking::Checked {
            let _ = both(curve, rules, &bases, &scalars);
        } else {
            // Some point: the caller vouched for what does not hold.
            let answer = Msm::new(rules.1).multiply_bytes(curve, &bases, rules.0, &scalars);
            if let Ok(point) = answer {
                prop_assert_eq!(point.len(), size);
            }
        }
    }

    /// Unchecked bases, many of them off the curve, never panic whatever the engine's method.
    #[test]
    fn unchecked_bases_of_any_kind(curve in curve(), count in 1..80usize, noise in any::<u64>()) {
        let mut rng = ChaCha8Rng::seed_from_u64(noise);
        let size = curve.point_bytes();
        let mut bases = vec![0; count * size];
        rng.fill_bytes(&mut bases);
        for half in bases.chunks_exact_mut(size / 2) {
            half[0] = 0;
            if rng.next_u32().is_multiple_of(3) {
                half.fill(0);
                half[size / 2 - 1] = (rng.next_u32() % 4) as u8;
            }
        }
        let mut scalars = vec![0; count * 32];
        rng.fill_bytes(&mut scalars);
        let sum = Msm::new(ScalarRule::Reduce)
            .multiply_bytes(curve, &bases, Checking::Unchecked, &scalars)
            .expect("all coordinates are below p");
        prop_assert_eq!(sum.len(), size);
    }
}
