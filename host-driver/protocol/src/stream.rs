//! Frames out of a byte stream.

use crate::frame::{HEADER_LEN, TRAILER_LEN};
use crate::{Crc32, Header, HeaderError, frame::MAGIC};

/// A frame whose header and payload CRC are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'p> {
    /// Header.
    pub header: Header,
    /// Payload, `header.payload_len` bytes.
    pub payload: &'p [u8],
}

/// What a [`FrameReader`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'p> {
    /// A whole frame.
    Frame(Frame<'p>),
    /// Something that began like a frame and was none; the reader looks for the next one.
    Broken(FrameError),
}

/// Why something that began with [`MAGIC`] is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The header is wrong; the reader looks for the next magic from the header's second byte.
    Header(HeaderError),
    /// The payload is longer than the reader's buffer; the reader looks for the next magic
    /// behind the header.
    TooLong {
        /// The header, its CRC right.
        header: Header,
        /// Bytes in the reader's buffer.
        capacity: usize,
    },
    /// The payload's length is no multiple of 4; the reader looks for the next magic behind
    /// the header.
    Unaligned {
        /// The header, its CRC right.
        header: Header,
    },
    /// The payload CRC is wrong; the payload was dropped.
    PayloadCrc {
        /// The header, its CRC right.
        header: Header,
    },
}

impl core::fmt::Display for FrameError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Header(error) => error.fmt(f),
            Self::TooLong { header, capacity } => {
                write!(f, "payload has {} bytes, at most {capacity} fit", header.payload_len)
            }
            Self::Unaligned { header } => {
                write!(f, "payload has {} bytes, no multiple of 4", header.payload_len)
            }
            Self::PayloadCrc { .. } => write!(f, "payload CRC is wrong"),
        }
    }
}

impl core::error::Error for FrameError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Header(error) => Some(error),
            _ => None,
        }
    }
}

/// Reads frames from a stream that comes in chunks of any size, may hold garbage between
/// frames and may lose or change bytes.
///
/// The payload buffer `B` (an array, a slice, a `Vec`) is the caller's; its length is the
/// longest payload that is accepted, and it never grows. After garbage or a broken frame the
/// reader goes on with the next [`MAGIC`]. A payload whose header was right is never searched
/// for frames, so that bytes chosen by somebody else cannot pass for one when its CRC is wrong.
///
/// ```
/// use chaincard_protocol::{Event, FrameReader, Header, encode};
///
/// let header = Header { opcode: 0x81, tag: 7, param: 0, items: 1, payload_len: 4 };
/// let mut wire = vec![0xAA; 3];
/// encode::frame(&mut wire, header, &[1, 2, 3, 4]);
///
/// let mut reader = FrameReader::new([0; 64]);
/// let mut tags = Vec::new();
/// for chunk in wire.chunks(5) {
///     let mut rest = chunk;
///     while !rest.is_empty() {
///         let (used, event) = reader.feed(rest);
///         rest = &rest[used..];
///         if let Some(Event::Frame(frame)) = event {
///             assert_eq!(frame.payload, [1, 2, 3, 4]);
///             tags.push(frame.header.tag);
///         }
///     }
/// }
/// assert_eq!(tags, [7]);
/// assert_eq!(reader.skipped(), 3);
/// ```
#[derive(Clone, Debug)]
pub struct FrameReader<B> {
    buffer: B,
    /// Bytes of a header so far; they begin with as much of [`MAGIC`] as they can hold.
    window: [u8; HEADER_LEN],
    window_len: usize,
    state: State,
    skipped: u64,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Header,
    Payload { header: Header, filled: usize },
    Trailer { header: Header, bytes: [u8; TRAILER_LEN], filled: usize },
}

/// An [`Event`] that does not borrow the buffer yet.
enum Found {
    Frame(Header),
    Broken(FrameError),
}

impl<B: AsRef<[u8]> + AsMut<[u8]>> FrameReader<B> {
    /// A reader at the beginning of a stream; accepts payloads of up to `buffer`'s length.
    pub fn new(buffer: B) -> Self {
        Self { buffer, window: [0; HEADER_LEN], window_len: 0, state: State::Header, skipped: 0 }
    }

    /// Takes bytes up to the end of the next event, or all of them, and returns how many it
    /// took. Call again with the rest until everything is taken; at least one byte is taken
    /// of a chunk that is not empty.
    pub fn feed(&mut self, bytes: &[u8]) -> (usize, Option<Event<'_>>) {
        let mut used = 0;
        let mut found = None;
        while used < bytes.len() && found.is_none() {
            let rest = &bytes[used..];
            let taken;
            (taken, found) = match self.state {
                State::Header => self.feed_header(rest),
                State::Payload { header, filled } => {
                    (self.feed_payload(header, filled, rest), None)
                }
                State::Trailer { header, bytes, filled } => {
                    self.feed_trailer(header, bytes, filled, rest)
                }
            };
            used += taken;
        }
        let event = found.map(|found| match found {
            Found::Broken(error) => Event::Broken(error),
            Found::Frame(header) => Event::Frame(Frame {
                header,
                payload: &self.buffer.as_ref()[..header.payload_len as usize],
            }),
        });
        (used, event)
    }

    /// Whether the stream stands inside what may be a frame: silence now means that the other
    /// side gave up or bytes were lost.
    pub fn in_frame(&self) -> bool {
        self.window_len > 0 || !matches!(self.state, State::Header)
    }

    /// Drops a frame that has begun; the next byte is taken as the first one of a stream.
    pub fn reset(&mut self) {
        self.skipped += self.window_len as u64;
        self.window_len = 0;
        self.state = State::Header;
    }

    /// Bytes that belonged to no header, since the reader was made. Dropped payloads do not count.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Longest payload that is accepted, in bytes.
    pub fn capacity(&self) -> usize {
        self.buffer.as_ref().len()
    }

    fn feed_header(&mut self, bytes: &[u8]) -> (usize, Option<Found>) {
        let mut used = 0;
        if self.window_len == 0 {
            used = bytes.iter().position(|&byte| byte == MAGIC[0]).unwrap_or(bytes.len());
            self.skipped += used as u64;
        }
        for &byte in &bytes[used..] {
            used += 1;
            self.window[self.window_len] = byte;
            self.window_len += 1;
            if self.window_len <= MAGIC.len() {
                self.align();
                if self.window_len == 0 {
                    break;
                }
            } else if self.window_len == HEADER_LEN {
                return (used, self.end_of_header().map(Found::Broken));
            }
        }
        (used, None)
    }

    /// Drops bytes from the window's front until it begins like a header.
    fn align(&mut self) {
        let window = &self.window[..self.window_len];
        let begins = |at: &usize| {
            let candidate = &window[*at..];
            let prefix = candidate.len().min(MAGIC.len());
            candidate[..prefix] == MAGIC[..prefix]
        };
        // The empty window at the end begins like anything.
        let start = (0..=window.len()).find(begins).unwrap_or(window.len());
        self.window.copy_within(start..self.window_len, 0);
        self.window_len -= start;
        self.skipped += start as u64;
    }

    fn end_of_header(&mut self) -> Option<FrameError> {
        let header = match Header::decode(&self.window) {
            Ok(header) => header,
            Err(error) => {
                self.window.copy_within(1.., 0);
                self.window_len -= 1;
                self.skipped += 1;
                self.align();
                return Some(FrameError::Header(error));
            }
        };
        self.window_len = 0;
        let capacity = self.buffer.as_ref().len();
        let length = usize::try_from(header.payload_len).unwrap_or(usize::MAX);
        if length % 4 != 0 {
            return Some(FrameError::Unaligned { header });
        }
        if length > capacity {
            return Some(FrameError::TooLong { header, capacity });
        }
        self.state = State::Payload { header, filled: 0 };
        None
    }

    fn feed_payload(&mut self, header: Header, filled: usize, bytes: &[u8]) -> usize {
        let length = header.payload_len as usize;
        let taken = bytes.len().min(length - filled);
        let filled = filled + taken;
        self.buffer.as_mut()[filled - taken..filled].copy_from_slice(&bytes[..taken]);
        self.state = if filled == length {
            State::Trailer { header, bytes: [0; TRAILER_LEN], filled: 0 }
        } else {
            State::Payload { header, filled }
        };
        taken
    }

    fn feed_trailer(
        &mut self,
        header: Header,
        mut trailer: [u8; TRAILER_LEN],
        filled: usize,
        bytes: &[u8],
    ) -> (usize, Option<Found>) {
        let taken = bytes.len().min(TRAILER_LEN - filled);
        let filled = filled + taken;
        trailer[filled - taken..filled].copy_from_slice(&bytes[..taken]);
        if filled < TRAILER_LEN {
            self.state = State::Trailer { header, bytes: trailer, filled };
            return (taken, None);
        }
        self.state = State::Header;
        let payload = &self.buffer.as_ref()[..header.payload_len as usize];
        let found = if Crc32::of(payload) == u32::from_le_bytes(trailer) {
            Found::Frame(header)
        } else {
            Found::Broken(FrameError::PayloadCrc { header })
        };
        (taken, Some(found))
    }
}
