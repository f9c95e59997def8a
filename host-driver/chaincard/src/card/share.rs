//! A batch cut into frames that the card takes.

use chaincard_protocol::frame::{HEADER_LEN, TRAILER_LEN};

use super::CardInfo;

/// One frame's share of the batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    pub(super) first: usize,
    pub(super) count: u16,
    pub(super) payload_len: u32,
}

impl Share {
    /// The items of the share.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        self.first..self.first + usize::from(self.count)
    }
}

/// Payload bytes of a frame of several items. Without flow control two frames beyond the first
/// fit into the card's buffer, so that it never waits for the link; with it, a frame is small
/// enough that sending it again costs little.
fn wanted_payload(receive_buffer: u32) -> u32 {
    const OVERHEAD: u32 = (HEADER_LEN + TRAILER_LEN) as u32;
    match receive_buffer {
        0 => 1 << 16,
        bytes => (bytes / 2).saturating_sub(OVERHEAD),
    }
}

/// Cuts items of these lengths, none longer than `info.max_payload`, into shares.
pub(super) fn cut(lengths: impl Iterator<Item = u32>, info: &CardInfo) -> Vec<Share> {
    let max_items = u16::try_from(info.max_items).unwrap_or(u16::MAX);
    let max_payload = info.max_payload.min(wanted_payload(info.receive_buffer));
    let mut shares: Vec<Share> = Vec::new();
    for (index, len) in lengths.enumerate() {
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
    shares
}
