//! What can go wrong in a task.

use std::path::{Path, PathBuf};

/// Why a task stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TaskError {
    /// a file or folder could not be reached
    #[error("{}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// a program could not be started
    #[error("cannot start {program}: {source}")]
    Start {
        /// Which one.
        program: String,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// a program ended with a failure
    #[error("{program} failed ({status})")]
    Failed {
        /// Which one.
        program: String,
        /// Its exit status.
        status: std::process::ExitStatus,
    },
    /// a tool printed something else than expected
    #[error("cannot read {what}: {reason}")]
    Unreadable {
        /// What was read.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// a committed file differs from what its generator gives
    #[error("{count} of the generated files are not up to date; run: {command}")]
    Outdated {
        /// How many.
        count: usize,
        /// What to run.
        command: &'static str,
    },
    /// figures measured anew differ from the recorded ones
    #[error("figures of {0} differ from the recorded ones")]
    FiguresDiffer(String),
    /// tools are missing
    #[error("missing: {0}")]
    Missing(String),
    /// a name is unknown
    #[error("no {what} {name:?}; there are: {known}")]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// The name.
        name: String,
        /// Names that exist.
        known: String,
    },
    /// a step panicked
    #[error("panicked: see above")]
    Panicked,
    /// simulation failed
    #[error("simulation: {0}")]
    Simulation(#[from] chaincard_sim::SimError),
    /// image could not be made or checked
    #[error("image: {0}")]
    Image(#[from] chaincard_image::ImageError),
    /// design is too slow for its board
    #[error("the design reaches {fmax_mhz} MHz, its board clocks it with {clock_mhz} MHz")]
    TooSlow {
        /// After place and route.
        fmax_mhz: f64,
        /// On the board.
        clock_mhz: f64,
    },
    /// image built anew is another one
    #[error("{0} built anew is not the committed image")]
    ImageDiffers(String),
}

impl TaskError {
    /// For `map_err`: an input or output error at `path`.
    pub(crate) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }

    /// For `map_err`: `what` could not be read.
    pub(crate) fn unreadable<E: std::fmt::Display>(what: &str) -> impl FnOnce(E) -> Self {
        let what = what.to_owned();
        move |error| Self::Unreadable { what, reason: error.to_string() }
    }
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String, TaskError> {
    std::fs::read_to_string(path).map_err(TaskError::at(path))
}

/// Writes a file, making its folder.
pub(crate) fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<(), TaskError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(TaskError::at(folder))?;
    }
    std::fs::write(path, contents).map_err(TaskError::at(path))
}
