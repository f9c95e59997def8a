//! Return values: GM/T 0018-2012, annex A.

use std::ffi::c_int;

/// Done.
pub const SDR_OK: c_int = 0;
/// 0x01000001: an error in the library itself.
pub const SDR_UNKNOWERR: c_int = 0x0100_0001;
/// 0x01000002: the function is not done here.
pub const SDR_NOTSUPPORT: c_int = 0x0100_0002;
/// 0x01000004: no device could answer; the log says why. Never the verdict on a signature.
pub const SDR_HARDFAIL: c_int = 0x0100_0004;
/// 0x01000005: the device cannot be opened; standard error and the log say what to do.
pub const SDR_OPENDEVICE: c_int = 0x0100_0005;
/// 0x01000007: the session has no right to use the private key.
pub const SDR_PARDENY: c_int = 0x0100_0007;
/// 0x01000008: there is no key of this index.
pub const SDR_KEYNOTEXIST: c_int = 0x0100_0008;
/// 0x01000009: the algorithm is not done here.
pub const SDR_ALGNOTSUPPORT: c_int = 0x0100_0009;
/// 0x0100000A: the mode of the algorithm is not done here.
pub const SDR_ALGMODNOTSUPPORT: c_int = 0x0100_000A;
/// 0x0100000D: no signature came about.
pub const SDR_SIGNERR: c_int = 0x0100_000D;
/// 0x0100000E: the signature is not valid.
pub const SDR_VERIFYERR: c_int = 0x0100_000E;
/// 0x01000010: HashUpdate or HashFinal without HashInit.
pub const SDR_STEPERR: c_int = 0x0100_0010;
/// 0x01000015: the key is none: out of range, no point of the curve, or not of 256 bits.
pub const SDR_KEYERR: c_int = 0x0100_0015;
/// 0x01000017: the operating system gives no random bytes.
pub const SDR_RANDERR: c_int = 0x0100_0017;
/// 0x01000018: wrong access code of a private key; from SDF_OpenDevice, wrong password of the key
/// store.
pub const SDR_PRKRERR: c_int = 0x0100_0018;
/// 0x0100001C: too many keys in one session.
pub const SDR_NOBUFFER: c_int = 0x0100_001C;
/// 0x0100001D: an argument makes no sense: a handle that is not open, a null pointer, a wrong
/// length.
pub const SDR_INARGERR: c_int = 0x0100_001D;
/// 0x0100001E: the pointer to a result is null.
pub const SDR_OUTARGERR: c_int = 0x0100_001E;

/// 0x1: SM3.
pub const SGD_SM3: u32 = 0x1;
/// 0x20100: SM2.
pub const SGD_SM2: u32 = 0x2_0100;
/// 0x20200: SM2, signatures.
pub const SGD_SM2_1: u32 = 0x2_0200;
/// 0x20400: SM2, agreement on keys.
pub const SGD_SM2_2: u32 = 0x2_0400;
/// 0x20800: SM2, encryption.
pub const SGD_SM2_3: u32 = 0x2_0800;
/// 0x401: SM4, each block apart.
pub const SGD_SM4_ECB: u32 = 0x401;
/// 0x402: SM4, blocks chained.
pub const SGD_SM4_CBC: u32 = 0x402;
