//! The adder: a linear combination in every slot, all controls changing from one to the next.

use chaincard_hdl::field::{AddUnit, Curve, DIGITS, Func};
use num_bigint::BigInt;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_hdl::prelude::*;

use crate::bench::{SEED, corners, from_digits, is_lazy, prime, random, tick, to_digits, wrap};

const FUNCS: [Func; 5] = [Func::Sum, Func::Difference, Func::Copy, Func::Negative, Func::Signed];

#[derive(Debug)]
struct Combination {
    x: BigInt,
    y: BigInt,
    sx: u64,
    sy: u64,
    func: Func,
    sign: bool,
    fold: Option<Curve>,
}

impl Combination {
    fn exact(&self) -> BigInt {
        let (x, y) = (&self.x << self.sx, &self.y << self.sy);
        match (self.func, self.sign) {
            (Func::Sum, _) => x + y,
            (Func::Difference, _) => x - y,
            (Func::Copy, _) | (Func::Signed, false) => x,
            (Func::Negative, _) | (Func::Signed, true) => -x,
        }
    }

    fn check(&self, found: &BigInt, [zero, negative, odd]: [bool; 3]) {
        let exact = self.exact();
        match self.fold {
            Some(curve) => {
                assert_eq!((found - exact) % prime(curve), BigInt::ZERO, "{self:x?}: {found:x}");
                assert!(is_lazy(found), "{self:x?} gave {found:x}");
            }
            None => {
                let expected = wrap(&exact);
                assert_eq!(found, &expected, "{self:x?}");
                assert_eq!(zero, expected == BigInt::ZERO, "{self:x?}");
                assert_eq!(negative, expected < BigInt::ZERO, "{self:x?}");
                assert_eq!(odd, expected.bit(0), "{self:x?}");
            }
        }
    }
}

/// Runs the combinations in consecutive slots.
fn run(combinations: &[Combination]) {
    let mut unit = AddUnit::default();
    unit.connect_all();
    let operands: Vec<_> =
        combinations.iter().map(|item| (to_digits(&item.x), to_digits(&item.y))).collect();
    let mut result = [0; DIGITS];
    let mut flags = vec![];
    for cycle in 0..combinations.len() * DIGITS + AddUnit::LATENCY {
        let (slot, digit) = (cycle / DIGITS, cycle % DIGITS);
        unit.phase.next = (digit as u64).to_bits();
        // Between the samples the controls are those of other combinations.
        let item = &combinations[(slot + digit) % combinations.len()];
        unit.sx.next = item.sx.to_bits();
        unit.sy.next = item.sy.to_bits();
        unit.func.next = (item.func as u64).to_bits();
        unit.sign.next = item.sign;
        unit.fold.next = item.fold.is_some();
        unit.curve.next = (item.fold.map_or(slot as u64 % 4, |curve| curve as u64)).to_bits();
        let (x, y) = &operands[slot % operands.len()];
        unit.x.next = x[digit].to_bits();
        unit.y.next = y[digit].to_bits();
        // The flags of a slot stay for 16 cycles.
        if let Some(place) = cycle.checked_sub(AddUnit::FLAGS) {
            let now = [unit.zero.val(), unit.negative.val(), unit.odd.val()];
            if place % DIGITS == 0 {
                flags.push(now);
            }
            assert_eq!(flags.last(), Some(&now), "cycle {cycle}");
        }
        if let Some(place) = cycle.checked_sub(AddUnit::LATENCY) {
            result[place % DIGITS] = unit.out.val().to_u64();
            if place % DIGITS + 1 == DIGITS {
                let slot = place / DIGITS;
                combinations[slot].check(&from_digits(&result), flags[slot]);
            }
        }
        tick(&mut unit, |unit, level| unit.clock.next = Clock { clk: level });
    }
}

fn fold(rng: &mut ChaCha8Rng) -> Option<Curve> {
    rng.random::<bool>().then(|| Curve::ALL[rng.random_range(0..4)])
}

#[test]
fn random_combinations() {
    println!("seed {SEED:#x}");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let combinations: Vec<Combination> = (0..3000)
        .map(|_| {
            let x = random(&mut rng);
            // Results near 0 are rare otherwise.
            let y = match rng.random_range(0..4) {
                0 => x.clone() + rng.random_range(0..2),
                _ => random(&mut rng),
            };
            let sx = rng.random_range(0..4);
            let sy = if rng.random::<bool>() { sx } else { rng.random_range(0..4) };
            let func = FUNCS[rng.random_range(0..5)];
            Combination { x, y, sx, sy, func, sign: rng.random(), fold: fold(&mut rng) }
        })
        .collect();
    run(&combinations);
}

/// All pairs of corners with all functions; places, signs and primes drawn.
#[test]
fn corner_combinations() {
    println!("seed {SEED:#x}");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let values = corners();
    let mut combinations = Vec::new();
    for x in &values {
        for y in &values {
            for func in FUNCS {
                combinations.push(Combination {
                    x: x.clone(),
                    y: y.clone(),
                    sx: rng.random_range(0..4),
                    sy: rng.random_range(0..4),
                    func,
                    sign: rng.random(),
                    fold: fold(&mut rng),
                });
            }
        }
    }
    run(&combinations);
}
