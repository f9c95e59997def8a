//! The standards' own examples, from `reference/vectors`.

use chaincard_reference::{Algorithm, hash, keccak, params, sha256, sm3};
use sha2::Digest;
use std::path::PathBuf;

fn vectors() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "vectors"].iter().collect()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(vectors().join(name)).expect("vector file")
}

/// A message as the vector files write it.
fn message(text: &str) -> Vec<u8> {
    match text.split_once('*') {
        Some((byte, count)) => {
            let byte = hex::decode(byte).expect("one byte")[0];
            vec![byte; count.parse().expect("count")]
        }
        None if text == "-" => Vec::new(),
        None => hex::decode(text).expect("hexadecimal"),
    }
}

#[test]
fn files_have_their_checksums() {
    let mut named: Vec<String> = vec!["SHA256SUMS".into()];
    for line in read("SHA256SUMS").lines() {
        let (digest, name) = line.split_once("  ").expect("sha256sum line");
        let found = sha2::Sha256::digest(read(name));
        assert_eq!(hex::encode(found), digest, "{name}");
        named.push(name.into());
    }
    for entry in std::fs::read_dir(vectors()).expect("vectors") {
        let name = entry.expect("entry").file_name().into_string().expect("name");
        assert!(named.contains(&name), "{name} is not in SHA256SUMS");
    }
}

#[test]
fn examples_of_the_standards() {
    for algorithm in Algorithm::ALL {
        let mut count = 0;
        let text = read(&format!("{}.txt", algorithm.name()));
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (input, digest) = line.split_once(' ').expect("message and digest");
            let found = hex::encode(hash(algorithm, &message(input)));
            assert_eq!(found, digest, "{} of {input}", algorithm.name());
            count += 1;
        }
        assert!(count >= 3, "{}: {count} vectors", algorithm.name());
    }
}

#[test]
fn sm3_intermediate_values() {
    let text = read("sm3-annex-a1.txt");
    let block = sm3::pad(b"abc")[0];
    let (w, w_prime) = sm3::message_expansion(&block);
    let states = sm3::round_states(params::sm3::IV, &block);
    let words = |section: &str| -> Vec<u32> {
        let hexadecimal = |word| u32::from_str_radix(word, 16).expect("hexadecimal word");
        section.split_whitespace().map(hexadecimal).collect()
    };
    let (_, text) = text.split_once("\nW\n").expect("W");
    let (w_text, text) = text.split_once("\nW'\n").expect("W'");
    let (w_prime_text, rounds) =
        text.split_once("\nA B C D E F G H after round\n").expect("rounds");
    assert_eq!(words(w_text), w);
    assert_eq!(words(w_prime_text), w_prime);
    for line in rounds.lines() {
        let (round, registers) = line.split_once(' ').expect("round");
        let j: usize = round.parse().expect("number of a round");
        assert_eq!(words(registers), states[j], "round {j}");
    }
    assert_eq!(rounds.lines().count(), 10);
}

#[test]
fn sha256_intermediate_values() {
    // NIST, Examples with Intermediate Values, SHA-256, "abc": a … h at t = 0, 1 and 63.
    let states = sha256::round_states(params::sha2::SHA256_IV, &sha256::pad(b"abc")[0]);
    assert_eq!(
        states[0],
        [
            0x5d6aebcd, 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xfa2a4622, 0x510e527f, 0x9b05688c,
            0x1f83d9ab
        ]
    );
    assert_eq!([states[1][0], states[1][4]], [0x5a6ad9ad, 0x78ce7989]);
    assert_eq!(
        states[63],
        [
            0x506e3058, 0xd39a2165, 0x04d24d6c, 0xb85e2ce9, 0x5ef50f24, 0xfb121210, 0x948d25b6,
            0x961f4894
        ]
    );
}

#[test]
fn keccak_f_of_zero() {
    // Keccak team, KeccakF-1600-IntermediateValues: lanes (0, 0) … (4, 0) after one
    // permutation of the zero state, and lane (0, 0) after two.
    let once = keccak::keccak_f(keccak::State::default());
    let row: Vec<u64> = once.iter().map(|column| column[0]).collect();
    assert_eq!(
        row,
        [
            0xf1258f7940e1dde7,
            0x84d5ccf933c0478a,
            0xd598261ea65aa9ee,
            0xbd1547306f80494d,
            0x8b284e056253d057
        ]
    );
    assert_eq!(keccak::keccak_f(once)[0][0], 0x2d5c954df96ecb3c);
}
