//! The models against implementations written by others: RustCrypto, and `sm-crypto` for SM3.

use chaincard_reference::{Algorithm, hash, keccak, params, sha256, sha512, sm3};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Digests of `message` by every peer that has the algorithm.
fn peers(algorithm: Algorithm, message: &[u8]) -> Vec<Vec<u8>> {
    fn of<D: sha2::Digest>(message: &[u8]) -> Vec<u8> {
        D::digest(message).to_vec()
    }
    match algorithm {
        Algorithm::Sha256 => vec![of::<sha2::Sha256>(message)],
        Algorithm::Sha512 => vec![of::<sha2::Sha512>(message)],
        Algorithm::Keccak256 => vec![of::<sha3::Keccak256>(message)],
        Algorithm::Sha3_256 => vec![of::<sha3::Sha3_256>(message)],
        Algorithm::Sm3 => vec![
            of::<::sm3::Sm3>(message),
            hex::decode(sm_crypto::sm3::sm3_hash(message)).expect("digest in hexadecimal"),
        ],
    }
}

fn check(algorithm: Algorithm, message: &[u8]) {
    let found = hash(algorithm, message);
    for peer in peers(algorithm, message) {
        assert_eq!(found, peer, "{} of {}", algorithm.name(), hex::encode(message));
    }
}

#[test]
fn every_length_up_to_300_bytes() {
    let seed = 0x5EED_0001;
    println!("seed {seed:#x}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for length in 0..=300 {
        let mut message = vec![0; length];
        rng.fill_bytes(&mut message);
        for algorithm in Algorithm::ALL {
            check(algorithm, &message);
        }
    }
}

#[test]
fn random_longer_messages() {
    let seed = rand::rng().next_u64();
    println!("seed {seed:#x}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..200 {
        let mut message = vec![0; rng.random_range(301..20_000)];
        rng.fill_bytes(&mut message);
        for algorithm in Algorithm::ALL {
            check(algorithm, &message);
        }
    }
}

#[test]
fn a_million_a() {
    let message = vec![b'a'; 1_000_000];
    for algorithm in Algorithm::ALL {
        check(algorithm, &message);
    }
}

#[test]
fn the_chain_ends_in_the_digest() {
    for length in [0usize, 1, 55, 56, 64, 111, 112, 135, 136, 137, 272, 500] {
        let message: Vec<u8> = (0..length).map(|i| i as u8).collect();
        let last = |states: Vec<[u32; 8]>| -> Vec<u8> {
            states.last().expect("a block").iter().flat_map(|word| word.to_be_bytes()).collect()
        };
        assert_eq!(last(sha256::chain(&message)), sha256::sha256(&message));
        assert_eq!(last(sm3::chain(&message)), sm3::sm3(&message));
        let states = sha512::chain(&message);
        let digest: Vec<u8> =
            states.last().expect("a block").iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(digest, sha512::sha512(&message));
        assert_eq!(states.len(), (length + 17).div_ceil(128));
        let states = keccak::chain(&message, params::keccak::DOMAIN_SHA3);
        let lanes = states.last().expect("a block");
        let digest: Vec<u8> = (0..4).flat_map(|x| lanes[x][0].to_le_bytes()).collect();
        assert_eq!(digest, keccak::sha3_256(&message));
        assert_eq!(states.len(), length / 136 + 1);
    }
}

#[test]
fn a_name_is_its_algorithm() {
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::from_name(algorithm.name()), Some(algorithm));
    }
    assert_eq!(Algorithm::from_name("sha1"), None);
}
