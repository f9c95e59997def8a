//! The engine's programs.

use super::asm::{AsmError, Program, assemble};

/// The listings, by name.
pub const FILES: [(&str, &str); 6] = [
    ("main", include_str!("main.masm")),
    ("common", include_str!("common.masm")),
    ("secp256k1", include_str!("secp256k1.masm")),
    ("minus3", include_str!("minus3.masm")),
    ("sm2", include_str!("sm2.masm")),
    ("p256", include_str!("p256.masm")),
];

/// All programs, with their entries from address 0.
///
/// # Errors
///
/// [`AsmError`] where a listing is wrong.
pub fn programs() -> Result<Program, AsmError> {
    assemble(&FILES, "main")
}
