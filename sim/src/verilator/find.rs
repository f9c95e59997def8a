//! Where Verilator and the C++ compiler are.

use crate::SimError;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An installed Verilator 5 with a C++ compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verilator {
    /// `verilator_bin`, or the wrapper script of that name without `_bin`.
    pub program: PathBuf,
    /// Its `VERILATOR_ROOT`: the folder that has `include/verilated.h`.
    pub root: PathBuf,
    /// What `--version` prints.
    pub version: String,
    /// C++ compiler: `$CXX`, or `c++`.
    pub compiler: OsString,
    /// First line that the compiler's `--version` prints.
    pub compiler_version: String,
}

impl Verilator {
    /// Looks, in this order, at `$CHAINCARD_VERILATOR` (path of the program), at a Python
    /// environment `.venv` in the working directory, beside this program, or in a folder
    /// above either, and at `$PATH`.
    ///
    /// # Errors
    /// [`SimError::VerilatorNotFound`] when there is none that runs,
    /// [`SimError::Tool`] when there is one but no C++ compiler.
    pub fn find() -> Result<Self, SimError> {
        let (program, root, version) = candidates()
            .into_iter()
            .find_map(|program| probe(&program))
            .ok_or(SimError::VerilatorNotFound)?;
        let compiler = env::var_os("CXX").unwrap_or_else(|| "c++".into());
        let compiler_version = output(Command::new(&compiler).arg("--version"))
            .and_then(|text| text.lines().next().map(str::to_owned))
            .ok_or_else(|| SimError::Tool {
                program: compiler.to_string_lossy().into_owned(),
                output: "no C++ compiler of that name runs".into(),
            })?;
        Ok(Self { program, root, version, compiler, compiler_version })
    }
}

/// Programs to try, best first.
fn candidates() -> Vec<PathBuf> {
    if let Some(program) = env::var_os("CHAINCARD_VERILATOR") {
        return vec![program.into()];
    }
    let starts = [env::current_dir().ok(), env::current_exe().ok()];
    let mut found: Vec<PathBuf> = starts
        .iter()
        .flatten()
        .flat_map(|start| start.ancestors())
        .flat_map(|folder| site_packages(&folder.join(".venv")))
        .map(|packages| packages.join("verilator/bin/verilator_bin"))
        .collect();
    let path = env::var_os("PATH").unwrap_or_default();
    for name in ["verilator_bin", "verilator"] {
        found.extend(env::split_paths(&path).map(|folder| folder.join(name)));
    }
    found.retain(|program| program.is_file());
    found
}

/// The `site-packages` folders of a Python environment.
fn site_packages(environment: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(environment.join("lib")) else { return Vec::new() };
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path().join("site-packages")).collect();
    found.sort();
    found
}

/// Root and version of a Verilator that runs.
fn probe(program: &Path) -> Option<(PathBuf, PathBuf, String)> {
    let beside = program.parent().and_then(Path::parent).map(Path::to_owned);
    let has_library = |root: &PathBuf| root.join("include/verilated.h").is_file();
    let root = [env::var_os("VERILATOR_ROOT").map(PathBuf::from), beside]
        .into_iter()
        .flatten()
        .find(has_library)
        .or_else(|| {
            let root = output(Command::new(program).args(["--getenv", "VERILATOR_ROOT"]))?;
            Some(PathBuf::from(root.trim())).filter(has_library)
        })?;
    let version = output(Command::new(program).arg("--version").env("VERILATOR_ROOT", &root))?;
    Some((program.to_owned(), root, version.trim().to_owned()))
}

/// What a program prints, when it succeeds.
fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
