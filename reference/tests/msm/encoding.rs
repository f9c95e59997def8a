//! Encodings, rules and the order of errors.

use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ff::{BigInteger, PrimeField};
use chaincard_reference::msm::encoding::{
    decode_point, decode_scalar, encode_point, encode_scalar, point_bytes,
};
use chaincard_reference::msm::toy::WithCofactor;
use chaincard_reference::msm::{
    Bases, Bls12_377, Bls12_381, Bn254, Curve, Error, G1, Rules, Scalar, Scalars, msm,
};

/// The modulus of a field in `size` bytes.
fn modulus<F: PrimeField>(size: usize) -> Vec<u8> {
    let bytes = F::MODULUS.to_bytes_be();
    [vec![0; size.saturating_sub(bytes.len())], bytes].concat()
}

fn codec<C: G1>(size: usize) {
    assert_eq!(point_bytes::<C>(), 2 * size);
    let generator = encode_point(&C::GENERATOR);
    assert_eq!(decode_point::<C>(&generator), Ok(C::GENERATOR));
    assert_eq!(decode_point::<C>(&vec![0; 2 * size]), Ok(Affine::identity()));
    assert_eq!(encode_point(&Affine::<C>::identity()), vec![0; 2 * size]);
    assert_eq!(decode_point::<C>(&generator[1..]), Err(Error::BasesLength));
    let p = modulus::<C::BaseField>(size);
    let mut below = p.clone();
    below[size - 1] -= 1;
    for (coordinate, good) in [(&p, false), (&vec![0xFF; size], false), (&below, true)] {
        for bytes in [[&coordinate[..], &generator[size..]], [&generator[..size], coordinate]] {
            let bytes = bytes.concat();
            match decode_point::<C>(&bytes) {
                Ok(point) => assert!(good && encode_point(&point) == bytes),
                Err(error) => assert!(!good && error == Error::BaseRange(0)),
            }
        }
    }
    let order: [u8; 32] = modulus::<Scalar<C>>(32).try_into().expect("32 bytes");
    let last = -Scalar::<C>::from(1u64);
    assert_eq!(decode_scalar(Scalars::Refuse, &encode_scalar(last)), Ok(last));
    assert_eq!(decode_scalar(Scalars::Reduce, &order), Ok(Scalar::<C>::from(0u64)));
    let refused = decode_scalar::<Scalar<C>>(Scalars::Refuse, &order);
    assert_eq!(refused, Err(Error::ScalarRange(0)));
}

#[test]
fn encodings_go_both_ways() {
    codec::<Bn254>(32);
    codec::<Bls12_381>(48);
    codec::<Bls12_377>(48);
}

/// All 65,536 pairs of bytes.
#[test]
fn every_encoding_of_a_toy_point() {
    let mut on_curve = 0;
    for bytes in 0..=u16::MAX {
        let [x, y] = bytes.to_be_bytes();
        let point = decode_point::<WithCofactor>(&[x, y]);
        assert_eq!(point.is_ok(), x < 43 && y < 43);
        if let Ok(point) = point {
            assert_eq!(encode_point(&point), [x, y]);
            on_curve += usize::from(point.is_on_curve());
        }
    }
    assert_eq!(on_curve, 52);
}

/// A point of BLS12-381 outside the group of order r.
fn outside() -> Vec<u8> {
    let point = (1u64..)
        .find_map(|x| Affine::<Bls12_381>::get_point_from_x_unchecked(x.into(), false))
        .expect("half of all x have a point");
    encode_point(&point)
}

#[test]
fn the_first_broken_rule_decides() {
    let good = encode_point(&Bls12_381::GENERATOR);
    let (range, off, outside) = (vec![0xFF; 96], vec![1; 96], outside());
    let infinity = vec![0; 96];
    let run = |bases, scalars, points: &[&Vec<u8>], numbers: &[u8]| {
        let points: Vec<u8> = points.iter().copied().flatten().copied().collect();
        msm(Curve::Bls12_381, Rules { bases, scalars }, &points, numbers)
    };
    let (checked, unchecked) = (Bases::Checked, Bases::Unchecked);
    let (reduce, refuse) = (Scalars::Reduce, Scalars::Refuse);
    let (large, zeros) = ([0xFF; 64], [0; 64]);
    let short = good[1..].to_vec();
    for (result, expected) in [
        (run(checked, refuse, &[&short], &large[1..]), Error::BasesLength),
        (run(checked, refuse, &[&range], &large[1..]), Error::ScalarsLength),
        (run(checked, refuse, &[&range], &large), Error::Count),
        (run(checked, refuse, &[], &large), Error::Count),
        (run(checked, refuse, &[&good, &range], &large), Error::BaseRange(1)),
        (run(unchecked, refuse, &[&good, &range], &large), Error::BaseRange(1)),
        (run(checked, refuse, &[&outside, &range], &large), Error::BaseNotInSubgroup(0)),
        (run(checked, refuse, &[&infinity, &off], &large), Error::BaseNotOnCurve(1)),
        (run(checked, refuse, &[&off, &outside], &large), Error::BaseNotOnCurve(0)),
        (run(checked, reduce, &[&good, &outside], &zeros), Error::BaseNotInSubgroup(1)),
        (run(unchecked, refuse, &[&off, &good], &large), Error::ScalarRange(0)),
    ] {
        assert_eq!(result, Err(expected));
    }
    assert_eq!(run(unchecked, refuse, &[&outside, &good], &zeros), Ok(infinity.clone()));
    assert_eq!(run(checked, refuse, &[&infinity, &infinity], &zeros), Ok(infinity));
}

#[test]
fn the_page_lists_curves_and_errors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/msm.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let mut codes = std::collections::BTreeSet::new();
    for error in Error::ALL {
        let name = format!("{error:?}");
        let name = name.split('(').next().expect("a name");
        assert!(page.contains(&format!("\n| {} | `{name}` |", error.code())), "{name}");
        assert!(error.code() > 0 && codes.insert(error.code()));
    }
    for curve in Curve::ALL {
        assert!(page.contains(&format!("\n| `{}` | {} |", curve.name(), curve.point_bytes())));
        assert_eq!(Curve::from_name(curve.name()), Some(curve));
    }
}
