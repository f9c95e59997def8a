//! A batch of messages as frames.

use chaincard_protocol::frame::{HEADER_LEN, TRAILER_LEN};
use chaincard_protocol::hash::{ItemStatus, request_item_len};
use chaincard_protocol::{Frame, HashAlgorithm, Opcode, reply};

use super::link::Requests;
use super::{CardInfo, ProtocolError};
use crate::hash::Messages;

/// One frame's share of the batch.
#[derive(Clone, Copy, Debug)]
struct Share {
    first: usize,
    count: u16,
    payload_len: u32,
}

/// Payload bytes of a frame of several messages. Without flow control two frames beyond the
/// first fit into the card's buffer, so that it never waits for the link; with it, a frame is
/// small enough that sending it again costs little.
fn wanted_payload(receive_buffer: u32) -> u32 {
    const OVERHEAD: u32 = (HEADER_LEN + TRAILER_LEN) as u32;
    match receive_buffer {
        0 => 1 << 16,
        bytes => (bytes / 2).saturating_sub(OVERHEAD),
    }
}

/// A batch cut into frames that the card takes; the digests go straight to their places.
pub(super) struct Batch<'a> {
    algorithm: HashAlgorithm,
    messages: &'a Messages<'a>,
    digests: &'a mut [u8],
    shares: Vec<Share>,
}

impl<'a> Batch<'a> {
    /// Cuts `messages`, none longer than `info.max_payload - 4`, into frames.
    pub(super) fn new(
        algorithm: HashAlgorithm,
        messages: &'a Messages<'a>,
        digests: &'a mut [u8],
        info: &CardInfo,
    ) -> Self {
        let max_items = u16::try_from(info.max_items).unwrap_or(u16::MAX);
        let max_payload = info.max_payload.min(wanted_payload(info.receive_buffer));
        let mut shares: Vec<Share> = Vec::new();
        for (index, message) in messages.iter().enumerate() {
            let len = request_item_len(message.len()).unwrap_or(u32::MAX);
            match shares.last_mut() {
                Some(share)
                    if share.count < max_items
                        && share.payload_len.saturating_add(len) <= max_payload =>
                {
                    share.count += 1;
                    share.payload_len += len;
                }
                _ => shares.push(Share { first: index, count: 1, payload_len: len }),
            }
        }
        Self { algorithm, messages, digests, shares }
    }
}

impl Requests for Batch<'_> {
    fn len(&self) -> usize {
        self.shares.len()
    }

    fn operation(&self) -> (Opcode, u16) {
        (Opcode::Hash, self.algorithm.code())
    }

    fn items(&self, index: usize) -> u16 {
        self.shares[index].count
    }

    fn payload_len(&self, index: usize) -> u32 {
        self.shares[index].payload_len
    }

    fn write(&self, index: usize, bytes: &mut Vec<u8>) {
        let Share { first, count, .. } = self.shares[index];
        for message in (first..first + usize::from(count)).map(|item| self.messages.get(item)) {
            bytes.extend_from_slice(&(message.len() as u32).to_le_bytes());
            bytes.extend_from_slice(message);
            let padding = message.len().next_multiple_of(4) - message.len();
            bytes.extend_from_slice(&[0; 3][..padding]);
        }
    }

    fn accept(&mut self, index: usize, frame: Frame<'_>) -> Result<(), ProtocolError> {
        let Share { first, count, .. } = self.shares[index];
        let digest_len = self.algorithm.digest_len();
        let places = self.digests[first * digest_len..].chunks_exact_mut(digest_len);
        for (answer, place) in reply::hash(frame, self.algorithm, count)?.zip(places) {
            match answer {
                Ok(digest) => place.copy_from_slice(digest),
                Err(ItemStatus::EngineTimeout) => return Err(ProtocolError::EngineTimeout),
                Err(ItemStatus::Done) => return Err(ProtocolError::Damaged),
            }
        }
        Ok(())
    }
}
