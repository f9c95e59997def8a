//! Signatures on the OpenCL device, through the accelerator, from bytes: the model's corner
//! cases, each with neighbours of wrong shape, and published vectors.

use std::collections::HashMap;

use chaincard::{
    Accelerator, Hashing, Messages, Plan, Policy, Profile, RecoverBatch, RecoverJob, Recovered,
    Registry, SignatureEncoding, Verdict, VerifyBatch, VerifyJob,
};
use chaincard_reference::cases::{self, Expected};
use chaincard_reference::verify::{self as model, Encoding, Raw};

/// A signature as bytes, and what must come out.
struct Signed {
    name: String,
    raw: Raw,
    verdict: model::Verdict,
    key: [u8; 64],
}

/// The OpenCL device alone: no CPU confirms its verdicts or answers for it.
fn accelerator() -> Accelerator {
    let policy = Policy { confirm_invalid: false, sample_valid: 0.0, ..Policy::without_fallback() };
    let builder = Accelerator::builder().registry(Registry::new()).name("opencl");
    builder.policy(policy).build().expect("PoCL is enough for this test")
}

fn signed(expected: Expected) -> Signed {
    let Expected { name, case, verdict, key: recovered } = expected;
    let (id, key) = match case.key {
        model::Key::Point { x, y } => (None, [&[4][..], &x, &y].concat()),
        model::Key::Compressed { x, odd } => (None, [&[2 + u8::from(odd)][..], &x].concat()),
        model::Key::Edwards(a) => (None, a.to_vec()),
        model::Key::Recover(id) => (Some(id), Vec::new()),
    };
    let raw = Raw {
        profile: case.profile,
        hashing: case.hashing,
        user_id: case.user_id,
        encoding: Encoding::Compact,
        signature: [&case.r[..], &case.s, id.as_slice()].concat(),
        key,
        message: case.message,
    };
    Signed { name, raw, verdict, key: recovered }
}

/// The signature with lengths and first bytes that no device sees, and with the verdicts on them.
fn misshapen(raw: &Raw, recover: bool) -> Vec<Signed> {
    let (signature, key) = (&raw.signature, &raw.key);
    let long = |bytes: &[u8]| [bytes, &[0x55]].concat();
    let mut all = vec![
        Raw { signature: Vec::new(), ..raw.clone() },
        Raw { signature: signature[1..].to_vec(), ..raw.clone() },
        Raw { signature: long(signature), ..raw.clone() },
    ];
    if recover {
        all.push(Raw { signature: [&signature[..64], &[4]].concat(), ..raw.clone() });
    } else {
        let first = |byte| [&[byte], &key[1..]].concat();
        let keys = [vec![], vec![0], key[1..].to_vec(), long(key), first(0), first(8)];
        all.extend(keys.map(|key| Raw { key, ..raw.clone() }));
    }
    if raw.hashing == model::Hashing::Digest {
        all.extend([31, 33].map(|len| Raw { message: vec![7; len], ..raw.clone() }));
    }
    let shape = |raw: &Raw| if recover { raw.recovery_case() } else { raw.case() }.err();
    all.into_iter()
        .filter_map(|raw| {
            let verdict = shape(&raw)?.under(raw.profile);
            Some(Signed { name: "of wrong shape".to_owned(), raw, verdict, key: [0; 64] })
        })
        .collect()
}

/// The cases, with neighbours of wrong shape in every batch.
fn mixed(cases: Vec<Expected>, recover: bool) -> Vec<Signed> {
    let mut all = Vec::new();
    for (index, expected) in cases.into_iter().enumerate() {
        let signed = signed(expected);
        if index % 5 == 0 {
            all.extend(misshapen(&signed.raw, recover));
        }
        all.push(signed);
    }
    all
}

fn verdict(verdict: model::Verdict) -> Verdict {
    Verdict::from_code(verdict as u8).expect("the same codes")
}

/// Calls `judge` with the plan and the signatures of each batch that `all` falls into.
fn each_batch(all: &[Signed], mut judge: impl FnMut(Plan<'_>, SignatureEncoding, &[&Signed])) {
    let mut batches: HashMap<_, Vec<&Signed>> = HashMap::new();
    for signed in all {
        let Raw { profile, hashing, user_id, encoding, .. } = &signed.raw;
        batches.entry((*profile, *hashing, user_id, *encoding)).or_default().push(signed);
    }
    for ((profile, hashing, user_id, encoding), batch) in batches {
        let profile = Profile::from_code(profile as u16).expect("the same codes");
        let hashing = Hashing::from_code(hashing as u16).expect("the same codes");
        let encoding = match encoding {
            Encoding::Compact => SignatureEncoding::Compact,
            Encoding::Der => SignatureEncoding::Der,
        };
        judge(Plan { profile, hashing, user_id }, encoding, &batch);
    }
}

fn slices<'a>(batch: &[&'a Signed], part: fn(&Raw) -> &[u8]) -> Vec<&'a [u8]> {
    batch.iter().map(|signed| part(&signed.raw)).collect()
}

fn check_verdicts(accelerator: &Accelerator, all: &[Signed]) {
    each_batch(all, |plan, encoding, batch| {
        let messages = slices(batch, |raw| &raw.message);
        let keys = slices(batch, |raw| &raw.key);
        let signatures = slices(batch, |raw| &raw.signature);
        let verify = VerifyBatch {
            plan,
            encoding,
            messages: Messages::Slices(&messages),
            public_keys: Messages::Slices(&keys),
            signatures: Messages::Slices(&signatures),
        };
        let job = VerifyJob::of(&verify).expect("a batch");
        let queued = accelerator.submit_verify(job).expect("a place").wait().expect("verdicts");
        for answer in [accelerator.verify(&verify).expect("verdicts"), queued] {
            assert_eq!(&*answer.outcome.device, "opencl");
            for (signed, found) in batch.iter().zip(answer.verdicts) {
                assert_eq!(found, verdict(signed.verdict), "{}: {:x?}", signed.name, signed.raw);
            }
        }
    });
}

fn check_keys(accelerator: &Accelerator, all: &[Signed]) {
    each_batch(all, |plan, _, batch| {
        let messages = slices(batch, |raw| &raw.message);
        let signatures = slices(batch, |raw| &raw.signature);
        let recover = RecoverBatch {
            plan,
            messages: Messages::Slices(&messages),
            signatures: Messages::Slices(&signatures),
            ids: None,
        };
        let job = RecoverJob::of(&recover).expect("a batch");
        let queued = accelerator.submit_recover(job).expect("a place").wait().expect("keys");
        for answer in [accelerator.recover(&recover).expect("keys"), queued] {
            assert_eq!(&*answer.outcome.device, "opencl");
            for (signed, found) in batch.iter().zip(answer.keys) {
                let expected = Recovered { verdict: verdict(signed.verdict), key: signed.key };
                assert_eq!(found, expected, "{}: {:x?}", signed.name, signed.raw);
            }
        }
    });
}

#[test]
fn corner_cases_of_every_profile() {
    let accelerator = accelerator();
    for profile in model::Profile::ALL {
        let all = mixed(cases::corners(profile), false);
        for scheme_wide in [model::Verdict::SignatureLength, model::Verdict::KeyLength] {
            let expected = scheme_wide.under(profile);
            assert!(all.iter().any(|signed| signed.verdict == expected), "{profile:?}");
        }
        check_verdicts(&accelerator, &all);
    }
}

#[test]
fn corner_cases_of_recovery() {
    let accelerator = accelerator();
    for profile in model::Scheme::Secp256k1.profiles() {
        let all = mixed(cases::recovery_corners(profile), true);
        assert!(all.iter().any(|signed| signed.verdict == model::Verdict::RecoveryId));
        assert!(all.iter().any(|signed| signed.verdict == model::Verdict::Valid));
        check_keys(&accelerator, &all);
    }
}

/// With strict DER, and what is not.
#[test]
fn published_vectors() {
    let accelerator = accelerator();
    let all: Vec<Signed> = model::Profile::ALL
        .into_iter()
        .flat_map(cases::wycheproof)
        .map(|vector| {
            let verdict = vector.raw.verify();
            Signed { name: vector.name, raw: vector.raw, verdict, key: [0; 64] }
        })
        .collect();
    assert!(all.iter().any(|signed| signed.verdict == model::Verdict::SignatureEncoding));
    check_verdicts(&accelerator, &all);
}

#[test]
fn a_user_id_that_is_too_long() {
    let accelerator = accelerator();
    let mut all = mixed(cases::corners(model::Profile::Gm), false);
    all.retain(|signed| signed.raw.hashing == model::Hashing::Sm3);
    for signed in &mut all {
        signed.raw.user_id = vec![7; model::MAX_USER_ID + 1];
        signed.verdict = signed.raw.verify();
    }
    assert!(all.iter().any(|signed| signed.verdict == model::Verdict::UserIdLength));
    let batch: Vec<&Signed> = all.iter().collect();
    let (messages, keys) = (slices(&batch, |raw| &raw.message), slices(&batch, |raw| &raw.key));
    let signatures = slices(&batch, |raw| &raw.signature);
    let user_id = &all[0].raw.user_id;
    let verdicts = accelerator.verify_many(&VerifyBatch {
        plan: Plan { profile: Profile::Gm, hashing: Hashing::Sm3, user_id },
        encoding: SignatureEncoding::Compact,
        messages: Messages::Slices(&messages),
        public_keys: Messages::Slices(&keys),
        signatures: Messages::Slices(&signatures),
    });
    let expected: Vec<Verdict> = all.iter().map(|signed| verdict(signed.verdict)).collect();
    assert_eq!(verdicts.expect("verdicts"), expected);
}
