//! Scalars that look random, with the same sum: the worst scalars are then no worse than random
//! ones, whoever chose them.

use super::curve::order;
use super::scalar::{SCALAR_BYTES, add, be_bytes, limbs, negate, reduce};
use super::{Curve, Terms};

/// Terms with a mask m: k₁ + m, …, kₙ + m modulo r, and −m for one base more, the sum of all bases.
///
/// If all bases are in G1 the sum of the n + 1 terms is that of the n: Σ(kᵢ + m)·Pᵢ − m·ΣPᵢ. For a
/// random m each masked scalar by itself is as good as random, but equal scalars stay equal.
///
/// ```
/// use chaincard::msm::{Bases, Checking, Curve, Terms};
///
/// let mut points = [0; 128];
/// (points[31], points[63], points[95], points[127]) = (1, 2, 1, 2);
/// let bases = Bases::new(Curve::Bn254, &points, Checking::Checked)?;
/// let scalars = [[0; 32], [1; 32]];
/// let terms = Terms::new(&bases, 0, &scalars)?;
/// let masked = terms.masked(&[0xA5; 32]);
///
/// let points = [terms.points(), masked.base].concat();
/// let bases = Bases::new(Curve::Bn254, &points, Checking::Unchecked)?;
/// assert_eq!(Terms::new(&bases, 0, &masked.scalars)?.sum(), terms.sum());
/// # Ok::<(), chaincard::msm::MsmError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The masked scalars, below r, and −m modulo r as the last one.
    pub scalars: Vec<[u8; SCALAR_BYTES]>,
    /// The base of the last one, encoded. The handle of the bases keeps it for the next time.
    pub base: Vec<u8>,
}

/// `sum` less all multiples, −1 to 2, of scalars modulo r: the scalar that is missing to it.
pub(crate) fn balanced(
    curve: Curve,
    sum: u8,
    terms: &[(i8, [u8; SCALAR_BYTES])],
) -> [u8; SCALAR_BYTES] {
    let order = order(curve);
    let rest = terms.iter().fold([sum.into(), 0, 0, 0], |rest, (multiple, scalar)| {
        let number = reduce(limbs(scalar), order);
        let less = if *multiple < 0 { number } else { negate(&number, order) };
        (0..multiple.unsigned_abs()).fold(rest, |rest, _| add(&rest, &less, order))
    });
    be_bytes(rest)
}

/// `terms` with `mask` modulo r.
pub(super) fn mask(terms: &Terms<'_>, mask: &[u8; SCALAR_BYTES]) -> Masked {
    let order = order(terms.curve());
    let number = |bytes: &[u8; SCALAR_BYTES]| reduce(limbs(bytes), order);
    let mask = number(mask);
    let masked = terms.scalars().iter().map(|scalar| add(&number(scalar), &mask, order));
    Masked {
        scalars: masked.chain([negate(&mask, order)]).map(be_bytes).collect(),
        base: terms.bases().total(terms.range()),
    }
}
