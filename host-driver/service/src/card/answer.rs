//! Replies on their way: jobs that a request became, and the frame that their answers make.

use chaincard::{Answer, Error, Handle, HashAlgorithm, RecoverAnswer, VerifyAnswer};
use chaincard_protocol::hash::ItemStatus;
use chaincard_protocol::verify::VerifyParam;
use chaincard_protocol::{Reject, reply};

/// A reply, or the jobs that it waits for.
pub(super) enum Reply {
    Ready(Vec<u8>),
    Hash { tag: u16, algorithm: HashAlgorithm, items: usize, handle: Handle<Answer> },
    Verify { tag: u16, param: VerifyParam, jobs: Vec<(usize, Handle<VerifyAnswer>)> },
    Recover { tag: u16, param: VerifyParam, items: usize, handle: Handle<RecoverAnswer> },
}

/// What an item says when no device could answer it.
const FAILED: ItemStatus = ItemStatus::EngineTimeout;

impl Reply {
    /// The frame, as soon as it can be made.
    pub(super) async fn frame(self) -> Vec<u8> {
        let mut out = Vec::new();
        let (tag, written) = match self {
            Self::Ready(frame) => return frame,
            Self::Hash { tag, algorithm, items, handle } => {
                let answer = counted(handle.await, items, |answer| answer.digests.len());
                let written = match &answer {
                    Some(answer) => {
                        let digests = answer.digests.iter().map(Ok);
                        reply::write_hash(&mut out, tag, algorithm, digests)
                    }
                    None => {
                        let failed = std::iter::repeat_n(Err(FAILED), items);
                        reply::write_hash(&mut out, tag, algorithm, failed)
                    }
                };
                (tag, written)
            }
            Self::Verify { tag, param, jobs } => {
                let mut verdicts = Vec::new();
                for (items, handle) in jobs {
                    match counted(handle.await, items, |answer| answer.verdicts.len()) {
                        Some(answer) => verdicts.extend(answer.verdicts.into_iter().map(Ok)),
                        None => verdicts.extend(std::iter::repeat_n(Err(FAILED), items)),
                    }
                }
                (tag, reply::write_verify(&mut out, tag, param, verdicts))
            }
            Self::Recover { tag, param, items, handle } => {
                let keys = match counted(handle.await, items, |answer| answer.keys.len()) {
                    Some(answer) => {
                        answer.keys.iter().map(|found| Ok((found.verdict, found.key))).collect()
                    }
                    None => vec![Err(FAILED); items],
                };
                (tag, reply::write_recover(&mut out, tag, param, keys))
            }
        };
        if written.is_err() {
            // Answers are as many and as long as the request asked for, so that they fit.
            reply::write_error(&mut out, tag, Reject::Length);
        }
        out
    }
}

/// The answer, if it is one to so many items.
fn counted<T>(answer: Result<T, Error>, items: usize, len: impl Fn(&T) -> usize) -> Option<T> {
    match answer {
        Ok(answer) if len(&answer) == items => Some(answer),
        Ok(_) => None,
        Err(error) => {
            tracing::warn!(error = chain(&error), items, "no device could answer a request");
            None
        }
    }
}

/// An error with its sources, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let sources = std::iter::successors(error.source(), |error| error.source());
    sources.fold(error.to_string(), |text, source| format!("{text}: {source}"))
}
