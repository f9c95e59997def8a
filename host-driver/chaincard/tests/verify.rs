//! The CPU device against the golden models: published vectors, corner cases, and 100,000 random
//! signatures of each scheme.

use std::collections::HashMap;

use chaincard::verify::front::{recover_item, verify_item};
use chaincard::{
    Cpu, Device, DeviceError, Hashing, Item, Key, Plan, Profile, Recovered, Scheme,
    SignatureEncoding, Verdict,
};
use chaincard_reference::cases::{self, Expected};
use chaincard_reference::verify as model;

/// Random signatures of each scheme.
const RANDOM: usize = 100_000;
const SEED: u64 = 20_261_124;

fn profile(profile: model::Profile) -> Profile {
    Profile::from_code(profile as u16).expect("the same codes")
}

fn hashing(hashing: model::Hashing) -> Hashing {
    Hashing::from_code(hashing as u16).expect("the same codes")
}

fn verdict(verdict: model::Verdict) -> Verdict {
    Verdict::from_code(verdict as u8).expect("the same codes")
}

fn key(key: &model::Key) -> Key {
    match *key {
        model::Key::Point { x, y } => Key::Point { x, y },
        model::Key::Compressed { x, odd } => Key::Compressed { x, odd },
        model::Key::Edwards(a) => Key::Edwards(a),
        model::Key::Recover(id) => Key::Recover(id),
    }
}

fn plan(case: &model::Case) -> Plan<'_> {
    Plan { profile: profile(case.profile), hashing: hashing(case.hashing), user_id: &case.user_id }
}

fn item(case: &model::Case) -> Item<'_> {
    Item { r: case.r, s: case.s, key: key(&case.key), message: &case.message }
}

/// The cases in batches of one plan each.
fn batches(all: &[Expected]) -> Vec<(Plan<'_>, Vec<&Expected>)> {
    let mut batches: HashMap<Plan<'_>, Vec<&Expected>> = HashMap::new();
    for expected in all {
        batches.entry(plan(&expected.case)).or_default().push(expected);
    }
    batches.into_iter().collect()
}

fn check(cpu: &Cpu, all: &[Expected]) {
    for (plan, batch) in batches(all) {
        let items: Vec<_> = batch.iter().map(|expected| item(&expected.case)).collect();
        let mut verdicts = vec![Verdict::Valid; items.len()];
        cpu.verify(&plan, &items, &mut verdicts).expect("verdicts");
        for (expected, found) in batch.iter().zip(verdicts) {
            assert_eq!(found, verdict(expected.verdict), "{}: {:x?}", expected.name, expected.case);
        }
    }
}

fn check_recovery(cpu: &Cpu, all: &[Expected]) {
    for (plan, batch) in batches(all) {
        let items: Vec<_> = batch.iter().map(|expected| item(&expected.case)).collect();
        let mut keys = vec![Recovered { verdict: Verdict::HighS, key: [1; 64] }; items.len()];
        cpu.recover(&plan, &items, &mut keys).expect("keys");
        for (expected, found) in batch.iter().zip(keys) {
            let expected_key = Recovered { verdict: verdict(expected.verdict), key: expected.key };
            assert_eq!(found, expected_key, "{}: {:x?}", expected.name, expected.case);
        }
    }
}

fn check_random(scheme: model::Scheme) {
    println!("seed {SEED}");
    let cpu = Cpu::new();
    let profiles: Vec<_> = scheme.profiles().collect();
    for (seed, profile) in (SEED..).zip(&profiles) {
        check(&cpu, &cases::random(*profile, seed, RANDOM.div_ceil(profiles.len())));
    }
}

#[test]
fn random_secp256k1() {
    check_random(model::Scheme::Secp256k1);
}

#[test]
fn random_sm2() {
    check_random(model::Scheme::Sm2);
}

#[test]
fn random_ed25519() {
    check_random(model::Scheme::Ed25519);
}

#[test]
fn random_p256() {
    check_random(model::Scheme::P256);
}

#[test]
fn random_recovery() {
    println!("seed {SEED}");
    let cpu = Cpu::new();
    for (seed, profile) in (SEED..).zip(model::Scheme::Secp256k1.profiles()) {
        check_recovery(&cpu, &cases::random_recovery(profile, seed, RANDOM / 20));
    }
}

/// One after the other, and all at once: neighbours in a batch share inversions.
#[test]
fn corner_cases() {
    let (one, many) = (Cpu::with_threads(1), Cpu::with_threads(3));
    for profile in model::Profile::ALL {
        let mut all = cases::corners(profile);
        all.extend(cases::small_scalars(profile));
        for expected in &all {
            check(&one, std::slice::from_ref(expected));
        }
        check(&one, &all);
        check(&many, &all);
    }
    for profile in model::Scheme::Secp256k1.profiles() {
        let all = cases::recovery_corners(profile);
        assert!(!all.is_empty());
        check_recovery(&one, &all);
        check_recovery(&many, &all);
    }
}

#[test]
fn wycheproof() {
    let cpu = Cpu::with_threads(1);
    let mut count = 0;
    for vector in model::Profile::ALL.into_iter().flat_map(cases::wycheproof) {
        let raw = &vector.raw;
        let plan = Plan {
            profile: profile(raw.profile),
            hashing: hashing(raw.hashing),
            user_id: &raw.user_id,
        };
        let encoding = match raw.encoding {
            model::Encoding::Compact => SignatureEncoding::Compact,
            model::Encoding::Der => SignatureEncoding::Der,
        };
        let found = match verify_item(&plan, encoding, &raw.message, &raw.key, &raw.signature) {
            Err(verdict) => verdict,
            Ok(item) => {
                let mut verdicts = [Verdict::HighS];
                cpu.verify(&plan, &[item], &mut verdicts).expect("a verdict");
                verdicts[0]
            }
        };
        assert_eq!(found, verdict(raw.verify()), "{}", vector.name);
        // ZIP 215 takes encodings that RFC 8032 refuses.
        if vector.valid || plan.profile != Profile::Zip215 {
            assert_eq!(found == Verdict::Valid, vector.valid, "{}: {found:?}", vector.name);
        }
        count += 1;
    }
    assert!(count > 2000, "{count} vectors");
}

/// Bytes of any shape go the same way through the front as through the model's.
#[test]
fn shapes() {
    let raw = |profile, signature: &[u8], key: &[u8], message: &[u8]| model::Raw {
        profile,
        hashing: model::Hashing::of(profile.scheme())[0],
        user_id: Vec::new(),
        encoding: model::Encoding::Compact,
        signature: signature.to_vec(),
        key: key.to_vec(),
        message: message.to_vec(),
    };
    for of in model::Profile::ALL {
        for signature_len in [0, 1, 63, 64, 65, 66] {
            for key_len in [0, 1, 31, 32, 33, 63, 64, 65, 66] {
                for first in 0..9 {
                    for message_len in [0, 31, 32, 33] {
                        let signature = vec![first; signature_len];
                        let mut key = vec![0x55; key_len];
                        key.iter_mut().take(1).for_each(|byte| *byte = first);
                        let message = vec![7; message_len];
                        let raw = raw(of, &signature, &key, &message);
                        let plan = Plan::new(profile(of), hashing(raw.hashing));
                        let compact = SignatureEncoding::Compact;
                        let found = verify_item(&plan, compact, &message, &key, &signature);
                        let expected = raw.case().map_err(|error| verdict(error.under(of)));
                        assert_eq!(found, expected.as_ref().map(item).map_err(|&error| error));
                        if of.scheme() == model::Scheme::Secp256k1 {
                            let found = recover_item(&plan, &message, &signature, None);
                            let expected = raw.recovery_case().map_err(verdict);
                            assert_eq!(found, expected.as_ref().map(item).map_err(|&error| error));
                        }
                    }
                }
            }
        }
    }
}

/// Items that no front lets through get a verdict, not a panic.
#[test]
fn items_of_wrong_shape() {
    let cpu = Cpu::with_threads(1);
    let keys = [
        Key::Point { x: [1; 32], y: [2; 32] },
        Key::Compressed { x: [1; 32], odd: true },
        Key::Edwards([1; 32]),
        Key::Recover(7),
    ];
    for profile in Profile::ALL {
        for hashing in Hashing::ALL {
            let user_id = &[0; 9000][..];
            let plan = Plan { profile, hashing, user_id };
            let items = keys.map(|key| Item { r: [1; 32], s: [1; 32], key, message: &[1; 3] });
            let mut verdicts = [Verdict::Valid; 4];
            let result = cpu.verify(&plan, &items, &mut verdicts);
            assert_eq!(result.is_ok(), profile.scheme().takes(hashing));
            if result.is_ok() {
                assert!(!verdicts.contains(&Verdict::Valid), "{profile:?} {verdicts:?}");
            }
            let mut found = [Recovered { verdict: Verdict::Valid, key: [0; 64] }; 4];
            let result = cpu.recover(&plan, &items, &mut found);
            let recovers = profile.scheme() == Scheme::Secp256k1 && profile.scheme().takes(hashing);
            assert_eq!(result.is_ok(), recovers);
            if recovers {
                assert!(found.iter().all(|recovered| recovered.verdict != Verdict::Valid));
            }
        }
    }
}

#[test]
fn batches_that_do_not_fit() {
    let cpu = Cpu::new();
    let plan = Plan::new(Profile::Gm, Hashing::Digest);
    let error = cpu.verify(&plan, &[], &mut [Verdict::Valid]).expect_err("too long");
    assert!(matches!(error, DeviceError::OutputLength { found: 1, needed: 0 }), "{error}");
    cpu.verify(&plan, &[], &mut []).expect("nothing to do");
    let error = cpu.recover(&plan, &[], &mut []).expect_err("SM2 has no recovery here");
    assert!(matches!(error, DeviceError::Batch(_)), "{error}");
}
