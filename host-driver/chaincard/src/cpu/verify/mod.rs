//! Signatures on the CPU: hashed and judged in the same loop, each scheme by the fastest code at
//! hand.

mod curve;
mod ed25519;
mod limbs;
mod modulus;
mod p256;
mod secp256k1;
mod sm2;
mod weierstrass;

pub(crate) use sm2::{identity as sm2_identity, uncompressed as uncompressed_sm2};

use super::kernel::Kernel;
use super::{keccak, sha2};
use crate::verify::{Hashing, Item, Plan, Recovered, Scheme, Verdict};

/// Writes the verdict on each item.
pub(super) fn verify(plan: &Plan<'_>, items: &[Item<'_>], verdicts: &mut [Verdict]) {
    match plan.profile.scheme() {
        Scheme::Secp256k1 => {
            for (item, verdict) in items.iter().zip(verdicts) {
                *verdict = secp256k1::verify(plan, item);
            }
        }
        Scheme::Sm2 => {
            let verifier = sm2::Verifier::new(plan);
            for (item, verdict) in items.iter().zip(verdicts) {
                *verdict = verifier.verify(item);
            }
        }
        Scheme::Ed25519 => ed25519::verify(plan, items, verdicts),
        Scheme::P256 => p256::verify(plan, items, verdicts),
    }
}

/// Recovers the key of each item.
pub(super) fn recover(plan: &Plan<'_>, items: &[Item<'_>], keys: &mut [Recovered]) {
    for (item, key) in items.iter().zip(keys) {
        *key = secp256k1::recover(plan, item);
    }
}

/// Rough time of a batch on one thread, in nanoseconds.
pub(super) fn estimate_ns(plan: &Plan<'_>, items: &[Item<'_>]) -> u64 {
    let ns = match plan.profile.scheme() {
        Scheme::Secp256k1 | Scheme::Ed25519 => 25_000,
        Scheme::Sm2 | Scheme::P256 => 40_000,
    };
    let hashed = plan.hashing.algorithm().map_or(0, |algorithm| {
        let bytes = items.iter().map(|item| item.message.len()).sum();
        super::kernel::estimate_ns(algorithm, items.len(), bytes)
    });
    hashed.saturating_add(ns * items.len() as u64)
}

/// The digest of ECDSA, as `hashing` says.
///
/// # Errors
/// [`Verdict::DigestLength`] for a given one of another length than 32 bytes.
pub(crate) fn digest(hashing: Hashing, message: &[u8]) -> Result<[u8; 32], Verdict> {
    let mut digest = [0; 32];
    match hashing {
        Hashing::Sha256 => sha2::sha256_of(message, &mut digest),
        Hashing::DoubleSha256 => {
            let mut inner = [0; 32];
            sha2::sha256_of(message, &mut inner);
            sha2::sha256_of(&inner, &mut digest);
        }
        Hashing::Keccak256 => keccak::Keccak256.digest(message, &mut digest),
        Hashing::Digest | Hashing::Sm3 | Hashing::Message => {
            return message.try_into().map_err(|_| Verdict::DigestLength);
        }
    }
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use chaincard_reference::params;

    use super::curve::Curve;
    use super::{ed25519, p256, secp256k1, sm2};

    #[test]
    fn parameters_are_those_of_the_standards() {
        use params::p256::{B, GX, GY, N, P};
        let found = [p256::P256::P, p256::P256::B, p256::P256::N, p256::P256::GX, p256::P256::GY];
        assert_eq!(found, [P, B, N, GX, GY]);
        use params::sm2 as standard;
        let found = [sm2::Sm2::P, sm2::Sm2::B, sm2::Sm2::N, sm2::Sm2::GX, sm2::Sm2::GY];
        let expected = [standard::P, standard::B, standard::N, standard::GX, standard::GY];
        assert_eq!(found, expected);
        assert_eq!([secp256k1::P, secp256k1::N], [params::secp256k1::P, params::secp256k1::N]);
        assert_eq!(ed25519::P, params::ed25519::P);
    }
}
