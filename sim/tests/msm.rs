//! The engine of multi-scalar multiplication against the reference, on every curve.

use ark_ec::short_weierstrass::Affine;
use ark_ec::{AffineRepr, CurveGroup};
use chaincard_hdl::msm::{Config, Curve};
use chaincard_reference::msm::encoding::encode_scalar;
use chaincard_reference::msm::toy::PrimeOrder;
use chaincard_reference::msm::{Bls12_377, Bls12_381, Bn254, G1, Scalar, Term, bucket, cases};
use chaincard_sim::msm::{Machine, sums};
use chaincard_sim::stream::{SplitMix64, Stalls};

const SEED: u64 = 0x4D53_4D31;

/// Stalls on both streams, so that words come and go at any time.
const STALLS: Stalls = Stalls { seed: SEED, input: 100, output: 100 };

/// y² = x³ + 7 modulo 43: 3·7 is 64 there.
fn toy() -> Curve {
    Curve { p: 43_u32.into(), three_b: (5, 5), scalar_bits: 5 }
}

/// Compares the sums of the windows, and the total, with the reference.
fn check<C: G1>(engine: &mut Machine, terms: &[Term<C>], what: &str) {
    let bytes: Vec<_> =
        terms.iter().map(|(base, scalar)| (*base, encode_scalar(*scalar))).collect();
    let sums = sums(engine, &bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    let window = engine.config().window;
    let steps = bucket::steps(terms, window);
    let expected: Vec<_> = steps.windows.iter().map(|window| window.sum).collect();
    assert_eq!(sums.windows, expected, "{what}");
    assert_eq!(sums.total(engine.config()), steps.result, "{what}");
}

/// Multiples of the generator from 0 on.
fn multiples<C: G1>(count: usize) -> Vec<Affine<C>> {
    let steps = std::iter::successors(Some(Affine::<C>::identity()), |point| {
        Some((*point + Affine::<C>::generator()).into_affine())
    });
    steps.take(count).collect()
}

#[test]
fn all_pairs_of_points_of_a_toy_curve() {
    let points = multiples::<PrimeOrder>(31);
    for window in [2, 3, 4] {
        let config = Config { curve: toy(), window, adders: 1 };
        let mut engine = Machine::new(config, STALLS).unwrap();
        let mut rng = SplitMix64(SEED + u64::from(window));
        for (i, one) in points.iter().enumerate() {
            for (j, other) in points.iter().enumerate() {
                // Once into the same bucket, once anywhere.
                let scalar: Scalar<PrimeOrder> = (1 + (i as u64 * 31 + j as u64) % 30).into();
                let any = Scalar::<PrimeOrder>::from(rng.next_u64() % 31);
                check(&mut engine, &[(*one, scalar), (*other, scalar)], &format!("{i}, {j}"));
                check(&mut engine, &[(*one, scalar), (*other, any)], &format!("{i}, {j}, {any}"));
            }
        }
    }
}

#[test]
fn many_terms_of_a_toy_curve() {
    let points = multiples::<PrimeOrder>(31);
    let config = Config { curve: toy(), window: 3, adders: 1 };
    let mut engine = Machine::new(config, Stalls::default()).unwrap();
    let mut rng = SplitMix64(SEED);
    for count in [1, 2, 3, 31, 32, 33, 500] {
        for scalars in [1, 2, 3, 31] {
            let mut below = |bound| rng.next_u64() % bound;
            let terms: Vec<Term<PrimeOrder>> =
                (0..count).map(|_| (points[below(31) as usize], below(scalars).into())).collect();
            check::<PrimeOrder>(
                &mut engine,
                &terms,
                &format!("{count} terms, scalars below {scalars}"),
            );
        }
    }
}

/// The hostile cases one after another on one engine.
fn hostile<C: G1>(curve: Curve, count: usize, step: usize) {
    let config = Config::small(curve);
    let mut engine = Machine::new(config, STALLS).unwrap();
    for case in cases::hostile::<C>(SEED, count).iter().step_by(step) {
        let terms = case.terms();
        check(&mut engine, &terms, &case.name);
    }
}

#[test]
fn hostile_cases_on_bn254() {
    hostile::<Bn254>(Curve::bn254(), 9, 3);
}

#[test]
fn hostile_cases_on_bls12_381() {
    hostile::<Bls12_381>(Curve::bls12_381(), 9, 5);
}

#[test]
fn hostile_cases_on_bls12_377() {
    hostile::<Bls12_377>(Curve::bls12_377(), 7, 13);
}
