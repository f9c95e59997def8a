//! Programming a board with openFPGALoader.

use std::ffi::OsString;
use std::fmt;
use std::process::Command;

use crate::{Image, ImageError};

/// Name of the program.
const PROGRAM: &str = "openFPGALoader";

/// The command that programs a board with a checked image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlashCommand {
    program: OsString,
    arguments: Vec<OsString>,
}

impl FlashCommand {
    /// `openFPGALoader -b BOARD FILE`, with `-f` when the image shall stay after power-off:
    /// it goes to the board's flash memory then.
    pub fn new(image: &Image, persistent: bool) -> Self {
        let mut arguments = vec!["-b".into(), image.manifest().board.name.clone().into()];
        if persistent {
            arguments.push("-f".into());
        }
        // A name such as `-x` must stay a file.
        let path = match image.bitstream() {
            path if path.is_relative() => std::path::Path::new(".").join(path),
            path => path.to_owned(),
        };
        arguments.push(path.into());
        Self { program: PROGRAM.into(), arguments }
    }

    /// Another program in the place of openFPGALoader, such as one that is not on the path.
    #[must_use]
    pub fn with_program(mut self, program: impl Into<OsString>) -> Self {
        self.program = program.into();
        self
    }

    /// Program and arguments.
    pub fn words(&self) -> impl Iterator<Item = &OsString> {
        std::iter::once(&self.program).chain(&self.arguments)
    }

    /// Runs the command; what it prints goes where this process's output goes.
    ///
    /// # Errors
    /// [`ImageError::ProgramMissing`], [`ImageError::ProgramStart`],
    /// [`ImageError::ProgramFailed`].
    pub fn run(&self) -> Result<(), ImageError> {
        let program = || self.program.to_string_lossy().into_owned();
        let status =
            Command::new(&self.program).args(&self.arguments).status().map_err(|source| {
                if source.kind() == std::io::ErrorKind::NotFound {
                    ImageError::ProgramMissing { program: program() }
                } else {
                    ImageError::ProgramStart { program: program(), source }
                }
            })?;
        if status.success() {
            return Ok(());
        }
        Err(ImageError::ProgramFailed { program: program(), status })
    }
}

impl fmt::Display for FlashCommand {
    /// As a shell takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.words().enumerate() {
            let word = word.to_string_lossy();
            if index > 0 {
                write!(f, " ")?;
            }
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+@%,".contains(c);
            if !word.is_empty() && word.chars().all(plain) {
                write!(f, "{word}")?;
            } else {
                write!(f, "'{}'", word.replace('\'', "'\\''"))?;
            }
        }
        Ok(())
    }
}
