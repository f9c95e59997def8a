//! How many operations the programs take.

use std::collections::BTreeMap;

use chaincard_hdl::verify::interpreter::Counts;
use chaincard_reference::curve::{P256, Secp256k1, Sm2};
use chaincard_reference::verify::{Case, Key, Profile, Verdict};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::ecdsa::signed;
use crate::{SEED, check};

const RUNS: u64 = 8;

/// Prints the mean counts by part, and holds them against the most products allowed.
pub(crate) fn budget(name: &str, most: u64, mut case: impl FnMut() -> Case) {
    let mut parts = BTreeMap::<String, Counts>::new();
    let mut total = Counts::default();
    for _ in 0..RUNS {
        let (verdict, outcome) = check(&case());
        assert_eq!(verdict, Verdict::Valid);
        let add = |sum: &mut Counts, one: &Counts| {
            sum.muls += one.muls;
            sum.adds += one.adds;
            sum.controls += one.controls;
            sum.inversions += one.inversions;
        };
        for (part, counts) in &outcome.parts {
            add(parts.entry(part.clone()).or_default(), counts);
        }
        add(&mut total, &outcome.total);
    }
    println!("{name:28} {:>6} {:>6} {:>8} {:>10}", "MUL", "ADD", "control", "inversions");
    for (part, c) in parts.iter().chain([(&"all".to_string(), &total)]) {
        let mean = |n: u64| n as f64 / RUNS as f64;
        let (m, a, o, i) = (mean(c.muls), mean(c.adds), mean(c.controls), mean(c.inversions));
        println!("  {part:26} {m:6.1} {a:6.1} {o:8.1} {i:10.1}");
    }
    assert!(total.muls <= most * RUNS, "{name}: {} products", total.muls / RUNS);
    assert!(total.adds < total.muls, "{name}: {} linear combinations", total.adds / RUNS);
}

#[test]
fn secp256k1() {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut case = || signed::<Secp256k1>(Profile::Bitcoin, &mut rng);
    budget("secp256k1", 1950, || case().0);
    budget("secp256k1, compressed key", 2250, || {
        let (case, _) = case();
        let Key::Point { x, y } = case.key else { panic!("{:?}", case.key) };
        Case { key: Key::Compressed { x, odd: y[31] & 1 == 1 }, ..case }
    });
    budget("secp256k1, recovery", 2400, || {
        let (case, id) = case();
        Case { key: Key::Recover(id), ..case }
    });
}

#[test]
fn curves_with_a_minus_3() {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    budget("SM2", 3350, || signed::<Sm2>(Profile::Gm, &mut rng).0);
    budget("P-256", 3350, || signed::<P256>(Profile::Fips186, &mut rng).0);
}
