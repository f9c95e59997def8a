//! Jobs and their answers.

use std::sync::Arc;

use super::handle::Completion;
use super::work::{Job, Work};
use crate::device::Report;
use crate::hash::{Digests, HashAlgorithm, Messages, MessagesError};
use crate::operation::Operation;

/// Messages to hash, owned.
///
/// ```
/// use chaincard::{HashAlgorithm, HashJob};
///
/// let job = HashJob::collect(HashAlgorithm::Sha256, ["a", "bc"]);
/// assert_eq!(job.messages().len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct HashJob {
    algorithm: HashAlgorithm,
    data: Vec<u8>,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    Rows { len: usize, count: usize },
    Packed(Vec<usize>),
}

impl HashJob {
    /// Messages of `len` > 0 bytes each, back to back.
    ///
    /// # Errors
    /// [`MessagesError::Rows`] when `data` is not a whole number of rows.
    pub fn rows(
        algorithm: HashAlgorithm,
        data: Vec<u8>,
        len: usize,
    ) -> Result<Self, MessagesError> {
        let count = Messages::rows(&data, len)?.len();
        Ok(Self { algorithm, data, shape: Shape::Rows { len, count } })
    }

    /// Messages back to back, message i ending before `ends[i]`.
    ///
    /// # Errors
    /// [`MessagesError::Ends`] when the ends do not ascend or leave the data.
    pub fn packed(
        algorithm: HashAlgorithm,
        data: Vec<u8>,
        ends: Vec<usize>,
    ) -> Result<Self, MessagesError> {
        Messages::packed(&data, &ends)?;
        Ok(Self { algorithm, data, shape: Shape::Packed(ends) })
    }

    /// Copies messages.
    pub fn collect<M: AsRef<[u8]>>(
        algorithm: HashAlgorithm,
        messages: impl IntoIterator<Item = M>,
    ) -> Self {
        let (mut data, mut ends) = (Vec::new(), Vec::new());
        for message in messages {
            data.extend_from_slice(message.as_ref());
            ends.push(data.len());
        }
        Self { algorithm, data, shape: Shape::Packed(ends) }
    }

    /// The algorithm.
    pub fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// The messages.
    pub fn messages(&self) -> Messages<'_> {
        match self.shape {
            Shape::Rows { len, count } => Messages::Rows { data: &self.data, len, count },
            Shape::Packed(ref ends) => Messages::Packed { data: &self.data, ends },
        }
    }
}

impl Job for HashJob {
    type Answer = Answer;

    fn operation(&self) -> Operation {
        Operation::Hash(self.algorithm)
    }

    fn footprint(&self) -> usize {
        self.data.len() + self.messages().len() * (self.algorithm.digest_len() + 8)
    }

    fn work(self, completion: Completion<Answer>) -> Work {
        Work::Hash(self, completion)
    }
}

/// Which device answered, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Name of the device.
    pub device: Arc<str>,
    /// What it told, for the whole batch that the job was coalesced into.
    pub report: Report,
    /// Jobs in that batch; 1 for a job of its own.
    pub batch_jobs: usize,
    /// Messages or signatures that another device answered because they are longer than this
    /// one takes.
    pub elsewhere: usize,
    /// Whether the device is the fallback, or another one had failed before.
    pub fallback: bool,
}

/// Answer to a [`HashJob`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The digests, in the order of the messages.
    pub digests: Digests,
    /// Which device answered, and how.
    pub outcome: Outcome,
}
