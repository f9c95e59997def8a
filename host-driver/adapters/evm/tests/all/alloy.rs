//! Beside alloy's own implementation, which is `k256`'s here.

use alloy_consensus::crypto::backend::CryptoProvider;
use alloy_consensus::crypto::secp256k1 as default;
use alloy_primitives::{Address, B256, Signature, U256};
use chaincard_evm::Provider;
use k256::ecdsa::SigningKey;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Order of secp256k1 (SEC 2, section 2.4.1).
const N: U256 = U256::from_be_bytes(alloy_primitives::hex!(
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
));

fn provider() -> Provider {
    Provider::open("cpu").expect("there is a processor")
}

fn numbers(r: U256, s: U256) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&r.to_be_bytes::<32>());
    bytes[32..].copy_from_slice(&s.to_be_bytes::<32>());
    bytes
}

/// r, s and the parity of y of a signature by `key`.
fn sign(key: &SigningKey, digest: B256) -> (U256, U256, bool) {
    let (signature, id) = key.sign_prehash_recoverable(&digest.0);
    let bytes = signature.to_bytes();
    let [r, s] = [&bytes[..32], &bytes[32..]].map(U256::from_be_slice);
    (r, s, id.is_y_odd())
}

/// The last bytes of the key's Keccak-256.
fn address(key: &SigningKey) -> Address {
    Address::from_raw_public_key(&key.verifying_key().to_sec1_point(false).as_bytes()[1..])
}

#[test]
fn signers_are_those_of_alloy() {
    let seed = 2;
    println!("seed {seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let provider = provider();
    let agree = |r: U256, s: U256, odd: bool, digest: B256| {
        let [mut signature, id] = [[0; 65], [u8::from(odd); 65]];
        signature[..64].copy_from_slice(&numbers(r, s));
        signature[64] = id[64];
        let found = provider.recover_signer_unchecked(&signature, &digest.0).ok();
        let expected = default::recover_signer_unchecked(&Signature::new(r, s, odd), digest).ok();
        assert_eq!(found, expected, "r {r}, s {s}, odd {odd}, digest {digest}");
        found
    };
    let mut signers = 0;
    for _ in 0..40 {
        let key = SigningKey::from_slice(&rng.random::<[u8; 32]>()).expect("below n");
        let digest = B256::new(rng.random());
        let (r, s, odd) = sign(&key, digest);
        let signer = address(&key);
        assert_eq!(agree(r, s, odd, digest), Some(signer));
        // High.
        assert_eq!(agree(r, N - s, !odd, digest), Some(signer));
        let other = U256::from_be_bytes(rng.random::<[u8; 32]>());
        signers += usize::from(agree(other, s, odd, digest).is_some());
        agree(r, other, odd, digest);
        for wrong in [U256::ZERO, N, N + U256::ONE, U256::MAX] {
            assert_eq!(agree(wrong, s, odd, digest), None);
            assert_eq!(agree(r, wrong, odd, digest), None);
        }
    }
    assert!((1..40).contains(&signers), "{signers} of 40 are points");
}

#[test]
fn ids_are_0_to_3() {
    let provider = provider();
    let key = SigningKey::from_slice(&[7; 32]).expect("below n");
    let digest = B256::repeat_byte(9);
    let (r, s, odd) = sign(&key, digest);
    let mut signature = [0; 65];
    signature[..64].copy_from_slice(&numbers(r, s));
    for id in 0..=255 {
        signature[64] = id;
        let found = provider.recover_signer_unchecked(&signature, &digest.0).ok();
        // With 2 and 3, r + n would be x of a point; r is too great for that.
        assert_eq!(found.is_some(), id < 2, "{id}");
        assert_eq!(found == Some(address(&key)), id == u8::from(odd));
    }
}

#[test]
fn signatures_are_verified_as_alloy_does() {
    let seed = 3;
    println!("seed {seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let provider = provider();
    let agree = |key: [u8; 65], r: U256, s: U256, digest: B256| {
        let found =
            provider.verify_and_compute_signer_unchecked(&key, &numbers(r, s), &digest.0).ok();
        let signature = Signature::new(r, s, false);
        let expected = default::verify_and_compute_signer_unchecked(&key, &signature, digest).ok();
        assert_eq!(found, expected, "key {key:02x?}, r {r}, s {s}, digest {digest}");
        found.is_some()
    };
    for _ in 0..20 {
        let key = SigningKey::from_slice(&rng.random::<[u8; 32]>()).expect("below n");
        let digest = B256::new(rng.random());
        let (r, s, _) = sign(&key, digest);
        let key = key.verifying_key().to_sec1_point(false);
        let key: [u8; 65] = key.as_bytes().try_into().expect("uncompressed");
        assert!(agree(key, r, s, digest));
        assert!(agree(key, r, N - s, digest), "high");
        assert!(!agree(key, s, r, digest));
        assert!(!agree(key, r, s, B256::ZERO));
        for wrong in [U256::ZERO, N, U256::MAX] {
            assert!(!agree(key, wrong, s, digest));
            assert!(!agree(key, r, wrong, digest));
        }
        let mut damaged = key;
        damaged[rng.random_range(1..65)] ^= 1 << rng.random_range(0..8);
        assert!(!agree(damaged, r, s, digest));
        for prefix in [0, 2, 3, 5, 255] {
            assert!(!agree(
                [&[prefix][..], &key[1..]].concat().try_into().expect("65"),
                r,
                s,
                digest
            ));
        }
    }
}
