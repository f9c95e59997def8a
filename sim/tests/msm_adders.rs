//! Engines of several adders against the reference: the sums of every window of every adder, and
//! the point that they make.

use ark_ec::short_weierstrass::Affine;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::PrimeField;
use chaincard_hdl::msm::{Config, Curve};
use chaincard_reference::msm::cases;
use chaincard_reference::msm::encoding::{encode_point, encode_scalar};
use chaincard_reference::msm::toy::PrimeOrder;
use chaincard_reference::msm::{Bls12_381, Bn254, G1, Scalar, Term, bucket, naive};
use chaincard_sim::msm::{Machine, combine, points, sums};
use chaincard_sim::stream::{SplitMix64, Stalls};

const SEED: u64 = 0x4D53_4D41;

/// Stalls on both streams, so that words come and go at any time.
const STALLS: Stalls = Stalls { seed: SEED, input: 100, output: 100 };

/// y² = x³ + 7 modulo 43, of 31 points, with scalars of so many bits.
fn toy(scalar_bits: u32) -> Curve {
    Curve { p: 43_u32.into(), three_b: (5, 5), scalar_bits }
}

/// Words of a multiplication, as an engine takes them.
type Encoded = Vec<(Vec<u8>, [u8; 32])>;

fn encode<C: G1>(terms: &[Term<C>]) -> Encoded {
    terms.iter().map(|(base, scalar)| (encode_point(base), encode_scalar(*scalar))).collect()
}

fn borrowed(terms: &Encoded) -> Vec<(&[u8], [u8; 32])> {
    terms.iter().map(|(base, scalar)| (base.as_slice(), *scalar)).collect()
}

/// Bits 256/adders·adder … 256/adders·(adder + 1) − 1 of the scalar, from bit 0 on.
fn share<C: G1>(scalar: Scalar<C>, adders: usize, adder: usize) -> Scalar<C> {
    let bytes = 32 / adders;
    let mut all = encode_scalar(scalar);
    all.reverse();
    Scalar::<C>::from_le_bytes_mod_order(&all[bytes * adder..bytes * (adder + 1)])
}

/// Compares the sums with those of the reference, of each share as scalars of their own, and their
/// combination with the reference of the whole.
fn compare<C: G1>(config: &Config, curve: chaincard::msm::Curve, sums: &[u8], terms: &[Term<C>]) {
    let found = points::<C>(config, sums).unwrap();
    let mut windows = found.iter();
    for adder in 0..config.adders {
        let shares: Vec<Term<C>> = terms
            .iter()
            .map(|(base, scalar)| (*base, share::<C>(*scalar, config.adders, adder)))
            .collect();
        let steps = bucket::steps(&shares, config.window);
        let (used, unused) = steps.windows.split_at(config.share(adder).windows());
        assert!(unused.iter().all(|window| window.sum.is_zero()));
        for (index, window) in used.iter().enumerate() {
            assert_eq!(windows.next(), Some(&window.sum), "window {index} of adder {adder}");
        }
    }
    assert_eq!(windows.next(), None);
    let expected = encode_point(&naive::msm(terms));
    assert_eq!(combine(config, curve, sums).unwrap(), expected);
}

/// One term, two, 33, and hard cases of nine; then two multiplications at once, and one after some
/// that are given up in every phase.
fn multiplies<C: G1>(gates: Curve, curve: chaincard::msm::Curve, adders: usize, step: usize) {
    let config = Config::small(gates).with_adders(adders);
    let mut engine = Machine::new(config.clone(), STALLS).unwrap();
    let plain = [1, 2, 33].map(|count| cases::plain::<C>(SEED, count));
    let hostile = cases::hostile::<C>(SEED, 9);
    for case in plain.iter().chain(hostile.iter().skip(adders).step_by(step)) {
        println!("{}, {} terms", case.name, case.scalars.len());
        let terms = case.terms();
        let (sums, _) = engine.run(&borrowed(&encode(&terms))).unwrap();
        compare(&config, curve, &sums, &terms);
    }

    let both = [&plain[1], &plain[0]].map(|case| case.terms());
    let encoded = both.each_ref().map(|terms| encode(terms));
    let offered = encoded.each_ref().map(borrowed);
    let (sums, _) = engine.run_all(&[&offered[0], &offered[1]]).unwrap();
    for (sums, terms) in sums.iter().zip(&both) {
        compare(&config, curve, sums, terms);
    }

    let (_, cycles) = engine.run(&offered[0]).unwrap();
    for given_up in [150, 1_000, cycles / 2, cycles - 200] {
        println!("given up after {given_up} of {cycles} cycles");
        engine.abandon(&offered[0], given_up).unwrap();
        let (sums, _) = engine.run(&offered[1]).unwrap();
        compare(&config, curve, &sums, &both[1]);
    }
}

#[test]
fn two_adders_on_bn254() {
    multiplies::<Bn254>(Curve::bn254(), chaincard::msm::Curve::Bn254, 2, 21);
}

#[test]
fn four_adders_on_bn254() {
    multiplies::<Bn254>(Curve::bn254(), chaincard::msm::Curve::Bn254, 4, 27);
}

#[test]
fn two_adders_on_bls12_381() {
    multiplies::<Bls12_381>(Curve::bls12_381(), chaincard::msm::Curve::Bls12_381, 2, 51);
}

#[test]
fn four_adders_on_bls12_381() {
    multiplies::<Bls12_381>(Curve::bls12_381(), chaincard::msm::Curve::Bls12_381, 4, 51);
}

/// Multiples of the generator from 0 on.
fn toy_points() -> Vec<Affine<PrimeOrder>> {
    let steps = std::iter::successors(Some(Affine::<PrimeOrder>::identity()), |point| {
        Some((*point + Affine::<PrimeOrder>::generator()).into_affine())
    });
    steps.take(31).collect()
}

/// One in `every` of the pairs of points, with scalars of as many bits as the engine takes: ones and
/// zeros in long rows, which carry from window to window, and any bits.
fn pairs(adders: usize, bits: u32, window: u32, every: usize) {
    let points = toy_points();
    let config = Config { curve: toy(bits), window, adders };
    let mut engine = Machine::new(config.clone(), STALLS).unwrap();
    let mut rng = SplitMix64(SEED + u64::from(bits));
    let mut scalar = || {
        let mut bytes: [u8; 32] = std::array::from_fn(|_| match rng.next_u64() % 4 {
            0 => 0,
            1 | 2 => 0xFF,
            _ => rng.next_u64() as u8,
        });
        bytes[0] &= (0xFF_u32 >> (256 - bits)) as u8;
        bytes
    };
    for (number, (i, j)) in (0..961).map(|pair| (pair / 31, pair % 31)).enumerate() {
        if number % every != 0 {
            continue;
        }
        let terms = [(points[i], scalar()), (points[j], scalar())];
        let found = sums(&mut engine, &terms).unwrap().total(&config);
        let reduced = terms
            .map(|(base, scalar)| (base, Scalar::<PrimeOrder>::from_be_bytes_mod_order(&scalar)));
        assert_eq!(found, naive::msm::<PrimeOrder>(&reduced), "{terms:?}");
    }
}

#[test]
fn pairs_of_points_of_a_toy_curve() {
    pairs(2, 249, 3, 23);
    pairs(8, 255, 3, 7);
}

#[test]
fn one_adder_in_the_wrapper_is_an_engine() {
    let config = Config { curve: toy(5), window: 3, adders: 1 };
    let mut engine = Machine::new(config.clone(), STALLS).unwrap();
    let mut wrapped = Machine::one_of_adders(config, STALLS).unwrap();
    let points = toy_points();
    let mut rng = SplitMix64(SEED);
    for count in [1, 2, 33] {
        let mut below = || rng.next_u64() % 31;
        let terms: Vec<Term<PrimeOrder>> =
            (0..count).map(|_| (points[below() as usize], below().into())).collect();
        let encoded = encode(&terms);
        let offered = borrowed(&encoded);
        let sums = engine.run_all(&[&offered, &offered]).unwrap();
        assert_eq!(wrapped.run_all(&[&offered, &offered]).unwrap(), sums, "{count} terms");
    }
}
