//! Every parameter of the curves: identities that make it right, and arkworks' own.

use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ec::twisted_edwards::TECurveConfig;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ed25519::{EdwardsAffine, EdwardsConfig};
use ark_ff::{BigInt, Field, PrimeField};
use chaincard_reference::curve::{Curve, P256, Point, Scalar, Secp256k1, Sm2};
use chaincard_reference::params::{
    Limbs, be_bytes, ed25519, from_be_bytes, half, less, number, p256, secp256k1, sm2,
};
use num_bigint::{BigInt as Integer, BigUint};

fn big(limbs: Limbs) -> BigUint {
    BigUint::from_bytes_be(&be_bytes(&limbs))
}

/// 2^exponent.
fn power(exponent: u32) -> Integer {
    Integer::from(2).pow(exponent)
}

/// Miller and Rabin's test by the first bases.
fn is_prime(n: &BigUint) -> bool {
    let one = BigUint::from(1u32);
    let minus_one = n - &one;
    let twos = minus_one.trailing_zeros().expect("n is odd");
    let odd = &minus_one >> twos;
    [2u32, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].into_iter().all(|base| {
        let mut x = BigUint::from(base).modpow(&odd, n);
        if x == one || x == minus_one {
            return true;
        }
        (1..twos).any(|_| {
            x = x.modpow(&BigUint::from(2u32), n);
            x == minus_one
        })
    })
}

#[test]
fn primes_have_their_sparse_forms_and_are_prime() {
    let forms = [
        (secp256k1::P, power(256) - power(32) - 977),
        (sm2::P, power(256) - power(224) - power(96) + power(64) - 1),
        (p256::P, power(256) - power(224) + power(192) + power(96) - 1),
        (ed25519::P, power(255) - 19),
        (ed25519::L, power(252) + 27_742_317_777_372_353_535_851_937_790_883_648_493_i128),
    ];
    for (limbs, form) in forms {
        assert_eq!(Integer::from(big(limbs)), form);
        assert!(is_prime(&big(limbs)));
    }
    for order in [secp256k1::N, sm2::N, p256::N] {
        assert!(is_prime(&big(order)));
    }
    assert!(!is_prime(&(big(sm2::N) * 3u32)), "the test can fail");
}

/// p, a, b, x and y of G, n.
fn check<C: Curve>([p, a, b, gx, gy, n]: [Limbs; 6]) {
    assert_eq!(C::BaseField::MODULUS, BigInt(p));
    assert_eq!(Scalar::<C>::MODULUS, BigInt(n));
    assert_eq!(C::COEFF_A.into_bigint(), BigInt(a));
    assert_eq!(C::COEFF_B.into_bigint(), BigInt(b));
    assert_eq!(C::GENERATOR.x.into_bigint(), BigInt(gx));
    assert_eq!(C::GENERATOR.y.into_bigint(), BigInt(gy));

    let (p, a, b, x, y, n) = (big(p), big(a), big(b), big(gx), big(gy), big(n));
    assert_eq!(&y * &y % &p, (&x * &x * &x + a * &x + b) % &p, "G is on the curve");
    // One prime within Hasse's bounds kills G: it is the order of the curve.
    assert!(C::GENERATOR.mul_bigint(Scalar::<C>::MODULUS).into_affine().is_zero());
    let distance = Integer::from(p.clone()) + 1 - Integer::from(n);
    assert!(&distance * &distance <= Integer::from(p) * 4);
}

#[test]
fn weierstrass_curves() {
    check::<Secp256k1>({
        use secp256k1::{A, B, GX, GY, N, P};
        [P, A, B, GX, GY, N]
    });
    check::<Sm2>([sm2::P, sm2::A, sm2::B, sm2::GX, sm2::GY, sm2::N]);
    check::<P256>([p256::P, p256::A, p256::B, p256::GX, p256::GY, p256::N]);
    for (p, a) in [(sm2::P, sm2::A), (p256::P, p256::A)] {
        assert_eq!(big(a) + 3u32, big(p), "a is -3");
    }
}

#[test]
fn endomorphism_of_secp256k1() {
    use secp256k1::{BETA, LAMBDA, N, P};
    let three = BigUint::from(3u32);
    let one = BigUint::from(1u32);
    assert_eq!(big(BETA).modpow(&three, &big(P)), one);
    assert_eq!(big(LAMBDA).modpow(&three, &big(N)), one);
    let g = Secp256k1::GENERATOR;
    let beta = ark_secp256k1::Fq::from_bigint(BigInt(BETA)).expect("below p");
    let lambda = Scalar::<Secp256k1>::from_bigint(BigInt(LAMBDA)).expect("below n");
    assert_eq!((g * lambda).into_affine(), Affine::new_unchecked(g.x * beta, g.y));
}

#[test]
fn lattice_of_secp256k1() {
    use secp256k1::{A1, A2, B2, G1, G2, LAMBDA, MINUS_B1, N};
    let (a1, a2, minus_b1, b2) = (big(A1), big(A2), big(MINUS_B1), big(B2));
    let (n, lambda) = (big(N), big(LAMBDA));
    assert_eq!(&a1 % &n, &minus_b1 * &lambda % &n, "a1 + b1 λ = 0");
    assert_eq!((&a2 + &b2 * &lambda) % &n, BigUint::ZERO, "a2 + b2 λ = 0");
    assert_eq!(&a1 * &b2 + &a2 * &minus_b1, n, "the vectors are a basis");
    let rounded = |numerator: &BigUint| ((numerator << 385u32) + &n) / (&n * 2u32);
    assert_eq!(rounded(&b2), big(G1));
    assert_eq!(rounded(&minus_b1), big(G2));

    // What G1 and G2 are for: the halves are short.
    let top = BigUint::from(1u32) << 128u32;
    let samples = [n.clone() - 1u32, lambda.clone(), &n / 2u32, &n / 3u32, BigUint::from(7u32)];
    for k in samples {
        let by = |g: BigUint| (((&k * g) >> 383u32) + 1u32) >> 1u32;
        let (c1, c2) = (by(big(G1)), by(big(G2)));
        let signed = |number: &BigUint| Integer::from(number.clone());
        let k1 = signed(&k) - signed(&(&c1 * &a1)) - signed(&(&c2 * &a2));
        let k2 = signed(&(&c1 * &minus_b1)) - signed(&(&c2 * &b2));
        assert!(k1.magnitude() < &top && k2.magnitude() < &top, "{k}");
        let sum = k1 + k2 * signed(&lambda) - signed(&k);
        assert_eq!(sum % signed(&n), Integer::ZERO);
    }
}

#[test]
fn edwards_curve() {
    use ed25519::{A, BX, BY, D, D2, L, P, SQRT_M1, T8X, T8Y};
    assert_eq!(EdwardsConfig::COEFF_A.into_bigint(), BigInt(A));
    assert_eq!(EdwardsConfig::COEFF_D.into_bigint(), BigInt(D));
    assert_eq!(ark_ed25519::Fq::MODULUS, BigInt(P));
    assert_eq!(ark_ed25519::Fr::MODULUS, BigInt(L));
    let field = |limbs| ark_ed25519::Fq::from_bigint(BigInt(limbs)).expect("below p");
    let small = |number: u64| ark_ed25519::Fq::from(number);
    let one = ark_ed25519::Fq::ONE;
    assert_eq!(field(A), -one);
    assert_eq!(field(D) * small(121_666), -small(121_665));
    assert_eq!(field(D2), field(D) + field(D));
    assert_eq!(field(SQRT_M1).square(), -one);
    let exponent = (big(P) - 1u32) / 4u32;
    assert_eq!(BigUint::from(2u32).modpow(&exponent, &big(P)), big(SQRT_M1));
    assert_eq!(field(BY) * small(5), small(4));
    assert_eq!(BX[0] % 2, 0, "x of B is even");
    let b = EdwardsAffine::new_unchecked(field(BX), field(BY));
    assert_eq!(b, EdwardsConfig::GENERATOR);
    assert!(b.is_on_curve());
    assert!(b.mul_bigint(ark_ed25519::Fr::MODULUS).into_affine().is_zero());
    let t = EdwardsAffine::new_unchecked(field(T8X), field(T8Y));
    assert!(t.is_on_curve());
    assert!(!t.mul_bigint([4u64]).into_affine().is_zero());
    assert!(t.mul_bigint([1u64 << ed25519::COFACTOR_BITS]).into_affine().is_zero());
}

#[test]
fn numbers_and_bytes() {
    let limbs = number("1 00000000 00000002 00000000 00000003");
    assert_eq!(limbs, [3, 2, 1, 0]);
    assert_eq!(from_be_bytes(&be_bytes(&limbs)), limbs);
    assert_eq!(half(&limbs), [1, 1 << 63 | 1, 0, 0]);
    assert!(less(&[9, 0, 0, 1], &[0, 0, 0, 2]) && !less(&limbs, &limbs));
    assert_eq!(number("FF00")[0], 0xFF00);
}

#[test]
fn points_of_small_multiples() {
    // By the affine formulas, in integers.
    fn add(p: &BigUint, a: &BigUint, (x1, y1): &Pair, (x2, y2): &Pair) -> Pair {
        let minus = |x: &BigUint, y: &BigUint| (p + x - y) % p;
        let (above, below) =
            if x1 == x2 { (x1 * x1 * 3u32 + a, y1 * 2u32) } else { (minus(y2, y1), minus(x2, x1)) };
        let slope = above * below.modpow(&(p - 2u32), p) % p;
        let x3 = minus(&minus(&(&slope * &slope % p), x1), x2);
        let y3 = minus(&(slope * minus(x1, &x3) % p), y1);
        (x3, y3)
    }
    type Pair = (BigUint, BigUint);
    fn compare<C: Curve>(p: Limbs, a: Limbs) {
        let pair = |q: &Point<C>| (big(q.x.into_bigint().0), big(q.y.into_bigint().0));
        let g = pair(&C::GENERATOR);
        let (p, a) = (big(p), big(a));
        let mut sum = add(&p, &a, &g, &g);
        for m in 2u64..40 {
            assert_eq!(sum, pair(&(C::GENERATOR * Scalar::<C>::from(m)).into_affine()), "{m} G");
            sum = add(&p, &a, &sum, &g);
        }
    }
    compare::<Secp256k1>(secp256k1::P, secp256k1::A);
    compare::<Sm2>(sm2::P, sm2::A);
    compare::<P256>(p256::P, p256::A);
}
