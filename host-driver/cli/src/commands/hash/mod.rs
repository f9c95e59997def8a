//! `chaincard hash`: digests of files, in the manner of coreutils' `sha256sum`.

mod check;
mod read;
mod stream;

use std::path::PathBuf;

use chaincard::HashAlgorithm;
use clap::Args;
use serde::Serialize;

use super::parse_algorithm;
use crate::device::Choice;
use crate::error::{CliError, Verdict};
use crate::output::{Output, warn};
use read::Digested;

/// Output and checksum files are those of sha256sum: digest, two spaces, name. Files go to the
/// device in batches; one above 256 MiB, or longer than the device takes, is hashed by the CPU.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Files; - for standard input, which is also the default
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// sha256, sha512, keccak256, sha3-256 or sm3
    #[arg(long, short, default_value = "sha256", value_parser = parse_algorithm)]
    algorithm: HashAlgorithm,

    /// Read digests from the files and check them
    #[arg(long, short)]
    check: bool,

    /// With --check: do not fail for files that are missing
    #[arg(long, requires = "check")]
    ignore_missing: bool,

    /// With --check: do not print OK for each file
    #[arg(long, requires = "check")]
    quiet: bool,

    /// With --check: print nothing, the exit code says it
    #[arg(long, requires = "check")]
    status: bool,

    /// With --check: fail for lines that are no checksum
    #[arg(long, requires = "check")]
    strict: bool,

    /// With --check: warn about each line that is no checksum
    #[arg(long, short, requires = "check")]
    warn: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    algorithm: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    let accelerator = choice.accelerator()?;
    let standard_input = [PathBuf::from("-")];
    let files =
        if arguments.files.is_empty() { &standard_input } else { arguments.files.as_slice() };
    if arguments.check {
        return check::run(arguments, files, &accelerator, output);
    }
    let digested = read::digest_files(&accelerator, arguments.algorithm, files, |file| {
        if !output.is_json() {
            match &file.result {
                Ok((digest, _)) => output.text(&line(digest, &file.name))?,
                Err(error) => warn(&format!("{}: {error}", file.name)),
            }
        }
        Ok(())
    })?;
    if output.is_json() {
        let rows: Vec<Row<'_>> =
            digested.iter().map(|file| row(file, arguments.algorithm)).collect();
        output.show(&rows, String::new)?;
    }
    // As coreutils, a file that cannot be read keeps no other one from being hashed.
    let unreadable = digested.iter().any(|file| file.result.is_err());
    Ok(if unreadable { Verdict::Unusable } else { Verdict::Good })
}

fn row(file: &Digested, algorithm: HashAlgorithm) -> Row<'_> {
    let (digest, device, error) = match &file.result {
        Ok((digest, device)) => (Some(hex::encode(digest)), Some(device.as_str()), None),
        Err(error) => (None, None, Some(error.to_string())),
    };
    Row { name: &file.name, algorithm: algorithm.name(), digest, device, error }
}

/// A line as coreutils writes it: a name with a backslash or a line end is escaped, and a
/// backslash in front of the digest says so.
fn line(digest: &[u8], name: &str) -> String {
    let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    let mark = if escaped == name { "" } else { "\\" };
    format!("{mark}{}  {escaped}\n", hex::encode(digest))
}
