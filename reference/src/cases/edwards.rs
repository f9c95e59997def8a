//! Corner cases of Ed25519. Points are aB + iT, with T of order 8: what a verdict must be follows
//! from the two scalars.

use ark_ec::CurveGroup;
use ark_ec::twisted_edwards::TECurveConfig;
use ark_ed25519::{EdwardsConfig, Fq};
use ark_ff::{AdditiveGroup, BigInt, BigInteger, Field, PrimeField};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{Expected, bytes32, some_bytes};
use crate::ed25519::{
    DecodeError, Encoding, Point, Scalar, decode, decode_any, encode, k, scalar_bytes,
};
use crate::params::ed25519::{T8X, T8Y};
use crate::sha512::sha512;
use crate::verify::{Case, Hashing, Key, Profile, Verdict};

/// aB + iT and one encoding of it.
#[derive(Clone, Copy, Debug)]
struct Dot {
    /// a.
    scalar: Scalar,
    /// i.
    torsion: u64,
    encoding: Encoding,
    /// What RFC 8032 thinks of the encoding.
    fault: Option<DecodeError>,
}

impl Dot {
    fn new(scalar: Scalar, torsion: u64) -> Self {
        let point = EdwardsConfig::GENERATOR * scalar + t8() * Scalar::from(torsion);
        Self { scalar, torsion, encoding: encode(&point.into_affine()), fault: None }
    }

    fn is_small(&self) -> bool {
        self.scalar == Scalar::ZERO
    }
}

/// T, a point of order 8.
fn t8() -> Point {
    let coordinate = |limbs| Fq::from_bigint(BigInt(limbs)).expect("below p");
    Point::new_unchecked(coordinate(T8X), coordinate(T8Y))
}

/// The 8 points iT in all their 14 encodings.
fn torsion_points() -> Vec<Dot> {
    const SIGN: u8 = 0x80;
    let mut points: Vec<Dot> = (0..8).map(|i| Dot::new(Scalar::ZERO, i)).collect();
    for i in [0, 2, 4, 6] {
        let Dot { encoding, .. } = points[i];
        let mut add = |encoding: Encoding, fault| {
            points.push(Dot { encoding, fault: Some(fault), ..points[i] });
        };
        let beyond = plus_p(encoding);
        if i == 0 || i == 4 {
            // x = 0: the sign may be set.
            add(with_top(encoding, SIGN), DecodeError::NotOnCurve);
        }
        if let Some(beyond) = beyond {
            add(beyond, DecodeError::Range);
            if i == 0 {
                add(with_top(beyond, SIGN), DecodeError::Range);
            }
        }
    }
    points
}

fn with_top(mut encoding: Encoding, bits: u8) -> Encoding {
    encoding[31] ^= bits;
    encoding
}

/// The encoding with y + p in place of y, if it has the bits.
fn plus_p(encoding: Encoding) -> Option<Encoding> {
    let sign = encoding[31] & 0x80;
    let mut y = BigInt(crate::params::from_be_bytes(&reversed(with_top(encoding, sign))));
    y.add_with_carry(&Fq::MODULUS);
    (!y.get_bit(255)).then(|| with_top(reversed(crate::params::be_bytes(&y.0)), sign))
}

fn reversed(mut bytes: [u8; 32]) -> [u8; 32] {
    bytes.reverse();
    bytes
}

/// Whether (k·i + j) T is neutral for A of torsion i and R of torsion j: what the equation without
/// cofactor wants beyond the one with it.
fn torsion_cancels(r: &Dot, a: &Dot, k_modulo_8: u64) -> bool {
    (k_modulo_8 * a.torsion + r.torsion).is_multiple_of(8)
}

fn k_modulo_8(r: &Dot, a: &Dot, message: &[u8]) -> u64 {
    k(&r.encoding, &a.encoding, message).into_bigint().0[0] % 8
}

/// The verdict on S = r + ka.
fn verdict(profile: Profile, r: &Dot, a: &Dot, message: &[u8]) -> Verdict {
    let without_cofactor = r.fault.is_none() && torsion_cancels(r, a, k_modulo_8(r, a, message));
    match profile {
        Profile::Rfc8032 => match a.fault {
            Some(DecodeError::Range) => Verdict::KeyRange,
            Some(DecodeError::NotOnCurve) => Verdict::KeyNotOnCurve,
            None if without_cofactor => Verdict::Valid,
            None => Verdict::Invalid,
        },
        Profile::Strict if a.is_small() || r.is_small() => Verdict::SmallOrder,
        Profile::Strict if !without_cofactor => Verdict::Invalid,
        _ => Verdict::Valid,
    }
}

struct Corners {
    profile: Profile,
    rng: ChaCha8Rng,
    cases: Vec<Expected>,
}

pub(super) fn corners(profile: Profile) -> Vec<Expected> {
    let rng = ChaCha8Rng::seed_from_u64(0xC0_4E45);
    let mut corners = Corners { profile, rng, cases: Vec::new() };
    corners.messages();
    corners.small_order();
    corners.mixed_order();
    corners.reduction_of_k();
    corners.special_scalars();
    corners.ranges();
    corners.encodings();
    corners.changes();
    corners.cases
}

impl Corners {
    fn scalar(&mut self) -> Scalar {
        Scalar::from_be_bytes_mod_order(&bytes32(&mut self.rng))
    }

    fn message(&mut self) -> Vec<u8> {
        some_bytes(&mut self.rng, 32)
    }

    fn case(&self, r: Encoding, s: [u8; 32], a: Encoding, message: Vec<u8>) -> Case {
        Case {
            profile: self.profile,
            hashing: Hashing::Message,
            user_id: Vec::new(),
            r,
            s,
            key: Key::Edwards(a),
            message,
        }
    }

    fn push(&mut self, name: impl Into<String>, case: Case, verdict: Verdict) {
        self.cases.push(Expected::new(name, case, verdict));
    }

    /// S = r + ka, which is right up to torsion.
    fn signed(&self, r: &Dot, a: &Dot, message: Vec<u8>) -> Case {
        let s = r.scalar + k(&r.encoding, &a.encoding, &message) * a.scalar;
        self.case(r.encoding, scalar_bytes(s), a.encoding, message)
    }

    fn add(&mut self, name: impl Into<String>, r: &Dot, a: &Dot, message: Vec<u8>) {
        let verdict = verdict(self.profile, r, a, &message);
        let case = self.signed(r, a, message);
        self.push(name, case, verdict);
    }

    /// A message of which `wanted` holds; k is as good as random.
    fn search(&mut self, wanted: impl Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        (0..1000).map(|_| self.message()).find(|message| wanted(message))
    }

    fn messages(&mut self) {
        for length in [0, 1, 32, 46, 47, 48, 63, 64, 65, 174, 175, 176, 192, 1000, 4096] {
            let (r, a) = (Dot::new(self.scalar(), 0), Dot::new(self.scalar(), 0));
            let message = some_bytes(&mut self.rng, length);
            self.add(format!("message of {length} bytes"), &r, &a, message);
        }
    }

    /// A, R or both of small order, in every encoding.
    fn small_order(&mut self) {
        let points = torsion_points();
        for (i, a) in points.iter().enumerate() {
            for (j, r) in points.iter().enumerate() {
                let message = self.message();
                self.add(format!("A, R of small order, {i} and {j}"), r, a, message);
            }
            let r = Dot::new(self.scalar(), 0);
            let cancels = self.search(|message| torsion_cancels(&r, a, k_modulo_8(&r, a, message)));
            for message in cancels.into_iter().chain([self.message()]) {
                self.add(format!("A of small order, {i}"), &r, a, message);
            }
            let other = Dot::new(self.scalar(), 0);
            let message = self.message();
            self.add(format!("R of small order, {i}"), a, &other, message);
        }
    }

    fn mixed_order(&mut self) {
        for i in 0..8 {
            for j in 0..8 {
                let (r, a) = (Dot::new(self.scalar(), j), Dot::new(self.scalar(), i));
                let cancels =
                    self.search(|message| torsion_cancels(&r, &a, k_modulo_8(&r, &a, message)));
                for message in cancels.into_iter().chain([self.message()]) {
                    self.add(format!("A + {i}T, R + {j}T"), &r, &a, message);
                }
            }
        }
    }

    /// With A of mixed order, \[k\]A is another point when k is not taken modulo L.
    fn reduction_of_k(&mut self) {
        let (r, a) = (Dot::new(self.scalar(), 3), Dot::new(self.scalar(), 1));
        for reduced_cancels in [true, false] {
            let message = self.search(|message| {
                let whole = sha512(&[&r.encoding, &a.encoding, message].concat());
                let whole_cancels = torsion_cancels(&r, &a, u64::from(whole[0] % 8));
                let cancels = torsion_cancels(&r, &a, k_modulo_8(&r, &a, message));
                cancels == reduced_cancels && whole_cancels != reduced_cancels
            });
            if let Some(message) = message {
                let name = format!("A of mixed order, holds with k modulo L: {reduced_cancels}");
                self.add(name, &r, &a, message);
            }
        }
    }

    fn special_scalars(&mut self) {
        let power = |exponent: u64| Scalar::from(2u64).pow([exponent]);
        let mut special: Vec<(String, Scalar)> =
            [1u64, 2, 3, 8, 127, 128].map(|a| (a.to_string(), Scalar::from(a))).into();
        special.extend([64, 127, 128, 129, 251, 252].map(|e| (format!("2^{e}"), power(e))));
        special.push(("1/2".into(), Scalar::from(2u64).inverse().expect("L is odd")));
        special.push(("1/8".into(), Scalar::from(8u64).inverse().expect("L is odd")));
        for (name, special) in special {
            for (sign, special) in [("", special), ("-", -special)] {
                let (special, other) = (Dot::new(special, 0), Dot::new(self.scalar(), 0));
                let messages = [self.message(), self.message(), self.message()];
                let [first, second, third] = messages;
                self.add(format!("A = {sign}{name} B"), &other, &special, first);
                self.add(format!("R = {sign}{name} B"), &special, &other, second);
                self.add(format!("A = R = {sign}{name} B"), &special, &special, third);
                // With A neutral, S is r.
                let message = self.message();
                let name = format!("S = {sign}{name}, A neutral");
                self.add(name, &special, &Dot::new(Scalar::ZERO, 0), message);
            }
        }
        let a = self.scalar();
        let message = self.message();
        self.add("R = -A", &Dot::new(-a, 0), &Dot::new(a, 0), message);
    }

    fn ranges(&mut self) {
        let (r, a) = (Dot::new(self.scalar(), 0), Dot::new(self.scalar(), 0));
        let message = self.message();
        let good = self.signed(&r, &a, message);
        let s = BigInt::<4>(crate::params::from_be_bytes(&reversed(good.s)));
        let encoded = |number: BigInt<4>| reversed(crate::params::be_bytes(&number.0));
        let mut beyond = s;
        for times in 1..=14 {
            beyond.add_with_carry(&Scalar::MODULUS);
            let case = Case { s: encoded(beyond), ..good.clone() };
            self.push(format!("S + {times} L"), case, Verdict::RangeS);
        }
        self.push("S = L", Case { s: encoded(Scalar::MODULUS), ..good.clone() }, Verdict::RangeS);
        self.push("S = 2^256 - 1", Case { s: [0xFF; 32], ..good.clone() }, Verdict::RangeS);
        for bit in [0x20, 0x40, 0x80] {
            let case = Case { s: with_top(good.s, bit), ..good.clone() };
            self.push(format!("S with bit {bit:#x} of its last byte"), case, Verdict::RangeS);
        }
        let last = scalar_bytes(-Scalar::ONE);
        self.push("S = L - 1, wrong", Case { s: last, ..good.clone() }, Verdict::Invalid);
        self.push("S = 0, wrong", Case { s: [0; 32], ..good.clone() }, Verdict::Invalid);
        // Right modulo L, were it not for the range.
        let (r, a) = (Dot::new(Scalar::ZERO, 0), Dot::new(Scalar::ZERO, 0));
        let message = self.message();
        let case = self.case(r.encoding, encoded(Scalar::MODULUS), a.encoding, message);
        self.push("S = L, A and R neutral", case, Verdict::RangeS);
    }

    /// Encodings of no point, of a point of large order with y above p, and what comes first.
    fn encodings(&mut self) {
        let small = |y: u8| {
            let mut encoding = [0; 32];
            encoding[0] = y;
            encoding
        };
        let (r, a) = (Dot::new(self.scalar(), 0), Dot::new(self.scalar(), 0));
        let message = self.message();
        let good = self.signed(&r, &a, message);
        let key = |encoding: Encoding| Case { key: Key::Edwards(encoding), ..good.clone() };
        let r = |encoding: Encoding| Case { r: encoding, ..good.clone() };
        let by = |rfc8032, others| if self.profile == Profile::Rfc8032 { rfc8032 } else { others };
        let mut list = Vec::new();
        for y in 0..19u8 {
            let encoding = small(y);
            let beyond = plus_p(encoding).expect("2^255 - p is 19");
            for encoding in [beyond, with_top(beyond, 0x80)] {
                let found = match decode_any(&encoding) {
                    None => Verdict::KeyNotOnCurve,
                    Some(_) if y > 1 => Verdict::Invalid,
                    Some(_) => continue, // of small order
                };
                list.push((
                    format!("A with y = p + {y}"),
                    key(encoding),
                    by(Verdict::KeyRange, found),
                ));
                list.push((format!("R with y = p + {y}"), r(encoding), Verdict::Invalid));
            }
        }
        let none = (2..).map(small).find(|encoding| decode(encoding).is_err()).expect("no point");
        let sign = with_top(small(1), 0x80);
        let neutral = small(1);
        let out = [0xFF; 32];
        list.extend([
            ("A is no point".into(), key(none), Verdict::KeyNotOnCurve),
            ("R is no point".into(), r(none), Verdict::Invalid),
            ("A of ones".into(), key(out), by(Verdict::KeyRange, ones())),
            ("S, A is no point".into(), Case { s: out, ..key(none) }, Verdict::RangeS),
            ("S, A out of range".into(), Case { s: out, ..key(out) }, Verdict::RangeS),
            ("S, A neutral".into(), Case { s: out, ..key(neutral) }, Verdict::RangeS),
            ("S, R neutral".into(), Case { s: out, ..r(neutral) }, Verdict::RangeS),
            ("A and R are no points".into(), Case { r: none, ..key(none) }, Verdict::KeyNotOnCurve),
            (
                "A is no point, R neutral".into(),
                Case { r: neutral, ..key(none) },
                Verdict::KeyNotOnCurve,
            ),
            // As dalek: R is decoded before orders are looked at.
            ("A neutral, R is no point".into(), Case { r: none, ..key(neutral) }, Verdict::Invalid),
            (
                "A neutral with a sign, R is no point".into(),
                Case { r: none, ..key(sign) },
                by(Verdict::KeyNotOnCurve, Verdict::Invalid),
            ),
        ]);
        self.cases.extend(
            list.into_iter().map(|(name, case, verdict)| Expected::new(name, case, verdict)),
        );
    }

    fn changes(&mut self) {
        let (r, a) = (Dot::new(self.scalar(), 0), Dot::new(self.scalar(), 0));
        let message = self.message();
        let good = self.signed(&r, &a, message);
        self.push("valid", good.clone(), Verdict::Valid);
        let negated = with_top(r.encoding, 0x80);
        self.push("R negated", Case { r: negated, ..good.clone() }, Verdict::Invalid);
        let negated = Key::Edwards(with_top(a.encoding, 0x80));
        self.push("A negated", Case { key: negated, ..good.clone() }, Verdict::Invalid);
        let other = Key::Edwards(Dot::new(self.scalar(), 0).encoding);
        self.push("another key", Case { key: other, ..good.clone() }, Verdict::Invalid);
        for byte in [0, 31] {
            let mut message = good.message.clone();
            message[byte] ^= 1;
            let case = Case { message, ..good.clone() };
            self.push(format!("byte {byte} of the message changed"), case, Verdict::Invalid);
        }
        let mut s = good.s;
        s[0] ^= 1;
        self.push("S changed", Case { s, ..good.clone() }, Verdict::Invalid);
        let message = [&good.message[..], &[0]].concat();
        self.push("message longer", Case { message, ..good }, Verdict::Invalid);
    }
}

/// What a key of ones is where y is taken modulo p: 18, with the sign set.
fn ones() -> Verdict {
    if decode_any(&[0xFF; 32]).is_some() { Verdict::Invalid } else { Verdict::KeyNotOnCurve }
}
