//! Cryptographic engines and cards in RustHDL.
//!
//! Layers, each importing only those before it: [`prim`] → [`hash`], [`field`] → [`card`] → [`boards`];
//! [`emit`] writes any of them as Verilog, [`designs`] names those that are built.

pub mod boards;
pub mod card;
pub mod designs;
pub mod emit;
pub mod field;
pub mod hash;
pub mod msm;
pub mod prim;
pub mod verify;

pub use designs::{design, designs};
