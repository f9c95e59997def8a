//! `chaincard sim`, `chaincard card serve`, `--device sim`: natively simulated, so that they need no
//! other program.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::program::{chaincard, chaincard_in, chaincard_with};
use serde_json::json;

#[test]
fn every_core_gives_the_right_digest_and_counts_cycles() {
    for algorithm in ["sha256", "sha512", "keccak256", "sha3-256", "sm3"] {
        let arguments =
            ["sim", "-a", algorithm, "--text", "abc", "--hex", "00ff", "--text", "", "--json"];
        let value = chaincard(&arguments).expect(0).json();
        assert_eq!(value["core"], algorithm);
        assert_eq!(value["engine"], "native");
        assert!(value["cycles"].as_u64().expect("a number") > 3 * 20, "{value}");
        let rows = value["messages"].as_array().expect("a list");
        assert_eq!(rows.len(), 3);
        for (row, bytes) in rows.iter().zip([3, 0, 2]) {
            assert_eq!(row["right"], true, "{algorithm}: {row}");
            assert_eq!(row["bytes"], bytes);
            assert!(row["cycles"].as_u64().expect("a number") > 20, "{row}");
        }
    }
    let text = chaincard(&["sim"]).expect(0).stdout;
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert!(text.starts_with(digest) && text.contains("cycles"), "{text}");
}

#[test]
fn waveforms_are_written() {
    let folder = tempfile::tempdir().expect("a folder");
    chaincard_in(folder.path(), &["sim", "--vcd", "wave.vcd"], b"").expect(0);
    let text = std::fs::read_to_string(folder.path().join("wave.vcd")).expect("a waveform");
    for part in ["$enddefinitions", "in_valid", "#"] {
        assert!(text.contains(part), "{part}");
    }
    chaincard(&["sim", "--vcd", "/nowhere/wave.vcd"]).expect(2);
}

#[test]
fn wrong_calls_have_exit_code_2() {
    for arguments in [
        &["sim", "-a", "md5"][..],
        &["sim", "--hex", "abc"],
        &["sim", "no-such-file"],
        &["sim", "--engine", "paper"],
        &["sim", "--card", "hash-axi", "--vcd", "x.vcd"],
        &["sim", "--card", "no-such-card"],
        &["card"],
        &["card", "serve", "nowhere", "--image", "hash-axi@native"],
        &["card", "serve", "--image", "no-such-card"],
        &["block", "--device", "sim:no-such-card"],
    ] {
        chaincard(arguments).expect(2);
    }
}

#[test]
fn a_simulated_card_hashes() {
    let arguments = ["sim", "--card", "hash-axi", "--text", "abc", "--text", "def", "--json"];
    let value = chaincard(&arguments).expect(0).json();
    assert_eq!(value["card"], "hash-axi");
    assert!(value["cycles"].as_u64().expect("a number") > 100, "{value}");
    assert_eq!(value["messages"][1]["right"], true);
}

#[test]
fn a_simulated_card_checks_a_small_block() {
    let folder = tempfile::tempdir().expect("a folder");
    let block = bitcoin::constants::genesis_block(bitcoin::Network::Bitcoin);
    let bytes = bitcoin::consensus::encode::serialize(&block);
    std::fs::write(folder.path().join("genesis"), bytes).expect("written");
    let arguments =
        ["block", "genesis", "--json", "--no-fallback", "--device", "sim:sha256-axi@native"];
    let value = chaincard_in(folder.path(), &arguments, b"").expect(0).json();
    assert_eq!(value["device"], "sim:sha256-axi@native");
    assert!(value["cycles"].as_u64().expect("a number") > 100, "{value}");
    let checks = json!({
        "proof_of_work": true,
        "txids": true,
        "wtxids": true,
        "merkle_root": true,
        "witness_commitment": true
    });
    assert_eq!(value["checks"], checks);
}

#[test]
fn without_verilator_a_line_says_that_the_simulation_is_native() {
    let hash = |device, json: &[&str]| {
        let mut arguments = vec!["hash", "--no-fallback", "--device", device];
        arguments.extend(json);
        let variable = [("CHAINCARD_VERILATOR", "/no/such/verilator")];
        chaincard_with(&variable, ".".as_ref(), &arguments, b"abc").expect(0)
    };
    let run = hash("sim:sha256-axi", &["--json"]);
    assert_eq!(run.json()[0]["device"], "sim:sha256-axi");
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    for part in ["sha256-axi", "natively", "cargo xtask test", "CHAINCARD_VERILATOR"] {
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
    // Who asks for it is not told.
    assert_eq!(hash("sim:sha256-axi@native", &[]).stderr, "");
}

/// A program that is ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A served card, and the name of its device.
fn serve(address: &str) -> (Server, String) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_chaincard"))
        .args(["card", "serve", "--image", "sha256-axi@native", address])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let stdout = server.stdout.take().expect("a pipe");
    let server = Server(server);
    let mut device = String::new();
    BufReader::new(stdout).read_line(&mut device).expect("the device's name");
    (server, device.trim_end().to_owned())
}

#[test]
fn a_pseudo_terminal_is_a_serial_port() {
    let (_server, device) = serve("pty");
    let path = device.strip_prefix("serial:").expect("a serial port");
    assert!(std::path::Path::new(path).exists(), "{path}");
}

#[test]
fn another_process_uses_a_served_card() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = format!("unix:{}", folder.path().join("card").display());
    for address in [address.as_str(), "tcp:127.0.0.1:0"] {
        let (_server, device) = serve(address);
        let arguments = ["hash", "--no-fallback", "--json", "--device", &device];
        let value = chaincard_in(".".as_ref(), &arguments, b"abc").expect(0).json();
        assert_eq!(value[0]["device"], device);
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(value[0]["digest"], digest);
    }
}
