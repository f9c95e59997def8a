//! What a device can be asked for.

use std::fmt;

use crate::device::Capabilities;
use crate::hash::HashAlgorithm;
use crate::verify::Scheme;

/// An operation of devices: routing, queueing and counting go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Hash messages.
    Hash(HashAlgorithm),
    /// Verify signatures.
    Verify(Scheme),
    /// Recover public keys from ECDSA signatures over secp256k1.
    Recover,
}

impl Operation {
    /// How many there are.
    pub const COUNT: usize = HashAlgorithm::ALL.len() + Scheme::ALL.len() + 1;

    /// Every operation: hash algorithms and schemes in the order of their wire codes, recovery.
    pub fn all() -> impl Iterator<Item = Self> {
        let hashes = HashAlgorithm::ALL.into_iter().map(Self::Hash);
        let schemes = Scheme::ALL.into_iter().map(Self::Verify);
        hashes.chain(schemes).chain([Self::Recover])
    }

    /// Position in [`all`](Self::all).
    pub const fn index(self) -> usize {
        match self {
            Self::Hash(algorithm) => algorithm.code() as usize,
            Self::Verify(scheme) => HashAlgorithm::ALL.len() + scheme.code() as usize,
            Self::Recover => Self::COUNT - 1,
        }
    }

    /// Name as users see it: that of the algorithm or scheme, or `recover`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hash(algorithm) => algorithm.name(),
            Self::Verify(scheme) => scheme.name(),
            Self::Recover => "recover",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash(algorithm) => f.write_str(algorithm.name()),
            Self::Verify(scheme) => write!(f, "verification of {}", scheme.name()),
            Self::Recover => f.write_str("recovery of public keys"),
        }
    }
}

impl Capabilities {
    /// Whether the device can do `operation`.
    pub fn can(&self, operation: Operation) -> bool {
        match operation {
            Operation::Hash(algorithm) => self.has(algorithm),
            Operation::Verify(scheme) => self.verifies.contains(&scheme),
            Operation::Recover => self.recovers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_the_position() {
        assert_eq!(Operation::all().count(), Operation::COUNT);
        for (index, operation) in Operation::all().enumerate() {
            assert_eq!(operation.index(), index, "{operation}");
        }
    }
}
