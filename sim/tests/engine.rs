//! The verification engine under Verilator, with its programs: verdicts and recovered keys
//! against the reference model, threads full, and what a verification takes.

use chaincard_hdl::verify::Job;
use chaincard_hdl::verify::engine::Firmware;
use chaincard_protocol::verify::Scheme as Programs;
use chaincard_reference::cases::{self, Expected};
use chaincard_reference::params::from_be_bytes;
use chaincard_reference::verify::{Hashing, Key, Profile, Scheme, Verdict};
use chaincard_sim::engine::{Machine, Measured, Share, valid_cases};
use chaincard_sim::trace::Listing;

const SEED: u64 = 0x5EED_0E92_0600_0003;

/// Instructions that are told when a verdict is wrong.
const KEPT: usize = 400;

/// An engine, and the listing of its programs.
struct Bench {
    machine: Machine,
    listing: Listing,
}

impl Bench {
    fn new(schemes: &[Programs]) -> Self {
        println!("seed {SEED:#x}");
        let machine = Machine::new(&Firmware::of(schemes), KEPT).expect("Verilator");
        Self { machine, listing: Listing::of(schemes) }
    }
}

/// What was issued last.
fn text(machine: &Machine, listing: &Listing) -> String {
    machine.issues().map(|issue| format!("{}\n", listing.line(issue))).collect()
}

/// Runs the cases with all threads full.
fn check(Bench { machine, listing }: &mut Bench, cases: &[Expected]) -> Option<Share> {
    let jobs: Vec<Job> = cases.iter().map(|expected| Job::new(&expected.case)).collect();
    let share = machine.run(&jobs, u64::MAX, |machine, answer| {
        let expected = &cases[answer.job];
        let Expected { name, case, .. } = expected;
        // RIP-7212 knows valid and invalid only; the engine tells more.
        let verdict = match case.profile {
            Profile::Rip7212 => u8::from(answer.verdict == Verdict::Valid as u8),
            _ => answer.verdict,
        };
        assert_eq!(
            verdict,
            expected.verdict as u8,
            "{name} on thread {}: {case:x?}\n{}",
            answer.thread,
            text(machine, listing)
        );
        if matches!(case.key, Key::Recover(_)) && expected.verdict == Verdict::Valid {
            let (x, y) = expected.key.split_at(32);
            let limbs = |half: &[u8]| from_be_bytes(half.try_into().expect("32 bytes"));
            assert_eq!([machine.output(0), machine.output(1)], [limbs(x), limbs(y)], "{name}");
        }
    });
    share.unwrap_or_else(|error| panic!("{error}\n{}", text(machine, listing)))
}

fn report(name: &str, share: &Share) {
    println!(
        "{name}: {:.0} cycles, multiplier busy {:.1} %, {:.0} products, {:.0} sums, {:.0} control",
        share.cycles,
        100.0 * share.busy,
        share.issued[0],
        share.issued[1],
        share.issued[2]
    );
}

/// What `hdl/engine.json` says of an entry: products of all parts, busy share of the multiplier.
fn recorded(name: &str) -> (f64, f64) {
    let table: serde_json::Value =
        serde_json::from_str(include_str!("../../hdl/engine.json")).expect("JSON");
    let all = table["verifications"].as_array().expect("entries");
    let one = all.iter().find(|one| one["name"] == name).expect("an entry of that name");
    let products = one["products"].as_object().expect("parts").values();
    let measured = products.map(|part| part["measured"].as_f64().expect("a number"));
    (measured.sum(), one["busy"].as_f64().expect("a number"))
}

/// Products that have issued.
fn products(bench: &Bench) -> u64 {
    let issued = bench.machine.issued_at().iter().enumerate();
    let product = |&(address, _): &(usize, &u64)| bench.listing.is_product(address);
    issued.filter(product).map(|(_, count)| count).sum()
}

/// Valid signatures take what the recorded figures say, but for the spread of a smaller sample.
fn as_recorded(bench: &mut Bench, Measured { name, profile, recovers }: Measured) {
    let cases = valid_cases(profile, recovers, SEED, 48);
    let before = products(bench);
    let share = check(bench, &cases).expect("enough signatures");
    report(name, &share);
    let mean = (products(bench) - before) as f64 / cases.len() as f64;
    let (products, busy) = recorded(name);
    assert!((mean / products - 1.0).abs() < 0.03, "{mean} products, recorded are {products}");
    assert!((share.busy - busy).abs() < 0.1, "busy {}, recorded is {busy}", share.busy);
}

/// Whether a card hands the case to the engine: ZA takes both coordinates of the key.
fn goes_to_the_engine(expected: &Expected) -> bool {
    let case = &expected.case;
    case.hashing != Hashing::Sm3 || matches!(case.key, Key::Point { .. })
}

/// The recorded figures of a scheme, random cases and corner cases of each profile, on an engine
/// for this scheme alone.
fn scheme(scheme: Scheme, profiles: &[Profile], count: usize) {
    let programs = Programs::from_code(scheme as u16).expect("the same codes");
    let mut bench = Bench::new(&[programs]);
    for measured in Measured::ALL {
        if measured.profile.scheme() == scheme && !measured.recovers {
            as_recorded(&mut bench, measured);
        }
    }
    for &profile in profiles {
        let mut cases = cases::random(profile, SEED, count);
        cases.retain(goes_to_the_engine);
        let share = check(&mut bench, &cases).expect("more signatures than threads");
        report(&format!("{profile:?}, half of them invalid"), &share);
    }
    for &profile in profiles {
        let mut corners = cases::corners(profile);
        corners.extend(cases::small_scalars(profile).into_iter().step_by(17));
        corners.retain(goes_to_the_engine);
        corners.retain(|case| !matches!(case.case.key, Key::Recover(_)));
        let corners: Vec<Expected> = corners.into_iter().step_by(5).take(80).collect();
        check(&mut bench, &corners);
    }
}

#[test]
fn secp256k1() {
    scheme(Scheme::Secp256k1, &[Profile::Bitcoin, Profile::EthereumTransaction], 64);
}

#[test]
fn recovery() {
    let mut bench = Bench::new(&Programs::ALL);
    for measured in Measured::ALL.into_iter().filter(|measured| measured.recovers) {
        as_recorded(&mut bench, measured);
    }
    check(&mut bench, &cases::random_recovery(Profile::Ethereum, SEED, 48));
}

#[test]
fn sm2() {
    scheme(Scheme::Sm2, &[Profile::Gm], 48);
}

#[test]
fn ed25519() {
    scheme(Scheme::Ed25519, &[Profile::Rfc8032, Profile::Zip215, Profile::Strict], 32);
}

#[test]
fn p256() {
    scheme(Scheme::P256, &[Profile::Rip7212, Profile::Fips186], 32);
}

/// Programs of all schemes in one memory.
#[test]
fn every_scheme_side_by_side() {
    let mut bench = Bench::new(&Programs::ALL);
    let mut mixed: Vec<Expected> = Vec::new();
    for seed in 0..3 {
        for profile in [Profile::Bitcoin, Profile::Gm, Profile::Zip215, Profile::Fips186] {
            mixed.extend(cases::random(profile, SEED + seed, 4));
        }
    }
    mixed.retain(goes_to_the_engine);
    check(&mut bench, &mixed);
}
