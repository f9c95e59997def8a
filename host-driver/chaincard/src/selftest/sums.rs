//! Multiplications with known sums.
//!
//! Every base is a small multiple of the generator, so that the scalars say what the sum is:
//! infinity, or twice the generator, which is published for BN254 (go-ethereum's tests of EIP-196)
//! and for BLS12-381 (EIP-2537's vectors of `g1add`); for BLS12-377 it was computed with Python's
//! integers.

use crate::msm::{Curve, SCALAR_BYTES, balanced, group};

/// A multiplication and its sum.
#[derive(Debug)]
pub struct KnownSum {
    /// The bases, encoded, all in the group of order r.
    pub points: Vec<u8>,
    /// As many scalars, below 2^256.
    pub scalars: Vec<[u8; SCALAR_BYTES]>,
    /// The sum, encoded.
    pub sum: Vec<u8>,
}

/// Terms of the longest known multiplication.
const MOST: usize = 40;

/// Known multiplications on `curve`, of at most `most` terms each.
pub fn known_sums(curve: Curve, most: usize) -> Vec<KnownSum> {
    let group = group::of(curve);
    let one = group.generator();
    let twice = twice_the_generator(curve);
    let infinity = vec![0; curve.point_bytes()];
    // r − 1 times a point is its opposite.
    let minus_one = balanced(curve, 0, &[(1, number(1))]);
    let opposite = group.times(&one, &minus_one).unwrap_or_default();
    let known = |terms: &[(&Vec<u8>, [u8; SCALAR_BYTES])], sum: &Vec<u8>| KnownSum {
        points: terms.iter().flat_map(|(point, _)| point.iter().copied()).collect(),
        scalars: terms.iter().map(|(_, scalar)| *scalar).collect(),
        sum: sum.clone(),
    };
    let large = [0xA5; SCALAR_BYTES];

    // Bases in turn, scalars of all sizes, and one base more that makes 2 of the sum.
    let count = MOST.min(most).saturating_sub(1);
    let kinds = [(&one, 1), (&twice, 2), (&opposite, -1), (&infinity, 0)];
    let scalar = |index: usize| -> [u8; SCALAR_BYTES] {
        std::array::from_fn(
            |byte| if byte < index % 33 { 0 } else { (byte * 97 + index * 29) as u8 },
        )
    };
    let many: Vec<_> = (0..count).map(|index| (kinds[index % 4], scalar(index))).collect();
    let weighed: Vec<_> = many.iter().map(|((_, multiple), scalar)| (*multiple, *scalar)).collect();
    let last = (&one, balanced(curve, 2, &weighed));
    let many: Vec<_> =
        many.into_iter().map(|((point, _), scalar)| (point, scalar)).chain([last]).collect();

    let all = [
        known(&[(&one, number(1)), (&one, number(1))], &twice),
        known(&[(&one, large), (&opposite, large)], &infinity),
        known(&[(&one, minus_one), (&one, number(1))], &infinity),
        known(&[(&infinity, large), (&twice, number(1))], &twice),
        known(&[(&twice, number(0))], &infinity),
        known(&many, &twice),
    ];
    all.into_iter().filter(|known| known.scalars.len() <= most).collect()
}

/// A number as a scalar.
fn number(number: u8) -> [u8; SCALAR_BYTES] {
    let mut bytes = [0; SCALAR_BYTES];
    bytes[SCALAR_BYTES - 1] = number;
    bytes
}

fn twice_the_generator(curve: Curve) -> Vec<u8> {
    let digits = match curve {
        Curve::Bn254 => concat!(
            "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3",
            "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4"
        ),
        Curve::Bls12_381 => concat!(
            "0572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62a",
            "e28f75bb8f1c7c42c39a8c5529bf0f4e166a9d8cabc673a322fda673779d8e38",
            "22ba3ecb8670e461f73bb9021d5fd76a4c56d9d4cd16bd1bba86881979749d28"
        ),
        Curve::Bls12_377 => concat!(
            "00ed453141939e91056edb5a4b5452ed7e61f7f3dd2a4b7ee90e97c9a2301955",
            "880661656781dc90857aed6d6a41639000cfb0b9717bc8e5ae04601813171337",
            "ad99cdae42c561cae80b12f135c64479d6a23f5675ed5ca7e2dd5e8727d7c7ed"
        ),
    };
    let (pairs, _) = digits.as_bytes().as_chunks::<2>();
    let value = |digit: u8| (digit as char).to_digit(16).unwrap_or_default() as u8;
    pairs.iter().map(|[high, low]| value(*high) << 4 | value(*low)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaincard_reference::msm::{self as model, Bases, Rules, Scalars};

    #[test]
    fn the_model_has_the_same_sums() {
        for curve in Curve::ALL {
            for (most, count) in [(1, 2), (2, 6), (39, 6), (1000, 6)] {
                let known = known_sums(curve, most);
                assert_eq!(known.len(), count, "{most}");
                for KnownSum { points, scalars, sum } in known {
                    assert!(scalars.len() <= most);
                    let model_curve = model::Curve::from_name(curve.name()).expect("a curve");
                    let rules = Rules { bases: Bases::Checked, scalars: Scalars::Reduce };
                    let right = model::msm(model_curve, rules, &points, scalars.as_flattened());
                    assert_eq!(right, Ok(sum), "{curve}");
                }
            }
        }
    }
}
