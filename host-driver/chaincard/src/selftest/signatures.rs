//! Signatures with known verdicts.
//!
//! The valid ones are published: RFC 6979 A.2.5 (P-256), GB/T 32918.5 annex A (SM2), RFC 8032
//! section 7.1 (Ed25519), and for secp256k1 the signature of "Satoshi Nakamoto" with the secret
//! key 1 and the nonce of RFC 6979, which many libraries test. The others are those with one
//! thing changed.

use crate::verify::{Hashing, Item, Key, Profile, Recovered, Scheme, Verdict};

/// A signature and the verdict on it.
#[derive(Debug)]
pub struct KnownSignature {
    /// Scheme and rules.
    pub profile: Profile,
    /// How the message is hashed.
    pub hashing: Hashing,
    /// Signature, key and message. The user id is [`DEFAULT_USER_ID`](crate::verify::DEFAULT_USER_ID).
    pub item: Item<'static>,
    /// The verdict.
    pub verdict: Verdict,
}

/// Known signatures of `scheme`.
pub fn known_signatures(scheme: Scheme) -> Vec<KnownSignature> {
    match scheme {
        Scheme::Secp256k1 => secp256k1(),
        Scheme::Sm2 => sm2(),
        Scheme::Ed25519 => ed25519(),
        Scheme::P256 => p256(),
    }
}

/// Signatures over secp256k1 with the keys that are recovered from them.
pub fn known_keys() -> Vec<(Item<'static>, Recovered)> {
    let key = *[SECP256K1_X, SECP256K1_Y].as_flattened().first_chunk().unwrap_or(&[0; 64]);
    let negated = *[NEGATED_X, NEGATED_Y].as_flattened().first_chunk().unwrap_or(&[0; 64]);
    let with = |id| Item { key: Key::Recover(id), ..SATOSHI };
    let invalid = Recovered { verdict: Verdict::Invalid, key: [0; 64] };
    vec![
        (with(1), Recovered { verdict: Verdict::Valid, key }),
        (with(0), Recovered { verdict: Verdict::Valid, key: negated }),
        // r + n is not below p.
        (with(3), invalid),
        (Item { r: [0; 32], ..with(1) }, Recovered { verdict: Verdict::RangeR, ..invalid }),
    ]
}

const SECP256K1_X: [u8; 32] =
    hex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
const SECP256K1_Y: [u8; 32] =
    hex("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8");
/// The key recovered with the other parity of R; computed with Python's integers.
const NEGATED_X: [u8; 32] = hex("54d58835e07b996d6378eafa930ae9d2211e767381f1d52aedc67f48c8886f0b");
const NEGATED_Y: [u8; 32] = hex("b1a329f3733780d19e79fd09ddd109a66d236836c22a8c17681fa0e2e7630f75");

const SATOSHI: Item<'static> = Item {
    r: hex("934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"),
    s: hex("2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"),
    key: Key::Point { x: SECP256K1_X, y: SECP256K1_Y },
    message: b"Satoshi Nakamoto",
};

fn secp256k1() -> Vec<KnownSignature> {
    let known = |profile, item, verdict| KnownSignature {
        profile,
        hashing: Hashing::Sha256,
        item,
        verdict,
    };
    let high = Item {
        s: hex("dbbd3162d46e9f9bef7feb87c16dc13b4f6568a87f4e83f728e2443ba586675c"),
        ..SATOSHI
    };
    let compressed = Key::Compressed { x: SECP256K1_X, odd: false };
    let off = Key::Point { x: SECP256K1_X, y: SECP256K1_X };
    vec![
        known(Profile::Bitcoin, SATOSHI, Verdict::Valid),
        known(Profile::Bitcoin, Item { key: compressed, ..SATOSHI }, Verdict::Valid),
        known(Profile::Bitcoin, high, Verdict::Valid),
        known(Profile::EthereumTransaction, high, Verdict::HighS),
        known(Profile::Bitcoin, Item { message: b"satoshi nakamoto", ..SATOSHI }, Verdict::Invalid),
        known(Profile::Bitcoin, Item { r: [0; 32], ..SATOSHI }, Verdict::RangeR),
        known(Profile::Bitcoin, Item { s: [0xFF; 32], ..SATOSHI }, Verdict::RangeS),
        known(Profile::Bitcoin, Item { key: off, ..SATOSHI }, Verdict::KeyNotOnCurve),
    ]
}

fn sm2() -> Vec<KnownSignature> {
    let x = hex("09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020");
    let y = hex("ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
    let item = Item {
        r: hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"),
        s: hex("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"),
        key: Key::Point { x, y },
        message: b"message digest",
    };
    // Its e.
    const E: [u8; 32] = hex("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640");
    let known =
        |hashing, item, verdict| KnownSignature { profile: Profile::Gm, hashing, item, verdict };
    let off = Key::Point { x, y: x };
    vec![
        known(Hashing::Sm3, item, Verdict::Valid),
        known(Hashing::Sm3, Item { key: Key::Compressed { x, odd: true }, ..item }, Verdict::Valid),
        known(Hashing::Digest, Item { message: &E, ..item }, Verdict::Valid),
        known(Hashing::Digest, Item { message: &SECP256K1_X, ..item }, Verdict::Invalid),
        known(Hashing::Sm3, Item { message: b"message", ..item }, Verdict::Invalid),
        known(Hashing::Sm3, Item { s: [0; 32], ..item }, Verdict::RangeS),
        known(Hashing::Sm3, Item { key: off, ..item }, Verdict::KeyNotOnCurve),
    ]
}

fn ed25519() -> Vec<KnownSignature> {
    let known = |profile, item, verdict| KnownSignature {
        profile,
        hashing: Hashing::Message,
        item,
        verdict,
    };
    let empty = Item {
        r: hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"),
        s: hex("5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        key: Key::Edwards(hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")),
        message: b"",
    };
    let item = Item {
        r: hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"),
        s: hex("085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        key: Key::Edwards(hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")),
        message: &[0x72],
    };
    // S + L; y = 2, which no point has; the neutral element.
    let above = hex("f52db7415978abc61b2c2eb6aeebfca0387b2eaeb4302aeeb00d291612bb0c10");
    let no_point = hex("0200000000000000000000000000000000000000000000000000000000000000");
    let neutral = hex("0100000000000000000000000000000000000000000000000000000000000000");
    vec![
        known(Profile::Rfc8032, empty, Verdict::Valid),
        known(Profile::Rfc8032, item, Verdict::Valid),
        known(Profile::Zip215, item, Verdict::Valid),
        known(Profile::Strict, item, Verdict::Valid),
        known(Profile::Rfc8032, Item { message: &[0x73], ..item }, Verdict::Invalid),
        known(Profile::Zip215, Item { message: &[0x73], ..item }, Verdict::Invalid),
        known(Profile::Rfc8032, Item { s: above, ..item }, Verdict::RangeS),
        known(
            Profile::Rfc8032,
            Item { key: Key::Edwards(no_point), ..item },
            Verdict::KeyNotOnCurve,
        ),
        known(Profile::Strict, Item { key: Key::Edwards(neutral), ..item }, Verdict::SmallOrder),
    ]
}

fn p256() -> Vec<KnownSignature> {
    let x = hex("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
    let y = hex("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
    let known = |profile, item, verdict| KnownSignature {
        profile,
        hashing: Hashing::Sha256,
        item,
        verdict,
    };
    let item = Item {
        r: hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"),
        s: hex("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"),
        key: Key::Point { x, y },
        message: b"sample",
    };
    let test = Item {
        r: hex("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"),
        s: hex("019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"),
        message: b"test",
        ..item
    };
    let compressed = Key::Compressed { x, odd: true };
    let off = Key::Point { x, y: x };
    vec![
        known(Profile::Fips186, item, Verdict::Valid),
        known(Profile::Rip7212, test, Verdict::Valid),
        known(Profile::Fips186, Item { key: compressed, ..test }, Verdict::Valid),
        known(Profile::Fips186, Item { message: b"test", ..item }, Verdict::Invalid),
        known(Profile::Fips186, Item { r: [0; 32], ..item }, Verdict::RangeR),
        known(Profile::Fips186, Item { key: off, ..item }, Verdict::KeyNotOnCurve),
        known(Profile::Rip7212, Item { key: off, ..item }, Verdict::Invalid),
    ]
}

/// The bytes of 64 hexadecimal digits.
const fn hex(digits: &str) -> [u8; 32] {
    const fn value(digit: u8) -> u8 {
        match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => panic!("no hexadecimal digit"),
        }
    }
    let digits = digits.as_bytes();
    assert!(digits.len() == 64, "not 64 digits");
    let mut bytes = [0; 32];
    let mut i = 0;
    while i < 32 {
        bytes[i] = value(digits[2 * i]) << 4 | value(digits[2 * i + 1]);
        i += 1;
    }
    bytes
}
