//! Arithmetic on numbers of L limbs, for the constants of the kernels: simple, not fast.

/// Limbs of 64 bits, the least significant first.
pub(crate) type Number<const L: usize = 4> = [u64; L];

/// The number that `hex` writes: 16 digits for each limb, or fewer, blanks between them.
pub(crate) const fn number<const L: usize>(hex: &str) -> Number<L> {
    let hex = hex.as_bytes();
    let mut limbs = [0; L];
    let mut digits = 0;
    let mut at = hex.len();
    while at > 0 {
        at -= 1;
        let digit = match hex[at] {
            b' ' => continue,
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => panic!("no hexadecimal digit"),
        };
        limbs[digits / 16] |= (digit as u64) << (digits % 16 * 4);
        digits += 1;
    }
    limbs
}

/// 32 bytes, the most significant first.
pub(crate) fn be_bytes(a: &Number) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (limb, chunk) in a.iter().rev().zip(bytes.chunks_exact_mut(8)) {
        chunk.copy_from_slice(&limb.to_be_bytes());
    }
    bytes
}

/// a - b modulo 2^(64 L), and whether it was below zero.
pub(crate) fn subtract<const L: usize>(a: &Number<L>, b: &Number<L>) -> (Number<L>, bool) {
    let mut borrow = false;
    let mut difference = [0; L];
    for j in 0..L {
        let (partial, below) = a[j].overflowing_sub(b[j]);
        let (limb, again) = partial.overflowing_sub(u64::from(borrow));
        difference[j] = limb;
        borrow = below || again;
    }
    (difference, borrow)
}

/// a + b modulo m; a, b < m.
pub(crate) fn add_mod<const L: usize>(a: &Number<L>, b: &Number<L>, m: &Number<L>) -> Number<L> {
    let (to_m, _) = subtract(m, b);
    // a + b - m where that is not negative, else a - (m - b) + m, limbs wrapping around.
    let (reduced, below) = subtract(a, &to_m);
    if !below {
        return reduced;
    }
    let (minus_m, _) = subtract(&[0; L], m);
    subtract(&reduced, &minus_m).0
}

/// a * b modulo m; a < m.
pub(crate) fn multiply_mod<const L: usize>(
    a: &Number<L>,
    b: &Number<L>,
    m: &Number<L>,
) -> Number<L> {
    (0..64 * L).rev().fold([0; L], |product, bit| {
        let twice = add_mod(&product, &product, m);
        if b[bit / 64] >> (bit % 64) & 1 == 1 { add_mod(&twice, a, m) } else { twice }
    })
}

/// a * 2^(64 L) modulo m, the residue of Montgomery's arithmetic; a < m.
pub(crate) fn residue<const L: usize>(a: &Number<L>, m: &Number<L>) -> Number<L> {
    (0..64 * L).fold(*a, |power, _| add_mod(&power, &power, m))
}

/// -1/m modulo 2^64, for odd m.
pub(crate) fn negative_inverse<const L: usize>(m: &Number<L>) -> u64 {
    // Newton's iteration doubles the right bits; m is its own inverse modulo 8.
    let inverse = (0..5).fold(m[0], |inverse, _| {
        inverse.wrapping_mul(2u64.wrapping_sub(m[0].wrapping_mul(inverse)))
    });
    inverse.wrapping_neg()
}

/// a / 2^bits, rounded down; 0 < bits < 64.
pub(crate) fn shift_right(a: &Number, bits: u32) -> Number {
    let mut shifted = [0; 4];
    for j in 0..4 {
        let above = if j == 3 { 0 } else { a[j + 1] };
        shifted[j] = a[j] >> bits | above << (64 - bits);
    }
    shifted
}
