//! Multi-scalar multiplication, k₁·P₁ + ... + kₙ·Pₙ, on G1 of the pairing curves
//! (`docs/msm.md`).
//!
//! [`naive`] says what the result is, [`bucket`] how a device gets there. Both stand on the
//! additions and doublings of arkworks and on nothing else of it: no scalar multiplication, which
//! for some curves takes the scalar modulo r, and no multi-scalar multiplication.
//!
//! ```
//! use chaincard_reference::msm::{Bases, Curve, Rules, Scalars, msm};
//!
//! let rules = Rules { bases: Bases::Checked, scalars: Scalars::Reduce };
//! let infinity = vec![0; Curve::Bn254.point_bytes()];
//! assert_eq!(msm(Curve::Bn254, rules, &[], &[]), Ok(infinity));
//! ```

pub mod bucket;
pub mod cases;
pub mod encoding;
mod error;
pub mod naive;
pub mod toy;

use ark_ec::CurveConfig;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ff::PrimeField;

pub use ark_bls12_377::g1::Config as Bls12_377;
pub use ark_bls12_381::g1::Config as Bls12_381;
pub use ark_bn254::g1::Config as Bn254;
pub use error::Error;

/// A group of prime order r on a curve y² = x³ + ax + b over a prime field, with b ≠ 0: (0, 0) is
/// off the curve, and stands for infinity. r has at most 256 bits.
pub trait G1: SWCurveConfig + CurveConfig<BaseField: PrimeField> {}

impl<C: SWCurveConfig + CurveConfig<BaseField: PrimeField>> G1 for C {}

/// A number modulo r.
pub type Scalar<C> = <C as CurveConfig>::ScalarField;

/// A base with its scalar.
pub type Term<C> = (Affine<C>, Scalar<C>);

/// The curves of devices and files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// BN254: EIP-196, where it is `alt_bn128`.
    Bn254 = 0,
    /// BLS12-381: draft-irtf-cfrg-pairing-friendly-curves-11, section 4.2.1.
    Bls12_381 = 1,
    /// BLS12-377: Zexe (IACR ePrint 2018/962).
    Bls12_377 = 2,
}

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

    /// The curve of a [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.name() == name)
    }

    /// Bytes of an encoded point: 64, 96, 96.
    pub fn point_bytes(self) -> usize {
        match self {
            Self::Bn254 => encoding::point_bytes::<Bn254>(),
            Self::Bls12_381 => encoding::point_bytes::<Bls12_381>(),
            Self::Bls12_377 => encoding::point_bytes::<Bls12_377>(),
        }
    }
}

/// What is asked of bases beyond their encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bases {
    /// They are on the curve and in the group of order r.
    Checked,
    /// Nothing: the caller vouches for them.
    Unchecked,
}

/// What becomes of scalars of r or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalars {
    /// They are taken modulo r.
    Reduce,
    /// They are an error.
    Refuse,
}

/// The rules of a multiplication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// What is asked of bases.
    pub bases: Bases,
    /// What becomes of scalars of r or more.
    pub scalars: Scalars,
}

/// The multiplication on bytes: `bases` are points of [`Curve::point_bytes`] each, x then y,
/// big-endian, infinity all zeros; `scalars` are as many numbers of 32 bytes, big-endian. The
/// result is a point in the same encoding.
///
/// # Errors
///
/// The first rule of `docs/msm.md` that is broken.
pub fn msm(curve: Curve, rules: Rules, bases: &[u8], scalars: &[u8]) -> Result<Vec<u8>, Error> {
    match curve {
        Curve::Bn254 => on::<Bn254>(rules, bases, scalars),
        Curve::Bls12_381 => on::<Bls12_381>(rules, bases, scalars),
        Curve::Bls12_377 => on::<Bls12_377>(rules, bases, scalars),
    }
}

fn on<C: G1>(rules: Rules, bases: &[u8], scalars: &[u8]) -> Result<Vec<u8>, Error> {
    let terms = encoding::decode_terms::<C>(rules, bases, scalars)?;
    Ok(encoding::encode_point(&naive::msm(&terms)))
}
