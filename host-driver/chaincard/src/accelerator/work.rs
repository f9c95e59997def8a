//! What the queue holds: jobs of every kind with the ends of their handles.

use super::Error;
use super::handle::Completion;
use super::job::{Answer, HashJob, Outcome};
use super::msm::{MsmAnswer, MsmJob};
use super::signed::{RecoverAnswer, RecoverJob, VerifyAnswer, VerifyJob};
use super::sums::Progress;
use crate::hash::Digests;
use crate::operation::Operation;
use crate::verify::{Recovered, Verdict};

/// What a caller can submit.
pub(super) trait Job: Sized {
    /// What its handle gives.
    type Answer: Send + 'static;

    /// What it asks for.
    fn operation(&self) -> Operation;

    /// Bytes that it holds, its answer included.
    fn footprint(&self) -> usize;

    /// As the queue holds it.
    fn work(self, completion: Completion<Self::Answer>) -> Work;
}

/// A job and its handle's end.
pub(super) enum Work {
    Hash(HashJob, Completion<Answer>),
    Verify(VerifyJob, Completion<VerifyAnswer>),
    Recover(RecoverJob, Completion<RecoverAnswer>),
    Msm(MsmJob, Completion<MsmAnswer>, Progress),
}

/// Results of one job.
pub(super) enum Part {
    Digests(Digests),
    Verdicts(Vec<Verdict>),
    Keys(Vec<Recovered>),
    Point(Vec<u8>),
}

impl Work {
    pub(super) fn operation(&self) -> Operation {
        match self {
            Self::Hash(job, _) => job.operation(),
            Self::Verify(job, _) => job.operation(),
            Self::Recover(job, _) => job.operation(),
            Self::Msm(job, ..) => job.operation(),
        }
    }

    pub(super) fn footprint(&self) -> usize {
        match self {
            Self::Hash(job, _) => job.footprint(),
            Self::Verify(job, _) => job.footprint(),
            Self::Recover(job, _) => job.footprint(),
            Self::Msm(job, ..) => job.footprint(),
        }
    }

    /// Messages, signatures or terms.
    pub(super) fn items(&self) -> usize {
        match self {
            Self::Hash(job, _) => job.messages().len(),
            Self::Verify(job, _) => job.len(),
            Self::Recover(job, _) => job.len(),
            Self::Msm(job, ..) => job.len(),
        }
    }

    /// Bytes of the longest item, as a device counts them against its longest message.
    pub(super) fn longest(&self) -> usize {
        match self {
            Self::Hash(job, _) => job.messages().longest(),
            Self::Verify(job, _) => job.longest(),
            Self::Recover(job, _) => job.longest(),
            Self::Msm(..) => 0,
        }
    }

    /// Whether one device call can answer both.
    pub(super) fn joins(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Hash(a, _), Self::Hash(b, _)) => a.algorithm() == b.algorithm(),
            (Self::Verify(a, _), Self::Verify(b, _)) => a.plan() == b.plan(),
            (Self::Recover(a, _), Self::Recover(b, _)) => a.plan() == b.plan(),
            _ => false,
        }
    }

    /// Whether it joins others at all.
    pub(super) fn takes_company(&self) -> bool {
        !matches!(self, Self::Msm(..))
    }

    /// Whether nobody waits for the answer any more.
    pub(super) fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash(_, completion) => completion.is_abandoned(),
            Self::Verify(_, completion) => completion.is_abandoned(),
            Self::Recover(_, completion) => completion.is_abandoned(),
            Self::Msm(_, completion, _) => completion.is_abandoned(),
        }
    }

    /// Gives the answer.
    pub(super) fn succeed(self, part: Part, outcome: Outcome) {
        match (self, part) {
            (Self::Hash(_, completion), Part::Digests(digests)) => {
                completion.resolve(Ok(Answer { digests, outcome }), || ());
            }
            (Self::Verify(_, completion), Part::Verdicts(verdicts)) => {
                completion.resolve(Ok(VerifyAnswer { verdicts, outcome }), || ());
            }
            (Self::Recover(_, completion), Part::Keys(keys)) => {
                completion.resolve(Ok(RecoverAnswer { keys, outcome }), || ());
            }
            (Self::Msm(_, completion, _), Part::Point(point)) => {
                completion.resolve(Ok(MsmAnswer { point, outcome }), || ());
            }
            // Results of another kind than the job: its handle says that there is no answer.
            (Self::Hash(..) | Self::Verify(..) | Self::Recover(..) | Self::Msm(..), _) => {}
        }
    }

    /// Says why there is no answer; `accepted` runs before anybody can see it.
    pub(super) fn fail(self, error: Error, accepted: impl FnOnce()) {
        match self {
            Self::Hash(_, completion) => completion.fail(error, accepted),
            Self::Verify(_, completion) => completion.fail(error, accepted),
            Self::Recover(_, completion) => completion.fail(error, accepted),
            Self::Msm(_, completion, _) => completion.fail(error, accepted),
        }
    }
}
