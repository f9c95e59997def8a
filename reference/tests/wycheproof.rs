//! Every Wycheproof vector of the four schemes.

use std::collections::BTreeMap;

use chaincard_reference::cases::wycheproof;
use chaincard_reference::verify::{Profile, Verdict};

/// Vectors by profile: how many there are, and how many of them are valid.
const COUNTS: [(Profile, usize, usize); 9] = [
    (Profile::Bitcoin, 728, 335),
    (Profile::BitcoinLowS, 463, 162),
    (Profile::Ethereum, 728, 335),
    (Profile::EthereumTransaction, 463, 162),
    (Profile::Rfc8032, 151, 88),
    (Profile::Zip215, 151, 89),
    (Profile::Strict, 151, 88),
    (Profile::Rip7212, 746, 347),
    (Profile::Fips186, 746, 347),
];

#[test]
fn every_vector() {
    for (profile, count, valid) in COUNTS {
        let vectors = wycheproof(profile);
        assert_eq!(vectors.len(), count, "{profile:?}");
        assert_eq!(vectors.iter().filter(|vector| vector.valid).count(), valid, "{profile:?}");
        let mut verdicts = BTreeMap::new();
        for vector in vectors {
            let verdict = vector.raw.verify();
            assert_eq!(verdict == Verdict::Valid, vector.valid, "{}: {verdict:?}", vector.name);
            *verdicts.entry(format!("{verdict:?}")).or_insert(0) += 1;
        }
        println!("{profile:?}: {verdicts:?}");
    }
}

#[test]
fn sm2_is_not_in_wycheproof() {
    assert!(wycheproof(Profile::Gm).is_empty());
}
