//! The signatures of a block: which can be checked from the block and the previous outputs that
//! are known, and the verdicts of the device on them.
//!
//! | module | what it does |
//! | --- | --- |
//! | `prevouts` | previous outputs: of the block itself, and of a file |
//! | `script` | scripts that are recognised, and what a scriptSig or witness claims of them |
//! | `spend` | input and previous output → claim, or why there is none |
//! | `sighash` | what a signature signs |
//! | `verify` | all claims as one batch to the device, verdicts → inputs |
//!
//! Only signatures are judged: lock times, the dummy of CHECKMULTISIG and amounts are for a node.

mod prevouts;
mod script;
mod sighash;
mod spend;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use prevouts::{PrevoutError, Prevouts, read_prevouts};
pub(crate) use spend::Reason;
#[cfg(test)]
use verify::Found;
pub(crate) use verify::{Limit, Signatures, verify};
