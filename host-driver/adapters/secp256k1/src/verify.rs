//! Verification and recovery, on the accelerator: `secp256k1.h` and `secp256k1_recovery.h`.
//!
//! # Safety
//! Pointers are null, which is an illegal argument, or point to what the header says.

#![allow(clippy::missing_safety_doc)]

use std::ffi::{c_int, c_uchar};

use crate::callbacks::check;
use crate::types::{Context, PublicKey, RecoverableSignature, Signature, reversed};
use crate::{engine, keys, log};

/// Whether a signature is one of the digest by the key: 1 or 0; 0 for a high s.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_verify(
    ctx: *const Context,
    sig: *const Signature,
    msghash32: *const c_uchar,
    pubkey: *const PublicKey,
) -> c_int {
    check!(ctx, !msghash32.is_null(), c"msghash32 != NULL");
    check!(ctx, !sig.is_null(), c"sig != NULL");
    check!(ctx, !pubkey.is_null(), c"pubkey != NULL");
    // SAFETY: not null, the caller vouches for them, and bytes need no alignment.
    let (signature, digest, key, has_x) =
        unsafe { (*sig, *msghash32.cast::<[u8; 32]>(), *pubkey, keys::has_x(pubkey)) };
    if engine::is_high(&signature) {
        return 0;
    }
    check!(ctx, has_x, c"!secp256k1_fe_is_zero(&ge->x)");
    let valid = engine::verify(&reversed(&signature.0), &digest, &reversed(&key.0));
    log::verified(valid);
    c_int::from(valid)
}

/// Recovers the key that made a signature of the digest. 1, or 0 if there is none; the key is zeros
/// then.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn secp256k1_ecdsa_recover(
    ctx: *const Context,
    pubkey: *mut PublicKey,
    sig: *const RecoverableSignature,
    msghash32: *const c_uchar,
) -> c_int {
    check!(ctx, !msghash32.is_null(), c"msghash32 != NULL");
    check!(ctx, !sig.is_null(), c"signature != NULL");
    check!(ctx, !pubkey.is_null(), c"pubkey != NULL");
    // SAFETY: not null, the caller vouches for them, and bytes need no alignment.
    let (numbers, id, digest) =
        unsafe { (*sig.cast::<Signature>(), (*sig).0[64], *msghash32.cast::<[u8; 32]>()) };
    // The library looks at two bits of it.
    let recovered = engine::recover(&reversed(&numbers.0), id & 3, &digest);
    log::recovered(recovered.is_some());
    let key = recovered.map_or([0; 64], |key| reversed(&key));
    // SAFETY: not null, and the caller vouches for the space.
    unsafe { pubkey.write(PublicKey(key)) };
    c_int::from(recovered.is_some())
}
