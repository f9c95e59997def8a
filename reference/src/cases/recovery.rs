//! Corner cases of recovery over secp256k1.

use ark_ff::{AdditiveGroup, Field};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::Expected;
use super::forge::{
    Numbers, digest_case, is_high, key_for, multiple, order_plus, some_scalar, x_of,
};
use super::random::coordinates;
use super::weierstrass::first_point;
use crate::curve::{Coordinate, Point, Scalar, Secp256k1, bytes, is_odd, lift, reduced};
use crate::params::{be_bytes, secp256k1};
use crate::verify::{Case, Key, Profile, Verdict};

type Field256 = Coordinate<Secp256k1>;
type Number = Scalar<Secp256k1>;

/// The corner cases of recovery by a profile of secp256k1; always the same.
pub fn recovery_corners(profile: Profile) -> Vec<Expected> {
    let mut corners =
        Corners { profile, rng: ChaCha8Rng::seed_from_u64(0xC0_4E45), cases: Vec::new() };
    corners.special_points();
    corners.special_numbers();
    corners.nothing();
    corners.ranges();
    corners.cases
}

struct Corners {
    profile: Profile,
    rng: ChaCha8Rng,
    cases: Vec<Expected>,
}

impl Corners {
    fn scalar(&mut self) -> Number {
        some_scalar::<Secp256k1>(&mut self.rng)
    }

    fn case(&self, r: Number, s: Number, e: Number, id: u8) -> Case {
        digest_case::<Secp256k1>(self.profile, &Numbers { r, s, e }, Key::Recover(id))
    }

    fn none(&mut self, name: impl Into<String>, case: Case, verdict: Verdict) {
        self.cases.push(Expected::new(name, case, verdict));
    }

    fn is_refused(&self, s: Number) -> bool {
        self.profile.wants_low_s() && is_high::<Secp256k1>(s)
    }

    /// The key to which R, s and e lead.
    fn found(&mut self, name: &str, point: &Point<Secp256k1>, s: Number, e: Number) {
        let r = x_of(point);
        let id = u8::from(is_odd(point.y)) + 2 * u8::from(bytes(r) != bytes(point.x));
        let case = self.case(r, s, e, id);
        if self.is_refused(s) {
            return self.none(format!("{name}, high s"), case, Verdict::HighS);
        }
        let s_inverse = s.inverse().expect("s is not 0");
        let q = key_for(point, e * s_inverse, r * s_inverse).expect("a finite key");
        let expected = Expected::new(name, case, Verdict::Valid);
        self.cases.push(Expected { key: coordinates(&q), ..expected });
        // The other y of R leads to another key: e is the same, and s·R is not.
        let name = format!("{name}, other y");
        let case = self.case(r, s, e, id ^ 1);
        match key_for(&-*point, e * s_inverse, r * s_inverse) {
            Some(q) => {
                let expected = Expected::new(name, case, Verdict::Valid);
                self.cases.push(Expected { key: coordinates(&q), ..expected });
            }
            None => self.none(format!("{name}: infinite"), case, Verdict::Invalid),
        }
    }

    fn special_points(&mut self) {
        let one = Field256::ONE;
        let order: Field256 = reduced(&be_bytes(&secp256k1::N));
        for odd in [false, true] {
            for (name, start, step) in [
                ("x of R is the first above 0", one, one),
                ("x of R is the last below n", order - one, -one),
                ("x of R is the first above n", order + one, one),
                ("x of R is the last below p", -one, -one),
            ] {
                let point = first_point::<Secp256k1>(start, step, odd);
                let (s, e) = (self.scalar(), self.scalar());
                self.found(name, &point, s, e);
            }
        }
        for (name, k) in [("R = G", Number::ONE), ("R = -G", -Number::ONE)] {
            let (s, e) = (self.scalar(), self.scalar());
            self.found(name, &multiple::<Secp256k1>(k), s, e);
        }
    }

    fn special_numbers(&mut self) {
        let one = Number::ONE;
        let half = (one + one).inverse().expect("n is odd");
        for (name, s) in [
            ("s = 1", one),
            ("s = (n - 1)/2", half - one),
            ("s = (n + 1)/2", half),
            ("s = n - 1", -one),
        ] {
            let point = multiple::<Secp256k1>(self.scalar());
            let e = self.scalar();
            self.found(name, &point, s, e);
        }
        let point = multiple::<Secp256k1>(self.scalar());
        let s = self.scalar();
        for (name, e) in [("e = 0", Number::ZERO), ("e = 1", one), ("e = -1", -one), ("e = s", s)] {
            self.found(name, &point, s, e);
        }
        // s·R = -e·G: the two halves of the sum are equal, and the key is -2e/r G.
        let k = self.scalar();
        let point = multiple::<Secp256k1>(k);
        self.found("s R = -e G", &point, s, -s * k);
        let r = x_of(&point);
        self.found("Q = R", &point, s, (s - r) * k);
        self.found("Q = G", &point, s, s * k - r);
        self.found("Q = -G", &point, s, s * k + r);
    }

    /// Signatures of no key.
    fn nothing(&mut self) {
        let one = Field256::ONE;
        let k = self.scalar();
        let point = multiple::<Secp256k1>(k);
        let s = self.low_scalar();
        let id = u8::from(is_odd(point.y));
        let case = self.case(x_of(&point), s, s * k, id);
        self.none("s R = e G: the key is infinite", case, Verdict::Invalid);

        // x of no point, below and above n.
        let order: Field256 = reduced(&be_bytes(&secp256k1::N));
        for (name, start, above) in [("r is no x", one, 0), ("r + n is no x", order + one, 2)] {
            let x = first_x(start, false);
            for odd in [0, 1] {
                let r = reduced(&bytes(x));
                let e = self.scalar();
                let case = self.case(r, s, e, above + odd);
                self.none(name, case, Verdict::Invalid);
            }
        }
        // r + n = p, and p + x with x that of a point; and a sum above 2^256.
        let p_minus_n = -reduced::<Field256>(&be_bytes(&secp256k1::N));
        for x in [Field256::ZERO, first_x(one, true)] {
            let r: Number = reduced(&bytes(p_minus_n + x));
            let e = self.scalar();
            for id in [2, 3] {
                let case = self.case(r, s, e, id);
                self.none(format!("r + n = p + {x}"), case, Verdict::Invalid);
            }
        }
        let e = self.scalar();
        for id in [2, 3] {
            let case = self.case(-Number::ONE, s, e, id);
            self.none("r = n - 1, plus n", case, Verdict::Invalid);
        }
        // A random r is far above p - n.
        let r = x_of(&point);
        let case = self.case(r, s, e, 2 + id);
        self.none("r of a point, plus n", case, Verdict::Invalid);
    }

    fn low_scalar(&mut self) -> Number {
        let s = self.scalar();
        if is_high::<Secp256k1>(s) { -s } else { s }
    }

    fn ranges(&mut self) {
        let point = multiple::<Secp256k1>(self.scalar());
        let s = self.low_scalar();
        let e = self.scalar();
        let id = u8::from(is_odd(point.y));
        let good = self.case(x_of(&point), s, e, id);
        for (name, number) in
            [("0", [0; 32]), ("n", order_plus::<Secp256k1>(0)), ("2^256 - 1", [0xFF; 32])]
        {
            let (r, s) = (Case { r: number, ..good.clone() }, Case { s: number, ..good.clone() });
            let both = Case { s: number, ..r.clone() };
            self.none(format!("r = {name}"), r, Verdict::RangeR);
            self.none(format!("s = {name}"), s, Verdict::RangeS);
            self.none(format!("r = s = {name}"), both, Verdict::RangeR);
        }
        if self.profile.wants_low_s() {
            let case = Case { s: bytes(-s), ..good.clone() };
            self.none("high s", case.clone(), Verdict::HighS);
            let r = bytes(first_x(Field256::ONE, false));
            self.none("high s, r is no x", Case { r, ..case }, Verdict::HighS);
        }
    }
}

/// The first x from `start` on that is, or is not, that of a point.
fn first_x(start: Field256, wanted: bool) -> Field256 {
    std::iter::successors(Some(start), |&x| Some(x + Field256::ONE))
        .find(|&x| lift::<Secp256k1>(x, false).is_some() == wanted)
        .expect("half of all x")
}
