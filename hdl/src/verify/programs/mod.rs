//! The engine's programs.

use super::asm::{AsmError, Program, assemble};

/// The listings, by name.
pub const FILES: [(&str, &str); 8] = [
    ("main", include_str!("main.masm")),
    ("common", include_str!("common.masm")),
    ("secp256k1", include_str!("secp256k1.masm")),
    ("minus3", include_str!("minus3.masm")),
    ("sm2", include_str!("sm2.masm")),
    ("p256", include_str!("p256.masm")),
    ("edwards", include_str!("edwards.masm")),
    ("ed25519", include_str!("ed25519.masm")),
];

/// The programs of secp256k1, SM2 and P-256, with their entries from address 0.
///
/// # Errors
///
/// [`AsmError`] where a listing is wrong.
pub fn programs() -> Result<Program, AsmError> {
    assemble(&FILES, "main")
}

/// The program of Ed25519, with its entry where [`programs`] has it.
///
/// # Errors
///
/// [`AsmError`] where a listing is wrong.
pub fn edwards() -> Result<Program, AsmError> {
    assemble(&FILES, "edwards")
}
