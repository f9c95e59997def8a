//! Jobs, their handles and their answers.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::Error;
use crate::device::Report;
use crate::hash::{Digests, HashAlgorithm, Messages, MessagesError};

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

    /// Bytes that the job holds, its answer included.
    pub(super) fn footprint(&self) -> usize {
        self.data.len() + self.messages().len() * (self.algorithm.digest_len() + 8)
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
    /// Messages that another device answered because they are longer than this one takes.
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

/// An answer on its way: wait for it or await it. It comes exactly once, also when the
/// accelerator is dropped. A job whose handle is dropped before it is begun is not begun.
#[derive(Debug)]
pub struct Handle<T = Answer> {
    shared: Arc<Shared<T>>,
}

impl<T> Handle<T> {
    /// Blocks until the answer is here.
    ///
    /// # Errors
    /// Why there is none.
    pub fn wait(self) -> Result<T, Error> {
        let mut state = self.shared.lock();
        loop {
            if let Some(answer) = state.take() {
                return answer;
            }
            state = self.shared.done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Blocks until the answer is here, `timeout` at most.
    ///
    /// # Errors
    /// The handle itself when the time is over: the job goes on.
    pub fn wait_timeout(self, timeout: Duration) -> Result<Result<T, Error>, Self> {
        let deadline = Instant::now() + timeout;
        let mut state = self.shared.lock();
        loop {
            if let Some(answer) = state.take() {
                return Ok(answer);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(state);
                return Err(self);
            }
            let waited = self.shared.done.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether [`wait`](Self::wait) would return at once.
    pub fn is_done(&self) -> bool {
        !matches!(*self.shared.lock(), State::Waiting(_))
    }
}

impl<T> Future for Handle<T> {
    type Output = Result<T, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.shared.lock();
        match state.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                *state = State::Waiting(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

#[derive(Debug)]
enum State<T> {
    Waiting(Option<Waker>),
    Done(Result<T, Error>),
    Taken,
}

impl<T> State<T> {
    /// The answer, once; afterwards [`Error::Taken`].
    fn take(&mut self) -> Option<Result<T, Error>> {
        if let Self::Waiting(_) = self {
            return None;
        }
        match std::mem::replace(self, Self::Taken) {
            Self::Done(answer) => Some(answer),
            _ => Some(Err(Error::Taken)),
        }
    }
}

/// What a handle and the queue share.
#[derive(Debug)]
pub(super) struct Shared<T> {
    state: Mutex<State<T>>,
    done: Condvar,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the answer unless there is one already; `accepted` runs before anybody can see it,
    /// so that whoever has an answer finds it counted.
    pub(super) fn resolve(&self, answer: Result<T, Error>, accepted: impl FnOnce()) {
        let waker = {
            let mut state = self.lock();
            let State::Waiting(waker) = &mut *state else { return };
            let waker = waker.take();
            accepted();
            *state = State::Done(answer);
            waker
        };
        self.done.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// The queue's end of a handle: dropping it without an answer says that there will be none.
#[derive(Debug)]
pub(super) struct Completion<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Completion<T> {
    /// Both ends.
    pub(super) fn pair() -> (Self, Handle<T>) {
        let state = Mutex::new(State::Waiting(None));
        let shared = Arc::new(Shared { state, done: Condvar::new() });
        (Self { shared: Arc::clone(&shared) }, Handle { shared })
    }

    /// As [`Shared::resolve`].
    pub(super) fn resolve(self, answer: Result<T, Error>, accepted: impl FnOnce()) {
        self.shared.resolve(answer, accepted);
    }

    /// Whether nobody waits any more: the handle is gone, or was told that time is over.
    pub(super) fn is_abandoned(&self) -> bool {
        Arc::strong_count(&self.shared) == 1 || !matches!(*self.shared.lock(), State::Waiting(_))
    }

    /// For the watch over time limits.
    pub(super) fn downgrade(&self) -> std::sync::Weak<Shared<T>> {
        Arc::downgrade(&self.shared)
    }
}

impl<T> Drop for Completion<T> {
    fn drop(&mut self) {
        self.shared.resolve(Err(Error::ShutDown), || ());
    }
}
