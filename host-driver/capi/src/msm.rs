//! Multi-scalar multiplication on pairing curves.

use chaincard::msm::{Checking, Curve, Msm, MsmError, ScalarRule};

use crate::status::{ChaincardStatus, Failure, guard};
use crate::{bytes, bytes_mut};

/// Pairing curves. A value keeps its meaning in all versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ChaincardCurve {
    /// BN254, `alt_bn128` of EIP-196: points of 64 bytes.
    Bn254 = 0,
    /// BLS12-381: points of 96 bytes.
    Bls12_381 = 1,
    /// BLS12-377: points of 96 bytes.
    Bls12_377 = 2,
}

/// Why a multiplication has no result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct ChaincardMsmError {
    /// 0: none of these. The bases are no whole number of points (1), the scalars no whole number
    /// of 32 bytes (2), or not as many (3). A base has a coordinate of p or more (8), is off the
    /// curve (9), or outside the group of order r (10). A scalar is r or more (16).
    pub code: u32,
    /// From code 8 on the base or scalar at fault, counted from 0.
    pub index: usize,
}

/// Writes the sum of all scalars times their bases, on G1 of `curve`, a `ChaincardCurve`, to
/// `result`; `result_len` is exactly the bytes of a point. All cores of this processor work on it.
///
/// Points are x then y, big-endian, infinity all zeros; scalars are as many numbers of 32 bytes,
/// big-endian. With `check`, bases that are off the curve or outside the group of order r are
/// errors; without, the caller vouches that there are none, and the result is some point if that
/// is wrong. With `refuse`, scalars of r or more are errors; without, they are taken modulo r.
///
/// `error`, unless it is NULL, says more about `CHAINCARD_STATUS_LENGTH` of bases and scalars and
/// about `CHAINCARD_STATUS_TERM`; its code is 0 otherwise.
///
/// # Safety
/// `bases`, `scalars` and `result` are NULL or point to as many bytes as is said, `result` apart
/// from the rest; `error` is NULL or points to a `ChaincardMsmError`, apart from the rest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_msm(
    curve: u32,
    bases: *const u8,
    bases_len: usize,
    scalars: *const u8,
    scalars_len: usize,
    check: bool,
    refuse: bool,
    result: *mut u8,
    result_len: usize,
    error: *mut ChaincardMsmError,
) -> ChaincardStatus {
    guard(|| {
        // SAFETY: the caller vouches for the pointer, which need not be initialised.
        let report = |found| unsafe {
            if !error.is_null() {
                error.write(found);
            }
        };
        report(ChaincardMsmError::default());
        let curve =
            Curve::ALL.into_iter().find(|known| *known as u32 == curve).ok_or_else(|| {
                let message = format!("there is no curve {curve}");
                Failure::new(ChaincardStatus::Algorithm, message)
            })?;
        // SAFETY: the caller vouches for the pointers.
        let (bases, scalars, result) = unsafe {
            (
                bytes(bases, bases_len, "bases")?,
                bytes(scalars, scalars_len, "scalars")?,
                bytes_mut(result, result_len, "result")?,
            )
        };
        if result.len() != curve.point_bytes() {
            let (found, needed) = (result.len(), curve.point_bytes());
            let message = format!("result has {found} bytes, a point of {curve} has {needed}");
            return Err(Failure::new(ChaincardStatus::Length, message));
        }
        let checking = if check { Checking::Checked } else { Checking::Unchecked };
        let options = Msm::new(if refuse { ScalarRule::Refuse } else { ScalarRule::Reduce });
        let sum = options.multiply_bytes(curve, bases, checking, scalars).map_err(|error| {
            let index = error.index().unwrap_or(0);
            report(ChaincardMsmError { code: error.code().into(), index });
            Failure::of(status(error), &error)
        })?;
        result.copy_from_slice(&sum);
        Ok(())
    })
}

fn status(error: MsmError) -> ChaincardStatus {
    match error.index() {
        None => ChaincardStatus::Length,
        Some(_) => ChaincardStatus::Term,
    }
}
