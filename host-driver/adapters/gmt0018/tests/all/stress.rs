//! Two threads for each session, and a checker of memory that watches.

use std::path::PathBuf;

use crate::common::{CODE, Setup, compile, succeeded};

fn program(setup: &Setup, name: &str) -> PathBuf {
    let program = setup.folder.path().join(name);
    compile(&[&format!("tests/c/{name}.c")], &[], &program);
    program
}

#[test]
fn two_threads_for_each_session() {
    let setup = Setup::new();
    let program = program(&setup, "stress");
    succeeded(&setup.run(&[], &program, &[CODE, "150"]));
}

/// Reads of what was not written, writes beyond the end, and memory that nobody frees.
#[test]
fn memory_is_used_rightly() {
    const VALGRIND: [&str; 6] = [
        "valgrind",
        "--quiet",
        "--error-exitcode=99",
        "--leak-check=full",
        "--show-leak-kinds=definite",
        "--errors-for-leak-kinds=definite",
    ];
    let setup = Setup::new();
    succeeded(&setup.run(&VALGRIND, &program(&setup, "node"), &[CODE]));
    succeeded(&setup.run(&VALGRIND, &program(&setup, "stress"), &[CODE, "3"]));
}
