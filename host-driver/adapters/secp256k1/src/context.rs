//! Contexts: `secp256k1.h` and `secp256k1_preallocated.h`.
//!
//! They are the real library's, so that its functions take them. Without one, contexts are made here
//! that serve for what is done here.
//!
//! # Safety
//! Pointers are null or point to what the header says.

#![allow(clippy::missing_safety_doc)]

use std::ffi::{c_int, c_uchar, c_uint, c_void};

use crate::callbacks::{self, check};
use crate::data::is_static;
use crate::real;
use crate::symbol::call;
use crate::types::{Callback, Context};

/// A context without the real library: nothing is kept in it.
#[repr(C)]
struct Own {
    magic: u64,
}

/// What no static context and no context that was destroyed begins with.
const MAGIC: u64 = 0x6368_6169_6e63_6172;

/// Lowest byte of flags: what they are for.
const TYPE_MASK: c_uint = 0xFF;
const TYPE_CONTEXT: c_uint = 1;

/// Whether flags are those of a context; if not, the default callback is called.
fn are_valid(flags: c_uint) -> bool {
    check!(std::ptr::null(), flags & TYPE_MASK == TYPE_CONTEXT, c"Invalid flags", false);
    true
}

/// Whether a context of this library is one that can be changed.
///
/// # Safety
/// `ctx` is null or points to a context.
unsafe fn is_proper(ctx: *const Context) -> bool {
    // SAFETY: not null, and the caller vouches for it.
    !ctx.is_null() && unsafe { ctx.cast::<Own>().read_unaligned() }.magic == MAGIC
}

/// Tests that the library works; ends the process otherwise.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn secp256k1_selftest() {
    if real::library().is_some() {
        call!(secp256k1_selftest() -> ());
    }
}

/// Makes a context.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn secp256k1_context_create(flags: c_uint) -> *mut Context {
    let made: *mut Context = if real::library().is_some() {
        call!(secp256k1_context_create(flags: c_uint) -> *mut Context)
    } else if are_valid(flags) {
        Box::into_raw(Box::new(Own { magic: MAGIC })).cast()
    } else {
        std::ptr::null_mut()
    };
    callbacks::forget(made);
    made
}

/// Makes a copy of a context, which has the same callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_context_clone(ctx: *const Context) -> *mut Context {
    let made: *mut Context = if real::library().is_some() {
        call!(secp256k1_context_clone(ctx: *const Context) -> *mut Context)
    } else {
        // SAFETY: the caller vouches for the context.
        let proper = unsafe { is_proper(ctx) };
        check!(ctx, proper, c"secp256k1_context_is_proper(ctx)", std::ptr::null_mut());
        Box::into_raw(Box::new(Own { magic: MAGIC })).cast()
    };
    callbacks::copy(ctx, made);
    made
}

/// Destroys a context that was made by one of the two functions above; null is none.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_context_destroy(ctx: *mut Context) {
    if real::library().is_some() {
        forget_unless_static(ctx);
        call!(secp256k1_context_destroy(ctx: *mut Context) -> ());
        return;
    }
    // SAFETY: the caller vouches for the context; a box made it, and it is used no more.
    unsafe {
        if end(ctx) {
            drop(Box::from_raw(ctx.cast::<Own>()));
        }
    }
}

/// Makes a context of this library one that is not proper any more; whether there was one.
///
/// # Safety
/// `ctx` is null or points to a context.
unsafe fn end(ctx: *mut Context) -> bool {
    if ctx.is_null() {
        return false;
    }
    // SAFETY: the caller vouches for the context.
    let proper = unsafe { is_proper(ctx) };
    check!(ctx, proper, c"ctx == NULL || secp256k1_context_is_proper(ctx)", false);
    callbacks::forget(ctx);
    // SAFETY: not null, and the caller vouches for it.
    unsafe { ctx.cast::<Own>().write_unaligned(Own { magic: 0 }) };
    true
}

/// Before the context is gone: another one may be at its place at once.
fn forget_unless_static(ctx: *const Context) {
    if !is_static(ctx) {
        callbacks::forget(ctx);
    }
}

/// Bytes that a context takes.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn secp256k1_context_preallocated_size(flags: c_uint) -> usize {
    if real::library().is_some() {
        return call!(secp256k1_context_preallocated_size(flags: c_uint) -> usize);
    }
    if are_valid(flags) { size_of::<Own>() } else { 0 }
}

/// Makes a context in the caller's memory.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_context_preallocated_create(
    prealloc: *mut c_void,
    flags: c_uint,
) -> *mut Context {
    let made: *mut Context = if real::library().is_some() {
        call!(secp256k1_context_preallocated_create(prealloc: *mut c_void, flags: c_uint)
            -> *mut Context)
    } else if are_valid(flags) && !prealloc.is_null() {
        // SAFETY: not null, and the caller vouches for the space.
        unsafe { prealloc.cast::<Own>().write_unaligned(Own { magic: MAGIC }) };
        prealloc.cast()
    } else {
        std::ptr::null_mut()
    };
    callbacks::forget(made);
    made
}

/// Bytes that a copy of a context takes.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_context_preallocated_clone_size(
    ctx: *const Context,
) -> usize {
    if real::library().is_some() {
        return call!(secp256k1_context_preallocated_clone_size(ctx: *const Context) -> usize);
    }
    // SAFETY: the caller vouches for the context.
    let proper = unsafe { is_proper(ctx) };
    check!(ctx, proper, c"secp256k1_context_is_proper(ctx)");
    size_of::<Own>()
}

/// Makes a copy of a context in the caller's memory, which has the same callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_context_preallocated_clone(
    ctx: *const Context,
    prealloc: *mut c_void,
) -> *mut Context {
    let made: *mut Context = if real::library().is_some() {
        call!(secp256k1_context_preallocated_clone(ctx: *const Context, prealloc: *mut c_void)
            -> *mut Context)
    } else {
        check!(ctx, !prealloc.is_null(), c"prealloc != NULL", std::ptr::null_mut());
        // SAFETY: the caller vouches for the context.
        let proper = unsafe { is_proper(ctx) };
        check!(ctx, proper, c"secp256k1_context_is_proper(ctx)", std::ptr::null_mut());
        // SAFETY: not null, and the caller vouches for the space.
        unsafe { prealloc.cast::<Own>().write_unaligned(Own { magic: MAGIC }) };
        prealloc.cast()
    };
    callbacks::copy(ctx, made);
    made
}

/// Destroys a context in the caller's memory, which stays; null is none.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_context_preallocated_destroy(ctx: *mut Context) {
    if real::library().is_some() {
        forget_unless_static(ctx);
        call!(secp256k1_context_preallocated_destroy(ctx: *mut Context) -> ());
        return;
    }
    // SAFETY: the caller vouches for the context.
    unsafe { end(ctx) };
}

/// Sets what is called when an argument is illegal; null is the default, which ends the process.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_context_set_illegal_callback(
    ctx: *mut Context,
    fun: Option<Callback>,
    data: *const c_void,
) {
    check!(ctx, !is_static(ctx), c"ctx != secp256k1_context_static", nothing);
    callbacks::set(ctx, fun, data.cast_mut());
    if real::library().is_some() {
        call!(secp256k1_context_set_illegal_callback(
            ctx: *mut Context, fun: Option<Callback>, data: *const c_void) -> ());
    }
}

/// Sets what is called when the real library finds itself broken; null is the default, which ends the
/// process.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_context_set_error_callback(
    ctx: *mut Context,
    fun: Option<Callback>,
    data: *const c_void,
) {
    check!(ctx, !is_static(ctx), c"ctx != secp256k1_context_static", nothing);
    if real::library().is_some() {
        call!(secp256k1_context_set_error_callback(
            ctx: *mut Context, fun: Option<Callback>, data: *const c_void) -> ());
    }
}

/// Protects secret keys against observers anew: 1. Without the real library there are none.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_context_randomize(
    ctx: *mut Context,
    seed32: *const c_uchar,
) -> c_int {
    if real::library().is_some() {
        return call!(secp256k1_context_randomize(ctx: *mut Context, seed32: *const c_uchar) -> c_int);
    }
    // SAFETY: the caller vouches for the context.
    let proper = unsafe { is_proper(ctx) };
    check!(ctx, proper, c"secp256k1_context_is_proper(ctx)");
    1
}
