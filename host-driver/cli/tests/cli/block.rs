//! `chaincard block`: output, exit codes, bad input.

use crate::program::{chaincard, chaincard_in};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

const SEED: u64 = 0xB10C;
const HASH: &str = "000000000000000000000c835b2adcaedc20fdf6ee440009c249452c726dafae";
const CHECKS: [&str; 5] = ["proof_of_work", "txids", "wtxids", "merkle_root", "witness_commitment"];

fn real() -> &'static [u8] {
    bitcoin_test_data::blocks::mainnet_702861()
}

#[test]
fn the_embedded_block_passes_on_the_cpu() {
    let run = chaincard(&["block", "--device", "cpu"]).expect(0);
    for text in CHECKS.into_iter().chain([
        HASH,
        "2500 transactions",
        "2366 of 2366 inputs valid",
        "done by cpu",
    ]) {
        assert!(run.stdout.contains(text), "{text}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("FAILED"), "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[test]
fn json_has_the_documented_shape() {
    for arguments in [&["block", "--json"][..], &["--json", "--device", "cpu", "block"]] {
        let mut value = chaincard(arguments).expect(0).json();
        assert!(value["seconds"].as_f64().expect("a number") > 0.0);
        value["seconds"] = json!(0);
        let signatures = value.as_object_mut().expect("an object").remove("signatures");
        let expected = json!({
            "checked": 2366,
            "valid": 2366,
            "invalid": 0,
            "unchecked": {
                "coinbase": 1,
                "amount_unknown": 4144,
                "script_unknown": 1,
                "script_unsupported": 6,
            },
            "pairs": 3578,
            "invalid_inputs": [],
        });
        assert_eq!(signatures, Some(expected));
        let device = value["device"].as_str().expect("a name").to_owned();
        let checks: serde_json::Map<_, _> =
            CHECKS.iter().map(|name| ((*name).to_owned(), json!(true))).collect();
        assert_eq!(
            value,
            json!({
                "block_hash": HASH,
                "transactions": 2500,
                "inputs": 6518,
                "checks": checks,
                "device": device,
                "seconds": 0,
            })
        );
    }
}

#[test]
fn files_may_be_raw_or_hexadecimal_or_standard_input() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("raw"), real()).expect("written");
    std::fs::write(folder.path().join("text"), hex::encode(real()) + "\n").expect("written");
    for file in ["raw", "text"] {
        let run = chaincard_in(folder.path(), &["block", file, "--json"], b"").expect(0);
        assert_eq!(run.json()["block_hash"], HASH);
    }
    let run = chaincard_in(folder.path(), &["block", "-", "--json"], real()).expect(0);
    assert_eq!(run.json()["block_hash"], HASH);
}

#[test]
fn flipped_bytes_are_refused_by_name() {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let random: Vec<usize> = (0..12).map(|_| rng.random_range(81..real().len())).collect();
    // Version, previous block, merkle root, time, bits, nonce; then the transactions.
    for position in [0, 10, 40, 68, 72, 75, 79, 300].into_iter().chain(random) {
        let mut bad = real().to_vec();
        bad[position] ^= 0x10;
        let run = chaincard_in(".".as_ref(), &["block", "-", "--json"], &bad);
        if run.code == 2 {
            assert!(run.stderr.contains("no Bitcoin block"), "{position}: {}", run.stderr);
            continue;
        }
        let run = run.expect(1);
        let checks = &run.json()["checks"];
        let failed: Vec<&str> =
            CHECKS.into_iter().filter(|name| checks[*name] == json!(false)).collect();
        let expected = if position < 80 { "proof_of_work" } else { *failed.first().expect("one") };
        assert!(failed.contains(&expected), "{position}, seed {SEED:#x}: {failed:?}");
        for name in failed {
            assert!(run.stderr.contains(name), "{position}: {}", run.stderr);
        }
    }
}

#[test]
fn an_invalid_signature_is_named_by_its_input() {
    let block: bitcoin::Block = bitcoin::consensus::encode::deserialize(real()).expect("a block");
    let (index, transaction) = block
        .txdata
        .iter()
        .enumerate()
        .find(|(_, transaction)| transaction.input[0].script_sig.len() > 100)
        .expect("an input without witness");
    let script = transaction.input[0].script_sig.as_bytes();
    let start = real().windows(script.len()).position(|bytes| bytes == script).expect("in it");
    // Within r of the signature.
    let mut bad = real().to_vec();
    bad[start + 20] ^= 1;
    let run = chaincard_in(".".as_ref(), &["block", "-", "--json"], &bad).expect(1);
    assert!(run.stderr.contains("signatures"), "{}", run.stderr);
    let changed: bitcoin::Block = bitcoin::consensus::encode::deserialize(&bad).expect("a block");
    let input = format!("{}:0", changed.txdata[index].compute_txid());
    let signatures = &run.json()["signatures"];
    assert_eq!(signatures["invalid_inputs"].as_array().map(Vec::len), Some(1));
    assert_eq!(signatures["invalid_inputs"][0]["input"], input);
    assert_eq!((&signatures["invalid"], &signatures["checked"]), (&json!(1), &json!(2366)));
    let text = chaincard_in(".".as_ref(), &["block", "-"], &bad).expect(1).stdout;
    assert!(text.contains(&input) && text.contains("2365 of 2366"), "{text}");
}

#[test]
fn amounts_come_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    // What a witness input spends is no output of this amount, so that it is invalid, and is
    // named; the device is asked about no other input.
    let block: bitcoin::Block = bitcoin::consensus::encode::deserialize(real()).expect("a block");
    let (place, input) = block
        .txdata
        .iter()
        .flat_map(|transaction| {
            let txid = transaction.compute_txid();
            (0..).zip(&transaction.input).map(move |(vin, input)| (format!("{txid}:{vin}"), input))
        })
        .find(|(_, input)| input.script_sig.is_empty() && input.witness.len() == 2)
        .expect("an input with a witness of signature and key");
    let key = input.witness.nth(1).expect("two elements");
    let hash = bitcoin::hashes::Hash::hash(key);
    let script = bitcoin::ScriptBuf::new_p2wpkh(&bitcoin::WPubkeyHash::from_raw_hash(hash));
    let bitcoin::OutPoint { txid, vout } = input.previous_output;
    let script = script.to_hex_string();
    let line = json!({ "txid": txid.to_string(), "vout": vout, "value": 1, "script": script });
    std::fs::write(folder.path().join("prevouts"), format!("{line}\n")).expect("written");
    let arguments = ["block", "--prevouts", "prevouts", "--json"];
    let signatures = chaincard_in(folder.path(), &arguments, b"").expect(1).json();
    let signatures = &signatures["signatures"];
    assert_eq!(signatures["checked"], 2367);
    assert_eq!(signatures["unchecked"]["amount_unknown"], 4143);
    let why = "The equation does not hold";
    assert_eq!(signatures["invalid_inputs"][0]["input"], place);
    assert!(signatures["invalid_inputs"][0]["why"].as_str().expect("text").contains(why));

    std::fs::write(folder.path().join("prevouts"), format!("{line}\nnothing\n")).expect("written");
    let run = chaincard_in(folder.path(), &arguments, b"").expect(2);
    assert!(run.stderr.contains("prevouts: line 2"), "{}", run.stderr);
    let run = chaincard(&["block", "--limit", "3", "--json"]).expect(0).json();
    assert_eq!(run["signatures"]["checked"], 3);
    assert_eq!(run["signatures"]["unchecked"]["limit"], 2363);
    let run = chaincard(&["block", "--prevouts", "none"]).expect(2);
    assert!(run.stderr.contains("none"), "{}", run.stderr);
}

#[test]
fn each_part_is_covered_by_its_check() {
    // Where things are in the block: see its serialisation. The version of the coinbase, its
    // reserved value (the last 32 bytes before its lock time), the last lock time.
    let block = real();
    let reserved =
        block.windows(34).position(|bytes| bytes[..2] == [1, 32] && bytes[2..] == [0; 32]);
    let reserved = reserved.expect("the coinbase's witness");
    for (position, check) in [
        (83, "merkle_root"),
        (reserved + 10, "witness_commitment"),
        (block.len() - 1, "merkle_root"),
        (36, "merkle_root"),
    ] {
        let mut bad = block.to_vec();
        bad[position] ^= 1;
        let run = chaincard_in(".".as_ref(), &["block", "-"], &bad).expect(1);
        assert!(run.stdout.contains("FAILED"), "{}", run.stdout);
        assert!(run.stderr.contains(check), "{position}: {}", run.stderr);
    }
}

#[test]
fn truncated_and_random_files_are_no_blocks() {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut lengths = vec![0, 1, 79, 80, 81, 83, 100, real().len() - 1];
    lengths.extend((0..8).map(|_| rng.random_range(0..real().len())));
    for len in lengths {
        let run = chaincard_in(".".as_ref(), &["block", "-"], &real()[..len]).expect(2);
        assert!(run.stderr.contains("no Bitcoin block"), "{len}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    for len in [1, 80, 81, 500, 100_000] {
        let mut bytes = vec![0; len];
        rng.fill_bytes(&mut bytes);
        let run = chaincard_in(".".as_ref(), &["block", "-", "--json"], &bytes).expect(2);
        assert!(run.json()["error"].as_str().expect("a message").contains("no Bitcoin block"));
    }
    let longer = [real(), &[0]].concat();
    chaincard_in(".".as_ref(), &["block", "-"], &longer).expect(2);
    let text = hex::encode(real());
    chaincard_in(".".as_ref(), &["block", "-"], &text.as_bytes()[1..]).expect(2);
    let zeros = vec![0; 17_000_000];
    let run = chaincard_in(".".as_ref(), &["block", "-"], &zeros).expect(2);
    assert!(run.stderr.contains("more than"), "{}", run.stderr);
}

#[test]
fn wrong_calls_have_exit_code_2() {
    let run = chaincard(&["block", "no-such-file"]).expect(2);
    assert!(run.stderr.contains("no-such-file"), "{}", run.stderr);
    chaincard(&["block", "."]).expect(2);
    chaincard(&["block", "--network", "nonet"]).expect(2);
    chaincard(&["block", "a", "b"]).expect(2);
    // The real block's target is not that of another network's easiest block: it is harder.
    chaincard(&["block", "--network", "regtest"]).expect(0);
}
