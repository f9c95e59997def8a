//! The models against implementations written by others, on corner cases and on random ones:
//! libsecp256k1, k256, p256, sm2, libsm, sm-crypto, ed25519-dalek and ed25519-zebra.

use ark_ec::short_weierstrass::Projective;
use ark_ff::AdditiveGroup;
use std::sync::OnceLock;

use chaincard_reference::cases::{
    Expected, corners, random, random_recovery, recovery_corners, small_scalars,
};
use chaincard_reference::curve::{Point, Scalar, Sm2, bytes, combination, lift, number};
use chaincard_reference::verify::{
    Case, DEFAULT_USER_ID, Hashing, Key, Profile, Verdict, hash, recover, verify,
};
use chaincard_reference::{ed25519, sm2};
use k256::ecdsa::signature::hazmat::PrehashVerifier;
use num_bigint::BigUint;
use rand::RngCore;

/// Corner cases, small scalars, and random cases with a new seed each time.
fn cases(profile: Profile) -> Vec<Expected> {
    static SEED: OnceLock<u64> = OnceLock::new();
    let seed = *SEED.get_or_init(|| rand::rng().next_u64());
    println!("{profile:?}, seed {seed:#x}");
    let mut cases = corners(profile);
    cases.extend(small_scalars(profile).into_iter().step_by(3));
    cases.extend(random(profile, seed, 400));
    cases
}

/// Compares whether the peer accepts with whether the model does. The peer may abstain.
fn compare(peer: &str, profile: Profile, accepts: impl Fn(&Case) -> Option<bool>) {
    let mut compared = 0;
    for Expected { name, case, .. } in cases(profile) {
        if let Some(accepted) = accepts(&case) {
            compared += 1;
            let verdict = verify(&case);
            assert_eq!(
                accepted,
                verdict == Verdict::Valid,
                "{peer}: {name}: {verdict:?}: {case:?}"
            );
        }
    }
    println!("{peer}: {compared} cases");
    assert!(compared > 500, "{peer} abstained from too many");
}

fn sec1(key: &Key) -> Vec<u8> {
    match key {
        Key::Point { x, y } => [&[4], &x[..], y].concat(),
        Key::Compressed { x, odd } => [&[2 + u8::from(*odd)], &x[..]].concat(),
        Key::Edwards(_) | Key::Recover(_) => panic!("no key of a Weierstrass curve"),
    }
}

fn compact(case: &Case) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&case.r);
    bytes[32..].copy_from_slice(&case.s);
    bytes
}

fn libsecp256k1(case: &Case) -> bool {
    let Ok(mut signature) = secp256k1::ecdsa::Signature::from_compact(&compact(case)) else {
        return false;
    };
    let Ok(key) = secp256k1::PublicKey::from_slice(&sec1(&case.key)) else { return false };
    if !case.profile.wants_low_s() {
        signature.normalize_s();
    }
    let message = secp256k1::Message::from_digest(hash(case.hashing, &case.message));
    secp256k1::ecdsa::verify(&signature, message, &key).is_ok()
}

fn rustcrypto_k256(case: &Case) -> bool {
    let Ok(signature) = k256::ecdsa::Signature::from_slice(&compact(case)) else { return false };
    let Ok(key) = k256::ecdsa::VerifyingKey::from_sec1_bytes(&sec1(&case.key)) else {
        return false;
    };
    let normal = signature.normalize_s();
    if case.profile.wants_low_s() && normal != signature {
        return false;
    }
    key.verify_prehash(&hash(case.hashing, &case.message), &normal).is_ok()
}

#[test]
fn ecdsa_over_secp256k1() {
    for profile in [Profile::Bitcoin, Profile::BitcoinLowS] {
        compare("libsecp256k1", profile, |case| Some(libsecp256k1(case)));
        compare("k256", profile, |case| Some(rustcrypto_k256(case)));
    }
}

#[test]
fn ecdsa_over_p256() {
    compare("p256", Profile::Fips186, |case| {
        let Ok(signature) = p256::ecdsa::Signature::from_slice(&compact(case)) else {
            return Some(false);
        };
        let Ok(key) = p256::ecdsa::VerifyingKey::from_sec1_bytes(&sec1(&case.key)) else {
            return Some(false);
        };
        Some(key.verify_prehash(&hash(case.hashing, &case.message), &signature).is_ok())
    });
}

#[test]
fn recovery_over_secp256k1() {
    let profile = Profile::Ethereum;
    let mut cases = recovery_corners(profile);
    let seed = rand::rng().next_u64();
    println!("seed {seed:#x}");
    cases.extend(random_recovery(profile, seed, 400));
    for Expected { name, case, .. } in cases {
        let Key::Recover(id) = case.key else { panic!("{name}: not to be recovered") };
        let found = recover(&case);
        let found = (found.verdict == Verdict::Valid).then_some(found.key.to_vec());
        let digest = hash(case.hashing, &case.message);

        let libsecp256k1 = || {
            let id = secp256k1::ecdsa::RecoveryId::try_from(i32::from(id)).ok()?;
            let signature =
                secp256k1::ecdsa::RecoverableSignature::from_compact(&compact(&case), id).ok()?;
            let key = signature.recover(secp256k1::Message::from_digest(digest)).ok()?;
            Some(key.serialize_uncompressed()[1..].to_vec())
        };
        assert_eq!(found, libsecp256k1(), "libsecp256k1: {name}");

        let k256 = || {
            let id = k256::ecdsa::RecoveryId::from_byte(id)?;
            let signature = k256::ecdsa::Signature::from_slice(&compact(&case)).ok()?;
            let key =
                k256::ecdsa::VerifyingKey::recover_from_prehash(&digest, &signature, id).ok()?;
            Some(key.to_sec1_point(false).as_bytes()[1..].to_vec())
        };
        assert_eq!(found, k256(), "k256: {name}");
    }
}

/// e of a case of SM2, and the key uncompressed; `None` if the key is none.
fn sm2_digest_and_key(case: &Case) -> Option<([u8; 32], Vec<u8>)> {
    let q = match &case.key {
        Key::Compressed { x, odd } => lift::<Sm2>(number(x)?, *odd)?,
        Key::Point { x, y } => {
            let q = Point::<Sm2>::new_unchecked(number(x)?, number(y)?);
            q.is_on_curve().then_some(q)?
        }
        key => panic!("{key:?}"),
    };
    let digest = match case.hashing {
        Hashing::Sm3 => sm2::digest(&case.user_id, &q, &case.message),
        hashing => hash(hashing, &case.message),
    };
    Some((digest, [&[4], &bytes(q.x)[..], &bytes(q.y)].concat()))
}

#[test]
fn sm2_by_rustcrypto() {
    use ::sm2::dsa::{Signature, VerifyingKey};
    compare("sm2", Profile::Gm, |case| {
        let Ok(signature) = Signature::try_from(&compact(case)[..]) else { return Some(false) };
        // Its user ids are text.
        let id = std::str::from_utf8(&case.user_id).ok()?;
        let Ok(key) = VerifyingKey::from_sec1_bytes(id, &sec1(&case.key)) else {
            return Some(false);
        };
        Some(match case.hashing {
            Hashing::Sm3 => {
                use k256::ecdsa::signature::Verifier;
                key.verify(&case.message, &signature).is_ok()
            }
            _ => key.verify_prehash(&case.message, &signature).is_ok(),
        })
    });
}

/// Whether s·G = t·Q.
fn adds_equal_points(case: &Case, key: &[u8]) -> bool {
    let (Some(r), Some(s)) = (number::<Scalar<Sm2>>(&case.r), number::<Scalar<Sm2>>(&case.s))
    else {
        return false;
    };
    let coordinate = |bytes: &[u8]| number(bytes.try_into().expect("32 bytes")).expect("below p");
    let q = Point::<Sm2>::new_unchecked(coordinate(&key[1..33]), coordinate(&key[33..]));
    combination::<Sm2>(s, -(r + s), &q) == Projective::ZERO
}

#[test]
fn sm2_by_libsm() {
    use libsm::sm2::signature::{SigCtx, Signature};
    let context = SigCtx::new();
    compare("libsm", Profile::Gm, |case| {
        // It takes keys that are none, and adds equal points wrongly: these it does not see.
        let (digest, key) = sm2_digest_and_key(case)?;
        if adds_equal_points(case, &key) {
            return None;
        }
        let key = context.load_pubkey(&key).ok()?;
        let signature = Signature::new(&case.r, &case.s);
        Some(context.verify_raw(&digest, &key, &signature).unwrap_or(false))
    });
}

#[test]
fn sm2_by_sm_crypto() {
    // It checks no ranges and is slow, so it sees some valid signatures only.
    let seed = rand::rng().next_u64();
    println!("seed {seed:#x}");
    let cases = random(Profile::Gm, seed, 100);
    let valid = cases.iter().filter(|case| case.verdict == Verdict::Valid);
    for Expected { case, .. } in valid {
        assert_eq!(verify(case), Verdict::Valid);
        let (_, key) = sm2_digest_and_key(case).expect("a valid key");
        let key = hex::encode(&key[1..]);
        let peer = sm_crypto::sm2::Verify::new_with_id(DEFAULT_USER_ID, &key);
        let numbers = (BigUint::from_bytes_be(&case.r), BigUint::from_bytes_be(&case.s));
        assert!(peer.verify(&case.message, numbers, case.hashing == Hashing::Sm3), "{case:?}");
    }
}

fn edwards_key(case: &Case) -> [u8; 32] {
    match case.key {
        Key::Edwards(a) => a,
        key => panic!("{key:?}"),
    }
}

/// Whether dalek accepts, by `verify_strict` or by `verify`.
fn dalek(case: &Case, strict: bool) -> bool {
    use ed25519_dalek::{Signature, Verifier, VerifyingKey};
    let Ok(key) = VerifyingKey::from_bytes(&edwards_key(case)) else { return false };
    let signature = Signature::from_bytes(&compact(case));
    if strict {
        key.verify_strict(&case.message, &signature).is_ok()
    } else {
        key.verify(&case.message, &signature).is_ok()
    }
}

#[test]
fn ed25519_by_dalek() {
    compare("dalek, strict", Profile::Strict, |case| Some(dalek(case, true)));
    // It takes A in any encoding; otherwise its rules are those of RFC 8032.
    compare("dalek", Profile::Rfc8032, |case| {
        ed25519::decode(&edwards_key(case)).ok().map(|_| dalek(case, false))
    });
}

#[test]
fn ed25519_by_zebra() {
    use ed25519_zebra::{Signature, VerificationKey};
    compare("zebra", Profile::Zip215, |case| {
        let Ok(key) = VerificationKey::try_from(edwards_key(case)) else { return Some(false) };
        let signature = Signature::from(compact(case));
        Some(key.verify(&signature, &case.message).is_ok())
    });
}
