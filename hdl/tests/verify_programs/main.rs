//! Programs of the verification engine against the reference model: verdicts and recovered keys
//! for valid, changed and exceptional cases, and how many operations they take.

mod budget;
mod ecdsa;
mod edwards;
mod exceptional;

use std::sync::LazyLock;

use chaincard_hdl::verify::Job;
use chaincard_hdl::verify::interpreter::{Interpreter, Outcome};
use chaincard_hdl::verify::programs::programs;
use chaincard_reference::params::from_be_bytes;
use chaincard_reference::verify::{Case, Key, Profile, Verdict, recover, verify};

/// Seed of everything random here.
const SEED: u64 = 0x5EED_0F92_0600_0001;

static MACHINE: LazyLock<Interpreter> = LazyLock::new(|| {
    let program = programs(&chaincard_protocol::verify::Scheme::ALL);
    Interpreter::new(program.unwrap_or_else(|error| panic!("{error}")))
});

/// Seeds of the interpreter with which each case runs.
const ARRIVALS: u64 = 2;

/// Runs the case with several seeds, all of which must agree with the model; the last outcome.
fn check(case: &Case) -> (Verdict, Outcome) {
    let job = Job::new(case);
    let (expected, key) = match case.key {
        Key::Recover(_) => {
            let recovered = recover(case);
            (recovered.verdict, recovered.key)
        }
        _ => (verify(case), [0; 64]),
    };
    let mut last = None;
    for arrival in 0..ARRIVALS {
        let outcome =
            MACHINE.run(&job, SEED ^ arrival).unwrap_or_else(|fault| panic!("{fault}\n{case:x?}"));
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
