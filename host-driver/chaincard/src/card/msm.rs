//! A multiplication as a request.

use chaincard_protocol::hash::ItemStatus;
use chaincard_protocol::multiply::{CAPABILITY_WINDOW, Curve as Wire};
use chaincard_protocol::{Frame, Opcode, Register, reply};

use super::link::Requests;
use super::{CardInfo, ProtocolError};
use crate::msm::{Curve, NoRandomNumbers, SCALAR_BYTES, Terms, windows};

/// Most terms of a request: sending them again costs little, and the sums of the buckets, which
/// every request takes, take a few percent of its time.
const MOST_TERMS: usize = 4096;

/// Bytes before the terms.
const LENGTH_BYTES: usize = 4;

/// What a card multiplies on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Abilities {
    pub(super) curves: Vec<Curve>,
    /// Most terms in a multiplication, the one for the mask not counted; `None` without curves.
    pub(super) max_terms: Option<usize>,
}

impl Abilities {
    /// What the registers say.
    ///
    /// # Errors
    /// [`ProtocolError::RegisterValue`] for windows that there are not.
    pub(super) fn of(info: &CardInfo) -> Result<Self, ProtocolError> {
        let value = info.multiply_capabilities;
        let has = |curve: &Curve| value >> wire(*curve).code() & 1 == 1;
        let mut abilities = Self::default();
        for curve in Curve::ALL.into_iter().filter(has) {
            let unknown = |_| ProtocolError::RegisterValue {
                register: Register::MultiplyCapabilities,
                value,
            };
            windows(curve, info.window()).map_err(unknown)?;
            let fit = (info.max_payload as usize - LENGTH_BYTES) / wire(curve).term_len();
            // A frame that holds no term beside that of the mask is of no use.
            let Some(fit @ 1..) = fit.checked_sub(1) else { continue };
            abilities.curves.push(curve);
            let most = abilities.max_terms.unwrap_or(MOST_TERMS);
            abilities.max_terms = Some(fit.min(most));
        }
        Ok(abilities)
    }

    /// Bytes of the longest answer.
    pub(super) fn answer_len(&self, info: &CardInfo) -> usize {
        let sums = |curve: &Curve| sums_len(*curve, info);
        self.curves.iter().map(sums).max().map_or(0, |len| size_of::<u32>() + len)
    }
}

impl CardInfo {
    /// Bits of a window.
    pub(super) fn window(&self) -> u32 {
        self.multiply_capabilities >> CAPABILITY_WINDOW & 15
    }
}

fn wire(curve: Curve) -> Wire {
    match curve {
        Curve::Bn254 => Wire::Bn254,
        Curve::Bls12_381 => Wire::Bls12_381,
        Curve::Bls12_377 => Wire::Bls12_377,
    }
}

fn count(curve: Curve, info: &CardInfo) -> usize {
    windows(curve, info.window()).unwrap_or(0)
}

fn sums_len(curve: Curve, info: &CardInfo) -> usize {
    wire(curve).sums_len(count(curve, info))
}

/// A multiplication with its terms as the card takes them.
pub(super) struct Multiplication {
    curve: Wire,
    windows: usize,
    terms: Vec<u8>,
    /// The sums of the windows, big-endian, once they are there.
    pub(super) sums: Vec<u8>,
}

impl Multiplication {
    /// Terms on a curve that the card has, one at least, and not too many. The scalars are masked,
    /// for an engine is slower where many terms go to one bucket; only those of bases of which
    /// nobody knows that they are in the group stay as they are, for a mask would change their sum.
    pub(super) fn new(terms: &Terms<'_>, info: &CardInfo) -> Result<Self, NoRandomNumbers> {
        let curve = terms.curve();
        let mut bases = terms.points();
        let scalars = if terms.bases().are_in_subgroup() {
            let masked = terms.masked_at_random()?;
            bases.extend(masked.base);
            masked.scalars
        } else {
            terms.reduced().collect()
        };
        let curve_on_wire = wire(curve);
        let mut bytes = Vec::with_capacity(scalars.len() * curve_on_wire.term_len());
        let coordinate = curve_on_wire.coordinate_len();
        for (base, scalar) in bases.chunks_exact(2 * coordinate).zip(&scalars) {
            for number in base.chunks_exact(coordinate) {
                bytes.extend(number.iter().rev());
            }
            debug_assert_eq!(scalar.len(), SCALAR_BYTES);
            bytes.extend(scalar.iter().rev());
        }
        let windows = count(curve, info);
        Ok(Self { curve: curve_on_wire, windows, terms: bytes, sums: Vec::new() })
    }
}

impl Requests for Multiplication {
    fn len(&self) -> usize {
        1
    }

    fn operation(&self) -> (Opcode, u16) {
        (Opcode::Multiply, self.curve.code())
    }

    fn items(&self, _index: usize) -> u16 {
        1
    }

    fn payload_len(&self, _index: usize) -> u32 {
        (LENGTH_BYTES + self.terms.len()) as u32
    }

    fn write(&self, _index: usize, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&(self.terms.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&self.terms);
    }

    fn accept(&mut self, _index: usize, frame: Frame<'_>) -> Result<(), ProtocolError> {
        for answer in reply::multiply(frame, self.curve, 1, self.windows)? {
            let sums = answer.map_err(|status| match status {
                ItemStatus::EngineTimeout => ProtocolError::EngineTimeout,
                ItemStatus::Done => ProtocolError::Damaged,
            })?;
            let numbers = sums.chunks_exact(self.curve.coordinate_len());
            self.sums = numbers.flat_map(|number| number.iter().rev().copied()).collect();
        }
        Ok(())
    }
}
