//! libsecp256k1's interface on chaincard's devices: `libchaincard_secp256k1.so`, for programs that
//! are linked against `libsecp256k1.so`, by `LD_PRELOAD` or by linking. `README.md` beside the source
//! says how a node is set up.
//!
//! ECDSA signatures are verified and public keys recovered by the library `chaincard`, through its
//! queue, so that calls of many threads become one batch for a card and this processor answers when a
//! card fails. Keys and signatures are parsed, serialized, compared and normalised here. Every other
//! function is passed to the real library, which is looked for when it is needed, and so are contexts,
//! which both take.
//!
//! | layer | module |
//! | --- | --- |
//! | exported functions that are done here | [`keys`], [`signatures`], [`verify`] |
//! | exported functions and data that are the real library's | [`context`], [`passed`], [`data`] |
//! | the real library | `real`, `symbol` |
//! | callbacks of contexts | `callbacks` |
//! | accelerator of the process, log | `engine`, `log` |
//!
//! What the structures hold is what libsecp256k1 0.1 ... 0.8 keep in them on little-endian processors,
//! so that ones made here and ones made there mix; a real library of which that is not true is refused.
//!
//! A program in Rust can choose the accelerator:
//!
//! ```
//! use chaincard::Accelerator;
//!
//! chaincard_secp256k1::install(Accelerator::open("cpu")?).expect("nothing was verified before");
//! # Ok::<(), chaincard::OpenError>(())
//! ```

#[cfg(not(all(unix, target_endian = "little")))]
compile_error!("structures are those of libsecp256k1 on little-endian processors under Unix");

mod bundled;
mod callbacks;
pub mod context;
pub mod data;
mod engine;
pub mod keys;
mod log;
pub mod passed;
mod real;
pub mod signatures;
mod symbol;
pub mod types;
pub mod verify;

pub use engine::install;
pub use log::{Counts, LOG_VARIABLE, counts};
pub use real::LIBRARY_VARIABLE;

/// Tells this library from the real one: the real one does not export it.
#[unsafe(no_mangle)]
pub static chaincard_secp256k1_abi: u32 = 1;
