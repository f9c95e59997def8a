//! Bitstream images: manifest, signature, check, flash.
//!
//! An image is a folder named like the image:
//!
//! ```text
//! NAME/manifest.toml           what the image is, and the SHA-256 of its bitstream
//! NAME/manifest.toml.minisig   minisign signature of the manifest
//! NAME/FILE                    the bitstream
//! ```
//!
//! [`Image::check`] ties them together: a trusted key signed the manifest, and the bitstream
//! is the one the manifest speaks of. [`FlashCommand`] is made from a checked image only.

mod error;
mod flash;
mod image;
mod keys;
mod manifest;
#[cfg(feature = "sign")]
pub mod sign;

pub use error::ImageError;
pub use flash::FlashCommand;
pub use image::{Image, Listed, find, list};
pub use keys::TrustedKeys;
pub use manifest::{Bitstream, Board, Build, Manifest, Resources, Timing};

/// Name of the manifest in an image's folder.
pub const MANIFEST_FILE: &str = "manifest.toml";

/// Name of the manifest's signature in an image's folder.
pub const SIGNATURE_FILE: &str = "manifest.toml.minisig";

/// Name of the public key beside the folders of the images.
pub const PUBLIC_KEY_FILE: &str = "chaincard.pub";
