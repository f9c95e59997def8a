//! Verdicts and recovered keys of every OpenCL device against the golden model: its corner cases,
//! random signatures, published vectors, and messages of all lengths.
//!
//! `CHAINCARD_CASES` says how many random signatures each scheme gets.

mod calls;
mod signed;

use chaincard_opencl::{Item, OpenClError, Settings, Verifier, list};
use chaincard_protocol::verify as wire;
use chaincard_reference::cases::{self, Expected};
use chaincard_reference::verify::{Case, Hashing, Profile, Scheme, verify};

use calls::{compare, device, item, param};

/// Random signatures for each scheme unless the environment says otherwise.
const CASES: usize = 100_000;
const SEED: u64 = 0x0c15_16e5;

fn profiles_with_recovery() -> impl Iterator<Item = Profile> {
    Scheme::Secp256k1.profiles()
}

#[test]
fn corner_cases() {
    let mut expected: Vec<_> = Profile::ALL
        .into_iter()
        .flat_map(|profile| [cases::corners(profile), cases::small_scalars(profile)].concat())
        .collect();
    expected.extend(profiles_with_recovery().flat_map(cases::recovery_corners));
    // Both kinds of arithmetic.
    for extensions in [true, false] {
        for info in list().expect("list") {
            let settings = Settings { extensions, ..Settings::of(&info) };
            compare(&Verifier::open_with(info.index, settings).expect("open"), &expected);
        }
    }
}

#[test]
fn published_vectors() {
    let expected: Vec<_> = Profile::ALL
        .into_iter()
        .flat_map(cases::wycheproof)
        .filter_map(|vector| {
            // The shape is for the host to judge.
            let case = vector.raw.case().ok()?;
            let verdict = verify(&case);
            Some(Expected { name: vector.name, case, verdict, key: [0; 64] })
        })
        .collect();
    assert!(expected.len() > 1000, "{} vectors", expected.len());
    each_device(|verifier| compare(verifier, &expected));
}

fn random(scheme: Scheme) {
    println!("seed {SEED:#x}");
    let count = std::env::var("CHAINCARD_CASES").ok();
    let count = count.map_or(CASES, |text| text.parse().expect("a number"));
    let profiles = scheme.profiles().count();
    for (profile, seed) in scheme.profiles().zip(SEED..) {
        let mut expected = cases::random(profile, seed, count.div_ceil(profiles));
        if scheme == Scheme::Secp256k1 {
            expected.extend(cases::random_recovery(profile, seed, count.div_ceil(profiles) / 4));
        }
        each_device(|verifier| compare(verifier, &expected));
    }
}

#[test]
fn random_secp256k1() {
    random(Scheme::Secp256k1);
}

#[test]
fn random_sm2() {
    random(Scheme::Sm2);
}

#[test]
fn random_ed25519() {
    random(Scheme::Ed25519);
}

#[test]
fn random_p256() {
    random(Scheme::P256);
}

/// Runs `test` on every device.
fn each_device(mut test: impl FnMut(&Verifier)) {
    for info in list().expect("list") {
        test(&Verifier::open(info.index).expect("open"));
    }
}

#[test]
fn messages_and_user_ids_of_all_lengths() {
    let plans = [
        (Profile::Bitcoin, Hashing::Sha256),
        (Profile::Fips186, Hashing::DoubleSha256),
        (Profile::Ethereum, Hashing::Keccak256),
        (Profile::Gm, Hashing::Sm3),
        (Profile::Strict, Hashing::Message),
    ];
    let mut expected = Vec::new();
    for (profile, hashing) in plans {
        // Around two blocks of each hash function, and a long one.
        for len in (0..=280).chain([100_003]) {
            expected.push(signed::case(profile, hashing, b"ALICE123@YAHOO.COM", len));
        }
    }
    for len in [0, 1, 16, 30, 31, 63, 64, 65, 254, 1000, 8191] {
        expected.push(signed::case(Profile::Gm, Hashing::Sm3, &vec![0x5a; len], 50));
    }
    each_device(|verifier| compare(verifier, &expected));
}

#[test]
fn launches_are_cut_anywhere() {
    let expected: Vec<_> = cases::random(Profile::Bitcoin, SEED, 100)
        .into_iter()
        .filter(|expected| expected.case.hashing == Hashing::Sha256)
        .chain(cases::random_recovery(Profile::Ethereum, SEED, 40))
        .collect();
    // In the last one not even one message fits.
    for (items, bytes) in [(7, 1 << 20), (40, 500), (0, 0)] {
        let settings = Settings { items, bytes, extensions: true };
        compare(&Verifier::open_with(device(), settings).expect("open"), &expected);
    }
}

#[test]
fn threads_take_turns() {
    let verifier = &Verifier::open(device()).expect("open");
    std::thread::scope(|scope| {
        for (profile, seed) in Profile::ALL.into_iter().zip(SEED..) {
            scope.spawn(move || {
                for _ in 0..3 {
                    compare(verifier, &cases::random(profile, seed, 40));
                }
            });
        }
    });
}

#[test]
fn wrong_calls_are_errors() {
    let verifier = Verifier::open(device()).expect("open");
    let case: Case = cases::random(Profile::Fips186, SEED, 1).remove(0).case;
    let items = [item(&case)];
    let verify = |profile, hashing, user_id: &[u8], items: &[Item<'_>], places| {
        let mut verdicts = vec![wire::Verdict::Invalid; places];
        verifier.verify(param(profile, hashing), user_id, items, &mut verdicts)
    };
    assert!(matches!(
        verify(Profile::Fips186, Hashing::Sha256, &[], &items, 2),
        Err(OpenClError::OutputLength { found: 2, needed: 1 })
    ));
    assert!(matches!(
        verify(Profile::Fips186, Hashing::Sm3, &[], &items, 1),
        Err(OpenClError::Hashing { scheme: "p256", hashing: "sm3" })
    ));
    assert!(matches!(
        verify(Profile::Gm, Hashing::Sm3, &[0; 8192], &items, 1),
        Err(OpenClError::UserIdLength { found: 8192 })
    ));
    let digests = [Item { message: &[0; 32], ..items[0] }, Item { message: &[0; 31], ..items[0] }];
    assert!(matches!(
        verify(Profile::Bitcoin, Hashing::Digest, &[], &digests, 2),
        Err(OpenClError::DigestLength { index: 1, found: 31 })
    ));
    verify(Profile::Bitcoin, Hashing::Digest, &[], &[], 0).expect("nothing to verify");

    let recover = |profile, keys: &mut [[u8; 64]]| {
        let mut verdicts = [wire::Verdict::Invalid];
        verifier.recover(param(profile, Hashing::Sha256), &items, &mut verdicts, keys)
    };
    assert!(matches!(
        recover(Profile::Fips186, &mut [[0; 64]]),
        Err(OpenClError::NoRecovery { scheme: "p256" })
    ));
    assert!(matches!(
        recover(Profile::Ethereum, &mut []),
        Err(OpenClError::OutputLength { found: 0, needed: 1 })
    ));
}
