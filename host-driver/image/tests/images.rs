//! Images with throwaway keys: what is right passes, whatever is changed is refused.
#![cfg(feature = "sign")]

use std::fs;
use std::path::{Path, PathBuf};

use chaincard_image::sign::{
    SigningKey, describe_bitstream, generate_keys, sign_manifest, write_manifest,
};
use chaincard_image::{
    Board, Build, FlashCommand, Image, ImageError, Manifest, Resources, Timing, TrustedKeys, find,
    list,
};
use tempfile::TempDir;

const NAME: &str = "hash-test-12k";

struct Fixture {
    root: TempDir,
}

impl Fixture {
    /// A signed image of 5,000 bytes, and the keys "own" and "other".
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        let fixture = Self { root };
        let folder = fixture.folder();
        fs::create_dir(&folder).expect("a folder");
        let bitstream = folder.join("hash-test-12k.bit");
        let bytes: Vec<u8> = (0..5000u32).map(|i| ((i * i) >> 3) as u8).collect();
        fs::write(&bitstream, bytes).expect("written");
        let manifest = Manifest {
            name: NAME.to_owned(),
            design_version: "0.1.0".to_owned(),
            protocol_version: 1,
            hardware_tested: false,
            board: Board {
                name: "ulx3s".to_owned(),
                part: "LFE5U-12F".to_owned(),
                package: "CABGA381".to_owned(),
                speed: "6".to_owned(),
            },
            build: Build {
                rtl_sha256: "0123456789abcdef".repeat(4),
                placer: "static".to_owned(),
                seed: 7,
                tools: [("yosys".to_owned(), "0.70".to_owned())].into(),
            },
            resources: Resources { comb: 1000, ff: 900, dsp: 0, bram: 3 },
            timing: Timing { clock_mhz: 25.0, fmax_mhz: 81.25 },
            bitstream: describe_bitstream(&bitstream).expect("described"),
        };
        write_manifest(&folder, &manifest).expect("written");
        for name in ["own", "other"] {
            let (secret, public) = (fixture.path(name, "key"), fixture.path(name, "pub"));
            generate_keys(&secret, &public).expect("keys");
        }
        sign_manifest(&folder, &fixture.key("own")).expect("signed");
        fixture
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join(NAME)
    }

    fn path(&self, name: &str, extension: &str) -> PathBuf {
        self.root.path().join(format!("{name}.{extension}"))
    }

    fn key(&self, name: &str) -> SigningKey {
        SigningKey::load(&self.path(name, "key"), None).expect("a key")
    }

    fn keys(&self, names: &[&str]) -> TrustedKeys {
        let files: Vec<PathBuf> = names.iter().map(|name| self.path(name, "pub")).collect();
        TrustedKeys::load(&files).expect("keys")
    }

    fn check(&self) -> Result<Image, ImageError> {
        Image::check(&self.folder(), &self.keys(&["own"]))
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.folder().join(file);
        let text = fs::read_to_string(&path).expect("read");
        assert!(text.contains(from), "{file} has {from:?}");
        fs::write(&path, text.replacen(from, to, 1)).expect("written");
    }
}

#[test]
fn a_signed_image_passes() {
    let fixture = Fixture::new();
    let image = fixture.check().expect("a good image");
    assert_eq!(image.manifest().bitstream.bytes, 5000);
    assert_eq!(image.manifest().tested(), "generated, not run on a board");
    // One trusted key among several is enough.
    Image::check(&fixture.folder(), &fixture.keys(&["other", "own"])).expect("a good image");
}

#[test]
fn every_flipped_byte_of_the_bitstream_is_refused() {
    let fixture = Fixture::new();
    let path = fixture.folder().join("hash-test-12k.bit");
    let good = fs::read(&path).expect("read");
    for position in (0..good.len()).step_by(97).chain([good.len() - 1]) {
        let mut bad = good.clone();
        bad[position] ^= 1 << (position % 8);
        fs::write(&path, bad).expect("written");
        assert!(matches!(fixture.check(), Err(ImageError::BitstreamDigest { .. })), "{position}");
    }
    fs::write(&path, &good[1..]).expect("written");
    assert!(matches!(
        fixture.check(),
        Err(ImageError::BitstreamLength { found: 4999, expected: 5000 })
    ));
}

#[test]
fn every_flipped_byte_of_the_manifest_is_refused() {
    let fixture = Fixture::new();
    let path = fixture.folder().join("manifest.toml");
    let good = fs::read(&path).expect("read");
    for position in 0..good.len() {
        let mut bad = good.clone();
        bad[position] ^= 1;
        fs::write(&path, bad).expect("written");
        assert!(matches!(fixture.check(), Err(ImageError::Signature)), "byte {position}");
    }
}

#[test]
fn every_flipped_byte_of_the_signature_is_refused() {
    let fixture = Fixture::new();
    let path = fixture.folder().join("manifest.toml.minisig");
    let good = fs::read(&path).expect("read");
    // The first line is a comment that nothing vouches for, and the last byte a line end.
    let first = good.iter().position(|&byte| byte == b'\n').expect("lines") + 1;
    for position in first..good.len() - 1 {
        let mut bad = good.clone();
        bad[position] ^= 1;
        fs::write(&path, &bad).expect("written");
        let error = fixture.check().expect_err("refused");
        assert!(
            matches!(
                error,
                ImageError::Signature
                    | ImageError::SignatureFormat { .. }
                    | ImageError::UntrustedKey
                    | ImageError::Io { .. }
            ),
            "byte {position}: {error}"
        );
    }
}

#[test]
fn the_wrong_key_is_refused() {
    let fixture = Fixture::new();
    let other = fixture.keys(&["other"]);
    let error = Image::check(&fixture.folder(), &other).expect_err("refused");
    assert!(matches!(error, ImageError::UntrustedKey), "{error}");
    assert!(matches!(TrustedKeys::load::<PathBuf>(&[]), Err(ImageError::NoKey)));
    let manifest = fixture.folder().join("manifest.toml");
    assert!(matches!(TrustedKeys::load(&[manifest]), Err(ImageError::Key { .. })));

    // The user can replace the key.
    sign_manifest(&fixture.folder(), &fixture.key("other")).expect("signed");
    Image::check(&fixture.folder(), &other).expect("a good image");
    assert!(matches!(fixture.check(), Err(ImageError::UntrustedKey)));
}

#[test]
fn missing_files_are_named() {
    for file in ["manifest.toml", "manifest.toml.minisig", "hash-test-12k.bit"] {
        let fixture = Fixture::new();
        fs::remove_file(fixture.folder().join(file)).expect("removed");
        let error = fixture.check().expect_err("refused");
        assert!(matches!(&error, ImageError::Io { path, .. } if path.ends_with(file)), "{error}");
        assert!(error.to_string().contains(file), "{error}");
    }
}

#[test]
fn a_signed_image_in_the_place_of_another_one_is_refused() {
    let fixture = Fixture::new();
    let renamed = fixture.root.path().join("hash-other");
    fs::rename(fixture.folder(), &renamed).expect("renamed");
    let error = Image::check(&renamed, &fixture.keys(&["own"])).expect_err("refused");
    assert!(matches!(error, ImageError::Field { field: "name", .. }), "{error}");
}

#[test]
fn a_manifest_changed_after_signing_loses_its_signature() {
    let fixture = Fixture::new();
    let manifest = fixture.check().expect("a good image").manifest().clone();
    write_manifest(&fixture.folder(), &manifest).expect("written");
    assert!(!fixture.folder().join("manifest.toml.minisig").exists());
    fixture.edit("manifest.toml", "bytes = 5000", "bytes = 5001");
    let refused = sign_manifest(&fixture.folder(), &fixture.key("own"));
    assert!(matches!(refused, Err(ImageError::BitstreamDigest { .. })));
}

#[test]
fn bad_fields_are_named() {
    let good = Fixture::new().check().expect("a good image").manifest().clone();
    let good = good.to_toml().expect("text");
    let path = Path::new("manifest.toml");
    assert!(Manifest::parse(&good, path).is_ok());
    for (field, from, to) in [
        ("bitstream.file", "\"hash-test-12k.bit\"", "\"../../etc/passwd\""),
        ("bitstream.file", "\"hash-test-12k.bit\"", "\"..\""),
        ("bitstream.file", "\"hash-test-12k.bit\"", "\"\""),
        ("board.name", "\"ulx3s\"", "\"--help\""),
        ("board.name", "\"ulx3s\"", "\"a b\""),
        ("name", "\"hash-test-12k\"", "\"a/b\""),
        ("build.rtl_sha256", "\"0123", "\"g123"),
        ("bitstream.bytes", "bytes = 5000", "bytes = 0"),
        ("timing.fmax_mhz", "81.25", "nan"),
        ("timing.clock_mhz", "25.0", "-1.0"),
    ] {
        let error = Manifest::parse(&good.replacen(from, to, 1), path).expect_err("refused");
        assert!(
            matches!(&error, ImageError::Field { field: found, .. } if *found == field),
            "{error}"
        );
    }
    for (from, to) in [("seed = 7", "seed = -7"), ("seed = 7", "sead = 7"), ("[board]", "[board")] {
        let error = Manifest::parse(&good.replacen(from, to, 1), path).expect_err("refused");
        assert!(matches!(error, ImageError::Manifest { .. }), "{error}");
    }
}

#[test]
fn images_are_listed_and_found() {
    let fixture = Fixture::new();
    let broken = fixture.root.path().join("broken");
    fs::create_dir(&broken).expect("a folder");
    fs::write(broken.join("manifest.toml"), "name = ").expect("written");
    fs::create_dir(fixture.root.path().join("empty")).expect("a folder");

    let images = list(fixture.root.path()).expect("a list");
    let names: Vec<&str> = images.iter().map(|image| image.name.as_str()).collect();
    assert_eq!(names, ["broken", NAME]);
    assert!(matches!(images[0].manifest, Err(ImageError::Manifest { .. })));
    assert_eq!(images[1].manifest.as_ref().expect("a manifest").name, NAME);

    assert_eq!(find(fixture.root.path(), NAME).expect("found"), fixture.folder());
    let path = fixture.folder().display().to_string();
    assert_eq!(find(Path::new("/nowhere"), &path).expect("found"), fixture.folder());
    assert!(matches!(find(fixture.root.path(), "none"), Err(ImageError::NoImage { .. })));
    assert!(matches!(list(Path::new("/nowhere")), Err(ImageError::Io { .. })));
}

#[test]
fn the_flash_command_is_that_of_open_fpga_loader() {
    let fixture = Fixture::new();
    let image = fixture.check().expect("a good image");
    let file = fixture.folder().join("hash-test-12k.bit");
    let words = |persistent| -> Vec<String> {
        let command = FlashCommand::new(&image, persistent);
        command.words().map(|word| word.to_string_lossy().into_owned()).collect()
    };
    let file = file.display().to_string();
    assert_eq!(words(false), ["openFPGALoader", "-b", "ulx3s", &file]);
    assert_eq!(words(true), ["openFPGALoader", "-b", "ulx3s", "-f", &file]);

    let command = FlashCommand::new(&image, false).with_program("it's here");
    assert_eq!(command.to_string(), format!("'it'\\''s here' -b ulx3s {file}"));
}

#[test]
fn flashing_reports_the_program() {
    let fixture = Fixture::new();
    let image = fixture.check().expect("a good image");
    let run = |program: &str| FlashCommand::new(&image, false).with_program(program).run();
    run("true").expect("a program that succeeds");
    assert!(matches!(run("false"), Err(ImageError::ProgramFailed { .. })));
    let missing = run("no-such-openFPGALoader").expect_err("missing");
    assert!(matches!(missing, ImageError::ProgramMissing { .. }), "{missing}");
    assert!(missing.to_string().contains("is not installed"), "{missing}");
}
