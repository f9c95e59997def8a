//! What the steps need, how to see whether it is there, and how it is installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::TaskError;
use crate::process::{live, quiet};
use crate::project;

/// Something that a step needs besides Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// `cargo fmt`.
    Rustfmt,
    /// `cargo clippy`.
    Clippy,
    /// A C and C++ compiler, for the C interface and for Verilator's models.
    Compiler,
    /// GNU make, for Verilator's models.
    Make,
    /// Perl, which starts Verilator.
    Perl,
    /// Valgrind, which watches the memory of libraries that C programs load.
    Valgrind,
    /// libOpenCL to link with, and an OpenCL device of this processor.
    OpenCl,
    /// libsecp256k1 with its header, which an adapter stands in for.
    Secp256k1,
    /// Python's shared library, which cocotb loads into the simulator.
    SharedPython,
    /// The project's Python environment `.venv` with the pinned wheels.
    Wheels,
}

/// Pinned wheels, relative to the root.
const REQUIREMENTS: &str = "xtask/requirements.txt";

/// Tells `electrum-ecc` to use the system's libsecp256k1 instead of building one.
const WITHOUT_SECP256K1: (&str, &str) = ("ELECTRUM_ECC_DONT_COMPILE", "1");

/// Tells, as text, the pinned wheels that an environment does not have.
const COMPARE_WHEELS: &str = r"
import sys
from importlib.metadata import PackageNotFoundError, version
for line in open(sys.argv[1]):
    name, _, wanted = line.partition('#')[0].strip().partition('==')
    try:
        found = version(name) if name else wanted
    except PackageNotFoundError:
        found = None
    if found != wanted:
        print(f'{name} {wanted}')
";

/// Fails unless Python's shared library can be loaded.
const LOAD_SHARED_PYTHON: &str = r"
import ctypes, os, sys, sysconfig
name = 'libpython%d.%d.so.1.0' % sys.version_info[:2]
folder = sysconfig.get_config_var('LIBDIR') or ''
path = os.path.join(folder, name)
ctypes.CDLL(path if os.path.exists(path) else name)
";

/// Fails unless virtual environments can be made and the pinned wheels fit.
const MAKE_ENVIRONMENTS: &str =
    "import ensurepip, sys, venv; sys.exit(0 if sys.version_info >= (3, 11) else 1)";

impl Need {
    /// What it is called in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
            Self::Compiler => "C++ compiler",
            Self::Make => "make",
            Self::Perl => "perl",
            Self::Valgrind => "valgrind",
            Self::OpenCl => "OpenCL",
            Self::Secp256k1 => "libsecp256k1",
            Self::SharedPython => "shared libpython",
            Self::Wheels => "Python wheels",
        }
    }

    /// Debian packages that provide it.
    fn packages(self) -> Vec<String> {
        let names: &[&str] = match self {
            Self::Rustfmt | Self::Clippy => &[],
            Self::Compiler => &["g++"],
            Self::Make => &["make"],
            Self::Perl => &["perl"],
            Self::Valgrind => &["valgrind"],
            Self::OpenCl => &["pocl-opencl-icd", "ocl-icd-opencl-dev"],
            Self::Secp256k1 => &["libsecp256k1-dev"],
            Self::SharedPython => return vec![format!("libpython{}", python_version())],
            Self::Wheels => &["python3", "python3-venv"],
        };
        names.iter().map(|&name| name.to_owned()).collect()
    }

    /// How a user provides it by hand.
    fn advice(self) -> String {
        match self {
            Self::Rustfmt => "rustup component add rustfmt".to_owned(),
            Self::Clippy => "rustup component add clippy".to_owned(),
            Self::Wheels if can_make_environments() => {
                let (name, value) = WITHOUT_SECP256K1;
                format!(
                    "python3 -m venv .venv && {name}={value} .venv/bin/pip install -r {REQUIREMENTS}"
                )
            }
            _ => format!("apt-get install {}", self.packages().join(" ")),
        }
    }

    /// Whether it is there.
    pub(crate) fn present(self) -> bool {
        match self {
            Self::Rustfmt => succeeds(Command::new(project::cargo()).args(["fmt", "--version"])),
            Self::Clippy => succeeds(Command::new(project::cargo()).args(["clippy", "--version"])),
            Self::Compiler => on_path("c++") || on_path("g++"),
            Self::Make => on_path("make"),
            Self::Perl => on_path("perl"),
            Self::Valgrind => succeeds(Command::new("valgrind").args(["-q", "true"])),
            Self::OpenCl => links_with("OpenCL") && has_processor_icd(),
            Self::Secp256k1 => links_with("secp256k1"),
            Self::SharedPython => python(LOAD_SHARED_PYTHON),
            Self::Wheels => missing_wheels().is_some_and(|missing| missing.is_empty()),
        }
    }

    /// Whether Debian packages are what is missing.
    fn wants_packages(self) -> bool {
        match self {
            Self::Rustfmt | Self::Clippy => false,
            Self::Wheels => !can_make_environments(),
            _ => !self.present(),
        }
    }
}

/// Provides what is missing of `needs`, if `install`; says of the rest how to install it.
/// Gives what is missing afterwards.
pub(crate) fn provide(needs: &[Need], install: bool) -> Vec<Need> {
    let mut missing: Vec<Need> = needs.iter().copied().filter(|need| !need.present()).collect();
    if install && !missing.is_empty() {
        let names: Vec<_> = missing.iter().map(|need| need.name()).collect();
        println!("Installing what is missing: {}", names.join(", "));
        install_all(&missing);
        missing.retain(|need| !need.present());
    }
    for need in &missing {
        println!("missing: {} — install it with: {}", need.name(), need.advice());
    }
    missing
}

/// One that fails must not keep the others from being installed: what is missing in the end
/// is looked up anew.
fn install_all(missing: &[Need]) {
    let report = |result: Result<(), TaskError>| {
        if let Err(error) = result {
            println!("{error}");
        }
    };
    let wanting = missing.iter().filter(|need| need.wants_packages());
    let mut packages: Vec<String> = wanting.flat_map(|need| need.packages()).collect();
    packages.sort();
    packages.dedup();
    if !packages.is_empty() {
        report(install_packages(&packages));
    }
    for need in missing {
        match need {
            Need::Rustfmt => report(component("rustfmt")),
            Need::Clippy => report(component("clippy")),
            Need::Wheels => report(install_wheels()),
            _ => {}
        }
    }
}

/// Installs Debian packages, as root or through a `sudo` that asks nothing.
fn install_packages(packages: &[String]) -> Result<(), TaskError> {
    if !on_path("apt-get") {
        return Err(TaskError::Missing(format!(
            "{} (no apt-get here; names are Debian's)",
            packages.join(", ")
        )));
    }
    let root = quiet(Command::new("id").arg("-u"))?.lines.first().is_some_and(|id| id == "0");
    if !root && !succeeds(Command::new("sudo").args(["-n", "true"])) {
        return Err(TaskError::Missing(format!(
            "{} (neither root nor sudo without a password)",
            packages.join(", ")
        )));
    }
    let apt = |arguments: &[&str]| -> Result<(), TaskError> {
        let mut command = if root {
            Command::new("env")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "env"]);
            sudo
        };
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
        command.args(["-o", "DPkg::Lock::Timeout=300"]).args(arguments);
        live(&mut command)?.success(&command).map(|_| ())
    };
    // Package lists of a fresh machine are empty; a mirror that is down for one of several
    // sources need not matter.
    if let Err(error) = apt(&["update"]) {
        println!("{error}");
    }
    let names = packages.iter().map(String::as_str);
    let arguments: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].into_iter().chain(names).collect();
    apt(&arguments)
}

fn component(name: &str) -> Result<(), TaskError> {
    if !on_path("rustup") {
        return Err(TaskError::Missing(format!(
            "{name} (Rust was not installed by rustup: take it from where Rust came from)"
        )));
    }
    let mut command = Command::new("rustup");
    command.args(["component", "add", name]);
    live(&mut command)?.success(&command).map(|_| ())
}

fn install_wheels() -> Result<(), TaskError> {
    let python = project::venv_program("python");
    if !succeeds(Command::new(&python).args(["-m", "pip", "--version"])) {
        let mut command = Command::new("python3");
        command.args(["-m", "venv", "--clear"]).arg(project::venv());
        live(&mut command)?.success(&command)?;
    }
    let mut command = Command::new(&python);
    command
        .args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input"])
        .args(["--progress-bar", "off", "-r", REQUIREMENTS])
        .env(WITHOUT_SECP256K1.0, WITHOUT_SECP256K1.1)
        .current_dir(project::root());
    live(&mut command)?.success(&command).map(|_| ())
}

/// Pinned wheels that `.venv` does not have; `None` without a working `.venv`.
fn missing_wheels() -> Option<Vec<String>> {
    let mut command = Command::new(project::venv_program("python"));
    command.args(["-c", COMPARE_WHEELS]).arg(project::root().join(REQUIREMENTS));
    let finished = quiet(&mut command).ok()?;
    finished.status.success().then_some(finished.lines)
}

fn can_make_environments() -> bool {
    python(MAKE_ENVIRONMENTS)
}

fn python(script: &str) -> bool {
    succeeds(Command::new("python3").args(["-c", script]))
}

/// `3.11`, or `3` when there is no Python.
fn python_version() -> String {
    let script = "import sys; print('%d.%d' % sys.version_info[:2])";
    quiet(Command::new("python3").args(["-c", script]))
        .ok()
        .and_then(|finished| finished.lines.into_iter().next())
        .unwrap_or_else(|| "3".to_owned())
}

fn succeeds(command: &mut Command) -> bool {
    quiet(command).is_ok_and(|finished| finished.status.success())
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Whether the linker finds a library.
fn links_with(library: &str) -> bool {
    let Ok(finished) = quiet(Command::new("cc").arg(format!("-print-file-name=lib{library}.so")))
    else {
        return false;
    };
    // The compiler repeats the bare name of a file that it does not find.
    finished.lines.first().is_some_and(|path| Path::new(path).is_absolute())
}

/// Whether an OpenCL driver for the processor (PoCL) is registered.
fn has_processor_icd() -> bool {
    let folder = std::env::var_os("OCL_ICD_VENDORS")
        .map_or_else(|| PathBuf::from("/etc/OpenCL/vendors"), PathBuf::from);
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        std::fs::read_to_string(entry.path()).is_ok_and(|driver| driver.contains("pocl"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_need_says_how_to_install_it() {
        let needs = [
            Need::Rustfmt,
            Need::Clippy,
            Need::Compiler,
            Need::Make,
            Need::Perl,
            Need::Valgrind,
            Need::OpenCl,
            Need::Secp256k1,
            Need::SharedPython,
            Need::Wheels,
        ];
        for need in needs {
            assert!(!need.advice().is_empty(), "{need:?}");
        }
    }

    #[test]
    fn every_requirement_is_pinned() {
        let path = project::root().join(REQUIREMENTS);
        let text = std::fs::read_to_string(path).expect("requirements");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let (name, version) = line.split_once("==").expect(line);
            assert!(!name.is_empty() && !version.is_empty(), "{line}");
        }
    }
}
