//! Return values: GM/T 0018-2012, annex A.

use std::ffi::c_int;

/// Done.
pub const SDR_OK: c_int = 0;
/// An error in the library itself.
pub const SDR_UNKNOWERR: c_int = 0x0100_0001;
/// The function is not done here.
pub const SDR_NOTSUPPORT: c_int = 0x0100_0002;
/// No device could answer; the log says why. Never the verdict on a signature.
pub const SDR_HARDFAIL: c_int = 0x0100_0004;
/// The device cannot be opened; standard error and the log say what to do.
pub const SDR_OPENDEVICE: c_int = 0x0100_0005;
/// The session has no right to use the private key.
pub const SDR_PARDENY: c_int = 0x0100_0007;
/// There is no key of this index.
pub const SDR_KEYNOTEXIST: c_int = 0x0100_0008;
/// The algorithm is not done here.
pub const SDR_ALGNOTSUPPORT: c_int = 0x0100_0009;
/// The mode of the algorithm is not done here.
pub const SDR_ALGMODNOTSUPPORT: c_int = 0x0100_000A;
/// No signature came about.
pub const SDR_SIGNERR: c_int = 0x0100_000D;
/// The signature is not valid.
pub const SDR_VERIFYERR: c_int = 0x0100_000E;
/// HashUpdate or HashFinal without HashInit.
pub const SDR_STEPERR: c_int = 0x0100_0010;
/// The key is none: out of range, no point of the curve, or not of 256 bits.
pub const SDR_KEYERR: c_int = 0x0100_0015;
/// The operating system gives no random bytes.
pub const SDR_RANDERR: c_int = 0x0100_0017;
/// Wrong access code of a private key; from SDF_OpenDevice, wrong password of the key store.
pub const SDR_PRKRERR: c_int = 0x0100_0018;
/// Too many keys in one session.
pub const SDR_NOBUFFER: c_int = 0x0100_001C;
/// An argument makes no sense: a handle that is not open, a null pointer, a wrong length.
pub const SDR_INARGERR: c_int = 0x0100_001D;
/// The pointer to a result is null.
pub const SDR_OUTARGERR: c_int = 0x0100_001E;

/// SM3.
pub const SGD_SM3: u32 = 0x1;
/// SM2.
pub const SGD_SM2: u32 = 0x2_0100;
/// SM2, signatures.
pub const SGD_SM2_1: u32 = 0x2_0200;
/// SM2, agreement on keys.
pub const SGD_SM2_2: u32 = 0x2_0400;
/// SM2, encryption.
pub const SGD_SM2_3: u32 = 0x2_0800;
/// SM4, each block apart.
pub const SGD_SM4_ECB: u32 = 0x401;
/// SM4, blocks chained.
pub const SGD_SM4_CBC: u32 = 0x402;
