//! Verification of signatures.

pub mod asm;
pub mod engine;
mod front;
pub mod interpreter;
pub mod isa;
mod job;
mod naf;
mod packer;
pub mod programs;
mod rules;
pub mod tables;

pub use engine::Engine;
pub use front::Front;
pub use job::Job;
pub use naf::NafUnit;
pub use packer::Packer;
pub use rules::Rules;
