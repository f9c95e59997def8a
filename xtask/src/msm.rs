//! Figures of the engines of multi-scalar multiplication: cycles from simulation, area and speed
//! from place and route.
//!
//! The committed table is `hdl/msm.json`.

use std::fmt::Write;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use chaincard::msm::Curve;
use chaincard_hdl::emit;
use chaincard_hdl::msm::{Config, Engine};
use chaincard_hdl::prim::Technology;
use chaincard_sim::msm::cycles::{self, Run};
use chaincard_sim::msm::gates;
use serde::{Deserialize, Serialize};

use crate::error::{TaskError, read, write};
use crate::flow::{CORE_PLACER, Flow, PART, Placed, Versions};
use crate::{harness, project};

/// Terms of each case.
const TERMS: usize = 4096;

/// Engines of more than one adder that are measured too.
const ADDERS: [usize; 2] = [2, 4];

/// Least share of the cycles that additions to buckets work in: of random scalars, of any.
const SHARES: (f64, f64) = (0.95, 0.90);

/// Least clock in MHz, DSP blocks and most DSP·cycles of an addition, where there is a bar.
fn bars(curve: Curve) -> Option<(f64, u64, u64)> {
    (curve == Curve::Bn254).then_some((105.0, 16, 6400))
}

/// Name on the command line.
pub(crate) fn name(curve: Curve) -> String {
    format!("msm-{curve}")
}

/// The engines that are measured.
pub(crate) const CURVES: [Curve; 2] = [Curve::Bn254, Curve::Bls12_381];

/// The engine of `name`, if it is one.
pub(crate) fn curve(name: &str) -> Option<Curve> {
    CURVES.into_iter().find(|curve| self::name(*curve) == name)
}

/// An engine on one part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MsmFigure {
    /// `msm-CURVE`.
    pub engine: String,
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
    /// Cycles of the multiplier for an addition to a bucket.
    pub addition_cycles: u64,
    /// Multiplications.
    pub cases: Vec<Measured>,
    /// The first one by engines of several adders.
    pub adders: Vec<Shared>,
}

/// A multiplication of 4,096 terms, masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// Its bases and scalars.
    pub name: String,
    /// Additions to buckets.
    pub additions: u64,
    /// Cycles from the first word in to the last word out, sums of buckets with them.
    pub cycles: u64,
}

/// A multiplication of 4,096 terms, masked, that several adders share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Shared {
    /// Additions to buckets, by adder.
    pub additions: Vec<u64>,
    /// As of [`Measured`].
    pub cycles: u64,
}

impl MsmFigure {
    /// Share of the cycles in which a multiplier works on additions to buckets.
    fn share(&self, additions: u64, cycles: u64) -> f64 {
        (additions * self.addition_cycles) as f64 / cycles as f64
    }

    fn reaches_its_bars(&self) -> bool {
        let bars = curve(&self.engine).and_then(bars);
        let placed = bars.is_none_or(|(mhz, dsp, most)| {
            self.placed.fmax_mhz >= mhz
                && self.placed.dsp == dsp
                && self.placed.dsp * self.addition_cycles <= most
        });
        let share = |case: &Measured| self.share(case.additions, case.cycles);
        let random = self.cases.first().is_some_and(|case| share(case) >= SHARES.0);
        placed && random && self.cases.iter().all(|case| share(case) >= SHARES.1)
    }
}

fn path() -> PathBuf {
    project::root().join("hdl/msm.json")
}

/// The committed figures; none when there is no table yet.
pub(crate) fn recorded() -> Result<Vec<MsmFigure>, TaskError> {
    let path = path();
    if !path.exists() {
        return Ok(Vec::new());
    }
    serde_json::from_str(&read(&path)?).map_err(TaskError::unreadable(&path.display().to_string()))
}

/// Measures with these seeds of the placer; of several the fastest.
fn measure(curve: Curve, seeds: RangeInclusive<u32>) -> Result<MsmFigure, TaskError> {
    let name = name(curve);
    let config = Config::ecp5(gates(curve));
    let flow = Flow::new(&format!("{name}-ecp5"))?;
    println!("{name}: synthesis");
    let design = || emit::verilog(&mut Engine::new(&config, Technology::Ecp5), "msm");
    let harness = harness::around(&emit::with_large_stack(design), "msm")?;
    flow.synthesise(&harness.verilog, harness::TOP, "")?;
    let (seed, placed) = flow.fastest(&name, CORE_PLACER, seeds)?;
    println!("{name}: multiplications of {TERMS} terms in simulation");
    let measured = |run: Run| Measured {
        name: run.name,
        additions: run.additions.iter().sum(),
        cycles: run.cycles,
    };
    let shared = |adders: &usize| -> Result<Shared, TaskError> {
        let run = cycles::random(curve, *adders, TERMS)?;
        Ok(Shared { additions: run.additions, cycles: run.cycles })
    };
    Ok(MsmFigure {
        engine: name,
        preset: "ecp5".to_owned(),
        part: PART.to_owned(),
        placed: placed.without(harness.registers),
        seed,
        tools: Versions::pinned()?,
        addition_cycles: config.addition_cycles(),
        cases: cycles::measure(curve, TERMS)?.into_iter().map(measured).collect(),
        adders: ADDERS.iter().map(shared).collect::<Result<_, _>>()?,
    })
}

fn recorded_of(curve: Curve) -> Result<Option<MsmFigure>, TaskError> {
    Ok(recorded()?.into_iter().find(|figure| figure.engine == name(curve)))
}

/// Measures an engine anew with the recorded seed.
///
/// # Errors
/// [`TaskError::FiguresDiffer`] when a figure differs from the recorded one.
pub(crate) fn check(curve: Curve) -> Result<(), TaskError> {
    let old = recorded_of(curve)?;
    let seed = old.as_ref().map_or(1, |figure| figure.seed);
    let new = measure(curve, seed..=seed)?;
    print!("{}", markdown(std::slice::from_ref(&new)));
    if old.as_ref() == Some(&new) {
        return Ok(());
    }
    match old {
        Some(old) => print!("recorded:\n{}", markdown(&[old])),
        None => println!("nothing is recorded for {}", name(curve)),
    }
    Err(TaskError::FiguresDiffer(name(curve)))
}

/// Measures an engine anew and writes the table: with the recorded seed, or with the fastest of
/// the seeds 1 … `seeds`.
pub(crate) fn record(curve: Curve, seeds: Option<u32>) -> Result<(), TaskError> {
    let seed = recorded_of(curve)?.map_or(1, |figure| figure.seed);
    let new = measure(curve, seeds.map_or(seed..=seed, |last| 1..=last))?;
    print!("{}", markdown(std::slice::from_ref(&new)));
    let mut table = recorded()?;
    table.retain(|figure| figure.engine != new.engine);
    table.push(new);
    table.sort_by(|a, b| b.engine.cmp(&a.engine));
    let text =
        serde_json::to_string_pretty(&table).map_err(TaskError::unreadable("the figures"))?;
    write(&path(), text + "\n")
}

/// Markdown tables for people, with what the engines must reach.
pub(crate) fn markdown(figures: &[MsmFigure]) -> String {
    let mut text = String::from(
        "| engine | preset | Fmax (MHz) | COMB | FF | DSP | BRAM | seed | cycles of an addition \
         | DSP·cycles | at least |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n",
    );
    for figure in figures {
        let bar = match curve(&figure.engine).and_then(bars) {
            Some((mhz, dsp, most)) => format!("{mhz} MHz, {dsp} DSP, at most {most} DSP·cycles; "),
            None => String::new(),
        };
        let reached = if figure.reaches_its_bars() { "reached" } else { "missed" };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {bar}shares {:.2} and {:.2}: {reached} |",
            figure.engine,
            figure.preset,
            figure.placed.fmax_mhz,
            figure.placed.comb,
            figure.placed.ff,
            figure.placed.dsp,
            figure.placed.bram,
            figure.seed,
            figure.addition_cycles,
            figure.placed.dsp * figure.addition_cycles,
            SHARES.0,
            SHARES.1,
        );
    }
    for figure in figures {
        let _ = writeln!(
            text,
            "\n| {}: {TERMS} terms, masked | additions to buckets | cycles | share |\n\
             | --- | ---: | ---: | ---: |",
            figure.engine
        );
        for case in &figure.cases {
            let share = figure.share(case.additions, case.cycles);
            let _ = writeln!(
                text,
                "| {} | {} | {} | {share:.3} |",
                case.name, case.additions, case.cycles
            );
        }
    }
    for figure in figures {
        let one = figure.cases.first().map_or(0, |case| case.cycles);
        let _ = writeln!(
            text,
            "\n| {}: {TERMS} terms at random, masked | cycles | times as fast as one \
             | shares of each |\n| --- | ---: | ---: | ---: |",
            figure.engine
        );
        for run in &figure.adders {
            let shares = run.additions.iter().map(|additions| figure.share(*additions, run.cycles));
            let shares: Vec<String> = shares.map(|share| format!("{share:.3}")).collect();
            let _ = writeln!(
                text,
                "| {} adders | {} | {:.2} | {} |",
                run.additions.len(),
                run.cycles,
                one as f64 / run.cycles as f64,
                shares.join(", ")
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_figures_are_consistent_and_reach_their_bars() {
        for figure in recorded().expect("table") {
            assert_eq!(figure.tools, Versions::pinned().expect("versions"));
            let config = Config::ecp5(gates(curve(&figure.engine).expect("an engine")));
            assert_eq!(figure.addition_cycles, config.addition_cycles());
            let adders = figure.adders.iter().map(|run| run.additions.len());
            assert!(adders.eq(ADDERS));
            assert!(figure.reaches_its_bars(), "{}", markdown(std::slice::from_ref(&figure)));
        }
    }
}
