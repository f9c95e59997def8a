//! Any bases and scalars get an answer, and checked bases the same as unchecked ones.
//!
//! Input: curve, refusal of scalars, number of bases, then bases and scalars.
#![no_main]

use chaincard::msm::{Checking, Curve, Msm, ScalarRule};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some(([curve, refuse, count], bytes)) = input.split_first_chunk() else { return };
    let curve = Curve::ALL[usize::from(*curve) % Curve::ALL.len()];
    let options = Msm {
        scalars: if refuse % 2 == 0 { ScalarRule::Reduce } else { ScalarRule::Refuse },
        chunk: usize::from(refuse / 2),
    };
    let cut = bytes.len().min(usize::from(*count) * curve.point_bytes());
    let (bases, scalars) = bytes.split_at(cut);
    let unchecked = options.multiply_bytes(curve, bases, Checking::Unchecked, scalars);
    if let Ok(point) = options.multiply_bytes(curve, bases, Checking::Checked, scalars) {
        assert_eq!(point.len(), curve.point_bytes());
        assert_eq!(unchecked, Ok(point));
    }
});
