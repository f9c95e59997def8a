//! From Verilog text to a shared library, cached by what goes into it.

use super::find::Verilator;
use super::ports::{self, Port};
use crate::SimError;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

const WRAPPER: &str = include_str!("wrapper.cpp");

/// `--flatten` because the emitted Verilog has one module per instance and passes clocks
/// through `always @(*)`; power-up values are the zeros of the part and of native simulation.
const VERILATOR_FLAGS: [&str; 8] =
    ["--cc", "--flatten", "-O3", "--no-timing", "-Wno-fatal", "-Wno-lint", "--x-assign", "0"];

/// The last two keep apart the copies of Verilator's library in several loaded models.
const COMPILER_FLAGS: [&str; 8] = [
    "-std=gnu++17",
    "-O2",
    "-fPIC",
    "-w",
    "-DVM_COVERAGE=0",
    "-DVL_TIME_CONTEXT",
    "-fvisibility=hidden",
    "-fno-gnu-unique",
];

/// A model to build.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Verilog text.
    pub verilog: &'a str,
    /// Its top module.
    pub top: &'a str,
    /// Whether it can write VCD files; it is slower then.
    pub trace: bool,
}

/// A built model.
#[derive(Clone, Debug)]
pub struct Built {
    /// The shared library.
    pub library: PathBuf,
    /// Ports of the top module; the index is the number that the library takes.
    pub ports: Vec<Port>,
}

/// Folder of built models: `$CHAINCARD_CACHE`, `$CARGO_TARGET_DIR/chaincard-cache`,
/// `$XDG_CACHE_HOME/chaincard`, `~/.cache/chaincard`, or one in the folder for temporary
/// files, whichever is named first.
pub fn cache_dir() -> PathBuf {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("CHAINCARD_CACHE")
        .or_else(|| variable("CARGO_TARGET_DIR").map(|dir| dir.join("chaincard-cache")))
        .or_else(|| variable("XDG_CACHE_HOME").map(|dir| dir.join("chaincard")))
        .or_else(|| variable("HOME").map(|dir| dir.join(".cache/chaincard")))
        .unwrap_or_else(|| env::temp_dir().join("chaincard-cache"))
}

/// Builds `source`, or finds it in `cache`. Several processes may do so at once: each works
/// in a folder of its own and moves the result into place in one step.
///
/// # Errors
/// [`SimError::Ports`], [`SimError::Tool`], [`SimError::Io`].
pub fn build(verilator: &Verilator, source: &Source<'_>, cache: &Path) -> Result<Built, SimError> {
    let ports = ports::parse(source.verilog, source.top)?;
    let key = key(verilator, source);
    let library = cache.join(format!("{}-{}.so", source.top, &key[..32]));
    // Threads that want the same model wait for the first of them.
    let lock = lock_of(&library);
    let _building = lock.lock().unwrap_or_else(PoisonError::into_inner);
    if library.is_file() {
        return Ok(Built { library, ports });
    }
    fs::create_dir_all(cache).map_err(SimError::io("cache folder cannot be made", cache))?;
    let work = tempfile::Builder::new()
        .prefix("build-")
        .tempdir_in(cache)
        .map_err(SimError::io("build folder cannot be made in", cache))?;
    let dir = work.path();
    let write = |name: &str, text: &str| {
        let path = dir.join(name);
        fs::write(&path, text).map_err(SimError::io("cannot write", path))
    };

    let class = format!("V{}_{}", source.top, &key[..8]);
    write("design.v", source.verilog)?;
    write("wrapper.cpp", WRAPPER)?;
    write("model.h", &definitions(&class, &ports))?;
    let mut command = Command::new(&verilator.program);
    command.current_dir(dir).env("VERILATOR_ROOT", &verilator.root).args(VERILATOR_FLAGS);
    command.args(["--top-module", source.top, "--prefix", &class, "--Mdir", "."]);
    if source.trace {
        command.arg("--trace");
    }
    run(command.arg("design.v"))?;

    write("model.cpp", &unity(dir, &class)?)?;
    let mut compile = compiler(verilator, source.trace);
    compile.current_dir(dir).args(["-shared", "-Wl,-Bsymbolic", "-I.", "-o", "model.so"]);
    compile.arg("model.cpp").args(runtime(verilator, source.trace, cache)?).arg("-pthread");
    run(&mut compile)?;
    fs::rename(dir.join("model.so"), &library)
        .map_err(SimError::io("cannot move the model to", &library))?;
    Ok(Built { library, ports })
}

/// The lock of one library within this process.
fn lock_of(library: &Path) -> Arc<Mutex<()>> {
    static LOCKS: LazyLock<Mutex<HashMap<PathBuf, Arc<Mutex<()>>>>> = LazyLock::new(Mutex::default);
    let mut locks = LOCKS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(locks.entry(library.to_owned()).or_default())
}

/// Digest of everything that decides what is built.
fn key(verilator: &Verilator, source: &Source<'_>) -> String {
    let mut hash = Sha256::new();
    let trace = if source.trace { "trace" } else { "" };
    let parts = [source.verilog, source.top, trace, WRAPPER];
    for part in parts.into_iter().chain(tools(verilator)) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

fn tools(verilator: &Verilator) -> impl Iterator<Item = &str> {
    let versions = [verilator.version.as_str(), verilator.compiler_version.as_str()];
    versions.into_iter().chain(VERILATOR_FLAGS).chain(COMPILER_FLAGS)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the wrapper needs to know of the design.
fn definitions(class: &str, ports: &[Port]) -> String {
    let mut text = format!(
        "#define DESIGN {class}\n#define DESIGN_HEADER \"{class}.h\"\n#define DESIGN_PORTS"
    );
    for (index, port) in ports.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(text, " PORT({index}, {})", port.member());
    }
    text.push('\n');
    text
}

/// One translation unit of the wrapper and all that Verilator wrote: the compiler then sees
/// the whole model, and the headers once.
fn unity(dir: &Path, class: &str) -> Result<String, SimError> {
    let entries = fs::read_dir(dir).map_err(SimError::io("cannot list", dir))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(class) && name.ends_with(".cpp"))
        .collect();
    names.sort();
    let mut text = String::from("#include \"model.h\"\n#include \"wrapper.cpp\"\n");
    for name in names {
        let _ = writeln!(text, "#include \"{name}\"");
    }
    Ok(text)
}

fn compiler(verilator: &Verilator, trace: bool) -> Command {
    let include = verilator.root.join("include");
    let mut command = Command::new(&verilator.compiler);
    command.args(COMPILER_FLAGS).arg("-I").arg(&include).arg("-I").arg(include.join("vltstd"));
    command.args(if trace {
        ["-DVM_TRACE=1", "-DVM_TRACE_VCD=1", "-DTRACE"].as_slice()
    } else {
        ["-DVM_TRACE=0"].as_slice()
    });
    command
}

/// Objects of Verilator's own library, compiled once for all models.
fn runtime(verilator: &Verilator, trace: bool, cache: &Path) -> Result<Vec<PathBuf>, SimError> {
    let mut hash = Sha256::new();
    tools(verilator).for_each(|part| hash.update(part));
    let kind = if trace { "runtime-trace" } else { "runtime" };
    let dir = cache.join(format!("{kind}-{}", &hex(&hash.finalize())[..32]));
    let mut names = vec!["verilated", "verilated_threads"];
    if trace {
        names.push("verilated_vcd_c");
    }
    let objects = names.iter().map(|name| dir.join(format!("{name}.o"))).collect();
    if dir.is_dir() {
        return Ok(objects);
    }
    let work = tempfile::Builder::new()
        .prefix("runtime-build-")
        .tempdir_in(cache)
        .map_err(SimError::io("build folder cannot be made in", cache))?;
    for name in names {
        let source = verilator.root.join("include").join(format!("{name}.cpp"));
        let mut compile = compiler(verilator, trace);
        run(compile.current_dir(work.path()).arg("-c").arg(source))?;
    }
    match fs::rename(work.keep(), &dir) {
        // Somebody else was faster; theirs is as good.
        Err(_) if dir.is_dir() => Ok(objects),
        moved => moved.map(|()| objects).map_err(SimError::io("cannot move the library to", dir)),
    }
}

/// Runs a tool; its output becomes part of the error.
fn run(command: &mut Command) -> Result<(), SimError> {
    const SHOWN: usize = 2000;
    let program = command.get_program().to_string_lossy().into_owned();
    let output =
        command.output().map_err(SimError::io("cannot be run", PathBuf::from(&program)))?;
    if output.status.success() {
        return Ok(());
    }
    let mut text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stdout));
    let skip = text.chars().count().saturating_sub(SHOWN);
    Err(SimError::Tool { program, output: text.chars().skip(skip).collect() })
}
