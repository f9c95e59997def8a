//! The end of the bucket method on the host: the sums of all windows become one point.

use super::curve::order_bits;
use super::{Curve, group};

/// Why the sums of windows make no point: the device that computed them has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum WindowsError {
    /// A window has fewer than 2 or more than 16 bits.
    #[error("windows have 2 to 16 bits, not {0}")]
    Width(u32),
    /// There are not as many bytes as the sums of all windows have.
    #[error("the sums of the windows have {found} bytes, not {needed}")]
    Length {
        /// Bytes given.
        found: usize,
        /// Bytes of the sums.
        needed: usize,
    },
    /// The sum of this window, counted from 0, is no point of the curve.
    #[error("the sum of window {0} is not on the curve")]
    NotOnCurve(usize),
}

/// Number of windows of `width` bits, W = ⌊B/c⌋ + 1 where r has B bits.
///
/// ```
/// use chaincard::msm::{Curve, windows};
///
/// assert_eq!(windows(Curve::Bls12_381, 13)?, 20);
/// # Ok::<(), chaincard::msm::WindowsError>(())
/// ```
///
/// # Errors
/// [`WindowsError::Width`].
pub const fn windows(curve: Curve, width: u32) -> Result<usize, WindowsError> {
    match width {
        2..=16 => Ok((order_bits(curve) / width + 1) as usize),
        _ => Err(WindowsError::Width(width)),
    }
}

/// The sum of 2^(c·w) times the sum of window w, for windows of c = `width` bits (`docs/msm.md`):
/// what is left to do where a device has filled and added up the buckets.
///
/// `sums` are [`windows`] points, window 0 first: X, Y and Z, big-endian, as many bytes each as a
/// coordinate has, taken modulo p. (X : Y : Z) is the point (X/Z, Y/Z), (0 : Y : 0) is infinity. The
/// result is in the encoding of points.
///
/// ```
/// use chaincard::msm::{Curve, combine_windows, windows};
///
/// // (0 : 1 : 0) in every window but window 0, which has (1, 2) as (2 : 4 : 2).
/// let mut sums = vec![0; 96 * windows(Curve::Bn254, 16)?];
/// for sum in sums.chunks_exact_mut(96) {
///     sum[63] = 1;
/// }
/// (sums[31], sums[63], sums[95]) = (2, 4, 2);
/// let point = combine_windows(Curve::Bn254, 16, &sums)?;
/// assert_eq!((point[31], point[63]), (1, 2));
/// # Ok::<(), chaincard::msm::WindowsError>(())
/// ```
///
/// # Errors
/// [`WindowsError`]; of several sums off the curve, the one of the highest window.
pub fn combine_windows(curve: Curve, width: u32, sums: &[u8]) -> Result<Vec<u8>, WindowsError> {
    let needed = windows(curve, width)? * (curve.point_bytes() / 2 * 3);
    if sums.len() != needed {
        return Err(WindowsError::Length { found: sums.len(), needed });
    }
    group::of(curve).horner(width, sums)
}
