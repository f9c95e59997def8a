//! The program as users run it: output, exit codes, bad input.

#[cfg(feature = "bench")]
mod bench;
mod block;
mod devices;
mod hash;
mod image;
mod msm;
#[cfg(feature = "opencl")]
mod opencl;
mod program;
mod sdf;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "sim")]
mod sim;
#[cfg(feature = "sim")]
mod trace;
mod verify;
