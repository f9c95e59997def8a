//! The program as users run it: output, exit codes, bad input.

#[cfg(feature = "bench")]
mod bench;
mod block;
mod devices;
mod hash;
mod image;
mod program;
#[cfg(feature = "sim")]
mod sim;
