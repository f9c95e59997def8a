//! The recoder against the definition of the non-adjacent form.

use chaincard_hdl::verify::NafUnit;
use num_bigint::BigInt;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_hdl::prelude::*;

const HIGHEST: i64 = 264;

fn tick(unit: &mut NafUnit) {
    assert!(simulate(unit, 16));
    unit.clock.next = true.into();
    assert!(simulate(unit, 16));
    unit.clock.next = false.into();
    assert!(simulate(unit, 16));
}

fn digits(value: &BigInt) -> [u64; 16] {
    let modulus = BigInt::from(1) << 258;
    let wrapped: BigInt = ((value % &modulus) + &modulus) % &modulus;
    std::array::from_fn(|index| {
        let width = if index == 15 { 18 } else { 16 };
        let digit: BigInt = (&wrapped >> (16 * index)) % (BigInt::from(1) << width);
        u64::try_from(digit).expect("18 bits")
    })
}

fn load(unit: &mut NafUnit, thread: u64, list: u64, mode: u64, value: &BigInt) {
    for (index, digit) in digits(value).into_iter().enumerate() {
        unit.start.next = index == 0;
        unit.thread.next = thread.to_bits();
        unit.list.next = list.to_bits();
        unit.mode.next = mode.to_bits();
        unit.digit.next = digit.to_bits();
        tick(unit);
    }
    unit.start.next = false;
    let mut cycles = 0;
    while unit.busy.val() {
        assert_eq!(unit.busy_thread.val().to_u64(), thread);
        tick(unit);
        cycles += 1;
        assert!(cycles < 300, "recoding does not end");
    }
}

fn query(unit: &mut NafUnit, thread: u64, list: u64, position: i64) -> Option<i64> {
    unit.query.next = true;
    unit.query_thread.next = thread.to_bits();
    unit.query_list.next = list.to_bits();
    unit.query_position.next = (position as u64).to_bits();
    for cycle in 1..=NafUnit::QUERY_LATENCY {
        tick(unit);
        unit.query.next = false;
        assert!(cycle == NafUnit::QUERY_LATENCY || !unit.hit.val());
    }
    unit.hit.val().then(|| {
        let magnitude = 2 * unit.index.val().to_u64() as i64 + 1;
        if unit.sign.val() { -magnitude } else { magnitude }
    })
}

/// Takes every digit of a list: their sum is the value, and they keep their distance.
fn unload(unit: &mut NafUnit, thread: u64, list: u64) -> BigInt {
    let width = if list < 2 { 8 } else { 5 };
    let (mut sum, mut before) = (BigInt::ZERO, HIGHEST + width);
    for position in (0..HIGHEST).rev() {
        sum *= 2;
        if let Some(digit) = query(unit, thread, list, position) {
            assert!(digit.abs() < 1 << (width - 1), "{digit} in list {list}");
            assert!(before - position >= width, "digits at {before} and {position}");
            before = position;
            sum += digit;
        }
    }
    sum
}

fn unit() -> NafUnit {
    let mut unit = NafUnit::default();
    unit.connect_all();
    unit
}

#[test]
fn every_mode_and_list() {
    const SEED: u64 = 11;
    println!("seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut unit = unit();
    let low: BigInt = (BigInt::from(1) << 128) - 1;
    let mut values: Vec<BigInt> = vec![
        BigInt::ZERO,
        BigInt::from(1),
        BigInt::from(-1),
        (BigInt::from(1) << 257) - 1,
        BigInt::from(-1) << 240_u32,
        low.clone(),
        (BigInt::from(1) << 256) - 1,
    ];
    for bits in [128, 129, 256] {
        let bytes: [u8; 33] = random.random();
        let value = BigInt::from_bytes_be(num_bigint::Sign::Plus, &bytes) >> (264 - bits);
        values.push(value);
    }
    let short: [u8; 16] = random.random();
    values.push(BigInt::from_bytes_be(num_bigint::Sign::Minus, &short));
    for (turn, value) in values.iter().enumerate() {
        let (thread, list) = (turn as u64 % 8, 2);
        load(&mut unit, thread, list, 2, value);
        assert_eq!(unload(&mut unit, thread, list), *value);
        if value.sign() != num_bigint::Sign::Minus && value.bits() <= 256 {
            load(&mut unit, thread, 0, 0, value);
            load(&mut unit, thread, 1, 1, value);
            load(&mut unit, thread, 3, 0, value);
            assert_eq!(unload(&mut unit, thread, 3), value & &low);
            assert_eq!(unload(&mut unit, thread, 1), value >> 128);
            assert_eq!(unload(&mut unit, thread, 0), value & &low);
        }
    }
}

#[test]
fn lists_of_threads_are_apart_and_can_be_emptied() {
    let mut unit = unit();
    for thread in 0..8 {
        load(&mut unit, thread, 3, 2, &BigInt::from(2 * thread + 1));
    }
    unit.empty.next = true;
    unit.query_thread.next = 5_u64.to_bits();
    tick(&mut unit);
    unit.empty.next = false;
    for _ in 0..4 {
        tick(&mut unit);
    }
    for thread in 0..8 {
        let expected = if thread == 5 { None } else { Some(2 * thread as i64 + 1) };
        assert_eq!(query(&mut unit, thread, 3, 0), expected);
        assert_eq!(query(&mut unit, thread, 3, 0), None);
    }
}
