//! `chaincard bench`: shape of the output, and that the chart is drawn. No figure is judged.

use crate::program::{chaincard, chaincard_in};

#[test]
fn rows_have_the_documented_shape() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = [
        "bench",
        "cpu",
        "--json",
        "-a",
        "sha256",
        "-a",
        "keccak256",
        "--size",
        "64",
        "--size",
        "200",
        "--batch",
        "50",
        "--threads",
        "1",
        "--rounds",
        "1",
        "--plot",
        "chart.svg",
    ];
    let value = chaincard_in(folder.path(), &arguments, b"").expect(0).json();
    let rows = value.as_array().expect("a list");
    for row in rows {
        assert!(row["device"].is_string() && row["operation"].is_string(), "{row}");
        for key in ["size", "batch", "threads"] {
            assert!(row[key].is_u64(), "{row}");
        }
        assert!(row["ns_per_item"].as_f64().expect("a number") > 0.0, "{row}");
    }
    for peer in ["sha2", "aws-lc-rs", "keccak-asm"] {
        assert!(rows.iter().any(|row| row["peer"] == peer), "{peer}");
    }
    assert_eq!(rows.iter().filter(|row| row.get("peer").is_none()).count(), 4);
    let svg = std::fs::read_to_string(folder.path().join("chart.svg")).expect("a chart");
    for text in ["<svg", "sha256, MB/s", "keccak256, MB/s", "aws-lc-rs", "200 B"] {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn a_summary_compares_with_the_best_peer() {
    let arguments = [
        "bench",
        "-d",
        "cpu",
        "-a",
        "sm3",
        "--size",
        "64",
        "--batch",
        "20",
        "--threads",
        "1",
        "--rounds",
        "1",
    ];
    let text = chaincard(&arguments).expect(0).stdout;
    assert!(text.contains("best peer") && text.contains("sm3"), "{text}");
}

#[test]
fn signatures_have_rows_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = [
        "bench",
        "cpu",
        "--json",
        "-s",
        "verify-strict",
        "-s",
        "recover",
        "--threads",
        "1",
        "--rounds",
        "1",
        "--plot",
        "chart.svg",
    ];
    let value = chaincard_in(folder.path(), &arguments, b"").expect(0).json();
    let rows = value.as_array().expect("a list");
    let found: Vec<_> = rows.iter().map(|row| (&row["operation"], &row["peer"])).collect();
    assert!(found.contains(&(&"verify-strict".into(), &"ed25519-dalek".into())), "{found:?}");
    assert!(found.contains(&(&"recover".into(), &"secp256k1".into())), "{found:?}");
    assert_eq!(rows.iter().filter(|row| row.get("peer").is_none()).count(), 2);
    let svg = std::fs::read_to_string(folder.path().join("chart.svg")).expect("a chart");
    assert!(svg.contains("recover, 1000/s"), "{svg}");
}

#[test]
fn multiplications_have_rows_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let line =
        "bench cpu --json --msm bls12-381 --terms 3 --terms 64 --threads 1 --rounds 1 --plot a.svg";
    let arguments: Vec<_> = line.split(' ').collect();
    let value = chaincard_in(folder.path(), &arguments, b"").expect(0).json();
    let rows = value.as_array().expect("a list");
    assert!(rows.iter().all(|row| row["operation"] == "msm-bls12-381"), "{value}");
    for size in [3, 64] {
        let of_size = rows.iter().filter(|row| row["size"] == size);
        let mut peers: Vec<_> = of_size.map(|row| row["peer"].as_str().unwrap_or("-")).collect();
        peers.sort_unstable();
        assert_eq!(peers, ["-", "arkworks", "blst", "halo2curves"]);
    }
    let svg = std::fs::read_to_string(folder.path().join("a.svg")).expect("a chart");
    assert!(svg.contains("msm-bls12-381, 1000 terms/s") && svg.contains("64 terms"), "{svg}");
}

#[test]
fn callers_have_rows_of_their_own() {
    let line = "bench cpu --callers 4 -s recover --rounds 1";
    let arguments: Vec<_> = line.split(' ').collect();
    let rows = chaincard(&[&arguments[..], &["--json"]].concat()).expect(0).json();
    let [row] = rows.as_array().expect("a list").as_slice() else { panic!("{rows}") };
    assert_eq!((&row["device"], &row["operation"]), (&"cpu".into(), &"recover".into()));
    assert_eq!(row["callers"], 4);
    for key in ["batch_ns", "callers_ns", "lone_ns", "peer_ns"] {
        assert!(row[key].as_f64().is_some_and(|ns| ns > 0.0), "{row}");
    }
    assert_eq!(row["peer"], "secp256k1");
    let text = chaincard(&arguments).expect(0).stdout;
    assert!(text.contains("lone caller") && text.contains("recover"), "{text}");
}

#[test]
fn wrong_calls_have_exit_code_2() {
    for arguments in [
        &["bench", "--callers", "0"][..],
        &["bench", "--callers", "4", "-a", "sha256"],
        &["bench", "--msm", "bn255"],
        &["bench", "--terms", "0"],
        &["bench", "-a", "md5"],
        &["bench", "-s", "verify-md5"],
        &["bench", "--batch", "3"],
        &["bench", "--size", "1000000", "--batch", "1000000"],
        &["bench", "--threads", "0"],
        &["bench", "nope"],
    ] {
        chaincard(arguments).expect(2);
    }
    let arguments = [
        "bench",
        "cpu",
        "-a",
        "sha256",
        "--size",
        "1",
        "--batch",
        "1",
        "--rounds",
        "1",
        "--no-peers",
        "--threads",
        "1",
        "--plot",
        "/nowhere/chart.svg",
    ];
    chaincard(&arguments).expect(2);
}
