//! Ranges, keys, what comes first, changed signatures, messages.

use ark_ff::{BigInteger, Field, PrimeField};

use super::Corners;
use crate::cases::forge::{
    Forge, Numbers, Secrets, compressed_key, digest_case, is_high, is_zero, multiple, order_plus,
    point_key, prime_plus, signed_digest, x_of,
};
use crate::cases::{Expected, some_bytes};
use crate::curve::{Coordinate, Point, Scalar, bytes, is_odd, lift, reduced};
use crate::params::Limbs;
use crate::verify::{Case, DEFAULT_USER_ID, Hashing, Key, MAX_USER_ID, Verdict};

impl<C: Forge> Corners<C> {
    pub(super) fn ranges(&mut self) {
        let (numbers, q) = self.signed();
        let good = digest_case(self.profile, &numbers, point_key(&q));
        for (name, number) in [
            ("0", [0; 32]),
            ("n", order_plus::<C>(0)),
            ("n + 1", order_plus::<C>(1)),
            ("p", prime_plus::<C>(0)),
            ("2^256 - 1", [0xFF; 32]),
        ] {
            self.push(format!("r = {name}"), Case { r: number, ..good.clone() }, Verdict::RangeR);
            self.push(format!("s = {name}"), Case { s: number, ..good.clone() }, Verdict::RangeS);
        }
        self.ranges_modulo_order();
        if self.is_sm2() {
            let numbers = Numbers::<C> { s: -numbers.r, ..numbers };
            let case = digest_case(self.profile, &numbers, point_key(&q));
            self.push("t = 0", case.clone(), Verdict::RangeT);
            // Right if R = s G is taken for infinity and the x of that for 0.
            let case = Case { message: case.r.to_vec(), ..case };
            self.push("t = 0, e = r", case, Verdict::RangeT);
        }
    }

    /// Numbers out of range that would be right modulo n.
    fn ranges_modulo_order(&mut self) {
        let small = Scalar::<C>::from(3u64);
        let point = multiple::<C>(self.scalar());
        let e = self.scalar();
        if let Some(case) = self.chosen("s = 3", &point, small, e) {
            self.push("s = n + 3", Case { s: order_plus::<C>(3), ..case }, Verdict::RangeS);
        }
        let one = Coordinate::<C>::ONE;
        let point = super::first_point::<C>(one, one, false);
        // SM2: t = 5, so r = 2.
        let e_or_t = if self.is_sm2() { Scalar::<C>::from(5u64) } else { e };
        if let Some(case) = self.chosen("r is small", &point, small, e_or_t) {
            let r = order_plus::<C>(case.r[31].into());
            self.push("r is small, plus n", Case { r, ..case }, Verdict::RangeR);
        }
    }

    pub(super) fn keys(&mut self) {
        let (numbers, q) = self.signed();
        let Key::Point { x, y } = point_key(&q) else { unreachable!("a point") };
        let mut beside = y;
        beside[31] ^= 1;
        let odd = is_odd(q.y);
        let no_x = bytes(first_without_point::<C>());
        let p = prime_plus::<C>(0);
        use Key::{Compressed, Point};
        for (name, key, verdict) in [
            ("uncompressed", Point { x, y }, Verdict::Valid),
            ("compressed", Compressed { x, odd }, Verdict::Valid),
            ("compressed, other y", Compressed { x, odd: !odd }, Verdict::Invalid),
            ("negated", point_key(&-q), Verdict::Invalid),
            ("off the curve", Point { x, y: beside }, Verdict::KeyNotOnCurve),
            ("x = 0, y = 0", Point { x: [0; 32], y: [0; 32] }, Verdict::KeyNotOnCurve),
            ("x and y swapped", Point { x: y, y: x }, Verdict::KeyNotOnCurve),
            ("compressed, no such x", Compressed { x: no_x, odd }, Verdict::KeyNotOnCurve),
            ("x = p", Point { x: p, y }, Verdict::KeyRange),
            ("y = p", Point { x, y: p }, Verdict::KeyRange),
            ("x = 2^256 - 1", Point { x: [0xFF; 32], y }, Verdict::KeyRange),
            ("y = 2^256 - 1", Point { x, y: [0xFF; 32] }, Verdict::KeyRange),
            ("compressed, x = p", Compressed { x: p, odd }, Verdict::KeyRange),
            ("compressed, x = 2^256 - 1", Compressed { x: [0xFF; 32], odd }, Verdict::KeyRange),
            ("x = p - 1", Point { x: prime_plus::<C>(-1), y }, Verdict::KeyNotOnCurve),
        ] {
            let case = digest_case(self.profile, &numbers, key);
            self.push(format!("key: {name}"), case, verdict);
        }
    }

    /// Coordinates of the key from p on that would be right modulo p.
    pub(super) fn aliased_keys(&mut self) {
        let small_x = |x: u64| lift::<C>(Coordinate::<C>::from(x), x % 2 == 1);
        for q in (0..).filter_map(small_x).take(3) {
            let x = q.x.into_bigint().0[0] as i64;
            let alias = prime_plus::<C>(x);
            let point = Key::Point { x: alias, y: bytes(q.y) };
            self.aliased(&format!("key: x = {x}"), &q, point);
            let compressed = Key::Compressed { x: alias, odd: is_odd(q.y) };
            self.aliased(&format!("key: compressed, x = {x}"), &q, compressed);
        }
        for q in small_y::<C>() {
            let y = q.y.into_bigint().0[0] as i64;
            let key = Key::Point { x: bytes(q.x), y: prime_plus::<C>(y) };
            self.aliased(&format!("key: y = {y}"), &q, key);
        }
    }

    fn aliased(&mut self, name: &str, q: &Point<C>, alias: Key) {
        let (u1, u2) = (self.scalar(), self.scalar());
        let Some(numbers) = self.under(name, q, u1, u2) else { return };
        let case = digest_case(self.profile, &numbers, alias);
        self.push(format!("{name} + p"), case, self.unless_high(numbers.s, Verdict::KeyRange));
    }

    pub(super) fn order_of_checks(&mut self) {
        let (numbers, q) = self.signed();
        let Key::Point { x, y } = point_key(&q) else { unreachable!("a point") };
        let good = digest_case(self.profile, &numbers, point_key(&q));
        let beyond = Key::Point { x: [0xFF; 32], y };
        let off = Key::Point { x, y: x };
        let both = Key::Point { x, y: [0xFF; 32] };
        let (zero, high) = ([0; 32], -numbers.s);
        let [high_beyond, high_off] = [Verdict::KeyRange, Verdict::KeyNotOnCurve]
            .map(|verdict| self.unless_high(high, verdict));
        let high = bytes(high);
        for (name, r, s, key, verdict) in [
            ("r, s, range of the key", zero, zero, beyond, Verdict::RangeR),
            ("r, key off the curve", zero, good.s, off, Verdict::RangeR),
            ("s, range of the key", good.r, zero, beyond, Verdict::RangeS),
            ("s, key off the curve", good.r, [0xFF; 32], off, Verdict::RangeS),
            ("r, high s", zero, high, good.key, Verdict::RangeR),
            ("high s, range of the key", good.r, high, beyond, high_beyond),
            ("high s, key off the curve", good.r, high, off, high_off),
            ("range of the key, which is off the curve", good.r, good.s, both, Verdict::KeyRange),
            ("key off the curve, equation", good.r, good.r, off, Verdict::KeyNotOnCurve),
        ] {
            // The last one has a signature whose s may be high.
            let verdict = if s == good.r { self.unless_high(numbers.r, verdict) } else { verdict };
            self.push(format!("wrong: {name}"), Case { r, s, key, ..good.clone() }, verdict);
        }
        if self.is_sm2() {
            let s = bytes(-numbers.r);
            let case = Case { s, ..good };
            let (range, curve) = (Case { key: beyond, ..case.clone() }, Case { key: off, ..case });
            self.push("wrong: t, range of the key", range, Verdict::RangeT);
            self.push("wrong: t, key off the curve", curve, Verdict::RangeT);
            self.hashed_with_wrong_keys(&numbers, [beyond, off]);
        }
    }

    /// `Z_A` hashes the whole key, which there is none of here: the verdicts are the same.
    fn hashed_with_wrong_keys(&mut self, numbers: &Numbers<C>, points: [Key; 2]) {
        let no_x = bytes(first_without_point::<C>());
        let keys = [
            (points[0], Verdict::KeyRange),
            (Key::Compressed { x: [0xFF; 32], odd: true }, Verdict::KeyRange),
            (points[1], Verdict::KeyNotOnCurve),
            (Key::Compressed { x: no_x, odd: true }, Verdict::KeyNotOnCurve),
        ];
        for (key, verdict) in keys {
            let case = Case {
                hashing: Hashing::Sm3,
                user_id: DEFAULT_USER_ID.into(),
                ..digest_case(self.profile, numbers, key)
            };
            let (r, s) = (Case { r: [0; 32], ..case.clone() }, Case { s: [0; 32], ..case.clone() });
            let t = Case { s: bytes(-numbers.r), ..case.clone() };
            self.push("wrong: r, key before Z", r, Verdict::RangeR);
            self.push("wrong: s, key before Z", s, Verdict::RangeS);
            self.push("wrong: t, key before Z", t, Verdict::RangeT);
            self.push("wrong: key before Z", case, verdict);
        }
    }

    pub(super) fn changes(&mut self) {
        let (numbers, q) = self.signed();
        let (_, other) = self.signed();
        let good = digest_case(self.profile, &numbers, point_key(&q));
        let Numbers { r, s, .. } = numbers;
        self.push("valid", good.clone(), Verdict::Valid);
        // ECDSA: -R instead of R, whose x is the same.
        let negated = if self.is_sm2() { Verdict::Invalid } else { Verdict::Valid };
        let negated = self.unless_high(-s, negated);
        self.push("s negated", Case { s: bytes(-s), ..good.clone() }, negated);
        self.push("r negated", Case { r: bytes(-r), ..good.clone() }, Verdict::Invalid);
        let swapped = self.unless_high(r, Verdict::Invalid);
        self.push("r and s swapped", Case { r: good.s, s: good.r, ..good.clone() }, swapped);
        self.push("another key", Case { key: point_key(&other), ..good.clone() }, Verdict::Invalid);
        for byte in [0, 15, 31] {
            let mut message = good.message.clone();
            message[byte] ^= 0x10;
            let case = Case { message, ..good.clone() };
            self.push(format!("byte {byte} of the digest changed"), case, Verdict::Invalid);
        }
    }

    /// Messages and user ids with lengths about the ends of blocks, by every hashing.
    pub(super) fn hashings(&mut self) {
        for &hashing in Hashing::of(self.profile.scheme()) {
            if hashing == Hashing::Digest {
                continue;
            }
            for length in [0, 1, 31, 32, 55, 56, 63, 64, 65, 119, 120, 135, 136, 137, 272, 1000] {
                self.hashed(hashing, length, DEFAULT_USER_ID.to_vec());
            }
        }
        if self.is_sm2() {
            for length in [0, 1, 15, 17, 63, 64, 109, 110, 173, 174, 175, 1000, MAX_USER_ID] {
                let user_id = some_bytes(&mut self.rng, length);
                self.hashed(Hashing::Sm3, 40, user_id);
            }
        }
    }

    fn hashed(&mut self, hashing: Hashing, length: usize, user_id: Vec<u8>) {
        let (d, k) = (self.scalar(), self.scalar());
        let message = some_bytes(&mut self.rng, length);
        let q = multiple::<C>(d);
        let e = reduced(&signed_digest::<C>(hashing, &user_id, &q, &message));
        let mut numbers = C::sign(&Secrets::new(d, k), x_of(&multiple::<C>(k)), e);
        if self.profile.wants_low_s() && is_high::<C>(numbers.s) {
            numbers.s = -numbers.s;
        }
        let key = if length.is_multiple_of(2) { point_key(&q) } else { compressed_key(&q) };
        let name = format!("{hashing:?} of {length} bytes, user id of {} bytes", user_id.len());
        let case = digest_case(self.profile, &numbers, key);
        let good = Case { hashing, user_id, message, ..case };
        let mut bad = good.clone();
        match bad.message.last_mut() {
            Some(byte) => *byte ^= 1,
            None => bad.message.push(0),
        }
        self.cases.push(Expected::new(format!("{name}, changed"), bad, Verdict::Invalid));
        self.cases.push(Expected::new(name, good, Verdict::Valid));
    }
}

/// The first x above 0 that is of no point.
fn first_without_point<C: Forge>() -> Coordinate<C> {
    (1u64..)
        .map(Coordinate::<C>::from)
        .find(|&x| lift::<C>(x, false).is_none())
        .expect("half of all x are of none")
}

/// Two points with the smallest y, where the curve is y^2 = x^3 + 7 and p is 7 modulo 9: there a
/// cube root is the power by (p + 2) / 9.
fn small_y<C: Forge>() -> Vec<Point<C>> {
    if !is_zero(C::COEFF_A) {
        return Vec::new();
    }
    let exponent = divided(C::BaseField::MODULUS.0, 2, 9);
    (1u64..)
        .filter_map(|y| {
            let y = Coordinate::<C>::from(y);
            let cube = y.square() - C::COEFF_B;
            let x = cube.pow(exponent);
            (x.square() * x == cube).then(|| Point::<C>::new_unchecked(x, y))
        })
        .take(2)
        .collect()
}

/// (number + addend) / divisor.
fn divided(number: Limbs, addend: u64, divisor: u64) -> Limbs {
    let mut dividend = ark_ff::BigInt(number);
    let carry = dividend.add_with_carry(&ark_ff::BigInt::from(addend));
    assert!(!carry, "more than 256 bits");
    let mut remainder = 0;
    let mut quotient = dividend.0;
    for limb in quotient.iter_mut().rev() {
        let part = remainder << 64 | u128::from(*limb);
        *limb = (part / u128::from(divisor)) as u64;
        remainder = part % u128::from(divisor);
    }
    assert_eq!(remainder, 0, "not divisible");
    quotient
}
