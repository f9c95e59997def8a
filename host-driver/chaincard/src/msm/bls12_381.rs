//! BLS12-381 by `blst`. Its C functions are called as they are: what the crate builds on them takes
//! threads of its own, depending on features that others turn on.

use std::mem::MaybeUninit;
use std::ptr;

use blst::{
    BLST_ERROR, blst_bendian_from_fp, blst_fp, blst_fp_from_bendian, blst_fp_inverse, blst_fp_mul,
    blst_p1, blst_p1_add_or_double, blst_p1_affine, blst_p1_affine_compress,
    blst_p1_affine_generator, blst_p1_affine_in_g1, blst_p1_affine_is_inf, blst_p1_affine_on_curve,
    blst_p1_from_affine, blst_p1_mult, blst_p1_to_affine, blst_p1_uncompress,
    blst_p1s_mult_pippenger, blst_p1s_mult_pippenger_scratch_sizeof, limb_t,
};

use super::Curve;
use super::engine::{Divided, Engine};
use super::scalar::{Limbs, le_bytes};

const COORDINATE_BYTES: usize = 48;

/// Bits of r.
const ORDER_BITS: usize = 255;

pub(super) struct Bls12_381;

impl Engine for Bls12_381 {
    type Point = blst_p1_affine;
    type Sum = blst_p1;
    const CURVE: Curve = Curve::Bls12_381;
    const ORDER: Limbs =
        [0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805, 0x73eda753299d7d48];

    fn point(bytes: &[u8]) -> Option<blst_p1_affine> {
        let ([x, y], []) = bytes.as_chunks::<COORDINATE_BYTES>() else { return None };
        Some(blst_p1_affine { x: coordinate(x)?, y: coordinate(y)? })
    }

    fn divide(bytes: &[u8]) -> Divided<blst_p1_affine> {
        let ([x, y, z], []) = bytes.as_chunks::<COORDINATE_BYTES>() else {
            return Divided::Nowhere;
        };
        let [x, y, z] = [x, y, z].map(reduced);
        let zero = blst_fp::default();
        if z == zero {
            return Divided::at_infinity(x == zero, y == zero);
        }
        let mut inverse = blst_fp::default();
        let mut point = blst_p1_affine::default();
        // SAFETY: references are valid for reading and writing.
        unsafe {
            blst_fp_inverse(&mut inverse, &z);
            blst_fp_mul(&mut point.x, &x, &inverse);
            blst_fp_mul(&mut point.y, &y, &inverse);
        }
        Divided::Finite(point)
    }

    fn generator() -> blst_p1_affine {
        // SAFETY: the pointer is to a constant of the library.
        unsafe { *blst_p1_affine_generator() }
    }

    fn is_on_curve(point: &blst_p1_affine) -> bool {
        // SAFETY: a reference is valid for reading.
        unsafe { blst_p1_affine_on_curve(point) }
    }

    fn is_in_subgroup(point: &blst_p1_affine) -> bool {
        // SAFETY: a reference is valid for reading.
        unsafe { blst_p1_affine_in_g1(point) }
    }

    fn product(points: &[blst_p1_affine], scalars: impl Iterator<Item = Limbs>) -> blst_p1 {
        let scalars: Vec<_> = scalars.map(le_bytes).collect();
        assert!(!points.is_empty() && points.len() == scalars.len(), "a scalar for each point");
        // A null pointer says that the others follow the first without gaps.
        let point_list = [points.as_ptr(), ptr::null()];
        let scalar_list = [scalars.as_ptr().cast(), ptr::null()];
        // SAFETY: the function only computes.
        let scratch_bytes = unsafe { blst_p1s_mult_pippenger_scratch_sizeof(points.len()) };
        let mut scratch =
            vec![MaybeUninit::<limb_t>::uninit(); scratch_bytes.div_ceil(size_of::<limb_t>())];
        let mut sum = blst_p1::default();
        // SAFETY: there are as many points, and scalars of 32 bytes, as is said, at least one; both
        // lists end with a null pointer after the first entry. The scratch space is as large as
        // the library says, aligned for its limbs, and written before it is read.
        unsafe {
            blst_p1s_mult_pippenger(
                &mut sum,
                point_list.as_ptr(),
                points.len(),
                scalar_list.as_ptr(),
                ORDER_BITS,
                scratch.as_mut_ptr().cast(),
            );
        }
        sum
    }

    fn times(point: &blst_p1_affine, scalar: Limbs) -> blst_p1 {
        let mut product = blst_p1::default();
        let scalar = le_bytes(scalar);
        // SAFETY: references are valid, and the scalar has the 32 bytes of that many bits.
        unsafe {
            blst_p1_mult(&mut product, &Self::sum(point), scalar.as_ptr(), ORDER_BITS);
        }
        product
    }

    fn sum(point: &blst_p1_affine) -> blst_p1 {
        let mut sum = blst_p1::default();
        // SAFETY: references are valid for reading and writing.
        unsafe { blst_p1_from_affine(&mut sum, point) };
        sum
    }

    fn add(one: blst_p1, other: blst_p1) -> blst_p1 {
        let mut sum = blst_p1::default();
        // SAFETY: references are valid for reading and writing.
        unsafe { blst_p1_add_or_double(&mut sum, &one, &other) };
        sum
    }

    fn affine(sum: &blst_p1) -> Option<blst_p1_affine> {
        let mut point = blst_p1_affine::default();
        // SAFETY: references are valid for reading and writing.
        let is_infinite = unsafe {
            blst_p1_to_affine(&mut point, sum);
            blst_p1_affine_is_inf(&point)
        };
        (!is_infinite).then_some(point)
    }

    fn write(point: &blst_p1_affine, bytes: &mut [u8]) {
        let mut chunks = bytes.chunks_exact_mut(COORDINATE_BYTES);
        for (coordinate, bytes) in [&point.x, &point.y].into_iter().zip(&mut chunks) {
            // SAFETY: the chunk has the 48 bytes of a coordinate, and the reference is valid.
            unsafe { blst_bendian_from_fp(bytes.as_mut_ptr(), coordinate) };
        }
    }
}

fn coordinate(bytes: &[u8; COORDINATE_BYTES]) -> Option<blst_fp> {
    let number = reduced(bytes);
    let mut back = [0; COORDINATE_BYTES];
    // SAFETY: the array has the 48 bytes of a coordinate, and the reference is valid.
    unsafe { blst_bendian_from_fp(back.as_mut_ptr(), &number) };
    // Only numbers below p come back as they were.
    (back == *bytes).then_some(number)
}

/// The number modulo p.
fn reduced(bytes: &[u8; COORDINATE_BYTES]) -> blst_fp {
    let mut number = blst_fp::default();
    // SAFETY: the array has the 48 bytes of a coordinate, and the reference is valid.
    unsafe { blst_fp_from_bendian(&mut number, bytes.as_ptr()) };
    number
}

/// A point of the curve, in the encoding of results, as 48 bytes in Zcash's compressed encoding.
pub(crate) fn compress(bytes: &[u8]) -> [u8; COORDINATE_BYTES] {
    let mut compressed = [0; COORDINATE_BYTES];
    let point = Bls12_381::point(bytes).expect("a result is a point");
    // SAFETY: the array has the 48 bytes of a compressed point, and the reference is valid.
    unsafe { blst_p1_affine_compress(compressed.as_mut_ptr(), &point) };
    compressed
}

/// The point of that compressed encoding, in the encoding of results; `None` if there is none on
/// the curve. It may be outside G1.
pub(super) fn decompress(bytes: &[u8; COORDINATE_BYTES]) -> Option<Vec<u8>> {
    let mut point = blst_p1_affine::default();
    let mut sum = blst_p1::default();
    // SAFETY: the array has the 48 bytes of a compressed point, and references are valid.
    let found = unsafe {
        let found = blst_p1_uncompress(&mut point, bytes.as_ptr());
        blst_p1_from_affine(&mut sum, &point);
        found
    };
    (found == BLST_ERROR::BLST_SUCCESS).then(|| super::engine::encode::<Bls12_381>(&sum))
}
