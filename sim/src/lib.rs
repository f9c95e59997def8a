//! Simulated chaincard cards.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`native`] | steps a RustHDL design |
//! | [`verilator`] | builds the emitted Verilog with Verilator and loads it |
//! | [`stream`] | valid/ready streams with random stalls, the same on both engines |
//! | [`mod@bench`] | hash cores on either engine: messages in, digests and cycles out |
//! | [`cycles`] | cycles per block and latency of the cores |
//! | [`card`] | the virtual card, a `Transport` of the host library |
//! | [`fault`] | faults on the link to a card |
//! | [`serve`] | serves a card over TCP, a Unix socket or a pseudo-terminal |
//! | [`wave`] | VCD files and pictures of them |
//! | [`engine`] | the verification engine: signatures in, verdicts and cycles out |
//! | [`msm`] | the engine of multi-scalar multiplication: terms in, sums of windows and cycles out |
//! | [`trace`] | what an engine issues, as text |

pub mod bench;
pub mod card;
pub mod cycles;
pub mod engine;
mod error;
pub mod fault;
pub mod msm;
pub mod native;
pub mod serve;
pub mod stream;
pub mod trace;
pub mod verilator;
pub mod wave;

pub use card::{SimulatedCard, register, register_with};
pub use error::SimError;
pub use serve::Server;
