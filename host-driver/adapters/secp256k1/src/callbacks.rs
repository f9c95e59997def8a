//! What happens when an argument is illegal, as the context says.
//!
//! Contexts are the real library's, whose inside is not known here; so what callbacks they have is
//! noted when it is set, and looked up only when an argument is illegal.

use std::collections::HashMap;
use std::ffi::{CStr, c_void};
use std::io::Write as _;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::types::{Callback, Context};

/// A callback and its data.
#[derive(Clone, Copy)]
struct Handler {
    function: Callback,
    data: *mut c_void,
}

// SAFETY: the pointer is only handed back to the program that gave it.
unsafe impl Send for Handler {}
// SAFETY: as above.
unsafe impl Sync for Handler {}

type Handlers = Option<HashMap<usize, Handler>>;

/// Of contexts, by address, that do not have the default.
static HANDLERS: RwLock<Handlers> = RwLock::new(None);

fn read() -> RwLockReadGuard<'static, Handlers> {
    HANDLERS.read().unwrap_or_else(PoisonError::into_inner)
}

fn write() -> RwLockWriteGuard<'static, Handlers> {
    HANDLERS.write().unwrap_or_else(PoisonError::into_inner)
}

/// Sets the callback of a context; `None` is the default.
pub(crate) fn set(context: *const Context, function: Option<Callback>, data: *mut c_void) {
    match function {
        Some(function) => {
            let handler = Handler { function, data };
            write().get_or_insert_default().insert(context.addr(), handler);
        }
        None => forget(context),
    }
}

/// The context is gone, or has the default from now on.
pub(crate) fn forget(context: *const Context) {
    if let Some(handlers) = write().as_mut() {
        handlers.remove(&context.addr());
    }
}

/// Gives a copy of a context the callback that the original has.
pub(crate) fn copy(from: *const Context, to: *const Context) {
    let handler = read().as_ref().and_then(|handlers| handlers.get(&from.addr()).copied());
    match handler {
        Some(handler) => set(to, Some(handler.function), handler.data),
        None => forget(to),
    }
}

/// Calls the callback: `condition` is what does not hold. The default says so on standard error and
/// ends the process.
pub(crate) fn illegal(context: *const Context, condition: &'static CStr) {
    // The callback may not return, so no lock is held while it runs.
    let handler = read().as_ref().and_then(|handlers| handlers.get(&context.addr()).copied());
    match handler {
        // SAFETY: the program gave the function for this purpose, with this data.
        Some(Handler { function, data }) => unsafe { function(condition.as_ptr(), data) },
        None => {
            let text = condition.to_string_lossy();
            // A process that ends cannot do more about an output that is closed.
            let _ = writeln!(std::io::stderr(), "[libsecp256k1] illegal argument: {text}");
            std::process::abort();
        }
    }
}

/// Returns `$failed`, 0 or `nothing`, after calling the callback of context `$ctx` unless `$holds`; `$condition` is
/// the header's condition as libsecp256k1 words it.
macro_rules! check {
    ($ctx:expr, $holds:expr, $condition:literal) => {
        check!($ctx, $holds, $condition, 0)
    };
    ($ctx:expr, $holds:expr, $condition:literal, nothing) => {
        if !$holds {
            $crate::callbacks::illegal($ctx, $condition);
            return;
        }
    };
    ($ctx:expr, $holds:expr, $condition:literal, $failed:expr) => {
        if !$holds {
            $crate::callbacks::illegal($ctx, $condition);
            return $failed;
        }
    };
}
pub(crate) use check;
