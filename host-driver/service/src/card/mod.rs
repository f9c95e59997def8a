//! An accelerator as a card: other processes open it as `unix:PATH` or `tcp:HOST:PORT`, and their
//! requests meet in its queue.
//!
//! Each connection is the link to a card of its own, with its own registers and counters, that has
//! what the accelerator's devices have together. Requests of all connections are jobs of the one
//! queue: small ones are coalesced, a full queue makes clients wait, and a job that no device
//! could answer has the status `EngineTimeout` in all its items, never a verdict.

mod answer;
mod connection;
mod listen;
mod registers;
mod signatures;

pub(crate) use listen::{Listener, serve};
