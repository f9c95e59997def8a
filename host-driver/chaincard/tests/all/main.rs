//! Tests of the library from outside, in one program: they share the card in memory.

mod accelerator;
mod card;
mod common;
mod cpu;
mod msm;
mod opencl;
mod signatures;
mod transports;
