//! Multi-scalar multiplication over the types of arkworks 0.6.
//!
//! [`msm`] takes points and scalars as arkworks has them: points are read where they are, and
//! scalars leave Montgomery form, as they do in arkworks. Work is spread over the threads of rayon's
//! current pool.
//!
//! ```
//! use ark_ec::{AffineRepr, CurveGroup};
//!
//! let generator = ark_bn254::G1Affine::generator();
//! let sum = chaincard::ark::msm(&[generator, generator], &[3.into(), 4.into()])?;
//! assert_eq!(sum, generator * ark_bn254::Fr::from(7));
//! # Ok::<(), chaincard::msm::MsmError>(())
//! ```
//!
//! Code that is generic over curves gets there by its type: [`bn254::Config`] and its like are
//! arkworks' curves, but for their multi-scalar multiplication.
//!
//! ```
//! use ark_ec::VariableBaseMSM;
//! use chaincard::ark::{bls12_381, from_arkworks};
//!
//! let generator = from_arkworks(&ark_bls12_381::g1::G1Affine::identity());
//! let sum = bls12_381::G1Projective::msm(&[generator], &[5.into()]);
//! assert_eq!(sum, Ok(generator.into()));
//! ```
//!
//! `VariableBaseMSM::msm_unchecked` and `msm_bigint` are arkworks' own with these, too.

mod config;

use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ff::{BigInt, PrimeField};

use crate::msm::{MsmError, bucket, number::Number};

pub use config::{Accelerated, from_arkworks, to_arkworks};

/// BN254.
pub mod bn254 {
    use ark_ec::short_weierstrass::{Affine, Projective};

    /// G1 of `ark_bn254`, multiplied by this crate.
    pub type Config = super::Accelerated<ark_bn254::g1::Config>;
    /// A point.
    pub type G1Affine = Affine<Config>;
    /// A sum.
    pub type G1Projective = Projective<Config>;
}

/// BLS12-381.
pub mod bls12_381 {
    use ark_ec::short_weierstrass::{Affine, Projective};

    /// G1 of `ark_bls12_381`, multiplied by this crate.
    pub type Config = super::Accelerated<ark_bls12_381::g1::Config>;
    /// A point.
    pub type G1Affine = Affine<Config>;
    /// A sum.
    pub type G1Projective = Projective<Config>;
}

/// BLS12-377.
pub mod bls12_377 {
    use ark_ec::short_weierstrass::{Affine, Projective};

    /// G1 of `ark_bls12_377`, multiplied by this crate.
    pub type Config = super::Accelerated<ark_bls12_377::g1::Config>;
    /// A point.
    pub type G1Affine = Affine<Config>;
    /// A sum.
    pub type G1Projective = Projective<Config>;
}

/// G1 of a pairing curve: arkworks' BN254, BLS12-381 and BLS12-377, and [`Accelerated`] ones.
pub trait G1: SWCurveConfig<ZeroFlag = ()> {
    /// The sum of the products; as many bases as scalars.
    #[doc(hidden)]
    fn sum_of_products(bases: &[Affine<Self>], scalars: &[Self::ScalarField]) -> Projective<Self>;
}

macro_rules! g1 {
    ($($config:ty),*) => {$(
        impl G1 for $config {
            fn sum_of_products(
                bases: &[Affine<Self>],
                scalars: &[Self::ScalarField],
            ) -> Projective<Self> {
                multiply(bases, scalars)
            }
        }
    )*};
}

g1!(ark_bn254::g1::Config, ark_bls12_381::g1::Config, ark_bls12_377::g1::Config);
g1!(bn254::Config, bls12_381::Config, bls12_377::Config);

/// The sum of all `scalars[i]` times `bases[i]`. Bases are not checked: those outside G1, and off the
/// curve, give some point.
///
/// # Errors
/// [`MsmError::Count`] if there are more bases than scalars, or fewer.
pub fn msm<P: G1>(
    bases: &[Affine<P>],
    scalars: &[P::ScalarField],
) -> Result<Projective<P>, MsmError> {
    if bases.len() != scalars.len() {
        return Err(MsmError::Count);
    }
    Ok(P::sum_of_products(bases, scalars))
}

/// Terms that are taken at once: 32 bytes each.
const AT_ONCE: usize = 1 << 18;

fn multiply<P>(bases: &[Affine<P>], scalars: &[P::ScalarField]) -> Projective<P>
where
    P: SWCurveConfig<BaseField: Number, ScalarField: PrimeField<BigInt = BigInt<4>>>,
{
    bucket::multiply(bases, scalars, AT_ONCE, |scalar| scalar.into_bigint().0)
}
