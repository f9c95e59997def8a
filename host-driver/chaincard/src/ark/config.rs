//! arkworks' curves, multiplied by this crate.

use std::marker::PhantomData;

use ark_ec::CurveConfig;
use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ff::{BigInt, PrimeField};
use ark_serialize::{Compress, Read, SerializationError, Validate, Write};

use super::{G1, multiply};
use crate::msm::number::Number;

/// The curve `P` with the multi-scalar multiplication of this crate; all else, encodings among it, is
/// that of `P`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accelerated<P>(PhantomData<P>);

/// The same point of arkworks' curve.
pub fn to_arkworks<P: G1>(point: &Affine<Accelerated<P>>) -> Affine<P>
where
    Accelerated<P>: SWCurveConfig<BaseField = P::BaseField>,
{
    Affine::new_unchecked(point.x, point.y)
}

/// The same point of this crate's curve.
pub fn from_arkworks<P: G1>(point: &Affine<P>) -> Affine<Accelerated<P>>
where
    Accelerated<P>: SWCurveConfig<BaseField = P::BaseField>,
{
    Affine::new_unchecked(point.x, point.y)
}

impl<P: SWCurveConfig<ZeroFlag = ()>> CurveConfig for Accelerated<P> {
    type BaseField = P::BaseField;
    type ScalarField = P::ScalarField;
    const COFACTOR: &'static [u64] = P::COFACTOR;
    const COFACTOR_INV: P::ScalarField = P::COFACTOR_INV;
}

impl<P> SWCurveConfig for Accelerated<P>
where
    P: G1<BaseField: Number, ScalarField: PrimeField<BigInt = BigInt<4>>>,
{
    const COEFF_A: P::BaseField = P::COEFF_A;
    const COEFF_B: P::BaseField = P::COEFF_B;
    const GENERATOR: Affine<Self> = Affine::new_unchecked(P::GENERATOR.x, P::GENERATOR.y);
    type ZeroFlag = ();

    fn mul_by_a(number: P::BaseField) -> P::BaseField {
        P::mul_by_a(number)
    }

    fn add_b(number: P::BaseField) -> P::BaseField {
        P::add_b(number)
    }

    fn is_in_correct_subgroup_assuming_on_curve(point: &Affine<Self>) -> bool {
        P::is_in_correct_subgroup_assuming_on_curve(&to_arkworks(point))
    }

    fn clear_cofactor(point: &Affine<Self>) -> Affine<Self> {
        from_arkworks(&P::clear_cofactor(&to_arkworks(point)))
    }

    fn mul_projective(base: &Projective<Self>, scalar: &[u64]) -> Projective<Self> {
        let base = Projective::new_unchecked(base.x, base.y, base.z);
        from_arkworks_sum(&P::mul_projective(&base, scalar))
    }

    fn mul_affine(base: &Affine<Self>, scalar: &[u64]) -> Projective<Self> {
        from_arkworks_sum(&P::mul_affine(&to_arkworks(base), scalar))
    }

    fn msm(bases: &[Affine<Self>], scalars: &[P::ScalarField]) -> Result<Projective<Self>, usize> {
        match bases.len() == scalars.len() {
            true => Ok(multiply(bases, scalars)),
            false => Err(bases.len().min(scalars.len())),
        }
    }

    fn serialize_with_mode<W: Write>(
        point: &Affine<Self>,
        writer: W,
        compress: Compress,
    ) -> Result<(), SerializationError> {
        P::serialize_with_mode(&to_arkworks(point), writer, compress)
    }

    fn deserialize_with_mode<R: Read>(
        reader: R,
        compress: Compress,
        validate: Validate,
    ) -> Result<Affine<Self>, SerializationError> {
        Ok(from_arkworks(&P::deserialize_with_mode(reader, compress, validate)?))
    }

    fn serialized_size(compress: Compress) -> usize {
        P::serialized_size(compress)
    }
}

fn from_arkworks_sum<P: G1>(sum: &Projective<P>) -> Projective<Accelerated<P>>
where
    Accelerated<P>: SWCurveConfig<BaseField = P::BaseField>,
{
    Projective::new_unchecked(sum.x, sum.y, sum.z)
}
