//! Items of a request to multiply, by the reference model.

use ark_ec::AffineRepr;
use ark_ff::{BigInteger, PrimeField};
use chaincard_protocol::multiply::{Curve, SCALAR_LEN};
use chaincard_reference::msm::{Bls12_377, Bls12_381, Bn254, G1, Term, bucket};

/// The sums of the windows as the card answers them; zeros for an item that is not whole terms.
pub(super) fn sums(curve: Curve, width: u32, item: &[u8]) -> Vec<u8> {
    match curve {
        Curve::Bn254 => on::<Bn254>(curve, width, item),
        Curve::Bls12_381 => on::<Bls12_381>(curve, width, item),
        Curve::Bls12_377 => on::<Bls12_377>(curve, width, item),
    }
}

/// Number of windows of so many bits.
pub(super) fn windows(curve: Curve, width: u32) -> usize {
    let bits = match curve {
        Curve::Bn254 => scalar_bits::<Bn254>(),
        Curve::Bls12_381 => scalar_bits::<Bls12_381>(),
        Curve::Bls12_377 => scalar_bits::<Bls12_377>(),
    };
    bucket::windows(bits, width)
}

fn scalar_bits<C: G1>() -> u32 {
    C::ScalarField::MODULUS_BIT_SIZE
}

fn on<C: G1>(curve: Curve, width: u32, item: &[u8]) -> Vec<u8> {
    let (length, term) = (curve.coordinate_len(), curve.term_len());
    if item.is_empty() || !item.len().is_multiple_of(term) {
        return vec![0; curve.sums_len(windows(curve, width))];
    }
    let terms: Vec<Term<C>> = item
        .chunks_exact(term)
        .map(|term| {
            let (x, rest) = term.split_at(length);
            let (y, scalar) = rest.split_at(length);
            debug_assert_eq!(scalar.len(), SCALAR_LEN);
            let base = match rest.iter().take(length).chain(x).all(|byte| *byte == 0) {
                true => ark_ec::short_weierstrass::Affine::identity(),
                false => ark_ec::short_weierstrass::Affine::new_unchecked(
                    C::BaseField::from_le_bytes_mod_order(x),
                    C::BaseField::from_le_bytes_mod_order(y),
                ),
            };
            (base, C::ScalarField::from_le_bytes_mod_order(scalar))
        })
        .collect();
    let number = |number: C::BaseField| {
        let mut bytes = number.into_bigint().to_bytes_le();
        bytes.resize(length, 0);
        bytes
    };
    let (zero, one) = (C::BaseField::from(0), C::BaseField::from(1));
    let steps = bucket::steps::<C>(&terms, width);
    let sums = steps.windows.iter().map(|window| match window.sum.xy() {
        Some((x, y)) => [x, y, one],
        None => [zero, one, zero],
    });
    sums.flatten().flat_map(number).collect()
}
