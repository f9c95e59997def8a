//! `--device opencl`: PoCL is enough.

use std::fs;

use crate::msm::{blobs, commitment};
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

#[test]
fn commitments_are_those_of_c_kzg() {
    let folder = tempfile::tempdir().expect("a folder");
    for blob in blobs() {
        fs::write(folder.path().join("blob"), &blob).expect("written");
        let arguments = ["blob-commit", "blob", "--device", "opencl", "--no-fallback"];
        let run = chaincard_in(folder.path(), &arguments, b"").expect(0);
        assert_eq!(run.stdout, commitment(&blob));
    }
}

#[test]
fn sums_are_those_of_the_cpu() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut generator = [0; 64];
    (generator[31], generator[63]) = (1, 2);
    fs::write(folder.path().join("points"), generator.repeat(50)).expect("written");
    let scalars: Vec<u8> = (0..1600u32).map(|byte| (byte * byte % 251) as u8).collect();
    let sum = |device, more| {
        let arguments = ["msm", "-c", "bn254", "--points", "points", "-d", device, more];
        chaincard_in(folder.path(), &arguments, &scalars).expect(0).stdout
    };
    assert_eq!(sum("opencl", "--no-fallback"), sum("cpu", "--check"));
    // A curve that only the CPU has.
    let arguments = ["msm", "-c", "bls12-377", "--points", "/dev/null", "-d", "opencl"];
    assert_eq!(chaincard_in(folder.path(), &arguments, b"").expect(0).stdout.len(), 193);
    let more = [&arguments[..], &["--no-fallback"]].concat();
    fs::write(folder.path().join("one"), [0; 96]).expect("written");
    let run = chaincard_in(folder.path(), &more, b"").expect(0);
    assert_eq!(run.stdout.len(), 193, "nothing to multiply needs no device");
    let more = ["msm", "-c", "bls12-377", "--points", "one", "-d", "opencl", "--no-fallback"];
    let run = chaincard_in(folder.path(), &more, &[7; 32]).expect(3);
    assert!(run.stderr.contains("no device has multiplication on bls12-377"), "{}", run.stderr);
}
