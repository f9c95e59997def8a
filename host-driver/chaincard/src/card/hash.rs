//! A batch of messages as frames.

use chaincard_protocol::hash::{ItemStatus, request_item_len};
use chaincard_protocol::{Frame, HashAlgorithm, Opcode, reply};

use super::link::Requests;
use super::share::{Share, cut};
use super::{CardInfo, ProtocolError};
use crate::hash::Messages;

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
        let lengths =
            messages.iter().map(|message| request_item_len(message.len()).unwrap_or(u32::MAX));
        let shares = cut(lengths, info);
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
        for message in self.shares[index].range().map(|item| self.messages.get(item)) {
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
