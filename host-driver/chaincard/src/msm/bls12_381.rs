//! BLS12-381. `blst` knows which points are in G1, and their compressed encoding.

pub(super) use ark_bls12_381::g1::Config as Bls12_381;
use ark_ec::short_weierstrass::Affine;
use ark_ff::BigInt;
use blst::{
    BLST_ERROR, blst_fp, blst_p1_affine, blst_p1_affine_compress, blst_p1_affine_in_g1,
    blst_p1_uncompress,
};

use super::Curve;
use super::engine::{Engine, decode, write};

/// Bytes of a compressed point.
const COMPRESSED: usize = 48;

impl Engine for Bls12_381 {
    const CURVE: Curve = Curve::Bls12_381;

    fn is_in_subgroup(point: &Affine<Self>) -> bool {
        // SAFETY: a reference is valid for reading.
        unsafe { blst_p1_affine_in_g1(&of_blst(point)) }
    }
}

/// The same point: both crates have numbers below p in Montgomery form, in six limbs of 64 bits,
/// lowest first, and (0, 0) for infinity.
fn of_blst(point: &Affine<Bls12_381>) -> blst_p1_affine {
    let [x, y] = [point.x, point.y].map(|coordinate| blst_fp { l: coordinate.0.0 });
    blst_p1_affine { x, y }
}

/// A point of the curve, in the encoding of results, as 48 bytes in Zcash's compressed encoding.
pub(crate) fn compress(bytes: &[u8]) -> [u8; COMPRESSED] {
    let mut compressed = [0; COMPRESSED];
    let point = of_blst(&decode(bytes).expect("a result is a point"));
    // SAFETY: the array has the 48 bytes of a compressed point, and the reference is valid.
    unsafe { blst_p1_affine_compress(compressed.as_mut_ptr(), &point) };
    compressed
}

/// The point of that compressed encoding, in the encoding of results; `None` if there is none on
/// the curve. It may be outside G1.
pub(super) fn decompress(bytes: &[u8; COMPRESSED]) -> Option<Vec<u8>> {
    let mut point = blst_p1_affine::default();
    // SAFETY: the array has the 48 bytes of a compressed point, and the reference is valid.
    let found = unsafe { blst_p1_uncompress(&mut point, bytes.as_ptr()) };
    if found != BLST_ERROR::BLST_SUCCESS {
        return None;
    }
    let [x, y] =
        [point.x, point.y].map(|number| ark_bls12_381::Fq::new_unchecked(BigInt(number.l)));
    let mut decompressed = vec![0; Bls12_381::POINT_BYTES];
    write(&Affine::<Bls12_381>::new_unchecked(x, y), &mut decompressed);
    Some(decompressed)
}
