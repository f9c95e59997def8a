//! Verification of signatures.

mod front;
mod naf;
mod packer;

pub use front::Front;
pub use naf::NafUnit;
pub use packer::Packer;
