//! `chaincard verify` and `chaincard recover`: verdicts, exit codes, bad input.

use bitcoin::hashes::{Hash, sha256};
use bitcoin::secp256k1::ecdsa::Signature;
use bitcoin::secp256k1::{Message, PublicKey, Secp256k1, SecretKey};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::program::{Run, chaincard, chaincard_in};

const SEED: u64 = 0x0EC5;

/// A scheme's published example: arguments, line.
fn examples() -> Vec<(Vec<&'static str>, Value)> {
    vec![
        // RFC 8032, section 7.1, test 2.
        (
            vec!["--scheme", "ed25519"],
            json!({
                "message": "72",
                "public_key": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "signature": "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                              085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            }),
        ),
        // GB/T 32918.5-2017, annex A.
        (
            vec!["--profile", "gm"],
            json!({
                "message": hex::encode("message digest"),
                "user_id": hex::encode("1234567812345678"),
                "public_key": "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020\
                               CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
                "signature": "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3\
                              B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
            }),
        ),
        // RFC 6979, appendix A.2.5, "sample".
        (
            vec!["--scheme", "p256", "--hashing", "sha256"],
            json!({
                "message": "0x73616d706c65",
                "public_key": "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6\
                               7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
                "signature": "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716\
                              F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
            }),
        ),
    ]
}

fn run(arguments: &[&str], input: &str) -> Run {
    chaincard_in(".".as_ref(), &[&["-d", "cpu"], arguments].concat(), input.as_bytes())
}

fn rows(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[test]
fn published_examples_are_valid() {
    for (arguments, line) in examples() {
        let arguments = [&["verify"], &arguments[..]].concat();
        let good = run(&arguments, &line.to_string()).expect(0);
        assert_eq!(rows(&good), [json!({ "line": 1, "valid": true, "verdict": "valid" })]);
        let mut wrong = line.clone();
        wrong["message"] = json!("00");
        let mixed = run(&arguments, &format!("{line}\n{wrong}\n\n{line}")).expect(1);
        let verdicts: Vec<_> =
            rows(&mixed).iter().map(|row| (row["line"].clone(), row["verdict"].clone())).collect();
        let expected =
            [(1, "valid"), (2, "invalid"), (4, "valid")].map(|(l, v)| (json!(l), json!(v)));
        assert_eq!(verdicts, expected);
        assert!(mixed.stderr.contains("2 valid, 1 not valid, 0 lines"), "{}", mixed.stderr);
    }
}

/// A key, and lines to verify and to recover with their ids in order, for digests and messages.
fn bitcoin_lines(count: u8) -> (PublicKey, Vec<Value>, Vec<Value>) {
    let secp = Secp256k1::new();
    let secret = SecretKey::from_slice(&[0x37; 32]).expect("a key");
    let key = secret.public_key(&secp);
    let lines = (0..count).map(|number| {
        let message = vec![number; usize::from(number)];
        let digest = sha256::Hash::hash(&message).to_byte_array();
        let signed = Message::from_digest(digest);
        let der = secp.sign_ecdsa(&signed, &secret);
        let (id, compact) = {
            let signature = der.serialize_compact();
            let id = (0..4).find(|id| recovers(&secp, &signature, *id, &signed, &key));
            (id.expect("an id"), signature)
        };
        let what = match number % 2 {
            0 => ("digest", hex::encode(digest)),
            _ => ("message", hex::encode(&message)),
        };
        let joined = hex::encode([&compact[..], &[id]].concat());
        (
            json!({ "id": number, what.0: what.1, "public_key": key.to_string(),
                    "signature": hex::encode(der.serialize_der()) }),
            json!({ "id": number, what.0: what.1, "signature": joined }),
        )
    });
    let (verify, recover) = lines.unzip();
    (key, verify, recover)
}

/// Whether `id` is the recovery id, by the definition: R has y of that parity.
fn recovers(
    secp: &Secp256k1<bitcoin::secp256k1::All>,
    signature: &[u8; 64],
    id: u8,
    message: &Message,
    key: &PublicKey,
) -> bool {
    use bitcoin::secp256k1::Scalar;
    let number = |bytes: &[u8]| SecretKey::from_slice(bytes).expect("below the order");
    let scalar = |key: SecretKey| Scalar::from(key);
    assert!(Signature::from_compact(signature).is_ok());
    // s R = e G + r Q: R is compared by s R, since nothing here divides.
    let right = PublicKey::from_secret_key(secp, &number(message.as_ref()))
        .combine(&key.mul_tweak(secp, &scalar(number(&signature[..32]))).expect("a point"))
        .expect("a point");
    let Ok(r) = PublicKey::from_slice(&[&[2 + (id & 1)], &signature[..32]].concat()) else {
        return false;
    };
    id < 2 && r.mul_tweak(secp, &scalar(number(&signature[32..]))).expect("a point") == right
}

#[test]
fn many_lines_keep_their_order_and_ids() {
    let (key, verify, recover) = bitcoin_lines(40);
    let text: String = verify.iter().map(|line| format!("{line}\n")).collect();
    let arguments = ["verify", "--encoding", "der", "--hashing", "sha256"];
    let found = rows(&run(&arguments, &text).expect(0));
    assert_eq!(found.len(), 40);
    for (number, row) in found.iter().enumerate() {
        let expected =
            json!({ "line": number + 1, "id": number, "valid": true, "verdict": "valid" });
        assert_eq!(*row, expected);
    }
    let text: String = recover.iter().map(|line| format!("{line}\n")).collect();
    let public_key = hex::encode(key.serialize_uncompressed());
    for (profile, has_address) in [("ethereum", true), ("bitcoin", false)] {
        let arguments = ["recover", "--profile", profile, "--hashing", "sha256"];
        for row in rows(&run(&arguments, &text).expect(0)) {
            assert_eq!((&row["valid"], &row["public_key"]), (&json!(true), &json!(public_key)));
            assert_eq!(row["address"].is_string(), has_address);
        }
    }
}

#[test]
fn bad_lines_are_named_and_others_still_judged() {
    let (_, verify, _) = bitcoin_lines(1);
    let good = verify[0].clone();
    let without = |member: &str| {
        let mut line = good.clone();
        line.as_object_mut().expect("an object").remove(member);
        line
    };
    let with = |member: &str, value: Value| {
        let mut line = good.clone();
        line[member] = value;
        line.to_string()
    };
    let both = with("message", json!(""));
    let cases = [
        ("nonsense".to_owned(), "json"),
        ("{}".to_owned(), "json"),
        ("[]".to_owned(), "json"),
        (good.to_string()[..50].to_owned(), "json"),
        (format!("{good}{good}"), "json"),
        (without("signature").to_string(), "json"),
        (without("public_key").to_string(), "json"),
        (with("signature", json!(7)), "json"),
        (with("unknown", json!("00")), "json"),
        ("[".repeat(100_000), "json"),
        (with("signature", json!("0g")), "hex"),
        (with("public_key", json!("000")), "hex"),
        (without("digest").to_string(), "signed"),
        (both, "signed"),
        (with("user_id", json!("00")), "user_id"),
        (with("id", json!("x".repeat(2 << 20))), "too_long"),
    ];
    let arguments = ["verify", "--encoding", "der"];
    for (line, kind) in &cases {
        let found = run(&arguments, &format!("{good}\n{line}\n{good}\n")).expect(2);
        let found = rows(&found);
        assert_eq!(found[1]["error"], *kind, "{line:.80}");
        assert_eq!((&found[1]["line"], found[1]["message"].is_string()), (&json!(2), true));
        assert_eq!((&found[0]["valid"], &found[2]["valid"]), (&json!(true), &json!(true)));
    }
    let message = without("digest").to_string().replace("\"id\"", "\"message\":\"00\",\"id\"");
    let found = run(&["verify", "-e", "der", "--hashing", "digest"], &message).expect(2);
    assert_eq!(rows(&found)[0]["error"], "hashing");
}

#[test]
fn malformed_signatures_are_verdicts() {
    let (_, verify, recover) = bitcoin_lines(1);
    let cases = [
        ("signature", "", "signature_length"),
        ("signature", "300602010102010100", "signature_encoding"),
        ("signature", "3006020100020101", "range_r"),
        ("public_key", "00", "key_infinity"),
        ("public_key", "0203", "key_length"),
        ("digest", "00", "digest_length"),
    ];
    for (member, value, verdict) in cases {
        let mut line = verify[0].clone();
        line[member] = json!(value);
        let found = run(&["verify", "-e", "der"], &line.to_string()).expect(1);
        assert_eq!(rows(&found)[0]["verdict"], verdict);
    }
    let mut line = recover[0].clone();
    let signature = line["signature"].as_str().expect("text")[..128].to_owned();
    for (id, verdict) in [("04", "recovery_id"), ("", "signature_length"), ("02", "invalid")] {
        line["signature"] = json!(signature.clone() + id);
        let found = run(&["recover"], &line.to_string()).expect(1);
        let row = &rows(&found)[0];
        assert_eq!((&row["verdict"], row.get("public_key")), (&json!(verdict), None));
    }
}

#[test]
fn random_input_never_panics() {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let (_, verify, _) = bitcoin_lines(3);
    let good: String = verify.iter().map(|line| format!("{line}\n")).collect();
    for round in 0..12 {
        let mut bytes = good.repeat(20).into_bytes();
        if round % 3 == 0 {
            rng.fill_bytes(&mut bytes);
        }
        for _ in 0..200 {
            let position = rng.random_range(0..bytes.len());
            bytes[position] = rng.random();
        }
        bytes.truncate(rng.random_range(1..bytes.len()));
        let command = ["verify", "recover"][round % 2];
        let found = chaincard_in(".".as_ref(), &[command, "-d", "cpu"], &bytes).expect(2);
        assert!(rows(&found).iter().all(|row| row["line"].is_u64()), "seed {SEED:#x}");
    }
}

#[test]
fn wrong_calls_have_exit_code_2() {
    for arguments in [
        &["verify", "--scheme", "rsa"][..],
        &["verify", "--scheme", "sm2", "--profile", "bitcoin"],
        &["verify", "--scheme", "ed25519", "--encoding", "der"],
        &["verify", "--scheme", "ed25519", "--hashing", "sha256"],
        &["verify", "no-such-file"],
        &["recover", "--scheme", "sm2"],
        &["recover", "."],
    ] {
        chaincard(arguments).expect(2);
    }
    assert_eq!(run(&["verify"], "").expect(0).stdout, "");
}
