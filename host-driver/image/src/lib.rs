//! Bitstream images: manifest, signature, check, flash
