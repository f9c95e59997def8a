//! Random and corner cases, here and through the real library; verdicts also against the models.

use chaincard_reference::cases::{self, Expected};
use chaincard_reference::verify::{Encoding, Key, Profile, Verdict, hash};
use chaincard_secp256k1::types::{PublicKey, RecoverableSignature};
use k256::elliptic_curve::sec1::ToSec1Point as _;
use rand::{Rng, RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::libraries::{OURS, REAL};

const SEED: u64 = 0x5EC9_256C;
const CASES: usize = 4000;

fn rng(number: u64) -> ChaCha8Rng {
    println!("seed {SEED} + {number}");
    ChaCha8Rng::seed_from_u64(SEED + number)
}

/// Numbers around the ends of ranges: 0, 1, n/2, n, p, 2^256 and such, and random ones.
fn number(rng: &mut ChaCha8Rng) -> [u8; 32] {
    const ENDS: [&str; 5] = [
        "0000000000000000000000000000000000000000000000000000000000000001",
        "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE",
    ];
    let mut bytes = [0; 32];
    match rng.random_range(0..4) {
        0 => {
            let end = ENDS[rng.random_range(0..ENDS.len())];
            for (byte, pair) in bytes.iter_mut().zip(end.as_bytes().chunks(2)) {
                *byte = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
            }
            bytes[31] = bytes[31].wrapping_add(rng.random_range(0..3)).wrapping_sub(1);
        }
        1 => {
            let zeros = rng.random_range(0..32);
            rng.fill_bytes(&mut bytes[zeros..]);
        }
        _ => rng.fill_bytes(&mut bytes),
    }
    bytes
}

fn numbers(rng: &mut ChaCha8Rng) -> [u8; 64] {
    [number(rng), number(rng)].concat().try_into().unwrap()
}

/// A point, uncompressed, made by another library.
fn point(rng: &mut ChaCha8Rng) -> [u8; 65] {
    let secret = loop {
        if let Ok(secret) = k256::SecretKey::from_slice(&number(rng)) {
            break secret;
        }
    };
    secret.public_key().to_sec1_point(false).as_bytes().try_into().unwrap()
}

#[test]
fn keys_are_the_same() {
    let mut rng = rng(1);
    let mut last = PublicKey([1; 64]);
    let mut counts = [0, 0];
    for case in 0..CASES {
        let mut bytes = point(&mut rng).to_vec();
        if case % 3 == 0 {
            bytes[0] = rng.random_range(0..9);
        } else {
            bytes[0] = [4, 6, 7][rng.random_range(0..3)];
        }
        match case % 8 {
            0 => bytes.truncate(rng.random_range(0..65)),
            1 => bytes.push(0),
            2 => bytes[1..33].copy_from_slice(&number(&mut rng)),
            3 => bytes[33..].copy_from_slice(&number(&mut rng)),
            4 | 5 => {
                bytes.truncate(33);
                bytes[0] = rng.random_range(1..5);
            }
            _ => {}
        }
        let found = OURS.key(&bytes);
        assert_eq!(found, REAL.key(&bytes), "{bytes:02x?}");
        counts[found.0 as usize] += 1;
        if found.0 == 1 {
            for flags in [2, 0x102] {
                assert_eq!(OURS.key_bytes(&found.1, flags), REAL.key_bytes(&found.1, flags));
            }
            assert_eq!(OURS.compare(&found.1, &last), REAL.compare(&found.1, &last));
            assert_eq!(OURS.compare(&found.1, &found.1), 0);
            last = found.1;
        }
    }
    assert!(counts[0] > CASES / 8 && counts[1] > CASES / 8, "{counts:?}");
}

/// DER as it should be, and then with a byte more, less or other.
fn der(rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut body = Vec::new();
    for _ in 0..2 {
        let number = number(rng);
        let start = number.iter().position(|&byte| byte != 0).unwrap_or(31);
        // Now and then with zeros that are too many, or with the zero that is too few.
        let zeros = match rng.random_range(0..12) {
            0 => 0,
            1 => 2,
            _ => usize::from(number[start] >= 0x80),
        };
        let len = (number.len() - start + zeros) as u8;
        body.extend([2, len]);
        body.extend(vec![0; zeros]);
        body.extend(&number[start..]);
    }
    let mut bytes = vec![0x30];
    match rng.random_range(0..12) {
        0 => bytes.extend([0x81, body.len() as u8]),
        1 => bytes.extend([0x82, 0, body.len() as u8]),
        2 => bytes.push(0x80),
        _ => bytes.push(body.len() as u8),
    }
    bytes.extend(body);
    match rng.random_range(0..6) {
        0 => {
            let at = rng.random_range(0..bytes.len());
            bytes[at] = rng.random();
        }
        1 => bytes.truncate(rng.random_range(0..bytes.len())),
        2 => bytes.insert(rng.random_range(0..=bytes.len()), rng.random_range(0..3)),
        _ => {}
    }
    bytes
}

#[test]
fn der_is_the_same() {
    let mut rng = rng(2);
    let mut counts = [0, 0];
    for _ in 0..5 * CASES {
        let bytes = der(&mut rng);
        let found = OURS.der(&bytes);
        assert_eq!(found, REAL.der(&bytes), "{bytes:02x?}");
        counts[found.0 as usize] += 1;
    }
    assert!(counts[0] > CASES && counts[1] > CASES, "{counts:?}");
    for bytes in [
        &[][..],
        &[0x30],
        &[0x30, 0],
        &[0x30, 0xFF],
        &[0x30, 0x88, 1],
        &[0x31, 6, 2, 1, 1, 2, 1, 1],
    ] {
        assert_eq!(OURS.der(bytes), REAL.der(bytes), "{bytes:02x?}");
    }
}

#[test]
fn numbers_are_the_same() {
    let mut rng = rng(3);
    let mut highs = 0;
    for _ in 0..CASES {
        let bytes = numbers(&mut rng);
        let (parsed, signature) = OURS.compact(&bytes);
        assert_eq!((parsed, signature), REAL.compact(&bytes), "{bytes:02x?}");
        let found = OURS.normalized(&signature);
        assert_eq!(found, REAL.normalized(&signature), "{bytes:02x?}");
        highs += found.0;
        for space in [72, rng.random_range(0..73)] {
            let found = OURS.der_bytes(&signature, space);
            assert_eq!(found, REAL.der_bytes(&signature, space), "{bytes:02x?}");
        }
    }
    assert!(highs > 100, "{highs}");
}

/// The cases of the models, by the rules of this interface; one that is malformed does not get that
/// far.
#[test]
fn verdicts_are_those_of_the_models_and_the_same() {
    let profile = Profile::BitcoinLowS;
    let mut all = cases::corners(profile);
    all.extend(cases::small_scalars(profile));
    all.extend(cases::random(profile, SEED, 300));
    let mut counts = [0, 0];
    for Expected { name, case, verdict, .. } in &all {
        let digest = hash(case.hashing, &case.message);
        let bytes = match case.key {
            Key::Point { x, y } => [&[4][..], &x, &y].concat(),
            Key::Compressed { x, odd } => [&[2 + u8::from(odd)][..], &x].concat(),
            _ => continue,
        };
        let (is_key, key) = OURS.key(&bytes);
        let (parsed, signature) = OURS.compact(&[case.r, case.s].concat().try_into().unwrap());
        let mut found = 0;
        if is_key == 1 && parsed == 1 {
            found = OURS.verdict(&signature, &digest, &key);
            assert_eq!(found, REAL.verdict(&signature, &digest, &key), "{name}");
        }
        assert_eq!(found == 1, *verdict == Verdict::Valid, "{name}: {verdict:?}");
        counts[found as usize] += 1;
    }
    assert!(counts[0] > 100 && counts[1] > 100, "{counts:?}");
}

#[test]
fn wycheproof() {
    let mut count = 0;
    for vector in cases::wycheproof(Profile::BitcoinLowS) {
        assert_eq!(vector.raw.encoding, Encoding::Der);
        let digest = hash(vector.raw.hashing, &vector.raw.message);
        let (is_key, key) = OURS.key(&vector.raw.key);
        assert_eq!(is_key, 1, "{}", vector.name);
        let (parsed, signature) = OURS.der(&vector.raw.signature);
        let valid = parsed == 1 && OURS.verdict(&signature, &digest, &key) == 1;
        assert_eq!(valid, vector.valid, "{}", vector.name);
        count += 1;
    }
    assert!(count > 400, "{count}");
}

#[test]
fn recovered_keys_are_those_of_the_models_and_the_same() {
    let profile = Profile::Ethereum;
    let mut all = cases::recovery_corners(profile);
    all.extend(cases::random_recovery(profile, SEED, 200));
    let mut counts = [0, 0];
    for Expected { name, case, verdict, key } in &all {
        let digest = hash(case.hashing, &case.message);
        let Key::Recover(id @ 0..=3) = case.key else { continue };
        let (parsed, signature) = OURS.compact(&[case.r, case.s].concat().try_into().unwrap());
        if parsed == 0 {
            assert_ne!(*verdict, Verdict::Valid, "{name}");
            continue;
        }
        let mut bytes = [id; 65];
        bytes[..64].copy_from_slice(&signature.0);
        let found = OURS.recovered(&RecoverableSignature(bytes), &digest);
        assert_eq!(found, REAL.recovered(&RecoverableSignature(bytes), &digest), "{name}");
        assert_eq!(found.0 == 1, *verdict == Verdict::Valid, "{name}: {verdict:?}");
        let expected = key.chunks(32).flat_map(|number| number.iter().rev()).copied();
        assert!(expected.eq(found.1.0), "{name}");
        counts[found.0 as usize] += 1;
    }
    assert!(counts[0] > 10 && counts[1] > 100, "{counts:?}");
}
