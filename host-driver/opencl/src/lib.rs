//! OpenCL kernels for chaincard: hashing of many messages and verification of many signatures,
//! one work-item each, and multi-scalar multiplication.
//!
//! [`list`] names the devices of all platforms, [`Hasher::open`] and [`Verifier::open`] take one
//! of them, [`Hasher::hash`] and [`Verifier::verify`] answer a batch of any size: it is cut into
//! launches that fit the device. The first call for an algorithm or a scheme compiles it. A
//! message longer than a launch is hashed in pieces; one that is verified goes into one launch,
//! and has to fit the device's largest buffer. [`Multiplier::prepare`] loads bases once, and
//! [`Multiplier::window_sums`] leaves the last few hundred additions to the host. Devices are taken as
//! little-endian, as all in use are; others are not listed.

mod algorithm;
mod buckets;
mod curve;
mod device;
mod error;
mod hasher;
mod memory;
mod multiplier;
mod number;
mod program;
mod verifier;

pub use algorithm::Algorithm;
pub use device::{DeviceInfo, DeviceType, list};
pub use error::OpenClError;
pub use hasher::{Hasher, Limits};
pub use multiplier::{DeviceBases, MsmCurve, Multiplier, WindowSums};
pub use verifier::{Item, Settings, Verifier};
