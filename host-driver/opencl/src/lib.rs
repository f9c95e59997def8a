//! OpenCL kernels for chaincard: hashing of many messages, one work-item a message.
//!
//! [`list`] names the devices of all platforms, [`Hasher::open`] compiles the kernels for one
//! of them, [`Hasher::hash`] answers a batch of any size: it is cut into launches that fit the
//! device, and a message longer than a launch goes through in pieces. Devices are taken as
//! little-endian, as all in use are; others are not listed.

mod algorithm;
mod device;
mod error;
mod hasher;

pub use algorithm::Algorithm;
pub use device::{DeviceInfo, DeviceType, list};
pub use error::OpenClError;
pub use hasher::{Hasher, Limits};
