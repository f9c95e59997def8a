//! The multiplier: a product in every slot, kinds and primes changing from one to the next.

use chaincard_hdl::field::{Curve, DIGITS, Kind, MulUnit};
use num_bigint::BigInt;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_hdl::prelude::*;

use crate::bench::{
    SEED, corners, from_digits, is_lazy, modulo, power, prime, random, tick, to_digits, wrap,
};

const KINDS: [Kind; 3] = [Kind::Field, Kind::Low, Kind::High];

#[derive(Debug)]
struct Product {
    kind: Kind,
    curve: Curve,
    a: BigInt,
    b: BigInt,
}

impl Product {
    fn check(&self, found: &BigInt) {
        let exact = &self.a * &self.b;
        match self.kind {
            Kind::Low => assert_eq!(found, &modulo(&exact, &power(256)), "{self:x?}"),
            Kind::High => assert_eq!(found, &wrap(&(exact >> 256)), "{self:x?}"),
            Kind::Field => {
                let p = prime(self.curve);
                let scale = if self.curve.is_montgomery() { power(256) } else { 1.into() };
                let difference = found * scale - exact;
                assert_eq!(difference % p, BigInt::ZERO, "{self:x?} gave {found:x}");
                assert!(is_lazy(found), "{self:x?} gave {found:x}");
            }
        }
    }
}

/// Runs the products in consecutive slots.
fn run(products: &[Product]) {
    let mut unit = MulUnit::default();
    unit.connect_all();
    let operands: Vec<_> =
        products.iter().map(|product| (to_digits(&product.a), to_digits(&product.b))).collect();
    // The slot and digit that a port with this offset has in a cycle.
    let place = |cycle: usize, offset: usize| {
        let cycle = cycle.checked_sub(offset)?;
        (cycle / DIGITS < products.len()).then_some((cycle / DIGITS, cycle % DIGITS))
    };
    let mut result = [0; DIGITS];
    for cycle in 0..products.len() * DIGITS + MulUnit::LATENCY {
        unit.phase.next = ((cycle % DIGITS) as u64).to_bits();
        // Between the samples the controls are those of other products.
        let control = place(cycle, 0).map_or(0, |(slot, digit)| slot + digit);
        let product = &products[control % products.len()];
        unit.kind.next = (product.kind as u64).to_bits();
        unit.curve.next = (product.curve as u64).to_bits();
        let digit = |place: Option<(usize, usize)>, second: bool| {
            let (slot, digit) = place.unwrap_or((0, 0));
            if second { operands[slot].1[digit] } else { operands[slot].0[digit] }
        };
        unit.a.next = digit(place(cycle, MulUnit::A_OFFSET), false).to_bits();
        unit.b.next = digit(place(cycle, MulUnit::B_OFFSET), true).to_bits();
        if let Some((slot, digit)) = place(cycle, MulUnit::LATENCY) {
            result[digit] = unit.out.val().to_u64();
            if digit + 1 == DIGITS {
                products[slot].check(&from_digits(&result));
            }
        }
        tick(&mut unit, |unit, level| unit.clock.next = Clock { clk: level });
    }
}

#[test]
fn random_products() {
    println!("seed {SEED:#x}");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let products: Vec<Product> = (0..3000)
        .map(|_| Product {
            kind: if rng.random::<bool>() { Kind::Field } else { KINDS[rng.random_range(0..3)] },
            curve: Curve::ALL[rng.random_range(0..4)],
            a: random(&mut rng),
            b: random(&mut rng),
        })
        .collect();
    run(&products);
}

/// All pairs of corners, each for every prime and for both exact halves.
#[test]
fn corner_products() {
    let values = corners();
    let mut products = Vec::new();
    for a in &values {
        for b in &values {
            for (kind, curve) in Curve::ALL
                .map(|curve| (Kind::Field, curve))
                .into_iter()
                .chain([(Kind::Low, Curve::Sm2), (Kind::High, Curve::P256)])
            {
                products.push(Product { kind, curve, a: a.clone(), b: b.clone() });
            }
        }
    }
    run(&products);
}
