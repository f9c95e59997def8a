//! Electrum's cryptography (`electrum-ecc` of PyPI), which loads libsecp256k1 by name, on this library
//! under that name.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{library, logged, run};

/// Python of the project's environment.
fn python() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../.venv/bin/python")
}

fn electrum(folder: Option<&Path>, log: &Path) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/electrum.py");
    let mut command = Command::new(python());
    command.arg(script).env("CHAINCARD_SECP256K1_LOG", log).env_remove("CHAINCARD_DEVICES");
    if let Some(folder) = folder {
        command.env("LD_LIBRARY_PATH", folder);
    }
    run(&mut command)
}

#[test]
fn electrum_gets_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let libraries = folder.path().join("lib");
    std::fs::create_dir(&libraries).unwrap();
    // The newest name that it knows is the first that it tries.
    symlink(library(), libraries.join("libsecp256k1.so.7")).unwrap();

    let expected = electrum(None, &log);
    assert!(!log.exists(), "the real library wrote a log");
    let found = electrum(Some(&libraries), &log);
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());

    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("device: cpu") && text.contains("real library: "), "{text}");
    let counts = logged(&log);
    assert!(counts[0] > 20 && counts[1] > 20 && counts[2] > 20, "{text}");
}
