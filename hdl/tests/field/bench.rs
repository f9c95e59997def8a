//! Numbers, digits and a clock.

use chaincard_hdl::field::{Curve, DIGITS};
use num_bigint::{BigInt, Sign};
use rand_chacha::ChaCha8Rng;
use rust_hdl::prelude::*;

pub(crate) const SEED: u64 = 0xF1E1_D5EE;

pub(crate) fn power(exponent: usize) -> BigInt {
    BigInt::from(1) << exponent
}

pub(crate) fn prime(curve: Curve) -> BigInt {
    match curve {
        Curve::Secp256k1 => power(256) - power(32) - 977,
        Curve::Sm2 => power(256) - power(224) - power(96) + power(64) - 1,
        Curve::Ed25519 => power(255) - 19,
        Curve::P256 => power(256) - power(224) + power(192) + power(96) - 1,
    }
}

/// v mod m, not negative.
pub(crate) fn modulo(v: &BigInt, m: &BigInt) -> BigInt {
    ((v % m) + m) % m
}

/// The lowest 258 bits as a number in two's complement.
pub(crate) fn wrap(v: &BigInt) -> BigInt {
    let low = modulo(v, &power(258));
    if low < power(257) { low } else { low - power(258) }
}

/// 18 bits each, in two's complement.
pub(crate) fn to_digits(v: &BigInt) -> [u64; DIGITS] {
    let low = modulo(v, &power(258));
    std::array::from_fn(|index| {
        let digit: BigInt = (&low >> (16 * index)) % power(if index == 15 { 18 } else { 16 });
        u64::try_from(digit).expect("a digit")
    })
}

/// Fails on a digit other than the last that is not unsigned.
pub(crate) fn from_digits(digits: &[u64; DIGITS]) -> BigInt {
    let value = (0..DIGITS).fold(BigInt::ZERO, |sum, index| {
        assert!(index == 15 || digits[index] < 1 << 16, "digit {index} of {digits:x?}");
        sum + (BigInt::from(digits[index]) << (16 * index))
    });
    wrap(&value)
}

pub(crate) fn is_lazy(v: &BigInt) -> bool {
    *v > -power(240) && *v < power(257)
}

/// The ends of the class, and of the ranges around the prime and the digits.
pub(crate) fn corners() -> Vec<BigInt> {
    let mut values = vec![
        -power(240) + 1,
        -power(239) - 12_345,
        BigInt::from(-65_536),
        BigInt::from(-1),
        BigInt::ZERO,
        BigInt::from(1),
        BigInt::from(0xFFFF),
        power(255),
        power(256) - 1,
        power(256),
        power(257) - power(240),
        power(257) - 2,
        power(257) - 1,
    ];
    for curve in Curve::ALL {
        values.extend([prime(curve) - 1, prime(curve), prime(curve) + 1]);
    }
    values
}

/// `Lazy`, a fourth of them with long runs of equal bits.
pub(crate) fn random(rng: &mut ChaCha8Rng) -> BigInt {
    use rand::Rng;
    let mut bytes = [0_u8; 33];
    let runs = rng.random::<u8>() < 64;
    for byte in &mut bytes {
        *byte = if runs { [0, 0xFF][usize::from(rng.random::<bool>())] } else { rng.random() };
    }
    let value = BigInt::from_bytes_le(Sign::Plus, &bytes) % power(257);
    match rng.random::<u8>() % 8 {
        0 => -(value % power(240)),
        1 => value % power(128),
        _ => value,
    }
}

/// One cycle: settles the new inputs, rises.
pub(crate) fn tick<D: Block>(unit: &mut D, clock: fn(&mut D, bool)) {
    assert!(simulate(unit, 50), "settles");
    clock(unit, true);
    assert!(simulate(unit, 50), "settles");
    clock(unit, false);
}
