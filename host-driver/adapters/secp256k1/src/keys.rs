//! Public keys: `secp256k1.h`.
//!
//! # Safety
//! Pointers are null, which is an illegal argument, or point to what the header says.

#![allow(clippy::missing_safety_doc)]

use std::ffi::{c_int, c_uchar, c_uint};

use secp256k1::ffi;

use crate::bundled;
use crate::callbacks::check;
use crate::types::{Context, PublicKey};

/// Lowest byte of flags: what they are for.
const TYPE_MASK: c_uint = 0xFF;
const TYPE_COMPRESSION: c_uint = 1 << 1;
const COMPRESSED: c_uint = TYPE_COMPRESSION | BIT_COMPRESSION;
const BIT_COMPRESSION: c_uint = 1 << 8;

/// Parses a key of SEC 1: 33 bytes, or 65 with the hybrid form. 1, or 0 for what is none.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ec_pubkey_parse(
    ctx: *const Context,
    pubkey: *mut PublicKey,
    input: *const c_uchar,
    inputlen: usize,
) -> c_int {
    check!(ctx, !pubkey.is_null(), c"pubkey != NULL");
    // SAFETY: not null, and the caller vouches for the space.
    unsafe { pubkey.write(PublicKey([0; 64])) };
    check!(ctx, !input.is_null(), c"input != NULL");
    // SAFETY: not null, the caller vouches for the bytes, and the structures are the same.
    unsafe { ffi::secp256k1_ec_pubkey_parse(bundled::context(), pubkey.cast(), input, inputlen) }
}

/// Writes a key as 33 bytes or 65. 1.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ec_pubkey_serialize(
    ctx: *const Context,
    output: *mut c_uchar,
    outputlen: *mut usize,
    pubkey: *const PublicKey,
    flags: c_uint,
) -> c_int {
    check!(ctx, !outputlen.is_null(), c"outputlen != NULL");
    let needed = if flags & BIT_COMPRESSION != 0 { 33 } else { 65 };
    // SAFETY: not null, and the caller vouches for the number.
    let len = unsafe { outputlen.read() };
    check!(
        ctx,
        len >= needed,
        c"*outputlen >= ((flags & SECP256K1_FLAGS_BIT_COMPRESSION) ? 33u : 65u)"
    );
    // SAFETY: as above.
    unsafe { outputlen.write(0) };
    check!(ctx, !output.is_null(), c"output != NULL");
    // SAFETY: not null, and the caller vouches for `len` bytes of space.
    unsafe { output.write_bytes(0, len) };
    check!(ctx, !pubkey.is_null(), c"pubkey != NULL");
    check!(
        ctx,
        flags & TYPE_MASK == TYPE_COMPRESSION,
        c"(flags & SECP256K1_FLAGS_TYPE_MASK) == SECP256K1_FLAGS_TYPE_COMPRESSION"
    );
    // SAFETY: not null, and the caller vouches for the key.
    check!(ctx, unsafe { has_x(pubkey) }, c"!secp256k1_fe_is_zero(&ge->x)");
    let here = bundled::context();
    // SAFETY: all are checked, the caller vouches for the rest, and the structures are the same.
    unsafe {
        outputlen.write(len);
        ffi::secp256k1_ec_pubkey_serialize(here, output, outputlen, pubkey.cast(), flags)
    }
}

/// Compares keys as their 33 bytes compare: less than, equal to or greater than 0.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ec_pubkey_cmp(
    ctx: *const Context,
    pubkey1: *const PublicKey,
    pubkey2: *const PublicKey,
) -> c_int {
    // SAFETY: the caller vouches for the keys.
    let [first, second] = [pubkey1, pubkey2].map(|key| unsafe { compressed(ctx, key) });
    first.cmp(&second) as c_int
}

/// A key as 33 bytes; zeros, which come before all keys, for an illegal one.
///
/// # Safety
/// `key` is null or points to a key.
unsafe fn compressed(ctx: *const Context, key: *const PublicKey) -> [u8; 33] {
    let mut bytes = [0; 33];
    let mut len = bytes.len();
    // SAFETY: the space is there, and the caller vouches for the key.
    let made = unsafe {
        secp256k1_ec_pubkey_serialize(ctx, bytes.as_mut_ptr(), &mut len, key, COMPRESSED)
    };
    if made == 1 { bytes } else { [0; 33] }
}

/// Whether x is not 0, as in no key that was parsed: the structure has been filled.
///
/// # Safety
/// `key` points to a key.
pub(crate) unsafe fn has_x(key: *const PublicKey) -> bool {
    // SAFETY: the caller vouches for it, and bytes need no alignment.
    let PublicKey(bytes) = unsafe { key.read() };
    bytes[..32] != [0; 32]
}
