//! The inverse unit against the definition: x · x⁻¹ ≡ 1 (mod m).

use chaincard_hdl::field::InverseUnit;
use num_bigint::BigUint;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_hdl::prelude::*;

fn digit(value: &BigUint, index: usize) -> u64 {
    value.iter_u64_digits().nth(index / 4).unwrap_or(0) >> (16 * (index % 4)) & 0xFFFF
}

fn tick(unit: &mut InverseUnit) {
    assert!(simulate(unit, 16));
    unit.clock.next = true.into();
    assert!(simulate(unit, 16));
    unit.clock.next = false.into();
    assert!(simulate(unit, 16));
}

/// The result and the cycles that it took.
fn invert(unit: &mut InverseUnit, x: &BigUint, m: &BigUint) -> (BigUint, u32) {
    for index in 0..16 {
        unit.start.next = index == 0;
        unit.x.next = digit(x, index).to_bits();
        unit.m.next = digit(m, index).to_bits();
        tick(unit);
    }
    unit.start.next = false;
    let mut cycles = 16;
    while unit.busy.val() {
        tick(unit);
        cycles += 1;
        assert!(cycles < 14_000, "no result for {x} modulo {m}");
    }
    let mut result = BigUint::ZERO;
    for index in 0..16_u64 {
        unit.result_index.next = index.to_bits();
        tick(unit);
        result += BigUint::from(unit.result.val().to_u64()) << (16 * index);
    }
    (result, cycles)
}

fn unit() -> InverseUnit {
    let mut unit = InverseUnit::default();
    unit.connect_all();
    unit
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).expect("hex")
}

fn check(unit: &mut InverseUnit, x: &BigUint, m: &BigUint) -> u32 {
    let (result, cycles) = invert(unit, x, m);
    assert_eq!(x * &result % m, BigUint::from(1_u8), "{x} modulo {m} gave {result}");
    assert!(&result < m, "{x} modulo {m} gave {result}");
    cycles
}

#[test]
fn every_unit_of_small_moduli() {
    let mut unit = unit();
    for m in (3..32_u64).step_by(2) {
        for x in 1..m {
            let coprime = (2..=x).all(|d| x % d != 0 || m % d != 0);
            if coprime {
                check(&mut unit, &x.into(), &m.into());
            }
        }
    }
}

#[test]
fn full_size_moduli() {
    const SEED: u64 = 7;
    println!("seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut unit = unit();
    let moduli = [
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff",
        "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
        "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed",
    ]
    .map(number);
    let mut most = 0;
    for m in &moduli {
        for x in [BigUint::from(1_u8), BigUint::from(2_u8), m - 1_u8, m - 2_u8, m >> 1] {
            most = most.max(check(&mut unit, &x, m));
        }
        for _ in 0..2 {
            let bytes: [u8; 32] = random.random();
            let x = BigUint::from_bytes_be(&bytes) % m;
            most = most.max(check(&mut unit, &x, m));
        }
        assert_eq!(invert(&mut unit, &BigUint::ZERO, m).0, BigUint::ZERO);
    }
    println!("at most {most} cycles");
}
