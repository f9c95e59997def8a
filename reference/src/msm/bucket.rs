//! The bucket method with signed digits, step by step as a device takes them (`docs/msm.md`, The
//! bucket method). Windows are counted from 0, the lowest.

use std::ops::RangeInclusive;

use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, PrimeField};

use super::encoding::{SCALAR_BYTES, encode_scalar};
use super::{G1, Scalar, Term};

/// Widths c that windows may have, in bits.
pub const WIDTHS: RangeInclusive<u32> = 2..=16;

/// What there is to see of one window.
pub struct Window<C: G1> {
    /// The buckets after all terms, without bucket 0: bucket j, the sum of the bases whose digit
    /// is j less those whose digit is −j, stands at j − 1. 2^(c−1) of them.
    pub buckets: Vec<Affine<C>>,
    /// The sum of all j times bucket j.
    pub sum: Affine<C>,
    /// The total once this window is in it: this sum, and 2^c times the total of the window
    /// above.
    pub total: Affine<C>,
}

/// What there is to see of a multiplication.
pub struct Steps<C: G1> {
    /// The digits of each scalar: by term, then by window.
    pub digits: Vec<Vec<i32>>,
    /// The windows.
    pub windows: Vec<Window<C>>,
    /// The result: the total of window 0.
    pub result: Affine<C>,
}

/// Number of windows of scalars below 2^bits: ⌊bits/c⌋ + 1, so that the last window has at most
/// c − 1 bits of the scalar and gives no carry.
pub const fn windows(bits: u32, width: u32) -> usize {
    (bits / width + 1) as usize
}

/// Number of buckets of a window, 2^(c−1).
pub const fn buckets(width: u32) -> usize {
    1 << (width - 1)
}

/// The number that the `width` bits from bit `low` on are; bits from 256 on are 0.
fn bits_at(scalar: &[u8; SCALAR_BYTES], low: usize, width: u32) -> i32 {
    (low..low + width as usize)
        .rev()
        .map(|bit| match (SCALAR_BYTES - 1).checked_sub(bit / 8) {
            Some(byte) => i32::from(scalar[byte] >> (bit % 8) & 1),
            None => 0,
        })
        .fold(0, |number, bit| 2 * number + bit)
}

/// The signed digits of a scalar (32 bytes, big-endian): by window, −(2^(c−1) − 1) … 2^(c−1)
/// each. The sum of all 2^(c·w) times digit w is the scalar.
///
/// # Panics
///
/// If `bits` is above 256, `width` is none of [`WIDTHS`], or the scalar is not below 2^bits.
pub fn digits(scalar: &[u8; SCALAR_BYTES], bits: u32, width: u32) -> Vec<i32> {
    assert!(bits <= 256 && WIDTHS.contains(&width), "{bits} bits, windows of {width}");
    let mut carry = 0;
    let digits = (0..windows(bits, width))
        .map(|window| {
            let digit = bits_at(scalar, window * width as usize, width) + carry;
            carry = i32::from(digit > 1 << (width - 1));
            digit - (carry << width)
        })
        .collect();
    let above = windows(bits, width) * width as usize;
    assert!(
        carry == 0 && (above..256).all(|bit| bits_at(scalar, bit, 1) == 0),
        "the scalar has more than {bits} bits"
    );
    digits
}

/// The digits of the scalars of all terms, of as many bits as r has: by term, then by window.
fn all_digits<C: G1>(terms: &[Term<C>], width: u32) -> Vec<Vec<i32>> {
    terms
        .iter()
        .map(|(_, scalar)| digits(&encode_scalar(*scalar), Scalar::<C>::MODULUS_BIT_SIZE, width))
        .collect()
}

/// The buckets of one window: terms in their order, each to the bucket of its digit.
fn accumulate<C: G1>(
    terms: &[Term<C>],
    digits: impl Iterator<Item = i32>,
    width: u32,
) -> Vec<Projective<C>> {
    let mut buckets = vec![Affine::<C>::identity().into_group(); buckets(width)];
    for ((base, _), digit) in terms.iter().zip(digits) {
        if digit > 0 {
            buckets[digit as usize - 1] += base;
        } else if digit < 0 {
            buckets[digit.unsigned_abs() as usize - 1] += -*base;
        }
    }
    buckets
}

/// The sum of all j times bucket j: the running sum holds buckets j and above, and is added once
/// for every j.
fn running_sums<C: G1>(buckets: &[Projective<C>]) -> Projective<C> {
    let mut running = Affine::<C>::identity().into_group();
    let mut sum = running;
    for bucket in buckets.iter().rev() {
        running += bucket;
        sum += running;
    }
    sum
}

/// Windows from the highest down; `observe` gets the buckets, the sum and the total of each.
fn run<C: G1>(
    terms: &[Term<C>],
    digits: &[Vec<i32>],
    width: u32,
    mut observe: impl FnMut(Vec<Projective<C>>, Projective<C>, Projective<C>),
) -> Projective<C> {
    let mut total = Affine::<C>::identity().into_group();
    for window in (0..windows(Scalar::<C>::MODULUS_BIT_SIZE, width)).rev() {
        let buckets = accumulate(terms, digits.iter().map(|digits| digits[window]), width);
        let sum = running_sums(&buckets);
        for _ in 0..width {
            total.double_in_place();
        }
        total += sum;
        observe(buckets, sum, total);
    }
    total
}

/// The sum of all k·P; infinity if there is none.
///
/// # Panics
///
/// If `width` is none of [`WIDTHS`].
pub fn msm<C: G1>(terms: &[Term<C>], width: u32) -> Affine<C> {
    assert!(WIDTHS.contains(&width), "windows of {width}");
    run(terms, &all_digits(terms, width), width, |_, _, _| ()).into_affine()
}

/// The same, with all that lies between.
///
/// # Panics
///
/// If `width` is none of [`WIDTHS`].
pub fn steps<C: G1>(terms: &[Term<C>], width: u32) -> Steps<C> {
    assert!(WIDTHS.contains(&width), "windows of {width}");
    let digits = all_digits(terms, width);
    let mut windows = Vec::new();
    let result = run(terms, &digits, width, |buckets, sum, total| {
        windows.push(Window {
            buckets: Projective::normalize_batch(&buckets),
            sum: sum.into_affine(),
            total: total.into_affine(),
        });
    });
    windows.reverse();
    Steps { digits, windows, result: result.into_affine() }
}
