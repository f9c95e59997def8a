//! `chaincard sdf`: key stores of the GM/T 0018 library.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use gmt0018::{KeyStore, Use};

use crate::program::{Run, chaincard_with};

const PASSWORD: &str = "a password for tests";

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let variables =
        [("SDF_PASSWORD", PASSWORD), ("SDF_CODE", "a code of keys"), ("SHORT", "short")];
    chaincard_with(&variables, folder, &[&["sdf"], arguments].concat(), b"")
}

#[test]
fn a_store_is_made_and_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let init = ["init", "--store", "keys", "--password-env", "SDF_PASSWORD", "--pairs", "2"];
    let init = [&init[..], &["--access-code-env", "SDF_CODE", "--json"]].concat();
    let made = run(folder.path(), &init).expect(0).json();
    let path = folder.path().join("keys");
    let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).expect("text");
    assert!(text.contains("argon2id") && !text.contains(PASSWORD), "{text}");

    let store = KeyStore::open(&path, PASSWORD.as_bytes()).expect("a store");
    assert_eq!(store.pairs().collect::<Vec<_>>(), [(1, true), (2, true)]);
    let signs = store.public_key(2, Use::Sign).map(hex::encode);
    assert_eq!(made["pairs"][1]["sign"].as_str(), signs.as_deref());
    assert_eq!(made["symmetric_keys"], serde_json::json!([1]));

    std::fs::write(folder.path().join("file"), format!("{PASSWORD}\n")).expect("written");
    let show = ["show", "--store", "keys", "--password-file", "file"];
    let shown = run(folder.path(), &show).expect(0).stdout;
    assert!(shown.contains(&signs.expect("a key")) && shown.contains("SM4 1"), "{shown}");

    let again = run(folder.path(), &init).expect(2);
    assert!(again.stderr.contains("exists already"), "{}", again.stderr);
    assert_eq!(std::fs::read_to_string(&path).expect("text"), text);
}

#[test]
fn what_goes_wrong_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("wrong"), "wrong").expect("written");
    std::fs::write(folder.path().join("empty"), "\n").expect("written");
    run(folder.path(), &["init", "--store", "keys", "--password-env", "SDF_PASSWORD"]).expect(0);
    for (arguments, said) in [
        (&["show", "--store", "keys", "--password-file", "wrong"][..], "wrong password"),
        (&["show", "--store", "keys", "--password-file", "none"], "none"),
        (&["show", "--store", "keys", "--password-env", "NO_SUCH"], "NO_SUCH"),
        (&["show", "--store", "none", "--password-env", "SDF_PASSWORD"], "none"),
        (&["show", "--store", "wrong", "--password-env", "SDF_PASSWORD"], "chmod 600"),
        (&["init", "--store", "new", "--password-file", "empty"], "empty"),
        (
            &[
                "init",
                "--store",
                "n",
                "--password-env",
                "SDF_PASSWORD",
                "--access-code-env",
                "SHORT",
            ],
            "8 bytes",
        ),
        (&["init", "--store", "new", "--password", "secret"], "--password"),
    ] {
        let run = run(folder.path(), arguments).expect(2);
        assert!(run.stderr.contains(said), "{arguments:?}: {}", run.stderr);
    }
    assert!(!folder.path().join("new").exists() && !folder.path().join("n").exists());
}
