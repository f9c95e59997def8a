//! A program at work for a while: memory stays flat, and neither threads nor files pile up.
//!
//! ```console
//! $ CHAINCARD_SOAK_SECONDS=600 cargo test -p chaincard-secp256k1 --test all soak -- --nocapture
//! ```

use std::process::{Command, Stdio};

use chaincard_puppet::soak::Soak;

use crate::common::succeeded;
use crate::programs::{CODE, Programs};

#[test]
fn a_program_holds_no_more_in_the_end() {
    let programs = Programs::build("tests/c/soak.c", CODE[0]);
    // Longer than it is watched, so that it is there to the last sample.
    let seconds = (Soak::seconds() + 2).to_string();
    let mut command = Command::new(&programs.ours);
    command.arg(seconds).env_remove("CHAINCARD_DEVICES").stdout(Stdio::piped());
    let program = command.stderr(Stdio::piped()).spawn().unwrap();
    let soak = Soak::watch(program.id()).unwrap();
    let text = succeeded(&program.wait_with_output().unwrap());
    println!("{soak}; {text}");
    let lines: Vec<&str> = text.lines().collect();
    let [before, after, calls] = lines[..] else { panic!("{text}") };
    assert_eq!(before, after);
    assert!(calls.strip_suffix(" calls").is_some_and(|count| count.len() > 3), "{calls}");
    soak.assert_flat();
}
