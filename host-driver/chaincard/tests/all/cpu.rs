//! The CPU device against RustCrypto and sm-crypto, in every shape of batch.

use crate::common::{messages, oracle};
use chaincard::{Cpu, Device, DeviceError, HashAlgorithm, Messages, self_test};
use proptest::prelude::*;

fn hash(cpu: &Cpu, algorithm: HashAlgorithm, messages: &Messages<'_>) -> Vec<Vec<u8>> {
    let mut digests = vec![0; messages.len() * algorithm.digest_len()];
    cpu.hash(algorithm, messages, &mut digests).unwrap();
    digests.chunks(algorithm.digest_len()).map(<[u8]>::to_vec).collect()
}

#[test]
fn every_length_up_to_600_bytes() {
    let cpu = Cpu::new();
    let bytes: Vec<u8> = (0..600).map(|index| (index * 7 + 3) as u8).collect();
    let slices: Vec<&[u8]> = (0..=600).map(|len| &bytes[..len]).collect();
    for algorithm in HashAlgorithm::ALL {
        let digests = hash(&cpu, algorithm, &Messages::Slices(&slices));
        for (message, digest) in slices.iter().zip(digests) {
            let len = message.len();
            assert_eq!(digest, oracle(algorithm, message), "{} {len}", algorithm.name());
        }
    }
}

#[test]
fn long_messages() {
    let cpu = Cpu::new();
    for algorithm in HashAlgorithm::ALL {
        for len in [4095, 4096, 4097, 70_000, 1_000_003] {
            let message = vec![0x5A; len];
            let digests = hash(&cpu, algorithm, &Messages::Slices(&[&message]));
            assert_eq!(digests, [oracle(algorithm, &message)], "{} {len}", algorithm.name());
        }
    }
}

#[test]
fn a_million_a() {
    // FIPS 180-4 examples; GB/T 32905 and FIPS 202 have none.
    let message = vec![b'a'; 1_000_000];
    let digests = hash(&Cpu::new(), HashAlgorithm::Sha256, &Messages::Slices(&[&message]));
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    assert_eq!(hex::encode(&digests[0]), expected);
}

#[test]
fn large_batches_on_any_number_of_threads() {
    let batch = messages(21, 5000, 700);
    let slices: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
    let data = batch.concat();
    let mut end = 0;
    let ends: Vec<usize> = batch
        .iter()
        .map(|message| {
            end += message.len();
            end
        })
        .collect();
    for algorithm in HashAlgorithm::ALL {
        let expected: Vec<Vec<u8>> =
            batch.iter().map(|message| oracle(algorithm, message)).collect();
        let rows: Vec<Vec<u8>> =
            data.chunks_exact(61).map(|message| oracle(algorithm, message)).collect();
        for threads in [1, 2, 3, 8] {
            let cpu = Cpu::with_threads(threads);
            assert_eq!(cpu.name(), format!("cpu:{threads}"));
            assert_eq!(hash(&cpu, algorithm, &Messages::Slices(&slices)), expected);
            let packed = Messages::packed(&data, &ends).unwrap();
            assert_eq!(hash(&cpu, algorithm, &packed), expected);
            let whole = &data[..data.len() / 61 * 61];
            assert_eq!(hash(&cpu, algorithm, &Messages::rows(whole, 61).unwrap()), rows);
        }
    }
}

#[test]
fn many_empty_messages() {
    let rows = Messages::Rows { data: &[], len: 0, count: 100_000 };
    for algorithm in HashAlgorithm::ALL {
        let expected = oracle(algorithm, b"");
        assert!(hash(&Cpu::new(), algorithm, &rows).iter().all(|digest| *digest == expected));
    }
}

#[test]
fn wrong_output_lengths_and_messages_are_refused() {
    let cpu = Cpu::new();
    let one = Messages::Slices(&[b"abc"]);
    for len in [0, 31, 33, 64] {
        let error = cpu.hash(HashAlgorithm::Sha256, &one, &mut vec![0; len]).unwrap_err();
        assert!(matches!(error, DeviceError::OutputLength { needed: 32, .. }));
    }
    let rows = Messages::Rows { data: &[], len: 0, count: usize::MAX };
    let error = cpu.hash(HashAlgorithm::Sha256, &rows, &mut []).unwrap_err();
    assert!(matches!(error, DeviceError::OutputLength { .. }));
    let bad = Messages::Packed { data: b"abc", ends: &[4] };
    let error = cpu.hash(HashAlgorithm::Sha256, &bad, &mut [0; 32]).unwrap_err();
    assert!(matches!(error, DeviceError::Messages(_)));
}

#[test]
fn known_answers_of_the_standards() {
    self_test(&Cpu::new()).unwrap();
    for algorithm in HashAlgorithm::ALL {
        let answers = chaincard::selftest::known_answers(algorithm);
        assert_eq!(answers[0].len, 0);
        for answer in answers {
            assert_eq!(answer.message().len(), answer.len);
            assert_eq!(oracle(algorithm, &answer.message()), answer.digest);
        }
    }
}

proptest! {
    #[test]
    fn any_batch(
        batch in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..40),
        algorithm in prop::sample::select(HashAlgorithm::ALL.to_vec()),
        threads in 1_usize..4,
    ) {
        let slices: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
        let digests = hash(&Cpu::with_threads(threads), algorithm, &Messages::Slices(&slices));
        let expected: Vec<Vec<u8>> =
            batch.iter().map(|message| oracle(algorithm, message)).collect();
        prop_assert_eq!(digests, expected);
    }

    /// Whatever passes the check can be read without a panic.
    #[test]
    fn checked_messages_can_be_read(
        data in prop::collection::vec(any::<u8>(), 0..50),
        ends in prop::collection::vec(0_usize..60, 0..8),
        len in 0_usize..60,
        count in 0_usize..60,
    ) {
        for messages in [
            Messages::Packed { data: &data, ends: &ends },
            Messages::Rows { data: &data, len, count },
        ] {
            if messages.check().is_ok() {
                let total: usize = messages.iter().map(<[u8]>::len).sum();
                prop_assert_eq!(total, messages.total_bytes());
                let longest = messages.iter().map(<[u8]>::len).max().unwrap_or(0);
                prop_assert_eq!(longest, messages.longest());
            }
        }
    }
}
