//! `chaincard::ark` against the multi-scalar multiplication of arkworks, and against the group law.

use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::PrimeField;
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use chaincard::ark::{self, Accelerated, G1, from_arkworks, to_arkworks};
use chaincard::msm::MsmError;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SEED: u64 = 20_261_125;

/// Points and scalars, among them infinity, equal and opposite points, 0, 1 and r − 1.
fn terms<P: SWCurveConfig>(count: usize) -> (Vec<Affine<P>>, Vec<P::ScalarField>) {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED + count as u64);
    let mut number = || {
        let mut bytes = [0; 48];
        rng.fill_bytes(&mut bytes);
        P::ScalarField::from_be_bytes_mod_order(&bytes)
    };
    let mut points: Vec<Affine<P>> = Vec::new();
    let mut scalars: Vec<P::ScalarField> = Vec::new();
    for index in 0..count {
        let before = points.last().copied().unwrap_or(P::GENERATOR);
        points.push(match index % 7 {
            3 => Affine::identity(),
            4 => before,
            5 => -before,
            _ => (P::GENERATOR * number()).into_affine(),
        });
        scalars.push(match index % 11 {
            2 => 0u64.into(),
            3 => 1u64.into(),
            4 => -P::ScalarField::from(1u64),
            5 => scalars[index - 3],
            _ => number(),
        });
    }
    (points, scalars)
}

fn by_the_group_law<P: SWCurveConfig>(
    points: &[Affine<P>],
    scalars: &[P::ScalarField],
) -> Projective<P> {
    points.iter().zip(scalars).map(|(point, scalar)| *point * scalar).sum()
}

fn equal_to_arkworks<P: G1>()
where
    Accelerated<P>: G1<BaseField = P::BaseField, ScalarField = P::ScalarField>,
{
    for count in [0, 1, 2, 3, 31, 32, 33, 700] {
        let (points, scalars) = terms::<P>(count);
        let expected = by_the_group_law(&points, &scalars);
        assert_eq!(Projective::<P>::msm_unchecked(&points, &scalars), expected);
        assert_eq!(ark::msm(&points, &scalars), Ok(expected), "{count} terms");

        let ours: Vec<_> = points.iter().map(from_arkworks).collect();
        let sum = <Projective<Accelerated<P>> as VariableBaseMSM>::msm(&ours, &scalars);
        let sum = sum.expect("as many of both").into_affine();
        assert_eq!(to_arkworks(&sum), expected.into_affine(), "{count} terms");
        assert_eq!(ark::msm(&ours, &scalars).expect("as many of both"), sum);
        if count > 0 {
            assert_eq!(ark::msm(&points, &scalars[1..]), Err(MsmError::Count));
            assert_eq!(ark::msm(&points[1..], &scalars), Err(MsmError::Count));
            let shortest = <Accelerated<P> as SWCurveConfig>::msm(&ours[1..], &scalars);
            assert_eq!(shortest, Err(count - 1));
        }
    }
}

/// What is not this crate's: encodings, products, the group.
fn otherwise_arkworks_curve<P: G1>()
where
    Accelerated<P>: G1<BaseField = P::BaseField, ScalarField = P::ScalarField>,
{
    let (points, scalars) = terms::<P>(8);
    for (point, scalar) in points.iter().zip(&scalars) {
        let own = from_arkworks(point);
        assert!(own.is_on_curve() && own.is_in_correct_subgroup_assuming_on_curve());
        let product = to_arkworks(&(own * scalar).into_affine());
        assert_eq!(product, (*point * scalar).into_affine());
        let product = to_arkworks(&(own.into_group() * scalar).into_affine());
        assert_eq!(product, (*point * scalar).into_affine());
        let cleared = to_arkworks(&own.clear_cofactor());
        assert_eq!(cleared, point.clear_cofactor());
        let (mut bytes, mut expected) = (Vec::new(), Vec::new());
        own.serialize_compressed(&mut bytes).expect("room");
        point.serialize_compressed(&mut expected).expect("room");
        assert_eq!(bytes, expected);
        assert_eq!(bytes.len(), own.compressed_size());
        assert_eq!(Affine::<Accelerated<P>>::deserialize_compressed(&bytes[..]).ok(), Some(own));
    }
}

#[test]
fn bn254() {
    equal_to_arkworks::<ark_bn254::g1::Config>();
    otherwise_arkworks_curve::<ark_bn254::g1::Config>();
}

#[test]
fn bls12_381() {
    equal_to_arkworks::<ark_bls12_381::g1::Config>();
    otherwise_arkworks_curve::<ark_bls12_381::g1::Config>();
}

#[test]
fn bls12_377() {
    equal_to_arkworks::<ark_bls12_377::g1::Config>();
    otherwise_arkworks_curve::<ark_bls12_377::g1::Config>();
}

#[test]
fn points_off_the_curve_give_some_point() {
    let numbers = |seed: u64| ark_bn254::Fq::from(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let points: Vec<ark_bn254::G1Affine> = (0..200u64)
        .map(|index| Affine::new_unchecked(numbers(index % 9), numbers(index % 5)))
        .collect();
    let scalars: Vec<_> = (0..200u64).map(|index| ark_bn254::Fr::from(index % 17)).collect();
    assert!(ark::msm(&points, &scalars).is_ok());
}
