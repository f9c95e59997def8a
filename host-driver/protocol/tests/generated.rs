//! The generated files: as committed, and accepted by the tools of their languages.
#![cfg(feature = "generate")]

use std::path::PathBuf;
use std::process::Command;

use chaincard_protocol::generate::{files, groups};
use chaincard_protocol::{Header, encode};

fn root() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", ".."].iter().collect()
}

#[test]
fn committed_files_are_the_generated_ones() {
    for (path, text) in files() {
        let committed = std::fs::read_to_string(root().join(path)).unwrap_or_default();
        assert_eq!(committed, text, "{path} is stale: run `cargo xtask generate`");
    }
}

#[test]
fn python_makes_the_same_frame() {
    let script = "import protocol as p\n\
        payload = bytes(range(16))\n\
        print(p.frame(p.Opcode.HASH | p.REPLY_BIT, 7, p.HashAlgorithm.SM3, 3, payload).hex())\n\
        print(sum(len(e) for e in vars(p).values() if isinstance(e, type) and issubclass(e, p.IntEnum)))";
    let output = Command::new("python3")
        .args(["-B", "-c", script])
        .current_dir(root().join("sim/cocotb"))
        .output()
        .expect("python3");
    let header = Header { opcode: 0x90, tag: 7, param: 4, items: 3, payload_len: 0 };
    let mut wire = Vec::new();
    encode::frame(&mut wire, header, &(0..16).collect::<Vec<u8>>());
    let codes: usize = groups()
        .iter()
        .filter(|group| {
            !["", "Offset", "DigestLen", "Verify", "CoordinateLen", "Multiply"]
                .contains(&group.name)
        })
        .map(|group| group.constants.len())
        .sum();
    let hexadecimal: String = wire.iter().map(|byte| format!("{byte:02x}")).collect();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(stdout, format!("{hexadecimal}\n{codes}\n"), "{stderr}");
}

#[test]
fn c_compiler_takes_the_header() {
    let include = root().join("host-driver/protocol/generated");
    let mut compiler = Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c", "-I"])
        .arg(include)
        .arg("-")
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("cc");
    let source = "#include \"chaincard_protocol.h\"\n\
        typedef char version[CHAINCARD_PROTOCOL_VERSION == 1 ? 1 : -1];\n\
        typedef char hash[CHAINCARD_OPCODE_HASH == 0x10 ? 1 : -1];\n\
        typedef char recover[CHAINCARD_OPCODE_RECOVER == 0x12 ? 1 : -1];\n\
        typedef char head[CHAINCARD_VERIFY_ITEM_HEAD == 132 ? 1 : -1];\n";
    std::io::Write::write_all(&mut compiler.stdin.take().expect("stdin"), source.as_bytes())
        .expect("source");
    assert!(compiler.wait().expect("cc").success());
}
