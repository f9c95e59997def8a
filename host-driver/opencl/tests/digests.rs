//! Digests of every OpenCL device against the RustCrypto crates.

use chaincard_opencl::{Algorithm, Hasher, Limits, OpenClError, list};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::Digest;

const SEED: u64 = 0x0c10_c0de;

fn expected(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Sha256 => sha2::Sha256::digest(message).to_vec(),
        Algorithm::Sha512 => sha2::Sha512::digest(message).to_vec(),
        Algorithm::Keccak256 => sha3::Keccak256::digest(message).to_vec(),
        Algorithm::Sha3_256 => sha3::Sha3_256::digest(message).to_vec(),
        Algorithm::Sm3 => sm3::Sm3::digest(message).to_vec(),
    }
}

/// Hashes messages of these lengths, of random bytes, and compares every digest.
fn compare(hasher: &Hasher, algorithm: Algorithm, lengths: &[usize], seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut data = vec![0; lengths.iter().sum()];
    rng.fill_bytes(&mut data);
    let ends: Vec<usize> = lengths
        .iter()
        .scan(0, |end, len| {
            *end += len;
            Some(*end)
        })
        .collect();
    let mut digests = vec![0; algorithm.digest_len() * lengths.len()];
    hasher.hash(algorithm, &data, &ends, &mut digests).expect("digests");
    let mut start = 0;
    for (index, digest) in digests.chunks_exact(algorithm.digest_len()).enumerate() {
        let message = &data[start..ends[index]];
        assert_eq!(
            digest,
            expected(algorithm, message),
            "{algorithm:?}, message {index} of {} bytes, seed {seed:#x}",
            message.len()
        );
        start = ends[index];
    }
}

fn each_device(mut test: impl FnMut(&Hasher)) {
    let devices = list().expect("list");
    assert!(!devices.is_empty(), "no OpenCL device: PoCL is enough for this test");
    for device in devices {
        test(&Hasher::open(device.index).expect("open"));
    }
}

#[test]
fn every_length_from_0_to_300() {
    let lengths: Vec<usize> = (0..=300).collect();
    each_device(|hasher| {
        for algorithm in Algorithm::ALL {
            compare(hasher, algorithm, &lengths, SEED);
        }
    });
}

#[test]
fn random_batches() {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    each_device(|hasher| {
        for round in 0..8 {
            // Also the sizes at which buffers grow and shrink in use.
            let count = [1, 63, 64, 65, 2000, 1, 1500, 3][round];
            let lengths: Vec<usize> =
                (0..count).map(|_| rng.random_range(0..[40, 300, 3000][round % 3])).collect();
            for algorithm in Algorithm::ALL {
                compare(hasher, algorithm, &lengths, SEED + round as u64);
            }
        }
    });
}

#[test]
fn mixed_batches_in_many_launches_and_pieces() {
    // Limits so small that every boundary is met: launches of 3 messages or 2,000 bytes, and
    // messages over 1,000 bytes in pieces.
    let limits = Limits { bytes: 2000, messages: 3, piece: 1000 };
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    for device in list().expect("list") {
        let hasher = Hasher::open_with(device.index, limits).expect("open");
        let mut lengths: Vec<usize> = (0..60).map(|_| rng.random_range(0..2500)).collect();
        for block in [64, 128, 136] {
            lengths.extend([999, 1000, 1001, 7 * block, 8 * block - 1, 16 * block, 14 * block + 1]);
            lengths.extend([0, 0, 0, 0]);
        }
        for algorithm in Algorithm::ALL {
            compare(&hasher, algorithm, &lengths, SEED);
        }
    }
}

#[test]
fn long_message_between_short_ones() {
    each_device(|hasher| {
        for algorithm in Algorithm::ALL {
            compare(hasher, algorithm, &[5, 20_000_003, 0, 64], SEED);
        }
    });
}

#[test]
fn nothing_to_hash() {
    each_device(|hasher| hasher.hash(Algorithm::Sha256, &[], &[], &mut []).expect("no message"));
}

#[test]
fn threads_take_turns() {
    each_device(|hasher| {
        std::thread::scope(|scope| {
            for (thread, algorithm) in Algorithm::ALL.into_iter().enumerate() {
                scope.spawn(move || {
                    for round in 0..10 {
                        compare(hasher, algorithm, &[64, round, 1000], SEED + thread as u64);
                    }
                });
            }
        });
    });
}

#[test]
fn wrong_calls_are_errors() {
    let count = list().expect("list").len();
    let missing = Hasher::open(count).err().expect("no such device");
    assert!(matches!(missing, OpenClError::NoDevice { found, .. } if found == count), "{missing}");
    each_device(|hasher| {
        let hash = |ends: &[usize], output: usize| {
            hasher.hash(Algorithm::Sha256, b"abc", ends, &mut vec![0; output])
        };
        assert!(matches!(hash(&[2, 1], 64), Err(OpenClError::Ends { index: 1 })));
        assert!(matches!(hash(&[1, 4], 64), Err(OpenClError::Ends { index: 1 })));
        assert!(matches!(hash(&[3], 31), Err(OpenClError::OutputLength { found: 31, needed: 32 })));
        assert!(matches!(hash(&[3], 64), Err(OpenClError::OutputLength { .. })));
    });
}

#[test]
fn no_platform_is_no_device() {
    // The loader reads the folder once in a process, hence another process: this test again,
    // told what to do.
    const FOLDER: &str = "OCL_ICD_VENDORS";
    const CHILD: &str = "CHAINCARD_OPENCL_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        assert_eq!(list().expect("empty list"), []);
        assert!(matches!(Hasher::open(0), Err(OpenClError::NoDevice { index: 0, found: 0 })));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let status = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "no_platform_is_no_device"])
        .env(FOLDER, folder.path())
        .env(CHILD, "1")
        .status()
        .expect("the test runs");
    assert!(status.success());
}
