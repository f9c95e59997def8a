//! The linear check: sums of a device that is not trusted, checked for the price of a second
//! multiplication on the same device. `docs/msm.md` has its soundness and cost.

use super::curve::order;
use super::scalar::{Limbs, SCALAR_BYTES, be_bytes, is_below, limbs, reduce};
use super::{Bases, Checking, Curve, Terms, group};

/// The system gives no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomNumbers;

/// Twins of bases: Qᵢ = ρ·Pᵢ + tᵢ·G, with secret random ρ < 2^128 and tᵢ < r.
///
/// For all scalars, Σ kᵢ·Qᵢ = ρ·Σ kᵢ·Pᵢ + (Σ tᵢ·kᵢ)·G. The tᵢ make the twins look like any other
/// points, and hide ρ: whoever does not know it cannot change both sums so that this still holds.
pub(super) struct Twins {
    bases: Bases,
    factor: u128,
    offsets: Vec<Limbs>,
}

impl Twins {
    pub(super) fn new(bases: &Bases) -> Result<Self, NoRandomNumbers> {
        let curve = bases.curve();
        let mut factor = [0; size_of::<u128>()];
        fill(&mut factor)?;
        let factor = u128::from_le_bytes(factor);
        let offsets: Vec<Limbs> =
            (0..bases.len()).map(|_| random(curve)).collect::<Result<_, _>>()?;
        let points = bases.prepared().twins(factor, &offsets);
        let bases = Bases::new(curve, &points, Checking::Unchecked).expect("twins are points");
        Ok(Self { bases, factor, offsets })
    }

    pub(super) fn bases(&self) -> &Bases {
        &self.bases
    }

    /// Whether the sum of terms and that of their twins, encoded, belong together.
    pub(super) fn agree(&self, terms: &Terms<'_>, sum: &[u8], twin: &[u8]) -> bool {
        let order = order(terms.curve());
        let group = group::of(terms.curve());
        let scalars = terms.scalars().iter().map(|scalar| reduce(limbs(scalar), order));
        let offsets = self.offsets[terms.range()].iter().copied();
        let offset = group.inner_product(&mut offsets.zip(scalars));
        let factor = [self.factor as u64, (self.factor >> 64) as u64, 0, 0];
        let expected = group.times(sum, &be_bytes(factor)).and_then(|product| {
            let offset = group.times(&group.generator(), &be_bytes(offset))?;
            group.add(&product, &offset)
        });
        expected.is_some_and(|expected| expected == twin)
    }
}

fn fill(bytes: &mut [u8]) -> Result<(), NoRandomNumbers> {
    aws_lc_rs::rand::fill(bytes).map_err(|_| NoRandomNumbers)
}

/// A number below r, each as likely as any other.
pub(super) fn random(curve: Curve) -> Result<Limbs, NoRandomNumbers> {
    let order = order(curve);
    let mask = u64::MAX >> order[3].leading_zeros();
    loop {
        let mut bytes = [0; SCALAR_BYTES];
        fill(&mut bytes)?;
        let mut number = limbs(&bytes);
        number[3] &= mask;
        if is_below(&number, order) {
            return Ok(number);
        }
    }
}
