//! Numbers of the interface are those of the library.

use chaincard::HashAlgorithm;
use chaincard_c::ChaincardAlgorithm as C;

#[test]
fn algorithms_have_the_numbers_of_the_wire() {
    let numbers = [C::Sha256, C::Sha512, C::Keccak256, C::Sha3_256, C::Sm3].map(|c| c as u32);
    assert_eq!(numbers, HashAlgorithm::ALL.map(|algorithm| u32::from(algorithm.code())));
    for algorithm in HashAlgorithm::ALL {
        let number = algorithm.code().into();
        assert_eq!(chaincard_c::chaincard_digest_len(number), algorithm.digest_len());
        let name = chaincard_c::chaincard_algorithm_name(number);
        // SAFETY: a constant string of the library.
        let name = unsafe { std::ffi::CStr::from_ptr(name) };
        assert_eq!(name.to_str(), Ok(algorithm.name()));
    }
}
