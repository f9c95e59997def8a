//! Functions that are there because hosts look them up without a check, and do nothing.

#![expect(unused_variables, reason = "the names are those of the standard, for the C header")]

use std::ffi::{c_int, c_uchar, c_uint, c_void};

use super::guard;
use crate::error::Failure;
use crate::types::{
    ECCCipher, ECCrefPrivateKey, ECCrefPublicKey, RSArefPrivateKey, RSArefPublicKey,
};

fn refuse(function: &'static str) -> c_int {
    guard(function, || Err(Failure::Unsupported))
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ExportSignPublicKey_RSA(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    pucPublicKey: *mut RSArefPublicKey,
) -> c_int {
    refuse("SDF_ExportSignPublicKey_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ExportEncPublicKey_RSA(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    pucPublicKey: *mut RSArefPublicKey,
) -> c_int {
    refuse("SDF_ExportEncPublicKey_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_GenerateKeyPair_RSA(
    hSessionHandle: *mut c_void,
    uiKeyBits: c_uint,
    pucPublicKey: *mut RSArefPublicKey,
    pucPrivateKey: *mut RSArefPrivateKey,
) -> c_int {
    refuse("SDF_GenerateKeyPair_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_GenerateKeyWithIPK_RSA(
    hSessionHandle: *mut c_void,
    uiIPKIndex: c_uint,
    uiKeyBits: c_uint,
    pucKey: *mut c_uchar,
    puiKeyLength: *mut c_uint,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_GenerateKeyWithIPK_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_GenerateKeyWithEPK_RSA(
    hSessionHandle: *mut c_void,
    uiKeyBits: c_uint,
    pucPublicKey: *mut RSArefPublicKey,
    pucKey: *mut c_uchar,
    puiKeyLength: *mut c_uint,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_GenerateKeyWithEPK_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ImportKeyWithISK_RSA(
    hSessionHandle: *mut c_void,
    uiISKIndex: c_uint,
    pucKey: *mut c_uchar,
    uiKeyLength: c_uint,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_ImportKeyWithISK_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ExchangeDigitEnvelopeBaseOnRSA(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    pucPublicKey: *mut RSArefPublicKey,
    pucDEInput: *mut c_uchar,
    uiDELength: c_uint,
    pucDEOutput: *mut c_uchar,
    puiDELength: *mut c_uint,
) -> c_int {
    refuse("SDF_ExchangeDigitEnvelopeBaseOnRSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_GenerateKeyWithIPK_ECC(
    hSessionHandle: *mut c_void,
    uiIPKIndex: c_uint,
    uiKeyBits: c_uint,
    pucKey: *mut ECCCipher,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_GenerateKeyWithIPK_ECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_GenerateKeyWithEPK_ECC(
    hSessionHandle: *mut c_void,
    uiKeyBits: c_uint,
    uiAlgID: c_uint,
    pucPublicKey: *mut ECCrefPublicKey,
    pucKey: *mut ECCCipher,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_GenerateKeyWithEPK_ECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ImportKeyWithISK_ECC(
    hSessionHandle: *mut c_void,
    uiISKIndex: c_uint,
    pucKey: *mut ECCCipher,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_ImportKeyWithISK_ECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_GenerateAgreementDataWithECC(
    hSessionHandle: *mut c_void,
    uiISKIndex: c_uint,
    uiKeyBits: c_uint,
    pucSponsorID: *mut c_uchar,
    uiSponsorIDLength: c_uint,
    pucSponsorPublicKey: *mut ECCrefPublicKey,
    pucSponsorTmpPublicKey: *mut ECCrefPublicKey,
    phAgreementHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_GenerateAgreementDataWithECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_GenerateKeyWithECC(
    hSessionHandle: *mut c_void,
    pucResponseID: *mut c_uchar,
    uiResponseIDLength: c_uint,
    pucResponsePublicKey: *mut ECCrefPublicKey,
    pucResponseTmpPublicKey: *mut ECCrefPublicKey,
    hAgreementHandle: *mut c_void,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_GenerateKeyWithECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_GenerateAgreementDataAndKeyWithECC(
    hSessionHandle: *mut c_void,
    uiISKIndex: c_uint,
    uiKeyBits: c_uint,
    pucResponseID: *mut c_uchar,
    uiResponseIDLength: c_uint,
    pucSponsorID: *mut c_uchar,
    uiSponsorIDLength: c_uint,
    pucSponsorPublicKey: *mut ECCrefPublicKey,
    pucSponsorTmpPublicKey: *mut ECCrefPublicKey,
    pucResponsePublicKey: *mut ECCrefPublicKey,
    pucResponseTmpPublicKey: *mut ECCrefPublicKey,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_GenerateAgreementDataAndKeyWithECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ExchangeDigitEnvelopeBaseOnECC(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    uiAlgID: c_uint,
    pucPublicKey: *mut ECCrefPublicKey,
    pucEncDataIn: *mut ECCCipher,
    pucEncDataOut: *mut ECCCipher,
) -> c_int {
    refuse("SDF_ExchangeDigitEnvelopeBaseOnECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_GenerateKeyWithKEK(
    hSessionHandle: *mut c_void,
    uiKeyBits: c_uint,
    uiAlgID: c_uint,
    uiKEKIndex: c_uint,
    pucKey: *mut c_uchar,
    puiKeyLength: *mut c_uint,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_GenerateKeyWithKEK")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ImportKeyWithKEK(
    hSessionHandle: *mut c_void,
    uiAlgID: c_uint,
    uiKEKIndex: c_uint,
    pucKey: *mut c_uchar,
    uiKeyLength: c_uint,
    phKeyHandle: *mut *mut c_void,
) -> c_int {
    refuse("SDF_ImportKeyWithKEK")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ExternalPublicKeyOperation_RSA(
    hSessionHandle: *mut c_void,
    pucPublicKey: *mut RSArefPublicKey,
    pucDataInput: *mut c_uchar,
    uiInputLength: c_uint,
    pucDataOutput: *mut c_uchar,
    puiOutputLength: *mut c_uint,
) -> c_int {
    refuse("SDF_ExternalPublicKeyOperation_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ExternalPrivateKeyOperation_RSA(
    hSessionHandle: *mut c_void,
    pucPrivateKey: *mut RSArefPrivateKey,
    pucDataInput: *mut c_uchar,
    uiInputLength: c_uint,
    pucDataOutput: *mut c_uchar,
    puiOutputLength: *mut c_uint,
) -> c_int {
    refuse("SDF_ExternalPrivateKeyOperation_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_InternalPublicKeyOperation_RSA(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    pucDataInput: *mut c_uchar,
    uiInputLength: c_uint,
    pucDataOutput: *mut c_uchar,
    puiOutputLength: *mut c_uint,
) -> c_int {
    refuse("SDF_InternalPublicKeyOperation_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_InternalPrivateKeyOperation_RSA(
    hSessionHandle: *mut c_void,
    uiKeyIndex: c_uint,
    pucDataInput: *mut c_uchar,
    uiInputLength: c_uint,
    pucDataOutput: *mut c_uchar,
    puiOutputLength: *mut c_uint,
) -> c_int {
    refuse("SDF_InternalPrivateKeyOperation_RSA")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ExternalEncrypt_ECC(
    hSessionHandle: *mut c_void,
    uiAlgID: c_uint,
    pucPublicKey: *mut ECCrefPublicKey,
    pucData: *mut c_uchar,
    uiDataLength: c_uint,
    pucEncData: *mut ECCCipher,
) -> c_int {
    refuse("SDF_ExternalEncrypt_ECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ExternalDecrypt_ECC(
    hSessionHandle: *mut c_void,
    uiAlgID: c_uint,
    pucPrivateKey: *mut ECCrefPrivateKey,
    pucEncData: *mut ECCCipher,
    pucData: *mut c_uchar,
    puiDataLength: *mut c_uint,
) -> c_int {
    refuse("SDF_ExternalDecrypt_ECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_InternalEncrypt_ECC(
    hSessionHandle: *mut c_void,
    uiIPKIndex: c_uint,
    uiAlgID: c_uint,
    pucData: *mut c_uchar,
    uiDataLength: c_uint,
    pucEncData: *mut ECCCipher,
) -> c_int {
    refuse("SDF_InternalEncrypt_ECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_InternalDecrypt_ECC(
    hSessionHandle: *mut c_void,
    uiISKIndex: c_uint,
    uiAlgID: c_uint,
    pucEncData: *mut ECCCipher,
    pucData: *mut c_uchar,
    puiDataLength: *mut c_uint,
) -> c_int {
    refuse("SDF_InternalDecrypt_ECC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_CalculateMAC(
    hSessionHandle: *mut c_void,
    hKeyHandle: *mut c_void,
    uiAlgID: c_uint,
    pucIV: *mut c_uchar,
    pucData: *mut c_uchar,
    uiDataLength: c_uint,
    pucMAC: *mut c_uchar,
    puiMACLength: *mut c_uint,
) -> c_int {
    refuse("SDF_CalculateMAC")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_CreateFile(
    hSessionHandle: *mut c_void,
    pucFileName: *mut c_uchar,
    uiNameLen: c_uint,
    uiFileSize: c_uint,
) -> c_int {
    refuse("SDF_CreateFile")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_ReadFile(
    hSessionHandle: *mut c_void,
    pucFileName: *mut c_uchar,
    uiNameLen: c_uint,
    uiOffset: c_uint,
    puiReadLength: *mut c_uint,
    pucBuffer: *mut c_uchar,
) -> c_int {
    refuse("SDF_ReadFile")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_WriteFile(
    hSessionHandle: *mut c_void,
    pucFileName: *mut c_uchar,
    uiNameLen: c_uint,
    uiOffset: c_uint,
    uiWriteLength: c_uint,
    pucBuffer: *mut c_uchar,
) -> c_int {
    refuse("SDF_WriteFile")
}

/// Not done here: SDR_NOTSUPPORT.
#[unsafe(no_mangle)]
pub extern "C" fn SDF_DeleteFile(
    hSessionHandle: *mut c_void,
    pucFileName: *mut c_uchar,
    uiNameLen: c_uint,
) -> c_int {
    refuse("SDF_DeleteFile")
}
