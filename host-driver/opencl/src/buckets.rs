//! The order of the additions of a multi-scalar multiplication, made on the host: digits, buckets,
//! and pieces of buckets.

/// Bit of an entry that says the opposite of the base is meant.
pub(crate) const OPPOSITE: u32 = 1 << 31;

/// Buckets that a work-item weighs, at least.
const WEIGHED: usize = 32;

/// Most work-items that weigh the buckets of a window.
const MOST_PARTS: usize = 64;

/// Shortest length of pieces beyond which a bucket is cut.
const SHORTEST_PIECE: usize = 16;

/// Windows of `width` bits for numbers of `bits` bits.
pub(crate) const fn windows(bits: u32, width: u32) -> usize {
    (bits / width + 1) as usize
}

/// Buckets of a window.
pub(crate) const fn buckets(width: u32) -> usize {
    1 << (width - 1)
}

/// The width with the fewest additions for so many terms.
pub(crate) fn width(bits: u32, terms: usize) -> u32 {
    let additions = |width: &u32| windows(bits, *width) * (terms + 2 * buckets(*width));
    (4..=13).min_by_key(additions).unwrap_or(4)
}

/// Buckets that each work-item weighs.
pub(crate) fn weighed(width: u32) -> usize {
    WEIGHED.max(buckets(width) / MOST_PARTS)
}

/// The additions of some windows.
#[derive(Default)]
pub(crate) struct Order {
    /// Numbers of bases, sorted by bucket.
    pub(crate) entries: Vec<u32>,
    /// Where each piece ends in the entries.
    pub(crate) ends: Vec<u32>,
    /// Where each bucket ends in the pieces: bucket after bucket, window after window.
    pub(crate) pieces: Vec<u32>,
}

impl Order {
    /// Orders `terms` terms in some windows, whose digits come window by window; where the digit
    /// is 0 there is nothing to add.
    pub(crate) fn fill(&mut self, terms: usize, width: u32, digits: &[i16]) {
        self.entries.clear();
        self.ends.clear();
        self.pieces.clear();
        // All pieces together are about as long as the longest list of pieces of a bucket.
        let longest = SHORTEST_PIECE.max(terms.isqrt());
        let mut starts = vec![0usize; buckets(width) + 1];
        for digits in digits.chunks_exact(terms) {
            starts.fill(0);
            for digit in digits {
                starts[usize::from(digit.unsigned_abs())] += 1;
            }
            // Bucket 0 is none.
            starts[0] = 0;
            let mut start = self.entries.len();
            for bucket in &mut starts[1..] {
                let count = std::mem::replace(bucket, start);
                for piece in (0..count).step_by(longest) {
                    self.ends.push((start + count.min(piece + longest)) as u32);
                }
                self.pieces.push(self.ends.len() as u32);
                start += count;
            }
            self.entries.resize(start, 0);
            for (term, &digit) in digits.iter().enumerate().filter(|(_, digit)| **digit != 0) {
                let place = &mut starts[usize::from(digit.unsigned_abs())];
                self.entries[*place] = term as u32 | if digit < 0 { OPPOSITE } else { 0 };
                *place += 1;
            }
        }
    }
}

/// Signed digits of a number below 2^`bits`, `bits` being at most 255, by window: −(2^(c−1) − 1) … 2^(c−1) each. The sum of all
/// 2^(c·w) times digit w is the number.
pub(crate) fn digits(scalar: &[u8; 32], bits: u32, width: u32) -> impl Iterator<Item = i16> {
    let mut limbs = [0u64; 5];
    for (limb, bytes) in limbs.iter_mut().zip(scalar.as_chunks::<8>().0.iter().rev()) {
        *limb = u64::from_be_bytes(*bytes);
    }
    let mut carry = 0;
    (0..windows(bits, width)).map(move |window| {
        let bit = window * width as usize;
        let (limb, shift) = (bit / 64, bit % 64);
        let pair = u128::from(limbs[limb]) | u128::from(limbs[limb + 1]) << 64;
        let digit = (pair >> shift) as u32 & ((1 << width) - 1);
        let digit = digit as i32 + carry;
        carry = i32::from(digit > 1 << (width - 1));
        (digit - (carry << width)) as i16
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaincard_reference::msm::bucket;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn digits_are_those_of_the_model() {
        let mut rng = ChaCha8Rng::seed_from_u64(20_261_125);
        for bits in [254, 255] {
            for width in 4..=13 {
                let mut top = [0xFF; 32];
                top[0] >>= 256 - bits;
                for mask in [top, [0; 32], [0x80; 32], [0x7F; 32], rng.random(), rng.random()] {
                    let scalar = std::array::from_fn(|byte| mask[byte] & top[byte]);
                    let model = bucket::digits(&scalar, bits, width);
                    let digits: Vec<i32> = digits(&scalar, bits, width).map(i32::from).collect();
                    assert_eq!(digits, model, "{scalar:?}, {width} of {bits} bits");
                }
            }
        }
    }

    #[test]
    fn each_term_is_in_a_piece_of_its_bucket() {
        let mut rng = ChaCha8Rng::seed_from_u64(20_261_125);
        let (terms, width) = (500, 4);
        // Mostly one bucket, then random ones, then none.
        let digits: Vec<i16> = (0..3 * terms)
            .map(|at| match at / terms {
                0 => [8, 8, 8, -1][rng.random_range(0..4)],
                1 => rng.random_range(-7..=8),
                _ => 0,
            })
            .collect();
        let mut order = Order::default();
        order.fill(terms, width, &digits);
        let Order { entries, ends, pieces } = &order;
        assert_eq!(pieces.len(), 3 * buckets(width));
        let mut seen = vec![0; 3 * terms];
        let mut piece = 0;
        for (bucket, &end) in pieces.iter().enumerate() {
            let (window, digit) = (bucket / buckets(width), bucket % buckets(width) + 1);
            for piece in std::mem::replace(&mut piece, end)..end {
                let start = if piece == 0 { 0 } else { ends[piece as usize - 1] };
                let range = start as usize..ends[piece as usize] as usize;
                assert!((1..=22).contains(&range.len()), "{range:?}");
                for entry in &entries[range] {
                    let sign = if entry & OPPOSITE == 0 { 1 } else { -1 };
                    let at = window * terms + (entry & !OPPOSITE) as usize;
                    assert_eq!(digits[at], sign * digit as i16);
                    seen[at] += 1;
                }
            }
        }
        for (digit, seen) in digits.iter().zip(seen) {
            assert_eq!(seen, i32::from(*digit != 0));
        }
    }
}
