//! Hash cores stepped natively, against RustCrypto's crates.

mod bench;
mod cases;
mod keccak_core;
mod sha2_cores;
mod sm3_core;
