//! `chaincard selftest`

use std::fmt::Write;

use chaincard::{Cpu, Device, DeviceError, HashAlgorithm, Messages, self_test};
use clap::Args;
use serde::Serialize;

use crate::device::{Choice, registry};
use crate::error::{CliError, Verdict};
use crate::output::{Output, chain};

/// Tests the devices named, otherwise the one of --device.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Names of devices
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    kind: &'static str,
    description: String,
    hashes: Vec<&'static str>,
    passed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    choice: &Choice,
    output: &Output,
) -> Result<Verdict, CliError> {
    let own = [choice.name.clone()];
    let names = if arguments.names.is_empty() { &own } else { arguments.names.as_slice() };
    let mut rows = Vec::new();
    for name in names {
        let device = registry().open(name)?;
        let error = test(device.as_ref()).err();
        rows.push(Row {
            name: device.name().to_owned(),
            kind: device.kind().name(),
            description: device.description(),
            hashes: device.capabilities().hashes.iter().map(|hash| hash.name()).collect(),
            passed: error.is_none(),
            error,
        });
    }
    output.show(&rows, || {
        let mut text = String::new();
        for row in &rows {
            let hashes = row.hashes.join(" ");
            let _ = match &row.error {
                None => writeln!(text, "{}: passed ({hashes}) {}", row.name, row.description),
                Some(error) => writeln!(text, "{}: FAILED: {error}", row.name),
            };
        }
        text
    })?;
    Ok(Verdict::of(rows.iter().all(|row| row.passed)))
}

/// Known answers, then a batch of every length around the blocks of each algorithm against
/// the CPU.
fn test(device: &dyn Device) -> Result<(), String> {
    self_test(device).map_err(|error| chain(&error))?;
    let limit = device.capabilities().max_message.unwrap_or(usize::MAX);
    let batch = device.capabilities().max_batch.unwrap_or(usize::MAX);
    let lengths = (0..300usize).step_by(7).chain([55, 56, 64, 111, 112, 128, 135, 136, 1000]);
    let messages: Vec<Vec<u8>> = lengths
        .filter(|&len| len <= limit)
        .take(batch)
        .map(|len| (0..len).map(|i| (i * 31 + len) as u8).collect())
        .collect();
    let slices: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    let messages = Messages::Slices(&slices);
    let cpu = Cpu::new();
    for &algorithm in &device.capabilities().hashes {
        let digests = |device: &dyn Device| -> Result<Vec<u8>, DeviceError> {
            let mut digests = vec![0; slices.len() * HashAlgorithm::digest_len(algorithm)];
            device.hash(algorithm, &messages, &mut digests)?;
            Ok(digests)
        };
        let answers = digests(device).map_err(|error| chain(&error))?;
        if answers != digests(&cpu).map_err(|error| chain(&error))? {
            return Err(format!("{} digests differ from those of the CPU", algorithm.name()));
        }
    }
    Ok(())
}
