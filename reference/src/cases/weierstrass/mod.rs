//! Corner cases of ECDSA and SM2.

mod arithmetic;
mod shapes;

pub(super) use arithmetic::first_point;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::marker::PhantomData;

use super::Expected;
use super::forge::{
    Forge, Numbers, digest_case, is_high, is_zero, key_for, multiple, numbers_under, point_key,
    some_scalar, x_of,
};
use crate::curve::{Point, Scalar, combination};
use crate::verify::{Case, Profile, Scheme, Verdict};

pub(super) fn corners<C: Forge>(profile: Profile) -> Vec<Expected> {
    let mut corners = Corners::<C>::new(profile);
    corners.exceptional_additions();
    corners.special_x();
    corners.special_s();
    corners.special_digests();
    corners.special_scalars();
    corners.ranges();
    corners.keys();
    corners.aliased_keys();
    corners.order_of_checks();
    corners.changes();
    corners.hashings();
    corners.cases
}

pub(super) fn small_scalars<C: Forge>(profile: Profile) -> Vec<Expected> {
    let mut corners = Corners::<C>::new(profile);
    corners.small_scalars();
    corners.cases
}

/// The cases of one profile so far.
struct Corners<C> {
    profile: Profile,
    rng: ChaCha8Rng,
    cases: Vec<Expected>,
    curve: PhantomData<C>,
}

impl<C: Forge> Corners<C> {
    fn new(profile: Profile) -> Self {
        let rng = ChaCha8Rng::seed_from_u64(0xC0_4E45);
        Self { profile, rng, cases: Vec::new(), curve: PhantomData }
    }

    fn is_sm2(&self) -> bool {
        self.profile.scheme() == Scheme::Sm2
    }

    fn scalar(&mut self) -> Scalar<C> {
        some_scalar::<C>(&mut self.rng)
    }

    fn push(&mut self, name: impl Into<String>, case: Case, verdict: Verdict) {
        self.cases.push(Expected::new(name, case, verdict));
    }

    /// `verdict`, unless the profile stops at a high s.
    fn unless_high(&self, s: Scalar<C>, verdict: Verdict) -> Verdict {
        if self.profile.wants_low_s() && is_high::<C>(s) { Verdict::HighS } else { verdict }
    }

    /// Verification with u1 and u2 under the key Q; no case where no signature has these.
    fn under(
        &mut self,
        name: impl Into<String>,
        q: &Point<C>,
        u1: Scalar<C>,
        u2: Scalar<C>,
    ) -> Option<Numbers<C>> {
        let numbers = numbers_under(q, u1, u2)?;
        let infinite = is_zero(combination::<C>(u1, u2, q));
        let verdict = if infinite { Verdict::Invalid } else { Verdict::Valid };
        let verdict = self.unless_high(numbers.s, verdict);
        self.push(name, digest_case(self.profile, &numbers, point_key(q)), verdict);
        Some(numbers)
    }

    /// A right signature with R, s and e chosen, from which the key follows. SM2: t instead of e.
    fn chosen(
        &mut self,
        name: impl Into<String>,
        point: &Point<C>,
        s: Scalar<C>,
        e_or_t: Scalar<C>,
    ) -> Option<Case> {
        let (u1, u2) = if self.is_sm2() {
            (s, e_or_t)
        } else {
            C::scalars(&Numbers { r: x_of(point), s, e: e_or_t })
        };
        let q = key_for(point, u1, u2)?;
        let numbers = C::numbers(u1, u2, point)?;
        let case = digest_case(self.profile, &numbers, point_key(&q));
        self.push(name, case.clone(), self.unless_high(numbers.s, Verdict::Valid));
        Some(case)
    }

    /// A right signature under a random key, with s in the lower half.
    fn signed(&mut self) -> (Numbers<C>, Point<C>) {
        loop {
            let q = multiple::<C>(self.scalar());
            let (u1, u2) = (self.scalar(), self.scalar());
            match numbers_under(&q, u1, u2) {
                Some(numbers) if !is_high::<C>(numbers.s) => return (numbers, q),
                _ => {}
            }
        }
    }
}
