//! Bases of one curve in the form of its crate: preparing them, and taking terms in shares.

use std::ops::Range;

use rayon::prelude::*;

use super::engine::{Engine, encode};
use super::scalar::{Limbs, SCALAR_BYTES, le_bytes, limbs, reduce};
use super::{Checking, Curve, MsmError};

/// Points that are parsed at once.
const PARSED_AT_ONCE: usize = 1 << 14;

/// Fewest terms that are worth a share of their own, and most points that are parsed on the thread
/// that asks.
const MIN_SHARE: usize = 64;

/// Points that are added up in one share.
const ADDED_AT_ONCE: usize = 1 << 12;

/// Bases of any curve; ranges lie within them.
pub(super) trait Prepared: Send + Sync {
    fn curve(&self) -> Curve;

    /// Number of bases, infinite ones too.
    fn len(&self) -> usize;

    /// The sum of the products of the bases from `first` on, as many as scalars, of which a thread
    /// takes at most `chunk` (0: one) at once.
    fn multiply(&self, first: usize, scalars: &[[u8; SCALAR_BYTES]], chunk: usize) -> Vec<u8>;

    /// The sum of the bases in a range.
    fn total(&self, range: Range<usize>) -> Vec<u8>;

    /// Writes the bases in a range, as they were given but for those off the curve, which have
    /// become infinity, to as many bytes as they have.
    fn write(&self, range: Range<usize>, bytes: &mut [u8]);

    /// Whether all are in G1.
    fn are_in_subgroup(&self) -> bool;

    /// `factor`·P + t·G for each base P and its offset t, below r, encoded.
    fn twins(&self, factor: u128, offsets: &[Limbs]) -> Vec<u8>;
}

/// Bases of one curve.
pub(super) struct Points<E: Engine> {
    /// Those that are not infinity: engines need not know of infinite bases.
    finite: Vec<E::Point>,
    /// Indices of the others, ascending.
    infinite: Vec<usize>,
}

impl<E: Engine> Points<E> {
    /// Parses a whole number of points.
    pub(super) fn new(bytes: &[u8], checking: Checking) -> Result<Self, MsmError> {
        let count = bytes.len() / E::POINT_BYTES;
        let mut points = Self { finite: Vec::with_capacity(count), infinite: Vec::new() };
        for block in bytes.chunks(PARSED_AT_ONCE * E::POINT_BYTES) {
            let first = points.len();
            let parse = |(index, bytes)| parse::<E>(bytes, checking, first + index);
            let parsed: Vec<_> = if block.len() <= MIN_SHARE * E::POINT_BYTES {
                block.chunks_exact(E::POINT_BYTES).enumerate().map(parse).collect()
            } else {
                block.par_chunks_exact(E::POINT_BYTES).enumerate().map(parse).collect()
            };
            for (index, point) in parsed.into_iter().enumerate() {
                match point? {
                    Some(point) => points.finite.push(point),
                    None => points.infinite.push(first + index),
                }
            }
        }
        Ok(points)
    }

    /// The finite bases of a range, and the indices of the infinite ones.
    fn within(&self, range: &Range<usize>) -> (&[E::Point], &[usize]) {
        let before = |end| self.infinite.partition_point(|&index| index < end);
        let (low, high) = (before(range.start), before(range.end));
        (&self.finite[range.start - low..range.end - high], &self.infinite[low..high])
    }

    /// The sum of the terms in a range; `None` if all their bases are infinite. Scalar 0 is that of
    /// base `first`.
    fn share(
        &self,
        range: Range<usize>,
        first: usize,
        scalars: &[[u8; SCALAR_BYTES]],
    ) -> Option<E::Sum> {
        let (points, infinite) = self.within(&range);
        let mut infinite = infinite.iter().peekable();
        let scalars = range
            .filter(|index| infinite.next_if_eq(&index).is_none())
            .map(|index| reduce(limbs(&scalars[index - first]), &E::ORDER));
        (!points.is_empty()).then(|| E::product(points, scalars))
    }
}

impl<E: Engine> Prepared for Points<E> {
    fn curve(&self) -> Curve {
        E::CURVE
    }

    fn len(&self) -> usize {
        self.finite.len() + self.infinite.len()
    }

    fn multiply(&self, first: usize, scalars: &[[u8; SCALAR_BYTES]], chunk: usize) -> Vec<u8> {
        let threads = rayon::current_num_threads();
        let share = scalars.len().div_ceil(threads).max(MIN_SHARE).min(chunk.max(1));
        let end = first + scalars.len();
        let sum = (0..scalars.len().div_ceil(share))
            .into_par_iter()
            .filter_map(|index| {
                let start = first + index * share;
                self.share(start..end.min(start + share), first, scalars)
            })
            .reduce_with(E::add);
        or_infinity::<E>(sum)
    }

    fn total(&self, range: Range<usize>) -> Vec<u8> {
        let sum = self
            .within(&range)
            .0
            .par_chunks(ADDED_AT_ONCE)
            .filter_map(|points| points.iter().map(E::sum).reduce(E::add))
            .reduce_with(E::add);
        or_infinity::<E>(sum)
    }

    fn write(&self, range: Range<usize>, bytes: &mut [u8]) {
        let (points, infinite) = self.within(&range);
        let (mut points, mut infinite) = (points.iter(), infinite.iter().peekable());
        for (index, bytes) in range.zip(bytes.chunks_exact_mut(E::POINT_BYTES)) {
            if infinite.next_if_eq(&&index).is_some() {
                bytes.fill(0);
            } else if let Some(point) = points.next() {
                E::write(point, bytes);
            }
        }
    }

    fn are_in_subgroup(&self) -> bool {
        self.finite.par_iter().all(E::is_in_subgroup)
    }

    fn twins(&self, factor: u128, offsets: &[Limbs]) -> Vec<u8> {
        let generator = FixedBase::<E>::new();
        let mut bytes = vec![0; offsets.len() * E::POINT_BYTES];
        bytes.par_chunks_exact_mut(E::POINT_BYTES).enumerate().for_each(|(index, bytes)| {
            let (points, _) = self.within(&(index..index + 1));
            let product = points.first().and_then(|point| short_product::<E>(point, factor));
            let offset = generator.times(offsets[index]);
            let twin = [product, offset].into_iter().flatten().reduce(E::add);
            if let Some(point) = twin.and_then(|twin| E::affine(&twin)) {
                E::write(&point, bytes);
            }
        });
        bytes
    }
}

/// Multiples of the generator: of each byte of a number the 255 that it can ask for, byte after
/// byte from the lowest.
struct FixedBase<E: Engine>(Vec<E::Sum>);

impl<E: Engine> FixedBase<E> {
    fn new() -> Self {
        let mut unit = E::sum(&E::generator());
        let mut multiples = Vec::with_capacity(SCALAR_BYTES * 255);
        for _ in 0..SCALAR_BYTES {
            let mut multiple = unit;
            for _ in 0..255 {
                multiples.push(multiple);
                multiple = E::add(multiple, unit);
            }
            unit = multiple;
        }
        Self(multiples)
    }

    /// The product with the generator; `None` is infinity.
    fn times(&self, scalar: Limbs) -> Option<E::Sum> {
        let multiples = self.0.chunks_exact(255).zip(le_bytes(scalar));
        let multiples =
            multiples.filter_map(|(all, byte)| all.get(usize::from(byte).wrapping_sub(1)));
        multiples.copied().reduce(E::add)
    }
}

/// The product by doubling and adding; `None` is infinity.
fn short_product<E: Engine>(point: &E::Point, factor: u128) -> Option<E::Sum> {
    let point = E::sum(point);
    (0..u128::BITS - factor.leading_zeros()).rev().fold(None, |product: Option<E::Sum>, bit| {
        let twice = product.map(|product| E::add(product, product));
        let more = (factor >> bit & 1 == 1).then_some(point);
        [twice, more].into_iter().flatten().reduce(E::add)
    })
}

fn or_infinity<E: Engine>(sum: Option<E::Sum>) -> Vec<u8> {
    sum.map_or_else(|| vec![0; E::POINT_BYTES], |sum| encode::<E>(&sum))
}

/// The base of that index; `None` is infinity.
fn parse<E: Engine>(
    bytes: &[u8],
    checking: Checking,
    index: usize,
) -> Result<Option<E::Point>, MsmError> {
    if bytes.iter().all(|&byte| byte == 0) {
        return Ok(None);
    }
    let point = E::point(bytes).ok_or(MsmError::BaseRange(index))?;
    let is_on_curve = E::is_on_curve(&point);
    match checking {
        // Some engines panic on such points. The result is the caller's fault either way.
        Checking::Unchecked => Ok(is_on_curve.then_some(point)),
        Checking::Checked if !is_on_curve => Err(MsmError::BaseNotOnCurve(index)),
        Checking::Checked if !E::is_in_subgroup(&point) => Err(MsmError::BaseNotInSubgroup(index)),
        Checking::Checked => Ok(Some(point)),
    }
}
