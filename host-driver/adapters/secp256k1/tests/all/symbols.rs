//! Everything that the real library exports is there.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::common::{library, real, run};

/// Names of functions, and of data.
fn exported(library: &Path) -> [BTreeSet<String>; 2] {
    let text = run(Command::new("nm").args(["-D", "--defined-only"]).arg(library));
    let symbols = text.lines().filter_map(|line| line.split_once(' '));
    let (functions, data): (Vec<_>, Vec<_>) = symbols
        .filter_map(|(_, symbol)| symbol.split_once(' '))
        .partition(|(kind, _)| *kind == "T");
    [functions, data].map(|all| all.into_iter().map(|(_, name)| name.to_owned()).collect())
}

#[test]
fn every_symbol_of_the_real_library_is_there() {
    for (ours, theirs) in exported(&library()).iter().zip(&exported(&real())) {
        assert!(theirs.len() > 5, "{theirs:?}");
        let missing: Vec<_> = theirs.difference(ours).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}

/// What programs might define themselves must not be there.
#[test]
fn nothing_else_is_there() {
    let all = exported(&library()).into_iter().flatten();
    let others: Vec<_> = all.filter(|name| !name.starts_with("secp256k1_")).collect();
    assert_eq!(others, ["chaincard_secp256k1_abi"]);
}

#[test]
fn the_library_stays_loaded() {
    let text = run(Command::new("readelf").args(["-d", "-W"]).arg(library()));
    assert!(text.contains("NODELETE") && text.contains("[libchaincard_secp256k1.so]"), "{text}");
}
