//! The engine's programs.

use chaincard_protocol::verify::Scheme;

use super::asm::{AsmError, Program, assemble};
use super::isa::ENTRIES;

/// The listings, by name.
const FILES: [(&str, &str); 6] = [
    ("common", include_str!("common.masm")),
    ("secp256k1", include_str!("secp256k1.masm")),
    ("minus3", include_str!("minus3.masm")),
    ("sm2", include_str!("sm2.masm")),
    ("p256", include_str!("p256.masm")),
    ("ed25519", include_str!("ed25519.masm")),
];

/// Listing of a scheme.
pub(super) fn file(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Secp256k1 => "secp256k1",
        Scheme::Sm2 => "sm2",
        Scheme::Ed25519 => "ed25519",
        Scheme::P256 => "p256",
    }
}

/// The programs of these schemes, with all entries from address 0. Jobs of other schemes end as
/// invalid, so no card may claim those.
///
/// # Errors
///
/// [`AsmError`] where a listing is wrong.
pub fn programs(schemes: &[Scheme]) -> Result<Program, AsmError> {
    let mut main = String::from(".include common\n");
    for &scheme in schemes {
        main += &format!(".include {}\n", file(scheme));
    }
    main += ".part entry\n";
    for entry in ENTRIES {
        if !schemes.iter().any(|&scheme| entry.ends_with(file(scheme))) {
            main += &format!("{entry}:\n");
        }
    }
    main += "  verdict invalid\n";
    let mut files = FILES.to_vec();
    files.push(("main", &main));
    assemble(&files, "main")
}
