//! SM3: GM/T 0018-2012, section 6.6.

use std::ffi::{c_int, c_uchar, c_uint, c_void};

use chaincard::verify::sm2_za_message;

use super::{bytes, guard, out, public_key};
use crate::code::SGD_SM3;
use crate::error::Failure;
use crate::handles;
use crate::hash::Hash;
use crate::types::ECCrefPublicKey;

/// Begins a message. With a user id (of 1 ... 8,191 bytes) ZA of it and the public key stands in
/// front of the message (GB/T 32918.2, section 5.5); without one the key is not looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_HashInit(
    hSessionHandle: *mut c_void,
    uiAlgID: c_uint,
    pucPublicKey: *mut ECCrefPublicKey,
    pucID: *mut c_uchar,
    uiIDLength: c_uint,
) -> c_int {
    guard("SDF_HashInit", || {
        let session = handles::session(hSessionHandle)?;
        if uiAlgID != SGD_SM3 {
            return Err(Failure::Algorithm(uiAlgID));
        }
        if uiIDLength == 0 {
            session.begin_hash(Hash::new(&[]));
            return Ok(());
        }
        // SAFETY: the caller vouches for the pointers.
        let (id, [x, y]) = unsafe {
            (bytes(pucID, uiIDLength, "pointer to the user id is null")?, public_key(pucPublicKey)?)
        };
        let message = sm2_za_message(id, &x, &y);
        let message = message.ok_or(Failure::Argument("user id has more than 8191 bytes"))?;
        let za = session.engine.sm3(&message)?;
        session.begin_hash(Hash::new(&za));
        Ok(())
    })
}

/// Adds to the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_HashUpdate(
    hSessionHandle: *mut c_void,
    pucData: *mut c_uchar,
    uiDataLength: c_uint,
) -> c_int {
    guard("SDF_HashUpdate", || {
        let session = handles::session(hSessionHandle)?;
        // SAFETY: the caller vouches for the bytes.
        session.update_hash(unsafe { bytes(pucData, uiDataLength, "pointer to the data is null") }?)
    })
}

/// Writes the digest, 32 bytes, and their number, whose former value is not looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_HashFinal(
    hSessionHandle: *mut c_void,
    pucHash: *mut c_uchar,
    puiHashLength: *mut c_uint,
) -> c_int {
    guard("SDF_HashFinal", || {
        let session = handles::session(hSessionHandle)?;
        let place = out(pucHash, "digest")?;
        let length = out(puiHashLength, "length of the digest")?;
        let digest = session.take_hash()?.finish(&session.engine)?;
        // SAFETY: not null, and the caller vouches for the space.
        unsafe {
            place.copy_from_nonoverlapping(digest.as_ptr(), digest.len());
            length.write_unaligned(digest.len() as c_uint);
        }
        Ok(())
    })
}
