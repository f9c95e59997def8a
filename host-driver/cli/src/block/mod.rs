//! Checks of a Bitcoin block, all hashing done by a device.
//!
//! | module | what it does |
//! | --- | --- |
//! | `parse` | bytes or hexadecimal text → block; refuses whatever a node would not write |
//! | `digest` | double SHA-256 of batches on the device |
//! | `merkle` | merkle trees, and the duplicates that leave their root as it is |
//! | `check` | the five checks |
//! | `signatures` | the signatures that block and known previous outputs determine |

mod check;
mod digest;
mod merkle;
mod parse;
mod signatures;
#[cfg(test)]
mod tests;

pub(crate) use check::{Checks, Finding, Report, check, work};
pub(crate) use digest::{Hasher, Progress};
pub(crate) use parse::{MAX_BLOCK, ParseError, parse};
pub(crate) use signatures::{
    Limit, PrevoutError, Prevouts, Reason, Signatures, read_prevouts, verify as verify_signatures,
};
