//! Parameters from their definitions, and published results.

use ark_ff::{BigInteger, PrimeField};
use chaincard_reference::msm::encoding::encode_point;
use chaincard_reference::msm::{
    Bases, Bls12_377, Bls12_381, Bn254, Curve, G1, Rules, Scalar, Scalars, msm,
};
use num_bigint::{BigInt, Sign};

const RULES: Rules = Rules { bases: Bases::Checked, scalars: Scalars::Refuse };

fn integer(number: impl BigInteger) -> BigInt {
    BigInt::from_bytes_be(Sign::Plus, &number.to_bytes_be())
}

fn has_numbers<C: G1>(p: BigInt, r: BigInt, h: BigInt, b: u64) {
    assert_eq!(integer(C::BaseField::MODULUS), p);
    assert_eq!(integer(Scalar::<C>::MODULUS), r);
    let limbs = C::COFACTOR.iter().rev().fold(BigInt::ZERO, |sum, &limb| (sum << 64) + limb);
    assert_eq!(limbs, h);
    assert_eq!((C::COEFF_A, C::COEFF_B), (0u64.into(), b.into()));
}

/// Barreto and Naehrig's polynomials (section 2.3 of the draft on pairing-friendly curves).
#[test]
fn bn254_is_of_its_family() {
    let t = BigInt::from(4965661367192848881u64);
    let [t2, t3, t4] = [2, 3, 4].map(|exponent| t.pow(exponent));
    let p: BigInt = &t4 * 36 + &t3 * 36 + &t2 * 24 + &t * 6 + 1;
    let r: BigInt = &t4 * 36 + &t3 * 36 + &t2 * 18 + &t * 6 + 1;
    // EIP-196, Definition of the groups.
    let written = "21888242871839275222246405745257275088696311157297823662689037894645226208583";
    assert_eq!(p.to_string(), written);
    has_numbers::<Bn254>(p, r, 1.into(), 3);
}

/// Barreto, Lynn and Scott's polynomials (section 2.4 of the draft).
fn bls12<C: G1>(t: BigInt, b: u64) {
    let r: BigInt = t.pow(4) - t.pow(2) + 1;
    let h: BigInt = (&t - 1u32).pow(2) / 3;
    let p: BigInt = &h * &r + &t;
    has_numbers::<C>(p, r, h, b);
}

#[test]
fn bls12_curves_are_of_their_family() {
    bls12::<Bls12_381>(-BigInt::from(0xd201_0000_0001_0000u64), 4);
    bls12::<Bls12_377>(BigInt::from(0x8508_c000_0000_0001u64), 1);
}

fn small(numbers: &[u8]) -> Vec<u8> {
    numbers.iter().flat_map(|&number| [vec![0; 31], vec![number]].concat()).collect()
}

fn check(curve: Curve, bases: &str, scalars: &[u8], expected: &str) {
    let bases = hex::decode(bases).expect("hex");
    let result = msm(curve, RULES, &bases, &small(scalars)).expect("valid");
    assert_eq!(hex::encode(result), expected);
}

/// 2·(1, 2): `cdetrio8` of go-ethereum's tests of EIP-196.
#[test]
fn twice_the_generator_of_bn254() {
    let generator = [small(&[1]), small(&[2])].concat();
    assert_eq!(
        encode_point(&<Bn254 as ark_ec::short_weierstrass::SWCurveConfig>::GENERATOR),
        generator
    );
    let twice = "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3\
                 15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4";
    let generator = hex::encode(generator);
    check(Curve::Bn254, &generator, &[2], twice);
    check(Curve::Bn254, &generator.repeat(2), &[1, 1], twice);
}

/// Section 4.2.1 of the draft.
const BLS12_381: &str = "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83f\
                         f97a1aeffb3af00adb22c6bb\
                         08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744\
                         a2888ae40caa232946c5e7e1";

/// `bls_g1multiexp_single` and `bls_g1multiexp_multiple` of the tests of EIP-2537, without the 16
/// zeros before each coordinate.
#[test]
fn multiplications_of_eip_2537() {
    check(
        Curve::Bls12_381,
        BLS12_381,
        &[17],
        "1098f178f84fc753a76bb63709e9be91eec3ff5f7f3a5f4836f34fe8a1a6d6c5578d8fd820573cef3a01e2bf\
         ef3eaf3a0ea923110b733b531006075f796cc9368f2477fe26020f465468efbb380ce1f8eebaf5c770f31d32\
         0f9bd378dc758436",
    );
    let others = "0e12039459c60491672b6a6282355d8765ba6272387fb91a3e9604fa2a81450cf16b870bb446fc3a\
                  3e0a187fff6f894518b6c1ed9f45d3cbc0b01b9d038dcecacbd702eb26469a0eb3905bd421461712\
                  f67f782b4735849644c1772c93fe3d09147b327c8a15b39634a426af70c062b50632a744eddd41b5\
                  a4686414ef4cd9746bb11d0a53c6c2ff21bbcf331e07ac92078c2e9782fa5d9ab4e728684382717a\
                  a2b8fad61b5f5e7cf3baa0bc9465f57342bb7c6d7b232e70eebcdbf70f903a45";
    check(
        Curve::Bls12_381,
        &format!("{BLS12_381}{others}"),
        &[50, 51, 52],
        "1339b4f51923efe38905f590ba2031a2e7154f0adb34a498dfde8fb0f1ccf6862ae5e3070967056385055a66\
         6f1b6fc709fb423f7e7850ef9c4c11a119bb7161fe1d11ac5527051b29fe8f73ad4262c84c37b0f1b9f0e163\
         a9682c22c7f98c80",
    );
}

/// Three times the generator of BLS12-377 by the addition law on integers (SEC 1, 2.2.1).
#[test]
fn three_times_the_generator_of_bls12_377() {
    let p = integer(<Bls12_377 as ark_ec::CurveConfig>::BaseField::MODULUS);
    let encoded = encode_point(&<Bls12_377 as ark_ec::short_weierstrass::SWCurveConfig>::GENERATOR);
    let number = |bytes: &[u8]| BigInt::from_bytes_be(Sign::Plus, bytes);
    let (x, y) = (number(&encoded[..48]), number(&encoded[48..]));
    assert_eq!((&y * &y - x.pow(3) - 1) % &p, BigInt::ZERO);
    let inverse = |a: BigInt| a.modpow(&(&p - 2), &p);
    let modulo = |a: BigInt| ((a % &p) + &p) % &p;
    let third = |slope: &BigInt, other: &BigInt| {
        let sum = modulo(slope * slope - &x - other);
        let y = modulo(slope * (&x - &sum) - &y);
        (sum, y)
    };
    let (x2, y2) = third(&modulo(&x * &x * 3 * inverse(&y * 2)), &x);
    let (x3, y3) = third(&modulo((&y2 - &y) * inverse(modulo(&x2 - &x))), &x2);
    let result = msm(Curve::Bls12_377, RULES, &encoded, &small(&[3])).expect("valid");
    assert_eq!((number(&result[..48]), number(&result[48..])), (x3, y3));
}
