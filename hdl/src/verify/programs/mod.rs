//! The engine's programs.

use super::asm::{AsmError, Program, assemble};

/// The listings, by name.
pub const FILES: [(&str, &str); 3] = [
    ("main", include_str!("main.masm")),
    ("common", include_str!("common.masm")),
    ("secp256k1", include_str!("secp256k1.masm")),
];

/// All programs, with their entries from address 0.
///
/// # Errors
///
/// [`AsmError`] where a listing is wrong.
pub fn programs() -> Result<Program, AsmError> {
    assemble(&FILES, "main")
}
