//! What the engines of a card do.

use chaincard_protocol::{Opcode, Register};

/// What a card does with items besides hashing them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Work {
    /// Its opcode.
    pub(super) opcode: Opcode,
    /// The register that says what the engines can do.
    pub(super) register: Register,
}

impl Work {
    /// Signatures are verified, and keys recovered.
    pub(super) const SIGNATURES: Self =
        Self { opcode: Opcode::Verify, register: Register::VerifyCapabilities };

    /// Terms are multiplied and added up.
    pub(super) const MULTIPLICATIONS: Self =
        Self { opcode: Opcode::Multiply, register: Register::MultiplyCapabilities };
}
