//! The cores that interleave two messages, SM3 and Keccak, stepped natively.

mod bench;
mod cases;
mod keccak_core;
mod sm3_core;
