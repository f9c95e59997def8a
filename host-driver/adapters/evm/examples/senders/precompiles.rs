//! Every precompile, with published input, malformed input and random input.

use std::collections::BTreeSet;
use std::error::Error;

use alloy_primitives::{Bytes, hex};
use revm::context::result::EVMError;
use revm::precompile::Precompiles;

use crate::contracts::{Called, Contracts};
use crate::made;

/// See the file's first lines.
const PUBLISHED: &str = include_str!("precompiles.txt");

/// Gas of a transaction: enough for every call here, and too little for most.
const GAS: [u64; 2] = [5_000_000, 30_000];

/// A call.
pub(crate) struct Call {
    /// Address of the precompile.
    pub(crate) precompile: u16,
    pub(crate) name: String,
    pub(crate) input: Vec<u8>,
    pub(crate) expected: Expected,
}

/// What must come back.
pub(crate) enum Expected {
    /// The precompile succeeds and returns this.
    Output(Vec<u8>),
    /// It fails.
    Failure,
    /// Nobody has published it: with and without chaincard it is the same.
    Unknown,
}

/// Has contracts call every precompile, and compares what comes back with what is known.
pub(crate) fn call(say: &mut impl FnMut(String, bool)) -> Result<(), Box<dyn Error>> {
    let addresses: BTreeSet<u16> = Precompiles::latest()
        .addresses()
        .map(|address| u16::from_be_bytes([address[18], address[19]]))
        .collect();
    let mut calls = published()?;
    calls.extend(made::calls(&calls));
    let called: BTreeSet<u16> = calls.iter().map(|call| call.precompile).collect();
    let missing: Vec<&u16> = addresses.difference(&called).collect();
    say(format!("{} precompiles", addresses.len()), missing.is_empty());
    let mut contracts = Contracts::new(addresses);
    for Call { precompile, name, input, expected } in calls {
        for (index, gas) in GAS.into_iter().enumerate() {
            let (is_right, outcome) = match contracts.call(precompile, &input, gas) {
                Ok(Called { output, gas }) => {
                    let is_right = index > 0 || expected.is_met_by(output.as_ref());
                    (
                        is_right,
                        format!("gas {gas:>7} {}", output.map_or("fails".into(), hex::encode)),
                    )
                }
                // The transaction itself costs more.
                Err(EVMError::Transaction(error)) if index > 0 => (true, error.to_string()),
                Err(error) => return Err(error.into()),
            };
            say(format!("{precompile:#05x} {name:<30} {outcome}"), is_right);
        }
    }
    Ok(())
}

impl Expected {
    fn is_met_by(&self, output: Option<&Bytes>) -> bool {
        match self {
            Self::Output(expected) => output.is_some_and(|output| output[..] == expected[..]),
            Self::Failure => output.is_none(),
            Self::Unknown => true,
        }
    }
}

fn published() -> Result<Vec<Call>, Box<dyn Error>> {
    let lines = PUBLISHED.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            let [address, name, input, expected] = fields[..] else {
                return Err("precompiles.txt".into());
            };
            Ok(Call {
                precompile: u16::from_str_radix(address.trim_start_matches("0x"), 16)?,
                name: name.to_owned(),
                input: if input == "-" { Vec::new() } else { hex::decode(input)? },
                expected: match expected {
                    "fails" => Expected::Failure,
                    "?" => Expected::Unknown,
                    "empty" => Expected::Output(Vec::new()),
                    output => Expected::Output(hex::decode(output)?),
                },
            })
        })
        .collect()
}
