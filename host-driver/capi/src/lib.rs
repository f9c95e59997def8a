//! C interface of chaincard: `include/chaincard.h` says ownership and error rules.
//!
//! Nothing here decides anything: arguments are checked, panics stop, errors become codes.

mod algorithm;
mod devices;
mod hash;
mod items;
mod msm;
mod plan;
mod status;
mod verify;

use std::ffi::{CStr, c_char};

pub use algorithm::{
    ChaincardAlgorithm, chaincard_algorithm_from_name, chaincard_algorithm_name,
    chaincard_digest_len,
};
pub use devices::{
    ChaincardDevices, chaincard_accelerator_devices, chaincard_devices, chaincard_devices_count,
    chaincard_devices_description, chaincard_devices_free, chaincard_devices_name,
};
pub use hash::{
    ChaincardAccelerator, chaincard_close, chaincard_hash, chaincard_hash_many, chaincard_open,
};
pub use items::ChaincardItems;
pub use msm::{ChaincardCurve, ChaincardMsmError, chaincard_msm};
pub use plan::{
    ChaincardEncoding, ChaincardHashing, ChaincardPlan, ChaincardProfile, ChaincardVerdict,
};
pub use status::{ChaincardStatus, chaincard_last_error};
pub use verify::{chaincard_recover_many, chaincard_verify_many};

use status::Failure;

/// Version of the library, such as `"0.1.0"`. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn chaincard_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}

/// The string behind a pointer from C.
///
/// # Safety
/// `text` is NULL or points to a string that ends with a zero byte and lives for `'a`.
unsafe fn text<'a>(text: *const c_char, what: &'static str) -> Result<&'a str, Failure> {
    if text.is_null() {
        return Err(Failure::null(what));
    }
    // SAFETY: not NULL, and the caller vouches for the rest.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|_| Failure::new(ChaincardStatus::Name, format!("{what} is not UTF-8")))
}

/// The bytes behind a pointer from C; NULL is an empty buffer when `len` is 0.
///
/// # Safety
/// `data` is NULL or points to `len` initialised bytes that live, and are not written to, for
/// `'a`.
unsafe fn bytes<'a>(data: *const u8, len: usize, what: &'static str) -> Result<&'a [u8], Failure> {
    check_buffer(data.is_null(), len, what)?;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, of a possible length, and the caller vouches for the rest.
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// As [`bytes`], for writing.
///
/// # Safety
/// `data` is NULL or points to `len` bytes that live, and are used by nobody else, for `'a`.
unsafe fn bytes_mut<'a>(
    data: *mut u8,
    len: usize,
    what: &'static str,
) -> Result<&'a mut [u8], Failure> {
    check_buffer(data.is_null(), len, what)?;
    if len == 0 {
        return Ok(&mut []);
    }
    // SAFETY: not NULL, of a possible length, and the caller vouches for the rest.
    Ok(unsafe { std::slice::from_raw_parts_mut(data, len) })
}

/// A buffer that can exist: not NULL unless it is empty, and not larger than memory.
fn check_buffer(is_null: bool, len: usize, what: &'static str) -> Result<(), Failure> {
    if len > isize::MAX as usize {
        return Err(Failure::new(
            ChaincardStatus::Length,
            format!("{what} of {len} bytes cannot exist"),
        ));
    }
    if is_null && len > 0 { Err(Failure::null(what)) } else { Ok(()) }
}
