//! The end of a multiplication by several adders: the sums of all windows become one point.

use chaincard::msm::{Curve, WindowsError, combine_windows, windows};
use chaincard_hdl::msm::Config;

/// Bits of the windows that the sums of the shares are put into: shares begin at multiples of it.
const SHARE_WINDOW: u32 = 16;

/// The sum of 2^weight times the sum of the window, for all windows of `config`
/// ([`Config::weights`]); `sums` as [`combine_windows`] takes them. The result is in the encoding of
/// points.
///
/// The windows of each share are combined as the windows of a scalar without the bits above;
/// then the shares are windows themselves, with nothing in those between.
///
/// # Errors
/// [`WindowsError`] of the windows as they come.
pub fn combine(config: &Config, curve: Curve, sums: &[u8]) -> Result<Vec<u8>, WindowsError> {
    if config.adders == 1 {
        return combine_windows(curve, config.window, sums);
    }
    let coordinate = curve.point_bytes() / 2;
    let needed = 3 * coordinate * config.windows();
    if sums.len() != needed {
        return Err(WindowsError::Length { found: sums.len(), needed });
    }
    let mut shares = infinities(curve, windows(curve, SHARE_WINDOW)?);
    let (mut rest, mut first) = (sums, 0);
    for adder in 0..config.adders {
        let count = config.share(adder).windows();
        let (share, others) = rest.split_at(3 * coordinate * count);
        let mut all = infinities(curve, windows(curve, config.window)?);
        all[..share.len()].copy_from_slice(share);
        let point = combine_windows(curve, config.window, &all).map_err(|error| match error {
            WindowsError::NotOnCurve(window) => WindowsError::NotOnCurve(first + window),
            other => other,
        })?;
        if point.iter().any(|byte| *byte != 0) {
            let place = (config.share_start(adder) / SHARE_WINDOW) as usize * 3 * coordinate;
            shares[place..place + point.len()].copy_from_slice(&point);
            // Z is 1, as Y was.
            shares[place + 3 * coordinate - 1] = 1;
        }
        (rest, first) = (others, first + count);
    }
    combine_windows(curve, SHARE_WINDOW, &shares)
}

/// (0 : 1 : 0), so many times.
fn infinities(curve: Curve, count: usize) -> Vec<u8> {
    let coordinate = curve.point_bytes() / 2;
    let mut sums = vec![0; 3 * coordinate * count];
    for sum in sums.chunks_exact_mut(3 * coordinate) {
        sum[2 * coordinate - 1] = 1;
    }
    sums
}
