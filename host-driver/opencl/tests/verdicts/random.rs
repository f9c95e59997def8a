//! Random signatures of random keys, some of them damaged.

use chaincard_reference::curve::{
    Curve, P256, Point, Scalar, Secp256k1, Sm2, bytes, combination, is_odd, reduced,
};
use chaincard_reference::verify::{self as model, Case, Hashing, Key, Profile, Scheme, Verdict};
use chaincard_reference::{ecdsa, ed25519, sm2};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::{compare, compare_recovered, count, plans};

const SEED: u64 = 0x0c15_16e5;

fn rng(index: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    rng.set_stream(index);
    rng
}

fn number(rng: &mut impl RngCore) -> [u8; 32] {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    bytes
}

fn scalar<C: Curve>(rng: &mut impl RngCore) -> Scalar<C> {
    reduced(&number(rng))
}

/// d * G.
fn public<C: Curve>(d: Scalar<C>) -> Point<C> {
    combination::<C>(d, reduced(&[0; 32]), &C::GENERATOR).into()
}

fn key<C: Curve>(point: &Point<C>, rng: &mut impl Rng) -> Key {
    if rng.random() {
        Key::Compressed { x: bytes(point.x), odd: is_odd(point.y) }
    } else {
        Key::Point { x: bytes(point.x), y: bytes(point.y) }
    }
}

/// Random case `index`: three of four are left as they were signed.
pub(crate) fn case(profile: Profile, hashing: Hashing, index: u64) -> Case {
    let rng = &mut rng(index);
    let mut message =
        vec![0; if hashing == Hashing::Digest { 32 } else { rng.random_range(0..300) }];
    rng.fill_bytes(&mut message);
    // A few user ids, so that calls have many items each.
    let user_id = match (hashing, index / 1000 % 3) {
        (Hashing::Sm3, 1) => vec![0x5a; (index / 1000) as usize % 200],
        (Hashing::Sm3, 2) => vec![0xa5; model::MAX_USER_ID],
        (Hashing::Sm3, _) => model::DEFAULT_USER_ID.to_vec(),
        _ => Vec::new(),
    };
    let (r, s, key) = match profile.scheme() {
        Scheme::Secp256k1 => signed::<Secp256k1>(hashing, &message, rng),
        Scheme::P256 => signed::<P256>(hashing, &message, rng),
        Scheme::Sm2 => signed_sm2(hashing, &user_id, &message, rng),
        Scheme::Ed25519 => {
            let secret = number(rng);
            let (r, s) = ed25519::sign(&secret, &message);
            (r, s, Key::Edwards(ed25519::public_key(&secret)))
        }
    };
    let mut case = Case { profile, hashing, user_id, r, s, key, message };
    if index % 4 == 3 {
        damage(&mut case, rng);
    }
    case
}

fn signed<C: Curve>(
    hashing: Hashing,
    message: &[u8],
    rng: &mut impl Rng,
) -> ([u8; 32], [u8; 32], Key) {
    let (d, k) = (scalar::<C>(rng), scalar::<C>(rng));
    let e = ecdsa::e::<C>(&model::hash(hashing, message));
    let (signature, _) = ecdsa::sign::<C>(d, k, e).expect("a signature");
    (bytes(signature.r), bytes(signature.s), key::<C>(&public::<C>(d), rng))
}

fn signed_sm2(
    hashing: Hashing,
    user_id: &[u8],
    message: &[u8],
    rng: &mut impl Rng,
) -> ([u8; 32], [u8; 32], Key) {
    let (d, k) = (scalar::<Sm2>(rng), scalar::<Sm2>(rng));
    let point = public::<Sm2>(d);
    let digest = match hashing {
        Hashing::Sm3 => sm2::digest(user_id, &point, message),
        hashing => model::hash(hashing, message),
    };
    let signature = sm2::sign(d, k, sm2::e(&digest)).expect("a signature");
    (bytes(signature.r), bytes(signature.s), key::<Sm2>(&point, rng))
}

/// Flips a bit of something, or puts a number at an edge.
fn damage(case: &mut Case, rng: &mut impl Rng) {
    let bit = rng.random_range(0..256);
    let flip = |bytes: &mut [u8]| {
        let at = bit % (8 * bytes.len());
        bytes[at / 8] ^= 1 << (at % 8);
    };
    let edge = [[0; 32], [0xff; 32]][rng.random_range(0..2)];
    match rng.random_range(0..8) {
        0 => flip(&mut case.r),
        1 => flip(&mut case.s),
        2 if !case.message.is_empty() => flip(&mut case.message),
        3 => case.r = edge,
        4 => case.s = edge,
        choice => match &mut case.key {
            Key::Point { x, y } => {
                flip(if choice == 5 { x } else { y });
                if choice == 7 {
                    *x = edge;
                }
            }
            Key::Compressed { x, odd } => match choice {
                5 => *odd = !*odd,
                6 => flip(x),
                _ => *x = edge,
            },
            Key::Edwards(a) => {
                flip(a);
                if choice == 7 {
                    *a = edge;
                }
            }
            Key::Recover(id) => *id = (*id + 1 + choice) % 4,
        },
    }
}

/// Compares `count()` cases of a scheme, spread over its profiles and hashings, and wants each of
/// `verdicts` among the answers.
fn compare_scheme(scheme: Scheme, verdicts: &[Verdict]) {
    println!("seed {SEED:#x}");
    let plans = plans(scheme);
    let each = count().div_ceil(plans.len()) as u64;
    let cases: Vec<_> = (0..plans.len() as u64 * each)
        .into_par_iter()
        .map(|index| {
            let (profile, hashing) = plans[(index / each) as usize];
            case(profile, hashing, index)
        })
        .collect();
    let tally = compare(&cases);
    for verdict in verdicts {
        assert!(tally.iter().any(|(found, _)| found == verdict), "no {verdict:?} in {tally:?}");
    }
}

#[test]
fn secp256k1() {
    use Verdict::{HighS, Invalid, KeyNotOnCurve, KeyRange, RangeR, RangeS, Valid};
    let verdicts = [Valid, Invalid, HighS, RangeR, RangeS, KeyRange, KeyNotOnCurve];
    compare_scheme(Scheme::Secp256k1, &verdicts);
}

#[test]
fn p256() {
    use Verdict::{Invalid, KeyNotOnCurve, KeyRange, RangeR, RangeS, Valid};
    compare_scheme(Scheme::P256, &[Valid, Invalid, RangeR, RangeS, KeyRange, KeyNotOnCurve]);
}

#[test]
fn sm2_signatures() {
    use Verdict::{Invalid, KeyNotOnCurve, KeyRange, RangeR, RangeS, Valid};
    compare_scheme(Scheme::Sm2, &[Valid, Invalid, RangeR, RangeS, KeyRange, KeyNotOnCurve]);
}

#[test]
fn ed25519_signatures() {
    use Verdict::{Invalid, KeyNotOnCurve, KeyRange, RangeS, SmallOrder, Valid};
    let verdicts = [Valid, Invalid, RangeS, KeyRange, KeyNotOnCurve, SmallOrder];
    compare_scheme(Scheme::Ed25519, &verdicts);
}

#[test]
fn recovered_keys() {
    println!("seed {SEED:#x}");
    let plans = plans(Scheme::Secp256k1);
    let each = (count() / 2).div_ceil(plans.len()) as u64;
    let cases: Vec<_> = (0..plans.len() as u64 * each)
        .into_par_iter()
        .map(|index| {
            let (profile, hashing) = plans[(index / each) as usize];
            // Any id: half of them give a key, hardly one of those above n.
            let id = rng(index).random_range(0..8);
            let id = if id < 4 { id } else { id % 2 };
            Case { key: Key::Recover(id), ..case(profile, hashing, index) }
        })
        .collect();
    let tally = compare_recovered(&cases);
    for verdict in [Verdict::Valid, Verdict::Invalid, Verdict::HighS, Verdict::RangeR] {
        assert!(tally.iter().any(|(found, _)| *found == verdict), "no {verdict:?} in {tally:?}");
    }
}
