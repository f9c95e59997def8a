//! Python module.

use core::fmt::Write;
use std::string::String;

use super::{Group, ORIGIN, groups, prefixed, upper_case};
use crate::frame::FIELDS;
use crate::{Register, register::Access};

/// Module for Python 3: constants, an `IntEnum` for each set of wire codes, and the two
/// functions that make a frame.
pub fn python() -> String {
    let mut text = std::format!(
        "\"\"\"Wire format and register map of a chaincard card.\n\n{ORIGIN}\n\"\"\"\n\n\
         import struct\nimport zlib\nfrom enum import IntEnum\n"
    );
    for group in groups() {
        if group.name.is_empty() {
            text.push('\n');
            constants(&mut text, &group);
        } else if ["Verify", "Multiply"].contains(&group.name) {
            text.push_str("\n\n");
            constants(&mut text, &group);
        } else if !["Offset", "DigestLen", "CoordinateLen"].contains(&group.name) {
            enumeration(&mut text, &group);
        }
    }
    digest_lengths(&mut text);
    let writable: std::vec::Vec<_> = Register::ALL
        .iter()
        .filter(|register| register.access() == Access::ReadWrite)
        .map(|register| std::format!("Register.{}", upper_case(register.name())))
        .collect();
    let _ = write!(text, "\nWRITABLE = frozenset(\n    {{\n");
    for register in writable {
        let _ = writeln!(text, "        {register},");
    }
    text.push_str("    }\n)\n");
    frames(&mut text);
    text
}

fn constants(text: &mut String, group: &Group) {
    for constant in &group.constants {
        let name = prefixed(group, constant).replacen("CHAINCARD_", "", 1);
        let _ = writeln!(text, "{name} = {:#X}  # {}", constant.value, constant.description);
    }
}

fn enumeration(text: &mut String, group: &Group) {
    let _ = write!(text, "\n\nclass {}(IntEnum):\n    \"\"\"", group.name);
    let _ = writeln!(text, "{}\"\"\"\n", group.description);
    for constant in &group.constants {
        let _ = writeln!(text, "    # {}", constant.description);
        let _ = writeln!(text, "    {} = {:#X}", upper_case(&constant.name), constant.value);
    }
}

fn digest_lengths(text: &mut String) {
    text.push_str("\n\nDIGEST_LEN = {\n");
    for group in groups().iter().filter(|group| group.name == "DigestLen") {
        for constant in &group.constants {
            let name = upper_case(&constant.name);
            let _ = writeln!(text, "    HashAlgorithm.{name}: {},", constant.value);
        }
    }
    text.push_str("}\n");
}

fn frames(text: &mut String) {
    let format: String = FIELDS
        .iter()
        .map(|field| match field.size {
            1 => 'B',
            2 => 'H',
            _ => 'I',
        })
        .collect();
    let names: std::vec::Vec<_> = FIELDS.iter().map(|field| field.name).collect();
    let _ = write!(
        text,
        "\n# Fields of the header: {}.\nHEADER = struct.Struct(\"<{format}\")\n",
        names.join(", ")
    );
    text.push_str(
        r#"

def header(opcode, tag, param, items, payload_len):
    """The header's bytes, its CRC included."""
    zero_crc = HEADER.pack(
        MAGIC, PROTOCOL_VERSION, opcode, tag, param, items, payload_len, 0
    )
    begin = zero_crc[: HEADER_LEN - 4]
    return begin + struct.pack("<I", zlib.crc32(begin))


def frame(opcode, tag, param, items, payload=b""):
    """The frame's bytes; the payload is a whole number of words."""
    if len(payload) % 4:
        raise ValueError("payload length is no multiple of 4")
    crc = struct.pack("<I", zlib.crc32(payload))
    return header(opcode, tag, param, items, len(payload)) + payload + crc
"#,
    );
}
