//! A device that fails or lies while a node runs changes nothing.

mod common;
#[path = "../examples/senders/contracts.rs"]
mod contracts;
#[path = "../examples/senders/made.rs"]
mod made;
#[path = "../examples/senders/precompiles.rs"]
mod precompiles;
#[path = "../examples/senders/transactions.rs"]
mod transactions;

use std::time::Duration;

use alloy_consensus::crypto::backend::CryptoProvider;
use chaincard::Policy;
use chaincard_evm::{InstallError, Provider};
use chaincard_puppet::{Mood, Puppet};
use revm::precompile::{Crypto, DefaultCrypto};

/// Lines of output in each mood of the device: two calls of one precompile have one input.
const LINES: usize = 4;

/// It works before each failure, so that the failure meets it in service.
const MOODS: [Mood; 6] =
    [Mood::Works, Mood::Fails, Mood::Works, Mood::Lies, Mood::Works, Mood::Panics];

#[test]
fn a_node_gives_the_same_while_its_device_fails_and_lies() {
    let puppet = Puppet::new();
    let provider = common::provider(&puppet, Policy::default());
    provider.install().expect("nothing was installed in this process");
    let again = provider.install();
    assert_eq!(again, Err(InstallError::Alloy));

    let mut lines = Vec::new();
    let mut say = |line: String, is_right: bool| {
        assert!(is_right, "{line}");
        lines.push(line);
        let mood = MOODS[lines.len() / LINES % MOODS.len()];
        puppet.set(mood);
        while mood == Mood::Works && !is_in_service(&provider) {
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    transactions::recover(&mut say).expect("transactions");
    precompiles::call(&mut say).expect("precompiles");

    let without = common::senders(&["--without"]);
    assert!(lines.iter().eq(without.lines()), "{lines:#?}");
    let device = &provider.accelerator().metrics().devices[0];
    assert!(device.disagreements > 10, "{} disagreements", device.disagreements);
    assert!(device.outages > 30, "{} outages", device.outages);
    for mood in Mood::ALL {
        assert!(puppet.calls(mood) > 10, "{} calls in mood {mood:?}", puppet.calls(mood));
    }
}

fn is_in_service(provider: &Provider) -> bool {
    provider.accelerator().metrics().devices[0].in_service
}

#[test]
fn what_no_device_answers_the_default_does() {
    let puppet = Puppet::new();
    let provider = common::provider(&puppet, Policy::without_fallback());
    puppet.set(Mood::Fails);
    let bytes = |seed: u8| -> [u8; 32] { std::array::from_fn(|index| seed ^ (index as u8 + 1)) };
    let digest = bytes(3);
    let signature: [u8; 64] =
        [made::GENERATOR_X, bytes(6)].concat().try_into().expect("two numbers");
    let mut recovered = 0;
    for id in 0..2 {
        let expected = DefaultCrypto.secp256k1_ecrecover(&signature, id, &digest);
        assert_eq!(provider.secp256k1_ecrecover(&signature, id, &digest), expected);
        let with_id = std::array::from_fn(|index| signature.get(index).copied().unwrap_or(id));
        let signer = provider.recover_signer_unchecked(&with_id, &digest).ok();
        assert_eq!(signer.map(|signer| signer.into_word().0), expected.clone().ok());
        recovered += usize::from(expected.is_ok());
    }
    assert_eq!(recovered, 2);
    assert_eq!(provider.sha256(b"abc"), DefaultCrypto.sha256(b"abc"));
    let expected = DefaultCrypto.secp256r1_verify_signature(&digest, &signature, &signature);
    assert_eq!(provider.secp256r1_verify_signature(&digest, &signature, &signature), expected);
    let mut point = [0; 64];
    (point[31], point[63]) = (1, 2);
    let expected = DefaultCrypto.bn254_g1_mul(&point, &digest);
    assert!(expected.is_ok());
    assert_eq!(provider.bn254_g1_mul(&point, &digest), expected);
    let infinity = [Ok((([0; 48], [0; 48]), digest))];
    let sum = provider.bls12_381_g1_msm(&mut infinity.into_iter());
    assert_eq!(sum, Ok([0; 96]));
    assert!(puppet.calls(Mood::Fails) > 0);
}
