//! The engine of multi-scalar multiplication under Verilator: terms in, sums of windows and cycles
//! out.

pub mod cycles;
mod device;

pub use device::{EngineDevice, gates, register};

use ark_ec::CurveGroup;
use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ff::{AdditiveGroup, Field, PrimeField, Zero};

use chaincard_hdl::emit;
use chaincard_hdl::msm::{Config, Engine};
use chaincard_hdl::prim::Technology;
use chaincard_reference::msm::G1;
use chaincard_reference::msm::encoding::encode_point;

use crate::SimError;
use crate::stream::{Limits, Pacer, PortNames, Stalls};
use crate::verilator::{Model, StreamPorts};

/// Bytes of a word of the engine's streams.
const WORD_BYTES: usize = 4;

/// Most cycles between two transfers: all buckets are summed after the last term.
const IDLE: u64 = 100_000_000;

/// A base in the encoding of `docs/msm.md`, and a scalar below r, big-endian.
pub type EncodedTerm<'a> = (&'a [u8], [u8; 32]);

/// An engine of whatever curve, on bytes.
pub struct Machine {
    model: Model,
    ports: StreamPorts,
    config: Config,
    stalls: Stalls,
}

impl Machine {
    /// The engine of `config` on streams that stall like that.
    ///
    /// # Errors
    /// [`SimError::VerilatorNotFound`] and whatever building says.
    pub fn new(config: Config, stalls: Stalls) -> Result<Self, SimError> {
        let design = || emit::verilog(&mut Engine::new(&config, Technology::Ecp5), "msm");
        let mut model = Model::new(&emit::with_large_stack(design), "msm")?;
        let ports = model.stream_ports(&PortNames {
            clock: "clock",
            input: ("in_valid", "in_ready"),
            in_fields: &["in_data", "in_last"],
            output: ("out_valid", "out_ready"),
            out_fields: &["out_data", "out_last"],
        })?;
        model.set(model.port("clear")?, 0);
        Ok(Self { model, ports, config, stalls })
    }

    /// Its configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// X, Y, Z, big-endian, of the sum of each window, window 0 first, of these terms, of which
    /// there is one at least; and the cycles from the first word that is taken.
    ///
    /// # Errors
    /// [`SimError::Stuck`] if not all sums come.
    pub fn run(&mut self, terms: &[EncodedTerm<'_>]) -> Result<(Vec<u8>, u64), SimError> {
        let length = WORD_BYTES * self.config.coordinate_words();
        let words = |bytes: &[u8]| -> Vec<u64> {
            let word =
                |bytes: &[u8]| bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            bytes.rchunks(WORD_BYTES).map(word).collect()
        };
        let mut fields = Vec::new();
        for (index, (base, scalar)) in terms.iter().enumerate() {
            for number in base.chunks(base.len() / 2).chain([scalar.as_slice()]) {
                let mut number = words(number);
                let whole = if number.len() == 8 { 8 } else { self.config.coordinate_words() };
                number.resize(whole, 0);
                fields.extend(number.into_iter().flat_map(|word| [word, 0]));
            }
            if index + 1 == terms.len()
                && let Some(last) = fields.last_mut()
            {
                *last = 1;
            }
        }
        let wanted = 3 * self.config.coordinate_words() * self.config.windows();
        let run = self.model.stream(
            &self.ports,
            &fields,
            &mut Pacer::new(self.stalls),
            &Limits { cycles: u64::MAX, idle: IDLE, settle: IDLE, words: wanted },
        );
        let mut data = Vec::with_capacity(WORD_BYTES * wanted);
        let mut lasts = Vec::new();
        for (index, word) in run.words.chunks(2).enumerate() {
            data.push(word[0] as u32);
            lasts.extend((word[1] == 1).then_some(index));
        }
        if lasts != [wanted - 1] || run.taken != fields.len() / 2 {
            return Err(SimError::Stuck { idle: IDLE, found: data.len(), wanted });
        }
        let big_endian = |number: &[u32]| -> Vec<u8> {
            number.iter().rev().flat_map(|word| word.to_be_bytes()).collect()
        };
        let numbers = data.chunks(length / WORD_BYTES).flat_map(big_endian).collect();
        Ok((numbers, run.cycles - run.taken_at[0]))
    }
}

/// What came out of a multiplication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums<C: G1> {
    /// The sums of the windows.
    pub windows: Vec<Affine<C>>,
    /// Cycles from the first word of a term that is taken.
    pub cycles: u64,
}

impl<C: G1> Sums<C> {
    /// The result: window by window from the last, the total doubled `width` times, then the sum.
    pub fn total(&self, width: u32) -> Affine<C> {
        let mut total = Projective::<C>::zero();
        for sum in self.windows.iter().rev() {
            for _ in 0..width {
                total.double_in_place();
            }
            total += sum;
        }
        total.into_affine()
    }
}

/// The sums of the windows of these terms on `machine`, which is of the curve `C`.
///
/// # Errors
/// Those of [`Machine::run`], and [`SimError::NoPoint`] of a sum that is off the curve.
pub fn sums<C: G1>(
    machine: &mut Machine,
    terms: &[(Affine<C>, [u8; 32])],
) -> Result<Sums<C>, SimError> {
    let bases: Vec<_> = terms.iter().map(|(base, _)| encode_point(base)).collect();
    let encoded: Vec<_> =
        bases.iter().zip(terms).map(|(base, (_, scalar))| (base.as_slice(), *scalar)).collect();
    let (numbers, cycles) = machine.run(&encoded)?;
    let windows = numbers
        .chunks(3 * WORD_BYTES * machine.config().coordinate_words())
        .enumerate()
        .map(|(window, numbers)| point(numbers).ok_or(SimError::NoPoint { window }))
        .collect::<Result<_, _>>()?;
    Ok(Sums { windows, cycles })
}

/// The point of projective coordinates, big-endian.
fn point<C: G1>(numbers: &[u8]) -> Option<Affine<C>> {
    let mut coordinates =
        numbers.chunks(numbers.len() / 3).map(C::BaseField::from_be_bytes_mod_order);
    let (x, y, z) = (coordinates.next()?, coordinates.next()?, coordinates.next()?);
    let Some(inverse) = z.inverse() else {
        // Infinity is 0, y, 0 with y ≠ 0.
        return (x.is_zero() && !y.is_zero()).then(Affine::identity);
    };
    let point = Affine::new_unchecked(x * inverse, y * inverse);
    point.is_on_curve().then_some(point)
}
