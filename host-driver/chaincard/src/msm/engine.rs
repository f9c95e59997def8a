//! What a curve's crate has to do, and what is the same for all: preparing bases, and taking terms
//! in shares.

use std::ops::Range;

use rayon::prelude::*;

use super::scalar::{Limbs, SCALAR_BYTES, is_below, limbs, reduce};
use super::{Checking, Msm, MsmError, ScalarRule};

/// Points that are parsed at once.
const PARSED_AT_ONCE: usize = 1 << 14;

/// Fewest terms that are worth a share of their own.
const MIN_SHARE: usize = 64;

/// One curve with the crate that multiplies on it. Its functions are called with what the caller
/// has made sure of: they check nothing again, and take one thread.
pub(super) trait Engine {
    /// A point that is not infinity.
    type Point: Copy + Send + Sync;
    /// A sum, infinity included.
    type Sum: Send;
    /// r.
    const ORDER: Limbs;
    /// Bytes of a point.
    const POINT_BYTES: usize;

    /// The point with these coordinates, x then y, big-endian; `None` if one is p or more.
    fn point(bytes: &[u8]) -> Option<Self::Point>;
    /// Whether the point satisfies the equation.
    fn is_on_curve(point: &Self::Point) -> bool;
    /// Whether the point, which is on the curve, is in G1.
    fn is_in_subgroup(point: &Self::Point) -> bool;
    /// The sum of the products. At least one point; as many scalars, below r.
    fn product(points: &[Self::Point], scalars: impl Iterator<Item = Limbs>) -> Self::Sum;
    /// The sum of two sums.
    fn add(one: Self::Sum, other: Self::Sum) -> Self::Sum;
    /// The sum in the encoding of points.
    fn encode(sum: &Self::Sum) -> Vec<u8>;
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
            let parsed: Vec<_> = block
                .par_chunks_exact(E::POINT_BYTES)
                .enumerate()
                .map(|(index, bytes)| parse::<E>(bytes, checking, first + index))
                .collect();
            for (index, point) in parsed.into_iter().enumerate() {
                match point? {
                    Some(point) => points.finite.push(point),
                    None => points.infinite.push(first + index),
                }
            }
        }
        Ok(points)
    }

    /// Number of bases, infinite ones too.
    pub(super) fn len(&self) -> usize {
        self.finite.len() + self.infinite.len()
    }

    /// The multiplication; as many scalars as bases.
    pub(super) fn multiply(
        &self,
        options: &Msm,
        scalars: &[[u8; SCALAR_BYTES]],
    ) -> Result<Vec<u8>, MsmError> {
        if options.scalars == ScalarRule::Refuse
            && let Some(index) = scalars.iter().position(|k| !is_below(&limbs(k), &E::ORDER))
        {
            return Err(MsmError::ScalarRange(index));
        }
        let threads = rayon::current_num_threads();
        let share = scalars.len().div_ceil(threads).max(MIN_SHARE).min(options.chunk.max(1));
        let sum = (0..scalars.len().div_ceil(share))
            .into_par_iter()
            .filter_map(|index| {
                let first = index * share;
                self.share(first..scalars.len().min(first + share), scalars)
            })
            .reduce_with(E::add);
        Ok(sum.map_or_else(|| vec![0; E::POINT_BYTES], |sum| E::encode(&sum)))
    }

    /// The sum of the terms in a range; `None` if all their bases are infinite.
    fn share(&self, range: Range<usize>, scalars: &[[u8; SCALAR_BYTES]]) -> Option<E::Sum> {
        let before = |end| self.infinite.partition_point(|&index| index < end);
        let (low, high) = (before(range.start), before(range.end));
        let points = &self.finite[range.start - low..range.end - high];
        let mut infinite = self.infinite[low..high].iter().peekable();
        let scalars = range
            .filter(|index| infinite.next_if_eq(&index).is_none())
            .map(|index| reduce(limbs(&scalars[index]), &E::ORDER));
        (!points.is_empty()).then(|| E::product(points, scalars))
    }
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
