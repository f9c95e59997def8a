//! Replies with sums of windows.

use alloc::vec;
use alloc::vec::Vec;

use super::{ReplyError, begin, expect, expect_param, status_code};
use crate::encode::EncodeError;
use crate::hash::ItemStatus;
use crate::multiply::Curve;
use crate::{Frame, Opcode};

/// Bytes of a status.
const STATUS_LEN: usize = 4;

/// Answers in the reply to a request for `count` multiplications of so many windows; every status
/// in it is a known one.
///
/// # Errors
/// [`ReplyError`], also for an error frame.
pub fn multiply(
    frame: Frame<'_>,
    curve: Curve,
    count: u16,
    windows: usize,
) -> Result<MultiplyAnswers<'_>, ReplyError> {
    let item_len = STATUS_LEN + curve.sums_len(windows);
    expect(frame, Opcode::Multiply, count, u32::try_from(item_len).unwrap_or(u32::MAX))?;
    expect_param(frame, curve.code())?;
    let items = frame.payload.chunks_exact(item_len);
    for (item, bytes) in (0..count).zip(items.clone()) {
        let code = status_code(bytes);
        if ItemStatus::from_code(code).is_none() {
            return Err(ReplyError::Status { item, code });
        }
    }
    Ok(MultiplyAnswers { items })
}

/// One answer for each multiplication, in order: the sums of its windows, or why there are none.
#[derive(Clone, Debug)]
pub struct MultiplyAnswers<'p> {
    items: core::slice::ChunksExact<'p, u8>,
}

impl<'p> Iterator for MultiplyAnswers<'p> {
    type Item = Result<&'p [u8], ItemStatus>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.items.next()?;
        match ItemStatus::from_code(status_code(item))? {
            ItemStatus::Done => item.get(STATUS_LEN..).map(Ok),
            failed => Some(Err(failed)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl ExactSizeIterator for MultiplyAnswers<'_> {}

/// Appends the reply to a request to multiply: the sums of so many windows, or why there are none,
/// for each multiplication.
///
/// # Errors
/// [`EncodeError::Digest`] for sums of another length, [`EncodeError::Items`] for more than 65,535
/// answers; `out` is as it was before.
pub fn write_multiply<'s>(
    out: &mut Vec<u8>,
    tag: u16,
    curve: Curve,
    windows: usize,
    answers: impl IntoIterator<Item = Result<&'s [u8], ItemStatus>>,
) -> Result<(), EncodeError> {
    let expected = curve.sums_len(windows);
    let none = vec![0; expected];
    let mut frame = begin(out, Opcode::Multiply, tag, curve.code());
    for answer in answers {
        let (status, sums) = match answer {
            Ok(sums) => (ItemStatus::Done, sums),
            Err(status) => (status, none.as_slice()),
        };
        if sums.len() != expected {
            return Err(EncodeError::Digest { expected, found: sums.len() });
        }
        frame.push([&status.code().to_le_bytes(), sums])?;
    }
    frame.finish();
    Ok(())
}
