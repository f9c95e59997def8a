//! Signatures with the verdict that they must get: corner cases, random ones, and published
//! vectors.
//!
//! ```
//! use chaincard_reference::cases;
//! use chaincard_reference::verify::{Profile, verify};
//!
//! for expected in cases::random(Profile::Rfc8032, 7, 4) {
//!     assert_eq!(verify(&expected.case), expected.verdict, "{}", expected.name);
//! }
//! ```

mod edwards;
mod forge;
mod random;
mod recovery;
#[cfg(feature = "vectors")]
mod vectors;
mod weierstrass;

use rand::RngCore;
use rand_chacha::ChaCha8Rng;

use crate::curve::{P256, Secp256k1, Sm2};
use crate::verify::{Case, Profile, Scheme, Verdict};

pub use recovery::recovery_corners;
#[cfg(feature = "vectors")]
pub use vectors::{Vector, wycheproof};

/// A case, and what must come out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// What is special about it.
    pub name: String,
    /// The signature, its key, its message, and the rules.
    pub case: Case,
    /// The verdict.
    pub verdict: Verdict,
    /// Recovery only: the key, zeros unless the verdict is `Valid`.
    pub key: [u8; 64],
}

impl Expected {
    fn new(name: impl Into<String>, case: Case, verdict: Verdict) -> Self {
        Self { name: name.into(), verdict: verdict.under(case.profile), case, key: [0; 64] }
    }
}

/// The corner cases of verification: exceptional additions, ends of ranges, encodings, orders of
/// points, and what comes first where several rules are broken. A few hundred; always the same.
pub fn corners(profile: Profile) -> Vec<Expected> {
    match profile.scheme() {
        Scheme::Secp256k1 => weierstrass::corners::<Secp256k1>(profile),
        Scheme::P256 => weierstrass::corners::<P256>(profile),
        Scheme::Sm2 => weierstrass::corners::<Sm2>(profile),
        Scheme::Ed25519 => edwards::corners(profile),
    }
}

/// Signatures whose keys are small multiples of the base point and whose scalars are small, so
/// that additions of equal, of opposite and of neutral points come up everywhere. Some hundreds;
/// always the same. None for Ed25519, whose addition law has no exceptions.
pub fn small_scalars(profile: Profile) -> Vec<Expected> {
    match profile.scheme() {
        Scheme::Secp256k1 => weierstrass::small_scalars::<Secp256k1>(profile),
        Scheme::P256 => weierstrass::small_scalars::<P256>(profile),
        Scheme::Sm2 => weierstrass::small_scalars::<Sm2>(profile),
        Scheme::Ed25519 => Vec::new(),
    }
}

/// `count` signatures for verification from a seed, about half of them valid; a few microseconds
/// each.
pub fn random(profile: Profile, seed: u64, count: usize) -> Vec<Expected> {
    match profile.scheme() {
        Scheme::Secp256k1 => random::weierstrass::<Secp256k1>(profile, seed, count),
        Scheme::P256 => random::weierstrass::<P256>(profile, seed, count),
        Scheme::Sm2 => random::weierstrass::<Sm2>(profile, seed, count),
        Scheme::Ed25519 => random::edwards(profile, seed, count),
    }
}

/// `count` valid signatures over secp256k1 for recovery, from a seed.
pub fn random_recovery(profile: Profile, seed: u64, count: usize) -> Vec<Expected> {
    random::recovery(profile, seed, count)
}

/// 32 random bytes.
fn bytes32(rng: &mut ChaCha8Rng) -> [u8; 32] {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// `len` random bytes.
fn some_bytes(rng: &mut ChaCha8Rng, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    rng.fill_bytes(&mut bytes);
    bytes
}
