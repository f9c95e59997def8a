//! Ed25519 by all three profiles: corner cases (orders, encodings, ends of ranges) and random
//! signatures, valid and changed.

use chaincard_reference::cases;
use chaincard_reference::verify::{Profile, Scheme, Verdict};

use crate::{SEED, check};

fn profile(profile: Profile) {
    println!("seed {SEED:#x}");
    for expected in cases::corners(profile).iter().chain(&cases::random(profile, SEED, 40)) {
        assert_eq!(check(&expected.case).0, expected.verdict, "{}", expected.name);
    }
}

#[test]
fn rfc8032() {
    profile(Profile::Rfc8032);
}

#[test]
fn zip215() {
    profile(Profile::Zip215);
}

#[test]
fn strict() {
    profile(Profile::Strict);
}

#[test]
fn budget() {
    assert_eq!(Scheme::Ed25519.profiles().count(), 3);
    for (name, profile, most) in [
        ("Ed25519, rfc8032", Profile::Rfc8032, 3200),
        ("Ed25519, zip215", Profile::Zip215, 3500),
        ("Ed25519, strict", Profile::Strict, 3500),
    ] {
        let mut valid = cases::random(profile, SEED, 100).into_iter();
        crate::budget::budget(name, most, || {
            let found = valid.find(|expected| expected.verdict == Verdict::Valid);
            found.expect("enough valid cases").case
        });
    }
}
