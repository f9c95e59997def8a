//! Frame header: fields, codes, encoding and decoding.

use crate::codes::codes;
use crate::{Crc32, PROTOCOL_VERSION};

/// First four bytes of every frame.
pub const MAGIC: [u8; 4] = *b"CCRD";

/// [`MAGIC`] as the little-endian word that the card compares with.
pub const MAGIC_WORD: u32 = u32::from_le_bytes(MAGIC);

/// Bytes in a header, its CRC included.
pub const HEADER_LEN: usize = 20;

/// Bytes behind the payload.
pub const TRAILER_LEN: usize = 4;

/// Set in the opcode of a reply.
pub const REPLY_BIT: u8 = 0x80;

/// Tag of an error frame whose request's tag could not be read.
pub const TAG_UNKNOWN: u16 = 0xFFFF;

codes! {
    /// What a frame asks for or answers; a reply has [`REPLY_BIT`] besides, an error frame has not.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Opcode: u8 {
        /// Items: register addresses (u32). Reply: their values (u32).
        ReadRegisters = 0x01,
        /// Items: address (u32) and value (u32). Reply: no items.
        WriteRegisters = 0x02,
        /// Items: messages. Reply: status and digest of each.
        Hash = 0x10,
        /// Items: signatures with their keys and messages. Reply: status and verdict of each.
        Verify = 0x11,
        /// Items: signatures with their messages. Reply: status, verdict and public key of each.
        Recover = 0x12,
        /// Items: terms of multi-scalar multiplications. Reply: status and sums of the windows of each.
        Multiply = 0x13,
        /// Reply only, without the reply bit: the request was not carried out; `param` says why.
        Error = 0xFF,
    }
}

codes! {
    /// Why a card did not carry out a request: `param` of an error frame.
    ///
    /// The first check that fails decides: header CRC, version, opcode, `param`, payload length
    /// a multiple of 4, item count, payload length of a register frame, payload CRC, lengths of
    /// messages and signature items, register addresses. From the opcode on, the tag is the request's and the payload
    /// is skipped as far as the header announced it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Reject: u16 {
        /// Header CRC wrong; the tag is 0xFFFF and the card looks for the next magic.
        HeaderCrc = 1,
        /// Header CRC right, another protocol version; the tag is 0xFFFF and the card looks for the next magic.
        Version = 2,
        /// Opcode unknown to this card.
        Opcode = 3,
        /// `param` unknown to this card (an algorithm, a scheme or a curve that it does not have).
        Param = 4,
        /// Payload length, item count and item lengths disagree, or the length is no multiple of 4.
        Length = 5,
        /// Payload CRC wrong; no item of the frame was answered.
        PayloadCrc = 6,
        /// More items than the register MaxItems says.
        TooManyItems = 7,
        /// The link fell silent inside a frame for as many cycles as the register LinkTimeout says.
        LinkTimeout = 8,
        /// Register address unknown, or written though read-only.
        Register = 9,
    }
}

impl core::fmt::Display for Reject {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::HeaderCrc => "header CRC wrong",
            Self::Version => "another protocol version",
            Self::Opcode => "unknown opcode",
            Self::Param => "unknown parameter",
            Self::Length => "lengths disagree",
            Self::PayloadCrc => "payload CRC wrong",
            Self::TooManyItems => "too many items",
            Self::LinkTimeout => "link silent inside a frame",
            Self::Register => "register unknown or read-only",
        })
    }
}

/// A field of the header or of an item on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name.
    pub name: &'static str,
    /// First byte.
    pub offset: usize,
    /// Bytes; numbers are little-endian unless the description says otherwise.
    pub size: usize,
    /// What it holds.
    pub description: &'static str,
}

pub(crate) const fn field(
    name: &'static str,
    offset: usize,
    size: usize,
    description: &'static str,
) -> Field {
    Field { name, offset, size, description }
}

/// The header on the wire, without gaps.
pub const FIELDS: [Field; 8] = [
    field("magic", 0, 4, "`CCRD`"),
    field("version", 4, 1, "protocol version"),
    field("opcode", 5, 1, "opcode; in a reply with the reply bit set; 0xFF: error frame"),
    field("tag", 6, 2, "chosen by the host, 0 … 0xFFFE; 0xFFFF: tag unknown"),
    field("param", 8, 2, "request: operation parameter; error frame: reject code"),
    field("items", 10, 2, "number of items in the payload"),
    field("payload_len", 12, 4, "bytes in the payload, a multiple of 4"),
    field("crc", 16, 4, "CRC-32 (IEEE 802.3) of bytes 0 … 15"),
];

/// A frame's header, without magic, version and CRC, which are the same or follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Header {
    /// Wire code of the opcode, [`REPLY_BIT`] included.
    pub opcode: u8,
    /// The host's tag.
    pub tag: u16,
    /// Operation parameter or [`Reject`] code.
    pub param: u16,
    /// Number of items in the payload.
    pub items: u16,
    /// Payload bytes, a multiple of 4.
    pub payload_len: u32,
}

/// Why 20 bytes are no header of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeaderError {
    /// The first four bytes are not [`MAGIC`].
    Magic,
    /// The CRC is wrong.
    Crc,
    /// The CRC is right, the version is another one.
    Version {
        /// Version of the frame.
        found: u8,
    },
}

impl core::fmt::Display for HeaderError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Magic => write!(f, "frame does not begin with the magic \"CCRD\""),
            Self::Crc => write!(f, "header CRC is wrong"),
            Self::Version { found } => write!(
                f,
                "frame has protocol version {found}, this side speaks version {PROTOCOL_VERSION}"
            ),
        }
    }
}

impl core::error::Error for HeaderError {}

impl Header {
    /// The 20 bytes on the wire.
    pub fn encode(&self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        bytes[0..4].copy_from_slice(&MAGIC);
        bytes[4] = PROTOCOL_VERSION;
        bytes[5] = self.opcode;
        bytes[6..8].copy_from_slice(&self.tag.to_le_bytes());
        bytes[8..10].copy_from_slice(&self.param.to_le_bytes());
        bytes[10..12].copy_from_slice(&self.items.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.payload_len.to_le_bytes());
        let crc = Crc32::of(&bytes[..16]);
        bytes[16..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header; the checks are in the order magic, CRC, version.
    pub fn decode(bytes: &[u8; HEADER_LEN]) -> Result<Self, HeaderError> {
        let u16_at = |i: usize| u16::from_le_bytes([bytes[i], bytes[i + 1]]);
        let u32_at =
            |i: usize| u32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]);
        if bytes[0..4] != MAGIC {
            return Err(HeaderError::Magic);
        }
        if Crc32::of(&bytes[..16]) != u32_at(16) {
            return Err(HeaderError::Crc);
        }
        if bytes[4] != PROTOCOL_VERSION {
            return Err(HeaderError::Version { found: bytes[4] });
        }
        Ok(Self {
            opcode: bytes[5],
            tag: u16_at(6),
            param: u16_at(8),
            items: u16_at(10),
            payload_len: u32_at(12),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_lie_where_they_are_encoded() {
        let header =
            Header { opcode: 0xA1, tag: 0xB2B3, param: 0xC4C5, items: 0xD6D7, payload_len: 0xE8 };
        let bytes = header.encode();
        let crc = Crc32::of(&bytes[..16]);
        let values = [MAGIC_WORD, PROTOCOL_VERSION.into(), 0xA1, 0xB2B3, 0xC4C5, 0xD6D7, 0xE8, crc];
        let mut end = 0;
        for (field, value) in FIELDS.iter().zip(values) {
            assert_eq!(field.offset, end, "{} leaves a gap", field.name);
            end += field.size;
            let wire = &bytes[field.offset..end];
            assert_eq!(wire, &value.to_le_bytes()[..field.size], "{}", field.name);
            assert_eq!(field.offset % field.size, 0, "{}", field.name);
        }
        assert_eq!(end, HEADER_LEN);
    }
}
