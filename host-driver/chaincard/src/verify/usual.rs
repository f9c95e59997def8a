//! What is taken where users leave something unsaid.

use super::{Hashing, Profile, Scheme};

/// The profile of a scheme when none is named: consensus of Bitcoin, GM/T 0003.2, RFC 8032,
/// FIPS 186-5.
pub const fn usual_profile(scheme: Scheme) -> Profile {
    match scheme {
        Scheme::Secp256k1 => Profile::Bitcoin,
        Scheme::Sm2 => Profile::Gm,
        Scheme::Ed25519 => Profile::Rfc8032,
        Scheme::P256 => Profile::Fips186,
    }
}

/// How messages are hashed when it is known that they are messages: as the chain, or the
/// standard, of the profile has it.
pub const fn usual_hashing(profile: Profile) -> Hashing {
    match profile {
        Profile::Bitcoin | Profile::BitcoinLowS => Hashing::DoubleSha256,
        Profile::Ethereum | Profile::EthereumTransaction => Hashing::Keccak256,
        Profile::Gm => Hashing::Sm3,
        Profile::Rfc8032 | Profile::Zip215 | Profile::Strict => Hashing::Message,
        Profile::Rip7212 | Profile::Fips186 => Hashing::Sha256,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_fits_together() {
        for scheme in Scheme::ALL {
            assert_eq!(usual_profile(scheme).scheme(), scheme);
        }
        for profile in Profile::ALL {
            assert!(profile.scheme().takes(usual_hashing(profile)));
        }
    }
}
