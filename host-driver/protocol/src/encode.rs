//! Frames into bytes.

use alloc::vec::Vec;

use crate::frame::{HEADER_LEN, TAG_UNKNOWN, TRAILER_LEN};
use crate::{Crc32, Header};

/// Bytes of a whole frame with a payload of `payload_len` bytes.
pub const fn frame_len(payload_len: usize) -> usize {
    HEADER_LEN + payload_len + TRAILER_LEN
}

/// Appends the frame with `payload` to `out`; `header.payload_len` is set from `payload`.
///
/// # Panics
/// When `payload` has 4 GiB or more.
pub fn frame(out: &mut Vec<u8>, header: Header, payload: &[u8]) {
    let payload_len = u32::try_from(payload.len()).expect("payload of less than 4 GiB");
    out.reserve(frame_len(payload.len()));
    out.extend_from_slice(&Header { payload_len, ..header }.encode());
    out.extend_from_slice(payload);
    out.extend_from_slice(&Crc32::of(payload).to_le_bytes());
}

/// Writes the frame with `payload` to the front of `out` and returns its length; `None` when
/// `out` is too short or the payload has 4 GiB or more. `header.payload_len` is set from
/// `payload`. For callers without an allocator.
pub fn frame_in(out: &mut [u8], header: Header, payload: &[u8]) -> Option<usize> {
    let payload_len = u32::try_from(payload.len()).ok()?;
    let out = out.get_mut(..HEADER_LEN.checked_add(payload.len())?.checked_add(TRAILER_LEN)?)?;
    let (head, rest) = out.split_at_mut(HEADER_LEN);
    let (body, trailer) = rest.split_at_mut(payload.len());
    head.copy_from_slice(&Header { payload_len, ..header }.encode());
    body.copy_from_slice(payload);
    trailer.copy_from_slice(&Crc32::of(payload).to_le_bytes());
    Some(out.len())
}

/// What one frame may hold: the card's `MaxItems` and `MaxPayload` registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most items.
    pub items: u16,
    /// Most payload bytes.
    pub payload: u32,
}

impl Limits {
    /// What the frame format itself allows.
    pub const FORMAT: Self = Self { items: u16::MAX, payload: u32::MAX - 3 };
}

/// Why something does not go into a frame; the frame is as it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// The frame has as many items as it may.
    Items {
        /// Most items.
        limit: u16,
    },
    /// The payload would be longer than it may.
    Payload {
        /// Bytes that the payload would have.
        needed: u64,
        /// Most bytes.
        limit: u32,
    },
    /// [`TAG_UNKNOWN`] is the card's, no request has it.
    Tag,
    /// A signature item with a user id that is too long, or with a digest of another length than 32
    /// bytes.
    Item,
    /// A digest whose length is not the algorithm's, or sums of another number of windows.
    Digest {
        /// Bytes of the algorithm's digest, or of the sums.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
}

impl core::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Items { limit } => write!(f, "frame has its {limit} items already"),
            Self::Payload { needed, limit } => {
                write!(f, "payload would have {needed} bytes, at most {limit} fit")
            }
            Self::Tag => write!(f, "tag {TAG_UNKNOWN:#06x} is no request's"),
            Self::Item => write!(f, "user id is too long, or digest has not 32 bytes"),
            Self::Digest { expected, found } => {
                write!(f, "answer has {found} bytes instead of {expected}")
            }
        }
    }
}

impl core::error::Error for EncodeError {}

/// A frame that grows at the end of a `Vec`, item by item. Dropped before
/// [`finish`](Self::finish), it takes its bytes away again.
#[derive(Debug)]
pub(crate) struct FrameWriter<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
    header: Header,
    limits: Limits,
    finished: bool,
}

impl<'o> FrameWriter<'o> {
    /// Begins a frame; items and payload length of `header` are counted here.
    pub(crate) fn begin(out: &'o mut Vec<u8>, header: Header, limits: Limits) -> Self {
        let start = out.len();
        out.extend_from_slice(&[0; HEADER_LEN]);
        let header = Header { items: 0, payload_len: 0, ..header };
        Self { out, start, header, limits, finished: false }
    }

    /// Appends an item: `parts` back to back, then zeros up to a multiple of 4 bytes.
    pub(crate) fn push<const N: usize>(&mut self, parts: [&[u8]; N]) -> Result<(), EncodeError> {
        if self.header.items >= self.limits.items {
            return Err(EncodeError::Items { limit: self.limits.items });
        }
        let item = parts.iter().map(|part| part.len() as u64).sum::<u64>().next_multiple_of(4);
        let needed = u64::from(self.header.payload_len) + item;
        let limit = self.limits.payload.min(Limits::FORMAT.payload);
        let payload_len = match u32::try_from(needed) {
            Ok(length) if length <= limit => length,
            _ => return Err(EncodeError::Payload { needed, limit }),
        };
        for part in parts {
            self.out.extend_from_slice(part);
        }
        self.header.payload_len = payload_len;
        self.header.items += 1;
        self.out.resize(self.start + HEADER_LEN + payload_len as usize, 0);
        Ok(())
    }

    /// Items so far.
    pub(crate) fn items(&self) -> u16 {
        self.header.items
    }

    /// Payload bytes so far.
    pub(crate) fn payload_len(&self) -> u32 {
        self.header.payload_len
    }

    /// Ends the frame with its header and CRC; returns its header.
    pub(crate) fn finish(mut self) -> Header {
        let (head, payload) = self.out[self.start..].split_at_mut(HEADER_LEN);
        head.copy_from_slice(&self.header.encode());
        let crc = Crc32::of(payload);
        self.out.extend_from_slice(&crc.to_le_bytes());
        self.finished = true;
        self.header
    }
}

impl Drop for FrameWriter<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.out.truncate(self.start);
        }
    }
}
