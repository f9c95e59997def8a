//! A batch of messages as frames.

use chaincard_protocol::hash::{ItemStatus, reply_item_len, request_item_len};
use chaincard_protocol::{HashAlgorithm, Opcode};

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
        // A reply must be a frame too, whatever the request's length.
        let reply_items = info.max_payload / reply_item_len(algorithm);
        let max_items = info.max_items.min(u32::from(u16::MAX)).min(reply_items.max(1)) as u16;
        let mut shares: Vec<Share> = Vec::new();
        for (index, message) in messages.iter().enumerate() {
            let len = request_item_len(message.len()).unwrap_or(u32::MAX);
            match shares.last_mut() {
                Some(share)
                    if share.count < max_items
                        && share.payload_len.saturating_add(len) <= info.max_payload =>
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

    fn reply_shape(&self, index: usize) -> (Option<u16>, u32) {
        let count = self.shares[index].count;
        (Some(count), u32::from(count) * reply_item_len(self.algorithm))
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

    fn accept(&mut self, index: usize, payload: &[u8]) -> Result<(), ProtocolError> {
        let Share { first, count, .. } = self.shares[index];
        let digest_len = self.algorithm.digest_len();
        let places = self.digests[first * digest_len..][..usize::from(count) * digest_len]
            .chunks_exact_mut(digest_len);
        for (item, place) in payload.chunks_exact(4 + digest_len).zip(places) {
            let (status, digest) = item.split_at(4);
            let code = u32::from_le_bytes([status[0], status[1], status[2], status[3]]);
            match ItemStatus::from_code(code) {
                Some(ItemStatus::Done) => place.copy_from_slice(digest),
                Some(ItemStatus::EngineTimeout) => return Err(ProtocolError::EngineTimeout),
                None => return Err(ProtocolError::Status { code }),
            }
        }
        Ok(())
    }
}
