//! Signals of a VCD file as a synchronous design sees them: one value a clock cycle.

use crate::SimError;
use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use vcd::{Command, Header, IdCode, Parser, Value};

/// One signal.
pub(super) struct Samples {
    /// Bits, 1 ... 64.
    pub(super) width: u32,
    /// Value in each cycle; `None`: undefined.
    pub(super) values: Vec<Option<u64>>,
}

/// The values of `signals` just before each rising edge of `clock`: what registers take over.
/// A name is a path with dots, such as `uut.in_valid`.
///
/// # Errors
/// [`SimError::Wave`] when the file is no VCD file, or a signal is missing, too wide or not
/// made of bits; [`SimError::Io`].
pub(super) fn read(vcd: &Path, clock: &str, signals: &[&str]) -> Result<Vec<Samples>, SimError> {
    let file = File::open(vcd).map_err(SimError::io("cannot read", vcd))?;
    let mut parser = Parser::new(BufReader::new(file));
    let wave = |error: std::io::Error| SimError::Wave(error.to_string());
    let header = parser.parse_header().map_err(wave)?;
    let (clock, _) = find(&header, clock)?;
    let mut samples = Vec::with_capacity(signals.len());
    let mut codes = Vec::with_capacity(signals.len());
    for signal in signals {
        let (code, width) = find(&header, signal)?;
        codes.push(code);
        samples.push(Samples { width, values: Vec::new() });
    }
    // What was before the timestamp that is being read, and what changes in it.
    let mut before: HashMap<IdCode, u64> = HashMap::new();
    let mut changes: Vec<(IdCode, Option<u64>)> = Vec::new();
    let mut end_of_time = |changes: &mut Vec<(IdCode, Option<u64>)>| {
        let rises = before.get(&clock) == Some(&0) && changes.contains(&(clock, Some(1)));
        if rises {
            for (code, samples) in codes.iter().zip(&mut samples) {
                samples.values.push(before.get(code).copied());
            }
        }
        for (code, value) in changes.drain(..) {
            match value {
                Some(value) => before.insert(code, value),
                None => before.remove(&code),
            };
        }
    };
    for command in parser {
        match command.map_err(wave)? {
            Command::Timestamp(_) => end_of_time(&mut changes),
            Command::ChangeScalar(code, value) => changes.push((code, number([value]))),
            Command::ChangeVector(code, bits) => changes.push((code, number(bits.iter()))),
            _ => {}
        }
    }
    end_of_time(&mut changes);
    Ok(samples)
}

fn find(header: &Header, signal: &str) -> Result<(IdCode, u32), SimError> {
    let path: Vec<&str> = signal.split('.').collect();
    let variable = header
        .find_var(&path)
        .ok_or_else(|| SimError::Wave(format!("there is no signal {signal}")))?;
    if !(1..=64).contains(&variable.size) {
        let width = variable.size;
        return Err(SimError::Wave(format!("{signal} has {width} bits, 1 to 64 can be drawn")));
    }
    Ok((variable.code, variable.size))
}

/// The number of these bits, most significant first; `None` when one of them is undefined.
fn number(bits: impl IntoIterator<Item = Value>) -> Option<u64> {
    bits.into_iter().try_fold(0, |number, bit| match bit {
        Value::V0 => Some(number << 1),
        Value::V1 => Some(number << 1 | 1),
        Value::X | Value::Z => None,
    })
}
