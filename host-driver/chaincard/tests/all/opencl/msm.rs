//! Multiplications on whatever OpenCL device there is, against the golden models.

use chaincard::msm::{Bases, Checking, Curve, Msm, ScalarRule, Terms};
use chaincard::{Accelerator, Device, DeviceError, Operation, Policy, Registry};
use chaincard_reference::msm::cases::hostile;
use chaincard_reference::msm::encoding::encode_point;
use chaincard_reference::msm::{Bls12_381, Bn254, G1};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SEED: u64 = 20_261_129;
const REDUCE: Msm = Msm::new(ScalarRule::Reduce);

/// Without the CPU, and believed as it is.
fn alone() -> Accelerator {
    let policy = Policy { sample_valid: 0.0, ..Policy::without_fallback() };
    Accelerator::builder().registry(Registry::new()).name("opencl").policy(policy).build().unwrap()
}

fn hostile_cases<C: G1>(accelerator: &Accelerator, curve: Curve, count: usize) {
    let mut last: Option<(Vec<u8>, Bases)> = None;
    for case in hostile::<C>(SEED, count) {
        let (points, scalars) = case.bytes();
        let bases = match last.take() {
            Some((bytes, bases)) if bytes == points => bases,
            _ => Bases::new(curve, &points, Checking::Checked).unwrap(),
        };
        let sum = accelerator.msm(&bases, &scalars, REDUCE).unwrap().point;
        assert_eq!(sum, encode_point(&case.expected), "{curve}, {count} x {}", case.name);
        last = Some((points, bases));
    }
}

#[test]
fn hostile_cases_have_the_sums_of_the_model() {
    let accelerator = alone();
    for count in [1, 2, 3, 40] {
        hostile_cases::<Bn254>(&accelerator, Curve::Bn254, count);
        hostile_cases::<Bls12_381>(&accelerator, Curve::Bls12_381, count);
    }
}

fn random_terms<C: G1>(accelerator: &Accelerator, curve: Curve) {
    for count in [0, 31, 32, 33, 1000, 4096] {
        let case = hostile::<C>(SEED, count).swap_remove(0);
        let (points, scalars) = case.bytes();
        let bases = Bases::new(curve, &points, Checking::Checked).unwrap();
        // In one part, and in several.
        for chunk in [usize::MAX, 1500] {
            let options = Msm { scalars: ScalarRule::Refuse, chunk };
            let answer = accelerator.msm(&bases, &scalars, options).unwrap();
            assert_eq!(answer.point, encode_point(&case.expected), "{curve}, {count} terms");
            assert_eq!(&*answer.outcome.device, "opencl");
        }
    }
}

#[test]
fn random_terms_have_the_sums_of_the_model() {
    let accelerator = alone();
    random_terms::<Bn254>(&accelerator, Curve::Bn254);
    random_terms::<Bls12_381>(&accelerator, Curve::Bls12_381);
}

#[test]
fn the_linear_check_passes() {
    for curve in [Curve::Bn254, Curve::Bls12_381] {
        let accelerator = alone();
        let case = hostile::<Bn254>(SEED, 50).swap_remove(0);
        let other = hostile::<Bls12_381>(SEED, 50).swap_remove(0);
        let ((points, scalars), sum) = match curve {
            Curve::Bn254 => (case.bytes(), encode_point(&case.expected)),
            _ => (other.bytes(), encode_point(&other.expected)),
        };
        let bases = Bases::new(curve, &points, Checking::Checked).unwrap();
        bases.prepare_check().unwrap();
        for _ in 0..3 {
            assert_eq!(accelerator.msm(&bases, &scalars, REDUCE).unwrap().point, sum);
        }
        let counters = accelerator.metrics().devices[0].operations.clone();
        assert_eq!(counters[Operation::Msm(curve).index()].1.checks, 3);
    }
}

#[test]
fn a_curve_without_kernels_goes_to_the_cpu() {
    let accelerator = Accelerator::open("opencl").unwrap();
    let bases = Bases::new(Curve::Bls12_377, &[0; 96], Checking::Checked).unwrap();
    let answer = accelerator.msm(&bases, &[7; 32], REDUCE).unwrap();
    assert!(answer.outcome.device.starts_with("cpu"), "{}", answer.outcome.device);
    let terms = Terms::new(&bases, 0, &[[7; 32]]).unwrap();
    let device = chaincard::opencl::OpenCl::open("opencl", 0).unwrap();
    let error = device.multiply(&terms, &mut [0; 96]).unwrap_err();
    assert!(matches!(error, DeviceError::Unsupported { operation: "bls12-377", .. }), "{error}");
}

#[test]
fn commitments_are_those_of_c_kzg() {
    let accelerator = alone();
    let settings = c_kzg::ethereum_kzg_settings(0);
    let mut random = vec![0; 131_072];
    ChaCha8Rng::seed_from_u64(SEED).fill_bytes(&mut random);
    random.iter_mut().step_by(32).for_each(|byte| *byte %= 0x73);
    for blob in [vec![0; 131_072], random] {
        let right = c_kzg::Blob::from_bytes(&blob).unwrap();
        let right = settings.blob_to_kzg_commitment(&right).unwrap().to_bytes().into_inner();
        assert_eq!(accelerator.blob_to_kzg_commitment(&blob).unwrap(), right);
    }
}
