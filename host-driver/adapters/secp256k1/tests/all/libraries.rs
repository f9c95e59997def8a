//! The functions of this library and of the real one, by one interface.

use std::ffi::{c_int, c_uint};
use std::sync::LazyLock;

use chaincard_secp256k1::types::{Context, PublicKey, RecoverableSignature, Signature};
use chaincard_secp256k1::{keys, signatures, verify};

use crate::common::real;

type Pointer<T> = *const T;
type ParseKey =
    unsafe extern "C-unwind" fn(Pointer<Context>, *mut PublicKey, Pointer<u8>, usize) -> c_int;
type ParseDer =
    unsafe extern "C-unwind" fn(Pointer<Context>, *mut Signature, Pointer<u8>, usize) -> c_int;
type Parse = unsafe extern "C-unwind" fn(Pointer<Context>, *mut Signature, Pointer<u8>) -> c_int;
type WriteKey = unsafe extern "C-unwind" fn(
    Pointer<Context>,
    *mut u8,
    *mut usize,
    Pointer<PublicKey>,
    c_uint,
) -> c_int;
type CompareKeys =
    unsafe extern "C-unwind" fn(Pointer<Context>, Pointer<PublicKey>, Pointer<PublicKey>) -> c_int;
type WriteDer =
    unsafe extern "C-unwind" fn(Pointer<Context>, *mut u8, *mut usize, Pointer<Signature>) -> c_int;
type Normalize =
    unsafe extern "C-unwind" fn(Pointer<Context>, *mut Signature, Pointer<Signature>) -> c_int;
type Verify = unsafe extern "C-unwind" fn(
    Pointer<Context>,
    Pointer<Signature>,
    Pointer<u8>,
    Pointer<PublicKey>,
) -> c_int;
type Recover = unsafe extern "C-unwind" fn(
    Pointer<Context>,
    *mut PublicKey,
    Pointer<RecoverableSignature>,
    Pointer<u8>,
) -> c_int;

/// Functions of one library.
pub(crate) struct Library {
    context: usize,
    parse_key: ParseKey,
    write_key: WriteKey,
    compare_keys: CompareKeys,
    parse_der: ParseDer,
    parse: Parse,
    write_der: WriteDer,
    normalize: Normalize,
    verify: Verify,
    recover: Recover,
}

pub(crate) static REAL: LazyLock<Library> = LazyLock::new(|| {
    // SAFETY: libsecp256k1 does nothing when it is loaded, and its header declares its functions so.
    unsafe {
        let library = Box::leak(Box::new(libloading::Library::new(real()).unwrap()));
        let context = library.get::<*const usize>(c"secp256k1_context_static").unwrap();
        Library {
            context: **context,
            parse_key: *library.get(c"secp256k1_ec_pubkey_parse").unwrap(),
            write_key: *library.get(c"secp256k1_ec_pubkey_serialize").unwrap(),
            compare_keys: *library.get(c"secp256k1_ec_pubkey_cmp").unwrap(),
            parse_der: *library.get(c"secp256k1_ecdsa_signature_parse_der").unwrap(),
            parse: *library.get(c"secp256k1_ecdsa_signature_parse_compact").unwrap(),
            write_der: *library.get(c"secp256k1_ecdsa_signature_serialize_der").unwrap(),
            normalize: *library.get(c"secp256k1_ecdsa_signature_normalize").unwrap(),
            verify: *library.get(c"secp256k1_ecdsa_verify").unwrap(),
            recover: *library.get(c"secp256k1_ecdsa_recover").unwrap(),
        }
    }
});

pub(crate) static OURS: Library = Library {
    context: 0,
    parse_key: keys::secp256k1_ec_pubkey_parse,
    write_key: keys::secp256k1_ec_pubkey_serialize,
    compare_keys: keys::secp256k1_ec_pubkey_cmp,
    parse_der: signatures::secp256k1_ecdsa_signature_parse_der,
    parse: signatures::secp256k1_ecdsa_signature_parse_compact,
    write_der: signatures::secp256k1_ecdsa_signature_serialize_der,
    normalize: signatures::secp256k1_ecdsa_signature_normalize,
    verify: verify::secp256k1_ecdsa_verify,
    recover: verify::secp256k1_ecdsa_recover,
};

// Each of these gives everything that a call returns and writes.
impl Library {
    fn context(&self) -> *const Context {
        std::ptr::with_exposed_provenance(self.context)
    }

    pub(crate) fn key(&self, bytes: &[u8]) -> (c_int, PublicKey) {
        let mut key = PublicKey([0xAA; 64]);
        // SAFETY: pointers to what is asked for, here and below.
        let parsed =
            unsafe { (self.parse_key)(self.context(), &mut key, bytes.as_ptr(), bytes.len()) };
        (parsed, key)
    }

    pub(crate) fn key_bytes(&self, key: &PublicKey, flags: c_uint) -> (c_int, usize, [u8; 70]) {
        let (mut bytes, mut len) = ([0xAA; 70], 70);
        // SAFETY: as above.
        let written =
            unsafe { (self.write_key)(self.context(), bytes.as_mut_ptr(), &mut len, key, flags) };
        (written, len, bytes)
    }

    pub(crate) fn compare(&self, one: &PublicKey, other: &PublicKey) -> c_int {
        // SAFETY: as above.
        unsafe { (self.compare_keys)(self.context(), one, other) }.signum()
    }

    pub(crate) fn der(&self, bytes: &[u8]) -> (c_int, Signature) {
        let mut signature = Signature([0xAA; 64]);
        // SAFETY: as above.
        let parsed = unsafe {
            (self.parse_der)(self.context(), &mut signature, bytes.as_ptr(), bytes.len())
        };
        (parsed, signature)
    }

    pub(crate) fn compact(&self, bytes: &[u8; 64]) -> (c_int, Signature) {
        let mut signature = Signature([0xAA; 64]);
        // SAFETY: as above.
        let parsed = unsafe { (self.parse)(self.context(), &mut signature, bytes.as_ptr()) };
        (parsed, signature)
    }

    pub(crate) fn der_bytes(
        &self,
        signature: &Signature,
        space: usize,
    ) -> (c_int, usize, [u8; 80]) {
        let (mut bytes, mut len) = ([0xAA; 80], space);
        // SAFETY: as above; there is more space than said.
        let written =
            unsafe { (self.write_der)(self.context(), bytes.as_mut_ptr(), &mut len, signature) };
        (written, len, bytes)
    }

    pub(crate) fn normalized(&self, signature: &Signature) -> (c_int, Signature) {
        let mut low = Signature([0xAA; 64]);
        // SAFETY: as above.
        let was_high = unsafe { (self.normalize)(self.context(), &mut low, signature) };
        (was_high, low)
    }

    pub(crate) fn verdict(
        &self,
        signature: &Signature,
        digest: &[u8; 32],
        key: &PublicKey,
    ) -> c_int {
        // SAFETY: as above.
        unsafe { (self.verify)(self.context(), signature, digest.as_ptr(), key) }
    }

    pub(crate) fn recovered(
        &self,
        signature: &RecoverableSignature,
        digest: &[u8; 32],
    ) -> (c_int, PublicKey) {
        let mut key = PublicKey([0xAA; 64]);
        // SAFETY: as above.
        let made = unsafe { (self.recover)(self.context(), &mut key, signature, digest.as_ptr()) };
        (made, key)
    }
}
