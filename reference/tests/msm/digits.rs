//! Digits: they make the scalar, and stay in their range.

use chaincard_reference::msm::bucket::{WIDTHS, digits, windows};
use chaincard_reference::msm::encoding::encode_scalar;
use chaincard_reference::msm::{Bls12_377, Bls12_381, Bn254, Scalar};
use num_bigint::{BigInt, BigUint};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn check(scalar: &[u8; 32], bits: u32) {
    let number = BigUint::from_bytes_be(scalar);
    for width in WIDTHS {
        let digits = digits(scalar, bits, width);
        assert_eq!(digits.len(), windows(bits, width));
        let most = 1 << (width - 1);
        assert!(digits.iter().all(|digit| (1 - most..=most).contains(digit)), "{width}");
        let sum = digits.iter().rev().fold(BigInt::ZERO, |sum, &digit| (sum << width) + digit);
        assert_eq!(sum, BigInt::from(number.clone()), "{width}");
        // The carry into a window, from the bits below it alone: they are above the most that
        // digits can make, 2^(c−1) in each of them.
        let mut largest = BigUint::ZERO;
        for (window, digit) in digits.iter().enumerate() {
            let low = window as u32 * width;
            let below = &number % (BigUint::from(1u32) << low);
            let raw = (&number >> low) % (1u32 << width);
            let digit = (BigInt::from(*digit) - i32::from(below > largest)) - BigInt::from(raw);
            assert!(digit == BigInt::ZERO || digit == BigInt::from(-(1 << width)), "{width}");
            largest += BigUint::from(1u32) << (low + width - 1);
        }
    }
}

#[test]
fn digits_make_the_scalar() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut some = vec![[0; 32], [0xFF; 32], [0x55; 32], [0x7F; 32], [0x80; 32], [0x88; 32]];
    for bit in 0..256 {
        let mut bytes = [0; 32];
        bytes[31 - bit / 8] = 1 << (bit % 8);
        some.push(bytes);
    }
    for _ in 0..100 {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        some.push(bytes);
    }
    some.iter().for_each(|scalar| check(scalar, 256));
}

#[test]
fn digits_make_r_minus_1_in_as_many_bits_as_r_has() {
    check(&encode_scalar(-Scalar::<Bn254>::from(1u64)), 254);
    check(&encode_scalar(-Scalar::<Bls12_381>::from(1u64)), 255);
    check(&encode_scalar(-Scalar::<Bls12_377>::from(1u64)), 253);
}

/// 2^bits − 1 is the worst that a top window can get, and small enough to try them all.
#[test]
fn every_number_of_few_bits() {
    for bits in 1..=10 {
        for number in 0..1u16 << bits {
            let mut bytes = [0; 32];
            bytes[30..].copy_from_slice(&number.to_be_bytes());
            check(&bytes, bits);
        }
    }
}

#[test]
#[should_panic(expected = "more than 8 bits")]
fn larger_scalars_are_refused() {
    digits(&[0xFF; 32], 8, 4);
}
