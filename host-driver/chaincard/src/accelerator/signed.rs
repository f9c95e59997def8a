//! Jobs with signatures, and their answers.

use std::sync::Arc;

use super::handle::Completion;
use super::job::Outcome;
use super::work::{Job, Work};
use crate::operation::Operation;
use crate::verify::{
    BatchError, Hashing, Item, Key, Plan, RecoverBatch, Recovered, Verdict, VerifyBatch, wire_len,
};

/// Signatures to verify, owned. They have come through the strict front.
///
/// ```
/// use chaincard::verify::{Hashing, Plan, Profile, SignatureEncoding, VerifyBatch};
/// use chaincard::{Messages, VerifyJob};
///
/// let job = VerifyJob::of(&VerifyBatch {
///     plan: Plan::new(Profile::Gm, Hashing::Sm3),
///     encoding: SignatureEncoding::Der,
///     messages: Messages::Slices(&[b"a transfer"]),
///     public_keys: Messages::Slices(&[&[2; 33]]),
///     signatures: Messages::Slices(&[b"no signature"]),
/// })?;
/// assert_eq!(job.len(), 1);
/// # Ok::<(), chaincard::verify::BatchError>(())
/// ```
#[derive(Clone, Debug)]
pub struct VerifyJob(Signed);

/// Signatures whose public keys are to be recovered, owned.
#[derive(Clone, Debug)]
pub struct RecoverJob(Signed);

/// Answer to a [`VerifyJob`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyAnswer {
    /// The verdicts, in the order of the signatures.
    pub verdicts: Vec<Verdict>,
    /// Which device answered, and how.
    pub outcome: Outcome,
}

/// Answer to a [`RecoverJob`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoverAnswer {
    /// The keys, in the order of the signatures.
    pub keys: Vec<Recovered>,
    /// Which device answered, and how.
    pub outcome: Outcome,
}

/// Signatures that have come through the strict front.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    plan: Plan<'static>,
    /// User id that the plan lacks.
    user_id: Arc<[u8]>,
    /// The messages of the well-formed ones.
    data: Vec<u8>,
    entries: Vec<Result<Entry, Verdict>>,
}

/// An [`Item`] whose message is `data[start..end]`.
#[derive(Clone, Copy, Debug)]
struct Entry {
    r: [u8; 32],
    s: [u8; 32],
    key: Key,
    start: usize,
    end: usize,
}

impl Signed {
    pub(super) fn new(plan: &Plan<'_>, items: &[Result<Item<'_>, Verdict>]) -> Self {
        let bytes = items.iter().flatten().map(|item| item.message.len()).sum();
        let mut data = Vec::with_capacity(bytes);
        let entries = items
            .iter()
            .map(|item| {
                item.map(|Item { r, s, key, message }| {
                    let start = data.len();
                    data.extend_from_slice(message);
                    Entry { r, s, key, start, end: data.len() }
                })
            })
            .collect();
        // Two plans join only when their user ids are the same, where they matter.
        let user_id = if plan.hashing == Hashing::Sm3 { plan.user_id } else { &[] };
        let Plan { profile, hashing, .. } = *plan;
        let plan = Plan { profile, hashing, user_id: &[] };
        Self { plan, user_id: user_id.into(), data, entries }
    }

    pub(super) fn plan(&self) -> Plan<'_> {
        Plan { user_id: &self.user_id, ..self.plan }
    }

    /// Each item, or the verdict on its shape.
    pub(super) fn entries(&self) -> impl Iterator<Item = Result<Item<'_>, Verdict>> {
        self.entries.iter().map(|entry| {
            entry.map(|Entry { r, s, key, start, end }| {
                let message = self.data.get(start..end).unwrap_or_default();
                Item { r, s, key, message }
            })
        })
    }

    pub(super) fn footprint(&self, answer: usize) -> usize {
        self.data.len() + self.entries.len() * (size_of::<Entry>() + answer)
    }

    fn longest(&self) -> usize {
        let plan = self.plan();
        self.entries().flatten().map(|item| wire_len(&plan, &item)).max().unwrap_or(0)
    }
}

macro_rules! signed_job {
    ($job:ident, $batch:ident, $answer:ident, $result:ty, $work:ident, $operation:expr) => {
        impl $job {
            /// Copies a batch and looks at its shapes.
            ///
            /// # Errors
            /// What is wrong with the batch as a whole.
            pub fn of(batch: &$batch<'_>) -> Result<Self, BatchError> {
                Ok(Self(Signed::new(&batch.plan, &batch.parse()?)))
            }

            pub(super) fn new(plan: &Plan<'_>, items: &[Result<Item<'_>, Verdict>]) -> Self {
                Self(Signed::new(plan, items))
            }

            /// What is asked for, and by which rules. Without hashing that takes it, the user id
            /// is empty.
            pub fn plan(&self) -> Plan<'_> {
                self.0.plan()
            }

            /// Number of signatures.
            pub fn len(&self) -> usize {
                self.0.entries.len()
            }

            /// Whether there is no signature.
            pub fn is_empty(&self) -> bool {
                self.0.entries.is_empty()
            }

            /// Each item, or the verdict on its shape.
            pub(super) fn entries(&self) -> impl Iterator<Item = Result<Item<'_>, Verdict>> {
                self.0.entries()
            }

            pub(super) fn longest(&self) -> usize {
                self.0.longest()
            }
        }

        impl Job for $job {
            type Answer = $answer;

            fn operation(&self) -> Operation {
                $operation(&self.0)
            }

            fn footprint(&self) -> usize {
                self.0.footprint(size_of::<$result>())
            }

            fn work(self, completion: Completion<$answer>) -> Work {
                Work::$work(self, completion)
            }
        }
    };
}

signed_job!(VerifyJob, VerifyBatch, VerifyAnswer, Verdict, Verify, |signed: &Signed| {
    Operation::Verify(signed.plan.profile.scheme())
});
signed_job!(RecoverJob, RecoverBatch, RecoverAnswer, Recovered, Recover, |_: &Signed| {
    Operation::Recover
});
