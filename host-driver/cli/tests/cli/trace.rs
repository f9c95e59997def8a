//! `chaincard trace`: under Verilator.

use crate::program::chaincard;

#[test]
fn instructions_cycle_by_cycle() {
    let text = chaincard(&["trace", "--cycles", "..400"]).expect(0).stdout;
    let first: Vec<&str> = text.lines().take(2).collect();
    assert!(first[0].contains("entry") && first[0].contains("jmp"), "{text}");
    assert!(first[1].contains("verify_secp256k1: curve"), "{text}");
    assert!(text.ends_with("1 signature of secp256k1: 400 cycles\n"), "{text}");

    let arguments = ["trace", "-s", "ed25519", "-c", "2", "--cycles", "1000..", "--json"];
    let value = chaincard(&arguments).expect(0).json();
    assert_eq!(value["verdicts"], serde_json::json!(["valid", "valid"]));
    let rows = value["instructions"].as_array().expect("a list");
    let cycle = |row: &serde_json::Value| row["cycle"].as_u64().expect("a number");
    assert!(rows.len() > 5000 && cycle(&rows[0]) >= 1000, "{}", rows.len());
    assert!(rows.iter().any(|row| row["thread"] == 1));
    assert!(value["cycles"].as_u64() > rows.last().map(cycle));
}

#[test]
fn wrong_calls_have_exit_code_2() {
    for arguments in [
        &["trace", "--scheme", "rsa"][..],
        &["trace", "--count", "0"],
        &["trace", "--cycles", "7"],
        &["trace", "--cycles", "x..7"],
        &["trace", "--scheme", "sm2", "--recover"],
    ] {
        chaincard(arguments).expect(2);
    }
}
