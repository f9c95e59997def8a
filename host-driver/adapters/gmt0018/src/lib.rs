//! GM/T 0018 (SDF) on chaincard's devices: `libgmt0018.so`, for nodes that load such a library.
//!
//! Signatures are verified and messages hashed by the library `chaincard`, through its queue, so that
//! calls of many threads become one batch for a card and this processor answers when a card fails.
//! Signing, keys and SM4 are done on this processor. `README.md` beside the source says how a node is
//! set up.
//!
//! The functions are the 47 of GM/T 0018-2012 as headers in use have them, and five that vendors
//! have besides and nodes bind: SDF_ImportKey, SDF_GetSymmKeyHandle, SDF_ExternalSign_ECC,
//! SDF_ExternalDecrypt_ECC, SDF_ExternalPrivateKeyOperation_RSA. Those that are not done (RSA,
//! encryption by SM2, agreement on keys, wrapped keys, MACs, files) return `SDR_NOTSUPPORT`.
//!
//! | layer | module |
//! | --- | --- |
//! | exported functions: pointers, return values | `calls` |
//! | handles that are checked, sessions | `handles`, `session` |
//! | accelerator and keys of a device | `engine` |
//! | SM2 and SM4 on this processor, SM3 in steps | `sm2`, `sm4`, `hash` |
//! | key store, configuration, passwords, log | `store`, `config`, `password`, `log` |
//!
//! A program in Rust can open a device with an accelerator of its own:
//!
//! ```
//! use chaincard::Accelerator;
//! use gmt0018::{Engine, KeyStore, code, open};
//!
//! let device = open(Engine::new(Accelerator::open("cpu")?, KeyStore::new()));
//! let mut session = std::ptr::null_mut();
//! // SAFETY: `session` has space for a handle.
//! let status = unsafe { gmt0018::calls::SDF_OpenSession(device, &mut session) };
//! assert_eq!(status, code::SDR_OK);
//! # assert_eq!(gmt0018::calls::SDF_CloseDevice(device), code::SDR_OK);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod calls;
pub mod code;
mod config;
mod engine;
mod error;
mod handles;
mod hash;
mod log;
mod password;
mod session;
mod sm2;
mod sm4;
mod store;
pub mod types;

use std::ffi::c_void;
use std::sync::Arc;

pub use config::{CONFIG_VARIABLE, Config, Keys, Level, Log};
pub use engine::Engine;
pub use error::SdfError;
pub use password::Source;
pub use store::{Cost, KeyStore, Use};

/// A device handle for `engine`, as SDF_OpenDevice gives one for the engine of the configuration;
/// SDF_CloseDevice closes it.
pub fn open(engine: Engine) -> *mut c_void {
    handles::to_pointer(handles::open_device(Arc::new(engine)))
}
