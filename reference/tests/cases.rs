//! The models against the cases, whose verdicts come from how they were made.

use chaincard_reference::cases::{
    Expected, corners, random, random_recovery, recovery_corners, small_scalars,
};
use chaincard_reference::verify::{Case, Key, Profile, Scheme, Verdict, recover, verify};
use std::collections::{BTreeMap, HashSet};

fn check(cases: &[Expected]) {
    let mut wrong = Vec::new();
    for expected in cases {
        let found = verify(&expected.case);
        if found != expected.verdict {
            wrong.push(format!("{}: {found:?}, not {:?}", expected.name, expected.verdict));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), cases.len());
}

#[test]
fn corners_get_their_verdicts() {
    for profile in Profile::ALL {
        let cases = corners(profile);
        println!("{profile:?}: {} cases", cases.len());
        check(&cases);
    }
}

/// Which verdicts a profile can give from an item on.
fn possible(profile: Profile) -> HashSet<Verdict> {
    use Verdict::*;
    let mut verdicts = HashSet::from([Valid, Invalid]);
    match profile.scheme() {
        _ if profile == Profile::Rip7212 => return verdicts,
        Scheme::Ed25519 => verdicts.extend([RangeS, KeyNotOnCurve]),
        _ => verdicts.extend([RangeR, RangeS, KeyRange, KeyNotOnCurve]),
    }
    match profile {
        Profile::Rfc8032 => verdicts.extend([KeyRange]),
        Profile::Strict => verdicts.extend([SmallOrder]),
        Profile::Gm => verdicts.extend([RangeT]),
        Profile::BitcoinLowS | Profile::EthereumTransaction => verdicts.extend([HighS]),
        _ => {}
    }
    verdicts
}

#[test]
fn corners_have_every_verdict() {
    for profile in Profile::ALL {
        let found: HashSet<Verdict> = corners(profile).iter().map(|case| case.verdict).collect();
        assert_eq!(found, possible(profile), "{profile:?}");
    }
}

#[test]
fn small_scalars_get_their_verdicts() {
    for profile in [Profile::Bitcoin, Profile::Fips186, Profile::Gm] {
        let cases = small_scalars(profile);
        println!("{profile:?}: {} cases", cases.len());
        assert!(cases.iter().any(|case| case.verdict == Verdict::Invalid), "none infinite");
        check(&cases);
    }
}

#[test]
fn random_cases_get_their_verdicts() {
    let seed = 0x5EED_0100;
    println!("seed {seed:#x}");
    for profile in Profile::ALL {
        let cases = random(profile, seed, 600);
        check(&cases);
        let mut counts = BTreeMap::new();
        for case in &cases {
            *counts.entry(format!("{:?}", case.verdict)).or_insert(0) += 1;
        }
        println!("{profile:?}: {counts:?}");
        let valid = counts["Valid"];
        assert!((220..420).contains(&valid), "{valid} valid of 600");
    }
}

#[test]
fn random_cases_depend_on_the_seed_only() {
    assert_eq!(random(Profile::Gm, 1, 10), random(Profile::Gm, 1, 10));
    assert_ne!(random(Profile::Gm, 1, 10), random(Profile::Gm, 2, 10));
}

/// A recovered key verifies its signature.
fn check_recovery(cases: &[Expected]) {
    for Expected { name, case, verdict, key } in cases {
        let found = recover(case);
        assert_eq!((found.verdict, found.key), (*verdict, *key), "{name}");
        if *verdict == Verdict::Valid {
            let (x, y) = key.split_at(32);
            let x = x.try_into().expect("32 bytes");
            let y = y.try_into().expect("32 bytes");
            let with_key = Case { key: Key::Point { x, y }, ..case.clone() };
            assert_eq!(verify(&with_key), Verdict::Valid, "{name}");
        }
    }
}

#[test]
fn recovery_finds_the_keys() {
    for profile in Scheme::Secp256k1.profiles() {
        let cases = recovery_corners(profile);
        println!("{profile:?}: {} cases", cases.len());
        check_recovery(&cases);
        let seed = 0x5EED_0101;
        println!("seed {seed:#x}");
        check_recovery(&random_recovery(profile, seed, 500));
    }
}
