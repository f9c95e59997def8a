//! Figures of the verification engine: cycles and products from simulation, area and speed from
//! place and route.
//!
//! The committed table is `hdl/engine.json`. Hash cores are shared by all engines of a card and
//! have figures of their own.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use chaincard_hdl::emit;
use chaincard_hdl::verify::engine::{Config, Firmware};
use chaincard_hdl::verify::interpreter::Interpreter;
use chaincard_hdl::verify::isa::Instruction;
use chaincard_hdl::verify::programs::programs;
use chaincard_hdl::verify::{Engine, Job};
use chaincard_protocol::verify::Scheme;
use chaincard_sim::engine::{Machine, Measured, valid_cases};
use serde::{Deserialize, Serialize};

use crate::error::{TaskError, read, write};
use crate::flow::{CORE_PLACER, Flow, PART, Placed, Versions};
use crate::{harness, project};

/// Name on the command line, and of the top module.
pub(crate) const NAME: &str = "verify";

/// Signatures of each entry that are run.
const SIGNATURES: usize = 128;

/// Seed of the signatures.
const SEED: u64 = 0x5EED_F160_0E5A_0001;

/// Least clock in MHz, most logic cells, DSP blocks, least share of busy slots.
const BARS: (f64, u64, u64, f64) = (110.0, 4000, 16, 0.85);

/// Most cycles of each of [`Measured::ALL`].
fn most_cycles(name: &str) -> f64 {
    match name {
        "secp256k1" => 38_000.0,
        "secp256k1, recovery" => 46_000.0,
        "SM2" | "P-256" => 65_000.0,
        _ => 62_000.0,
    }
}

/// The engine on one part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct EngineFigure {
    /// Preset.
    pub preset: String,
    /// Part and speed grade.
    pub part: String,
    /// What it takes and reaches, without the harness.
    #[serde(flatten)]
    pub placed: Placed,
    /// Seed of the placer.
    pub seed: u32,
    /// Tools.
    pub tools: Versions,
    /// What verifications take.
    pub verifications: Vec<Verification>,
}

impl EngineFigure {
    /// Cycles of a verification on secp256k1.
    pub(crate) fn secp256k1(&self) -> Option<f64> {
        self.verifications.iter().find(|one| one.name == "secp256k1").map(|one| one.cycles)
    }
}

/// What a valid signature takes, all threads full, keys not compressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Verification {
    /// Scheme, and profile or operation.
    pub name: String,
    /// Cycles of the engine, from simulation of the emitted Verilog.
    pub cycles: f64,
    /// Share of the multiplier's slots that hold a product.
    pub busy: f64,
    /// Verifications a second of one engine at its `fmax_mhz`.
    pub per_second: f64,
    /// Products by part of the program.
    pub products: BTreeMap<String, Products>,
}

/// Products in a verification, mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Products {
    /// In the model: the interpreter of the programs.
    pub model: f64,
    /// In the emitted Verilog.
    pub measured: f64,
}

fn path() -> PathBuf {
    project::root().join("hdl/engine.json")
}

/// The committed figure, if there is one.
pub(crate) fn recorded() -> Result<Option<EngineFigure>, TaskError> {
    let path = path();
    if !path.exists() {
        return Ok(None);
    }
    serde_json::from_str(&read(&path)?)
        .map(Some)
        .map_err(TaskError::unreadable(&path.display().to_string()))
}

fn round(value: f64, unit: f64) -> f64 {
    (value * unit).round() / unit
}

/// Cycles and products of every scheme.
fn simulate(fmax_mhz: f64) -> Result<Vec<Verification>, TaskError> {
    let program = programs(&Scheme::ALL)
        .map_err(|error| TaskError::Missing(format!("programs of the engine: {error}")))?;
    let parts = program.parts.clone();
    let product =
        |word: &u64| matches!(Instruction::decode(*word), Some((Instruction::Mul { .. }, _)));
    let products_at: Vec<bool> = program.words.iter().map(product).collect();
    let interpreter = Interpreter::new(program);
    let mut verifications = Vec::new();
    for Measured { name, profile, recovers } in Measured::ALL {
        println!("{NAME}: {SIGNATURES} signatures of {name} in simulation");
        let jobs: Vec<Job> = valid_cases(profile, recovers, SEED, SIGNATURES)
            .iter()
            .map(|case| Job::new(&case.case))
            .collect();
        let mut machine = Machine::new(&Firmware::standard(), 0)?;
        let steady = machine
            .run(&jobs, u64::MAX, |_, _| ())?
            .ok_or_else(|| TaskError::Missing("enough signatures".to_owned()))?;
        let count = jobs.len() as f64;
        let mut measured = BTreeMap::<String, u64>::new();
        for (address, issued) in machine.issued_at().iter().enumerate().filter(|at| *at.1 > 0) {
            if products_at[address] {
                *measured.entry(parts[address].clone()).or_default() += issued;
            }
        }
        let mut products = BTreeMap::<String, Products>::new();
        for (part, number) in measured {
            products.entry(part).or_default().measured = round(number as f64 / count, 10.0);
        }
        let mut model = BTreeMap::<String, u64>::new();
        for job in &jobs {
            let outcome = interpreter
                .run(job, SEED)
                .map_err(|fault| TaskError::Missing(format!("a sound program: {fault}")))?;
            for (part, counts) in outcome.parts {
                *model.entry(part).or_default() += counts.muls;
            }
        }
        for (part, number) in model.into_iter().filter(|(_, number)| *number > 0) {
            products.entry(part).or_default().model = round(number as f64 / count, 10.0);
        }
        verifications.push(Verification {
            name: name.to_owned(),
            cycles: steady.cycles.round(),
            busy: round(steady.busy, 1000.0),
            per_second: (fmax_mhz * 1e6 / steady.cycles).round(),
            products,
        });
    }
    Ok(verifications)
}

/// Measures with these seeds of the placer; of several the fastest.
fn measure(seeds: std::ops::RangeInclusive<u32>) -> Result<EngineFigure, TaskError> {
    let flow = Flow::new(&format!("{NAME}-ecp5"))?;
    println!("{NAME}: synthesis");
    let engine = &mut Engine::new(&Firmware::standard(), Config::ecp5());
    let harness = harness::around(&emit::verilog(engine, NAME), NAME)?;
    flow.synthesise(&harness.verilog, harness::TOP, "")?;
    let (seed, placed) = flow.fastest(NAME, CORE_PLACER, seeds)?;
    Ok(EngineFigure {
        preset: "ecp5".to_owned(),
        part: PART.to_owned(),
        placed: placed.without(harness.registers),
        seed,
        tools: Versions::pinned()?,
        verifications: simulate(placed.fmax_mhz)?,
    })
}

/// Measures anew with the recorded seed.
///
/// # Errors
/// [`TaskError::FiguresDiffer`] when a figure differs from the recorded one.
pub(crate) fn check() -> Result<(), TaskError> {
    let old = recorded()?;
    let seed = old.as_ref().map_or(1, |figure| figure.seed);
    let new = measure(seed..=seed)?;
    print!("{}", markdown(&new));
    if old.as_ref() == Some(&new) {
        return Ok(());
    }
    match &old {
        Some(old) => print!("recorded:\n{}", markdown(old)),
        None => println!("nothing is recorded for {NAME}"),
    }
    Err(TaskError::FiguresDiffer(NAME.to_owned()))
}

/// Measures anew and writes the table: with the recorded seed, or with the fastest of the seeds
/// 1 … `seeds`.
pub(crate) fn record(seeds: Option<u32>) -> Result<(), TaskError> {
    let seed = recorded()?.map_or(1, |figure| figure.seed);
    let new = measure(seeds.map_or(seed..=seed, |last| 1..=last))?;
    print!("{}", markdown(&new));
    let text = serde_json::to_string_pretty(&new).map_err(TaskError::unreadable("the figures"))?;
    write(&path(), text + "\n")
}

/// Markdown tables for people, with what the engine must reach.
pub(crate) fn markdown(figure: &EngineFigure) -> String {
    let (mhz, comb, dsp, busy) = BARS;
    let mut text = String::from(
        "| engine | preset | Fmax (MHz) | COMB | FF | DSP | BRAM | seed | at least |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n",
    );
    let reached =
        figure.placed.fmax_mhz >= mhz && figure.placed.comb <= comb && figure.placed.dsp <= dsp;
    let _ = writeln!(
        text,
        "| {NAME} | {} | {} | {} | {} | {} | {} | {} | {mhz} MHz, at most {comb} COMB, {dsp} DSP: {} |\n",
        figure.preset,
        figure.placed.fmax_mhz,
        figure.placed.comb,
        figure.placed.ff,
        figure.placed.dsp,
        figure.placed.bram,
        figure.seed,
        word(reached)
    );
    text += "| verification | cycles | multiplier busy | DSP·cycles | one engine, per second | at most |\n\
             | --- | ---: | ---: | ---: | ---: | --- |\n";
    for one in &figure.verifications {
        let most = most_cycles(&one.name);
        let _ = writeln!(
            text,
            "| {} | {} | {:.1} % | {} | {} | {most} cycles, busy {:.0} %: {} |",
            one.name,
            one.cycles,
            100.0 * one.busy,
            one.cycles * figure.placed.dsp as f64,
            one.per_second,
            100.0 * busy,
            word(one.cycles <= most && one.busy >= busy)
        );
    }
    let mut parts: Vec<&String> =
        figure.verifications.iter().flat_map(|one| one.products.keys()).collect();
    parts.sort_unstable();
    parts.dedup();
    text += "\n| products: model / measured | all |";
    for part in &parts {
        let _ = write!(text, " {} |", part.replace('_', " "));
    }
    text += "\n| --- | ---: |";
    text += &" ---: |".repeat(parts.len());
    for one in &figure.verifications {
        let sum = |of: fn(&Products) -> f64| one.products.values().map(of).sum::<f64>();
        let (model, measured) = (sum(|p| p.model), sum(|p| p.measured));
        let _ = write!(text, "\n| {} | {model:.1} / {measured:.1} |", one.name);
        for part in &parts {
            match one.products.get(*part) {
                Some(Products { model, measured }) => {
                    let _ = write!(text, " {model} / {measured} |");
                }
                None => text += " – |",
            }
        }
    }
    text + "\n"
}

fn word(reached: bool) -> &'static str {
    if reached { "reached" } else { "missed" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_figure_is_consistent_and_reaches_its_bars() {
        let Some(figure) = recorded().expect("table") else { return };
        assert_eq!(figure.tools, Versions::pinned().expect("versions"));
        assert!(!markdown(&figure).contains("missed"), "{}", markdown(&figure));
        assert_eq!(figure.verifications.len(), Measured::ALL.len());
        for one in &figure.verifications {
            let per_second = figure.placed.fmax_mhz * 1e6 / one.cycles;
            assert!((per_second - one.per_second).abs() <= 1.0, "{one:?}");
            for products in one.products.values() {
                assert!((products.model - products.measured).abs() < 0.2, "{one:?}");
            }
        }
    }
}
