//! `--device opencl`: PoCL is enough.

use crate::program::{chaincard, chaincard_in};

#[test]
fn the_block_passes_with_the_same_result() {
    let mut value =
        chaincard(&["block", "-d", "opencl", "--no-fallback", "--json"]).expect(0).json();
    let device = value["device"].as_str().expect("a name").to_owned();
    assert!(device.starts_with("opencl"), "{device}");
    let mut cpu = chaincard(&["block", "-d", "cpu", "--json"]).expect(0).json();
    for value in [&mut value, &mut cpu] {
        let object = value.as_object_mut().expect("an object");
        object.remove("device");
        object.remove("seconds");
    }
    assert_eq!(value, cpu);
}

#[test]
fn a_flipped_byte_is_refused() {
    let mut bad = bitcoin_test_data::blocks::mainnet_702861().to_vec();
    bad[1_000_000] ^= 2;
    chaincard_in(".".as_ref(), &["block", "-", "-d", "opencl"], &bad).expect(1);
}

#[test]
fn devices_are_listed_and_tested() {
    let value = chaincard(&["devices", "--json"]).expect(0).json();
    let rows = value.as_array().expect("a list");
    assert!(rows.iter().any(|row| row["kind"] == "opencl"), "{value}");
    assert_eq!(chaincard(&["selftest", "opencl:0", "--json"]).expect(0).json()[0]["passed"], true);
    chaincard(&["selftest", "opencl:99"]).expect(3);
    chaincard(&["selftest", "opencl:x"]).expect(2);
}
