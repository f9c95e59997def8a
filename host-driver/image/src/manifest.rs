//! What a manifest says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ImageError;

/// An image's manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name of the image, and of its folder: lower-case letters, digits, `-`, `.`, `_`.
    pub name: String,
    /// Version of the design, as in the register `DesignVersion`.
    pub design_version: String,
    /// Version of the frame protocol that the card speaks.
    pub protocol_version: u8,
    /// Whether this very bitstream ran on a board; otherwise it was generated only.
    pub hardware_tested: bool,
    /// What it is for.
    pub board: Board,
    /// What it was made from and with.
    pub build: Build,
    /// What it takes of the part.
    pub resources: Resources,
    /// How fast it is.
    pub timing: Timing,
    /// The bitstream.
    pub bitstream: Bitstream,
}

/// A board and its part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// The board's name for openFPGALoader (`-b`): letters, digits, `-`, `_`.
    pub name: String,
    /// Part, as its maker calls it.
    pub part: String,
    /// Package.
    pub package: String,
    /// Speed grade.
    pub speed: String,
}

/// Source and tools: the same ones give the same bitstream, bit for bit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// SHA-256 of the emitted Verilog, 64 hexadecimal digits.
    pub rtl_sha256: String,
    /// Algorithm of the placer, as nextpnr names it.
    pub placer: String,
    /// Seed of place and route.
    pub seed: u32,
    /// Version of each tool.
    pub tools: BTreeMap<String, String>,
}

/// Resources after place and route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// Look-up tables, carry and RAM slices included.
    pub comb: u32,
    /// Flip-flops.
    pub ff: u32,
    /// Multipliers.
    pub dsp: u32,
    /// Block RAMs.
    pub bram: u32,
}

/// Clock of the design and the estimate of the highest one, after place and route.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// Clock on the board, in MHz.
    pub clock_mhz: f64,
    /// Highest clock, in MHz.
    pub fmax_mhz: f64,
}

/// The bitstream file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bitstream {
    /// Name of the file, in the image's folder.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, 64 hexadecimal digits in lower case.
    pub sha256: String,
}

/// Longest bitstream that is read; the largest parts of today need less.
pub(crate) const MAX_BITSTREAM: u64 = 256 << 20;

impl Manifest {
    /// Reads a manifest; every field is checked as far as that needs nothing else.
    ///
    /// # Errors
    /// [`ImageError::Manifest`] (with `path`) when the text is none, [`ImageError::Field`].
    pub fn parse(text: &str, path: &std::path::Path) -> Result<Self, ImageError> {
        let manifest: Self = toml::from_str(text).map_err(|source| ImageError::Manifest {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        manifest.validate()?;
        Ok(manifest)
    }

    /// The manifest as text.
    ///
    /// # Errors
    /// [`ImageError::Field`] for a manifest that [`parse`](Self::parse) would refuse.
    pub fn to_toml(&self) -> Result<String, ImageError> {
        self.validate()?;
        toml::to_string(self)
            .map_err(|error| ImageError::Field { field: "manifest", reason: error.to_string() })
    }

    /// In words: whether it ran on a board.
    pub fn tested(&self) -> &'static str {
        if self.hardware_tested { "run on a board" } else { "generated, not run on a board" }
    }

    fn validate(&self) -> Result<(), ImageError> {
        let word = |field, value: &str, also: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || also.contains(c);
            // A leading '-' would be an option of a command, a leading '.' a hidden file or "..".
            let first = value.starts_with(|c: char| c.is_ascii_alphanumeric());
            if first && value.len() <= 100 && value.chars().all(allowed) {
                return Ok(());
            }
            let reason = format!("{value:?} has characters that it may not have");
            Err(ImageError::Field { field, reason })
        };
        let digest = |field, value: &str| {
            if value.len() == 64 && value.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
                return Ok(());
            }
            Err(ImageError::Field { field, reason: format!("{value:?} is no SHA-256") })
        };
        word("name", &self.name, "-._")?;
        word("board.name", &self.board.name, "-_")?;
        word("bitstream.file", &self.bitstream.file, "-._")?;
        digest("build.rtl_sha256", &self.build.rtl_sha256)?;
        digest("bitstream.sha256", &self.bitstream.sha256)?;
        if self.bitstream.bytes == 0 || self.bitstream.bytes > MAX_BITSTREAM {
            let reason = format!("{} is not between 1 and {MAX_BITSTREAM}", self.bitstream.bytes);
            return Err(ImageError::Field { field: "bitstream.bytes", reason });
        }
        for (field, mhz) in
            [("timing.clock_mhz", self.timing.clock_mhz), ("timing.fmax_mhz", self.timing.fmax_mhz)]
        {
            if !mhz.is_finite() || mhz <= 0.0 {
                return Err(ImageError::Field { field, reason: format!("{mhz} is no frequency") });
            }
        }
        Ok(())
    }
}
