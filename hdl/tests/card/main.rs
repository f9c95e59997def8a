//! The card: command processor, registers, links and tops, natively simulated.

mod bench;
mod cycles;
mod dead_engine;
mod frames;
mod uart;
mod words;
