//! The engine of multi-scalar multiplication under Verilator: terms in, sums of windows and cycles
//! out.

mod combine;
pub mod cycles;
mod device;

pub use combine::combine;
pub use device::{EngineDevice, gates, register};

use ark_ec::CurveGroup;
use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ff::{AdditiveGroup, Field, PrimeField, Zero};

use chaincard_hdl::emit;
use chaincard_hdl::msm::{Adders, Config, Engine};
use chaincard_hdl::prim::Technology;
use chaincard_reference::msm::G1;
use chaincard_reference::msm::encoding::encode_point;

use crate::SimError;
use crate::stream::{Limits, Pacer, PortNames, Stalls};
use crate::verilator::{Model, StreamPorts};

/// Top module.
const TOP: &str = "msm";

/// Bytes of a word of the engine's streams.
const WORD_BYTES: usize = 4;

/// Most cycles between two transfers: all buckets are summed after the last term.
const IDLE: u64 = 100_000_000;

/// A base in the encoding of `docs/msm.md`, and a scalar below r, big-endian.
pub type EncodedTerm<'a> = (&'a [u8], [u8; 32]);

/// Sums of windows: X, Y, Z, big-endian, of each, window 0 first, as bytes.
pub type SumBytes = Vec<u8>;

/// An engine of whatever curve, on bytes.
pub struct Machine {
    model: Model,
    ports: StreamPorts,
    config: Config,
    stalls: Stalls,
}

impl Machine {
    /// The engine of `config` on streams that stall like that: an [`Engine`], or [`Adders`] if there
    /// are several.
    ///
    /// # Errors
    /// [`SimError::VerilatorNotFound`] and whatever building says.
    pub fn new(config: Config, stalls: Stalls) -> Result<Self, SimError> {
        let design = || match config.adders {
            1 => emit::verilog(&mut Engine::new(&config, Technology::Ecp5), TOP),
            2 => adders::<2>(&config),
            4 => adders::<4>(&config),
            _ => adders::<8>(&config),
        };
        Self::of(&emit::with_large_stack(design), config, stalls)
    }

    /// [`Adders`] of one adder, which are to do what an [`Engine`] does.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn one_of_adders(config: Config, stalls: Stalls) -> Result<Self, SimError> {
        let verilog = emit::with_large_stack(|| adders::<1>(&config));
        Self::of(&verilog, config, stalls)
    }

    fn of(verilog: &str, config: Config, stalls: Stalls) -> Result<Self, SimError> {
        let mut model = Model::new(verilog, TOP)?;
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

    /// The sums of these terms, of which there is one at least; and the cycles from the first word
    /// that is taken.
    ///
    /// # Errors
    /// [`SimError::Stuck`] if not all sums come.
    pub fn run(&mut self, terms: &[EncodedTerm<'_>]) -> Result<(SumBytes, u64), SimError> {
        let (sums, cycles) = self.run_all(&[terms])?;
        Ok((sums.concat(), cycles))
    }

    /// The sums of each of these multiplications, whose words are offered one after another without
    /// waiting for sums; and the cycles of all.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    pub fn run_all(
        &mut self,
        multiplications: &[&[EncodedTerm<'_>]],
    ) -> Result<(Vec<SumBytes>, u64), SimError> {
        let fields: Vec<u64> =
            multiplications.iter().flat_map(|terms| self.fields(terms)).collect();
        let coordinate_words = self.config.coordinate_words();
        let sum_words = 3 * coordinate_words * self.config.windows();
        let wanted = sum_words * multiplications.len();
        let run = self.model.stream(
            &self.ports,
            &fields,
            &mut Pacer::new(self.stalls),
            &Limits { cycles: u64::MAX, idle: IDLE, settle: IDLE, words: wanted },
        );
        let mut data = Vec::with_capacity(wanted);
        let mut lasts = Vec::new();
        for (index, word) in run.words.chunks(2).enumerate() {
            data.push(word[0] as u32);
            lasts.extend((word[1] == 1).then_some(index));
        }
        let ends = (1..=multiplications.len()).map(|count| count * sum_words - 1);
        if !ends.eq(lasts) || run.taken != fields.len() / 2 {
            return Err(SimError::Stuck { idle: IDLE, found: data.len(), wanted });
        }
        let big_endian = |number: &[u32]| -> Vec<u8> {
            number.iter().rev().flat_map(|word| word.to_be_bytes()).collect()
        };
        let numbers = |words: &[u32]| words.chunks(coordinate_words).flat_map(big_endian).collect();
        let sums = data.chunks(sum_words).map(numbers).collect();
        Ok((sums, run.cycles - run.taken_at[0]))
    }

    /// Offers these terms for so many cycles, drops what comes out, and clears the engine.
    ///
    /// # Errors
    /// [`SimError::Ports`] if it has no `clear`.
    pub fn abandon(&mut self, terms: &[EncodedTerm<'_>], cycles: u64) -> Result<(), SimError> {
        let fields = self.fields(terms);
        let limits = Limits { cycles, idle: IDLE, settle: IDLE, words: usize::MAX };
        self.model.stream(&self.ports, &fields, &mut Pacer::new(self.stalls), &limits);
        // A word may be on offer in the cycle of `clear`.
        let (clock, clear) = (self.model.port("clock")?, self.model.port("clear")?);
        self.model.set(clear, 1);
        self.model.run(clock, 1);
        self.model.set(clear, 0);
        Ok(())
    }

    /// Words of a multiplication, each with whether it is the last one.
    fn fields(&self, terms: &[EncodedTerm<'_>]) -> Vec<u64> {
        let words = |bytes: &[u8]| -> Vec<u64> {
            let word =
                |bytes: &[u8]| bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            bytes.rchunks(WORD_BYTES).map(word).collect()
        };
        let mut fields = Vec::new();
        for (base, scalar) in terms {
            for number in base.chunks(base.len() / 2).chain([scalar.as_slice()]) {
                let mut number = words(number);
                let whole = if number.len() == 8 { 8 } else { self.config.coordinate_words() };
                number.resize(whole, 0);
                fields.extend(number.into_iter().flat_map(|word| [word, 0]));
            }
        }
        if let Some(last) = fields.last_mut() {
            *last = 1;
        }
        fields
    }
}

/// Verilog of [`Adders`].
fn adders<const A: usize>(config: &Config) -> String {
    emit::verilog(&mut Adders::<A>::new(config, Technology::Ecp5), TOP)
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
    /// The result on an engine of `config`: the total is doubled bit by bit from the highest weight
    /// of a window, and each sum is added at its weight.
    pub fn total(&self, config: &Config) -> Affine<C> {
        let weights = config.weights();
        let mut total = Projective::<C>::zero();
        for bit in (0..=weights.last().copied().unwrap_or(0)).rev() {
            total.double_in_place();
            for (sum, _) in self.windows.iter().zip(&weights).filter(|(_, weight)| **weight == bit)
            {
                total += sum;
            }
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
    Ok(Sums { windows: points(machine.config(), &numbers)?, cycles })
}

/// The points that an engine of `config` gave, which is of the curve `C`.
///
/// # Errors
/// [`SimError::NoPoint`] of a sum that is off the curve.
pub fn points<C: G1>(config: &Config, sums: &[u8]) -> Result<Vec<Affine<C>>, SimError> {
    sums.chunks(3 * WORD_BYTES * config.coordinate_words())
        .enumerate()
        .map(|(window, numbers)| point(numbers).ok_or(SimError::NoPoint { window }))
        .collect()
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
