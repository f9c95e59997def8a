//! Verdicts and recovered keys of every OpenCL device against the golden model, on random
//! signatures, good and damaged.
//!
//! `CHAINCARD_CASES` says how many random cases each scheme gets.

mod random;

use chaincard_opencl::{Item, Settings, OpenClError, Verifier, list};
use chaincard_protocol::verify::{
    self as wire, KEY_COMPRESSED, KEY_ODD, RECOVERY_ABOVE_N, RECOVERY_ODD, VerifyParam,
};
use chaincard_reference::verify::{self as model, Case, Hashing, Key, Profile, Scheme, Verdict};
use rayon::prelude::*;

/// Random cases for each scheme unless the environment says otherwise.
const CASES: usize = 8_000;

fn count() -> usize {
    std::env::var("CHAINCARD_CASES").ok().map_or(CASES, |text| text.parse().expect("a number"))
}

fn param(profile: Profile, hashing: Hashing) -> VerifyParam {
    VerifyParam {
        profile: wire::Profile::from_code(profile as u16).expect("a profile"),
        hashing: wire::Hashing::from_code(hashing as u16).expect("a hashing"),
    }
}

fn item(case: &Case) -> Item<'_> {
    let (flags, x, y) = match case.key {
        Key::Point { x, y } => (0, x, y),
        Key::Compressed { x, odd } => (KEY_COMPRESSED | if odd { KEY_ODD } else { 0 }, x, [0; 32]),
        Key::Edwards(a) => (0, a, [0; 32]),
        Key::Recover(id) => {
            let odd = if id & 1 == 1 { RECOVERY_ODD } else { 0 };
            (odd | if id & 2 == 2 { RECOVERY_ABOVE_N } else { 0 }, [0; 32], [0; 32])
        }
    };
    Item { flags, r: case.r, s: case.s, x, y, message: &case.message }
}

/// Runs `test` on every device.
fn each_device(mut test: impl FnMut(&Verifier)) {
    let devices = list().expect("list");
    assert!(!devices.is_empty(), "no OpenCL device: PoCL is enough for this test");
    for device in devices {
        test(&Verifier::open(device.index).expect("open"));
    }
}

/// Groups cases that go into one call: all of a profile, a hashing and a user id.
fn calls(cases: &[Case]) -> impl Iterator<Item = &[Case]> {
    cases.chunk_by(|a, b| {
        a.profile == b.profile
            && a.hashing == b.hashing
            && (a.hashing != Hashing::Sm3 || a.user_id == b.user_id)
    })
}

fn compare_verdicts(verifier: &Verifier, cases: &[Case], expected: &[Verdict]) {
    let mut expected = expected.iter();
    for call in calls(cases) {
        let items: Vec<_> = call.iter().map(item).collect();
        // Another verdict than any that is right here shows a place that was not written.
        let mut verdicts = vec![wire::Verdict::KeyInfinity; call.len()];
        verifier
            .verify(
                param(call[0].profile, call[0].hashing),
                &call[0].user_id,
                &items,
                &mut verdicts,
            )
            .expect("verdicts");
        for (case, verdict) in call.iter().zip(verdicts) {
            let expected = *expected.next().expect("a verdict for each case");
            assert_eq!(u16::from(verdict.code()), expected as u16, "{expected:?} {case:?}");
        }
    }
}

fn compare_keys(verifier: &Verifier, cases: &[Case], expected: &[model::Recovered]) {
    let mut expected = expected.iter();
    for call in calls(cases) {
        let items: Vec<_> = call.iter().map(item).collect();
        let mut verdicts = vec![wire::Verdict::KeyInfinity; call.len()];
        let mut keys = vec![[0xaa; 64]; call.len()];
        verifier
            .recover(param(call[0].profile, call[0].hashing), &items, &mut verdicts, &mut keys)
            .expect("keys");
        for ((case, verdict), key) in call.iter().zip(verdicts).zip(keys) {
            let expected = expected.next().expect("a key for each case");
            let code = expected.verdict as u16;
            assert_eq!((u16::from(verdict.code()), key), (code, expected.key), "{case:?}");
        }
    }
}

/// Compares all cases, and says how many there were of each verdict.
fn compare(cases: &[Case]) -> Vec<(Verdict, usize)> {
    let expected: Vec<_> = cases.par_iter().map(model::verify).collect();
    each_device(|verifier| compare_verdicts(verifier, cases, &expected));
    tally(expected)
}

fn compare_recovered(cases: &[Case]) -> Vec<(Verdict, usize)> {
    let expected: Vec<_> = cases.par_iter().map(model::recover).collect();
    each_device(|verifier| compare_keys(verifier, cases, &expected));
    tally(expected.into_iter().map(|recovered| recovered.verdict))
}

fn tally(verdicts: impl IntoIterator<Item = Verdict>) -> Vec<(Verdict, usize)> {
    let mut tally: Vec<(Verdict, usize)> = Vec::new();
    for verdict in verdicts {
        match tally.iter_mut().find(|(known, _)| *known == verdict) {
            Some((_, count)) => *count += 1,
            None => tally.push((verdict, 1)),
        }
    }
    tally
}

#[test]
fn launches_are_cut_anywhere() {
    let device = list().expect("list").first().expect("a device").index;
    let cases: Vec<_> =
        (0..40).map(|index| random::case(Profile::Bitcoin, Hashing::Sha256, index)).collect();
    let expected: Vec<_> = cases.iter().map(model::verify).collect();
    for limits in [Settings { items: 7, bytes: 1 << 20, extensions: true }, Settings { items: 40, bytes: 500, extensions: true }] {
        let verifier = Verifier::open_with(device, limits).expect("open");
        compare_verdicts(&verifier, &cases, &expected);
    }
    // Not even one message fits.
    let verifier = Verifier::open_with(device, Settings { items: 0, bytes: 0, extensions: true }).expect("open");
    compare_verdicts(&verifier, &cases[..5], &expected[..5]);
}

#[test]
fn wrong_calls_are_errors() {
    let device = list().expect("list").first().expect("a device").index;
    let verifier = Verifier::open(device).expect("open");
    let case = random::case(Profile::Fips186, Hashing::Sha256, 0);
    let items = [item(&case)];
    let verify = |profile, hashing, user_id: &[u8], places| {
        let mut verdicts = vec![wire::Verdict::Invalid; places];
        verifier.verify(param(profile, hashing), user_id, &items, &mut verdicts)
    };
    assert!(matches!(
        verify(Profile::Fips186, Hashing::Sha256, &[], 2),
        Err(OpenClError::OutputLength { found: 2, needed: 1 })
    ));
    assert!(matches!(
        verify(Profile::Fips186, Hashing::Sm3, &[], 1),
        Err(OpenClError::Hashing { scheme: "p256", hashing: "sm3" })
    ));
    assert!(matches!(
        verify(Profile::Gm, Hashing::Sm3, &[0; 8192], 1),
        Err(OpenClError::UserIdLength { found: 8192 })
    ));
    let digest = Item { message: &[0; 31], ..items[0] };
    let mut verdicts = [wire::Verdict::Invalid; 2];
    assert!(matches!(
        verifier.verify(
            param(Profile::Bitcoin, Hashing::Digest),
            &[],
            &[Item { message: &[0; 32], ..digest }, digest],
            &mut verdicts
        ),
        Err(OpenClError::DigestLength { index: 1, found: 31 })
    ));
    let mut keys = [[0; 64]; 1];
    assert!(matches!(
        verifier.recover(
            param(Profile::Fips186, Hashing::Sha256),
            &items,
            &mut verdicts[..1],
            &mut keys
        ),
        Err(OpenClError::NoRecovery { scheme: "p256" })
    ));
    assert!(matches!(
        verifier.recover(
            param(Profile::Ethereum, Hashing::Keccak256),
            &items,
            &mut verdicts[..1],
            &mut []
        ),
        Err(OpenClError::OutputLength { found: 0, needed: 1 })
    ));
    let none = verifier.verify(param(Profile::Bitcoin, Hashing::Digest), &[], &[], &mut []);
    none.expect("no signature");
}

/// The profiles of a scheme with its hashings, one after the other.
fn plans(scheme: Scheme) -> Vec<(Profile, Hashing)> {
    scheme
        .profiles()
        .flat_map(|profile| Hashing::of(scheme).iter().map(move |&hashing| (profile, hashing)))
        .collect()
}
