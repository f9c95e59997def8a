//! Figures of the cores: cycles from simulation, area and speed from place and route.
//!
//! The committed table is `hdl/figures.json`. The tools are pinned and deterministic, so
//! that measuring anew gives the same figures, digit for digit.

use std::path::PathBuf;

use chaincard::msm::Curve;
use serde::{Deserialize, Serialize};

use crate::error::{TaskError, read, write};
use crate::flow::{CORE_PLACER, Flow, PART, Placed, Versions};
use crate::{cores, engine, harness, msm, project};

/// One core with one preset on one part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// Core.
    pub core: String,
    /// Preset.
    pub preset: String,
    /// Part and speed grade.
    pub part: String,
    /// Cycles from one block to the next in steady state, padding included, from simulation
    /// of the emitted Verilog.
    pub cycles_per_block: f64,
    /// What it takes and reaches, without the harness.
    #[serde(flatten)]
    pub placed: Placed,
    /// Message bits a second at `fmax_mhz`, in millions.
    pub mbps: f64,
    /// `mbps` / `comb`.
    pub mbps_per_comb: f64,
    /// Seed of the placer.
    pub seed: u32,
    /// Tools.
    pub tools: Versions,
}

/// What a core must reach.
struct Bar {
    core: &'static str,
    mbps: f64,
    mbps_per_comb: f64,
}

/// Least throughput (Mb/s) and least throughput per COMB.
const BARS: [Bar; 4] = [
    Bar { core: "sha256", mbps: 1000.0, mbps_per_comb: 0.60 },
    Bar { core: "sha512", mbps: 1000.0, mbps_per_comb: 0.0 },
    Bar { core: "keccak", mbps: 5000.0, mbps_per_comb: 0.0 },
    Bar { core: "sm3", mbps: 900.0, mbps_per_comb: 0.55 },
];

fn table_path() -> PathBuf {
    project::root().join("hdl/figures.json")
}

/// The committed figures; none when there is no table yet.
pub(crate) fn recorded() -> Result<Vec<Figure>, TaskError> {
    let path = table_path();
    if !path.exists() {
        return Ok(Vec::new());
    }
    serde_json::from_str(&read(&path)?).map_err(TaskError::unreadable(&path.display().to_string()))
}

/// Prints the recorded figures of these cores, or of all.
pub(crate) fn print(names: &[String], json: bool) -> Result<(), TaskError> {
    let wanted = |figure: &Figure| names.is_empty() || names.contains(&figure.core);
    let figures: Vec<Figure> = recorded()?.into_iter().filter(wanted).collect();
    let engine = if has_engine(names) { engine::recorded()? } else { None };
    let meant: Vec<String> = msm_engines(names).map(msm::name).collect();
    let mut msm = msm::recorded()?;
    msm.retain(|figure| meant.contains(&figure.engine));
    for name in names {
        if name != engine::NAME
            && msm::curve(name).is_none()
            && !figures.iter().any(|figure| &figure.core == name)
        {
            return Err(TaskError::Unknown {
                what: "figures of",
                name: name.clone(),
                known: cores::names(),
            });
        }
    }
    if json {
        let all = serde_json::json!({ "cores": figures, "engine": engine, "msm": msm });
        let text =
            serde_json::to_string_pretty(&all).map_err(TaskError::unreadable("the figures"))?;
        println!("{text}");
        return Ok(());
    }
    if !figures.is_empty() {
        println!("{}", markdown(&figures));
    }
    if let Some(engine) = engine {
        print!("{}", engine::markdown(&engine));
    }
    if !msm.is_empty() {
        print!("{}", msm::markdown(&msm));
    }
    Ok(())
}

/// The engines of multi-scalar multiplication that are meant.
fn msm_engines(names: &[String]) -> impl Iterator<Item = Curve> {
    let meant = |curve: &Curve| names.is_empty() || names.contains(&msm::name(*curve));
    msm::CURVES.into_iter().filter(meant)
}

/// Whether the verification engine is meant.
fn has_engine(names: &[String]) -> bool {
    names.is_empty() || names.iter().any(|name| name == engine::NAME)
}

/// The hash cores that are meant.
fn hash_cores(names: &[String]) -> Result<Vec<cores::Core>, TaskError> {
    let hashes: Vec<String> = names
        .iter()
        .filter(|name| *name != engine::NAME && msm::curve(name).is_none())
        .cloned()
        .collect();
    if hashes.is_empty() && !names.is_empty() { Ok(Vec::new()) } else { cores::select(&hashes) }
}

/// Measures these cores anew, or all, with the recorded seeds.
///
/// # Errors
/// [`TaskError::FiguresDiffer`] when a figure differs from the recorded one.
pub(crate) fn check(names: &[String]) -> Result<(), TaskError> {
    let table = recorded()?;
    let mut different = Vec::new();
    for core in hash_cores(names)? {
        let old = table.iter().find(|f| f.core == core.core && f.preset == core.preset);
        let new = measure(&core, old.map_or(1, |figure| figure.seed)..=old.map_or(1, |f| f.seed))?;
        print!("{}", markdown(std::slice::from_ref(&new)));
        if old != Some(&new) {
            match old {
                Some(old) => print!("recorded:\n{}", markdown(std::slice::from_ref(old))),
                None => println!("nothing is recorded for {}", core.core),
            }
            different.push(core.core);
        }
    }
    if has_engine(names) {
        engine::check()?;
    }
    msm_engines(names).try_for_each(msm::check)?;
    if different.is_empty() { Ok(()) } else { Err(TaskError::FiguresDiffer(different.join(", "))) }
}

/// Measures these cores anew, or all, and writes the table: with the recorded seeds, or with
/// the fastest of the seeds 1 … `seeds`.
pub(crate) fn record(names: &[String], seeds: Option<u32>) -> Result<(), TaskError> {
    for core in hash_cores(names)? {
        let table = recorded()?;
        let old = table.iter().find(|f| f.core == core.core && f.preset == core.preset);
        let seed = old.map_or(1, |figure| figure.seed);
        let new = measure(&core, seeds.map_or(seed..=seed, |last| 1..=last))?;
        print!("{}", markdown(std::slice::from_ref(&new)));
        // Read again: another run may have recorded another core meanwhile.
        let mut table = recorded()?;
        table.retain(|figure| (&figure.core, &figure.preset) != (&new.core, &new.preset));
        table.push(new);
        table.sort_by(|a, b| (&a.core, &a.preset).cmp(&(&b.core, &b.preset)));
        let text =
            serde_json::to_string_pretty(&table).map_err(TaskError::unreadable("the figures"))?;
        write(&table_path(), text + "\n")?;
    }
    if has_engine(names) {
        engine::record(seeds)?;
    }
    msm_engines(names).try_for_each(|curve| msm::record(curve, seeds))?;
    Ok(())
}

/// Measures one core; of several seeds the fastest.
fn measure(core: &cores::Core, seeds: std::ops::RangeInclusive<u32>) -> Result<Figure, TaskError> {
    println!("{} ({}): cycles from simulation", core.core, core.preset);
    let cycles_per_block = core.cycles_per_block()?;
    let flow = Flow::new(&format!("{}-{}", core.core, core.preset))?;
    println!("{} ({}): synthesis", core.core, core.preset);
    let harness = harness::around(&core.verilog(), core.core)?;
    flow.synthesise(&harness.verilog, harness::TOP, "")?;
    let name = format!("{} ({})", core.core, core.preset);
    let (seed, placed) = flow.fastest(&name, CORE_PLACER, seeds)?;
    let mbps = core.block_bits as f64 * placed.fmax_mhz / cycles_per_block;
    let round = |value: f64, unit: f64| (value * unit).round() / unit;
    Ok(Figure {
        core: core.core.to_owned(),
        preset: core.preset.to_owned(),
        part: PART.to_owned(),
        cycles_per_block: round(cycles_per_block, 100.0),
        placed: placed.without(harness.registers),
        mbps: round(mbps, 10.0),
        mbps_per_comb: round(mbps / placed.comb as f64, 1000.0),
        seed,
        tools: Versions::pinned()?,
    })
}

/// A Markdown table for people, with what each core must reach.
pub(crate) fn markdown(figures: &[Figure]) -> String {
    use std::fmt::Write;
    let mut text = String::from(
        "| core | preset | cycles/block | Fmax (MHz) | COMB | FF | DSP | BRAM | Mb/s | Mb/s per COMB | seed | at least |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n",
    );
    for figure in figures {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            figure.core,
            figure.preset,
            figure.cycles_per_block,
            figure.placed.fmax_mhz,
            figure.placed.comb,
            figure.placed.ff,
            figure.placed.dsp,
            figure.placed.bram,
            figure.mbps,
            figure.mbps_per_comb,
            figure.seed,
            bar(figure)
        );
    }
    text
}

/// What the core must reach, and whether it does.
fn bar(figure: &Figure) -> String {
    let Some(bar) = BARS.iter().find(|bar| bar.core == figure.core) else { return String::new() };
    let reached = figure.mbps >= bar.mbps && figure.mbps_per_comb >= bar.mbps_per_comb;
    let per_comb = match bar.mbps_per_comb {
        0.0 => String::new(),
        value => format!(", {value:.2} per COMB"),
    };
    format!("{} Mb/s{per_comb}: {}", bar.mbps, if reached { "reached" } else { "missed" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_figures_are_consistent_and_reach_their_bars() {
        for figure in recorded().expect("table") {
            assert_eq!(figure.tools, Versions::pinned().expect("versions"), "{}", figure.core);
            let core = cores::select(std::slice::from_ref(&figure.core)).expect("core");
            let core = core.iter().find(|core| core.preset == figure.preset).expect("preset");
            let mbps = core.block_bits as f64 * figure.placed.fmax_mhz / figure.cycles_per_block;
            assert!((mbps - figure.mbps).abs() < 1.0, "{figure:?}");
            assert!(!bar(&figure).ends_with("missed"), "{figure:?}");
        }
    }
}
