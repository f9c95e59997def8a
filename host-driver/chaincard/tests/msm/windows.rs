//! What the host does for devices: combining windows, and masking scalars.

use ark_ec::AffineRepr;
use ark_ff::{AdditiveGroup, BigInteger, PrimeField};
use chaincard::msm::{Bases, Checking, Curve, Terms, WindowsError, combine_windows, msm, windows};
use chaincard_reference::msm as model;
use model::encoding::{coordinate_bytes, encode_point};
use model::{Bls12_377, Bls12_381, Bn254, G1, Scalar, bucket, cases::hostile, naive};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SEED: u64 = 20_261_126;

fn random<F: PrimeField>(rng: &mut ChaCha8Rng) -> F {
    let mut bytes = [0; 48];
    rng.fill_bytes(&mut bytes);
    F::from_be_bytes_mod_order(&bytes)
}

/// `number`, or the largest number of as many bytes that is equal to it modulo p.
fn encoded<F: PrimeField>(number: F, size: usize, largest: bool) -> Vec<u8> {
    let mut bytes = number.into_bigint().to_bytes_be();
    let p = F::MODULUS.to_bytes_be();
    let more = |bytes: &[u8]| {
        let mut more = bytes.to_vec();
        let carry = more.iter_mut().zip(&p).rev().fold(0, |carry, (byte, p)| {
            let sum = u16::from(*byte) + u16::from(*p) + carry;
            *byte = sum as u8;
            sum >> 8
        });
        (largest && carry == 0).then_some(more)
    };
    while let Some(more) = more(&bytes) {
        bytes = more;
    }
    assert_eq!(bytes.len(), size);
    bytes
}

fn by_the_bucket_model<C: G1>(curve: Curve) {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let size = coordinate_bytes::<C>();
    let terms: Vec<model::Term<C>> = (0..20)
        .map(|_| {
            let multiple: Scalar<C> = random(&mut rng);
            (naive::multiple(&C::GENERATOR, multiple.into_bigint()), random(&mut rng))
        })
        .collect();
    for width in [2, 5, 13, 16] {
        let steps = bucket::steps(&terms, width);
        assert_eq!(windows(curve, width), Ok(steps.windows.len()));
        for largest in [false, true] {
            let mut sums = Vec::new();
            for window in &steps.windows {
                let z: C::BaseField = random(&mut rng);
                let (x, y, z) = match window.sum.xy() {
                    Some((x, y)) => (x * z, y * z, z),
                    None => (C::BaseField::ZERO, z, C::BaseField::ZERO),
                };
                sums.extend([x, y, z].map(|number| encoded(number, size, largest)).concat());
            }
            let point = combine_windows(curve, width, &sums);
            assert_eq!(point, Ok(encode_point(&steps.result)), "{curve}, {width} bits");
        }
    }
}

#[test]
fn windows_make_the_result_of_the_bucket_model() {
    by_the_bucket_model::<Bn254>(Curve::Bn254);
    by_the_bucket_model::<Bls12_381>(Curve::Bls12_381);
    by_the_bucket_model::<Bls12_377>(Curve::Bls12_377);
}

fn what_is_no_point<C: G1>(curve: Curve) {
    let size = coordinate_bytes::<C>();
    let count = windows(curve, 16).expect("a width");
    let sum = |x: u8, y: u8, z: u8| [x, y, z].map(|byte| [vec![0; size - 1], vec![byte]].concat());
    let with = |window: usize, sum: Vec<u8>| {
        let mut sums = [vec![0; 2 * size - 1], vec![1], vec![0; size]].concat().repeat(count);
        sums[3 * size * window..][..3 * size].copy_from_slice(&sum);
        combine_windows(curve, 16, &sums)
    };
    assert_eq!(with(0, sum(0, 7, 0).concat()), Ok(vec![0; 2 * size]));
    let p = C::BaseField::MODULUS.to_bytes_be();
    let infinite = [p.clone(), vec![0xFF; size], p.clone()].concat();
    assert_eq!(with(3, infinite), Ok(vec![0; 2 * size]));
    let generator = encode_point(&C::GENERATOR);
    let twice = [&generator[..], &[vec![0; size - 1], vec![2]].concat()].concat();
    for (window, wrong) in [
        (0, sum(0, 0, 0).concat()),
        (1, sum(1, 1, 0).concat()),
        (count - 1, sum(1, 1, 1).concat()),
        (2, [vec![0; size], p, vec![0; size]].concat()),
        (5, twice),
    ] {
        assert_eq!(with(window, wrong), Err(WindowsError::NotOnCurve(window)));
    }
    let needed = count * 3 * size;
    for found in [0, needed - 1, needed + 1] {
        let error = combine_windows(curve, 16, &vec![0; found]);
        assert_eq!(error, Err(WindowsError::Length { found, needed }));
    }
    for width in [0, 1, 17, 64] {
        assert_eq!(combine_windows(curve, width, &[]), Err(WindowsError::Width(width)));
        assert_eq!(windows(curve, width), Err(WindowsError::Width(width)));
    }
}

#[test]
fn what_is_no_point_is_refused() {
    what_is_no_point::<Bn254>(Curve::Bn254);
    what_is_no_point::<Bls12_381>(Curve::Bls12_381);
    what_is_no_point::<Bls12_377>(Curve::Bls12_377);
}

fn masks<C: G1>(curve: Curve) {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    for case in hostile::<C>(SEED, 5) {
        let (points, scalars) = case.bytes();
        let bases = Bases::new(curve, &points, Checking::Checked).expect("good bases");
        let scalars = scalars.as_chunks().0;
        // All terms, and the last three.
        for first in [0, 2] {
            let terms = Terms::new(&bases, first, &scalars[first..]).expect("as many");
            let at_random = terms.masked_at_random().expect("random numbers");
            let again = terms.masked_at_random().expect("random numbers");
            assert_ne!(at_random, again);
            // The mask of the random one, from the last scalar, which is its opposite.
            let last = at_random.scalars.last().expect("one term more");
            let unknown = -Scalar::<C>::from_be_bytes_mod_order(last);
            let unknown = model::encoding::encode_scalar(unknown);
            assert_eq!(terms.masked(&unknown), at_random);
            for mask in [[0; 32], [0xFF; 32], std::array::from_fn(|_| rng.next_u32() as u8)] {
                let masked = terms.masked(&mask);
                let points = [terms.points(), masked.base.clone()].concat();
                let sum = model::msm(
                    model::Curve::from_name(curve.name()).expect("the same names"),
                    model::Rules { bases: model::Bases::Checked, scalars: model::Scalars::Refuse },
                    &points,
                    masked.scalars.as_flattened(),
                );
                let right = naive::msm(&case.terms()[first..]);
                assert_eq!(sum, Ok(encode_point(&right)), "{curve}, {}", case.name);
                let mask: Scalar<C> = Scalar::<C>::from_be_bytes_mod_order(&mask);
                for (masked, scalar) in masked.scalars.iter().zip(&scalars[first..]) {
                    let scalar = Scalar::<C>::from_be_bytes_mod_order(scalar) + mask;
                    assert_eq!(*masked, model::encoding::encode_scalar(scalar));
                }
            }
        }
    }
}

#[test]
fn masked_terms_have_the_same_sum() {
    masks::<Bn254>(Curve::Bn254);
    masks::<Bls12_381>(Curve::Bls12_381);
}

#[test]
fn terms_lie_within_their_bases() {
    let bases = Bases::new(Curve::Bn254, &[0; 192], Checking::Checked).expect("infinities");
    let scalars = [[1; 32]; 3];
    for (first, count, fits) in
        [(0, 3, true), (1, 3, false), (3, 0, true), (4, 0, false), (usize::MAX, 1, false)]
    {
        assert_eq!(Terms::new(&bases, first, &scalars[..count]).is_ok(), fits);
    }
    let other = Bases::new(Curve::Bn254, &[0; 192], Checking::Checked).expect("infinities");
    assert_eq!(bases.id(), bases.clone().id());
    assert_ne!(bases.id(), other.id());
    assert_eq!(
        msm(&bases, scalars.as_flattened(), chaincard::msm::ScalarRule::Reduce),
        Ok(vec![0; 64])
    );
}
