//! CITA-Cloud's crypto service on a chaincard accelerator: SM2 and SM3, gRPC.
//!
//! A node's controller calls it instead of `crypto_sm`; transactions of a block go to the devices
//! as batches, those of many calls together.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`proto`] | messages, server and client, generated from `proto/` |
//! | [`status`] | status codes as CITA-Cloud has them |
//! | [`key`] | the node's private key |
//! | [`signature`] | signatures of 128 bytes, addresses |
//! | [`transactions`] | checks of transactions |
//! | [`service`] | the calls, bounded |
//! | [`config`] | the configuration file |
//! | [`server`] | the process: gRPC with health, metrics, the end |
//!
//! A device that fails is never a status: another one answers, at last the CPU. When nothing can
//! answer, the call fails with the gRPC status `UNAVAILABLE`, and the node asks again.

pub mod config;
pub mod key;
pub mod server;
pub mod service;
pub mod signature;
pub mod status;
pub mod transactions;

/// Generated from the files in `proto/`.
#[allow(missing_docs, unreachable_pub, clippy::all)]
pub mod proto {
    pub mod common {
        tonic::include_proto!("common");
    }
    pub mod blockchain {
        tonic::include_proto!("blockchain");
    }
    pub mod crypto {
        tonic::include_proto!("crypto");
    }
}

pub use key::PrivateKey;
pub use server::Server;
pub use service::Crypto;
