//! Structures of GM/T 0018-2012, section 5. Numbers of 256 bits stand right-aligned, big-endian, in
//! fields of 64 bytes: the first 32 bytes are not looked at on the way in, and zeros on the way out.

use std::ffi::{c_uchar, c_uint};

/// Bytes of a field.
pub const ECCREF_MAX_LEN: usize = 64;
/// Bits of SM2's numbers.
pub const SM2_BITS: c_uint = 256;

/// What the device is and can do.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[allow(non_snake_case)]
pub struct DEVICEINFO {
    /// Manufacturer.
    pub IssuerName: [c_uchar; 40],
    /// Type.
    pub DeviceName: [c_uchar; 16],
    /// Serial number.
    pub DeviceSerial: [c_uchar; 16],
    /// Version: major, minor and patch number, 8 bits each.
    pub DeviceVersion: c_uint,
    /// Version of the standard.
    pub StandardVersion: c_uint,
    /// Asymmetric algorithms; lengths of their keys.
    pub AsymAlgAbility: [c_uint; 2],
    /// Symmetric algorithms.
    pub SymAlgAbility: c_uint,
    /// Hash functions.
    pub HashAlgAbility: c_uint,
    /// Bytes for files.
    pub BufferSize: c_uint,
}

/// Public key of SM2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct ECCrefPublicKey {
    /// 256.
    pub bits: c_uint,
    /// x.
    pub x: [c_uchar; ECCREF_MAX_LEN],
    /// y.
    pub y: [c_uchar; ECCREF_MAX_LEN],
}

/// Private key of SM2.
#[derive(Clone, Copy)]
#[repr(C)]
#[allow(non_snake_case)]
pub struct ECCrefPrivateKey {
    /// 256.
    pub bits: c_uint,
    /// d.
    pub K: [c_uchar; ECCREF_MAX_LEN],
}

/// Signature of SM2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct ECCSignature {
    /// r.
    pub r: [c_uchar; ECCREF_MAX_LEN],
    /// s.
    pub s: [c_uchar; ECCREF_MAX_LEN],
}

/// Ciphertext of SM2; no function here reads or writes one.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[allow(non_snake_case)]
pub struct ECCCipher {
    /// x.
    pub x: [c_uchar; ECCREF_MAX_LEN],
    /// y.
    pub y: [c_uchar; ECCREF_MAX_LEN],
    /// Digest of the plaintext.
    pub M: [c_uchar; 32],
    /// Bytes in C.
    pub L: c_uint,
    /// Ciphertext, of which this is the first byte.
    pub C: [c_uchar; 1],
}

/// Most bytes in a modulus of RSA.
pub const RSAREF_MAX_LEN: usize = 256;

/// Public key of RSA; no function here reads or writes one.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct RSArefPublicKey {
    /// Bits in the modulus.
    pub bits: c_uint,
    /// Modulus.
    pub m: [c_uchar; RSAREF_MAX_LEN],
    /// Exponent.
    pub e: [c_uchar; RSAREF_MAX_LEN],
}

/// Private key of RSA; no function here reads or writes one.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RSArefPrivateKey {
    /// Bits in the modulus.
    pub bits: c_uint,
    /// Modulus.
    pub m: [c_uchar; RSAREF_MAX_LEN],
    /// Public exponent.
    pub e: [c_uchar; RSAREF_MAX_LEN],
    /// Private exponent.
    pub d: [c_uchar; RSAREF_MAX_LEN],
    /// Primes.
    pub prime: [[c_uchar; 128]; 2],
    /// Exponents modulo the primes less one.
    pub pexp: [[c_uchar; 128]; 2],
    /// Coefficient.
    pub coef: [c_uchar; 128],
}
