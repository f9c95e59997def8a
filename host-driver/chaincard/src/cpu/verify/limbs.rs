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

/// Low word of a + b + carry; the carry becomes the new one.
#[inline(always)]
pub(super) const fn adc(a: u64, b: u64, carry: &mut u64) -> u64 {
    let sum = a as u128 + b as u128 + *carry as u128;
    *carry = (sum >> 64) as u64;
    sum as u64
}

/// Low word of a − b − borrow (0 or 1); the borrow becomes the new one.
#[inline(always)]
pub(super) const fn sbb(a: u64, b: u64, borrow: &mut u64) -> u64 {
    let difference = (a as u128).wrapping_sub(b as u128).wrapping_sub(*borrow as u128);
    *borrow = (difference >> 127) as u64;
    difference as u64
}

/// a + b modulo 2²⁵⁶, and the carry.
#[inline(always)]
pub(super) const fn add(a: &Limbs, b: &Limbs) -> (Limbs, u64) {
    let mut carry = 0;
    let sum = [
        adc(a[0], b[0], &mut carry),
        adc(a[1], b[1], &mut carry),
        adc(a[2], b[2], &mut carry),
        adc(a[3], b[3], &mut carry),
    ];
    (sum, carry)
}

/// a − b modulo 2²⁵⁶, and the borrow.
#[inline(always)]
pub(super) const fn sub(a: &Limbs, b: &Limbs) -> (Limbs, u64) {
    let mut borrow = 0;
    let difference = [
        sbb(a[0], b[0], &mut borrow),
        sbb(a[1], b[1], &mut borrow),
        sbb(a[2], b[2], &mut borrow),
        sbb(a[3], b[3], &mut borrow),
    ];
    (difference, borrow)
}

/// a + `carry` · 2²⁵⁶ − m, where that is not negative, otherwise a. In: below 2 m. Out: below m.
#[inline(always)]
pub(super) const fn reduce_once(a: &Limbs, carry: u64, m: &Limbs) -> Limbs {
    let (less, borrow) = sub(a, m);
    // All ones when a is kept.
    let keep = 0u64.wrapping_sub(borrow & !carry & 1);
    [
        less[0] ^ keep & (less[0] ^ a[0]),
        less[1] ^ keep & (less[1] ^ a[1]),
        less[2] ^ keep & (less[2] ^ a[2]),
        less[3] ^ keep & (less[3] ^ a[3]),
    ]
}

/// a + b modulo m, both below m.
#[inline(always)]
pub(super) const fn add_mod(a: &Limbs, b: &Limbs, m: &Limbs) -> Limbs {
    let (sum, carry) = add(a, b);
    reduce_once(&sum, carry, m)
}

/// a − b modulo m, both below m.
#[inline(always)]
pub(super) const fn sub_mod(a: &Limbs, b: &Limbs, m: &Limbs) -> Limbs {
    let (difference, borrow) = sub(a, b);
    let mask = 0u64.wrapping_sub(borrow);
    let (wrapped, _) = add(&difference, &[m[0] & mask, m[1] & mask, m[2] & mask, m[3] & mask]);
    wrapped
}

/// a · b, the least significant limb first.
#[inline(always)]
pub(super) const fn mul_wide(a: &Limbs, b: &Limbs) -> [u64; 8] {
    let mut t = [0u64; 8];
    let mut i = 0;
    while i < 4 {
        let mut carry = 0u64;
        let mut j = 0;
        while j < 4 {
            let sum = a[i] as u128 * b[j] as u128 + t[i + j] as u128 + carry as u128;
            t[i + j] = sum as u64;
            carry = (sum >> 64) as u64;
            j += 1;
        }
        t[i + 4] = carry;
        i += 1;
    }
    t
}
