//! The header, the standard's prototypes and the exported symbols agree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{compile, library};

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(folder().join(path)).unwrap()
}

/// Names of functions that a C text declares.
fn declared(text: &str) -> BTreeSet<String> {
    let words = text.split("SDF_").skip(1).filter_map(|rest| rest.split_once('('));
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    words.filter(|(name, _)| is_name(name)).map(|(name, _)| format!("SDF_{name}")).collect()
}

/// `cargo xtask generate` writes it.
#[test]
fn header_is_up_to_date() {
    let config = cbindgen::Config::from_file(folder().join("cbindgen.toml")).unwrap();
    let bindings = cbindgen::Builder::new().with_crate(folder()).with_config(config).generate();
    let mut made = Vec::new();
    bindings.unwrap().write(&mut made);
    let made = String::from_utf8(made).unwrap();
    assert_eq!(read("include/sdf.h"), made, "run `cargo xtask generate`");
}

/// The compiler refuses two declarations of a function that differ.
#[test]
fn header_has_the_standards_prototypes() {
    let out = tempfile::tempdir().unwrap();
    compile(&["tests/c/prototypes.c"], &["-c"], &out.path().join("prototypes.o"));
    let prototypes = declared(&read("tests/c/prototypes.c"));
    assert_eq!(prototypes.len(), 52);
    assert_eq!(prototypes, declared(&read("include/sdf.h")));
}

#[test]
fn the_library_exports_every_function_and_nothing_else() {
    let run = Command::new("nm").args(["-D", "--defined-only"]).arg(library()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = String::from_utf8(run.stdout).unwrap();
    let symbols = text.lines().filter_map(|line| line.split_whitespace().next_back());
    let exported: BTreeSet<String> = symbols.map(str::to_owned).collect();
    assert_eq!(exported, declared(&read("tests/c/prototypes.c")));
}

#[test]
fn the_library_stays_loaded() {
    let run = Command::new("readelf").args(["-d", "-W"]).arg(library()).output().unwrap();
    let text = String::from_utf8_lossy(&run.stdout);
    assert!(text.contains("NODELETE") && text.contains("[libgmt0018.so]"), "{text}");
    assert_eq!(library().file_name(), PathBuf::from("libgmt0018.so").file_name());
}
