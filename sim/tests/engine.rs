//! The verification engine under Verilator, with its programs: verdicts and recovered keys
//! against the reference model, threads full, and what a verification takes.

use chaincard_hdl::verify::engine::Firmware;
use chaincard_reference::cases::{self, Expected};
use chaincard_reference::params::from_be_bytes;
use chaincard_reference::verify::{Hashing, Key, Profile, Scheme, Verdict};
use chaincard_sim::engine::{Job, Machine, Share};
use chaincard_sim::trace::Listing;

const SEED: u64 = 0x5EED_0E92_0600_0003;

/// Instructions that are told when a verdict is wrong.
const KEPT: usize = 400;

/// What was issued last.
fn text(machine: &Machine, scheme: Scheme) -> String {
    let listing = Listing::of(scheme);
    machine.issues().map(|issue| format!("{}\n", listing.line(issue))).collect()
}

/// Runs the cases with all threads full.
fn check(machine: &mut Machine, cases: &[Expected]) -> Option<Share> {
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
            text(machine, case.profile.scheme())
        );
        if matches!(case.key, Key::Recover(_)) && expected.verdict == Verdict::Valid {
            let (x, y) = expected.key.split_at(32);
            let limbs = |half: &[u8]| from_be_bytes(half.try_into().expect("32 bytes"));
            assert_eq!([machine.output(0), machine.output(1)], [limbs(x), limbs(y)], "{name}");
        }
    });
    share.unwrap_or_else(|error| {
        panic!("{error}\n{}", text(machine, cases[0].case.profile.scheme()))
    })
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

/// Digits in groups of three.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The README's row of this name says what was measured.
fn documented(row: &str, share: &Share) {
    report(row, share);
    let [cycles, products] = [share.cycles, share.issued[0]].map(grouped);
    let measured = format!("| {row} | {cycles} | {:.1} % | {products} |", 100.0 * share.busy);
    let readme = include_str!("../../README.md");
    let begins = format!("| {row} |");
    let found = readme.lines().find(|line| line.starts_with(&begins));
    assert_eq!(found, Some(&*measured), "README.md, \"Verification engine\"");
}

/// Whether a card hands the case to the engine: ZA takes both coordinates of the key.
fn goes_to_the_engine(expected: &Expected) -> bool {
    let case = &expected.case;
    case.hashing != Hashing::Sm3 || matches!(case.key, Key::Point { .. })
}

/// What a verification takes: valid ones, with keys that need no decompression where there are
/// such.
fn valid(machine: &mut Machine, profile: Profile, count: usize) -> Share {
    let mut valid = cases::random(profile, SEED, 12 * count);
    valid.retain(|case| {
        case.verdict == Verdict::Valid
            && matches!(case.case.key, Key::Point { .. } | Key::Edwards(_))
    });
    valid.truncate(count);
    check(machine, &valid).expect("more signatures than threads")
}

fn machine(firmware: &Firmware) -> Machine {
    println!("seed {SEED:#x}");
    Machine::new(firmware, KEPT).expect("Verilator")
}

/// Random cases and corner cases of each profile; `rows` are those of the README, of the first
/// profiles.
fn scheme(firmware: &Firmware, rows: &[&str], profiles: &[Profile], count: usize) {
    let mut machine = machine(firmware);
    for (row, &profile) in rows.iter().zip(profiles) {
        documented(row, &valid(&mut machine, profile, count));
    }
    for &profile in profiles {
        let mut cases = cases::random(profile, SEED, count);
        cases.retain(goes_to_the_engine);
        let share = check(&mut machine, &cases).expect("more signatures than threads");
        report(&format!("{profile:?}, half of them invalid"), &share);
    }
    for &profile in profiles {
        let mut corners = cases::corners(profile);
        corners.extend(cases::small_scalars(profile).into_iter().step_by(17));
        corners.retain(goes_to_the_engine);
        corners.retain(|case| !matches!(case.case.key, Key::Recover(_)));
        let corners: Vec<Expected> = corners.into_iter().step_by(5).take(80).collect();
        check(&mut machine, &corners);
    }
}

#[test]
fn secp256k1() {
    let profiles = [Profile::Bitcoin, Profile::EthereumTransaction];
    scheme(&Firmware::standard(), &["secp256k1"], &profiles, 64);
}

#[test]
fn recovery() {
    let mut machine = machine(&Firmware::standard());
    let cases = cases::random_recovery(Profile::Ethereum, SEED, 48);
    let share = check(&mut machine, &cases).expect("more signatures than threads");
    documented("secp256k1, recovery", &share);
}

#[test]
fn sm2() {
    scheme(&Firmware::standard(), &["SM2"], &[Profile::Gm], 48);
}

#[test]
fn ed25519() {
    let rows = ["Ed25519, `rfc8032`", "Ed25519, `zip215`", "Ed25519, `strict`"];
    let profiles = [Profile::Rfc8032, Profile::Zip215, Profile::Strict];
    scheme(&Firmware::edwards(), &rows, &profiles, 32);
}

#[test]
fn p256() {
    let profiles = [Profile::Rip7212, Profile::Fips186];
    scheme(&Firmware::standard(), &["P-256"], &profiles, 32);
}
