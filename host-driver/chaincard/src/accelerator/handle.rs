//! Answers on their way.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::{Answer, Error};

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

    /// Tells the handle why there will be no answer; as [`Shared::resolve`].
    pub(super) fn fail(self, error: Error, accepted: impl FnOnce()) {
        self.shared.resolve(Err(error), accepted);
    }
}

impl<T: Send + 'static> Completion<T> {
    /// For the watch over time limits.
    pub(super) fn limit(&self) -> Weak<dyn Expire> {
        let shared: Weak<Shared<T>> = Arc::downgrade(&self.shared);
        shared
    }
}

/// What a time limit can end.
pub(super) trait Expire: Send + Sync {
    /// Says that time is over, unless there is an answer; then it counts that in `failed`.
    fn expire(&self, failed: &AtomicU64);
}

impl<T: Send> Expire for Shared<T> {
    fn expire(&self, failed: &AtomicU64) {
        self.resolve(Err(Error::TimedOut), || {
            failed.fetch_add(1, Relaxed);
        });
    }
}

impl<T> Drop for Completion<T> {
    fn drop(&mut self) {
        self.shared.resolve(Err(Error::ShutDown), || ());
    }
}
