//! Replies with verdicts.

use alloc::vec::Vec;

use super::{ReplyError, begin, expect, expect_param, status_code};
use crate::encode::EncodeError;
use crate::hash::ItemStatus;
use crate::verify::{RECOVER_ANSWER_LEN, VERIFY_ANSWER_LEN, VerifyParam};
use crate::{Frame, Opcode, Verdict};

/// Verdicts in the reply to a request to verify `count` signatures; every code in it is a known
/// one.
///
/// # Errors
/// [`ReplyError`], also for an error frame.
pub fn verify(
    frame: Frame<'_>,
    param: VerifyParam,
    count: u16,
) -> Result<VerifyAnswers<'_>, ReplyError> {
    let items = answers(frame, Opcode::Verify, param, count, VERIFY_ANSWER_LEN)?;
    Ok(VerifyAnswers { items })
}

/// Answers in the reply to a request to recover `count` public keys; every code in it is a known
/// one.
///
/// # Errors
/// [`ReplyError`], also for an error frame.
pub fn recover(
    frame: Frame<'_>,
    param: VerifyParam,
    count: u16,
) -> Result<RecoverAnswers<'_>, ReplyError> {
    let items = answers(frame, Opcode::Recover, param, count, RECOVER_ANSWER_LEN)?;
    Ok(RecoverAnswers { items })
}

type Items<'p> = core::slice::ChunksExact<'p, u8>;

fn answers(
    frame: Frame<'_>,
    opcode: Opcode,
    param: VerifyParam,
    count: u16,
    item_len: u32,
) -> Result<Items<'_>, ReplyError> {
    expect(frame, opcode, count, item_len)?;
    expect_param(frame, param.code())?;
    let items = frame.payload.chunks_exact(item_len as usize);
    for (item, bytes) in (0..count).zip(items.clone()) {
        let code = status_code(bytes);
        if ItemStatus::from_code(code).is_none() {
            return Err(ReplyError::Status { item, code });
        }
        if verdict(bytes).is_none() {
            return Err(ReplyError::Verdict { item, code: status_code(&bytes[4..]) });
        }
    }
    Ok(items)
}

/// The verdict of an item.
fn verdict(item: &[u8]) -> Option<Verdict> {
    let code = status_code(item.get(4..)?);
    u8::try_from(code).ok().and_then(Verdict::from_code)
}

/// Whether the item was done, or why not.
fn done(item: &[u8]) -> Option<Result<Verdict, ItemStatus>> {
    match ItemStatus::from_code(status_code(item))? {
        ItemStatus::Done => verdict(item).map(Ok),
        failed => Some(Err(failed)),
    }
}

/// One verdict for each signature, in order, or why there is none.
#[derive(Clone, Debug)]
pub struct VerifyAnswers<'p> {
    items: Items<'p>,
}

impl Iterator for VerifyAnswers<'_> {
    type Item = Result<Verdict, ItemStatus>;

    fn next(&mut self) -> Option<Self::Item> {
        done(self.items.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl ExactSizeIterator for VerifyAnswers<'_> {}

/// One verdict and public key (x, y) for each signature, in order, or why there is none.
#[derive(Clone, Debug)]
pub struct RecoverAnswers<'p> {
    items: Items<'p>,
}

impl<'p> Iterator for RecoverAnswers<'p> {
    type Item = Result<(Verdict, &'p [u8; 64]), ItemStatus>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.items.next()?;
        let key = item.last_chunk()?;
        Some(done(item)?.map(|verdict| (verdict, key)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl ExactSizeIterator for RecoverAnswers<'_> {}

/// Appends the reply to a request to verify: a verdict, or why there is none, for each signature.
///
/// # Errors
/// [`EncodeError::Items`] for more than 65,535 answers; `out` is as it was before.
pub fn write_verify(
    out: &mut Vec<u8>,
    tag: u16,
    param: VerifyParam,
    answers: impl IntoIterator<Item = Result<Verdict, ItemStatus>>,
) -> Result<(), EncodeError> {
    let mut frame = begin(out, Opcode::Verify, tag, param.code());
    for answer in answers {
        frame.push([&codes(answer)])?;
    }
    frame.finish();
    Ok(())
}

/// Appends the reply to a request to recover: a verdict and public key (x, y; zeros unless the
/// verdict is `Valid`), or why there is none, for each signature.
///
/// # Errors
/// [`EncodeError::Items`] for more than 65,535 answers; `out` is as it was before.
pub fn write_recover(
    out: &mut Vec<u8>,
    tag: u16,
    param: VerifyParam,
    answers: impl IntoIterator<Item = Result<(Verdict, [u8; 64]), ItemStatus>>,
) -> Result<(), EncodeError> {
    let mut frame = begin(out, Opcode::Recover, tag, param.code());
    for answer in answers {
        let key = answer.map_or([0; 64], |(_, key)| key);
        frame.push([&codes(answer.map(|(verdict, _)| verdict)), &key])?;
    }
    frame.finish();
    Ok(())
}

fn codes(answer: Result<Verdict, ItemStatus>) -> [u8; 8] {
    let (status, verdict) = match answer {
        Ok(verdict) => (ItemStatus::Done, verdict.code()),
        Err(status) => (status, 0),
    };
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&status.code().to_le_bytes());
    bytes[4] = verdict;
    bytes
}
