//! Any bases and scalars get an answer, checked bases the same as unchecked ones, and any sums of
//! windows a point of the curve or an error.
//!
//! Input: curve, refusal of scalars and width of windows, number of bases, then bases and scalars.
#![no_main]

use chaincard::msm::{
    Bases, Checking, Curve, Msm, MsmError, ScalarRule, combine_windows, windows,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some(([curve, choice, count], bytes)) = input.split_first_chunk() else { return };
    let curve = Curve::ALL[usize::from(*curve) % Curve::ALL.len()];
    let options = Msm {
        scalars: if choice % 2 == 0 { ScalarRule::Reduce } else { ScalarRule::Refuse },
        chunk: usize::from(choice / 2),
    };
    let cut = bytes.len().min(usize::from(*count) * curve.point_bytes());
    let (bases, scalars) = bytes.split_at(cut);
    let unchecked = options.multiply_bytes(curve, bases, Checking::Unchecked, scalars);
    if let Ok(point) = options.multiply_bytes(curve, bases, Checking::Checked, scalars) {
        assert_eq!(point.len(), curve.point_bytes());
        assert_eq!(unchecked, Ok(point));
    }

    let width = u32::from(choice % 20);
    let Ok(windows) = windows(curve, width) else { return };
    let mut sums: Vec<u8> = bytes.iter().copied().cycle().take(4096).collect();
    sums.resize(windows * curve.point_bytes() / 2 * 3, 0);
    if let Ok(point) = combine_windows(curve, width, &sums) {
        match Bases::new(curve, &point, Checking::Checked) {
            Ok(_) | Err(MsmError::BaseNotInSubgroup(0)) => {}
            Err(error) => panic!("{error}"),
        }
    }
});
