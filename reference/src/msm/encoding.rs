//! Points and scalars as bytes (`docs/msm.md`, Encodings).

use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::Affine;
use ark_ff::{BigInteger, PrimeField};

use super::{Bases, Error, G1, Rules, Scalar, Scalars, Term, naive};

/// Bytes of a scalar, on every curve.
pub const SCALAR_BYTES: usize = 32;

/// Bytes of a coordinate: as many as p has.
pub fn coordinate_bytes<C: G1>() -> usize {
    C::BaseField::MODULUS_BIT_SIZE.div_ceil(8) as usize
}

/// Bytes of a point: two coordinates.
pub fn point_bytes<C: G1>() -> usize {
    2 * coordinate_bytes::<C>()
}

/// The integer in `size` bytes, big-endian; it must fit.
fn be_bytes(number: impl BigInteger, size: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut padded = vec![0; size.saturating_sub(bytes.len())];
    padded.extend(&bytes[bytes.len().saturating_sub(size)..]);
    padded
}

/// The number that bytes are, big-endian; `None` unless it is below the modulus.
fn number<F: PrimeField>(bytes: &[u8]) -> Option<F> {
    // Slices of one length compare as the numbers do.
    (bytes < be_bytes(F::MODULUS, bytes.len()).as_slice())
        .then(|| F::from_be_bytes_mod_order(bytes))
}

/// The point as x then y, big-endian; infinity as zeros.
pub fn encode_point<C: G1>(point: &Affine<C>) -> Vec<u8> {
    let size = coordinate_bytes::<C>();
    match point.xy() {
        Some((x, y)) => [x, y].map(|number| be_bytes(number.into_bigint(), size)).concat(),
        None => vec![0; 2 * size],
    }
}

/// The point of that encoding, which need not be on the curve.
///
/// # Errors
///
/// [`Error::BasesLength`] unless there are [`point_bytes`]; [`Error::BaseRange`] of index 0 if a
/// coordinate is p or more.
pub fn decode_point<C: G1>(bytes: &[u8]) -> Result<Affine<C>, Error> {
    if bytes.len() != point_bytes::<C>() {
        return Err(Error::BasesLength);
    }
    let (x, y) = bytes.split_at(coordinate_bytes::<C>());
    match (number(x), number(y)) {
        _ if bytes.iter().all(|&byte| byte == 0) => Ok(Affine::identity()),
        (Some(x), Some(y)) => Ok(Affine::new_unchecked(x, y)),
        _ => Err(Error::BaseRange(0)),
    }
}

/// The scalar as 32 bytes, big-endian.
pub fn encode_scalar<F: PrimeField>(scalar: F) -> [u8; SCALAR_BYTES] {
    let mut bytes = [0; SCALAR_BYTES];
    bytes.copy_from_slice(&be_bytes(scalar.into_bigint(), SCALAR_BYTES));
    bytes
}

/// The scalar that 32 bytes are, big-endian.
///
/// # Errors
///
/// [`Error::ScalarRange`] of index 0 if it is r or more and that is refused.
pub fn decode_scalar<F: PrimeField>(rule: Scalars, bytes: &[u8; SCALAR_BYTES]) -> Result<F, Error> {
    match rule {
        Scalars::Reduce => Ok(F::from_be_bytes_mod_order(bytes)),
        Scalars::Refuse => number(bytes).ok_or(Error::ScalarRange(0)),
    }
}

/// Whether a point on the curve is in the group of order r: r·P is infinity.
pub fn is_in_subgroup<C: G1>(point: &Affine<C>) -> bool {
    naive::multiple(point, Scalar::<C>::MODULUS) == Affine::identity()
}

/// The base of that index, and whether it satisfies the rule.
fn base<C: G1>(rule: Bases, index: usize, bytes: &[u8]) -> Result<Affine<C>, Error> {
    let point = decode_point::<C>(bytes).map_err(|_| Error::BaseRange(index))?;
    match rule {
        Bases::Unchecked => Ok(point),
        Bases::Checked if !point.is_on_curve() => Err(Error::BaseNotOnCurve(index)),
        Bases::Checked if !is_in_subgroup(&point) => Err(Error::BaseNotInSubgroup(index)),
        Bases::Checked => Ok(point),
    }
}

/// The terms of a multiplication from bases and scalars, one after the other.
///
/// # Errors
///
/// The first rule of `docs/msm.md` that is broken.
pub fn decode_terms<C: G1>(
    rules: Rules,
    bases: &[u8],
    scalars: &[u8],
) -> Result<Vec<Term<C>>, Error> {
    if !bases.len().is_multiple_of(point_bytes::<C>()) {
        return Err(Error::BasesLength);
    }
    let (scalars, []) = scalars.as_chunks::<SCALAR_BYTES>() else {
        return Err(Error::ScalarsLength);
    };
    if bases.len() / point_bytes::<C>() != scalars.len() {
        return Err(Error::Count);
    }
    // Every base before any scalar: bases are loaded once and serve many multiplications.
    let bases: Vec<_> = bases
        .chunks_exact(point_bytes::<C>())
        .enumerate()
        .map(|(index, bytes)| base::<C>(rules.bases, index, bytes))
        .collect::<Result<_, _>>()?;
    let scalars: Vec<_> = scalars
        .iter()
        .enumerate()
        .map(|(index, bytes)| {
            decode_scalar(rules.scalars, bytes).map_err(|_| Error::ScalarRange(index))
        })
        .collect::<Result<_, _>>()?;
    Ok(bases.into_iter().zip(scalars).collect())
}
