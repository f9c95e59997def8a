//! SM4: GM/T 0018-2012, section 6.5. Data are whole blocks of 16 bytes; nothing is padded.

use std::ffi::{c_int, c_uchar, c_uint, c_void};

use zeroize::Zeroizing;

use super::{guard, out};
use crate::error::Failure;
use crate::handles;
use crate::sm4::{BLOCK, Cipher, Mode};

/// Bytes that are worked on at once.
const PART: usize = 4096;

/// Encrypts by SM4-ECB or SM4-CBC. CBC reads the IV and leaves the next one in its place, the last
/// block of the ciphertext. The former value of the length is not looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_Encrypt(
    hSessionHandle: *mut c_void,
    hKeyHandle: *mut c_void,
    uiAlgID: c_uint,
    pucIV: *mut c_uchar,
    pucData: *mut c_uchar,
    uiDataLength: c_uint,
    pucEncData: *mut c_uchar,
    puiEncDataLength: *mut c_uint,
) -> c_int {
    let output = Output { data: pucEncData, length: puiEncDataLength };
    // SAFETY: the caller vouches for the pointers.
    guard("SDF_Encrypt", || unsafe {
        run(true, hSessionHandle, hKeyHandle, uiAlgID, pucIV, pucData, uiDataLength, output)
    })
}

/// Decrypts what SDF_Encrypt has encrypted, with the IV it was given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_Decrypt(
    hSessionHandle: *mut c_void,
    hKeyHandle: *mut c_void,
    uiAlgID: c_uint,
    pucIV: *mut c_uchar,
    pucEncData: *mut c_uchar,
    uiEncDataLength: c_uint,
    pucData: *mut c_uchar,
    puiDataLength: *mut c_uint,
) -> c_int {
    let output = Output { data: pucData, length: puiDataLength };
    // SAFETY: the caller vouches for the pointers.
    guard("SDF_Decrypt", || unsafe {
        run(false, hSessionHandle, hKeyHandle, uiAlgID, pucIV, pucEncData, uiEncDataLength, output)
    })
}

/// Where the result goes.
struct Output {
    data: *mut c_uchar,
    length: *mut c_uint,
}

/// # Safety
/// Pointers are null, or point to `len` bytes, to space for as many, to an IV, to a length. Input and
/// output are the same place, or do not overlap.
unsafe fn run(
    encrypts: bool,
    session: *mut c_void,
    key: *mut c_void,
    algorithm: c_uint,
    iv: *mut c_uchar,
    input: *const c_uchar,
    len: c_uint,
    output: Output,
) -> Result<(), Failure> {
    let session = handles::session(session)?;
    let key = session.key(handles::of_pointer(key))?;
    let mode = Mode::of(algorithm)?;
    let output_length = out(output.length, "length of the output")?;
    let len = len as usize;
    if !len.is_multiple_of(BLOCK) {
        return Err(Failure::Argument("data are not whole blocks"));
    }
    if len > 0 && input.is_null() {
        return Err(Failure::Argument("pointer to the data is null"));
    }
    let output = if len > 0 { out(output.data, "output")? } else { output.data };
    let mut chain = [0; BLOCK];
    if mode == Mode::Cbc {
        if iv.is_null() {
            return Err(Failure::Argument("pointer to the IV is null"));
        }
        // SAFETY: not null, and the caller vouches for the IV.
        unsafe { chain.as_mut_ptr().copy_from_nonoverlapping(iv, BLOCK) };
    }
    let mut cipher = Cipher::new(mode, encrypts, &key, &chain);
    let mut part = Zeroizing::new([0; PART]);
    for at in (0..len).step_by(PART) {
        let part = &mut part[..PART.min(len - at)];
        // SAFETY: `at` and the part's length together are at most `len`, and the caller vouches for
        // the bytes. All of a part is read before any of it is written, should both be one place.
        unsafe { part.as_mut_ptr().copy_from_nonoverlapping(input.add(at), part.len()) };
        let last_in = part.last_chunk().copied();
        cipher.run(part);
        let last_out = part.last_chunk().copied();
        chain = if encrypts { last_out } else { last_in }.unwrap_or(chain);
        // SAFETY: as above.
        unsafe { output.add(at).copy_from_nonoverlapping(part.as_ptr(), part.len()) };
    }
    // SAFETY: not null where it is used, and the caller vouches for the space.
    unsafe {
        if mode == Mode::Cbc {
            iv.copy_from_nonoverlapping(chain.as_ptr(), BLOCK);
        }
        output_length.write_unaligned(len as c_uint);
    }
    Ok(())
}
