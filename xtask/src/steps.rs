//! The steps of `cargo xtask test`: what each needs and runs, and how it counts.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::counts::{Counts, Form};
use crate::error::TaskError;
use crate::process::{command, live};
use crate::tools::{self, Need};
use crate::{bitstream, emit, figures, generate, project};

/// One step.
pub(crate) struct Step {
    /// Name on the command line.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// What it needs besides Rust.
    pub needs: &'static [Need],
    run: fn() -> Result<Counts, TaskError>,
}

/// Every step, in the order in which they run: quick ones first.
pub(crate) static STEPS: &[Step] = &[
    Step {
        name: "format",
        about: "sources are formatted",
        needs: &[Need::Rustfmt],
        run: || cargo("fmt --all --check", Form::Status),
    },
    Step {
        name: "generated",
        about: "generated files are what their generators give",
        needs: &[],
        run: generated,
    },
    Step {
        name: "clippy",
        about: "no lint fires",
        needs: &[Need::Clippy, Need::Compiler],
        run: || {
            cargo(
                "clippy --workspace --exclude chaincard-opencl --all-targets -- -D warnings",
                Form::Status,
            )
        },
    },
    Step {
        name: "rust",
        about: "unit, property and doc tests; native and Verilator simulation; C interfaces",
        needs: &[
            Need::Compiler,
            Need::Make,
            Need::Perl,
            Need::Secp256k1,
            Need::Valgrind,
            Need::Wheels,
        ],
        run: || cargo("test --workspace --exclude chaincard-opencl --no-fail-fast", Form::Cargo),
    },
    Step {
        name: "opencl",
        about: "lints and tests of the OpenCL devices, on PoCL",
        needs: &[Need::Clippy, Need::Compiler, Need::OpenCl],
        run: opencl,
    },
    Step { name: "formal", about: "proofs of primitives", needs: &[Need::Wheels], run: formal },
    Step {
        name: "cocotb",
        about: "the AXI card driven by independent bus masters",
        needs: &[Need::Compiler, Need::Make, Need::Perl, Need::SharedPython, Need::Wheels],
        run: cocotb,
    },
    Step {
        name: "ecp5",
        about: "place and route of one core gives the recorded figures, and of one image its bits",
        needs: &[Need::Compiler, Need::Make, Need::Perl, Need::Wheels],
        run: ecp5,
    },
    Step {
        name: "block",
        about: "the main job, as the README has it, on the processor and on a simulated card",
        needs: &[Need::Compiler],
        run: block,
    },
    Step {
        name: "python",
        about: "the wheel builds, installs in a fresh environment and passes",
        needs: &[Need::Compiler, Need::Wheels],
        run: python,
    },
];

/// The core whose place and route takes the least time.
const SMALL_CORE: &str = "sha256";

/// The image that takes the least time.
const SMALL_IMAGE: &str = "secp256k1-ulx3s-85f";

fn ecp5() -> Result<Counts, TaskError> {
    figures::check(&[SMALL_CORE.to_owned()])?;
    bitstream::check(SMALL_IMAGE)?;
    Ok(Counts::new(2, 0))
}

/// Prints every step with what it needs.
pub(crate) fn list() {
    for step in STEPS {
        println!("{:<10} {}", step.name, step.about);
        for need in step.needs {
            let state = if need.present() { "present" } else { "missing" };
            println!("{:<10}   {state}: {}", "", need.name());
        }
    }
}

/// Runs the steps of these names, or all; `install` provides what is missing first.
/// Prints a table and, as the last line, the counts. Gives whether nothing failed.
pub(crate) fn run(names: &[String], install: bool) -> Result<bool, TaskError> {
    let steps = select(names)?;
    let mut needs: Vec<Need> = steps.iter().flat_map(|step| step.needs).copied().collect();
    needs.sort();
    needs.dedup();
    let missing = tools::provide(&needs, install);

    let mut results = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        println!("\n━━━ {}/{} {}: {}", number + 1, steps.len(), step.name, step.about);
        let start = Instant::now();
        let lacking: Vec<_> = step
            .needs
            .iter()
            .filter(|need| missing.contains(need))
            .map(|need| need.name())
            .collect();
        let result = if lacking.is_empty() {
            // A design that does not pass RustHDL's checks panics; the other steps still run.
            std::panic::catch_unwind(step.run).unwrap_or(Err(TaskError::Panicked))
        } else {
            Err(TaskError::Missing(lacking.join(", ")))
        };
        let (counts, note) = match result {
            Ok(counts) => (counts, String::new()),
            Err(error) => {
                println!("{error}");
                (Counts::FAIL, error.to_string())
            }
        };
        results.push((step.name, start.elapsed(), counts, note));
    }

    let mut total = Counts::default();
    println!("\n{:<10} {:>8} {:>8} {:>8}", "step", "passed", "failed", "time");
    for (name, time, counts, note) in results {
        let (passed, failed) = (counts.passed, counts.failed);
        println!("{name:<10} {passed:>8} {failed:>8} {:>8}  {note}", minutes(time));
        total += counts;
    }
    for line in &total.failures {
        println!("{line}");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(total.failed == 0)
}

fn select(names: &[String]) -> Result<Vec<&'static Step>, TaskError> {
    if names.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    names
        .iter()
        .map(|name| {
            STEPS.iter().find(|step| step.name == name).ok_or_else(|| TaskError::Unknown {
                what: "step",
                name: name.clone(),
                known: STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", "),
            })
        })
        .collect()
}

fn minutes(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

fn cargo(arguments: &str, form: Form) -> Result<Counts, TaskError> {
    let mut command = command(project::cargo(), arguments, &project::root());
    if std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        command.env("CARGO_TERM_COLOR", "always");
    }
    Ok(Counts::of(&live(&mut command)?, form))
}

fn generated() -> Result<Counts, TaskError> {
    let files = generate::files()?;
    generate::check(&files)?;
    Ok(Counts::new(files.len() as u64, 0))
}

/// The packages that have OpenCL, with it: apart from the others, so that the feature does
/// not change how those are built, and a machine without OpenCL can test the rest.
fn opencl() -> Result<Counts, TaskError> {
    const PACKAGES: &str = "-p chaincard-opencl -p chaincard -p chaincard-cli --features chaincard/opencl,chaincard-cli/opencl";
    let mut counts =
        cargo(&format!("clippy {PACKAGES} --all-targets -- -D warnings"), Form::Status)?;
    counts += cargo(&format!("test {PACKAGES} --no-fail-fast"), Form::Cargo)?;
    Ok(counts)
}

/// Runs one of the project's Python scripts; its last line has the counts.
fn script(path: &str, arguments: &[(&str, &Path)]) -> Result<Counts, TaskError> {
    let mut command = command(project::venv_program("python"), path, &project::root());
    for (name, value) in arguments {
        command.arg(name).arg(value);
    }
    // Tools of the environment are found by name, as if it were activated.
    command.env("PATH", path_with_venv()).env("PYTHONUNBUFFERED", "1");
    Ok(Counts::of(&live(&mut command)?, Form::Summary))
}

fn path_with_venv() -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(project::venv().join("bin")).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap_or(path)
}

fn formal() -> Result<Counts, TaskError> {
    let folder = project::target().join("formal-verilog");
    emit::primitives(&folder)?;
    script("sim/formal/run.py", &[("--verilog-dir", &folder)])
}

fn cocotb() -> Result<Counts, TaskError> {
    let file = project::target().join("cocotb").join("card-axi.v");
    emit::one("card-axi", &file)?;
    script("sim/cocotb/run.py", &[("--verilog", &file)])
}

/// `cargo run --release -- block`: every check must be true on the processor and, with a slice of
/// the signatures, on the simulated card, with the same block.
fn block() -> Result<Counts, TaskError> {
    let mut counts = Counts::default();
    let mut hashes = Vec::new();
    for (device, slice) in [("auto", ""), ("sim", "--limit 2")] {
        let mut command = command(
            project::cargo(),
            &format!("run --release -- block --device {device} {slice} --json"),
            &project::root(),
        );
        let finished = live(&mut command)?;
        let text = finished.lines.join("\n");
        let report = text.find('{').and_then(|start| {
            let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter();
            values.next()?.ok()
        });
        let report: serde_json::Value = report.unwrap_or_default();
        let checks = report["checks"].as_object();
        let all = checks.is_some_and(|all| !all.is_empty() && all.values().all(|v| v == true));
        counts += if finished.status.success() && all { Counts::PASS } else { Counts::FAIL };
        hashes.push(report["block_hash"].clone());
    }
    counts +=
        if hashes[0] == hashes[1] && hashes[0].is_string() { Counts::PASS } else { Counts::FAIL };
    Ok(counts)
}

fn python() -> Result<Counts, TaskError> {
    let (root, target) = (project::root(), project::target());
    let wheels = target.join("wheels-test");
    if wheels.exists() {
        std::fs::remove_dir_all(&wheels).map_err(TaskError::at(&wheels))?;
    }
    let mut build = command(
        project::venv_program("maturin"),
        "build --release --locked --manifest-path python/Cargo.toml --out",
        &root,
    );
    build.arg(&wheels);
    live(&mut build)?.success(&build)?;

    let environment = target.join("python-test");
    let mut create = command("python3", "-m venv --clear", &root);
    create.arg(&environment);
    live(&mut create)?.success(&create)?;
    let python = environment.join("bin").join("python");
    let mut install = command(&python, "-m pip install --disable-pip-version-check", &root);
    install.args(["--no-input", "--progress-bar", "off", "-c", "xtask/requirements.txt"]);
    install.arg(format!("{}[plot,ray,test]", only_file(&wheels)?.display()));
    live(&mut install)?.success(&install)?;

    let mut tests = Command::new(&python);
    tests.args(["-m", "pytest", "-p", "no:cacheprovider", "--doctest-modules"]);
    tests.args(["tests", "--pyargs", "chaincard"]).current_dir(root.join("python"));
    Ok(Counts::of(&live(&mut tests)?, Form::Summary))
}

/// The file that a folder has.
fn only_file(folder: &Path) -> Result<PathBuf, TaskError> {
    let entries = std::fs::read_dir(folder).map_err(TaskError::at(folder))?;
    entries.flatten().map(|entry| entry.path()).next().ok_or_else(|| TaskError::Unreadable {
        what: folder.display().to_string(),
        reason: "no file in it".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::read;

    #[test]
    fn names_of_steps_are_unique_and_found() {
        for step in STEPS {
            let found = select(&[step.name.to_owned()]).expect("found");
            assert_eq!(found.len(), 1);
            assert!(std::ptr::eq(found[0], step));
        }
        assert!(matches!(select(&["no-such".to_owned()]), Err(TaskError::Unknown { .. })));
    }

    /// The step reads it, so a change there must not go unnoticed.
    #[test]
    fn ci_calls_the_test_command() {
        let text = read(&project::root().join(".ci/run")).expect("file");
        assert!(text.contains("cargo xtask test"), "{text}");
    }
}
