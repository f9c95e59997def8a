//! `chaincard msm`, `chaincard blob-commit`.

use std::fs;
use std::path::Path;

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::program::{Run, chaincard_in};

/// The generator of BN254 and its double (go-ethereum's tests of EIP-196).
const GENERATOR: &str = "0000000000000000000000000000000000000000000000000000000000000001\
                         0000000000000000000000000000000000000000000000000000000000000002";
const DOUBLE: &str = "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3\
                      15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4";

fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Run {
    chaincard_in(folder, &[&["msm"], arguments].concat(), input)
}

fn scalars(numbers: &[u8]) -> Vec<u8> {
    numbers.iter().flat_map(|&number| [vec![0; 31], vec![number]].concat()).collect()
}

#[test]
fn sums_of_products() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let generator = hex::decode(GENERATOR).expect("hexadecimal");
    fs::write(folder.join("points"), generator.repeat(3)).expect("written");
    fs::write(folder.join("scalars"), scalars(&[3, 4, 0])).expect("written");
    fs::write(folder.join("empty"), "").expect("written");
    let files = ["--curve", "bn254", "--points", "points", "--scalars", "scalars"];
    let seven = run(folder, &files, b"").expect(0).stdout;
    assert_eq!(seven.len(), 129);
    for more in [
        &["--check"][..],
        &["--refuse", "--threads", "1"],
        &["--threads", "3"],
        &["--device", "cpu"],
        &["-d", "cpu:1", "--no-fallback", "--threads", "2"],
    ] {
        assert_eq!(run(folder, &[&files, more].concat(), b"").expect(0).stdout, seven);
    }
    let pipe = ["-c", "bn254", "--points", "points"];
    assert_eq!(run(folder, &pipe, &scalars(&[0, 0, 7])).expect(0).stdout, seven);
    assert_eq!(run(folder, &pipe, &scalars(&[0, 0, 2])).expect(0).stdout, format!("{DOUBLE}\n"));
    let value = run(folder, &[&files[..], &["--json"]].concat(), b"").expect(0).json();
    assert_eq!((&value["curve"], &value["terms"]), (&"bn254".into(), &3.into()));
    assert_eq!(value["point"], seven.trim_end());
    for curve in ["bls12-381", "bls12-377"] {
        let files = ["--curve", curve, "--points", "empty", "--scalars", "empty"];
        assert_eq!(run(folder, &files, b"").expect(0).stdout, format!("{}\n", "00".repeat(96)));
    }
}

#[test]
fn bad_inputs_are_typed_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let generator = hex::decode(GENERATOR).expect("hexadecimal");
    fs::write(folder.join("good"), &generator).expect("written");
    fs::write(folder.join("short"), &generator[1..]).expect("written");
    fs::write(folder.join("range"), [generator.clone(), vec![0xFF; 64]].concat()).expect("written");
    fs::write(folder.join("off"), [1; 64]).expect("written");
    let large = [0xFF; 32];
    let twice = [0xFF; 64];
    for (points, input, more, message) in [
        ("short", &large[..], "--check", "bases are no whole number of points"),
        ("good", &large[1..], "--check", "scalars are no whole number of 32 bytes"),
        ("good", &twice, "--check", "bases and scalars differ in number"),
        ("range", &twice, "--refuse", "base 1: a coordinate is not below p"),
        ("off", &large, "--check", "base 0 is not on the curve"),
        ("good", &large, "--refuse", "scalar 0 is not below r"),
        ("missing", &large, "--check", "missing: "),
    ] {
        let run = run(folder, &["-c", "bn254", "--points", points, more], input).expect(2);
        assert!(run.stderr.contains(message) && run.stdout.is_empty(), "{}", run.stderr);
    }
    for arguments in [
        &["--curve", "bn254"][..],
        &["--curve", "bn256", "--points", "good"],
        &["--points", "good"],
        &["--curve", "bn254", "--points", "good", "--threads", "0"],
        &["--curve", "bn254", "--points", "good", "--device", "abacus"],
    ] {
        assert!(!run(folder, arguments, &large).expect(2).stderr.is_empty());
    }
}

/// By `c-kzg`.
pub(crate) fn commitment(blob: &[u8]) -> String {
    let blob = c_kzg::Blob::from_bytes(blob).expect("a blob");
    let settings = c_kzg::ethereum_kzg_settings(0);
    let commitment = settings.blob_to_kzg_commitment(&blob).expect("a commitment");
    format!("0x{}\n", commitment.as_hex_string())
}

/// Zeros, random field elements, text.
pub(crate) fn blobs() -> [Vec<u8>; 3] {
    let mut random = vec![0; 131_072];
    ChaCha8Rng::seed_from_u64(20_261_125).fill_bytes(&mut random);
    random.iter_mut().step_by(32).for_each(|byte| *byte %= 0x73);
    let mut text = vec![0; 131_072];
    for (element, bytes) in text.chunks_exact_mut(32).zip(include_bytes!("msm.rs").chunks(31)) {
        element[1..=bytes.len()].copy_from_slice(bytes);
    }
    [vec![0; 131_072], random, text]
}

#[test]
fn commitments_are_those_of_c_kzg() {
    let folder = tempfile::tempdir().expect("a folder");
    for blob in blobs() {
        fs::write(folder.path().join("blob"), &blob).expect("written");
        let run = chaincard_in(folder.path(), &["blob-commit", "blob"], b"").expect(0);
        assert_eq!(run.stdout, commitment(&blob));
        let more = ["blob-commit", "--json", "--device", "cpu", "--threads", "1"];
        let run = chaincard_in(folder.path(), &more, &blob).expect(0);
        assert_eq!(run.json()["commitment"], commitment(&blob).trim_end());
    }
}

#[test]
fn what_is_no_blob_is_an_error() {
    let mut large = vec![0; 131_072];
    large[17 * 32] = 0xFF;
    for (blob, message) in [
        (vec![], "-: no blob: a blob has 131072 bytes, not 0"),
        (vec![0; 131_071], "-: no blob: a blob has 131072 bytes, not 131071"),
        (vec![0; 131_073], "-: more than 131072 bytes"),
        (large, "-: no blob: field element 17 is not below r"),
    ] {
        let run = chaincard_in(Path::new("."), &["blob-commit"], &blob).expect(2);
        assert!(run.stderr.contains(message) && run.stdout.is_empty(), "{}", run.stderr);
    }
}
