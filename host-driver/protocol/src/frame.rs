//! Frame header: fields, codes, encoding and decoding.

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

/// What a frame asks for or answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Opcode {
    /// Items: register addresses (u32). Reply: their values (u32).
    ReadRegisters = 0x01,
    /// Items: address (u32) and value (u32). Reply: no payload.
    WriteRegisters = 0x02,
    /// Items: messages; see [`crate::hash`].
    Hash = 0x10,
    /// Reply only, without [`REPLY_BIT`]: the request was not carried out; `param` is the [`Reject`].
    Error = 0xFF,
}

impl Opcode {
    /// Every opcode.
    pub const ALL: [Self; 4] = [Self::ReadRegisters, Self::WriteRegisters, Self::Hash, Self::Error];

    /// Wire code, without [`REPLY_BIT`].
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The opcode of a wire code without [`REPLY_BIT`].
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0x01 => Some(Self::ReadRegisters),
            0x02 => Some(Self::WriteRegisters),
            0x10 => Some(Self::Hash),
            0xFF => Some(Self::Error),
            _ => None,
        }
    }
}

/// Why a card did not carry out a request: `param` of an error frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Reject {
    /// Header CRC wrong; the tag is [`TAG_UNKNOWN`] and the card looks for the next magic.
    HeaderCrc = 1,
    /// Header CRC right, another protocol version; the card looks for the next magic.
    Version = 2,
    /// Opcode unknown to this card.
    Opcode = 3,
    /// `param` unknown to this card (an algorithm it does not have).
    Param = 4,
    /// Payload length, item count and item lengths disagree, or the length is no multiple of 4.
    Length = 5,
    /// Payload CRC wrong; no item of the frame was answered.
    PayloadCrc = 6,
    /// More items than `Register::MaxItems`.
    TooManyItems = 7,
    /// The link fell silent inside a frame for `Register::LinkTimeout` cycles.
    LinkTimeout = 8,
    /// Register address unknown, or written though read-only.
    Register = 9,
}

impl Reject {
    /// Every code, in ascending order from 1.
    pub const ALL: [Self; 9] = [
        Self::HeaderCrc,
        Self::Version,
        Self::Opcode,
        Self::Param,
        Self::Length,
        Self::PayloadCrc,
        Self::TooManyItems,
        Self::LinkTimeout,
        Self::Register,
    ];

    /// Wire code.
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The reason of a wire code.
    pub const fn from_code(code: u16) -> Option<Self> {
        if code == 0 || code as usize > Self::ALL.len() {
            None
        } else {
            Some(Self::ALL[code as usize - 1])
        }
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
