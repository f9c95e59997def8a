//! Verification of signatures.

pub mod asm;
mod front;
pub mod interpreter;
pub mod isa;
mod naf;
mod packer;
pub mod programs;
pub mod tables;

pub use front::Front;
pub use naf::NafUnit;
pub use packer::Packer;
