//! Program text of each signature scheme: constants of the host, then the kernels' own files.

use std::fmt::Write;

use chaincard_protocol::verify::{
    Hashing, ITEM_HEAD, KEY_COMPRESSED, KEY_ODD, Profile, RECOVERY_ABOVE_N, RECOVERY_ODD, Scheme,
    Verdict,
};

use crate::algorithm::{COMMON, KECCAK, SHA256, SHA512, SM3};
use crate::curve::{BLS12_381, BN254, ED25519, P256, SECP256K1, SM2};
use crate::multiplier::MsmCurve;

const NUMBER: &str = include_str!("kernels/number.cl");
const MSM: &str = include_str!("kernels/msm.cl");
const ITEM: &str = include_str!("kernels/item.cl");
const POINTS: &str = include_str!("kernels/points.cl");
const WEIERSTRASS: &str = include_str!("kernels/weierstrass.cl");
const EDWARDS: &str = include_str!("kernels/edwards.cl");
const STRAUS: &str = include_str!("kernels/straus.cl");
const ECDSA: &str = include_str!("kernels/ecdsa.cl");
const SM2_SCHEME: &str = include_str!("kernels/sm2.cl");
const ED25519_SCHEME: &str = include_str!("kernels/ed25519.cl");

/// Multiples of the base point in a program's table.
pub(crate) const BASE_MULTIPLES: usize = 256;

/// Rules of a profile, as the kernels tell them apart.
#[derive(Clone, Copy)]
pub(crate) enum Rules {
    Plain = 0,
    LowS = 1,
    Canonical = 2,
    Cofactor = 3,
    Strict = 4,
}

impl Rules {
    pub(crate) const fn of(profile: Profile) -> Self {
        match profile {
            Profile::BitcoinLowS | Profile::EthereumTransaction => Self::LowS,
            Profile::Rfc8032 => Self::Canonical,
            Profile::Zip215 => Self::Cofactor,
            Profile::Strict => Self::Strict,
            _ => Self::Plain,
        }
    }
}

/// Bytes of a point in the table: 3 coordinates, 4 on the Edwards curve.
pub(crate) const fn point_len(scheme: Scheme) -> usize {
    match scheme {
        Scheme::Ed25519 => 128,
        _ => 96,
    }
}

/// The OpenCL C text with the kernels `base_multiples` and `verify`, and for secp256k1
/// `recover`.
pub(crate) fn source(scheme: Scheme) -> String {
    let weierstrass = |hashes: &str, constants: String, kernels: &str| {
        [&codes(), COMMON, hashes, NUMBER, &constants, ITEM, POINTS, WEIERSTRASS, STRAUS, kernels]
            .join("\n")
    };
    let ecdsa_hashes = [SHA256, KECCAK].concat();
    match scheme {
        Scheme::Secp256k1 => weierstrass(&ecdsa_hashes, SECP256K1.constants(), ECDSA),
        Scheme::P256 => weierstrass(&ecdsa_hashes, P256.constants(), ECDSA),
        Scheme::Sm2 => weierstrass(SM3, SM2.constants(), SM2_SCHEME),
        Scheme::Ed25519 => {
            let constants = ED25519.constants();
            let parts = [
                &codes(),
                COMMON,
                SHA512,
                NUMBER,
                &constants,
                ITEM,
                EDWARDS,
                STRAUS,
                ED25519_SCHEME,
            ];
            parts.join("\n")
        }
    }
}

/// The OpenCL C text with the kernels of multi-scalar multiplication.
pub(crate) fn msm_source(curve: MsmCurve) -> String {
    let [limbs, constants] = match curve {
        MsmCurve::Bn254 => BN254.constants(),
        MsmCurve::Bls12_381 => BLS12_381.constants(),
    };
    [COMMON, &limbs, NUMBER, &constants, POINTS, MSM].join("\n")
}

/// Numbers that host and kernels agree on.
fn codes() -> String {
    let verdict = |verdict: Verdict| u32::from(verdict.code());
    let hashing = |hashing: Hashing| u32::from(hashing.code());
    let codes = [
        ("VALID", verdict(Verdict::Valid)),
        ("INVALID", verdict(Verdict::Invalid)),
        ("HIGH_S", verdict(Verdict::HighS)),
        ("SMALL_ORDER", verdict(Verdict::SmallOrder)),
        ("RANGE_R", verdict(Verdict::RangeR)),
        ("RANGE_S", verdict(Verdict::RangeS)),
        ("RANGE_T", verdict(Verdict::RangeT)),
        ("KEY_RANGE", verdict(Verdict::KeyRange)),
        ("KEY_NOT_ON_CURVE", verdict(Verdict::KeyNotOnCurve)),
        ("HASHING_DIGEST", hashing(Hashing::Digest)),
        ("HASHING_DOUBLE_SHA256", hashing(Hashing::DoubleSha256)),
        ("HASHING_KECCAK256", hashing(Hashing::Keccak256)),
        ("RULES_LOW_S", Rules::LowS as u32),
        ("RULES_CANONICAL", Rules::Canonical as u32),
        ("RULES_COFACTOR", Rules::Cofactor as u32),
        ("RULES_STRICT", Rules::Strict as u32),
        ("KEY_COMPRESSED", KEY_COMPRESSED),
        ("KEY_ODD", KEY_ODD),
        ("RECOVERY_ODD", RECOVERY_ODD),
        ("RECOVERY_ABOVE_N", RECOVERY_ABOVE_N),
        ("ITEM_HEAD", ITEM_HEAD as u32),
        ("HEAD_R", HEAD_R as u32),
        ("HEAD_S", HEAD_S as u32),
        ("HEAD_X", HEAD_X as u32),
        ("HEAD_Y", HEAD_Y as u32),
        ("BASE_MULTIPLES", BASE_MULTIPLES as u32),
    ];
    let mut text = String::new();
    for (name, code) in codes {
        // Writing to a string does not fail.
        let _ = writeln!(text, "#define {name} {code}u");
    }
    text
}

/// Where the fields of an item's head begin, as chaincard-protocol lays them out.
pub(crate) const HEAD_R: usize = 4;
pub(crate) const HEAD_S: usize = 36;
pub(crate) const HEAD_X: usize = 68;
pub(crate) const HEAD_Y: usize = 100;
