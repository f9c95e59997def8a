//! Pippenger's bucket method on a curve y² = x³ + b, on the threads of rayon's current pool.
//!
//! Operations for n terms in windows of c bits, of which there are W: for each window n additions
//! of affine points, of six products each, as many of them share an inversion, and 2^c additions in
//! other coordinates, of twelve products each.
//!
//! Equal, opposite and repeated points are cases of their own; whatever the points, there is no
//! division by zero.

use std::collections::HashMap;
use std::ops::Range;

use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::{Affine, Bucket, Projective, SWCurveConfig};
use ark_ff::{AdditiveGroup, Field, PrimeField, Zero};
use rayon::prelude::*;

use super::number::Number;
use super::scalar::Limbs;

/// Widest window.
const MAX_WIDTH: usize = 16;

/// Buckets that stay in a core's cache: as many windows as have so many are treated at once.
const CACHED_BUCKETS: usize = 1 << 11;

/// Most additions that share an inversion, which takes as long as some hundred products.
const MAX_BATCH: usize = 512;

/// Products of an addition to a bucket, and of what each bucket costs in the end.
const ADDITION: usize = 6;
const SUMMATION: usize = 24;

/// Most terms at once: their indices have 32 bits.
const MOST_AT_ONCE: usize = u32::MAX as usize;

/// Scalars that become numbers in one share.
const CONVERTED_AT_ONCE: usize = 1 << 12;

/// The sum of all `scalars[i]` times `bases[i]`; as many of both. `number` says what a scalar is,
/// below r; these numbers are kept of at most `most` terms (0: one) at once.
pub(crate) fn multiply<P: SWCurveConfig<BaseField: Number>, S: Sync>(
    bases: &[Affine<P>],
    scalars: &[S],
    most: usize,
    number: impl Fn(&S) -> Limbs + Sync,
) -> Projective<P> {
    let most = most.clamp(1, MOST_AT_ONCE);
    let mut sum = Projective::zero();
    for (bases, scalars) in bases.chunks(most).zip(scalars.chunks(most)) {
        let numbers: Vec<Limbs> = bases
            .par_iter()
            .zip(scalars)
            .with_min_len(CONVERTED_AT_ONCE)
            .map(|(base, scalar)| if base.is_zero() { [0; 4] } else { number(scalar) })
            .collect();
        sum += multiply_at_once(bases, &numbers);
    }
    sum
}

/// The sum of all `scalars[i]` times `bases[i]`; as many of both. Scalars are below r, those of
/// infinite bases 0.
fn multiply_at_once<P: SWCurveConfig<BaseField: Number>>(
    bases: &[Affine<P>],
    scalars: &[Limbs],
) -> Projective<P> {
    let bits = P::ScalarField::MODULUS_BIT_SIZE as usize;
    let plan = Plan::new(bits, bases.len(), rayon::current_num_threads());
    let sums: Vec<Vec<Bucket<P>>> = plan
        .tasks(bases.len())
        .into_par_iter()
        .map(|(windows, terms)| {
            let mut buckets = Buckets::new(windows.len(), plan.width, &bases[terms.clone()]);
            for (term, scalar) in scalars[terms].iter().enumerate() {
                for (place, window) in windows.clone().enumerate() {
                    buckets.add(term, place, digit(scalar, window, plan.width));
                }
            }
            buckets.sums()
        })
        .collect();
    // Tasks of one share of the terms after the other, each with its windows from the lowest up.
    let sums: Vec<Bucket<P>> = sums.into_iter().flatten().collect();
    let mut total = Projective::<P>::zero();
    for window in (0..plan.windows).rev() {
        for _ in 0..plan.width {
            total.double_in_place();
        }
        for share in sums.chunks(plan.windows) {
            total += Projective::from(share[window]);
        }
    }
    total
}

/// How work is divided.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plan {
    /// Bits of a window, 2 … [`MAX_WIDTH`].
    width: usize,
    /// Windows: their bits are more than a scalar's.
    windows: usize,
    /// Groups of windows.
    groups: usize,
    /// Shares of the terms.
    shares: usize,
}

impl Plan {
    /// The one that keeps `threads` busy for the shortest time.
    fn new(bits: usize, terms: usize, threads: usize) -> Self {
        let plan = |(width, shares): (usize, usize)| {
            let windows = bits / width + 1;
            let cached = (CACHED_BUCKETS >> (width - 1)).max(1);
            // As many groups in each thread as in the others, if that can be.
            let groups = windows.div_ceil(cached).next_multiple_of(threads).min(windows);
            Self { width, windows, groups, shares }
        };
        let time = |plan: &Self| {
            let tasks = (plan.groups * plan.shares).div_ceil(threads);
            let buckets = SUMMATION << (plan.width - 1);
            let of_window = terms.div_ceil(plan.shares) * ADDITION + buckets;
            tasks * plan.windows.div_ceil(plan.groups) * of_window
        };
        let shares = |width| (1..=threads.min(terms.max(1))).map(move |shares| (width, shares));
        (2..=MAX_WIDTH).flat_map(shares).map(plan).min_by_key(time).unwrap_or(plan((2, 1)))
    }

    /// Windows and terms of each task.
    fn tasks(&self, terms: usize) -> Vec<(Range<usize>, Range<usize>)> {
        let part = |whole: usize, parts: usize, index: usize| {
            whole * index / parts..whole * (index + 1) / parts
        };
        let of_share = |share| {
            let terms = part(terms, self.shares, share);
            (0..self.groups)
                .map(move |group| (part(self.windows, self.groups, group), terms.clone()))
        };
        (0..self.shares).flat_map(of_share).collect()
    }
}

/// The digit of a window, −2^(width − 1) … 2^(width − 1): its bits as a number in two's complement
/// and the bit below them. The digits' sum, shifted, is the scalar if the last window has one bit
/// more than that.
fn digit(scalar: &Limbs, window: usize, width: usize) -> i32 {
    let limb = |index: usize| scalar.get(index).copied().unwrap_or(0);
    let bits = match (window * width).checked_sub(1) {
        None => scalar[0] << 1,
        Some(low) => limb(low / 64) >> (low % 64) | limb(low / 64 + 1) << 1 << (63 - low % 64),
    };
    let bits = (bits & ((2 << width) - 1)) as i32;
    (bits >> 1) + (bits & 1) - ((bits >> width) << width)
}

/// What is in an affine bucket.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Empty,
    Filled,
    /// A point, to which an addition of the batch is outstanding.
    Pending,
}

/// An addition to a bucket.
#[derive(Clone, Copy)]
struct Addition {
    term: u32,
    bucket: u32,
    negative: bool,
}

/// The buckets of some windows.
struct Buckets<'a, P: SWCurveConfig<BaseField: Number>> {
    bases: &'a [Affine<P>],
    /// Buckets of each window.
    count: usize,
    states: Vec<State>,
    points: Vec<(P::BaseField, P::BaseField)>,
    /// What could not be added to the affine points: for most scalars nothing.
    rest: HashMap<u32, Bucket<P>>,
    /// Additions that share the next inversion, each with its difference of x, of a doubling 2·y, and
    /// the product of all those before.
    batch: Vec<(Addition, P::BaseField, P::BaseField)>,
    product: P::BaseField,
    /// Additions to pending buckets, and a second list of them, empty, for its memory.
    deferred: Vec<Addition>,
    spare: Vec<Addition>,
    /// Most additions in a list.
    most: usize,
}

impl<'a, P: SWCurveConfig<BaseField: Number>> Buckets<'a, P> {
    fn new(windows: usize, width: usize, bases: &'a [Affine<P>]) -> Self {
        let count = 1 << (width - 1);
        let all = windows * count;
        let most = (all / 4).clamp(1, MAX_BATCH);
        Self {
            bases,
            count,
            states: vec![State::Empty; all],
            points: vec![(P::BaseField::ZERO, P::BaseField::ZERO); all],
            rest: HashMap::new(),
            batch: Vec::with_capacity(most),
            product: P::BaseField::ONE,
            deferred: Vec::with_capacity(most),
            spare: Vec::with_capacity(most),
            most,
        }
    }

    /// Adds `digit` times the base.
    #[inline]
    fn add(&mut self, term: usize, window: usize, digit: i32) {
        if digit != 0 {
            let bucket = window * self.count + digit.unsigned_abs() as usize - 1;
            // Both are below 2^32: terms come in chunks, and there are at most 2^15 buckets in each
            // of 128 windows.
            self.push(Addition { term: term as u32, bucket: bucket as u32, negative: digit < 0 });
        }
    }

    fn base(&self, addition: Addition) -> (P::BaseField, P::BaseField) {
        let Affine { x, y, .. } = self.bases[addition.term as usize];
        (x, if addition.negative { -y } else { y })
    }

    #[inline]
    fn push(&mut self, addition: Addition) {
        let index = addition.bucket as usize;
        match self.states[index] {
            State::Empty => {
                self.points[index] = self.base(addition);
                self.states[index] = State::Filled;
            }
            State::Filled => {
                let x = self.bases[addition.term as usize].x;
                let mut difference = self.points[index].0.minus(x);
                if difference.is_zero() {
                    let (_, y) = self.base(addition);
                    if self.points[index].1 != y || y.is_zero() {
                        // Opposite points, or one of order 2 twice.
                        self.states[index] = State::Empty;
                        return;
                    }
                    difference = y.double();
                }
                self.batch.push((addition, difference, self.product));
                self.product = self.product.times(difference);
                self.states[index] = State::Pending;
                if self.batch.len() == self.most {
                    self.flush();
                }
            }
            State::Pending if self.deferred.len() < self.most => self.deferred.push(addition),
            State::Pending => self.add_to_rest(addition),
        }
    }

    /// Does the additions of the batch.
    fn add_batch(&mut self) {
        let mut inverse = self.product.inverted();
        let mut batch = std::mem::take(&mut self.batch);
        for (addition, difference, before) in batch.drain(..).rev() {
            let (x, y) = self.base(addition);
            let (bucket_x, bucket_y) = &mut self.points[addition.bucket as usize];
            let rise = match *bucket_x == x {
                true => x.squared() * P::BaseField::from(3u64),
                false => bucket_y.minus(y),
            };
            let slope = rise.times(inverse.times(before));
            inverse = inverse.times(difference);
            *bucket_x = slope.squared().minus(*bucket_x).minus(x);
            *bucket_y = slope.times(x.minus(*bucket_x)).minus(y);
            self.states[addition.bucket as usize] = State::Filled;
        }
        self.batch = batch;
        self.product = P::BaseField::ONE;
    }

    #[inline(never)]
    fn flush(&mut self) {
        self.add_batch();
        let spare = std::mem::take(&mut self.spare);
        let mut deferred = std::mem::replace(&mut self.deferred, spare);
        for addition in deferred.drain(..) {
            self.push(addition);
        }
        self.spare = deferred;
    }

    /// Adds to a bucket in coordinates that need no division and know all cases.
    #[cold]
    fn add_to_rest(&mut self, addition: Addition) {
        let (x, y) = self.base(addition);
        *self.rest.entry(addition.bucket).or_default() += Affine::new_unchecked(x, y);
    }

    /// The sum over each window's buckets of what is in it, times its number.
    fn sums(mut self) -> Vec<Bucket<P>> {
        self.add_batch();
        for addition in std::mem::take(&mut self.deferred) {
            self.add_to_rest(addition);
        }
        let mut sums = Vec::with_capacity(self.states.len() / self.count);
        for first in (0..self.states.len()).step_by(self.count) {
            let mut running = Bucket::<P>::ZERO;
            let mut sum = Bucket::<P>::ZERO;
            for index in (first..first + self.count).rev() {
                if self.states[index] == State::Filled {
                    let (x, y) = self.points[index];
                    running += Affine::new_unchecked(x, y);
                }
                if let Some(rest) = self.rest.get(&(index as u32)) {
                    running += rest;
                }
                sum += &running;
            }
            sums.push(sum);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_add_up_to_the_scalar() {
        let scalars = [
            [0, 0, 0, 0],
            [1, 0, 0, 0],
            [u64::MAX, u64::MAX, u64::MAX, u64::MAX >> 1],
            [0xfedc_ba98_7654_3210, 0x8000_0000_0000_0001, 0x0123_4567_89ab_cdef, 1 << 62],
        ];
        for scalar in scalars {
            for width in 2..=MAX_WIDTH {
                // From the highest window down, modulo 2^256.
                let mut sum = [0u64; 4];
                for window in (0..255 / width + 1).rev() {
                    let digit = digit(&scalar, window, width);
                    assert!(digit.unsigned_abs() <= 1 << (width - 1));
                    sum = std::array::from_fn(|index| {
                        sum[index] << width
                            | if index == 0 { 0 } else { sum[index - 1] >> (64 - width) }
                    });
                    let mut carry = i128::from(digit);
                    for limb in &mut sum {
                        carry += i128::from(*limb);
                        *limb = carry as u64;
                        carry >>= 64;
                    }
                }
                assert_eq!(sum, scalar, "width {width}");
            }
        }
    }

    #[test]
    fn tasks_cover_every_window_and_term_once() {
        for (terms, threads) in [(0, 1), (1, 1), (1, 64), (100, 3), (1 << 12, 2), (1 << 18, 200)] {
            let plan = Plan::new(255, terms, threads);
            assert!(plan.width * plan.windows > 255, "{plan:?}");
            let mut covered = vec![0; plan.windows];
            for (windows, terms) in plan.tasks(terms) {
                for window in windows {
                    covered[window] += terms.len();
                }
            }
            assert!(covered.iter().all(|&count| count == terms), "{plan:?}");
        }
    }
}
