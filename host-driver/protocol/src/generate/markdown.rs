//! Register and frame document.

use core::fmt::Write;
use std::string::String;
use std::vec;
use std::vec::Vec;

use super::{Group, ORIGIN, groups};
use crate::frame::{FIELDS, HEADER_LEN};
use crate::multiply::{Curve, SCALAR_LEN};
use crate::register::Access;
use crate::verify::{ITEM_FIELDS, ITEM_HEAD, PARAM_HASHING, PARAM_PROFILE};
use crate::{HashAlgorithm, Hashing, PROTOCOL_VERSION, Profile, Register, Scheme};

/// Document of the frames and the registers, in Markdown.
pub fn markdown() -> String {
    let mut text =
        std::format!("<!-- {ORIGIN} -->\n\n# Frames and registers, version {PROTOCOL_VERSION}\n");
    text.push_str(
        "
A request is one frame; the card answers each request that it could read with one frame of
the same tag, in order. All integers are little-endian; every field lies on its natural
boundary and a payload is a whole number of 32-bit words, so that the same frame is a byte
stream on a UART and a word stream on AXI4-Stream.

## Frame

",
    );
    let field = |offset: String, size: String, name: &str, description: &str| {
        vec![offset, size, std::format!("`{name}`"), description.into()]
    };
    let number = |n: usize| std::format!("{n}");
    let mut rows: Vec<Vec<String>> = FIELDS
        .iter()
        .map(|f| field(number(f.offset), number(f.size), f.name, f.description))
        .collect();
    rows.push(field(number(HEADER_LEN), "n".into(), "payload", "the items"));
    rows.push(field(
        std::format!("{HEADER_LEN} + n"),
        "4".into(),
        "payload_crc",
        "CRC-32 of the payload; present, and 0, when it is empty",
    ));
    table(&mut text, ["offset", "bytes", "field", "content"], &rows);
    text.push_str(
        "
Whoever receives a broken frame looks for the next magic. A card answers it with an error
frame and counts it.

## Hash requests

`param` is the hash algorithm. Each item of a request is the length of the message in bytes
(32 bits), then the message, padded with zeros to a multiple of 4 bytes. Each item of the
reply, in the same order, is a status (32 bits), then the digest, zeros unless the status is
`Done`.

",
    );
    let algorithms: Vec<Vec<String>> = HashAlgorithm::ALL
        .iter()
        .map(|a| {
            vec![
                number(a.code().into()),
                std::format!("`{}`", a.name()),
                number(a.digest_len()),
                number(a.block_len()),
                a.description().into(),
            ]
        })
        .collect();
    table(&mut text, ["code", "algorithm", "digest bytes", "block bytes", "standard"], &algorithms);
    signatures(&mut text);
    multiplications(&mut text);
    for (name, title) in [
        ("Opcode", "Opcodes"),
        ("Reject", "Reject codes"),
        ("ItemStatus", "Item status"),
        ("Verdict", "Verdicts"),
    ] {
        for group in groups().iter().filter(|group| group.name == name) {
            codes(&mut text, title, group);
        }
    }
    registers(&mut text);
    text
}

/// Requests to verify and to recover.
fn signatures(text: &mut String) {
    let _ = write!(
        text,
        "
## Requests to verify and to recover

`param` is the scheme (bits 3 … 0), the profile (bits 7 … {PARAM_PROFILE}) and the hashing (bits \
11 … {PARAM_HASHING}). Each item of
a request is its length in bytes (32 bits), the fixed fields below, the user id of SM2, padded
with zeros to a multiple of 4 bytes, and the message, or the digest of 32 bytes; the whole padded
with zeros to a multiple of 4 bytes. With hashing `sm3` the key is not compressed. Each item of
the reply, in the same order, is a status (32 bits), the verdict (32 bits; 0 unless the status is
`Done`), and for `Recover` the public key x, y (64 bytes, big-endian, zeros unless the verdict is
`Valid`).

"
    );
    let mut rows: Vec<Vec<String>> = ITEM_FIELDS
        .iter()
        .map(|f| {
            let number = |n: usize| std::format!("{n}");
            let name = std::format!("`{}`", f.name);
            vec![number(f.offset), number(f.size), name, f.description.into()]
        })
        .collect();
    let rest = "user id, padded, then message or digest";
    rows.push(vec![std::format!("{ITEM_HEAD}"), "n".into(), String::new(), rest.into()]);
    table(text, ["offset", "bytes", "field", "content"], &rows);
    let item_flags = groups().into_iter().filter(|group| group.name == "ItemFlag");
    item_flags.for_each(|group| codes(text, "Item flags", &group));
    let rows = Scheme::ALL.map(|c| code_row(c.code(), c.name(), c.description()));
    text.push('\n');
    table(text, ["code", "scheme", "standard"], &rows);
    let rows = Profile::ALL.map(|c| {
        let mut row = code_row(c.code(), c.name(), c.description());
        row.insert(2, std::format!("`{}`", c.scheme().name()));
        row
    });
    text.push('\n');
    table(text, ["code", "profile", "scheme", "rules"], &rows);
    let rows = Hashing::ALL.map(|c| code_row(c.code(), c.name(), c.description()));
    text.push('\n');
    table(text, ["code", "hashing", "meaning"], &rows);
}

/// Requests to multiply.
fn multiplications(text: &mut String) {
    let _ = write!(
        text,
        "
## Requests to multiply

`param` is the curve. Each item of a request is its length in bytes (32 bits), then one or more
terms: x and y of the base and the scalar ({SCALAR_LEN} bytes), little-endian. A base is on the
curve, or infinity, whose coordinates are both 0; scalars are below r. The card checks neither. Each
item of the reply, in the same order, is a status (32 bits), then for each window, window 0 first, the
sum of j times bucket j as X, Y and Z, little-endian and taken modulo p: the point (X/Z, Y/Z), or
infinity (0, Y, 0). Zeros stand for no point: unless the status is `Done`, and for an item that is
not one or more whole terms. The windows are those of [multi-scalar multiplication](msm.md), of as
many bits as the register `MultiplyCapabilities` says.

"
    );
    let rows = Curve::ALL.map(|c| {
        let mut row = code_row(c.code(), c.name(), c.description());
        row.insert(2, std::format!("{}", c.coordinate_len()));
        row
    });
    table(text, ["code", "curve", "bytes of a coordinate", "group"], &rows);
}

fn code_row(code: u16, name: &str, description: &str) -> Vec<String> {
    vec![std::format!("{code}"), std::format!("`{name}`"), description.into()]
}

fn codes(text: &mut String, title: &str, group: &Group) {
    let _ = write!(text, "\n## {title}\n\n{}\n\n", group.description);
    let rows: Vec<Vec<String>> = group
        .constants
        .iter()
        .map(|c| {
            let code = if group.bits == 8 {
                std::format!("{:#04x}", c.value)
            } else {
                std::format!("{}", c.value)
            };
            vec![code, std::format!("`{}`", c.name), c.description.clone()]
        })
        .collect();
    table(text, ["code", "name", "meaning"], &rows);
}

fn registers(text: &mut String) {
    text.push_str(
        "
## Registers

Every register has 32 bits; addresses are in bytes, the same in frames and over AXI4-Lite.

",
    );
    let rows: Vec<Vec<String>> = Register::ALL
        .iter()
        .map(|r| {
            let access = match r.access() {
                Access::ReadOnly => "read",
                Access::ReadWrite => "read, write",
            };
            vec![
                std::format!("{:#04x}", r.address()),
                std::format!("`{}`", r.name()),
                access.into(),
                r.description().into(),
            ]
        })
        .collect();
    table(text, ["address", "name", "access", "content"], &rows);
}

fn table<const N: usize>(text: &mut String, head: [&str; N], rows: &[Vec<String>]) {
    let _ = writeln!(text, "| {} |", head.join(" | "));
    let _ = writeln!(text, "| {} |", ["---"; N].join(" | "));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
}
