//! Devices, sessions, random bytes, rights: GM/T 0018-2012, section 6.2.

use std::ffi::{c_int, c_uchar, c_uint, c_void};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use zeroize::Zeroizing;

use super::{bytes, guard, out};
use crate::code::{SGD_SM2, SGD_SM2_1, SGD_SM3, SGD_SM4_CBC, SGD_SM4_ECB};
use crate::config::{CONFIG_VARIABLE, Config, Origin};
use crate::engine::Engine;
use crate::error::{Failure, SdfError};
use crate::handles;
use crate::log;
use crate::types::{DEVICEINFO, SM2_BITS};

/// Opens the devices and the key store of the configuration file that the environment variable
/// CHAINCARD_SDF_CONFIG names. Handles of one configuration share devices and queue.
///
/// SDR_OPENDEVICE: configuration, key store or device cannot be used; SDR_PRKRERR: wrong password of
/// the key store. A line on standard error says what to do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_OpenDevice(phDeviceHandle: *mut *mut c_void) -> c_int {
    guard("SDF_OpenDevice", || {
        let handle = out(phDeviceHandle, "device handle")?;
        // SAFETY: not null, and the caller vouches for the space.
        unsafe { handle.write_unaligned(std::ptr::null_mut()) };
        let engine = engine().inspect_err(log::refused)?;
        let opened = handles::to_pointer(handles::open_device(engine));
        // SAFETY: as above.
        unsafe { handle.write_unaligned(opened) };
        Ok(())
    })
}

/// The engine of the configuration: one that is open, or a new one.
fn engine() -> Result<Arc<Engine>, SdfError> {
    static OPEN: Mutex<Vec<(Origin, Weak<Engine>)>> = Mutex::new(Vec::new());
    let (config, origin) = Config::read(std::env::var_os(CONFIG_VARIABLE))?;
    log::begin(&config.log)?;
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.retain(|(_, engine)| engine.strong_count() > 0);
    let same = open.iter().filter(|(of, _)| *of == origin);
    if let Some(engine) = same.filter_map(|(_, engine)| engine.upgrade()).next() {
        return Ok(engine);
    }
    let engine = Arc::new(Engine::open(&config)?);
    let keys = engine.store().pairs().count();
    let path = origin.path().display().to_string();
    tracing::info!(configuration = path, devices = engine.devices(), keys, "opened");
    open.push((origin, Arc::downgrade(&engine)));
    Ok(engine)
}

/// Closes a device and its sessions.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_CloseDevice(hDeviceHandle: *mut c_void) -> c_int {
    guard("SDF_CloseDevice", || {
        handles::close_device(handles::of_pointer(hDeviceHandle))?;
        tracing::info!("closed");
        Ok(())
    })
}

/// Opens a session; there may be any number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_OpenSession(
    hDeviceHandle: *mut c_void,
    phSessionHandle: *mut *mut c_void,
) -> c_int {
    guard("SDF_OpenSession", || {
        let handle = out(phSessionHandle, "session handle")?;
        // SAFETY: not null, and the caller vouches for the space.
        unsafe { handle.write_unaligned(std::ptr::null_mut()) };
        let session = handles::open_session(handles::of_pointer(hDeviceHandle))?;
        // SAFETY: as above.
        unsafe { handle.write_unaligned(handles::to_pointer(session)) };
        Ok(())
    })
}

/// Closes a session; its keys and rights are forgotten.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_CloseSession(hSessionHandle: *mut c_void) -> c_int {
    guard("SDF_CloseSession", || handles::close_session(handles::of_pointer(hSessionHandle)))
}

/// Tells what the device is and can do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_GetDeviceInfo(
    hSessionHandle: *mut c_void,
    pstDeviceInfo: *mut DEVICEINFO,
) -> c_int {
    guard("SDF_GetDeviceInfo", || {
        handles::session(hSessionHandle)?;
        let place = out(pstDeviceInfo, "device info")?;
        let info = DEVICEINFO {
            IssuerName: text("chaincard"),
            DeviceName: text("chaincard-sdf"),
            DeviceSerial: text("0000000000000001"),
            DeviceVersion: version(),
            StandardVersion: 1,
            AsymAlgAbility: [SGD_SM2 | SGD_SM2_1, SM2_BITS],
            SymAlgAbility: SGD_SM4_ECB | SGD_SM4_CBC,
            HashAlgAbility: SGD_SM3,
            BufferSize: 0,
        };
        // SAFETY: not null, and the caller vouches for the space.
        unsafe { place.write_unaligned(info) };
        Ok(())
    })
}

/// Text with zeros behind it; what does not fit is left out.
fn text<const N: usize>(text: &str) -> [c_uchar; N] {
    let mut bytes = [0; N];
    for (byte, letter) in bytes.iter_mut().zip(text.bytes()) {
        *byte = letter;
    }
    bytes
}

/// Major, minor and patch number of the library, 8 bits each.
fn version() -> c_uint {
    let part = |text: &str| text.parse::<c_uint>().unwrap_or_default() & 0xFF;
    part(env!("CARGO_PKG_VERSION_MAJOR")) << 16
        | part(env!("CARGO_PKG_VERSION_MINOR")) << 8
        | part(env!("CARGO_PKG_VERSION_PATCH"))
}

/// Writes random bytes of the operating system.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_GenerateRandom(
    hSessionHandle: *mut c_void,
    uiLength: c_uint,
    pucRandom: *mut c_uchar,
) -> c_int {
    guard("SDF_GenerateRandom", || {
        handles::session(hSessionHandle)?;
        let place = out(pucRandom, "random bytes")?;
        let mut buffer = Zeroizing::new([0; 4096]);
        for at in (0..uiLength as usize).step_by(buffer.len()) {
            let len = buffer.len().min(uiLength as usize - at);
            getrandom::fill(&mut buffer[..len]).map_err(|_| Failure::Random)?;
            // SAFETY: `at + len` is at most `uiLength`, and the caller vouches for the space.
            unsafe { place.add(at).copy_from_nonoverlapping(buffer.as_ptr(), len) };
        }
        Ok(())
    })
}

/// Gives the session the right to the private keys of an index. SDR_PRKRERR: wrong access code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_GetPrivateKeyAccessRight(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    pucPassword: *mut c_uchar,
    uiPwdLength: c_uint,
) -> c_int {
    guard("SDF_GetPrivateKeyAccessRight", || {
        let session = handles::session(hSessionHandle)?;
        // SAFETY: the caller vouches for the bytes.
        let code =
            unsafe { bytes(pucPassword, uiPwdLength, "pointer to the access code is null") }?;
        session.give_right(uiKeyIndex, code)
    })
}

/// Takes a right back: as often as it was given.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ReleasePrivateKeyAccessRight(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
) -> c_int {
    guard("SDF_ReleasePrivateKeyAccessRight", || {
        handles::session(hSessionHandle)?.release_right(uiKeyIndex)
    })
}
