//! Multi-scalar multiplication on every OpenCL device against the golden models.

use ark_ec::short_weierstrass::Affine;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, Field, PrimeField};
use chaincard_opencl::{MsmCurve, Multiplier, OpenClError, list};
use chaincard_reference::msm::cases::{Case, hostile};
use chaincard_reference::msm::encoding::encode_scalar;
use chaincard_reference::msm::{Bls12_381, Bn254, G1, bucket};

const SEED: u64 = 20_261_128;

/// All devices, with both kinds of arithmetic.
fn multipliers() -> Vec<Multiplier> {
    let all = list().expect("list");
    assert!(!all.is_empty(), "no OpenCL device: PoCL is enough for this test");
    let open = |index, extensions| Multiplier::open_with(index, extensions).expect("open");
    all.iter()
        .flat_map(|info| [true, false].map(|extensions| open(info.index, extensions)))
        .collect()
}

/// X, Y and Z as an affine point.
fn affine<C: G1>(bytes: &[u8]) -> Affine<C> {
    let coordinates = bytes.chunks_exact(bytes.len() / 3).map(|bytes| {
        let number = C::BaseField::from_be_bytes_mod_order(bytes);
        let back = ark_ff::BigInteger::to_bytes_be(&number.into_bigint());
        assert_eq!(back, bytes, "below p");
        number
    });
    let [x, y, z] = coordinates.collect::<Vec<_>>().try_into().expect("three");
    match z.inverse() {
        Some(inverse) => Affine::new_unchecked(x * inverse, y * inverse),
        None => {
            assert!(x == C::BaseField::ZERO && y != C::BaseField::ZERO);
            Affine::identity()
        }
    }
}

fn points<C: G1>(case: &Case<C>) -> Vec<u8> {
    case.bytes().0
}

/// Puts a case before a device: each window against the model, and the result.
fn compare<C: G1>(multiplier: &Multiplier, curve: MsmCurve, case: &Case<C>) {
    let bases = multiplier.prepare(curve, &points(case)).expect("bases");
    let terms = case.terms();
    let scalars: Vec<[u8; 32]> = terms.iter().map(|(_, scalar)| encode_scalar(*scalar)).collect();
    // Bases serve more than once.
    let first = multiplier.window_sums(&bases, &scalars).expect("sums");
    let sums = multiplier.window_sums(&bases, &scalars).expect("sums");
    let name = || format!("{}, {} terms: {}", curve.name(), terms.len(), case.name);
    assert_eq!(first, sums, "{}", name());
    let steps = bucket::steps(&terms, sums.width);
    let size = 3 * curve.coordinate_bytes();
    assert_eq!(sums.sums.len(), steps.windows.len() * size);
    let mut total = Affine::<C>::identity();
    for (window, sum) in steps.windows.iter().zip(sums.sums.chunks_exact(size)).rev() {
        let sum = affine::<C>(sum);
        assert_eq!(sum, window.sum, "{}", name());
        let doubled = (0..sums.width).fold(total.into_group(), |total, _| total + total);
        total = (doubled + sum).into_affine();
    }
    assert_eq!(total, case.expected, "{}", name());
}

fn hostile_cases<C: G1>(curve: MsmCurve) {
    let cases: Vec<_> =
        [1, 2, 3, 40].iter().flat_map(|&count| hostile::<C>(SEED + count as u64, count)).collect();
    for multiplier in multipliers() {
        for case in &cases {
            compare(&multiplier, curve, case);
        }
    }
}

#[test]
fn hostile_cases_bn254() {
    hostile_cases::<Bn254>(MsmCurve::Bn254);
}

#[test]
fn hostile_cases_bls12_381() {
    hostile_cases::<Bls12_381>(MsmCurve::Bls12_381);
}

/// Long ones: several pieces in a bucket, several launches of windows.
fn long_cases<C: G1>(curve: MsmCurve) {
    let multipliers = multipliers();
    for count in [0, 31, 32, 33, 1000, 4096] {
        let cases = hostile::<C>(SEED, count);
        for kind in ["distinct bases, random scalars", "equal bases, one bucket in every window"] {
            let case = cases.iter().find(|case| case.name == kind).expect("a kind of cases");
            compare(&multipliers[0], curve, case);
        }
    }
}

#[test]
fn long_cases_bn254() {
    long_cases::<Bn254>(MsmCurve::Bn254);
}

#[test]
fn long_cases_bls12_381() {
    long_cases::<Bls12_381>(MsmCurve::Bls12_381);
}

#[test]
fn calls_that_make_no_sense() {
    let [multiplier, other] = [0, 0].map(|index| Multiplier::open(index).expect("open"));
    let error = multiplier.prepare(MsmCurve::Bls12_381, &[0; 95]).err();
    assert!(matches!(error, Some(OpenClError::Bases { curve: "bls12-381", found: 95 })));
    let max = multiplier.max_terms();
    let error = multiplier.prepare(MsmCurve::Bn254, &vec![0; 64 * (max + 1)]).err();
    assert!(matches!(error, Some(OpenClError::TooManyTerms { found, max: most })
        if (found, most) == (max + 1, max)));
    let bases = multiplier.prepare(MsmCurve::Bn254, &[0; 128]).expect("bases");
    assert_eq!((bases.len(), bases.is_empty()), (2, false));
    let error = multiplier.window_sums(&bases, &[[0; 32]]).err();
    assert!(matches!(error, Some(OpenClError::Scalars { found: 1, needed: 2 })));
    let error = multiplier.window_sums(&bases, &[[0x3F; 32], [0x40; 32]]).err();
    assert!(matches!(error, Some(OpenClError::ScalarBits { index: 1, bits: 254 })));
    let error = other.window_sums(&bases, &[[0; 32]; 2]).err();
    assert!(matches!(error, Some(OpenClError::OtherDevice)));
    assert_eq!(Multiplier::bases_bytes(MsmCurve::Bls12_381, 10), 960);
    assert!(matches!(Multiplier::open(999).err(), Some(OpenClError::NoDevice { index: 999, .. })));
}
