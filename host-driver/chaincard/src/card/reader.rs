//! Frames out of the bytes that a card sends, as owned events.

use chaincard_protocol::{Event as Found, Frame, FrameError, FrameReader, Header, HeaderError};

/// What was found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// A frame whose CRCs are right; [`Reader::frame`] has it.
    Frame(Header),
    /// The header is right, the payload is not.
    Damaged(Header),
    /// A right header of another protocol version.
    OtherVersion(u8),
}

/// Bytes received and not yet understood.
#[derive(Debug)]
pub(super) struct Reader {
    frames: FrameReader<Vec<u8>>,
    received: Vec<u8>,
    start: usize,
    payload: Vec<u8>,
}

impl Reader {
    /// For replies of at most `max_payload` bytes.
    pub(super) fn new(max_payload: usize) -> Self {
        Self {
            frames: FrameReader::new(vec![0; max_payload]),
            received: Vec::new(),
            start: 0,
            payload: Vec::new(),
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.frames.reset();
        self.received.clear();
        self.start = 0;
    }

    /// Appends what came, once [`next`](Self::next) has found nothing more.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.received.drain(..self.start);
        self.start = 0;
        self.received.extend_from_slice(bytes);
    }

    /// The next frame, as far as it has come; what is none is skipped.
    pub(super) fn next(&mut self) -> Option<Event> {
        while self.start < self.received.len() {
            let (used, found) = self.frames.feed(&self.received[self.start..]);
            self.start += used;
            match found {
                Some(Found::Frame(frame)) => {
                    self.payload.clear();
                    self.payload.extend_from_slice(frame.payload);
                    return Some(Event::Frame(frame.header));
                }
                Some(Found::Broken(FrameError::PayloadCrc { header })) => {
                    return Some(Event::Damaged(header));
                }
                Some(Found::Broken(FrameError::Header(HeaderError::Version { found }))) => {
                    return Some(Event::OtherVersion(found));
                }
                Some(Found::Broken(_)) | None => {}
            }
        }
        None
    }

    /// The frame that [`next`](Self::next) has just found.
    pub(super) fn frame(&self, header: Header) -> Frame<'_> {
        Frame { header, payload: &self.payload }
    }
}
