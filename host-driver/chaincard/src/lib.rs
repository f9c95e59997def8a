//! Cryptographic acceleration for blockchain nodes.
//!
//! The best device answers: a card, an OpenCL device, a simulated card, or the CPU engine.
//! The answer never depends on which one gave it, and a device that fails is never an answer.
//!
//! ```
//! use chaincard::{Accelerator, HashAlgorithm, Messages};
//!
//! let accelerator = Accelerator::open("auto")?;
//! let digests = accelerator.hash_many(HashAlgorithm::Sha256, &Messages::Slices(&[b"abc"]))?;
//! assert_eq!(digests.as_bytes()[..4], [0xba, 0x78, 0x16, 0xbf]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Layers
//! | layer | item | error |
//! | --- | --- | --- |
//! | queue, routing, fallback | [`Accelerator`] | [`Error`], [`SubmitError`] |
//! | devices by name | [`Registry`] | [`OpenError`] |
//! | one engine | [`Device`]: [`Cpu`], [`Card`] | [`DeviceError`] |
//! | frames of a card | [`card`] | [`ProtocolError`] |
//! | bytes to a card | [`Transport`] | [`TransportError`] |
//!
//! # Device names
//! | name | device |
//! | --- | --- |
//! | `auto` | the best there is: see [`Registry::open_auto`] |
//! | `cpu`, `cpu:THREADS` | this processor, all cores or that many threads |
//! | `opencl`, `opencl:N` | OpenCL device (feature `opencl`) |
//! | `serial:PATH`, `serial:PATH@BAUD` | card on a serial port, 3,000,000 baud unless said otherwise |
//! | `unix:PATH` | card served on a Unix socket |
//! | `tcp:HOST:PORT` | card served over TCP |
//! | `xdma:N` | card behind the XDMA driver, `/dev/xdmaN_h2c_0` and `/dev/xdmaN_c2h_0` |
//! | `sim`, `sim:IMAGE` | simulated card, once `chaincard-sim` is registered |
//! | `engine:msm-CURVE` | simulated engine without a card, likewise |

pub mod accelerator;
pub mod ark;
pub mod card;
pub mod cpu;
pub mod device;
pub mod hash;
pub mod metrics;
pub mod msm;
#[cfg(feature = "opencl")]
pub mod opencl;
pub mod operation;
pub mod registry;
pub mod selftest;
pub mod transport;
pub mod verify;

pub use accelerator::{
    Accelerator, Answer, Builder, Error, Handle, HashJob, MsmAnswer, MsmJob, Outcome, Policy,
    RecoverAnswer, RecoverJob, SubmitError, VerifyAnswer, VerifyJob,
};
pub use card::{Card, CardConfig, ProtocolError};
pub use cpu::Cpu;
pub use device::{Capabilities, Device, DeviceError, DeviceKind, Report, SumFault};
pub use hash::{Digests, HashAlgorithm, Messages, MessagesError};
pub use metrics::{DeviceMetrics, Histogram, Metrics, OperationMetrics, SelfTest};
pub use operation::Operation;
pub use registry::{Listed, OpenError, Registry};
pub use selftest::self_test;
pub use transport::{Transport, TransportError};
pub use verify::{
    BatchError, Hashing, Item, Key, Plan, Profile, RecoverBatch, Recovered, Scheme,
    SignatureEncoding, Verdict, VerifyBatch,
};

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
