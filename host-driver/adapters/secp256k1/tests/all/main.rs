//! The library beside the real one: from C, by the symbol, by random input, and with a program that
//! others made.

mod common;
mod compare;
mod electrum;
mod libraries;
mod programs;
mod soak;
mod symbols;
