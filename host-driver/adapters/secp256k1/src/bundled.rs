//! libsecp256k1 as it is built into this library, under other names: it parses, serializes and
//! compares, and verifies what no device answers.

use secp256k1::ffi;

/// Its static context, with which it does everything that needs no secret.
pub(crate) fn context() -> *const ffi::Context {
    // SAFETY: a constant of the library.
    unsafe { ffi::secp256k1_context_static }
}
