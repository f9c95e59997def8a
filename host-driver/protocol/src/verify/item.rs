//! One signature on the wire.

use alloc::vec::Vec;

use super::{Hashing, ITEM_HEAD, MAX_USER_ID};
use crate::request::HashItems;

/// A signature as a request carries it; the fields are those of the [table](super).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyItem<'p> {
    /// `KEY_*` and `RECOVERY_*`.
    pub flags: u8,
    /// r, big-endian; Ed25519: R as encoded.
    pub r: [u8; 32],
    /// s, big-endian; Ed25519: S as encoded.
    pub s: [u8; 32],
    /// x of the public key, big-endian; Ed25519: A as encoded; recovery: zeros.
    pub x: [u8; 32],
    /// y of the public key, big-endian, or zeros.
    pub y: [u8; 32],
    /// User id of SM2, when the card makes ZA of it.
    pub user_id: &'p [u8],
    /// Message, or digest.
    pub message: &'p [u8],
}

/// Bytes that a signature takes in a request, its length word included; `None` when that does not
/// fit in 32 bits.
pub const fn verify_item_len(user_id: usize, message: usize) -> Option<u32> {
    const FIXED: usize = 4 + ITEM_HEAD;
    if user_id > MAX_USER_ID || message > u32::MAX as usize - MAX_USER_ID - FIXED - 8 {
        return None;
    }
    Some((FIXED + user_id.next_multiple_of(4) + message.next_multiple_of(4)) as u32)
}

/// What follows `part` up to a multiple of 4 bytes.
pub(crate) const fn padding(part: &[u8]) -> &'static [u8] {
    const ZEROS: [u8; 4] = [0; 4];
    ZEROS.split_at(part.len().next_multiple_of(4) - part.len()).0
}

impl<'p> VerifyItem<'p> {
    /// Appends the item as it stands in a request, length and padding included.
    ///
    /// # Panics
    /// When [`verify_item_len`] has no length for it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.head().expect("user id and message fit in an item"));
        for part in [self.user_id, self.message] {
            out.extend_from_slice(part);
            out.resize(out.len() + padding(part).len(), 0);
        }
    }

    /// Length word and fixed fields.
    pub(crate) fn head(&self) -> Option<[u8; 4 + ITEM_HEAD]> {
        verify_item_len(self.user_id.len(), self.message.len())?;
        let user_id = self.user_id.len();
        let length = ITEM_HEAD + user_id.next_multiple_of(4) + self.message.len();
        let mut bytes = [0; 4 + ITEM_HEAD];
        let (numbers, fields) = bytes.split_at_mut(8);
        numbers[..4].copy_from_slice(&(length as u32).to_le_bytes());
        numbers[4] = self.flags;
        numbers[6..].copy_from_slice(&(user_id as u16).to_le_bytes());
        for (place, field) in fields.chunks_exact_mut(32).zip([self.r, self.s, self.x, self.y]) {
            place.copy_from_slice(&field);
        }
        Some(bytes)
    }

    /// The item of these bytes, without length word and padding.
    fn read(bytes: &'p [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<ITEM_HEAD>()?;
        let ([flags, _, low, high], fields) = head.split_first_chunk()?;
        let &[r, s, x, y] = fields.as_chunks().0 else { return None };
        let user_id = usize::from(u16::from_le_bytes([*low, *high]));
        let (padded, message) = rest.split_at_checked(user_id.next_multiple_of(4))?;
        Some(Self { flags: *flags, r, s, x, y, user_id: &padded[..user_id], message })
    }
}

/// Signatures of a request, in order. A user id may be longer than a request may have it: no
/// card looks at that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyItems<'p> {
    items: HashItems<'p>,
}

impl<'p> VerifyItems<'p> {
    /// The signatures in `payload`, if that is what it holds.
    pub(crate) fn of(payload: &'p [u8], items: u16, hashing: Hashing) -> Option<Self> {
        let items = HashItems::of(payload, items)?;
        let fits = |bytes| match VerifyItem::read(bytes) {
            Some(item) => hashing != Hashing::Digest || item.message.len() == 32,
            None => false,
        };
        { items }.all(fits).then_some(Self { items })
    }
}

impl<'p> Iterator for VerifyItems<'p> {
    type Item = VerifyItem<'p>;

    fn next(&mut self) -> Option<VerifyItem<'p>> {
        VerifyItem::read(self.items.next()?)
    }
}
