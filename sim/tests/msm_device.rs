//! An engine of multi-scalar multiplication as a device of the library.

use chaincard::Registry;
use chaincard::device::{DeviceError, DeviceKind};
use chaincard::msm::{Bases, Checking, Curve, Terms};
use chaincard_reference::msm::Bn254;
use chaincard_reference::msm::cases::{self, Case};
use chaincard_reference::msm::encoding::encode_point;
use std::sync::Arc;

const SEED: u64 = 0xE_9176;

fn random(count: usize) -> (Arc<Bases>, Case<Bn254>) {
    let case = cases::plain::<Bn254>(SEED, count);
    let bases = Bases::new(Curve::Bn254, &case.bytes().0, Checking::Checked).unwrap();
    (Arc::new(bases), case)
}

#[test]
fn the_engine_multiplies_for_the_library() {
    let device = chaincard_sim::register(Registry::new()).open("engine:msm-bn254").unwrap();
    assert_eq!((device.kind(), device.name()), (DeviceKind::Simulated, "engine:msm-bn254"));
    chaincard::self_test(&*device).unwrap();

    let (bases, case) = random(33);
    let terms = Terms::new(&bases, 0, &case.scalars).unwrap();
    let mut point = [1; 64];
    let report = device.multiply(&terms, &mut point).unwrap();
    assert_eq!(point.as_slice(), encode_point(&case.expected));
    assert!(report.cycles.is_some_and(|cycles| cycles > 0));

    let none = Terms::new(&bases, 0, &[]).unwrap();
    device.multiply(&none, &mut point).unwrap();
    assert_eq!(point, [0; 64]);

    let other = Bases::new(Curve::Bls12_381, &[], Checking::Checked).unwrap();
    let refused = device.multiply(&Terms::new(&other, 0, &[]).unwrap(), &mut [0; 96]);
    assert!(matches!(refused, Err(DeviceError::Unsupported { .. })), "{refused:?}");
}

#[test]
fn other_names_are_refused() {
    for name in ["engine:msm-secp256k1", "engine:bn254"] {
        let error = chaincard_sim::register(Registry::new()).open(name).err().unwrap();
        let source = std::error::Error::source(&error).map(ToString::to_string);
        assert!(source.is_some_and(|text| text.contains("engine[:msm-bn254")), "{error:?}");
    }
}
