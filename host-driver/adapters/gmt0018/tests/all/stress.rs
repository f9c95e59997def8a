//! Two threads for each session, and a checker of memory that watches.

use std::path::PathBuf;

use chaincard_puppet::soak::Soak;

use crate::common::{CODE, Setup, compile, succeeded};

fn program(setup: &Setup, name: &str) -> PathBuf {
    let program = setup.folder.path().join(name);
    compile(&[&format!("tests/c/{name}.c")], &[], &program);
    program
}

/// Memory stays flat, and threads and handles end with the device.
///
/// ```console
/// $ CHAINCARD_SOAK_SECONDS=600 cargo test -p chaincard-gmt0018 --test all two_threads -- --nocapture
/// ```
#[test]
fn two_threads_for_each_session() {
    let setup = Setup::new();
    let program = program(&setup, "stress");
    // Longer than it is watched, so that it is there to the last sample.
    let seconds = (Soak::seconds() + 2).to_string();
    let program = setup.start(&[], &program, &[CODE, "150", &seconds]);
    let soak = Soak::watch(program.id()).unwrap();
    let text = succeeded(&program.wait_with_output().unwrap());
    println!("{soak}; {text}");
    let lines: Vec<&str> = text.lines().collect();
    let [before, after, _] = lines[..] else { panic!("{text}") };
    assert_eq!(before, after);
    soak.assert_flat();
}

/// Reads of what was not written, writes beyond the end, and memory that nobody frees.
#[test]
fn memory_is_used_rightly() {
    const VALGRIND: [&str; 7] = [
        "valgrind",
        "--quiet",
        // Without it the threads that spin can keep the others from ever running.
        "--fair-sched=yes",
        "--error-exitcode=99",
        "--leak-check=full",
        "--show-leak-kinds=definite",
        "--errors-for-leak-kinds=definite",
    ];
    let setup = Setup::new();
    succeeded(&setup.run(&VALGRIND, &program(&setup, "node"), &[CODE]));
    succeeded(&setup.run(&VALGRIND, &program(&setup, "stress"), &[CODE, "3", "0"]));
}
