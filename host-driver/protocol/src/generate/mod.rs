//! What other languages need of the wire format and the register map, as text.
//!
//! Every generator walks the same [`groups`] of constants, so that no number is typed in two
//! languages. [`files`] says where the texts belong; `cargo xtask generate` writes them and
//! `cargo xtask generate --check` compares.

mod c;
mod markdown;
mod python;
mod verdicts;
mod verilog;

pub use c::c_header;
pub use markdown::markdown;
pub use python::python;
pub use verdicts::python_verdicts;
pub use verilog::verilog_header;

use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use crate::frame::{FIELDS, HEADER_LEN, MAGIC_WORD, REPLY_BIT, TAG_UNKNOWN, TRAILER_LEN};
use crate::hash::ItemStatus;
use crate::multiply::{CAPABILITY_WINDOW, Curve, SCALAR_LEN};
use crate::verify::{
    CAPABILITY_RECOVER, ITEM_FIELDS, ITEM_HEAD, KEY_COMPRESSED, KEY_ODD, MAX_USER_ID,
    PARAM_HASHING, PARAM_PROFILE, RECOVER_ANSWER_LEN, RECOVERY_ABOVE_N, RECOVERY_ODD,
    VERIFY_ANSWER_LEN,
};
use crate::{
    HashAlgorithm, Hashing, Opcode, PROTOCOL_VERSION, Profile, Register, Reject, Scheme, Verdict,
    crc,
};

/// Generated files: path from the root of the repository, and text.
pub fn files() -> Vec<(&'static str, String)> {
    vec![
        ("hdl/generated/chaincard_protocol.vh", verilog_header()),
        ("host-driver/protocol/generated/chaincard_protocol.h", c_header()),
        ("sim/cocotb/protocol.py", python()),
        ("docs/protocol.md", markdown()),
        ("python/python/chaincard/_verdicts.py", python_verdicts()),
    ]
}

/// What to do when a generated file differs; every generated file says it.
const ORIGIN: &str =
    "Generated from the crate chaincard-protocol by `cargo xtask generate`; do not edit.";

/// Constants that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Name in `CamelCase`; empty for the constants of the format itself.
    pub name: &'static str,
    /// What the constants are.
    pub description: &'static str,
    /// Bits in a value.
    pub bits: u32,
    /// The constants, in ascending order where they are wire codes.
    pub constants: Vec<Constant>,
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// Name in `CamelCase`.
    pub name: String,
    /// Value.
    pub value: u32,
    /// What it means.
    pub description: String,
}

fn constant(name: impl ToString, value: impl Into<u32>, description: impl ToString) -> Constant {
    Constant { name: name.to_string(), value: value.into(), description: description.to_string() }
}

/// Every constant of the protocol.
pub fn groups() -> Vec<Group> {
    vec![
        Group {
            name: "",
            description: "The frame format.",
            bits: 32,
            constants: vec![
                constant("ProtocolVersion", PROTOCOL_VERSION, "Protocol version."),
                constant("Magic", MAGIC_WORD, "First word of a frame, little-endian: \"CCRD\"."),
                constant("HeaderLen", HEADER_LEN as u32, "Bytes in a header, its CRC included."),
                constant("TrailerLen", TRAILER_LEN as u32, "Bytes behind the payload: its CRC."),
                constant("ReplyBit", REPLY_BIT, "Set in the opcode of a reply."),
                constant(
                    "TagUnknown",
                    TAG_UNKNOWN,
                    "Tag of an error frame whose request's tag could not be read.",
                ),
                constant(
                    "CrcPolynomial",
                    crc::POLYNOMIAL,
                    "CRC-32 (IEEE 802.3): polynomial, reflected.",
                ),
                constant(
                    "CrcInitial",
                    crc::INITIAL,
                    "CRC-32: state after no input, before the final complement.",
                ),
            ],
        },
        Group {
            name: "Offset",
            description: "First byte of each field of the header.",
            bits: 32,
            constants: FIELDS
                .iter()
                .map(|f| constant(camel_case(f.name), f.offset as u32, f.description))
                .collect(),
        },
        Group {
            name: "Opcode",
            description: "What a frame asks for or answers.",
            bits: 8,
            constants: Opcode::ALL
                .map(|c| constant(c.symbol(), c.code(), c.description()))
                .to_vec(),
        },
        Group {
            name: "Reject",
            description: "Why a card did not carry out a request: `param` of an error frame. The first \
                check that fails decides: header CRC, version, opcode, `param`, payload length a \
                multiple of 4, item count, payload length of a register frame, payload CRC, \
                lengths of messages and signature items, register addresses.",
            bits: 16,
            constants: Reject::ALL
                .map(|c| constant(c.symbol(), c.code(), c.description()))
                .to_vec(),
        },
        Group {
            name: "HashAlgorithm",
            description: "Hash functions: `param` of a hash request, and bit in the register Capabilities.",
            bits: 16,
            constants: HashAlgorithm::ALL
                .map(|c| constant(c.symbol(), c.code(), c.description()))
                .to_vec(),
        },
        Group {
            name: "DigestLen",
            description: "Bytes in a digest.",
            bits: 32,
            constants: HashAlgorithm::ALL
                .map(|c| constant(c.symbol(), c.digest_len() as u32, c.description()))
                .to_vec(),
        },
        Group {
            name: "ItemStatus",
            description: "Status of one item in a reply.",
            bits: 32,
            constants: ItemStatus::ALL
                .map(|c| constant(c.symbol(), c.code(), c.description()))
                .to_vec(),
        },
        Group {
            name: "Scheme",
            description: "Signature schemes: bits 3 ... 0 of `param`, and bit in the register \
                VerifyCapabilities.",
            bits: 16,
            constants: Scheme::ALL
                .map(|c| constant(c.symbol(), c.code(), c.description()))
                .to_vec(),
        },
        Group {
            name: "Profile",
            description: "Rules of a scheme: bits 7 ... 4 of `param`.",
            bits: 16,
            constants: Profile::ALL
                .map(|c| constant(c.symbol(), c.code(), c.description()))
                .to_vec(),
        },
        Group {
            name: "Hashing",
            description: "What stands before the signed number: bits 11 ... 8 of `param`.",
            bits: 16,
            constants: Hashing::ALL
                .map(|c| constant(c.symbol(), c.code(), c.description()))
                .to_vec(),
        },
        Group {
            name: "Verdict",
            description: "Verdict on one signature; the first rule that fails decides.",
            bits: 8,
            constants: Verdict::ALL
                .map(|c| constant(c.symbol(), c.code(), c.description()))
                .to_vec(),
        },
        Group {
            name: "ItemFlag",
            description: "Flags of a signature item.",
            bits: 8,
            constants: vec![
                constant("KeyCompressed", KEY_COMPRESSED, "The key is x and the parity of y."),
                constant("KeyOdd", KEY_ODD, "With KeyCompressed: y is odd."),
                constant("RecoveryOdd", RECOVERY_ODD, "Recovery: y of R is odd."),
                constant("RecoveryAboveN", RECOVERY_ABOVE_N, "Recovery: x of R is r + n."),
            ],
        },
        Group {
            name: "ItemOffset",
            description: "First byte of each field of a signature item, behind its length.",
            bits: 32,
            constants: ITEM_FIELDS
                .iter()
                .map(|f| constant(camel_case(f.name), f.offset as u32, f.description))
                .collect(),
        },
        Group {
            name: "Verify",
            description: "Requests to verify and to recover.",
            bits: 32,
            constants: vec![
                constant("ItemHead", ITEM_HEAD as u32, "Bytes of an item before the user id."),
                constant("MaxUserId", MAX_USER_ID as u32, "Most bytes in a user id."),
                constant("ParamProfile", PARAM_PROFILE, "Lowest bit of the profile in `param`."),
                constant("ParamHashing", PARAM_HASHING, "Lowest bit of the hashing in `param`."),
                constant("AnswerLen", VERIFY_ANSWER_LEN, "Bytes in the answer to an item."),
                constant("RecoverAnswerLen", RECOVER_ANSWER_LEN, "The same, of `Recover`."),
                constant(
                    "CapabilityRecover",
                    CAPABILITY_RECOVER,
                    "Register VerifyCapabilities: recovers public keys.",
                ),
            ],
        },
        Group {
            name: "Curve",
            description: "Curves: `param` of a request to multiply, and bit in the register \
                MultiplyCapabilities.",
            bits: 16,
            constants: Curve::ALL.map(|c| constant(c.symbol(), c.code(), c.description())).to_vec(),
        },
        Group {
            name: "CoordinateLen",
            description: "Bytes in a coordinate of a curve.",
            bits: 32,
            constants: Curve::ALL
                .map(|c| constant(c.symbol(), c.coordinate_len() as u32, c.description()))
                .to_vec(),
        },
        Group {
            name: "Multiply",
            description: "Requests to multiply.",
            bits: 32,
            constants: vec![
                constant("ScalarLen", SCALAR_LEN as u32, "Bytes in a scalar."),
                constant(
                    "CapabilityWindow",
                    CAPABILITY_WINDOW,
                    "Register MultiplyCapabilities: lowest of the four bits with the bits of a \
                        window.",
                ),
            ],
        },
        Group {
            name: "Register",
            description: "Byte address of each register.",
            bits: 32,
            constants: Register::ALL
                .iter()
                .map(|r| constant(r.name(), r.address(), r.description()))
                .collect(),
        },
    ]
}

/// `header_crc` → `HeaderCrc`.
fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split('_') {
        let (first, rest) = word.split_at(word.len().min(1));
        camel.push_str(&first.to_ascii_uppercase());
        camel.push_str(rest);
    }
    camel
}

/// `HeaderCrc` → `HEADER_CRC`, `Sha3_256` → `SHA3_256`.
fn upper_case(name: &str) -> String {
    let mut upper = String::new();
    let mut previous = '_';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && previous != '_' {
            upper.push('_');
        }
        upper.push(letter.to_ascii_uppercase());
        previous = letter;
    }
    upper
}

/// `HeaderCrc` in the group `Reject` → `CHAINCARD_REJECT_HEADER_CRC`.
fn prefixed(group: &Group, constant: &Constant) -> String {
    let mut name = String::from("CHAINCARD_");
    if !group.name.is_empty() {
        name.push_str(&upper_case(group.name));
        name.push('_');
    }
    name + &upper_case(&constant.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_case() {
        assert_eq!(upper_case("HeaderCrc"), "HEADER_CRC");
        assert_eq!(upper_case("Sha3_256"), "SHA3_256");
        assert_eq!(camel_case("payload_len"), "PayloadLen");
    }

    #[test]
    fn no_name_is_used_twice() {
        let groups = groups();
        let mut names: Vec<_> = groups
            .iter()
            .flat_map(|group| group.constants.iter().map(|c| prefixed(group, c)))
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
