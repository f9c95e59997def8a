//! Cryptographic acceleration for blockchain nodes.
//!
//! The best device answers: a card, an OpenCL device, a simulated card, or the CPU engine.
//! The answer never depends on which one gave it, and a device that fails is never an answer.

pub mod device;
pub mod hash;
pub mod transport;

pub use device::{Capabilities, Device, DeviceError, DeviceKind, Report};
pub use hash::{Digests, HashAlgorithm, Messages};
pub use transport::{Transport, TransportError};
