//! Project tasks: tests, figures, bitstreams, generated files.

mod bitstream;
mod cores;
mod counts;
mod emit;
mod engine;
mod error;
mod figures;
mod flow;
mod generate;
mod harness;
mod msm;
mod process;
mod project;
mod steps;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::TaskError;

/// Project tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing and run everything; the last line is `N passed, N failed`.
    Test {
        /// Say what is missing instead of installing it.
        #[arg(long)]
        no_install: bool,
        /// List the steps and what they need.
        #[arg(long)]
        list: bool,
        /// Steps to run, by default all.
        steps: Vec<String>,
    },
    /// Print the recorded figures of the cores, check them, or record them anew.
    Figures {
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
        /// Measure anew and compare.
        #[arg(long, conflicts_with_all = ["json", "record"])]
        check: bool,
        /// Measure anew and write the table.
        #[arg(long, conflicts_with = "json")]
        record: bool,
        /// With --record: place with seeds 1 … N and keep the fastest.
        #[arg(long, requires = "record", value_parser = clap::value_parser!(u32).range(1..))]
        seeds: Option<u32>,
        /// Cores, by default all.
        cores: Vec<String>,
    },
    /// Build, check and sign bitstream images.
    Bitstream {
        #[command(subcommand)]
        task: BitstreamTask,
    },
    /// Write the generated files.
    Generate {
        /// Compare instead of writing.
        #[arg(long)]
        check: bool,
    },
    /// Write the Verilog of a design.
    Emit {
        /// Name of the design.
        design: String,
        /// File to write.
        #[arg(short, long)]
        output: PathBuf,
    },
}

#[derive(Subcommand)]
enum BitstreamTask {
    /// Build an image into bitstreams/NAME.
    Build {
        /// Name of the image.
        name: String,
        /// Build anew and compare with the committed image, bit for bit.
        #[arg(long)]
        check: bool,
        /// Seed of the placer, by default the image's own.
        #[arg(long, conflicts_with = "check")]
        seed: Option<u32>,
        /// Minisign secret key to sign with, by default $CHAINCARD_SIGNING_KEY.
        #[arg(long, conflicts_with = "check")]
        key: Option<PathBuf>,
    },
    /// Make a minisign key pair.
    Keygen {
        /// File for the secret key, which is not overwritten; the public key goes beside it,
        /// with the ending .pub.
        key: PathBuf,
    },
    /// Sign the manifest of a built image.
    Sign {
        /// Name of the image.
        name: String,
        /// Minisign secret key, by default $CHAINCARD_SIGNING_KEY.
        #[arg(long)]
        key: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {}", chain(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error with the errors behind it, as one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        // Some errors repeat the one behind them.
        let behind = error.to_string();
        if !text.ends_with(&behind) {
            text = format!("{text}: {behind}");
        }
        source = error.source();
    }
    text
}

/// Gives whether everything passed.
fn run(task: Task) -> Result<bool, TaskError> {
    match task {
        Task::Test { list: true, .. } => steps::list(),
        Task::Test { no_install, steps, .. } => return steps::run(&steps, !no_install),
        Task::Figures { check: true, cores, .. } => figures::check(&cores)?,
        Task::Figures { record: true, seeds, cores, .. } => figures::record(&cores, seeds)?,
        Task::Figures { json, cores, .. } => figures::print(&cores, json)?,
        Task::Bitstream { task } => match task {
            BitstreamTask::Build { name, check: true, .. } => bitstream::check(&name)?,
            BitstreamTask::Build { name, seed, key, .. } => bitstream::build(&name, seed, key)?,
            BitstreamTask::Keygen { key } => bitstream::keygen(&key)?,
            BitstreamTask::Sign { name, key } => bitstream::sign(&name, key)?,
        },
        Task::Generate { check: true } => generate::check(&generate::files()?)?,
        Task::Generate { .. } => generate::write_all(&generate::files()?)?,
        Task::Emit { design, output } => emit::one(&design, &output)?,
    }
    Ok(true)
}
