//! Replies: what a card (or a model of one) writes and what a host reads.

use alloc::vec::Vec;

use crate::encode::{EncodeError, FrameWriter, Limits};
use crate::frame::REPLY_BIT;
use crate::hash::{ItemStatus, reply_item_len};
use crate::{Frame, HashAlgorithm, Header, Opcode, Reject};

pub use multiply::{MultiplyAnswers, multiply, write_multiply};
pub use verify::{RecoverAnswers, VerifyAnswers, recover, verify, write_recover, write_verify};

mod multiply;
mod verify;

/// Why a frame is not the reply that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplyError {
    /// The card did not carry out the request.
    Rejected(Reject),
    /// The card did not carry out the request, for a reason that this side does not know.
    RejectedUnknown {
        /// Wire code of the reason.
        code: u16,
    },
    /// The reply is to another operation.
    Opcode {
        /// Wire code expected, with [`REPLY_BIT`].
        expected: u8,
        /// Wire code found.
        found: u8,
    },
    /// The reply is of another algorithm or plan.
    Param {
        /// Parameter of the request.
        expected: u16,
        /// Parameter found.
        found: u16,
    },
    /// The reply has another number of items.
    Items {
        /// Items expected.
        expected: u16,
        /// Items found.
        found: u16,
    },
    /// The payload's length does not follow from the items.
    Length {
        /// Bytes expected.
        expected: u64,
        /// Bytes found.
        found: u32,
    },
    /// An item has a status that this side does not know.
    Status {
        /// Index of the item.
        item: u16,
        /// Wire code of the status.
        code: u32,
    },
    /// An item has a verdict that this side does not know.
    Verdict {
        /// Index of the item.
        item: u16,
        /// Wire code of the verdict.
        code: u32,
    },
}

impl core::fmt::Display for ReplyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Rejected(reject) => write!(f, "card rejected the request: {reject}"),
            Self::RejectedUnknown { code } => {
                write!(f, "card rejected the request for the unknown reason {code}")
            }
            Self::Opcode { expected, found } => {
                write!(f, "reply has opcode {found:#04x} instead of {expected:#04x}")
            }
            Self::Param { expected, found } => {
                write!(f, "reply has parameter {found} instead of {expected}")
            }
            Self::Items { expected, found } => {
                write!(f, "reply has {found} items instead of {expected}")
            }
            Self::Length { expected, found } => {
                write!(f, "reply has {found} payload bytes instead of {expected}")
            }
            Self::Status { item, code } => write!(f, "item {item} has the unknown status {code}"),
            Self::Verdict { item, code } => write!(f, "item {item} has the unknown verdict {code}"),
        }
    }
}

impl core::error::Error for ReplyError {}

/// Checks opcode, items and payload length of a reply to `opcode`.
fn expect(frame: Frame<'_>, opcode: Opcode, items: u16, item_len: u32) -> Result<(), ReplyError> {
    let Header { opcode: found, param, .. } = frame.header;
    if found == Opcode::Error.code() {
        return Err(match Reject::from_code(param) {
            Some(reject) => ReplyError::Rejected(reject),
            None => ReplyError::RejectedUnknown { code: param },
        });
    }
    let expected = opcode.code() | REPLY_BIT;
    if found != expected {
        return Err(ReplyError::Opcode { expected, found });
    }
    if frame.header.items != items {
        return Err(ReplyError::Items { expected: items, found: frame.header.items });
    }
    let expected = u64::from(items) * u64::from(item_len);
    if frame.payload.len() as u64 != expected {
        return Err(ReplyError::Length { expected, found: frame.header.payload_len });
    }
    Ok(())
}

fn expect_param(frame: Frame<'_>, expected: u16) -> Result<(), ReplyError> {
    match frame.header.param {
        found if found != expected => Err(ReplyError::Param { expected, found }),
        _ => Ok(()),
    }
}

/// Values in the reply to a request for `count` registers, each four little-endian bytes.
///
/// # Errors
/// [`ReplyError`], also for an error frame.
pub fn read_registers(frame: Frame<'_>, count: u16) -> Result<&[[u8; 4]], ReplyError> {
    expect(frame, Opcode::ReadRegisters, count, 4)?;
    Ok(frame.payload.as_chunks().0)
}

/// Checks the reply to a request that writes registers; it has no items.
///
/// # Errors
/// [`ReplyError`], also for an error frame.
pub fn write_registers(frame: Frame<'_>) -> Result<(), ReplyError> {
    expect(frame, Opcode::WriteRegisters, 0, 0)
}

/// Answers in the reply to a request for `count` digests; every status in it is a known one.
///
/// # Errors
/// [`ReplyError`], also for an error frame.
pub fn hash(
    frame: Frame<'_>,
    algorithm: HashAlgorithm,
    count: u16,
) -> Result<HashAnswers<'_>, ReplyError> {
    expect(frame, Opcode::Hash, count, reply_item_len(algorithm))?;
    expect_param(frame, algorithm.code())?;
    let item_len = reply_item_len(algorithm) as usize;
    for (item, bytes) in (0..count).zip(frame.payload.chunks_exact(item_len)) {
        let code = status_code(bytes);
        if ItemStatus::from_code(code).is_none() {
            return Err(ReplyError::Status { item, code });
        }
    }
    Ok(HashAnswers { items: frame.payload.chunks_exact(item_len) })
}

fn status_code(item: &[u8]) -> u32 {
    item.first_chunk().map_or(u32::MAX, |code| u32::from_le_bytes(*code))
}

/// One answer for each message, in order: the digest, or why there is none.
#[derive(Clone, Debug)]
pub struct HashAnswers<'p> {
    items: core::slice::ChunksExact<'p, u8>,
}

impl<'p> Iterator for HashAnswers<'p> {
    type Item = Result<&'p [u8], ItemStatus>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.items.next()?;
        match ItemStatus::from_code(status_code(item))? {
            ItemStatus::Done => Some(Ok(&item[4..])),
            failed => Some(Err(failed)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl ExactSizeIterator for HashAnswers<'_> {}

/// Appends the error frame that answers the request `tag`.
pub fn write_error(out: &mut Vec<u8>, tag: u16, reject: Reject) {
    let opcode = Opcode::Error.code();
    crate::encode::frame(
        out,
        Header { opcode, tag, param: reject.code(), items: 0, payload_len: 0 },
        &[],
    );
}

/// Appends the reply with the values of registers.
///
/// # Errors
/// [`EncodeError::Items`] for more than 65,535 values; `out` is as it was before.
pub fn write_register_values(
    out: &mut Vec<u8>,
    tag: u16,
    values: &[u32],
) -> Result<(), EncodeError> {
    let mut frame = begin(out, Opcode::ReadRegisters, tag, 0);
    for value in values {
        frame.push([&value.to_le_bytes(), &[]])?;
    }
    frame.finish();
    Ok(())
}

/// Appends the reply to a request that writes registers.
pub fn write_registers_done(out: &mut Vec<u8>, tag: u16) {
    begin(out, Opcode::WriteRegisters, tag, 0).finish();
}

/// Appends the reply to a hash request: a digest, or why there is none, for each message.
///
/// # Errors
/// [`EncodeError::Digest`] for a digest of another length, [`EncodeError::Items`] for more
/// than 65,535 answers; `out` is as it was before.
pub fn write_hash<'d>(
    out: &mut Vec<u8>,
    tag: u16,
    algorithm: HashAlgorithm,
    answers: impl IntoIterator<Item = Result<&'d [u8], ItemStatus>>,
) -> Result<(), EncodeError> {
    const NO_DIGEST: [u8; 64] = [0; 64];
    let expected = algorithm.digest_len();
    let mut frame = begin(out, Opcode::Hash, tag, algorithm.code());
    for answer in answers {
        let (status, digest) = match answer {
            Ok(digest) => (ItemStatus::Done, digest),
            Err(status) => (status, &NO_DIGEST[..expected]),
        };
        if digest.len() != expected {
            return Err(EncodeError::Digest { expected, found: digest.len() });
        }
        frame.push([&status.code().to_le_bytes(), digest])?;
    }
    frame.finish();
    Ok(())
}

fn begin(out: &mut Vec<u8>, opcode: Opcode, tag: u16, param: u16) -> FrameWriter<'_> {
    let opcode = opcode.code() | REPLY_BIT;
    let header = Header { opcode, tag, param, items: 0, payload_len: 0 };
    FrameWriter::begin(out, header, Limits::FORMAT)
}
