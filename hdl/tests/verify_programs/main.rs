//! Programs of the verification engine against the reference model: verdicts and recovered keys
//! for valid, changed and exceptional cases, and how many operations they take.

mod budget;
mod ecdsa;
mod edwards;
mod exceptional;

use std::sync::LazyLock;

use chaincard_hdl::verify::interpreter::{Interpreter, Job, Outcome};
use chaincard_hdl::verify::programs::{edwards as edwards_program, programs};
use chaincard_reference::params::{Limbs, from_be_bytes};
use chaincard_reference::verify::{
    Case, Hashing, Key, Profile, Scheme, Verdict, hash, recover, verify,
};
use chaincard_reference::{curve, sha512, sm2};

/// Seed of everything random here.
const SEED: u64 = 0x5EED_0F92_0600_0001;

static MACHINE: LazyLock<Interpreter> =
    LazyLock::new(|| Interpreter::new(programs().unwrap_or_else(|error| panic!("{error}"))));

static EDWARDS: LazyLock<Interpreter> =
    LazyLock::new(|| Interpreter::new(edwards_program().unwrap_or_else(|error| panic!("{error}"))));

/// Seeds of the interpreter with which each case runs.
const ARRIVALS: u64 = 2;

fn little(bytes: &[u8]) -> Limbs {
    let mut bytes: [u8; 32] = bytes.try_into().expect("32 bytes");
    bytes.reverse();
    from_be_bytes(&bytes)
}

/// The case as a card gives it to the engine.
fn job(case: &Case) -> Job {
    let (mut flags, mut x, mut y) = (0, [0; 32], [0; 32]);
    let mut program = case.profile.scheme() as u16;
    match case.key {
        Key::Point { x: key_x, y: key_y } => (x, y) = (key_x, key_y),
        Key::Compressed { x: key_x, odd } => {
            x = key_x;
            flags = 1 | u8::from(odd) << 1;
        }
        Key::Edwards(a) => x = a,
        Key::Recover(id) => {
            program = 4;
            flags = id << 2;
        }
    }
    flags |= match case.profile {
        Profile::BitcoinLowS | Profile::EthereumTransaction => 1 << 4,
        Profile::Strict => 1 << 5,
        Profile::Zip215 => 1 << 6,
        Profile::Rfc8032 => 1 << 7,
        _ => 0,
    };
    if case.profile.scheme() == Scheme::Ed25519 {
        let digest = sha512::sha512(&[&case.r[..], &x, &case.message].concat());
        let inputs = [&case.r[..], &case.s, &x, &y, &digest[..32], &digest[32..]].map(little);
        return Job { program, flags, inputs };
    }
    let e = match (case.hashing, case.key) {
        (Hashing::Sm3, Key::Point { x, y }) => {
            let number = |bytes| curve::number(bytes).expect("a coordinate");
            let key = curve::Point::<curve::Sm2>::new_unchecked(number(&x), number(&y));
            sm2::digest(&case.user_id, &key, &case.message)
        }
        (hashing, _) => hash(hashing, &case.message),
    };
    let inputs = [&case.r, &case.s, &x, &y, &e, &[0; 32]].map(from_be_bytes);
    Job { program, flags, inputs }
}

/// Runs the case with several seeds, all of which must agree with the model; the last outcome.
fn check(case: &Case) -> (Verdict, Outcome) {
    let job = job(case);
    let (expected, key) = match case.key {
        Key::Recover(_) => {
            let recovered = recover(case);
            (recovered.verdict, recovered.key)
        }
        _ => (verify(case), [0; 64]),
    };
    let machine = match case.profile.scheme() {
        Scheme::Ed25519 => &EDWARDS,
        _ => &MACHINE,
    };
    let mut last = None;
    for arrival in 0..ARRIVALS {
        let outcome =
            machine.run(&job, SEED ^ arrival).unwrap_or_else(|fault| panic!("{fault}\n{case:x?}"));
        // RIP-7212 knows valid and invalid only; the engine tells more.
        let verdict = match (case.profile, outcome.verdict) {
            (Profile::Rip7212, verdict) => u8::from(verdict == Verdict::Valid as u8),
            (_, verdict) => verdict,
        };
        assert_eq!(verdict, expected as u8, "{expected:?}: {case:x?}");
        if matches!(case.key, Key::Recover(_)) && expected == Verdict::Valid {
            let (x, y) = key.split_at(32);
            let limbs = |half: &[u8]| from_be_bytes(half.try_into().expect("32 bytes"));
            assert_eq!(outcome.outputs, [limbs(x), limbs(y)], "{case:x?}");
        }
        last = Some(outcome);
    }
    (expected, last.expect("an outcome"))
}
