//! ECDSA over secp256k1 and P-256, SM2, and recovery: valid signatures, changed ones, limits of
//! every number.

use ark_ec::{AffineRepr, CurveGroup};
use chaincard_reference::curve::{Curve, P256, Scalar, Secp256k1, Sm2, bytes};
use chaincard_reference::params::{self, Limbs, be_bytes, from_be_bytes};
use chaincard_reference::verify::{Case, Hashing, Key, Profile, Verdict};
use chaincard_reference::{ecdsa, sm2};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::{SEED, check};

/// A number of the curve's order from 32 random bytes.
pub(crate) fn scalar<C: Curve>(rng: &mut ChaCha8Rng) -> Scalar<C> {
    let mut random = [0; 32];
    rng.fill_bytes(&mut random);
    chaincard_reference::curve::reduced(&random)
}

pub(crate) fn point<C: Curve>(point: &chaincard_reference::curve::Point<C>) -> Key {
    let (x, y) = point.xy().expect("a finite point");
    Key::Point { x: bytes(x), y: bytes(y) }
}

/// A valid case, and the recovery id.
pub(crate) fn signed<C: Curve>(profile: Profile, rng: &mut ChaCha8Rng) -> (Case, u8) {
    let (d, k) = (scalar::<C>(rng), scalar::<C>(rng));
    let mut digest = [0; 32];
    rng.fill_bytes(&mut digest);
    let key = point::<C>(&(C::GENERATOR * d).into_affine());
    let (r, s, id) = if profile == Profile::Gm {
        let k = chaincard_reference::curve::number(&bytes(k)).expect("small enough");
        let d = chaincard_reference::curve::number(&bytes(d)).expect("small enough");
        let signature = sm2::sign(d, k, sm2::e(&digest)).expect("a signature");
        (bytes(signature.r), bytes(signature.s), 0)
    } else {
        let (signature, id) = ecdsa::sign::<C>(d, k, ecdsa::e::<C>(&digest)).expect("a signature");
        // The lower s, where either does.
        let low = bytes(-signature.s) > bytes(signature.s);
        let s = if low { signature.s } else { -signature.s };
        (bytes(signature.r), bytes(s), if low { id } else { id ^ 1 })
    };
    let message = digest.to_vec();
    (Case { profile, hashing: Hashing::Digest, user_id: Vec::new(), r, s, key, message }, id)
}

fn compressed(key: Key) -> Key {
    match key {
        Key::Point { x, y } => Key::Compressed { x, odd: y[31] & 1 == 1 },
        key => key,
    }
}

fn plus(a: &Limbs, n: i32) -> [u8; 32] {
    let mut number = *a;
    let (mut carry, step) = (true, n >= 0);
    for _ in 0..n.abs() {
        carry = true;
        for limb in &mut number {
            if carry {
                (*limb, carry) =
                    if step { limb.overflowing_add(1) } else { limb.overflowing_sub(1) };
            }
        }
    }
    assert!(!carry || n == 0);
    be_bytes(&number)
}

fn verification<C: Curve>(profiles: &[Profile], n: &Limbs, p: &Limbs) {
    println!("seed {SEED:#x}");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    for round in 0..4 {
        for &profile in profiles {
            let (case, _) = signed::<C>(profile, &mut rng);
            assert_eq!(check(&case).0, Verdict::Valid);
            let short = Case { key: compressed(case.key), ..case.clone() };
            assert_eq!(check(&short).0, Verdict::Valid);
            let Key::Compressed { x, odd } = short.key else { panic!("{:?}", short.key) };
            check(&Case { key: Key::Compressed { x, odd: !odd }, ..case.clone() });

            // One bit of each field.
            let bit = rng.next_u32() as usize % 256;
            let flip = |bytes: &[u8; 32]| {
                let mut bytes = *bytes;
                bytes[bit / 8] ^= 1 << (bit % 8);
                bytes
            };
            let Key::Point { x, y } = case.key else { panic!("{:?}", case.key) };
            check(&Case { r: flip(&case.r), ..case.clone() });
            check(&Case { s: flip(&case.s), ..case.clone() });
            check(&Case { key: Key::Point { x: flip(&x), y }, ..case.clone() });
            check(&Case { key: Key::Point { x, y: flip(&y) }, ..case.clone() });
            check(&Case { key: Key::Compressed { x: flip(&x), odd }, ..case.clone() });
            let message: [u8; 32] = case.message.as_slice().try_into().expect("a digest");
            check(&Case { message: flip(&message).to_vec(), ..case.clone() });

            // The other s, and limits.
            let s: Scalar<C> = chaincard_reference::curve::reduced(&case.s);
            check(&Case { s: bytes(-s), ..case.clone() });
            if round > 0 {
                continue;
            }
            let half = params::half(n);
            for limit in [
                [0; 32],
                plus(&[0; 4], 1),
                plus(n, -1),
                plus(n, 0),
                plus(n, 1),
                [255; 32],
                plus(&half, 0),
                plus(&half, 1),
            ] {
                check(&Case { r: limit, ..case.clone() });
                check(&Case { s: limit, ..case.clone() });
                check(&Case { message: limit.to_vec(), ..case.clone() });
            }
            for limit in [plus(p, -1), plus(p, 0), plus(p, 1), [255; 32], [0; 32]] {
                check(&Case { key: Key::Point { x: limit, y }, ..case.clone() });
                check(&Case { key: Key::Point { x, y: limit }, ..case.clone() });
                check(&Case { key: Key::Compressed { x: limit, odd }, ..case.clone() });
            }
            // The first rule decides.
            check(&Case { r: [0; 32], s: [0; 32], ..case.clone() });
            check(&Case { s: [255; 32], key: Key::Point { x: [255; 32], y }, ..case.clone() });
            check(&Case { s: bytes(-s), key: Key::Point { x: [255; 32], y }, ..case.clone() });
        }
    }
}

#[test]
fn secp256k1() {
    let profiles =
        [Profile::Bitcoin, Profile::BitcoinLowS, Profile::Ethereum, Profile::EthereumTransaction];
    verification::<Secp256k1>(&profiles, &params::secp256k1::N, &params::secp256k1::P);
}

#[test]
fn p256() {
    let profiles = [Profile::Fips186, Profile::Rip7212];
    verification::<P256>(&profiles, &params::p256::N, &params::p256::P);
}

#[test]
fn sm2_signatures() {
    verification::<Sm2>(&[Profile::Gm], &params::sm2::N, &params::sm2::P);
    println!("seed {SEED:#x}");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED ^ 4);
    let (case, _) = signed::<Sm2>(Profile::Gm, &mut rng);
    // t = r + s = 0, and 1.
    let r: Scalar<Sm2> = chaincard_reference::curve::reduced(&case.r);
    assert_eq!(check(&Case { s: bytes(-r), ..case.clone() }).0, Verdict::RangeT);
    let one = Scalar::<Sm2>::from(1);
    assert_eq!(check(&Case { s: bytes(one - r), ..case.clone() }).0, Verdict::Invalid);
}

#[test]
fn keys_are_recovered() {
    println!("seed {SEED:#x}");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED ^ 1);
    for round in 0..6 {
        let profile = [Profile::Ethereum, Profile::EthereumTransaction][round % 2];
        let (case, id) = signed::<Secp256k1>(profile, &mut rng);
        let of = |id| Case { key: Key::Recover(id), ..case.clone() };
        assert_eq!(check(&of(id)).0, Verdict::Valid);
        (0..4).for_each(|id| drop(check(&of(id))));
        let s: Scalar<Secp256k1> = chaincard_reference::curve::reduced(&case.s);
        check(&Case { s: bytes(-s), ..of(id) });
        let n = &params::secp256k1::N;
        for limit in
            [[0; 32], plus(&[0; 4], 1), plus(&[0; 4], 5), plus(n, -1), plus(n, 0), [255; 32]]
        {
            for id in 0..4 {
                check(&Case { r: limit, ..of(id) });
                check(&Case { s: limit, ..of(id) });
                check(&Case { message: limit.to_vec(), ..of(id) });
            }
        }
    }
}

#[test]
fn x_above_n_counts_as_its_remainder() {
    // No x of a random point is above n; recovery with the second bit of the id finds keys for
    // which one is.
    let mut found = 0;
    for r in 1u64..40 {
        let mut message = vec![7; 32];
        message[0] = r as u8;
        let case = Case {
            profile: Profile::Ethereum,
            hashing: Hashing::Digest,
            user_id: Vec::new(),
            r: be_bytes(&[r, 0, 0, 0]),
            s: [3; 32],
            key: Key::Recover(2),
            message,
        };
        let (verdict, outcome) = check(&case);
        if verdict == Verdict::Valid {
            let [x, y] = outcome.outputs.map(|limbs| be_bytes(&limbs));
            assert_eq!(check(&Case { key: Key::Point { x, y }, ..case }).0, Verdict::Valid);
            found += 1;
        }
    }
    assert!(found > 5, "{found}");
    assert_eq!(from_be_bytes(&be_bytes(&[1, 2, 3, 4])), [1, 2, 3, 4]);
}
