//! What SHA-256 and SHA-512 share: FIPS 180-4 with words of 32 or 64 bits.

pub mod control;
pub mod digest;
pub mod engine;
pub mod padding;
pub mod rounds;
pub mod schedule;

pub use control::Control;
pub use digest::DigestOrder;
pub use engine::Engine;
pub use padding::Padding;
pub use rounds::Rounds;
pub use schedule::Schedule;

use crate::prim::{RomStyle, Technology};

/// What a core is generated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Cells that the adders may name.
    pub technology: Technology,
    /// What holds the round constants.
    pub constants: RomStyle,
}

impl Config {
    /// Fewest logic cells on an ECP5: the round constants are in block RAM.
    pub const fn small() -> Self {
        Self { technology: Technology::Ecp5, constants: RomStyle::Block }
    }

    /// Highest clock on an ECP5, without block RAM.
    pub const fn ecp5() -> Self {
        Self { technology: Technology::Ecp5, constants: RomStyle::Logic }
    }

    /// For parts with six-input tables, no cell named.
    pub const fn ultrascale() -> Self {
        Self { technology: Technology::Generic, constants: RomStyle::Logic }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::ecp5()
    }
}

/// What tells SHA-256 and SHA-512 apart, words widened to 64 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// H(0).
    pub iv: [u64; 8],
    /// K, one for each round.
    pub k: Vec<u64>,
    /// Rotations of Σ0.
    pub big_sigma_0: [u32; 3],
    /// Rotations of Σ1.
    pub big_sigma_1: [u32; 3],
    /// Rotations and shift of σ0.
    pub small_sigma_0: [u32; 3],
    /// Rotations and shift of σ1.
    pub small_sigma_1: [u32; 3],
}

/// Link cycles between the rounds of two blocks.
pub const LINK_CYCLES: u32 = 4;

/// Cycles from one block to the next.
pub fn cycles_per_block(rounds: usize) -> u32 {
    rounds as u32 + LINK_CYCLES
}

/// Cycles from the only word of a message to the first word of its digest.
///
/// The padding fills the block with one word of 32 bits per cycle; one more cycle starts the
/// slot. The link cycles and the rounds follow, then the ten cycles in which the next link
/// brings the digest, whose first word is the last to come.
pub fn latency(block_bytes: usize, rounds: usize) -> u32 {
    block_bytes as u32 / 4 + 1 + cycles_per_block(rounds) + 10
}
