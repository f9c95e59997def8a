//! Valid signatures of messages of any length.

use chaincard_reference::cases::Expected;
use chaincard_reference::curve::{
    Curve, P256, Point, Scalar, Secp256k1, Sm2, bytes, combination, is_odd, reduced,
};
use chaincard_reference::verify::{self as model, Case, Hashing, Key, Profile, Scheme, Verdict};
use chaincard_reference::{ecdsa, ed25519, sm2};

/// A valid signature of a message of `len` bytes, with a compressed key where `len` is odd.
pub(crate) fn case(profile: Profile, hashing: Hashing, user_id: &[u8], len: usize) -> Expected {
    let message: Vec<u8> = (0..len).map(|at| (at * 7 + len) as u8).collect();
    let (r, s, key) = match profile.scheme() {
        Scheme::Secp256k1 => ecdsa_signed::<Secp256k1>(hashing, &message),
        Scheme::P256 => ecdsa_signed::<P256>(hashing, &message),
        Scheme::Sm2 => {
            let point = public::<Sm2>();
            let e = sm2::e(&sm2::digest(user_id, &point, &message));
            let signature = sm2::sign(secret::<Sm2>(), nonce::<Sm2>(), e).expect("a signature");
            (bytes(signature.r), bytes(signature.s), key::<Sm2>(&point, len % 2 == 1))
        }
        Scheme::Ed25519 => {
            let (r, s) = ed25519::sign(&[3; 32], &message);
            (r, s, Key::Edwards(ed25519::public_key(&[3; 32])))
        }
    };
    let name = format!("{hashing:?} of {len} bytes, user id of {}", user_id.len());
    let case = Case { profile, hashing, user_id: user_id.to_vec(), r, s, key, message };
    Expected { name, case, verdict: Verdict::Valid, key: [0; 64] }
}

fn secret<C: Curve>() -> Scalar<C> {
    reduced(&[0x55; 32])
}

fn nonce<C: Curve>() -> Scalar<C> {
    reduced(&[0x33; 32])
}

fn public<C: Curve>() -> Point<C> {
    combination::<C>(secret::<C>(), reduced(&[0; 32]), &C::GENERATOR).into()
}

fn key<C: Curve>(point: &Point<C>, compressed: bool) -> Key {
    let x = bytes(point.x);
    if compressed {
        Key::Compressed { x, odd: is_odd(point.y) }
    } else {
        Key::Point { x, y: bytes(point.y) }
    }
}

fn ecdsa_signed<C: Curve>(hashing: Hashing, message: &[u8]) -> ([u8; 32], [u8; 32], Key) {
    let e = ecdsa::e::<C>(&model::hash(hashing, message));
    let (signature, _) = ecdsa::sign::<C>(secret::<C>(), nonce::<C>(), e).expect("a signature");
    let key = key::<C>(&public::<C>(), message.len() % 2 == 1);
    (bytes(signature.r), bytes(signature.s), key)
}
