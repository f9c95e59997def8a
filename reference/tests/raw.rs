//! Shapes: bytes that are no signature, no key, no digest, and which of several faults counts.

use chaincard_reference::cases::{self, random_recovery};
use chaincard_reference::verify::{
    Encoding, Hashing, Key, MAX_USER_ID, Profile, Raw, Scheme, Verdict, encode_der, parse_der,
};

/// A valid signature by a profile, over a digest where the scheme has such.
fn valid(profile: Profile) -> Raw {
    let case = cases::corners(profile)
        .into_iter()
        .find(|expected| expected.name == "valid")
        .expect("a valid case")
        .case;
    let key = match case.key {
        Key::Point { x, y } => [&[4], &x[..], &y].concat(),
        Key::Edwards(a) => a.to_vec(),
        key => panic!("{key:?}"),
    };
    Raw {
        profile,
        hashing: case.hashing,
        user_id: case.user_id,
        encoding: Encoding::Compact,
        signature: [case.r, case.s].concat(),
        key,
        message: case.message,
    }
}

#[test]
fn signatures_of_other_lengths() {
    for profile in Profile::ALL {
        let raw = valid(profile);
        assert_eq!(raw.verify(), Verdict::Valid);
        for len in [0, 1, 32, 63, 65, 128] {
            let mut signature = raw.signature.clone();
            signature.resize(len, 1);
            let verdict = Raw { signature, ..raw.clone() }.verify();
            assert_eq!(verdict, Verdict::SignatureLength.under(profile));
        }
    }
}

#[test]
fn keys_of_every_first_byte_and_length() {
    for profile in Profile::ALL {
        let raw = valid(profile);
        let verdict = |key: Vec<u8>| Raw { key, ..raw.clone() }.verify();
        let expected = |verdict: Verdict| verdict.under(profile);
        let is_edwards = profile.scheme() == Scheme::Ed25519;
        for len in (0..130)
            .filter(|&len| if is_edwards { len != 32 } else { ![33, 64, 65].contains(&len) })
        {
            assert_eq!(verdict(vec![4; len]), expected(Verdict::KeyLength), "{profile:?} {len}");
        }
        if is_edwards {
            assert_eq!(verdict(vec![0]), Verdict::KeyLength);
            continue;
        }
        assert_eq!(verdict(vec![0]), expected(Verdict::KeyInfinity));
        assert_eq!(verdict(raw.key[1..].to_vec()), Verdict::Valid, "bare x and y");
        let odd = raw.key[64] & 1;
        for first in 0..=255u8 {
            let long = verdict([&[first], &raw.key[1..]].concat());
            let hybrid = profile.takes_hybrid_keys() && first == 6 + odd;
            let right =
                if first == 4 || hybrid { Verdict::Valid } else { expected(Verdict::KeyEncoding) };
            assert_eq!(long, right, "{profile:?} {first}");
            let short = verdict([&[first], &raw.key[1..33]].concat());
            let right = match first {
                2 | 3 if first == 2 + odd => Verdict::Valid,
                2 | 3 => Verdict::Invalid,
                _ => expected(Verdict::KeyEncoding),
            };
            assert_eq!(short, right, "{profile:?} {first}");
        }
    }
}

#[test]
fn digests_and_user_ids() {
    for profile in [Profile::Bitcoin, Profile::Gm, Profile::Fips186] {
        let raw = valid(profile);
        for len in [0, 31, 33, 64] {
            let verdict = Raw { message: vec![0; len], ..raw.clone() }.verify();
            assert_eq!(verdict, Verdict::DigestLength);
        }
    }
    let raw = Raw { hashing: Hashing::Sm3, ..valid(Profile::Gm) };
    let with_id = |len| Raw { user_id: vec![7; len], ..raw.clone() }.verify();
    assert_eq!(with_id(MAX_USER_ID), Verdict::Invalid);
    assert_eq!(with_id(MAX_USER_ID + 1), Verdict::UserIdLength);
}

#[test]
fn the_first_wrong_shape_counts() {
    let good = valid(Profile::Bitcoin);
    let raw =
        Raw { key: vec![5; 33], message: vec![0; 31], signature: vec![0; 63], ..good.clone() };
    assert_eq!(raw.verify(), Verdict::SignatureLength);
    let raw = Raw { signature: vec![0; 64], ..raw };
    assert_eq!(raw.verify(), Verdict::KeyEncoding);
    assert_eq!(Raw { encoding: Encoding::Der, ..raw.clone() }.verify(), Verdict::SignatureEncoding);
    assert_eq!(Raw { key: vec![0], ..raw.clone() }.verify(), Verdict::KeyInfinity);
    assert_eq!(Raw { key: vec![], ..raw.clone() }.verify(), Verdict::KeyLength);
    let raw = Raw { key: good.key, ..raw };
    assert_eq!(raw.verify(), Verdict::DigestLength);
    assert_eq!(Raw { message: vec![0; 32], ..raw }.verify(), Verdict::RangeR);
}

#[test]
fn recovery_from_bytes() {
    for expected in random_recovery(Profile::Ethereum, 5, 20) {
        let Key::Recover(id) = expected.case.key else { panic!("not to be recovered") };
        let case = expected.case;
        let with = |bytes: &[u8]| Raw {
            profile: case.profile,
            hashing: case.hashing,
            user_id: Vec::new(),
            encoding: Encoding::Compact,
            signature: [&case.r[..], &case.s, bytes].concat(),
            key: Vec::new(),
            message: case.message.clone(),
        };
        for id in [id, id + 27] {
            let found = with(&[id]).recover();
            assert_eq!((found.verdict, found.key), (Verdict::Valid, expected.key));
        }
        for id in (4..27).chain(29..=255) {
            assert_eq!(with(&[id]).recover().verdict, Verdict::RecoveryId);
        }
        assert_eq!(with(&[]).recover().verdict, Verdict::SignatureLength);
        assert_eq!(with(&[0, 0]).recover().verdict, Verdict::SignatureLength);
    }
}

#[test]
fn der_is_strict() {
    let raw = valid(Profile::Bitcoin);
    let (r, s) = raw.signature.split_at(32);
    let (r, s) = (r.try_into().expect("32 bytes"), s.try_into().expect("32 bytes"));
    let der = encode_der(&r, &s);
    let verdict =
        |signature: Vec<u8>| Raw { signature, encoding: Encoding::Der, ..raw.clone() }.verify();
    assert_eq!(verdict(der.clone()), Verdict::Valid);
    // Every other byte at every place of the frame leads to another verdict.
    let length_r = usize::from(der[3]);
    for place in [0, 1, 2, 3, 4 + length_r, 5 + length_r] {
        for byte in (0..=255).filter(|&byte| byte != der[place]) {
            let mut wrong = der.clone();
            wrong[place] = byte;
            assert_eq!(verdict(wrong), Verdict::SignatureEncoding, "byte {place} is {byte:#x}");
        }
    }
    for len in 8..der.len() {
        assert_eq!(verdict(der[..len].to_vec()), Verdict::SignatureEncoding);
    }
    assert_eq!(verdict(der[..7].to_vec()), Verdict::SignatureLength);
    assert_eq!(verdict([&der[..], &[1]].concat()), Verdict::SignatureEncoding, "hash type");

    let zero = [0; 32];
    let mut one = zero;
    one[31] = 1;
    assert_eq!(encode_der(&zero, &one), [0x30, 6, 2, 1, 0, 2, 1, 1]);
    assert_eq!(parse_der(&[0x30, 6, 2, 1, 0, 2, 1, 1]), Ok((zero, one)));
    let padded = [0x30, 7, 2, 2, 0, 1, 2, 1, 1];
    assert_eq!(parse_der(&padded), Err(Verdict::SignatureEncoding));
    assert_eq!(parse_der(&[0x30, 6, 2, 1, 0x81, 2, 1, 1]), Err(Verdict::SignatureEncoding));
    let long = [&[0x30, 0x27, 2, 0x22, 1][..], &[0; 33], &[2, 1, 1]].concat();
    assert_eq!(parse_der(&long), Ok(([0xFF; 32], one)), "more than 256 bits");
    assert_eq!(verdict(long), Verdict::RangeR);
    let ends = [[0xFF; 32], [0x80; 32], [0x7F; 32], one, zero];
    for (r, s) in ends.iter().flat_map(|r| ends.iter().map(move |s| (r, s))) {
        assert_eq!(parse_der(&encode_der(r, s)), Ok((*r, *s)));
    }
}
