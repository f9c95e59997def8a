//! The libraries that provers and nodes use today. Each has bases and scalars in its own form, made
//! before it is measured, and gives its sum in the encoding of `docs/msm.md`.

use std::fmt;
use std::ptr;

use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::PrimeField;
use blst::{
    MultiPoint, blst_fp, blst_p1, blst_p1_affine, blst_p1_serialize, blst_p1s_mult_pippenger,
    blst_p1s_mult_pippenger_scratch_sizeof,
};
use halo2curves::CurveAffine;
use halo2curves::ff;
use halo2curves::group::Curve as _;
use halo2curves::msm::msm_best;

use super::bytes;

/// A library with the terms of one multiplication.
pub struct MsmPeer {
    /// Name of the crate.
    pub name: &'static str,
    multiply: Box<dyn Fn() -> Vec<u8> + Send + Sync>,
}

impl MsmPeer {
    fn new(name: &'static str, multiply: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self { name, multiply: Box::new(multiply) }
    }

    /// The sum, encoded. Libraries that use rayon take the threads of its current pool.
    pub fn multiply(&self) -> Vec<u8> {
        (self.multiply)()
    }
}

impl fmt::Debug for MsmPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MsmPeer").field(&self.name).finish()
    }
}

/// Bases and scalars.
pub(super) type Terms<P> = (Vec<Affine<P>>, Vec<<P as ark_ec::CurveConfig>::ScalarField>);

/// arkworks.
pub(super) fn arkworks<P: SWCurveConfig<BaseField: PrimeField>>(
    (bases, scalars): Terms<P>,
) -> MsmPeer {
    MsmPeer::new("arkworks", move || {
        let sum = Projective::<P>::msm_unchecked(&bases, &scalars).into_affine();
        sum.xy().map_or_else(Vec::new, |(x, y)| bytes(&[x, y]))
    })
}

/// halo2curves.
fn halo2curves<P, C>((bases, scalars): &Terms<P>) -> MsmPeer
where
    P: SWCurveConfig<BaseField: PrimeField>,
    C: CurveAffine,
{
    let point = |point: &Affine<P>| {
        C::from_xy(number(point.x), number(point.y)).expect("a point of the curve")
    };
    let bases: Vec<C> = bases.iter().map(point).collect();
    let scalars: Vec<C::Scalar> = scalars.iter().map(|scalar| number(*scalar)).collect();
    MsmPeer::new("halo2curves", move || {
        let sum = msm_best(&scalars, &bases).to_affine().coordinates();
        let encoded = sum.map(|sum| [big_endian(sum.x()), big_endian(sum.y())].concat());
        Option::from(encoded).unwrap_or_default()
    })
}

fn number<F: ff::PrimeField>(number: impl PrimeField) -> F {
    let limbs = number.into_bigint();
    let shift = F::from(1 << 32).square();
    limbs.as_ref().iter().rev().fold(F::ZERO, |sum, limb| sum * shift + F::from(*limb))
}

/// The number as bytes; the library has them in either order.
fn big_endian<F: ff::PrimeField>(number: &F) -> Vec<u8> {
    let mut bytes = number.to_repr().as_ref().to_vec();
    if F::ONE.to_repr().as_ref()[0] == 1 {
        bytes.reverse();
    }
    bytes
}

/// blst, which takes one thread or, beside rayon's, those of its own pool: one for each of the
/// machine.
fn blst((bases, scalars): &Terms<ark_bls12_381::g1::Config>, threads: usize) -> Option<MsmPeer> {
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    if threads != 1 && threads != all {
        return None;
    }
    // Both crates have numbers in Montgomery form, as six limbs of 64 bits, lowest first.
    let number = |number: ark_bls12_381::Fq| blst_fp { l: number.0.0 };
    let point = |point: &Affine<_>| blst_p1_affine { x: number(point.x), y: number(point.y) };
    let bases: Vec<_> = bases.iter().map(point).collect();
    let scalars: Vec<u8> = scalars
        .iter()
        .flat_map(|scalar| scalar.into_bigint().0.map(u64::to_le_bytes).concat())
        .collect();
    Some(MsmPeer::new("blst", move || {
        let sum = if threads == 1 {
            pippenger(&bases, &scalars)
        } else {
            bases.mult(&scalars, ORDER_BITS)
        };
        let mut encoded = vec![0; 96];
        // SAFETY: there is room for the 96 bytes of a point, and the reference is valid.
        unsafe { blst_p1_serialize(encoded.as_mut_ptr(), &sum) };
        encoded
    }))
}

/// Bits of r.
const ORDER_BITS: usize = 255;

/// On the calling thread. At least one base; 32 bytes of scalars for each.
fn pippenger(bases: &[blst_p1_affine], scalars: &[u8]) -> blst_p1 {
    assert!(!bases.is_empty() && scalars.len() == 32 * bases.len(), "a scalar for each base");
    // A null pointer says that the others follow the first without gaps.
    let base_list = [bases.as_ptr(), ptr::null()];
    let scalar_list = [scalars.as_ptr(), ptr::null()];
    let mut sum = blst_p1::default();
    // SAFETY: there are as many bases, and scalars of 32 bytes, as is said; both lists end with a
    // null pointer after the first entry. The scratch space is as large as the library says.
    unsafe {
        let mut scratch = vec![0u64; blst_p1s_mult_pippenger_scratch_sizeof(bases.len()) / 8];
        blst_p1s_mult_pippenger(
            &mut sum,
            base_list.as_ptr(),
            bases.len(),
            scalar_list.as_ptr(),
            ORDER_BITS,
            scratch.as_mut_ptr(),
        );
    }
    sum
}

/// Every library that has BN254.
pub(super) fn of_bn254(terms: Terms<ark_bn254::g1::Config>) -> Vec<MsmPeer> {
    vec![halo2curves::<_, halo2curves::bn256::G1Affine>(&terms), arkworks(terms)]
}

/// Every library that has BLS12-381 and works with so many threads.
pub(super) fn of_bls12_381(
    terms: Terms<ark_bls12_381::g1::Config>,
    threads: usize,
) -> Vec<MsmPeer> {
    let halo2curves = halo2curves::<_, halo2curves::bls12381::G1Affine>(&terms);
    let blst = blst(&terms, threads);
    [halo2curves, arkworks(terms)].into_iter().chain(blst).collect()
}
