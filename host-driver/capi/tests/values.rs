//! Numbers of the interface are those of the library.

use chaincard::HashAlgorithm;
use chaincard::msm::Curve;
use chaincard::verify::{Hashing, Profile, Verdict};
use chaincard_c::ChaincardAlgorithm as C;
use chaincard_c::{ChaincardCurve, ChaincardHashing, ChaincardProfile, ChaincardVerdict};

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

#[test]
fn rules_and_verdicts_have_the_numbers_of_the_wire() {
    use ChaincardHashing as H;
    use ChaincardProfile as P;
    use ChaincardVerdict as V;
    let profiles = [
        P::Bitcoin,
        P::BitcoinLowS,
        P::Ethereum,
        P::EthereumTransaction,
        P::Gm,
        P::Rfc8032,
        P::Zip215,
        P::Strict,
        P::Rip7212,
        P::Fips186,
    ];
    for (ours, c) in Profile::ALL.into_iter().zip(profiles) {
        assert_eq!((u32::from(ours.code()), ours.symbol()), (c as u32, &*format!("{c:?}")));
    }
    let hashings = [H::Digest, H::Sha256, H::DoubleSha256, H::Keccak256, H::Sm3, H::Message];
    for (ours, c) in Hashing::ALL.into_iter().zip(hashings) {
        assert_eq!((u32::from(ours.code()), ours.symbol()), (c as u32, &*format!("{c:?}")));
    }
    let verdicts = [
        V::Invalid,
        V::Valid,
        V::HighS,
        V::SmallOrder,
        V::SignatureLength,
        V::SignatureEncoding,
        V::RangeR,
        V::RangeS,
        V::RangeT,
        V::RecoveryId,
        V::KeyLength,
        V::KeyEncoding,
        V::KeyRange,
        V::KeyNotOnCurve,
        V::KeyInfinity,
        V::DigestLength,
        V::UserIdLength,
    ];
    assert_eq!(verdicts.len(), Verdict::ALL.len());
    for (ours, c) in Verdict::ALL.into_iter().zip(verdicts) {
        assert_eq!((ours.code(), ours.symbol()), (c as u8, &*format!("{c:?}")));
    }
}

#[test]
fn curves_have_the_numbers_of_the_library() {
    let curves = [ChaincardCurve::Bn254, ChaincardCurve::Bls12_381, ChaincardCurve::Bls12_377];
    assert_eq!(curves.map(|curve| curve as u32), Curve::ALL.map(|curve| curve as u32));
}
