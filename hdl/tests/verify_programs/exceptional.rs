//! Cases in which additions of the fast path meet equal or opposite points, or infinity.

use ark_ec::CurveGroup;
use ark_ec::short_weierstrass::SWCurveConfig;
use ark_ff::{AdditiveGroup, Field, Zero};
use chaincard_reference::curve::{Curve, P256, Scalar, Secp256k1, Sm2, bytes, is_odd};
use chaincard_reference::ecdsa;
use chaincard_reference::verify::{Case, Hashing, Key, Profile, Verdict};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::ecdsa::{point, scalar};
use crate::{SEED, check};

fn case(profile: Profile, r: [u8; 32], s: [u8; 32], e: [u8; 32], key: Key) -> Case {
    Case { profile, hashing: Hashing::Digest, user_id: Vec::new(), r, s, key, message: e.to_vec() }
}

/// Signatures with keys d·G and nonces k that are small, or opposite.
fn related<C: Curve>(profile: Profile) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED ^ 2);
    let small = |n: i64| {
        let magnitude = Scalar::<C>::from(n.unsigned_abs());
        if n < 0 { -magnitude } else { magnitude }
    };
    let mut exceptions = 0;
    for d in [1i64, -1, 2, -2, 3, 7, 127, -127, 129] {
        let key = point::<C>(&(C::GENERATOR * small(d)).into_affine());
        let random = scalar::<C>(&mut rng);
        for (k, e) in [
            (random, Scalar::<C>::ZERO),
            (random, small(1)),
            (small(1), random),
            (small(2), random),
            (small(5), random),
            (small(3 * d), random),
        ] {
            let Some((signature, _)) = ecdsa::sign::<C>(small(d), k, e) else { continue };
            let (r, s) = (bytes(signature.r), bytes(signature.s));
            let (verdict, outcome) = check(&case(profile, r, s, bytes(e), key));
            assert_eq!(verdict, Verdict::Valid);
            exceptions += usize::from(outcome.parts.contains_key("complete"));
        }
        // u1·G + u2·Q is infinite, G, 2·G and 2·Q for any r: e = −r·d + m·s.
        let (r, s) = (scalar::<C>(&mut rng), scalar::<C>(&mut rng));
        for m in [0, 1, 2, 2 * d] {
            let e = -r * small(d) + small(m) * s;
            let (verdict, outcome) = check(&case(profile, bytes(r), bytes(s), bytes(e), key));
            assert_eq!(verdict, Verdict::Invalid);
            exceptions += usize::from(outcome.parts.contains_key("complete"));
        }
        // u1 and u2 themselves small.
        for u1 in [0, 1, 2, 3, -1, 128] {
            for u2 in [1, 2, 3, -1, 127] {
                let sum = C::GENERATOR * (small(u1) + small(u2 * d));
                if sum.is_zero() {
                    let (r, s) = (Scalar::<C>::ONE * small(u2), Scalar::<C>::ONE);
                    let e = small(u1);
                    check(&case(profile, bytes(r), bytes(s), bytes(e), key));
                    continue;
                }
                let r: Scalar<C> =
                    chaincard_reference::curve::x_modulo_order(&sum.into_affine()).expect("finite");
                let s = r * small(u2).inverse().expect("not 0");
                let e = small(u1) * s;
                let (verdict, outcome) = check(&case(profile, bytes(r), bytes(s), bytes(e), key));
                assert_eq!(verdict, Verdict::Valid);
                exceptions += usize::from(outcome.parts.contains_key("complete"));
            }
        }
    }
    exceptions
}

#[test]
fn secp256k1() {
    println!("seed {SEED:#x}");
    let exceptions = related::<Secp256k1>(Profile::Bitcoin);
    println!("{exceptions} on the complete path");
    assert!(exceptions > 10, "{exceptions}");
}

#[test]
fn p256() {
    println!("seed {SEED:#x}");
    let exceptions = related::<P256>(Profile::Fips186);
    println!("{exceptions} on the complete path");
    assert!(exceptions > 10, "{exceptions}");
}

/// SM2: s and t small, so that s·G + t·Q meets equal and opposite points; e makes it valid.
#[test]
fn sm2_scalars() {
    let number = |n: i64| {
        let magnitude = Scalar::<Sm2>::from(n.unsigned_abs());
        if n < 0 { -magnitude } else { magnitude }
    };
    let mut exceptions = 0;
    for d in [1i64, -1, 2, -2, 3, 127, -127] {
        let key = point::<Sm2>(&(Sm2::GENERATOR * number(d)).into_affine());
        for s in [1, 2, 3, -1, 127, 128] {
            for t in [1, 2, 3, -1, -3, 127, 255] {
                let r = number(t - s);
                let sum = (Sm2::GENERATOR * number(s + t * d)).into_affine();
                let x1 = chaincard_reference::curve::x_modulo_order(&sum).unwrap_or_default();
                let e = r - x1;
                let (_, outcome) =
                    check(&case(Profile::Gm, bytes(r), bytes(number(s)), bytes(e), key));
                exceptions += usize::from(outcome.parts.contains_key("complete"));
            }
        }
    }
    println!("{exceptions} on the complete path");
    assert!(exceptions > 10, "{exceptions}");
}

#[test]
fn recovery_of_infinity_and_of_small_multiples() {
    println!("seed {SEED:#x}");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED ^ 3);
    for k in [1u64, 2, 3, 1000] {
        let k = Scalar::<Secp256k1>::from(k);
        let nonce = (Secp256k1::GENERATOR * k).into_affine();
        let r: Scalar<Secp256k1> =
            chaincard_reference::curve::x_modulo_order(&nonce).expect("finite");
        let s = scalar::<Secp256k1>(&mut rng);
        // Q = r⁻¹(s·k − e)·G = m·G.
        for m in [0u64, 1, 2, 3, 127] {
            let e = s * k - r * Scalar::<Secp256k1>::from(m);
            let key = Key::Recover(u8::from(is_odd(nonce.y)));
            let case = case(Profile::Ethereum, bytes(r), bytes(s), bytes(e), key);
            let (verdict, _) = check(&case);
            assert_eq!(verdict, if m == 0 { Verdict::Invalid } else { Verdict::Valid });
        }
    }
}
