//! Natural numbers below 2²⁵⁶: four 64-bit limbs, the least significant first. Nothing here is
//! constant-time: signatures, keys and digests are public.

use std::cmp::Ordering;

/// A number below 2²⁵⁶.
pub(super) type Limbs = [u64; 4];

/// The number that `digits` write in hexadecimal, the most significant first; blanks do not count.
pub(super) const fn number(digits: &str) -> Limbs {
    let digits = digits.as_bytes();
    let mut limbs = [0u64; 4];
    let mut i = 0;
    while i < digits.len() {
        let digit = match digits[i] {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => 16,
        };
        if digit < 16 {
            limbs[3] = limbs[3] << 4 | limbs[2] >> 60;
            limbs[2] = limbs[2] << 4 | limbs[1] >> 60;
            limbs[1] = limbs[1] << 4 | limbs[0] >> 60;
            limbs[0] = limbs[0] << 4 | digit as u64;
        }
        i += 1;
    }
    limbs
}

/// The number that 32 bytes are, the most significant first.
#[inline]
pub(super) fn from_bytes(bytes: &[u8; 32]) -> Limbs {
    let (words, _) = bytes.as_chunks::<8>();
    [3, 2, 1, 0].map(|i| u64::from_be_bytes(words[i]))
}

/// The number as 32 bytes, the most significant first.
pub(super) fn to_bytes(limbs: &Limbs) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (word, limb) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(limbs.iter().rev()) {
        *word = limb.to_be_bytes();
    }
    bytes
}

/// How `a` stands to `b`.
#[inline]
pub(super) fn compare(a: &Limbs, b: &Limbs) -> Ordering {
    a.iter().rev().cmp(b.iter().rev())
}

/// Whether `a` is in 1 ... `bound` − 1.
#[inline]
pub(super) fn is_within(a: &Limbs, bound: &Limbs) -> bool {
    *a != [0; 4] && compare(a, bound).is_lt()
}

/// a + b + carry: low word and carry, 0 or 1.
#[inline(always)]
pub(super) fn adc(carry: u8, a: u64, b: u64) -> (u64, u8) {
    // The compiler makes a chain of carries of this and seldom of anything else.
    #[cfg(target_arch = "x86_64")]
    {
        let mut sum = 0;
        // SAFETY: it is an addition that every x86-64 processor has.
        #[allow(unused_unsafe, reason = "safe from some compiler on")]
        let carry = unsafe { core::arch::x86_64::_addcarry_u64(carry, a, b, &mut sum) };
        (sum, carry)
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let (sum, first) = a.overflowing_add(b);
        let (sum, second) = sum.overflowing_add(carry.into());
        (sum, u8::from(first | second))
    }
}

/// a − b − borrow: low word and borrow, 0 or 1.
#[inline(always)]
fn sbb(borrow: u8, a: u64, b: u64) -> (u64, u8) {
    #[cfg(target_arch = "x86_64")]
    {
        let mut difference = 0;
        // SAFETY: it is a subtraction that every x86-64 processor has.
        #[allow(unused_unsafe, reason = "safe from some compiler on")]
        let borrow = unsafe { core::arch::x86_64::_subborrow_u64(borrow, a, b, &mut difference) };
        (difference, borrow)
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let (difference, first) = a.overflowing_sub(b);
        let (difference, second) = difference.overflowing_sub(borrow.into());
        (difference, u8::from(first | second))
    }
}

/// a + b modulo 2²⁵⁶, and the carry.
#[inline(always)]
pub(super) fn add(a: &Limbs, b: &Limbs) -> (Limbs, u8) {
    let (s0, carry) = adc(0, a[0], b[0]);
    let (s1, carry) = adc(carry, a[1], b[1]);
    let (s2, carry) = adc(carry, a[2], b[2]);
    let (s3, carry) = adc(carry, a[3], b[3]);
    ([s0, s1, s2, s3], carry)
}

/// a − b modulo 2²⁵⁶, and the borrow.
#[inline(always)]
pub(super) fn sub(a: &Limbs, b: &Limbs) -> (Limbs, u8) {
    let (d0, borrow) = sbb(0, a[0], b[0]);
    let (d1, borrow) = sbb(borrow, a[1], b[1]);
    let (d2, borrow) = sbb(borrow, a[2], b[2]);
    let (d3, borrow) = sbb(borrow, a[3], b[3]);
    ([d0, d1, d2, d3], borrow)
}

/// a + `carry` · 2²⁵⁶ − m, where that is not negative, otherwise a. In: below 2 m. Out: below m.
#[inline(always)]
pub(super) fn reduce_once(a: &Limbs, carry: u8, m: &Limbs) -> Limbs {
    let (less, borrow) = sub(a, m);
    let keep = borrow & !carry != 0;
    let mut reduced = less;
    for (limb, own) in reduced.iter_mut().zip(a) {
        *limb = if keep { *own } else { *limb };
    }
    reduced
}

/// a + b modulo m, both below m.
#[inline(always)]
pub(super) fn add_mod(a: &Limbs, b: &Limbs, m: &Limbs) -> Limbs {
    let (sum, carry) = add(a, b);
    reduce_once(&sum, carry, m)
}

/// a − b modulo m, both below m.
#[inline(always)]
pub(super) fn sub_mod(a: &Limbs, b: &Limbs, m: &Limbs) -> Limbs {
    let (difference, borrow) = sub(a, b);
    let mask = 0u64.wrapping_sub(borrow.into());
    add(&difference, &[m[0] & mask, m[1] & mask, m[2] & mask, m[3] & mask]).0
}

/// a · 2^`exponent` modulo m, for a below m, at compile time.
pub(super) const fn shift_mod(a: Limbs, exponent: u32, m: &Limbs) -> Limbs {
    let mut a = a;
    let mut shifted = 0;
    while shifted < exponent {
        let doubled =
            [a[0] << 1, a[1] << 1 | a[0] >> 63, a[2] << 1 | a[1] >> 63, a[3] << 1 | a[2] >> 63];
        let mut less = [0; 4];
        let mut borrow = 0;
        let mut i = 0;
        while i < 4 {
            let difference = doubled[i] as i128 - m[i] as i128 - borrow as i128;
            less[i] = difference as u64;
            borrow = (difference < 0) as u64;
            i += 1;
        }
        a = if borrow > a[3] >> 63 { doubled } else { less };
        shifted += 1;
    }
    a
}

/// a · b, the least significant limb first.
#[inline(always)]
pub(super) fn mul_wide(a: &Limbs, b: &Limbs) -> [u64; 8] {
    let mut t = [0u64; 8];
    for i in 0..4 {
        let mut carry = 0u64;
        for j in 0..4 {
            let sum =
                u128::from(a[i]) * u128::from(b[j]) + u128::from(t[i + j]) + u128::from(carry);
            t[i + j] = sum as u64;
            carry = (sum >> 64) as u64;
        }
        t[i + 4] = carry;
    }
    t
}
