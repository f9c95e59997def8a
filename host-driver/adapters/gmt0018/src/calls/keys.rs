//! Keys: GM/T 0018-2012, section 6.3.

use std::ffi::{c_int, c_uchar, c_uint, c_void};

use super::{bytes, check_sm2, field, guard, out};
use crate::error::Failure;
use crate::handles;
use crate::sm2::{self, PublicBytes};
use crate::store::{SymmetricKey, Use};
use crate::types::{ECCrefPrivateKey, ECCrefPublicKey, SM2_BITS};

/// Writes the public key that belongs to the internal key that signs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_ExportSignPublicKey_ECC(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    pucPublicKey: *mut ECCrefPublicKey,
) -> c_int {
    // SAFETY: the caller vouches for the space.
    guard("SDF_ExportSignPublicKey_ECC", || unsafe {
        export(hSessionHandle, uiKeyIndex, Use::Sign, pucPublicKey)
    })
}

/// Writes the public key that belongs to the internal key that encrypts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_ExportEncPublicKey_ECC(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    pucPublicKey: *mut ECCrefPublicKey,
) -> c_int {
    // SAFETY: the caller vouches for the space.
    guard("SDF_ExportEncPublicKey_ECC", || unsafe {
        export(hSessionHandle, uiKeyIndex, Use::Encrypt, pucPublicKey)
    })
}

/// # Safety
/// `place` is null or points to space for a key.
unsafe fn export(
    session: *mut c_void,
    index: u32,
    which: Use,
    place: *mut ECCrefPublicKey,
) -> Result<(), Failure> {
    let session = handles::session(session)?;
    let place = out(place, "public key")?;
    let key = public(session.engine.pair(index)?.public(which));
    // SAFETY: not null, and the caller vouches for the space.
    unsafe { place.write_unaligned(key) };
    Ok(())
}

fn public([x, y]: &PublicBytes) -> ECCrefPublicKey {
    ECCrefPublicKey { bits: SM2_BITS, x: field(x), y: field(y) }
}

/// Makes a pair of SM2 keys and gives both out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_GenerateKeyPair_ECC(
    hSessionHandle: *mut c_void,
    uiAlgID: c_uint,
    uiKeyBits: c_uint,
    pucPublicKey: *mut ECCrefPublicKey,
    pucPrivateKey: *mut ECCrefPrivateKey,
) -> c_int {
    guard("SDF_GenerateKeyPair_ECC", || {
        handles::session(hSessionHandle)?;
        check_sm2(uiAlgID)?;
        if uiKeyBits != SM2_BITS {
            return Err(Failure::Argument("keys of SM2 have 256 bits"));
        }
        let public_place = out(pucPublicKey, "public key")?;
        let private_place = out(pucPrivateKey, "private key")?;
        let key = sm2::generate().map_err(|_| Failure::Random)?;
        let d = sm2::secret_bytes(&key);
        let public = public(&sm2::public_bytes(&key));
        // SAFETY: not null, and the caller vouches for the space; the second half of K is within it,
        // and the key is not left in another place on the way.
        unsafe {
            public_place.write_unaligned(public);
            (&raw mut (*private_place).bits).write_unaligned(SM2_BITS);
            let halves = (&raw mut (*private_place).K).cast::<[u8; 32]>();
            halves.write([0; 32]);
            halves.add(1).copy_from_nonoverlapping(&raw const *d, 1);
        }
        Ok(())
    })
}

/// Gives a handle to an SM4 key of 16 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_ImportKey(
    hSessionHandle: *mut c_void,
    pucKey: *mut c_uchar,
    uiKeyLength: c_uint,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    guard("SDF_ImportKey", || {
        // SAFETY: the caller vouches for the bytes and the space.
        unsafe {
            keep(hSessionHandle, phKeyHandle, || {
                let key = bytes(pucKey, uiKeyLength, "pointer to the key is null")?;
                let mut copy = SymmetricKey::default();
                if key.len() != copy.len() {
                    return Err(Failure::Argument("keys of SM4 have 16 bytes"));
                }
                copy.copy_from_slice(key);
                Ok(copy)
            })
        }
    })
}

/// Gives a handle to the internal SM4 key of an index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_GetSymmKeyHandle(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    guard("SDF_GetSymmKeyHandle", || {
        let session = handles::session(hSessionHandle)?;
        let key = || session.engine.store().symmetric(uiKeyIndex).cloned();
        // SAFETY: the caller vouches for the space.
        unsafe { keep(hSessionHandle, phKeyHandle, || key().ok_or(Failure::NoKey(uiKeyIndex))) }
    })
}

/// # Safety
/// `place` is null or points to space for a handle.
unsafe fn keep(
    session: *mut c_void,
    place: *mut *mut c_void,
    key: impl FnOnce() -> Result<SymmetricKey, Failure>,
) -> Result<(), Failure> {
    let session = handles::session(session)?;
    let place = out(place, "key handle")?;
    // SAFETY: not null, and the caller vouches for the space.
    unsafe { place.write_unaligned(std::ptr::null_mut()) };
    let handle = handles::fresh();
    session.keep_key(handle, key()?)?;
    // SAFETY: as above.
    unsafe { place.write_unaligned(handles::to_pointer(handle)) };
    Ok(())
}

/// Closes the handle of an SM4 key; an imported key is forgotten.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_DestroyKey(hSessionHandle: *mut c_void, hKeyHandle: *mut c_void) -> c_int {
    guard("SDF_DestroyKey", || {
        handles::session(hSessionHandle)?.destroy_key(handles::of_pointer(hKeyHandle))
    })
}
