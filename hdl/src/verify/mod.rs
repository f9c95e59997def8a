//! Verification of signatures.

mod naf;

pub use naf::NafUnit;
