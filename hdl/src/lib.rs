//! Cryptographic engines and cards in RustHDL.
//!
//! Layers, each importing only those before it: [`prim`] → [`hash`] → [`card`] → [`boards`];
//! [`emit`] writes any of them as Verilog.

pub mod boards;
pub mod card;
pub mod emit;
pub mod hash;
pub mod prim;
