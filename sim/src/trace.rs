//! What an engine issues, cycle by cycle, as text: the instructions of its program.

use crate::SimError;
use crate::engine::{Issue, Machine, valid_cases};
use chaincard::Scheme;
use chaincard_hdl::verify::Job;
use chaincard_hdl::verify::asm::Program;
use chaincard_hdl::verify::engine::Firmware;
use chaincard_hdl::verify::isa::Instruction;
use chaincard_hdl::verify::programs;
use chaincard_reference::cases::Expected;
use chaincard_reference::verify::{Case, Profile};
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

/// Seed of [`signatures`] and [`recoveries`].
const SEED: u64 = 0x7261_6365;

/// An instruction that issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Cycle, from 0.
    pub cycle: u64,
    /// Thread, from 0.
    pub thread: u8,
    /// Its address in the program.
    pub address: u16,
    /// The part of the program that it belongs to.
    pub part: String,
    /// The label that it stands behind.
    pub label: Option<String>,
    /// Mnemonic and operands.
    pub instruction: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cycle, thread, address, part, label, instruction } = self;
        write!(f, "{cycle:8}  {thread}  {address:4}  {part:10}  ")?;
        if let Some(label) = label {
            write!(f, "{label}: ")?;
        }
        f.write_str(instruction)
    }
}

/// What a run issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The instructions, in the order in which they issued.
    pub lines: Vec<Line>,
    /// Code of the verdict on each signature; `None` where the run ended before.
    pub verdicts: Vec<Option<u8>>,
    /// Cycles of the run.
    pub cycles: u64,
}

/// A program with its labels by address.
pub struct Listing {
    program: Program,
    labels: HashMap<u16, String>,
}

impl Listing {
    /// The listing that [`Firmware::of`] these schemes holds.
    ///
    /// # Panics
    /// If the program does not assemble: it is a programming error.
    pub fn of(schemes: &[Scheme]) -> Self {
        let program = programs::programs(schemes).unwrap_or_else(|error| panic!("{error}"));
        let mut labels: HashMap<u16, String> = HashMap::new();
        for (name, &address) in &program.labels {
            // Of several the first by name, so that a trace is always the same.
            let label = labels.entry(address).or_insert_with(|| name.clone());
            if name < label {
                label.clone_from(name);
            }
        }
        Self { program, labels }
    }

    /// Whether the instruction at the address is a product.
    pub fn is_product(&self, address: usize) -> bool {
        let word = self.program.words.get(address);
        let instruction = word.and_then(|&word| Instruction::decode(word));
        matches!(instruction, Some((Instruction::Mul { .. }, _)))
    }

    /// The line of an issue.
    pub fn line(&self, issue: Issue) -> Line {
        let Issue { cycle, thread, address } = issue;
        let at = usize::from(address);
        let word = self.program.words.get(at);
        let instruction = word.and_then(|&word| Instruction::decode(word));
        Line {
            cycle,
            thread,
            address,
            part: self.program.parts.get(at).cloned().unwrap_or_default(),
            label: self.labels.get(&address).cloned(),
            instruction: instruction.map_or("(none)".into(), |(found, _)| found.to_string()),
        }
    }
}

/// `count` valid signatures of the scheme, always the same, under `bitcoin`, `gm`, `rfc8032` or
/// `fips186`, with keys of two coordinates where there are such.
pub fn signatures(scheme: Scheme, count: usize) -> Vec<Case> {
    let profile = match scheme {
        Scheme::Secp256k1 => Profile::Bitcoin,
        Scheme::Sm2 => Profile::Gm,
        Scheme::Ed25519 => Profile::Rfc8032,
        Scheme::P256 => Profile::Fips186,
    };
    cases_of(valid_cases(profile, false, SEED, count))
}

/// `count` valid signatures over secp256k1 for recovery, always the same.
pub fn recoveries(count: usize) -> Vec<Case> {
    cases_of(valid_cases(Profile::Ethereum, true, SEED, count))
}

fn cases_of(expected: Vec<Expected>) -> Vec<Case> {
    expected.into_iter().map(|expected| expected.case).collect()
}

/// Runs the cases on one engine and gives what issued in these cycles; the run ends with them.
///
/// # Errors
/// [`SimError::VerilatorNotFound`], whatever building says, and [`SimError::NoVerdict`].
pub fn record(cases: &[Case], cycles: Range<u64>) -> Result<Trace, SimError> {
    let mut machine = Machine::new(&Firmware::standard(), usize::MAX)?;
    let jobs: Vec<Job> = cases.iter().map(Job::new).collect();
    let mut verdicts = vec![None; jobs.len()];
    machine.run(&jobs, cycles.end, |_, answer| verdicts[answer.job] = Some(answer.verdict))?;
    let listing = Listing::of(&Scheme::ALL);
    let issues = machine.issues().filter(|issue| cycles.contains(&issue.cycle));
    let lines = issues.map(|issue| listing.line(issue)).collect();
    Ok(Trace { lines, verdicts, cycles: machine.cycle() })
}
