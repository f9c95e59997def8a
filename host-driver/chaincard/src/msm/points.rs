//! Bases of one curve: preparing them, and taking terms in chunks.

use std::ops::Range;

use ark_ec::scalar_mul::BatchMulPreprocessing;
use ark_ec::scalar_mul::wnaf::WnafContext;
use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, BigInt, PrimeField, Zero};
use rayon::prelude::*;

use super::engine::{Engine, decode, encode, write};
use super::scalar::{Limbs, SCALAR_BYTES, limbs, reduce};
use super::{Checking, Curve, MsmError, bucket};

/// Points that are parsed at once.
const PARSED_AT_ONCE: usize = 1 << 14;

/// Most points that are parsed on the thread that asks.
const PARSED_ALONE: usize = 64;

/// Chunks of each thread that are taken at once, and fewest of them for all threads: as 32 bytes
/// are kept for a term, more of them than the caller counts with do no harm.
const CHUNKS_AT_ONCE: usize = 4;

/// Points that are added up in one share.
const ADDED_AT_ONCE: usize = 1 << 12;

/// Width of the window of a single product, for which a table of half as many points as its values is
/// made.
const WNAF_WIDTH: usize = 5;

/// Twins that are made in one share.
const TWINS_AT_ONCE: usize = 1 << 8;

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

/// Bases of one curve, infinite ones as (0, 0).
pub(super) struct Points<E: Engine>(Vec<Affine<E>>);

impl<E: Engine> Points<E> {
    /// Parses a whole number of points.
    pub(super) fn new(bytes: &[u8], checking: Checking) -> Result<Self, MsmError> {
        let mut points = Vec::with_capacity(bytes.len() / E::POINT_BYTES);
        for block in bytes.chunks(PARSED_AT_ONCE * E::POINT_BYTES) {
            let first = points.len();
            let parse = |(index, bytes)| parse::<E>(bytes, checking, first + index);
            let parsed: Vec<_> = if block.len() <= PARSED_ALONE * E::POINT_BYTES {
                block.chunks_exact(E::POINT_BYTES).enumerate().map(parse).collect()
            } else {
                block.par_chunks_exact(E::POINT_BYTES).enumerate().map(parse).collect()
            };
            for point in parsed {
                points.push(point?);
            }
        }
        Ok(Self(points))
    }
}

impl<E: Engine> Prepared for Points<E> {
    fn curve(&self) -> Curve {
        E::CURVE
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn multiply(&self, first: usize, scalars: &[[u8; SCALAR_BYTES]], chunk: usize) -> Vec<u8> {
        let bases = &self.0[first..first + scalars.len()];
        let number = |scalar: &[u8; SCALAR_BYTES]| reduce(limbs(scalar), &E::ORDER);
        // Before the question for threads, which starts rayon's own outside of any pool.
        if let ([base], [scalar]) = (bases, scalars) {
            return encode(&product(base, number(scalar)));
        }
        let chunks = rayon::current_num_threads().max(CHUNKS_AT_ONCE);
        let most = chunk.max(1).saturating_mul(chunks);
        encode(&bucket::multiply(bases, scalars, most, number))
    }

    fn total(&self, range: Range<usize>) -> Vec<u8> {
        let sums = self.0[range].par_chunks(ADDED_AT_ONCE);
        let sum = sums.map(|points| points.iter().sum::<Projective<E>>()).sum();
        encode::<E>(&sum)
    }

    fn write(&self, range: Range<usize>, bytes: &mut [u8]) {
        for (point, bytes) in self.0[range].iter().zip(bytes.chunks_exact_mut(E::POINT_BYTES)) {
            write(point, bytes);
        }
    }

    fn are_in_subgroup(&self) -> bool {
        self.0.par_iter().all(|point| point.is_zero() || E::is_in_subgroup(point))
    }

    fn twins(&self, factor: u128, offsets: &[Limbs]) -> Vec<u8> {
        let generator = BatchMulPreprocessing::new(E::GENERATOR.into_group(), offsets.len());
        let mut bytes = vec![0; offsets.len() * E::POINT_BYTES];
        let shares = self.0.par_chunks(TWINS_AT_ONCE).zip(offsets.par_chunks(TWINS_AT_ONCE));
        let places = bytes.par_chunks_mut(TWINS_AT_ONCE * E::POINT_BYTES);
        shares.zip(places).for_each(|((points, offsets), bytes)| {
            let number = |&offset| E::ScalarField::from_bigint(BigInt(offset)).expect("below r");
            let offsets: Vec<_> = offsets.iter().map(number).collect();
            let products = points.iter().map(|point| short_product(point, factor));
            let twins: Vec<_> = products
                .zip(generator.batch_mul(&offsets))
                .map(|(one, other)| one + other)
                .collect();
            let places = bytes.chunks_exact_mut(E::POINT_BYTES);
            for (twin, bytes) in Projective::normalize_batch(&twins).iter().zip(places) {
                write(twin, bytes);
            }
        });
        bytes
    }
}

/// A single product, on this thread: buckets would take longer. It is right outside G1, too.
fn product<E: Engine>(point: &Affine<E>, number: Limbs) -> Projective<E> {
    let number = E::ScalarField::from_bigint(BigInt(number)).expect("below r");
    WnafContext::new(WNAF_WIDTH).mul(point.into_group(), &number)
}

/// The product by doubling and adding, which is right outside G1, too.
fn short_product<E: Engine>(point: &Affine<E>, factor: u128) -> Projective<E> {
    let mut product = Projective::zero();
    for bit in (0..u128::BITS).rev() {
        product.double_in_place();
        if factor >> bit & 1 == 1 {
            product += point;
        }
    }
    product
}

/// The base of that index.
fn parse<E: Engine>(bytes: &[u8], checking: Checking, index: usize) -> Result<Affine<E>, MsmError> {
    let point = decode(bytes).ok_or(MsmError::BaseRange(index))?;
    if point.is_zero() {
        return Ok(point);
    }
    let is_on_curve = point.is_on_curve();
    match checking {
        // Devices know of points of the curve only. The result is the caller's fault either way.
        Checking::Unchecked if !is_on_curve => Ok(Affine::zero()),
        Checking::Unchecked => Ok(point),
        Checking::Checked if !is_on_curve => Err(MsmError::BaseNotOnCurve(index)),
        Checking::Checked if !E::is_in_subgroup(&point) => Err(MsmError::BaseNotInSubgroup(index)),
        Checking::Checked => Ok(point),
    }
}
