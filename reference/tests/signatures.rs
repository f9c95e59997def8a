//! The standards' own examples of signatures, from `reference/vectors`.

use std::path::PathBuf;

use ark_ec::short_weierstrass::SWCurveConfig;
use ark_ec::{AffineRepr, CurveGroup};
use chaincard_reference::curve::{Curve, P256, Point, Scalar, Secp256k1, Sm2, bytes, number};
use chaincard_reference::verify::{
    Case, Encoding, Hashing, Key, Profile, Raw, Verdict, encode_der, recover, verify,
};
use chaincard_reference::{ecdsa, ed25519, sha256, sm2};

fn read(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "vectors", name].iter().collect();
    std::fs::read_to_string(path).expect("vector file")
}

fn fields(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(' ').collect())
}

fn unhex(text: &str) -> Vec<u8> {
    if text == "-" { Vec::new() } else { hex::decode(text).expect("hexadecimal") }
}

fn unhex32(text: &str) -> [u8; 32] {
    unhex(text).try_into().expect("32 bytes")
}

fn scalar<C: Curve>(text: &str) -> Scalar<C> {
    number(&unhex32(text)).expect("below n")
}

/// The case and the same as bytes, compact and DER, with each form of the key.
fn check(case: &Case, expected: Verdict) {
    assert_eq!(verify(case), expected, "{case:?}");
    let Key::Point { x, y } = case.key else { panic!("no point") };
    let compressed = [vec![2 + (y[31] & 1)], x.to_vec()].concat();
    let uncompressed = [vec![4], x.to_vec(), y.to_vec()].concat();
    for key in [compressed, uncompressed.clone(), uncompressed[1..].to_vec()] {
        for (encoding, signature) in [
            (Encoding::Compact, [case.r, case.s].concat()),
            (Encoding::Der, encode_der(&case.r, &case.s)),
        ] {
            let raw = Raw {
                profile: case.profile,
                hashing: case.hashing,
                user_id: case.user_id.clone(),
                encoding,
                signature,
                key: key.clone(),
                message: case.message.clone(),
            };
            assert_eq!(raw.verify(), expected, "{raw:?}");
        }
    }
}

fn check_ecdsa<C: Curve>(row: &[&str], profile: Profile) {
    let &[_, d, x, y, k, message, r, s] = row else { panic!("{row:?}") };
    let q = (C::GENERATOR * scalar::<C>(d)).into_affine();
    let coordinates = |q: &Point<C>| q.xy().map(|(x, y)| (bytes(x), bytes(y)));
    assert_eq!(coordinates(&q), Some((unhex32(x), unhex32(y))), "Q");
    let e = ecdsa::e::<C>(&sha256::sha256(&unhex(message)));
    let (signature, id) = ecdsa::sign::<C>(scalar::<C>(d), scalar::<C>(k), e).expect("signature");
    assert_eq!(bytes(signature.r), unhex32(r));
    // Bitcoin's examples have the lower of s and n - s.
    let s_found = [bytes(signature.s), bytes(-signature.s)];
    assert!(s_found[..1 + usize::from(profile == Profile::Bitcoin)].contains(&unhex32(s)));
    let recovered = ecdsa::recover(&signature, e, id & 1 == 1, id & 2 == 2);
    assert_eq!(recovered, Some(q));

    let mut case = Case {
        profile,
        hashing: Hashing::Sha256,
        user_id: Vec::new(),
        r: unhex32(r),
        s: unhex32(s),
        key: Key::Point { x: unhex32(x), y: unhex32(y) },
        message: unhex(message),
    };
    check(&case, Verdict::Valid);
    if profile == Profile::Bitcoin {
        let id = id ^ u8::from(bytes(signature.s) != case.s);
        let found = recover(&Case { key: Key::Recover(id), ..case.clone() });
        assert_eq!(
            (found.verdict, found.key.to_vec()),
            (Verdict::Valid, [unhex(x), unhex(y)].concat())
        );
    }
    case.message.push(0);
    check(&case, Verdict::Invalid);
}

#[test]
fn ecdsa_of_rfc_6979() {
    for row in fields(&read("ecdsa-rfc6979.txt")) {
        match row[0] {
            "p256" => check_ecdsa::<P256>(&row, Profile::Fips186),
            "secp256k1" => check_ecdsa::<Secp256k1>(&row, Profile::Bitcoin),
            curve => panic!("{curve}"),
        }
    }
}

#[test]
fn sm2_of_annex_a() {
    let text = read("sm2-annex-a.txt");
    let value = |name: &str| {
        let row = fields(&text).find(|row| row[0] == name).expect("field");
        unhex(row[1])
    };
    let value32 = |name: &str| -> [u8; 32] { value(name).try_into().expect("32 bytes") };
    let number = |name: &str| number::<Scalar<Sm2>>(&value32(name)).expect("below n");

    let q = (Sm2::GENERATOR * number("d")).into_affine();
    assert_eq!((bytes(q.x), bytes(q.y)), (value32("x"), value32("y")));
    assert_eq!(sm2::z(&value("id"), &q), value32("z"));
    let e = sm2::digest(&value("id"), &q, &value("message"));
    assert_eq!(e, value32("e"));
    let signature = sm2::sign(number("d"), number("k"), sm2::e(&e)).expect("signature");
    assert_eq!((bytes(signature.r), bytes(signature.s)), (value32("r"), value32("s")));

    let case = Case {
        profile: Profile::Gm,
        hashing: Hashing::Sm3,
        user_id: value("id"),
        r: value32("r"),
        s: value32("s"),
        key: Key::Point { x: value32("x"), y: value32("y") },
        message: value("message"),
    };
    check(&case, Verdict::Valid);
    check(&Case { hashing: Hashing::Digest, message: e.to_vec(), ..case.clone() }, Verdict::Valid);
    check(&Case { user_id: b"1234567812345679".to_vec(), ..case.clone() }, Verdict::Invalid);
    check(&Case { s: value32("r"), ..case }, Verdict::Invalid);
}

#[test]
fn ed25519_of_rfc_8032() {
    for row in fields(&read("ed25519-rfc8032.txt")) {
        let [secret, public, message, signature] = row[..] else { panic!("{row:?}") };
        let (secret, message) = (unhex32(secret), unhex(message));
        assert_eq!(ed25519::public_key(&secret), unhex32(public));
        let (r, s) = ed25519::sign(&secret, &message);
        assert_eq!([r, s].concat(), unhex(signature));
        for profile in [Profile::Rfc8032, Profile::Zip215, Profile::Strict] {
            let raw = Raw {
                profile,
                hashing: Hashing::Message,
                user_id: Vec::new(),
                encoding: Encoding::Compact,
                signature: unhex(signature),
                key: unhex(public),
                message: message.clone(),
            };
            assert_eq!(raw.verify(), Verdict::Valid);
            let longer = Raw { message: [&message[..], &[0]].concat(), ..raw.clone() };
            assert_eq!(longer.verify(), Verdict::Invalid);
            let shorter = Raw { signature: raw.signature[1..].to_vec(), ..raw };
            assert_eq!(shorter.verify(), Verdict::SignatureLength);
        }
    }
}
