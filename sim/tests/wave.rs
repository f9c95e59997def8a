//! VCD files of both engines and pictures of them.

mod common;

use chaincard_reference::{Algorithm, hash};
use chaincard_sim::SimError;
use chaincard_sim::bench::{Message, VerilatedCore};
use chaincard_sim::stream::Stalls;
use chaincard_sim::wave::{self, Panel};
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
    let mut core = VerilatedCore::<RotateXor>::traced("rotate_xor", &path).unwrap();
    core.hash(&MESSAGES, 4, Stalls::default()).unwrap();
    drop(core);
    assert_eq!(digests(&path), wanted());
}

#[test]
fn the_picture_in_the_documentation_is_that_of_the_core() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/waveform-sha256.svg");
    let committed = std::fs::read_to_string(&path).unwrap();
    let hint =
        "cargo run --release -p chaincard-sim --example waveform -- docs/waveform-sha256.svg";
    assert!(committed == wave::sha256_picture().unwrap(), "stale; draw it again: {hint}");
    // The message as it goes in, in little-endian words, and the digest as it comes out.
    let message = b"hello world\xFF".chunks(4).map(<[u8]>::to_vec);
    let digest = hash(Algorithm::Sha256, b"hello world");
    for word in message.chain(digest.chunks(4).map(<[u8]>::to_vec)) {
        let word = u32::from_le_bytes(word.try_into().unwrap());
        assert!(committed.contains(&format!(">{word:08x}<")), "{word:08x}");
    }
}

/// Clock `c`, bit `b` and bus `d` of 12 bits; five rising edges.
const VCD: &str = "$timescale 1 ns $end
$scope module top $end
$var wire 1 c c $end
$var wire 1 b b $end
$var wire 12 d d $end
$upscope $end
$enddefinitions $end
0c 0b
#5 1c b0 d
#10 0c
#15 1c 1b b101 d
#20 0c
#25 1c
#30 0c
#35 1c 0b b111111111111 d
#40 0c bx d
#45 1c b1 d
";

fn drawn(vcd: &str, signals: &[&str], cycles: std::ops::Range<u64>) -> Result<String, SimError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.vcd");
    std::fs::write(&path, vcd).unwrap();
    wave::draw(&path, "top.c", signals, &[Panel { title: "a < b", cycles }])
}

#[test]
fn a_column_shows_what_the_edge_at_its_end_sees() {
    let svg = drawn(VCD, &["top.b", "top.d"], 1..5).unwrap();
    let texts = |class: &str| {
        let lines = svg.lines().filter(|line| line.contains(class));
        let text = |line: &str| Some(line.split_once('>')?.1.split_once('<')?.0.to_owned());
        lines.filter_map(text).collect::<Vec<_>>()
    };
    assert_eq!(texts("class=\"value\""), ["000", "005", "xxx"]);
    assert_eq!(texts("class=\"axis\""), ["1", "2", "3", "4"]);
    assert_eq!(texts("class=\"title\""), ["a &lt; b"]);
    assert_eq!(texts("<text x="), ["cycle", "c", "b", "d"]);
    // Low in cycle 1, high in 2 and 3, low in 4.
    let bit = svg.lines().filter(|line| line.contains("class=\"bit\"")).nth(1).unwrap();
    assert_eq!(bit.matches('H').count(), 3, "{bit}");
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let wide = VCD.replace("wire 12 d", "wire 65 d");
    for (vcd, signals, cycles) in [
        ("", &["top.b"][..], 0..1),
        ("$enddefinitions $end\n", &["top.b"], 0..1),
        (VCD, &["top.e"], 0..1),
        (VCD, &["top.b"], 3..3),
        (VCD, &["top.b"], 0..6),
        (VCD, &[], 0..1),
        (&wide, &["top.d"], 0..1),
        (&VCD.replace("#10 0c", "#10 ?c"), &["top.b"], 0..1),
    ] {
        let error = drawn(vcd, signals, cycles).unwrap_err();
        assert!(matches!(error, SimError::Wave(_)), "{error}");
    }
    let missing = wave::draw(Path::new("/nonexistent/a.vcd"), "top.c", &[], &[]).unwrap_err();
    assert!(matches!(missing, SimError::Io { .. }), "{missing}");
}
