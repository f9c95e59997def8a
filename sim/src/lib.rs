//! Simulated chaincard cards.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`native`] | steps a RustHDL design |
//! | [`verilator`] | builds the emitted Verilog with Verilator and loads it |
//! | [`stream`] | valid/ready streams with random stalls, the same on both engines |
//! | [`bench`] | hash cores on either engine: messages in, digests and cycles out |

pub mod bench;
mod error;
pub mod native;
pub mod stream;
pub mod verilator;

pub use error::SimError;
