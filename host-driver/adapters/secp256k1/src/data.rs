//! Exported data: the static context, and functions that programs hand to other functions.
//!
//! Programs that were linked to the real library have these in place of its own, and so has the real
//! library itself if it was loaded behind this one.

use std::cell::UnsafeCell;
use std::ffi::{c_int, c_uchar, c_uint, c_void};

use crate::symbol::{Symbol, c_name};
use crate::types::Context;

/// `SECP256K1_CONTEXT_NONE`.
pub(crate) const CONTEXT_NONE: c_uint = 1;

/// Bytes for a context: libsecp256k1 0.8 takes about 250.
const SPACE: usize = 4096;

#[repr(C, align(64))]
struct Space(UnsafeCell<[u8; SPACE]>);

// SAFETY: it is written once, when the real library is found, and nobody but the real library reads it.
unsafe impl Sync for Space {}

/// Zeros until the real library is found; then a copy of its static context, which it takes for one.
static STATIC_CONTEXT: Space = Space(UnsafeCell::new([0; SPACE]));

/// A pointer that is exported.
#[repr(transparent)]
#[derive(Debug)]
pub struct Exported(*const Context);

// SAFETY: a constant.
unsafe impl Sync for Exported {}

/// `secp256k1_context_static`.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
pub static secp256k1_context_static: Exported =
    Exported(STATIC_CONTEXT.0.get().cast_const().cast());

/// `secp256k1_context_no_precomp`, its older name.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
pub static secp256k1_context_no_precomp: Exported =
    Exported(STATIC_CONTEXT.0.get().cast_const().cast());

/// Whether it is the static context.
pub(crate) fn is_static(context: *const Context) -> bool {
    context.addr() == STATIC_CONTEXT.0.get().addr()
}

/// Makes the static context a copy of the real library's; `false` if there is not the space.
///
/// # Safety
/// `context` has `size` bytes; called once, before anybody reads the static context.
pub(crate) unsafe fn set_static_context(context: *const Context, size: usize) -> bool {
    if size > SPACE {
        return false;
    }
    let place: *mut u8 = STATIC_CONTEXT.0.get().cast();
    // SAFETY: there is the space, and the caller vouches for the rest. Should the real library's
    // constant be this very context, nothing changes.
    unsafe { place.copy_from(context.cast(), size) };
    true
}

/// Defines a function that calls the one to which a variable of the real library points, and variables
/// that point to it.
macro_rules! functions {
    ($($(#[$doc:meta])* $function:ident, $real:ident, [$($variable:ident),*],
        $type:ident($($argument:ident: $kind:ty),*);)*) => {$(
        $(#[$doc])*
        pub type $type = unsafe extern "C-unwind" fn($($argument: $kind),*) -> c_int;

        unsafe extern "C-unwind" fn $function($($argument: $kind),*) -> c_int {
            static VARIABLE: Symbol = Symbol::new(c_name!($real));
            match VARIABLE.address() {
                // SAFETY: the header declares the variable so, and the caller the arguments.
                Some(variable) => unsafe { variable.cast::<$type>().read()($($argument),*) },
                None => 0,
            }
        }

        $(
            #[doc = concat!("`", stringify!($variable), "`")]
            #[unsafe(no_mangle)]
            #[allow(non_upper_case_globals)]
            pub static $variable: $type = $function;
        )*
    )*};
}

functions! {
    /// `secp256k1_nonce_function` of `secp256k1.h`.
    rfc6979, secp256k1_nonce_function_rfc6979,
        [secp256k1_nonce_function_rfc6979, secp256k1_nonce_function_default],
        NonceFunction(nonce32: *mut c_uchar, msg32: *const c_uchar, key32: *const c_uchar,
            algo16: *const c_uchar, data: *mut c_void, attempt: c_uint);
    /// `secp256k1_nonce_function_hardened` of `secp256k1_schnorrsig.h`.
    bip340, secp256k1_nonce_function_bip340, [secp256k1_nonce_function_bip340],
        HardenedNonceFunction(nonce32: *mut c_uchar, msg: *const c_uchar, msglen: usize,
            key32: *const c_uchar, xonly_pk32: *const c_uchar, algo: *const c_uchar, algolen: usize,
            data: *mut c_void);
    /// `secp256k1_ecdh_hash_function` of `secp256k1_ecdh.h`.
    sha256, secp256k1_ecdh_hash_function_sha256,
        [secp256k1_ecdh_hash_function_sha256, secp256k1_ecdh_hash_function_default],
        EcdhHashFunction(output: *mut c_uchar, x32: *const c_uchar, y32: *const c_uchar,
            data: *mut c_void);
    /// `secp256k1_ellswift_xdh_hash_function` of `secp256k1_ellswift.h`, with a prefix as `data`.
    prefix, secp256k1_ellswift_xdh_hash_function_prefix,
        [secp256k1_ellswift_xdh_hash_function_prefix],
        PrefixHashFunction(output: *mut c_uchar, x32: *const c_uchar, ell_a64: *const c_uchar,
            ell_b64: *const c_uchar, data: *mut c_void);
    /// `secp256k1_ellswift_xdh_hash_function` of `secp256k1_ellswift.h`, as BIP 324 has it.
    bip324, secp256k1_ellswift_xdh_hash_function_bip324,
        [secp256k1_ellswift_xdh_hash_function_bip324],
        Bip324HashFunction(output: *mut c_uchar, x32: *const c_uchar, ell_a64: *const c_uchar,
            ell_b64: *const c_uchar, data: *mut c_void);
}
