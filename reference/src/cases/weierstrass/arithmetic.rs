//! Scalars, points and numbers at which arithmetic may go wrong.

use ark_ff::{AdditiveGroup, BigInteger, Field, PrimeField};

use super::Corners;
use crate::cases::forge::{
    Forge, Numbers, Secrets, constant, digest_case, key_for, multiple, order_plus, point_key,
    power_of_2, prime_plus, x_of,
};
use crate::curve::{Coordinate, Point, Scalar, lift, reduced};
use crate::params::{be_bytes, half, secp256k1};
use crate::verify::{Case, Scheme, Verdict};

impl<C: Forge> Corners<C> {
    pub(super) fn exceptional_additions(&mut self) {
        let (one, two) = (Scalar::<C>::ONE, Scalar::<C>::from(2u64));
        let (d, u) = (self.scalar(), self.scalar());
        let d_inverse = d.inverse().expect("d is not 0");
        let two_inverse = two.inverse().expect("n is odd");
        let q = multiple::<C>(d);
        for (name, g_of_u1, g_of_u2) in [
            ("u1 G = u2 Q", u, u),
            ("u1 G = -u2 Q: R is infinite", u, -u),
            ("u1 G = -2 u2 Q", u, -u * two_inverse),
            ("u1 G = 2 u2 Q", u, u * two_inverse),
            ("u1 G = u2 Q + G", u + one, u),
            ("R = G", one - u, u),
            ("R = -G", -one - u, u),
        ] {
            self.under(name, &q, g_of_u1, g_of_u2 * d_inverse);
        }
        for (name, q) in [("Q = G", multiple::<C>(one)), ("Q = -G", multiple::<C>(-one))] {
            for (scalars, u1, u2) in [
                ("u1, u2 random", u, d),
                ("u1 = u2", u, u),
                ("u1 = -u2", u, -u),
                ("u1 = u2 + 1", u + one, u),
                ("u1 = 1 - u2", one - u, u),
                ("u1 = u2 = 1", one, one),
                ("u1 = 1, u2 = 2", one, two),
            ] {
                self.under(format!("{name}, {scalars}"), &q, u1, u2);
            }
        }
    }

    pub(super) fn small_scalars(&mut self) {
        let small = Scalar::<C>::from;
        let mut multiples: Vec<(String, Scalar<C>)> =
            [1u64, 2, 3, 4, 5, 7, 15, 16, 17, 127, 128, 129]
                .map(|m| (m.to_string(), small(m)))
                .into();
        multiples.push(("1/2".into(), small(2).inverse().expect("n is odd")));
        for exponent in [64, 127, 128, 129, 192, 255] {
            multiples.push((format!("2^{exponent}"), power_of_2::<C>(exponent)));
        }
        if self.profile.scheme() == Scheme::Secp256k1 {
            multiples.push(("λ".into(), constant::<C>(&secp256k1::LAMBDA)));
        }
        for (name, m) in multiples {
            for (sign, m) in [("", m), ("-", -m)] {
                let q = multiple::<C>(m);
                for u1 in [1u64, 2, 3, 4, 8, 16].map(small) {
                    for u2 in [small(1), small(2), small(3), small(16), -small(1)] {
                        self.under(format!("Q = {sign}{name} G, u1 = {u1}, u2 = {u2}"), &q, u1, u2);
                    }
                }
            }
        }
    }

    pub(super) fn special_scalars(&mut self) {
        let mut special: Vec<(String, Scalar<C>)> =
            [1u64, 2, 3, 127, 128].map(|u| (u.to_string(), Scalar::<C>::from(u))).into();
        for exponent in [63, 64, 127, 128, 129, 191, 192, 253, 254, 255] {
            special.push((format!("2^{exponent}"), power_of_2::<C>(exponent)));
        }
        special.push(("1/2".into(), Scalar::<C>::from(2u64).inverse().expect("n is odd")));
        special.push(("2^128 - 1".into(), power_of_2::<C>(128) - Scalar::<C>::ONE));
        for byte in [0x11, 0x55, 0xAA] {
            special.push((format!("0x{byte:02X} 32 times"), reduced(&[byte; 32])));
        }
        if self.profile.scheme() == Scheme::Secp256k1 {
            let lambda = constant::<C>(&secp256k1::LAMBDA);
            let a1 = constant::<C>(&secp256k1::A1);
            special.push(("λ".into(), lambda));
            special.push(("λ^2".into(), lambda.square()));
            special.push(("a1".into(), a1));
            special.push(("|b1|".into(), constant::<C>(&secp256k1::MINUS_B1)));
            special.push(("a2".into(), constant::<C>(&secp256k1::A2)));
            special.push(("a1 λ".into(), lambda * a1));
            special.push(("λ + 1".into(), lambda + Scalar::<C>::ONE));
            special.push(("λ 2^127".into(), lambda * power_of_2::<C>(127)));
        }
        let q = multiple::<C>(self.scalar());
        for (name, special) in special {
            for (sign, special) in [("", special), ("-", -special)] {
                let other = self.scalar();
                self.under(format!("u1 = {sign}{name}"), &q, special, other);
                self.under(format!("u2 = {sign}{name}"), &q, other, special);
            }
        }
    }

    pub(super) fn special_s(&mut self) {
        let half = Scalar::<C>::from(2u64).inverse().expect("n is odd");
        for (name, s) in [
            ("1", Scalar::<C>::ONE),
            ("2", Scalar::<C>::from(2u64)),
            ("(n - 1)/2", half - Scalar::<C>::ONE),
            ("(n + 1)/2", half),
            ("n - 2", -Scalar::<C>::from(2u64)),
            ("n - 1", -Scalar::<C>::ONE),
            ("2^255", power_of_2::<C>(255)),
        ] {
            let point = multiple::<C>(self.scalar());
            let e = self.scalar();
            self.chosen(format!("s = {name}"), &point, s, e);
        }
    }

    /// x of R at the ends of its range, where x modulo n is not x, and where r + n is not x.
    pub(super) fn special_x(&mut self) {
        let one = Coordinate::<C>::ONE;
        let order = Scalar::<C>::MODULUS.0;
        let [order, middle] = [order, half(&order)].map(|n| reduced(&be_bytes(&n)));
        for odd in [false, true] {
            for (name, start, step) in [
                ("the first above 0", one, one),
                ("the second above 0", first_point::<C>(one, one, odd).x + one, one),
                ("the last below n", order - one, -one),
                ("the first above n", order + one, one),
                ("the last below p", -one, -one),
                ("about n/2", middle, one),
            ] {
                let point = first_point::<C>(start, step, odd);
                let (s, e) = (self.scalar(), self.scalar());
                self.chosen(format!("x of R is {name}"), &point, s, e);
                let s = Scalar::<C>::from(3u64);
                self.chosen(format!("x of R is {name}, s = 3"), &point, s, e);
            }
        }
        if self.is_sm2() {
            // The curve has points with x = 0; r of ECDSA would be 0.
            let point = first_point::<C>(Coordinate::<C>::ZERO, one, false);
            let t = self.scalar();
            self.chosen("x of R is the first from 0", &point, Scalar::<C>::from(3u64), t);
        } else {
            self.beyond_p(&first_point::<C>(one, one, true));
        }
    }

    /// r + n is p + x, with x that of R: equal modulo p, and not modulo n.
    fn beyond_p(&mut self, point: &Point<C>) {
        let mut r = C::BaseField::MODULUS;
        r.sub_with_borrow(&Scalar::<C>::MODULUS);
        r.add_with_carry(&point.x.into_bigint());
        let r = Scalar::<C>::from_bigint(r).expect("p - n is small");
        let numbers = Numbers { r, s: Scalar::<C>::from(3u64), e: self.scalar() };
        let (u1, u2) = C::scalars(&numbers);
        let q = key_for(point, u1, u2).expect("finite");
        let case = digest_case(self.profile, &numbers, point_key(&q));
        self.push("r + n = p + x of R", case, Verdict::Invalid);
    }

    /// Digests as bytes, of which e is the rest modulo n.
    pub(super) fn special_digests(&mut self) {
        for (name, digest) in [
            ("0", [0; 32]),
            ("1", be_bytes(&[1, 0, 0, 0])),
            ("n", order_plus::<C>(0)),
            ("n - 1", order_plus::<C>(-1)),
            ("n + 1", order_plus::<C>(1)),
            ("p", prime_plus::<C>(0)),
            ("2^256 - 1", [0xFF; 32]),
        ] {
            let (d, k) = (self.scalar(), self.scalar());
            let x = x_of(&multiple::<C>(k));
            let numbers = C::sign(&Secrets::new(d, k), x, reduced(&digest));
            let case = digest_case(self.profile, &numbers, point_key(&multiple::<C>(d)));
            let verdict = self.unless_high(numbers.s, Verdict::Valid);
            self.push(format!("digest = {name}"), Case { message: digest.into(), ..case }, verdict);
        }
    }
}

/// The first point from x = `start` on, by `step`.
pub(in crate::cases) fn first_point<C: Forge>(
    start: Coordinate<C>,
    step: Coordinate<C>,
    odd: bool,
) -> Point<C> {
    std::iter::successors(Some(start), |&x| Some(x + step))
        .find_map(|x| lift::<C>(x, odd))
        .expect("half of all x are of points")
}
