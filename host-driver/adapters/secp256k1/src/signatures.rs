//! Signatures in all their forms: `secp256k1.h` and `secp256k1_recovery.h`.
//!
//! # Safety
//! Pointers are null, which is an illegal argument unless the header allows it, or point to what the
//! header says.

#![allow(clippy::missing_safety_doc)]

use std::ffi::{c_int, c_uchar};

use secp256k1::ffi;

use crate::bundled;
use crate::callbacks::check;
use crate::types::{Context, RecoverableSignature, Signature};

/// Parses r and s, 32 bytes each. 1, or 0 if one is not below n.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_signature_parse_compact(
    ctx: *const Context,
    sig: *mut Signature,
    input64: *const c_uchar,
) -> c_int {
    check!(ctx, !sig.is_null(), c"sig != NULL");
    check!(ctx, !input64.is_null(), c"input64 != NULL");
    let here = bundled::context();
    // SAFETY: not null, the caller vouches for the bytes, and the structures are the same.
    unsafe { ffi::secp256k1_ecdsa_signature_parse_compact(here, sig.cast(), input64) }
}

/// Parses strict DER. 1, or 0 for what is none; numbers that are not in [0, n) become 0, which no
/// valid signature has.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_signature_parse_der(
    ctx: *const Context,
    sig: *mut Signature,
    input: *const c_uchar,
    inputlen: usize,
) -> c_int {
    check!(ctx, !sig.is_null(), c"sig != NULL");
    check!(ctx, !input.is_null(), c"input != NULL");
    let here = bundled::context();
    // SAFETY: as in `secp256k1_ecdsa_signature_parse_compact`.
    unsafe { ffi::secp256k1_ecdsa_signature_parse_der(here, sig.cast(), input, inputlen) }
}

/// Writes DER. 1, or 0 if there is not enough space; the length becomes the one needed.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_signature_serialize_der(
    ctx: *const Context,
    output: *mut c_uchar,
    outputlen: *mut usize,
    sig: *const Signature,
) -> c_int {
    check!(ctx, !output.is_null(), c"output != NULL");
    check!(ctx, !outputlen.is_null(), c"outputlen != NULL");
    check!(ctx, !sig.is_null(), c"sig != NULL");
    let here = bundled::context();
    // SAFETY: as in `secp256k1_ecdsa_signature_parse_compact`.
    unsafe { ffi::secp256k1_ecdsa_signature_serialize_der(here, output, outputlen, sig.cast()) }
}

/// Writes r and s. 1.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_signature_serialize_compact(
    ctx: *const Context,
    output64: *mut c_uchar,
    sig: *const Signature,
) -> c_int {
    check!(ctx, !output64.is_null(), c"output64 != NULL");
    check!(ctx, !sig.is_null(), c"sig != NULL");
    let here = bundled::context();
    // SAFETY: as in `secp256k1_ecdsa_signature_parse_compact`.
    unsafe { ffi::secp256k1_ecdsa_signature_serialize_compact(here, output64, sig.cast()) }
}

/// Makes s low, into `sigout` unless that is null. 1 if it was high.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_signature_normalize(
    ctx: *const Context,
    sigout: *mut Signature,
    sigin: *const Signature,
) -> c_int {
    check!(ctx, !sigin.is_null(), c"sigin != NULL");
    let here = bundled::context();
    // SAFETY: as in `secp256k1_ecdsa_signature_parse_compact`; `sigout` may be null there too.
    unsafe { ffi::secp256k1_ecdsa_signature_normalize(here, sigout.cast(), sigin.cast()) }
}

/// Parses r and s, with the recovery id apart. 1, or 0 if one is not below n.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_recoverable_signature_parse_compact(
    ctx: *const Context,
    sig: *mut RecoverableSignature,
    input64: *const c_uchar,
    recid: c_int,
) -> c_int {
    check!(ctx, !sig.is_null(), c"sig != NULL");
    check!(ctx, !input64.is_null(), c"input64 != NULL");
    check!(ctx, (0..=3).contains(&recid), c"recid >= 0 && recid <= 3");
    let mut numbers = Signature([0; 64]);
    // SAFETY: not null, and the caller vouches for the bytes.
    let parsed = unsafe { secp256k1_ecdsa_signature_parse_compact(ctx, &mut numbers, input64) };
    let mut bytes = [0; 65];
    bytes[..64].copy_from_slice(&numbers.0);
    // Zeros all, if it is none.
    bytes[64] = if parsed == 1 { recid as u8 } else { 0 };
    // SAFETY: not null, and the caller vouches for the space.
    unsafe { sig.write(RecoverableSignature(bytes)) };
    parsed
}

/// Writes r and s, and the recovery id. 1.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_recoverable_signature_serialize_compact(
    ctx: *const Context,
    output64: *mut c_uchar,
    recid: *mut c_int,
    sig: *const RecoverableSignature,
) -> c_int {
    check!(ctx, !output64.is_null(), c"output64 != NULL");
    check!(ctx, !sig.is_null(), c"sig != NULL");
    check!(ctx, !recid.is_null(), c"recid != NULL");
    // SAFETY: not null, and the caller vouches for signature and space; a recoverable signature
    // begins with a signature.
    unsafe {
        recid.write(c_int::from((*sig).0[64]));
        secp256k1_ecdsa_signature_serialize_compact(ctx, output64, sig.cast())
    }
}

/// Leaves the recovery id away. 1.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_recoverable_signature_convert(
    ctx: *const Context,
    sig: *mut Signature,
    sigin: *const RecoverableSignature,
) -> c_int {
    check!(ctx, !sig.is_null(), c"sig != NULL");
    check!(ctx, !sigin.is_null(), c"sigin != NULL");
    // SAFETY: not null, and the caller vouches for signature and space; a recoverable signature
    // begins with a signature.
    unsafe { sig.write(sigin.cast::<Signature>().read()) };
    1
}
