//! `chaincard hash`: known digests, the rules of coreutils.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::{Run, chaincard, chaincard_in};
use serde_json::json;

/// FIPS 180-4, FIPS 202, GB/T 32905 examples for "abc"; Keccak-256 as Ethereum has it.
const ABC: [(&str, &str); 5] = [
    ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        "sha512",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
         2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
    ("keccak256", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ("sha3-256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
    ("sm3", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
];

fn run(folder: &Path, arguments: &[&str]) -> Run {
    chaincard_in(folder, &[&["hash"], arguments].concat(), b"")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("abc"), "abc").expect("written");
    fs::write(folder.path().join("empty"), "").expect("written");
    let long: Vec<u8> = (0..3_000_000u32).map(|i| (i ^ (i >> 9)) as u8).collect();
    fs::write(folder.path().join("long file"), long).expect("written");
    folder
}

#[test]
fn known_digests() {
    let folder = folder();
    for (algorithm, digest) in ABC {
        let line = run(folder.path(), &["-a", algorithm, "abc"]).expect(0).stdout;
        assert_eq!(line, format!("{digest}  abc\n"));
        for arguments in [&["hash", "-a", algorithm][..], &["hash", "--algorithm", algorithm, "-"]]
        {
            let line = chaincard_in(folder.path(), arguments, b"abc").expect(0).stdout;
            assert_eq!(line, format!("{digest}  -\n"));
        }
    }
}

#[test]
fn output_is_that_of_coreutils() {
    let folder = folder();
    let names = ["abc", "long file", "empty", "abc"];
    for (algorithm, program) in [("sha256", "sha256sum"), ("sha512", "sha512sum")] {
        let expected = Command::new(program)
            .args(names)
            .current_dir(folder.path())
            .output()
            .expect("coreutils is installed");
        let expected = String::from_utf8(expected.stdout).expect("UTF-8");
        let own = run(folder.path(), &[&["-a", algorithm], &names[..]].concat()).expect(0);
        assert_eq!(own.stdout, expected);
    }
}

#[test]
fn json_has_one_object_for_each_file() {
    let folder = folder();
    let run = run(folder.path(), &["--json", "--device", "cpu", "abc", "none"]).expect(2);
    let value = run.json();
    let abc = json!({
        "name": "abc", "algorithm": "sha256", "digest": ABC[0].1, "device": "cpu"
    });
    assert_eq!(value[0], abc);
    assert_eq!(value[1]["name"], "none");
    assert!(value[1]["error"].is_string() && value[1].get("digest").is_none());
}

#[test]
fn unreadable_files_do_not_stop_the_others() {
    let folder = folder();
    let run = run(folder.path(), &["none", "abc", "."]).expect(2);
    assert_eq!(run.stdout, format!("{}  abc\n", ABC[0].1));
    assert!(run.stderr.contains("none") && run.stderr.contains(".:"), "{}", run.stderr);
}

#[test]
fn lists_are_checked() {
    let folder = folder();
    let path = folder.path();
    let names = ["abc", "long file", "empty"];
    for (algorithm, _) in ABC {
        let list = run(path, &[&["-a", algorithm], &names[..]].concat()).expect(0).stdout;
        fs::write(path.join("list"), &list).expect("written");
        let good = run(path, &["-a", algorithm, "--check", "list"]).expect(0);
        assert_eq!(good.stdout, "abc: OK\nlong file: OK\nempty: OK\n");
        assert_eq!(run(path, &["-a", algorithm, "-c", "--quiet", "list"]).expect(0).stdout, "");
        chaincard_in(path, &["hash", "-a", algorithm, "-c"], list.as_bytes()).expect(0);
    }
}

#[test]
fn mismatches_are_found() {
    let folder = folder();
    let path = folder.path();
    let list = run(path, &["abc", "empty"]).expect(0).stdout;
    fs::write(path.join("list"), &list).expect("written");
    fs::write(path.join("abc"), "abd").expect("written");
    let bad = run(path, &["-c", "list"]).expect(1);
    assert_eq!(bad.stdout, "abc: FAILED\nempty: OK\n");
    assert!(bad.stderr.contains("WARNING: 1 computed checksum did NOT match"), "{}", bad.stderr);
    let silent = run(path, &["-c", "--status", "list"]).expect(1);
    assert_eq!((silent.stdout.as_str(), silent.stderr.as_str()), ("", ""));
    let value = run(path, &["-c", "--json", "list"]).expect(1).json();
    assert_eq!(value[0], json!({ "name": "abc", "algorithm": "sha256", "status": "mismatch" }));
    assert_eq!(value[1]["status"], "good");
}

#[test]
fn missing_files_and_bad_lines_follow_coreutils() {
    let folder = folder();
    let path = folder.path();
    let list = run(path, &["abc", "empty"]).expect(0).stdout;
    fs::write(path.join("list"), format!("{list}no checksum\n")).expect("written");
    let warned = run(path, &["-c", "-w", "list"]).expect(0);
    assert!(warned.stderr.contains("3: improperly formatted"), "{}", warned.stderr);
    assert!(warned.stderr.contains("WARNING: 1 line is improperly"), "{}", warned.stderr);
    run(path, &["-c", "--strict", "list"]).expect(1);

    fs::remove_file(path.join("empty")).expect("removed");
    let missing = run(path, &["-c", "list"]).expect(1);
    assert!(missing.stdout.contains("empty: FAILED open or read"), "{}", missing.stdout);
    let ignored = run(path, &["-c", "--ignore-missing", "list"]).expect(0);
    assert_eq!(ignored.stdout, "abc: OK\n");
    fs::remove_file(path.join("abc")).expect("removed");
    run(path, &["-c", "--ignore-missing", "list"]).expect(1);

    fs::write(path.join("list"), "nothing\n").expect("written");
    let none = run(path, &["-c", "list"]).expect(2);
    assert!(none.stderr.contains("no properly formatted"), "{}", none.stderr);
    run(path, &["-c", "no-list"]).expect(2);
}

#[test]
fn names_are_escaped() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("two\nlines"), "abc").expect("written");
    let list = run(path, &["two\nlines"]).expect(0).stdout;
    assert_eq!(list, format!("\\{}  two\\nlines\n", ABC[0].1));
    fs::write(path.join("list"), list).expect("written");
    run(path, &["-c", "list"]).expect(0);
}

#[test]
fn wrong_calls_have_exit_code_2() {
    for arguments in [&["hash", "-a", "md5"][..], &["hash", "--quiet"], &["hash", "--nothing"]] {
        chaincard(arguments).expect(2);
    }
}
