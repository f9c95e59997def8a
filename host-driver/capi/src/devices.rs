//! Lists of devices.

use std::ffi::{CString, c_char};

use chaincard::Registry;

use crate::hash::ChaincardAccelerator;
use crate::status::{ChaincardStatus, Failure, guard};

/// A list of devices, with their names and descriptions.
pub struct ChaincardDevices {
    entries: Vec<Entry>,
}

struct Entry {
    name: CString,
    description: CString,
}

impl ChaincardDevices {
    fn new<'a>(devices: impl Iterator<Item = (&'a str, String)>) -> Self {
        let text = |text: &str| CString::new(text.replace('\0', " ")).unwrap_or_default();
        let entries = devices
            .map(|(name, description)| Entry { name: text(name), description: text(&description) })
            .collect();
        Self { entries }
    }
}

/// Hands a list out.
///
/// # Safety
/// `out` is NULL or points to space for a pointer.
unsafe fn give(
    out: *mut *mut ChaincardDevices,
    list: impl FnOnce() -> Result<ChaincardDevices, Failure>,
) -> ChaincardStatus {
    guard(|| {
        if out.is_null() {
            return Err(Failure::null("devices"));
        }
        // SAFETY: not NULL, and the caller vouches for the space.
        unsafe { out.write(std::ptr::null_mut()) };
        let list = Box::into_raw(Box::new(list()?));
        // SAFETY: as above.
        unsafe { out.write(list) };
        Ok(())
    })
}

/// Lists the devices that this machine has, without opening any link.
///
/// # Safety
/// `devices` is NULL or points to space for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_devices(devices: *mut *mut ChaincardDevices) -> ChaincardStatus {
    // SAFETY: the caller vouches for the space.
    unsafe {
        give(devices, || {
            let list = Registry::new().list();
            let entries = list.iter().map(|listed| (&*listed.name, listed.description.clone()));
            Ok(ChaincardDevices::new(entries))
        })
    }
}

/// Lists the devices of an accelerator, in the order in which they are tried; the last one may
/// be the fallback.
///
/// # Safety
/// `accelerator` is NULL or from `chaincard_open` and not closed; `devices` is NULL or points to
/// space for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_accelerator_devices(
    accelerator: *const ChaincardAccelerator,
    devices: *mut *mut ChaincardDevices,
) -> ChaincardStatus {
    // SAFETY: the caller vouches for both pointers.
    unsafe {
        give(devices, || {
            let accelerator = accelerator.as_ref().ok_or_else(|| Failure::null("accelerator"))?;
            let list = accelerator.inner.devices();
            let entries = list.iter().map(|device| (device.name(), device.description()));
            Ok(ChaincardDevices::new(entries))
        })
    }
}

/// Number of entries; 0 for NULL.
///
/// # Safety
/// `devices` is NULL or a list that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_devices_count(devices: *const ChaincardDevices) -> usize {
    // SAFETY: the caller vouches for the list.
    unsafe { devices.as_ref() }.map_or(0, |devices| devices.entries.len())
}

/// Name to open device `index` by; NULL beyond the end. Belongs to the list.
///
/// # Safety
/// `devices` is NULL or a list that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_devices_name(
    devices: *const ChaincardDevices,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller vouches for the list.
    let entry = unsafe { devices.as_ref() }.and_then(|devices| devices.entries.get(index));
    entry.map_or(std::ptr::null(), |entry| entry.name.as_ptr())
}

/// One line about device `index`; NULL beyond the end. Belongs to the list.
///
/// # Safety
/// `devices` is NULL or a list that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_devices_description(
    devices: *const ChaincardDevices,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller vouches for the list.
    let entry = unsafe { devices.as_ref() }.and_then(|devices| devices.entries.get(index));
    entry.map_or(std::ptr::null(), |entry| entry.description.as_ptr())
}

/// Frees a list; NULL is nothing.
///
/// # Safety
/// `devices` is NULL or a list that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_devices_free(devices: *mut ChaincardDevices) {
    if !devices.is_null() {
        // SAFETY: from `Box::into_raw` in `give`, and the caller vouches that it was not freed.
        drop(unsafe { Box::from_raw(devices) });
    }
}
