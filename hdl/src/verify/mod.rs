//! Verification of signatures.

mod front;
pub mod isa;
mod naf;
mod packer;

pub use front::Front;
pub use naf::NafUnit;
pub use packer::Packer;
