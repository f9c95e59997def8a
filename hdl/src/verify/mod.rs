//! Verification of signatures.

pub mod engine;
mod front;
pub mod isa;
mod naf;
mod packer;
mod rules;

pub use engine::Engine;
pub use front::Front;
pub use naf::NafUnit;
pub use packer::Packer;
pub use rules::Rules;
