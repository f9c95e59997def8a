//! Signatures through the gates of a card: the emitted Verilog of front, engine, hash cores and
//! command processor under Verilator, against the models.

use chaincard::{
    Card, CardConfig, Device, DeviceKind, Hashing, Item, Key, Plan, Profile, Recovered, Verdict,
};
use chaincard_reference::cases::{self, Expected};
use chaincard_reference::verify as model;
use chaincard_sim::card::SimulatedCard;
use std::collections::HashMap;
use std::time::Instant;

const SEED: u64 = 0xCA4D_5167;

/// Random signatures of each scheme: few enough for every run of the tests, or as many as
/// `CHAINCARD_CASES` says; then also every profile's corner cases and vectors.
fn random() -> (usize, bool) {
    match std::env::var("CHAINCARD_CASES") {
        Ok(count) => (count.parse().expect("CHAINCARD_CASES is a number"), true),
        Err(_) => (100, false),
    }
}

fn card() -> Card {
    open("verify-axi@verilator")
}

fn open(name: &str) -> Card {
    let card = SimulatedCard::open(name).unwrap();
    let config = CardConfig::for_kind(DeviceKind::Simulated);
    Card::open("sim", DeviceKind::Simulated, Box::new(card), config).unwrap()
}

fn verdict(verdict: model::Verdict) -> Verdict {
    Verdict::from_code(verdict as u8).unwrap()
}

fn plan(case: &model::Case) -> Plan<'_> {
    Plan {
        profile: Profile::from_code(case.profile as u16).unwrap(),
        hashing: Hashing::from_code(case.hashing as u16).unwrap(),
        user_id: &case.user_id,
    }
}

fn item(case: &model::Case) -> Item<'_> {
    let key = match case.key {
        model::Key::Point { x, y } => Key::Point { x, y },
        model::Key::Compressed { x, odd } => Key::Compressed { x, odd },
        model::Key::Edwards(a) => Key::Edwards(a),
        model::Key::Recover(id) => Key::Recover(id),
    };
    Item { r: case.r, s: case.s, key, message: &case.message }
}

/// Batches of one plan each.
fn batches(all: &[Expected]) -> Vec<(Plan<'_>, Vec<&Expected>)> {
    let mut batches: HashMap<Plan<'_>, Vec<&Expected>> = HashMap::new();
    for expected in all {
        batches.entry(plan(&expected.case)).or_default().push(expected);
    }
    batches.into_iter().collect()
}

/// Checks every verdict; gives the cycles.
fn check(card: &Card, all: &[Expected]) -> u64 {
    let mut cycles = 0;
    for (plan, batch) in batches(all) {
        let items: Vec<_> = batch.iter().map(|expected| item(&expected.case)).collect();
        let mut verdicts = vec![Verdict::Valid; items.len()];
        let report = card.verify(&plan, &items, &mut verdicts).expect("verdicts");
        cycles += report.cycles.unwrap_or(0);
        for (expected, found) in batch.iter().zip(verdicts) {
            let found = found.under(plan.profile);
            assert_eq!(found, verdict(expected.verdict), "{}: {:x?}", expected.name, expected.case);
        }
    }
    cycles
}

/// Every corner case, every published vector and the random signatures of a scheme.
fn check_scheme(scheme: model::Scheme) {
    println!("seed {SEED:#x}");
    let card = card();
    let (random, whole) = random();
    let profiles: Vec<_> = scheme.profiles().collect();
    let (start, mut cycles, mut count) = (Instant::now(), 0, 0);
    for (seed, &profile) in (SEED..).zip(&profiles) {
        let mut all = cases::random(profile, seed, random.div_ceil(profiles.len()));
        // The profiles of a scheme differ in rules that the first one's cases do not reach, and
        // in nothing that takes arithmetic.
        if whole || profile == profiles[0] {
            all.extend(cases::corners(profile));
        }
        let vectors = if whole { cases::wycheproof(profile) } else { Vec::new() };
        // Vectors of a wrong shape never come to a device.
        all.extend(vectors.iter().filter_map(|vector| {
            let case = vector.raw.case().ok()?;
            let verdict = model::verify(&case);
            Some(Expected { name: vector.name.clone(), case, verdict, key: [0; 64] })
        }));
        count += all.len();
        cycles += check(&card, &all);
    }
    println!(
        "{count} signatures, {} cycles each, {:.0} cycles/s",
        cycles / count as u64,
        cycles as f64 / start.elapsed().as_secs_f64()
    );
}

#[test]
fn secp256k1() {
    check_scheme(model::Scheme::Secp256k1);
}

#[test]
fn sm2() {
    check_scheme(model::Scheme::Sm2);
}

#[test]
fn ed25519() {
    check_scheme(model::Scheme::Ed25519);
}

#[test]
fn p256() {
    check_scheme(model::Scheme::P256);
}

#[test]
fn recovery() {
    println!("seed {SEED:#x}");
    let card = card();
    for profile in [model::Profile::Ethereum, model::Profile::EthereumTransaction] {
        let mut all = cases::recovery_corners(profile);
        all.extend(cases::random_recovery(profile, SEED, random().0 / 2));
        for (plan, batch) in batches(&all) {
            let items: Vec<_> = batch.iter().map(|expected| item(&expected.case)).collect();
            let mut keys = vec![Recovered { verdict: Verdict::HighS, key: [1; 64] }; items.len()];
            card.recover(&plan, &items, &mut keys).expect("keys");
            for (expected, found) in batch.iter().zip(keys) {
                let expected_key =
                    Recovered { verdict: verdict(expected.verdict), key: expected.key };
                assert_eq!(found, expected_key, "{}: {:x?}", expected.name, expected.case);
            }
        }
    }
}

/// One scheme and one hash core: other hashings come as digests, other schemes not at all.
fn secp256k1_alone(image: &str) {
    println!("seed {SEED:#x}");
    let card = open(image);
    assert_eq!(card.capabilities().verifies, [chaincard::Scheme::Secp256k1]);
    assert!(card.capabilities().recovers);
    for profile in [model::Profile::BitcoinLowS, model::Profile::EthereumTransaction] {
        let mut all = cases::corners(profile);
        all.extend(cases::random(profile, SEED, 80));
        for hashing in [model::Hashing::DoubleSha256, model::Hashing::Keccak256] {
            assert!(all.iter().any(|expected| expected.case.hashing == hashing), "{hashing:?}");
        }
        check(&card, &all);
    }
}

#[test]
fn card_for_secp256k1_alone() {
    secp256k1_alone("secp256k1-axi@verilator");
}

/// Eight engines answer in the order of the items, whoever is the first to end.
#[test]
fn card_with_eight_engines() {
    secp256k1_alone("secp256k1x8-axi@verilator");
}
