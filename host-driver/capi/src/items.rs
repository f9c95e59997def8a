//! Arrays of byte strings from C.

use chaincard::Messages;

use crate::hash::ends;
use crate::status::{ChaincardStatus, Failure};
use crate::{bytes, check_buffer};

/// Byte strings that lie back to back; how many is said by the call.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ChaincardItems {
    /// The bytes; may be NULL when there are none.
    pub data: *const u8,
    /// How many bytes there are: exactly those of all items.
    pub data_len: usize,
    /// Bytes of each item; NULL when all have `item_len` bytes.
    pub lengths: *const usize,
    /// Bytes of every item when `lengths` is NULL; otherwise not looked at.
    pub item_len: usize,
}

/// Items whose lengths have been looked at.
pub(crate) struct Items<'a> {
    data: &'a [u8],
    shape: Shape,
}

enum Shape {
    Rows { len: usize, count: usize },
    Packed(Vec<usize>),
}

impl<'a> Items<'a> {
    /// The `count` items behind a pointer from C.
    ///
    /// # Safety
    /// `items` is NULL or points to a structure whose `data` is NULL or points to `data_len` bytes
    /// and whose `lengths` is NULL or points to `count` lengths, all of which live, and are not
    /// written to, for `'a`.
    pub(crate) unsafe fn of(
        items: *const ChaincardItems,
        count: usize,
        what: &'static str,
    ) -> Result<Self, Failure> {
        // SAFETY: the caller vouches for the structure.
        let items = unsafe { items.as_ref() }.ok_or_else(|| Failure::null(what))?;
        // SAFETY: the caller vouches for the bytes.
        let data = unsafe { bytes(items.data, items.data_len, what) }?;
        let shape = if !items.lengths.is_null() {
            check_buffer(false, count.saturating_mul(size_of::<usize>()), what)?;
            // SAFETY: not NULL, of a possible length, and the caller vouches for the rest.
            let lengths = unsafe { std::slice::from_raw_parts(items.lengths, count) };
            Shape::Packed(ends(lengths, data.len(), what)?)
        } else if items.item_len.checked_mul(count) != Some(data.len()) {
            let message =
                format!("{what} has {} bytes, not {count} times {}", data.len(), items.item_len);
            return Err(Failure::new(ChaincardStatus::Length, message));
        } else {
            Shape::Rows { len: items.item_len, count }
        };
        Ok(Self { data, shape })
    }

    pub(crate) fn messages(&self) -> Messages<'_> {
        match &self.shape {
            Shape::Rows { len, count } => {
                Messages::Rows { data: self.data, len: *len, count: *count }
            }
            Shape::Packed(ends) => Messages::Packed { data: self.data, ends },
        }
    }
}
