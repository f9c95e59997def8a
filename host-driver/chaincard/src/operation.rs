//! What a device can be asked for.

use std::fmt;

use crate::device::Capabilities;
use crate::hash::HashAlgorithm;
use crate::msm::Curve;
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
    /// Multiply points of a curve by scalars, and add up the products.
    Msm(Curve),
}

impl Operation {
    /// How many there are.
    pub const COUNT: usize = HashAlgorithm::ALL.len() + Scheme::ALL.len() + 1 + Curve::ALL.len();

    /// Every operation: hash algorithms and schemes in the order of their wire codes, recovery,
    /// curves.
    pub fn all() -> impl Iterator<Item = Self> {
        let hashes = HashAlgorithm::ALL.into_iter().map(Self::Hash);
        let schemes = Scheme::ALL.into_iter().map(Self::Verify);
        let curves = Curve::ALL.into_iter().map(Self::Msm);
        hashes.chain(schemes).chain([Self::Recover]).chain(curves)
    }

    /// Position in [`all`](Self::all).
    pub const fn index(self) -> usize {
        match self {
            Self::Hash(algorithm) => algorithm.code() as usize,
            Self::Verify(scheme) => HashAlgorithm::ALL.len() + scheme.code() as usize,
            Self::Recover => HashAlgorithm::ALL.len() + Scheme::ALL.len(),
            Self::Msm(curve) => Self::Recover.index() + 1 + curve as usize,
        }
    }

    /// Name as users see it: that of the algorithm, scheme or curve, or `recover`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hash(algorithm) => algorithm.name(),
            Self::Verify(scheme) => scheme.name(),
            Self::Recover => "recover",
            Self::Msm(curve) => curve.name(),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash(algorithm) => f.write_str(algorithm.name()),
            Self::Verify(scheme) => write!(f, "verification of {}", scheme.name()),
            Self::Recover => f.write_str("recovery of public keys"),
            Self::Msm(curve) => write!(f, "multiplication on {curve}"),
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
            Operation::Msm(curve) => self.multiplies.contains(&curve),
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
