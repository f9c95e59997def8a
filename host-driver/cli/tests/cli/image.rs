//! `chaincard image` with throwaway keys.

use std::fs;
use std::path::Path;

use crate::program::{Run, chaincard_in};
use chaincard_image::sign::{
    SigningKey, describe_bitstream, generate_keys, sign_manifest, write_manifest,
};
use chaincard_image::{Board, Build, Manifest, Resources, Timing};

fn run(folder: &Path, arguments: &[&str]) -> Run {
    chaincard_in(folder, &[&["image"], arguments].concat(), b"")
}

/// A folder `bitstreams` with one signed image and its key, and a key that signed nothing.
fn images() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("bitstreams/tiny");
    fs::create_dir_all(&folder).expect("a folder");
    let bitstream = folder.join("tiny.bit");
    fs::write(&bitstream, [0x5A; 999]).expect("written");
    let manifest = Manifest {
        name: "tiny".to_owned(),
        design_version: "0.1.0".to_owned(),
        protocol_version: chaincard_protocol::PROTOCOL_VERSION,
        hardware_tested: false,
        board: Board {
            name: "ulx3s".to_owned(),
            part: "LFE5U-85F".to_owned(),
            package: "CABGA381".to_owned(),
            speed: "6".to_owned(),
        },
        build: Build {
            rtl_sha256: "0".repeat(64),
            placer: "static".to_owned(),
            seed: 1,
            tools: Default::default(),
        },
        resources: Resources { comb: 1, ff: 2, dsp: 3, bram: 4 },
        timing: Timing { clock_mhz: 25.0, fmax_mhz: 50.0 },
        bitstream: describe_bitstream(&bitstream).expect("described"),
    };
    write_manifest(&folder, &manifest).expect("written");
    let secret = root.path().join("secret");
    generate_keys(&secret, &root.path().join("bitstreams/chaincard.pub")).expect("keys");
    sign_manifest(&folder, &SigningKey::load(&secret, None).expect("a key")).expect("signed");
    generate_keys(&root.path().join("other"), &root.path().join("other.pub")).expect("keys");
    root
}

#[test]
fn images_are_listed_and_checked() {
    let root = images();
    let text = run(root.path(), &["list"]).expect(0).stdout;
    assert!(text.contains("tiny: ulx3s") && text.contains("not run on a board"), "{text}");
    let value = run(root.path(), &["list", "--json"]).expect(0).json();
    assert_eq!(value[0]["manifest"]["bitstream"]["bytes"], 999);
    for names in [&["check"][..], &["check", "tiny"], &["check", "bitstreams/tiny"]] {
        let value = run(root.path(), &[names, &["--json"]].concat()).expect(0).json();
        assert_eq!(value[0]["good"], true);
    }
    run(root.path(), &["check", "none"]).expect(2);
    run(root.path(), &["list", "--images", "nowhere"]).expect(2);
}

#[test]
fn the_key_is_the_users_choice() {
    let root = images();
    let bad = run(root.path(), &["check", "--key", "other.pub"]).expect(1);
    assert!(bad.stdout.contains("not trusted"), "{}", bad.stdout);
    let both = ["check", "--key", "other.pub", "--key", "bitstreams/chaincard.pub"];
    run(root.path(), &both).expect(0);
    run(root.path(), &["check", "--key", "none.pub"]).expect(2);
}

#[test]
fn changed_images_are_refused_and_not_flashed() {
    let root = images();
    fs::write(root.path().join("bitstreams/tiny/tiny.bit"), [0x5B; 999]).expect("written");
    let bad = run(root.path(), &["check"]).expect(1);
    assert!(bad.stdout.contains("SHA-256"), "{}", bad.stdout);
    let bad = run(root.path(), &["flash", "tiny", "--dry-run"]).expect(1);
    assert_eq!(bad.stdout, "");
}

#[test]
fn the_flash_command_is_shown() {
    let root = images();
    let shown = run(root.path(), &["flash", "tiny", "--dry-run"]).expect(0).stdout;
    assert_eq!(shown, "openFPGALoader -b ulx3s ./bitstreams/tiny/tiny.bit\n");
    let value = run(root.path(), &["flash", "tiny", "--dry-run", "--persistent", "--json"]);
    let value = value.expect(0).json();
    assert_eq!(value["command"][3], "-f");
    assert_eq!(value["flashed"], false);
}
