//! `chaincard devices`, `chaincard selftest`, device names, help.

use crate::program::chaincard;

#[test]
fn the_cpu_is_listed() {
    let value = chaincard(&["devices", "--json"]).expect(0).json();
    let rows = value.as_array().expect("a list");
    assert!(rows.iter().any(|row| row["name"] == "cpu" && row["kind"] == "cpu"), "{value}");
    for row in rows {
        for key in ["name", "kind", "description"] {
            assert!(row[key].is_string(), "{row}");
        }
    }
    assert!(chaincard(&["devices"]).expect(0).stdout.starts_with("cpu "));
}

#[test]
fn the_cpu_passes_its_test() {
    let value = chaincard(&["selftest", "cpu", "cpu:2", "--json"]).expect(0).json();
    assert_eq!(value.as_array().expect("a list").len(), 2);
    assert_eq!(value[0]["passed"], true);
    assert_eq!(value[0]["hashes"].as_array().expect("a list").len(), 5);
    assert!(chaincard(&["selftest"]).expect(0).stdout.contains("passed"));
}

#[test]
fn unknown_device_names_are_usage_errors() {
    for name in [
        "nope",
        "",
        "cpu:0",
        "cpu:x",
        "serial",
        "serial:/dev/x@fast",
        "tcp:host",
        "xdma:a",
        "unix:",
    ] {
        for command in ["block", "selftest", "hash"] {
            let run = chaincard(&["--device", name, command]).expect(2);
            assert!(run.stderr.contains("valid names"), "{name}: {}", run.stderr);
        }
    }
    let error = chaincard(&["block", "--json", "-d", "nope"]).expect(2).json();
    assert!(error["error"].as_str().expect("a message").contains("nope"));
}

#[test]
fn devices_that_cannot_be_opened_are_device_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("no-socket");
    for name in [
        format!("unix:{}", socket.display()),
        format!("serial:{}", socket.display()),
        "tcp:127.0.0.1:1".to_owned(),
        "xdma:77".to_owned(),
    ] {
        let run = chaincard(&["block", "--device", &name]).expect(3);
        assert!(run.stderr.contains(&name), "{}", run.stderr);
    }
}

#[test]
fn help_documents_the_exit_codes() {
    let help = chaincard(&["--help"]).expect(0).stdout;
    assert!(help.contains("Exit codes") && help.contains("a check failed"), "{help}");
    for command in ["block", "hash", "devices", "selftest", "image"] {
        assert!(help.contains(command), "{command}");
        chaincard(&[command, "--help"]).expect(0);
    }
    chaincard(&["--version"]).expect(0);
    chaincard(&[]).expect(2);
    chaincard(&["no-command"]).expect(2);
}
