//! The exported functions, named and declared as in GM/T 0018-2012.
//!
//! # Safety
//!
//! Handles may be anything. A pointer is null, which is refused, or points to what the standard says,
//! for as long as the call takes: as many bytes as the length beside it, a structure, or space for a
//! result. Structures need no alignment, and the first halves of their 64-byte fields no contents.
//! Input and output of SM4 may be the same place.

#![allow(non_snake_case, clippy::missing_safety_doc, clippy::too_many_arguments)]

mod asymmetric;
mod device;
mod hash;
mod keys;
mod symmetric;
mod unsupported;

use std::ffi::{c_int, c_uchar, c_uint};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use asymmetric::*;
pub use device::*;
pub use hash::*;
pub use keys::*;
pub use symmetric::*;
pub use unsupported::*;

use crate::code::{SDR_OK, SDR_UNKNOWERR, SGD_SM2, SGD_SM2_1, SGD_SM2_2, SGD_SM2_3};
use crate::error::Failure;
use crate::sm2::PublicBytes;
use crate::types::{ECCREF_MAX_LEN, ECCSignature, ECCrefPublicKey, SM2_BITS};

/// Runs the body of a call: its failure or its panic becomes a return value.
fn guard(function: &'static str, body: impl FnOnce() -> Result<(), Failure>) -> c_int {
    // What a body may leave half-done is only reached through locks that are recovered.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => SDR_OK,
        Ok(Err(failure)) => {
            tracing::debug!(function, %failure);
            failure.code()
        }
        Err(_) => {
            tracing::error!(function, "the library panicked: please report it");
            SDR_UNKNOWERR
        }
    }
}

/// The bytes behind a pointer from C; null is an empty buffer when `len` is 0.
///
/// # Safety
/// `data` is null or points to `len` bytes that live, and are not written to, for `'a`.
unsafe fn bytes<'a>(
    data: *const c_uchar,
    len: c_uint,
    null: &'static str,
) -> Result<&'a [u8], Failure> {
    match (data.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(Failure::Argument(null)),
        // SAFETY: not null, and the caller vouches for the rest.
        (false, len) => Ok(unsafe { std::slice::from_raw_parts(data, len as usize) }),
    }
}

/// The digest of 32 bytes that a signature is for.
///
/// # Safety
/// As [`bytes`].
unsafe fn digest<'a>(data: *const c_uchar, len: c_uint) -> Result<&'a [u8; 32], Failure> {
    // SAFETY: the caller vouches for the bytes.
    let bytes = unsafe { bytes(data, len, "pointer to the digest is null") }?;
    bytes.try_into().map_err(|_| Failure::Argument("digest has not 32 bytes"))
}

/// The number of 256 bits in a field.
///
/// # Safety
/// `field` points to a field whose last 32 bytes have contents.
unsafe fn number(field: *const [c_uchar; ECCREF_MAX_LEN]) -> [u8; 32] {
    // SAFETY: the second half is within the field, and bytes need no alignment.
    unsafe { field.cast::<[u8; 32]>().add(1).read() }
}

/// A field with a number of 256 bits.
fn field(number: &[u8; 32]) -> [c_uchar; ECCREF_MAX_LEN] {
    let mut field = [0; ECCREF_MAX_LEN];
    field[32..].copy_from_slice(number);
    field
}

/// x and y of a public key.
///
/// # Safety
/// `key` is null or points to a key.
unsafe fn public_key(key: *const ECCrefPublicKey) -> Result<PublicBytes, Failure> {
    if key.is_null() {
        return Err(Failure::Argument("pointer to the public key is null"));
    }
    // SAFETY: not null, and the caller vouches for the key; places within it are not references, so
    // that they need neither alignment nor contents.
    let (bits, x, y) = unsafe {
        let bits = (&raw const (*key).bits).read_unaligned();
        (bits, number(&raw const (*key).x), number(&raw const (*key).y))
    };
    if bits != SM2_BITS { Err(Failure::Key("it is not of 256 bits")) } else { Ok([x, y]) }
}

/// r and s of a signature.
///
/// # Safety
/// `signature` is null or points to a signature.
unsafe fn signature(signature: *const ECCSignature) -> Result<PublicBytes, Failure> {
    if signature.is_null() {
        return Err(Failure::Argument("pointer to the signature is null"));
    }
    // SAFETY: as in `public_key`.
    Ok(unsafe { [number(&raw const (*signature).r), number(&raw const (*signature).s)] })
}

/// Refuses a null pointer to a result.
fn out<T>(pointer: *mut T, what: &'static str) -> Result<*mut T, Failure> {
    if pointer.is_null() { Err(Failure::Output(what)) } else { Ok(pointer) }
}

/// Refuses what is no algorithm of SM2.
fn check_sm2(algorithm: c_uint) -> Result<(), Failure> {
    match algorithm {
        SGD_SM2 | SGD_SM2_1 | SGD_SM2_2 | SGD_SM2_3 => Ok(()),
        other => Err(Failure::Algorithm(other)),
    }
}

/// Refuses what does not sign.
fn check_sm2_signs(algorithm: c_uint) -> Result<(), Failure> {
    match algorithm {
        SGD_SM2 | SGD_SM2_1 => Ok(()),
        other => Err(Failure::Algorithm(other)),
    }
}
