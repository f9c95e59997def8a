//! Finds frames in the bytes that a card sends.

use chaincard_protocol::frame::{HEADER_LEN, MAGIC, TRAILER_LEN};
use chaincard_protocol::{Crc32, Header, HeaderError};

/// What was found.
#[derive(Debug)]
pub(super) enum Event {
    /// A frame whose CRCs are right; the payload.
    Frame(Header, Vec<u8>),
    /// The header is right, the payload is not.
    Damaged(Header),
    /// A right header of another protocol version.
    OtherVersion(u8),
}

/// Bytes received and not yet understood.
#[derive(Debug, Default)]
pub(super) struct Reader {
    bytes: Vec<u8>,
    start: usize,
}

impl Reader {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.start = 0;
    }

    /// Appends what came.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame of at most `max_payload` bytes, as far as it has come; what is none is
    /// skipped. After a damaged payload the search goes on inside it: when bytes were lost, the
    /// next frame begins there.
    pub(super) fn next(&mut self, max_payload: usize) -> Option<Event> {
        loop {
            let rest = &self.bytes[self.start..];
            let header: &[u8; HEADER_LEN] = rest.first_chunk()?;
            match Header::decode(header) {
                Err(HeaderError::Version { found }) => {
                    self.start += HEADER_LEN;
                    return Some(Event::OtherVersion(found));
                }
                Err(_) => {
                    let next = rest[1..].windows(MAGIC.len()).position(|bytes| bytes == MAGIC);
                    self.start += match next {
                        Some(offset) => 1 + offset,
                        None => rest.len() - (MAGIC.len() - 1),
                    };
                }
                Ok(header) => {
                    let len = header.payload_len as usize;
                    if len > max_payload || !len.is_multiple_of(4) {
                        self.start += 1;
                        continue;
                    }
                    let frame = rest.get(..HEADER_LEN + len + TRAILER_LEN)?;
                    let (payload, trailer) = frame[HEADER_LEN..].split_at(len);
                    if Crc32::of(payload).to_le_bytes() == trailer {
                        let payload = payload.to_vec();
                        self.start += frame.len();
                        return Some(Event::Frame(header, payload));
                    }
                    self.start += HEADER_LEN;
                    return Some(Event::Damaged(header));
                }
            }
        }
    }
}
