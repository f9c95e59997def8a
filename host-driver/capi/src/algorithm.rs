//! Algorithms by number and name.

use std::ffi::{CStr, c_char};

use chaincard::HashAlgorithm;

use crate::status::{ChaincardStatus, Failure, guard};
use crate::text;

/// Hash algorithms. A value keeps its meaning in all versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ChaincardAlgorithm {
    /// SHA-256, FIPS 180-4; 32 bytes.
    Sha256 = 0,
    /// SHA-512, FIPS 180-4; 64 bytes.
    Sha512 = 1,
    /// Keccak-256 with the original padding, as Ethereum uses it; 32 bytes.
    Keccak256 = 2,
    /// SHA3-256, FIPS 202; 32 bytes.
    #[allow(non_camel_case_types)]
    Sha3_256 = 3,
    /// SM3, GB/T 32905-2016; 32 bytes.
    Sm3 = 4,
}

/// The algorithm of a number from C.
pub(crate) fn algorithm(number: u32) -> Result<HashAlgorithm, Failure> {
    u16::try_from(number).ok().and_then(HashAlgorithm::from_code).ok_or_else(|| {
        Failure::new(ChaincardStatus::Algorithm, format!("there is no algorithm {number}"))
    })
}

/// Bytes in a digest of `algorithm`; 0 when there is no such algorithm.
#[unsafe(no_mangle)]
pub extern "C" fn chaincard_digest_len(algorithm: u32) -> usize {
    self::algorithm(algorithm).map_or(0, HashAlgorithm::digest_len)
}

/// Name of `algorithm`: "sha256", "sha512", "keccak256", "sha3-256", "sm3"; NULL when there is
/// no such algorithm. The string is constant.
#[unsafe(no_mangle)]
pub extern "C" fn chaincard_algorithm_name(algorithm: u32) -> *const c_char {
    let name: &CStr = match self::algorithm(algorithm) {
        Err(_) => return std::ptr::null(),
        Ok(HashAlgorithm::Sha256) => c"sha256",
        Ok(HashAlgorithm::Sha512) => c"sha512",
        Ok(HashAlgorithm::Keccak256) => c"keccak256",
        Ok(HashAlgorithm::Sha3_256) => c"sha3-256",
        Ok(HashAlgorithm::Sm3) => c"sm3",
    };
    name.as_ptr()
}

/// Finds an algorithm by its name and writes its number to `algorithm`.
///
/// # Safety
/// `name` is NULL or a string that ends with a zero byte; `algorithm` is NULL or points to
/// space for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_algorithm_from_name(
    name: *const c_char,
    algorithm: *mut u32,
) -> ChaincardStatus {
    guard(|| {
        // SAFETY: the caller vouches for the string.
        let name = unsafe { text(name, "name") }?;
        if algorithm.is_null() {
            return Err(Failure::null("algorithm"));
        }
        let found = HashAlgorithm::ALL.into_iter().find(|known| known.name() == name);
        let found = found.ok_or_else(|| {
            Failure::new(ChaincardStatus::Algorithm, format!("there is no algorithm {name:?}"))
        })?;
        // SAFETY: not NULL, and the caller vouches for the space.
        unsafe { algorithm.write(u32::from(found.code())) };
        Ok(())
    })
}
