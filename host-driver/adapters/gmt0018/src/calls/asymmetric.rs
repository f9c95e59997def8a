//! Signatures of SM2: GM/T 0018-2012, section 6.4. What is signed is the digest e of 32 bytes.

use std::ffi::{c_int, c_uchar, c_uint, c_void};

use zeroize::Zeroizing;

use super::{check_sm2_signs, digest, field, guard, number, out, public_key, signature};
use crate::error::Failure;
use crate::handles;
use crate::sm2;
use crate::store::Use;
use crate::types::{ECCSignature, ECCrefPrivateKey, ECCrefPublicKey, SM2_BITS};

/// Verifies a signature with a public key. SDR_VERIFYERR: it is not valid; SDR_KEYERR: the key is
/// none; no failing device ever leads to either.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_ExternalVerify_ECC(
    hSessionHandle: *mut c_void,
    uiAlgID: c_uint,
    pucPublicKey: *mut ECCrefPublicKey,
    pucDataInput: *mut c_uchar,
    uiInputLength: c_uint,
    pucSignature: *mut ECCSignature,
) -> c_int {
    guard("SDF_ExternalVerify_ECC", || {
        let session = handles::session(hSessionHandle)?;
        check_sm2_signs(uiAlgID)?;
        // SAFETY: the caller vouches for the pointers.
        let (key, e, signature) = unsafe {
            (
                public_key(pucPublicKey)?,
                digest(pucDataInput, uiInputLength)?,
                signature(pucSignature)?,
            )
        };
        session.engine.verify(&key, e, &signature)
    })
}

/// As SDF_ExternalVerify_ECC, with the public key of an internal pair.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_InternalVerify_ECC(
    hSessionHandle: *mut c_void,
    uiIPKIndex: c_uint,
    pucData: *mut c_uchar,
    uiDataLength: c_uint,
    pucSignature: *mut ECCSignature,
) -> c_int {
    guard("SDF_InternalVerify_ECC", || {
        let session = handles::session(hSessionHandle)?;
        let pair = session.engine.pair(uiIPKIndex)?;
        // SAFETY: the caller vouches for the pointers.
        let (e, signature) = unsafe { (digest(pucData, uiDataLength)?, signature(pucSignature)?) };
        session.engine.verify(pair.public(Use::Sign), e, &signature)
    })
}

/// Signs with an internal key. SDR_PARDENY: the session has no right to it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_InternalSign_ECC(
    hSessionHandle: *mut c_void,
    uiISKIndex: c_uint,
    pucData: *mut c_uchar,
    uiDataLength: c_uint,
    pucSignature: *mut ECCSignature,
) -> c_int {
    guard("SDF_InternalSign_ECC", || {
        let session = handles::session(hSessionHandle)?;
        let place = out(pucSignature, "signature")?;
        // SAFETY: the caller vouches for the bytes.
        let e = unsafe { digest(pucData, uiDataLength) }?;
        let [r, s] = sm2::sign(&session.private(uiISKIndex)?.sign, e)?;
        // SAFETY: not null, and the caller vouches for the space.
        unsafe { place.write_unaligned(ECCSignature { r: field(&r), s: field(&s) }) };
        Ok(())
    })
}

/// Signs with a private key of the caller's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SDF_ExternalSign_ECC(
    hSessionHandle: *mut c_void,
    uiAlgID: c_uint,
    pucPrivateKey: *mut ECCrefPrivateKey,
    pucData: *mut c_uchar,
    uiDataLength: c_uint,
    pucSignature: *mut ECCSignature,
) -> c_int {
    guard("SDF_ExternalSign_ECC", || {
        handles::session(hSessionHandle)?;
        check_sm2_signs(uiAlgID)?;
        let place = out(pucSignature, "signature")?;
        if pucPrivateKey.is_null() {
            return Err(Failure::Argument("pointer to the private key is null"));
        }
        // SAFETY: not null, and the caller vouches for key and bytes; places within the key are not
        // references, so that they need neither alignment nor contents.
        let (bits, d, e) = unsafe {
            let bits = (&raw const (*pucPrivateKey).bits).read_unaligned();
            let d = Zeroizing::new(number(&raw const (*pucPrivateKey).K));
            (bits, d, digest(pucData, uiDataLength)?)
        };
        if bits != SM2_BITS {
            return Err(Failure::Key("it is not of 256 bits"));
        }
        let key = sm2::secret_key(&d).ok_or(Failure::Key("it is not in [1, n - 2]"))?;
        let [r, s] = sm2::sign(&key, e)?;
        // SAFETY: not null, and the caller vouches for the space.
        unsafe { place.write_unaligned(ECCSignature { r: field(&r), s: field(&s) }) };
        Ok(())
    })
}
