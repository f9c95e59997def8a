//! The wire format and the register map of a chaincard card, declared once.
//!
//! Everything that another language needs of them (Verilog, C, Python, the register
//! document) is generated from these declarations by the feature `generate`.
//!
//! A request is one frame; the card answers each request it could read with one frame of
//! the same tag, in order. All integers are little-endian; every field lies on its natural
//! boundary and a payload is a whole number of 32-bit words, so that the same frame is a
//! byte stream on a UART and a word stream on AXI4-Stream.
//!
//! ```text
//! offset  size  field
//!  0      4     magic           "CCRD"
//!  4      1     version         PROTOCOL_VERSION
//!  5      1     opcode          Opcode, in a reply with bit 7 set; 0xFF: error frame
//!  6      2     tag             chosen by the host, 0 ... 0xFFFE; 0xFFFF: tag unknown
//!  8      2     param           request: operation parameter; error frame: Reject
//! 10      2     items           number of items in the payload
//! 12      4     payload length  bytes, a multiple of 4
//! 16      4     header CRC      CRC-32 (IEEE 802.3) of bytes 0 ... 15
//! 20      n     payload
//! 20+n    4     payload CRC     CRC-32 of the payload; present, and 0, when it is empty
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(feature = "generate", test))]
extern crate std;

mod codes;
pub mod crc;
pub mod encode;
pub mod frame;
#[cfg(feature = "generate")]
pub mod generate;
pub mod hash;
pub mod multiply;
pub mod register;
pub mod reply;
pub mod request;
pub mod stream;
pub mod verify;

pub use crc::Crc32;
pub use frame::{Header, HeaderError, Opcode, Reject};
pub use hash::HashAlgorithm;
pub use register::Register;
pub use stream::{Event, Frame, FrameError, FrameReader};
pub use verify::{Hashing, Profile, Scheme, Status, Verdict};

/// Version of the frame format and of the meaning of every code in it.
pub const PROTOCOL_VERSION: u8 = 1;
