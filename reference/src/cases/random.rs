//! Many random signatures at little cost: keys and nonces are consecutive, so that each point is
//! one addition away from the one before, and all inversions are done at once.

use ark_ec::short_weierstrass::Projective;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, Field, PrimeField, batch_inversion};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::forge::{
    Forge, Secrets, compressed_key, digest_case, is_high, point_key, signed_digest, some_scalar,
    x_of,
};
use super::{Expected, bytes32, some_bytes};
use crate::curve::{Point, Scalar, Secp256k1, bytes, is_odd, lift, number, reduced};
use crate::ed25519;
use crate::verify::{Case, DEFAULT_USER_ID, Hashing, Key, Profile, Verdict};

/// Scalars start, start + 1, ... and their multiples of the generator.
fn ladder<G: CurveGroup>(
    start: G::ScalarField,
    count: usize,
) -> (Vec<G::ScalarField>, Vec<G::Affine>) {
    let one = G::ScalarField::ONE;
    let scalars = std::iter::successors(Some(start), |&scalar| Some(scalar + one));
    let generator = G::Affine::generator();
    let points: Vec<G> =
        std::iter::successors(Some(generator * start), |&point| Some(point + generator))
            .take(count)
            .collect();
    (scalars.take(count).collect(), G::normalize_batch(&points))
}

/// One half valid, the other half with s negated or one bit of r, s, key or message changed.
pub(super) fn weierstrass<C: Forge>(profile: Profile, seed: u64, count: usize) -> Vec<Expected> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    signatures::<C>(&mut rng, profile, count)
        .into_iter()
        .map(|Signature { case, .. }| match rng.random() {
            true => Expected::new("random, valid", case, Verdict::Valid),
            false => changed::<C>(&mut rng, case),
        })
        .collect()
}

/// A valid signature, its key, and the recovery id of its R.
struct Signature<C: Forge> {
    case: Case,
    q: Point<C>,
    id: u8,
}

fn signatures<C: Forge>(rng: &mut ChaCha8Rng, profile: Profile, count: usize) -> Vec<Signature<C>> {
    let (ds, qs) = ladder::<Projective<C>>(some_scalar::<C>(rng), count);
    let (ks, points) = ladder::<Projective<C>>(some_scalar::<C>(rng), count);
    let mut k_inverses = ks.clone();
    batch_inversion(&mut k_inverses);
    let mut d_plus_1_inverses: Vec<_> = ds.iter().map(|&d| d + Scalar::<C>::ONE).collect();
    batch_inversion(&mut d_plus_1_inverses);
    (0..count)
        .map(|i| {
            let secrets = Secrets {
                d: ds[i],
                k: ks[i],
                k_inverse: k_inverses[i],
                d_plus_1_inverse: d_plus_1_inverses[i],
            };
            let hashings = Hashing::of(profile.scheme());
            let hashing = hashings[rng.random_range(0..hashings.len())];
            let length = if hashing == Hashing::Digest { 32 } else { rng.random_range(0..200) };
            let message = some_bytes(rng, length);
            let user_id = if hashing == Hashing::Sm3 { DEFAULT_USER_ID } else { &[] };
            let digest = signed_digest::<C>(hashing, user_id, &qs[i], &message);
            let mut numbers = C::sign(&secrets, x_of(&points[i]), reduced(&digest));
            let mut odd = is_odd(points[i].y);
            if profile.wants_low_s() && is_high::<C>(numbers.s) {
                numbers.s = -numbers.s;
                odd = !odd;
            }
            let above_n = bytes(numbers.r) != bytes(points[i].x);
            let key = if rng.random() { point_key(&qs[i]) } else { compressed_key(&qs[i]) };
            let case = digest_case(profile, &numbers, key);
            Signature {
                case: Case { hashing, user_id: user_id.to_vec(), message, ..case },
                q: qs[i],
                id: u8::from(odd) + 2 * u8::from(above_n),
            }
        })
        .collect()
}

/// The case with s negated or one bit changed. A changed bit that passes every check before the
/// equation breaks that, but for one in about 2^128.
fn changed<C: Forge>(rng: &mut ChaCha8Rng, mut case: Case) -> Expected {
    let name = match rng.random_range(0..5) {
        4 => {
            case.s = bytes(-reduced::<Scalar<C>>(&case.s));
            let equation =
                if case.profile == Profile::Gm { Verdict::Invalid } else { Verdict::Valid };
            let verdict = before_equation::<C>(&case).err().unwrap_or(equation);
            return Expected::new("random, s negated", case, verdict);
        }
        0 => {
            flip(rng, &mut case.r);
            "random, r changed"
        }
        1 => {
            flip(rng, &mut case.s);
            "random, s changed"
        }
        2 if !case.message.is_empty() => {
            flip(rng, &mut case.message);
            "random, message changed"
        }
        2 => {
            case.message.push(0);
            "random, message changed"
        }
        _ => {
            flip_key(rng, &mut case.key);
            "random, key changed"
        }
    };
    let verdict = before_equation::<C>(&case).err().unwrap_or(Verdict::Invalid);
    Expected::new(name, case, verdict)
}

fn flip(rng: &mut ChaCha8Rng, bytes: &mut [u8]) {
    let bit = rng.random_range(0..8 * bytes.len());
    bytes[bit / 8] ^= 1 << (bit % 8);
}

fn flip_key(rng: &mut ChaCha8Rng, key: &mut Key) {
    match key {
        Key::Point { x, .. } if rng.random() => flip(rng, x),
        Key::Point { y, .. } => flip(rng, y),
        Key::Compressed { x, .. } if rng.random() => flip(rng, x),
        Key::Compressed { odd, .. } => *odd = !*odd,
        Key::Edwards(a) => flip(rng, a),
        Key::Recover(id) => *id ^= 1,
    }
}

fn before_equation<C: Forge>(case: &Case) -> Result<(), Verdict> {
    let in_range = |bytes| number::<Scalar<C>>(bytes).filter(|&x| x != Scalar::<C>::ZERO);
    in_range(&case.r).ok_or(Verdict::RangeR)?;
    let s = in_range(&case.s).ok_or(Verdict::RangeS)?;
    if case.profile.wants_low_s() && is_high::<C>(s) {
        return Err(Verdict::HighS);
    }
    let coordinate = |bytes| number::<C::BaseField>(bytes).ok_or(Verdict::KeyRange);
    let on_curve = match &case.key {
        Key::Point { x, y } => {
            Point::<C>::new_unchecked(coordinate(x)?, coordinate(y)?).is_on_curve()
        }
        Key::Compressed { x, odd } => lift::<C>(coordinate(x)?, *odd).is_some(),
        Key::Edwards(_) | Key::Recover(_) => unreachable!("a key of this curve"),
    };
    if on_curve { Ok(()) } else { Err(Verdict::KeyNotOnCurve) }
}

pub(super) fn recovery(profile: Profile, seed: u64, count: usize) -> Vec<Expected> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    signatures::<Secp256k1>(&mut rng, profile, count)
        .into_iter()
        .map(|Signature { case, q, id }| {
            let case = Case { key: Key::Recover(id), ..case };
            Expected { key: coordinates(&q), ..Expected::new("random", case, Verdict::Valid) }
        })
        .collect()
}

/// x and y, big-endian.
pub(super) fn coordinates(q: &Point<Secp256k1>) -> [u8; 64] {
    let mut key = [0; 64];
    key[..32].copy_from_slice(&bytes(q.x));
    key[32..].copy_from_slice(&bytes(q.y));
    key
}

/// One half valid, the other half with one bit of R, S, key or message changed.
pub(super) fn edwards(profile: Profile, seed: u64, count: usize) -> Vec<Expected> {
    type Group = ark_ed25519::EdwardsProjective;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut start = || ed25519::Scalar::from_be_bytes_mod_order(&bytes32(&mut rng));
    let (scalars, keys) = ladder::<Group>(start(), count);
    let (nonces, points) = ladder::<Group>(start(), count);
    (0..count)
        .map(|i| {
            let (r, a) = (ed25519::encode(&points[i]), ed25519::encode(&keys[i]));
            let length = rng.random_range(0..200);
            let message = some_bytes(&mut rng, length);
            let s = nonces[i] + ed25519::k(&r, &a, &message) * scalars[i];
            let case = Case {
                profile,
                hashing: Hashing::Message,
                user_id: Vec::new(),
                r,
                s: ed25519::scalar_bytes(s),
                key: Key::Edwards(a),
                message,
            };
            match rng.random() {
                true => Expected::new("random, valid", case, Verdict::Valid),
                false => changed_edwards(&mut rng, case),
            }
        })
        .collect()
}

fn changed_edwards(rng: &mut ChaCha8Rng, mut case: Case) -> Expected {
    match rng.random_range(0..4) {
        0 => {
            // Whether or not R still is a point.
            flip(rng, &mut case.r);
            Expected::new("random, R changed", case, Verdict::Invalid)
        }
        1 => {
            flip(rng, &mut case.s);
            let verdict =
                if ed25519::s(&case.s).is_some() { Verdict::Invalid } else { Verdict::RangeS };
            Expected::new("random, S changed", case, verdict)
        }
        2 => {
            case.message.push(0);
            flip(rng, &mut case.message);
            Expected::new("random, message changed", case, Verdict::Invalid)
        }
        _ => {
            let mut a = [0; 32];
            if let Key::Edwards(encoding) = case.key {
                a = encoding;
            }
            flip(rng, &mut a);
            case.key = Key::Edwards(a);
            let verdict = match ed25519::decode(&a) {
                Ok(_) => Verdict::Invalid,
                Err(ed25519::DecodeError::Range) if case.profile == Profile::Rfc8032 => {
                    Verdict::KeyRange
                }
                Err(_) => Verdict::KeyNotOnCurve,
            };
            Expected::new("random, key changed", case, verdict)
        }
    }
}
