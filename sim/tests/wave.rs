//! VCD files of both engines and pictures of them.

mod common;

use chaincard_sim::SimError;
use chaincard_sim::bench::{Message, VerilatedCore};
use chaincard_sim::stream::Stalls;
use chaincard_sim::wave;
use common::{RotateXor, rotate_xor};
use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use vcd::{Command, IdCode, Value};

const MESSAGES: [Message<'static>; 2] =
    [Message { bytes: b"waveform", suffix: 0 }, Message { bytes: b"!", suffix: 0 }];

/// Values of `out_data` in the cycles in which `out_valid` is high when the clock rises.
fn digests(path: &Path) -> Vec<u64> {
    let mut parser = vcd::Parser::new(BufReader::new(File::open(path).unwrap()));
    let header = parser.parse_header().unwrap();
    let ports: HashMap<IdCode, &str> = ["clock", "out_valid", "out_data"]
        .into_iter()
        .filter_map(|name| {
            let scopes = ["uut", "TOP"];
            let found = scopes.iter().find_map(|top| {
                header
                    .find_var(&[*top, name])
                    .or_else(|| header.find_var(&[*top, "rotate_xor", name]))
            });
            found.map(|var| (var.code, name))
        })
        .collect();
    assert_eq!(ports.len(), 3, "{}", path.display());
    let mut now: HashMap<&str, u64> = HashMap::new();
    let mut found = Vec::new();
    for command in parser {
        let (code, value) = match command.unwrap() {
            Command::ChangeScalar(code, value) => (code, u64::from(value == Value::V1)),
            Command::ChangeVector(code, bits) => {
                let bit = |sum, bit| sum << 1 | u64::from(bit == Value::V1);
                (code, bits.iter().fold(0, bit))
            }
            _ => continue,
        };
        let Some(&name) = ports.get(&code) else { continue };
        let rises = name == "clock" && value == 1 && now.get(name) != Some(&1);
        if rises && now.get("out_valid") == Some(&1) {
            found.push(now["out_data"]);
        }
        now.insert(name, value);
    }
    found
}

fn wanted() -> Vec<u64> {
    let digest = |message: &Message<'_>| {
        let digest = rotate_xor(message.bytes);
        u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]).into()
    };
    MESSAGES.iter().map(digest).collect()
}

#[test]
fn native_waveforms_show_the_digests() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("native.vcd");
    wave::record(RotateXor::default(), &MESSAGES, 4, &path).unwrap();
    assert_eq!(digests(&path), wanted());
}

#[test]
fn verilated_waveforms_show_the_digests() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("verilated.vcd");
    let mut core = match VerilatedCore::<RotateXor>::traced("rotate_xor", &path) {
        Err(SimError::VerilatorNotFound) => return,
        other => other.unwrap(),
    };
    core.hash(&MESSAGES, 4, Stalls::default()).unwrap();
    drop(core);
    assert_eq!(digests(&path), wanted());
}

#[test]
fn pictures_are_reproducible() {
    let dir = tempfile::tempdir().unwrap();
    let pictures = ["one.svg", "two.svg"].map(|name| {
        let path = dir.path().join(name);
        wave::sha256_picture(&path).unwrap();
        std::fs::read_to_string(path).unwrap()
    });
    assert_eq!(pictures[0], pictures[1]);
    assert!(pictures[0].starts_with("<svg"));
}

#[test]
fn what_is_no_waveform_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (vcd, svg) = (dir.path().join("a.vcd"), dir.path().join("a.svg"));
    for (text, signal) in [("", "uut.clock"), ("$enddefinitions $end\n", "uut.clock")] {
        std::fs::write(&vcd, text).unwrap();
        let error = wave::draw(&vcd, &[signal], (0, 10), &svg).unwrap_err();
        assert!(matches!(error, SimError::Wave(_)), "{error}");
    }
}
