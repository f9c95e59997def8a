//! The curves by name.

use std::fmt;
use std::str::FromStr;

use super::bls12_381::Bls12_381;
use super::engine::{Bls12_377, Bn254, Engine};
use super::scalar::Limbs;

/// A pairing curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// BN254: EIP-196, where it is `alt_bn128`.
    Bn254 = 0,
    /// BLS12-381: draft-irtf-cfrg-pairing-friendly-curves-11, section 4.2.1.
    Bls12_381 = 1,
    /// BLS12-377: Zexe (IACR ePrint 2018/962).
    Bls12_377 = 2,
}

/// There is no curve of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no curve {0:?}; there are: bn254, bls12-381, bls12-377")]
pub struct UnknownCurve(String);

impl Curve {
    /// Every curve.
    pub const ALL: [Self; 3] = [Self::Bn254, Self::Bls12_381, Self::Bls12_377];

    /// Name as users type it: `bn254`, `bls12-381`, `bls12-377`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bn254 => "bn254",
            Self::Bls12_381 => "bls12-381",
            Self::Bls12_377 => "bls12-377",
        }
    }

    /// Bytes of an encoded point: 64, 96, 96.
    pub const fn point_bytes(self) -> usize {
        match self {
            Self::Bn254 => 64,
            Self::Bls12_381 | Self::Bls12_377 => 96,
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Curve {
    type Err = UnknownCurve;

    fn from_str(name: &str) -> Result<Self, UnknownCurve> {
        let known = Self::ALL.into_iter().find(|curve| curve.name() == name);
        known.ok_or_else(|| UnknownCurve(name.to_owned()))
    }
}

/// r.
pub(super) const fn order(curve: Curve) -> &'static Limbs {
    match curve {
        Curve::Bn254 => &Bn254::ORDER,
        Curve::Bls12_381 => &Bls12_381::ORDER,
        Curve::Bls12_377 => &Bls12_377::ORDER,
    }
}

/// Bits of r.
pub(super) const fn order_bits(curve: Curve) -> u32 {
    256 - order(curve)[3].leading_zeros()
}
