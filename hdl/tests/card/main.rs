//! The card: command processor, registers, links and tops, natively simulated.

mod bench;
mod frames;
mod words;
