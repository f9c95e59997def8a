//! Status codes and the last error of each thread.

use std::cell::RefCell;
use std::error::Error;
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a call came to. A value keeps its meaning in all versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum ChaincardStatus {
    /// Done.
    Ok = 0,
    /// A pointer is NULL that must not be.
    NullPointer = 1,
    /// No algorithm, profile, hashing, encoding or curve has this number or name.
    Algorithm = 2,
    /// Lengths do not agree with each other or with the algorithm.
    Length = 3,
    /// No device has this name; the message lists what is valid.
    Name = 4,
    /// The device could not be opened, or failed its known-answer test.
    Open = 5,
    /// No device could answer.
    Device = 6,
    /// No device that was opened has the algorithm or scheme.
    Unsupported = 7,
    /// An error in the library itself.
    Internal = 8,
    /// The scheme of the profile does not take this hashing or encoding, or has no recovery.
    Plan = 9,
    /// A base or a scalar breaks a rule of multi-scalar multiplication.
    Term = 10,
}

/// A status other than `Ok`, with its message.
#[derive(Debug)]
pub(crate) struct Failure {
    status: ChaincardStatus,
    message: String,
}

impl Failure {
    pub(crate) fn new(status: ChaincardStatus, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(crate) fn null(what: &'static str) -> Self {
        Self::new(ChaincardStatus::NullPointer, format!("{what} is NULL"))
    }

    /// An error with its sources, in one line.
    pub(crate) fn of(status: ChaincardStatus, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            message.push_str(": ");
            message.push_str(&error.to_string());
            source = error.source();
        }
        Self { status, message }
    }
}

thread_local! {
    static LAST_ERROR: RefCell<CString> = RefCell::default();
}

/// Message of this thread's last call that returned a status: "" after
/// `CHAINCARD_STATUS_OK`. Valid until the thread's next call into the library. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn chaincard_last_error() -> *const c_char {
    LAST_ERROR.try_with(|last| last.borrow().as_ptr()).unwrap_or(c"".as_ptr())
}

/// Runs the body of a call: its failure or its panic becomes a status and a message.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> ChaincardStatus {
    // What the body may leave half-done is only reached through locks that are recovered, or is
    // unspecified by contract.
    let outcome = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| {
        Err(Failure::new(ChaincardStatus::Internal, "the library panicked: please report it"))
    });
    let (status, message) = match outcome {
        Ok(()) => (ChaincardStatus::Ok, String::new()),
        Err(failure) => (failure.status, failure.message),
    };
    let message = CString::new(message.replace('\0', " ")).unwrap_or_default();
    // A thread that is ending has nobody left to ask.
    let _ = LAST_ERROR.try_with(|last| *last.borrow_mut() = message);
    status
}
