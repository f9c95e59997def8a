//! Commitments of blobs against `c-kzg`.

use c_kzg::{Blob, ethereum_kzg_settings};
use chaincard::msm::{BLOB_BYTES, BlobError, blob_to_kzg_commitment};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// r of BLS12-381, as EIP-4844 has it (`BLS_MODULUS`).
const MODULUS: &str = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";

/// By `c-kzg`; `None` if it refuses the blob.
fn oracle(blob: &[u8]) -> Option<[u8; 48]> {
    let blob = Blob::from_bytes(blob).ok()?;
    let commitment = ethereum_kzg_settings(0).blob_to_kzg_commitment(&blob).ok()?;
    Some(commitment.to_bytes().into_inner())
}

#[track_caller]
fn equal(blob: &[u8]) {
    let commitment = oracle(blob).expect("a blob");
    assert_eq!(blob_to_kzg_commitment(blob).map(hex::encode), Ok(hex::encode(commitment)));
}

/// Numbers of 31 bytes each, which are all below r.
fn packed(bytes: impl IntoIterator<Item = u8>) -> Vec<u8> {
    let mut bytes = bytes.into_iter();
    let mut blob = vec![0; BLOB_BYTES];
    for element in blob.chunks_exact_mut(32) {
        for (place, byte) in element[1..].iter_mut().zip(&mut bytes) {
            *place = byte;
        }
    }
    blob
}

#[test]
fn zeros_commit_to_infinity() {
    let zeros = vec![0; BLOB_BYTES];
    equal(&zeros);
    let commitment = blob_to_kzg_commitment(&zeros).expect("a blob");
    assert_eq!((commitment[0], &commitment[1..]), (0xC0, &[0; 47][..]));
}

#[test]
fn random_blobs() {
    let mut rng = ChaCha8Rng::seed_from_u64(20_261_125);
    for _ in 0..8 {
        let mut blob = vec![0; BLOB_BYTES];
        rng.fill_bytes(&mut blob);
        for element in blob.chunks_exact_mut(32) {
            element[0] %= 0x73;
        }
        equal(&blob);
    }
}

#[test]
fn text_and_sparse_blobs() {
    equal(&packed(*b"A blob is not read by the chain that carries it."));
    equal(&packed(include_str!("kzg.rs").bytes().cycle()));
    equal(&packed(std::iter::repeat(0xFF)));
    let one_below = {
        let mut bytes = hex::decode(MODULUS).expect("hexadecimal");
        bytes[31] = 0;
        bytes
    };
    equal(&one_below.repeat(4096));
    // Single elements say each where a point of the setup stands.
    for index in [0, 1, 2, 3, 1023, 2048, 4095] {
        let mut blob = vec![0; BLOB_BYTES];
        blob[32 * index + 31] = 1;
        equal(&blob);
    }
}

#[test]
fn what_is_no_blob() {
    for len in [0, 1, 32, BLOB_BYTES - 1, BLOB_BYTES + 1, 2 * BLOB_BYTES] {
        assert_eq!(blob_to_kzg_commitment(&vec![0; len]), Err(BlobError::Length(len)));
    }
    let modulus = hex::decode(MODULUS).expect("hexadecimal");
    for index in [0, 17, 4095] {
        let mut blob = vec![0; BLOB_BYTES];
        blob[32 * index..32 * index + 32].copy_from_slice(&modulus);
        blob[BLOB_BYTES - 32] = 0xFF;
        assert_eq!(blob_to_kzg_commitment(&blob), Err(BlobError::FieldElement(index)));
        assert_eq!(oracle(&blob), None);
    }
}

/// The digest that the source states.
#[test]
fn the_setup_is_the_one_of_the_ceremony() {
    use sha2::Digest;
    let setup = include_bytes!("../src/msm/g1_lagrange.bin");
    assert_eq!(setup.len(), 4096 * 48);
    assert_eq!(
        hex::encode(sha2::Sha256::digest(setup)),
        "52c7615a9bd3eb20df67eb5a81ee701c96787c82a5ff638740b54fbadfde960b"
    );
}
