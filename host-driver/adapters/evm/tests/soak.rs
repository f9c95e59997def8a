//! A node at work for a while: memory stays flat, and threads and handles end with the provider.
//!
//! ```console
//! $ CHAINCARD_SOAK_SECONDS=600 cargo test -p chaincard-evm --test soak -- --nocapture
//! ```

use alloy_consensus::crypto::backend::CryptoProvider;
use alloy_primitives::{Address, hex};
use chaincard::Policy;
use chaincard::msm::{Checking, Curve, Msm, ScalarRule};
use chaincard_evm::Provider;
use chaincard_puppet::{
    Puppet,
    soak::{Held, Soak},
};
use k256::ecdsa::SigningKey;
use revm::precompile::{Crypto, DefaultCrypto};

#[expect(dead_code, reason = "no other program is run here")]
mod common;

const THREADS: u64 = 8;

/// The first published call of P-256: digest, signature, key.
const P256: &str = include_str!("../examples/senders/precompiles.txt");

struct Work {
    digest: [u8; 32],
    /// r, s and the parity of y.
    signature: [u8; 65],
    signer: Address,
    p256: Vec<u8>,
    /// The generator of BN254, and of BLS12-381.
    points: ([u8; 64], ([u8; 48], [u8; 48])),
}

impl Work {
    fn new(seed: u8) -> Self {
        let key = SigningKey::from_slice(&[seed + 1; 32]).expect("below n");
        let digest = [seed ^ 0x5A; 32];
        let (signed, id) = key.sign_prehash_recoverable(&digest);
        let mut signature = [u8::from(id.is_y_odd()); 65];
        signature[..64].copy_from_slice(&signed.to_bytes());
        let point = key.verifying_key().to_sec1_point(false);
        let signer = Address::from_raw_public_key(&point.as_bytes()[1..]);
        let p256 = P256.lines().find_map(|line| line.strip_prefix("0x100 ")).expect("a call");
        let p256 = hex::decode(p256.split(' ').nth(1).expect("input")).expect("hexadecimal");
        let mut bn254 = [0; 64];
        (bn254[31], bn254[63]) = (1, 2);
        let bls12_381 = DefaultCrypto.bls12_381_fp_to_g1(&[seed & 15; 48]);
        let bls12_381 = bls12_381.expect("below p");
        let half = |at: usize| bls12_381[at..][..48].try_into().expect("a coordinate");
        Self { digest, signature, signer, p256, points: (bn254, (half(0), half(48))) }
    }

    /// What revm asks for.
    fn answers(&self, crypto: &dyn Crypto) -> Vec<Vec<u8>> {
        let signature: &[u8; 64] = self.signature.first_chunk().expect("65 bytes");
        let (bn254, bls12_381) = self.points;
        let part = |at: usize| self.p256[at..].first_chunk().expect("160 bytes");
        let recovered = crypto.secp256k1_ecrecover(signature, self.signature[64], &self.digest);
        let digest = self.p256.first_chunk().expect("160 bytes");
        let is_valid = crypto.secp256r1_verify_signature(digest, part(32), part(96));
        let sum = crypto.bls12_381_g1_msm(&mut vec![Ok((bls12_381, self.digest)); 3].into_iter());
        vec![
            recovered.expect("a signature").to_vec(),
            crypto.sha256(&self.p256).to_vec(),
            vec![is_valid.into()],
            crypto.bn254_g1_mul(&bn254, &self.digest).expect("a point").to_vec(),
            sum.expect("points").to_vec(),
        ]
    }
}

#[test]
fn a_node_holds_no_more_in_the_end() {
    let work: Vec<Work> = (0..THREADS).map(|thread| Work::new(thread as u8)).collect();
    let expected: Vec<_> = work.iter().map(|work| work.answers(&DefaultCrypto)).collect();
    assert_eq!(expected[0][2], [1]);
    // The threads of rayon, and of revm's own libraries, stay with the process from the first time on.
    Msm::new(ScalarRule::Reduce).multiply_bytes(Curve::Bn254, &[], Checking::Checked, &[]).unwrap();
    let before = Held::at_rest().unwrap();
    let puppet = Puppet::new();
    let card = common::provider(&puppet, Policy::default());
    let providers = [Provider::open("cpu").unwrap(), card];
    let (soak, rounds) = Soak::work(THREADS, |thread, round| {
        let (provider, thread) = (&providers[(round % 2) as usize], thread as usize);
        let work = &work[thread];
        let signer = provider.recover_signer_unchecked(&work.signature, &work.digest);
        assert_eq!(signer.unwrap(), work.signer);
        assert_eq!(work.answers(provider), expected[thread]);
    })
    .unwrap();
    let metrics = providers[1].accelerator().metrics();
    assert_eq!((metrics.devices[0].outages, metrics.devices[0].disagreements), (0, 0));
    drop((providers, puppet));
    let after = before.settled().unwrap();
    println!("{soak}; {} calls; {before:?} before, {after:?} after", 6 * rounds);
    assert!(after.is_within(&before), "threads or handles are left");
    soak.assert_flat();
}
