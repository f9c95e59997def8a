//! `chaincard image`

use std::fmt::Write;
use std::path::PathBuf;

use chaincard_image::{FlashCommand, Image, Manifest, PUBLIC_KEY_FILE, TrustedKeys, find, list};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::error::{CliError, Verdict};
use crate::output::{Output, chain, warn};

/// Bitstream images: a folder each, with a signed manifest
#[derive(Args)]
pub(crate) struct Arguments {
    /// Folder of the images
    #[arg(long, global = true, value_name = "FOLDER", default_value = "bitstreams")]
    images: PathBuf,

    /// Minisign public key to trust, several times if need be
    ///
    /// By default chaincard.pub in the folder of the images, which is worth as much trust as
    /// the way on which that folder came.
    #[arg(long, global = true, value_name = "FILE")]
    key: Vec<PathBuf>,

    #[command(subcommand)]
    command: ImageCommand,
}

#[derive(Subcommand)]
enum ImageCommand {
    /// List the images; their signatures are not checked
    List,
    /// Check signature, manifest and bitstream of images, by default of all
    Check {
        /// Names, or paths of image folders
        #[arg(value_name = "NAME")]
        names: Vec<String>,
    },
    /// Check an image, then program a board with it (openFPGALoader)
    Flash {
        /// Name, or path of the image's folder
        name: String,
        /// Print the command instead of running it
        #[arg(long)]
        dry_run: bool,
        /// Write to the board's flash memory, so that the image stays after power-off
        #[arg(long)]
        persistent: bool,
    },
}

pub(crate) fn run(arguments: &Arguments, output: &Output) -> Result<Verdict, CliError> {
    match &arguments.command {
        ImageCommand::List => list_images(arguments, output),
        ImageCommand::Check { names } => check_images(arguments, names, output),
        ImageCommand::Flash { name, dry_run, persistent } => {
            flash(arguments, name, *dry_run, *persistent, output)
        }
    }
}

fn list_images(arguments: &Arguments, output: &Output) -> Result<Verdict, CliError> {
    let images = list(&arguments.images)?;
    let rows: Vec<Value> = images
        .iter()
        .map(|image| match &image.manifest {
            Ok(manifest) => json!({ "name": image.name, "manifest": manifest }),
            Err(error) => json!({ "name": image.name, "error": chain(error) }),
        })
        .collect();
    output.show(&rows, || {
        let mut text = String::new();
        for image in &images {
            let _ = match &image.manifest {
                Ok(manifest) => writeln!(text, "{}: {}", image.name, summary(manifest)),
                Err(error) => writeln!(text, "{}: {}", image.name, chain(error)),
            };
        }
        text
    })?;
    Ok(Verdict::Good)
}

fn check_images(
    arguments: &Arguments,
    names: &[String],
    output: &Output,
) -> Result<Verdict, CliError> {
    let keys = keys(arguments)?;
    let folders = if names.is_empty() {
        list(&arguments.images)?.into_iter().map(|image| (image.name, image.folder)).collect()
    } else {
        names
            .iter()
            .map(|name| Ok((name.clone(), find(&arguments.images, name)?)))
            .collect::<Result<Vec<_>, CliError>>()?
    };
    let results: Vec<(String, Result<Image, String>)> = folders
        .into_iter()
        .map(|(name, folder)| (name, Image::check(&folder, &keys).map_err(|e| chain(&e))))
        .collect();
    let rows: Vec<Value> = results
        .iter()
        .map(|(name, result)| match result {
            Ok(image) => json!({ "name": name, "good": true, "manifest": image.manifest() }),
            Err(error) => json!({ "name": name, "good": false, "error": error }),
        })
        .collect();
    output.show(&rows, || {
        let mut text = String::new();
        for (name, result) in &results {
            let _ = match result {
                Ok(image) => writeln!(text, "{name}: good; {}", summary(image.manifest())),
                Err(error) => writeln!(text, "{name}: NOT GOOD: {error}"),
            };
        }
        text
    })?;
    if results.is_empty() {
        warn(&format!("no image in {}", arguments.images.display()));
    }
    Ok(Verdict::of(results.iter().all(|(_, result)| result.is_ok())))
}

fn flash(
    arguments: &Arguments,
    name: &str,
    dry_run: bool,
    persistent: bool,
    output: &Output,
) -> Result<Verdict, CliError> {
    let image = Image::check(&find(&arguments.images, name)?, &keys(arguments)?)?;
    if image.manifest().protocol_version != chaincard_protocol::PROTOCOL_VERSION {
        warn(&format!(
            "{name} speaks protocol version {}, this program version {}",
            image.manifest().protocol_version,
            chaincard_protocol::PROTOCOL_VERSION
        ));
    }
    let command = FlashCommand::new(&image, persistent);
    if !dry_run {
        if !output.is_json() {
            output.text(&format!("{}\n{command}\n", summary(image.manifest())))?;
        }
        command.run()?;
    }
    let words: Vec<_> = command.words().map(|word| word.to_string_lossy()).collect();
    let value = json!({ "name": name, "command": words, "flashed": !dry_run });
    let text = if dry_run { format!("{command}\n") } else { format!("{name}: flashed\n") };
    output.show(&value, || text)?;
    Ok(Verdict::Good)
}

fn keys(arguments: &Arguments) -> Result<TrustedKeys, CliError> {
    if arguments.key.is_empty() {
        return Ok(TrustedKeys::load(&[arguments.images.join(PUBLIC_KEY_FILE)])?);
    }
    Ok(TrustedKeys::load(&arguments.key)?)
}

fn summary(manifest: &Manifest) -> String {
    format!(
        "{} ({}), design {}, protocol {}, {} COMB, {} FF, {} DSP, {} BRAM, {} MHz \
         (estimate of the highest: {:.1}), {}",
        manifest.board.name,
        manifest.board.part,
        manifest.design_version,
        manifest.protocol_version,
        manifest.resources.comb,
        manifest.resources.ff,
        manifest.resources.dsp,
        manifest.resources.bram,
        manifest.timing.clock_mhz,
        manifest.timing.fmax_mhz,
        manifest.tested()
    )
}
