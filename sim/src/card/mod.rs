//! The virtual card: a [`Transport`] whose other end is a simulated top.
//!
//! | name | top | link |
//! | --- | --- | --- |
//! | `verify-axi` | `AxiTopVerify`, one verification engine and every hash core | AXI4-Stream, a word a cycle |
//! | `secp256k1-axi` | `AxiTopSecp256k1`, one engine for secp256k1, and SHA-256 | as `verify-axi` |
//! | `secp256k1x8-axi` | `AxiTopSecp256k1x8`, eight of these engines, and SHA-256 | as `verify-axi` |
//! | `msm-bn254-axi` | `AxiTopMsmBn254`, one engine of multi-scalar multiplication | as `verify-axi` |
//! | `msm-bls12-381-axi` | `AxiTopMsmBls12_381`, the same on BLS12-381 | as `verify-axi` |
//! | `hash-axi` | `AxiTop`, every hash core | as `verify-axi` |
//! | `sha256-axi` | `AxiTopSha256`, SHA-256 alone: quicker to simulate | as `verify-axi` |
//! | `hash-uart` | `UartTop` | the UART's bits, 4 cycles each |
//! | `hash-ulx3s-85f` | `UartTop` as on that board | the UART's bits, 25 cycles each |
//!
//! `@native` or `@verilator` behind the name chooses the engine; without it the card runs
//! under Verilator when there is one, natively otherwise. Without a name it is `verify-axi` under
//! Verilator and `hash-axi` natively, where an engine would take minutes for a signature.

mod axi;
mod broken;
mod flip;
mod gates;
mod model;
mod signatures;
mod sums;

pub use broken::{Lie, ModelFault};
pub use flip::RegisterFault;
pub use model::ModelCard;

use crate::SimError;
use axi::{AxiDesign, NativeAxi, VerilatedAxi};
use chaincard::{DeviceKind, Registry, Transport, TransportError};
use chaincard_hdl::card::{
    AxiTop, AxiTopMsmBls12_381, AxiTopMsmBn254, AxiTopSecp256k1, AxiTopSecp256k1x8, AxiTopSha256,
    AxiTopVerify, CardConfig,
};
use chaincard_hdl::emit;
use gates::{Gates, NativeUart, UartCard, VerilatedUart, WordCard};
use std::collections::VecDeque;
use std::fmt;
use std::time::Instant;

/// What a user may type behind `sim:`.
pub const SYNTAX: &str = "sim[:verify-axi|secp256k1-axi|secp256k1x8-axi|msm-bn254-axi|msm-bls12-381-axi|hash-axi|sha256-axi|hash-uart|hash-ulx3s-85f][@native|@verilator]";

/// Bytes that may wait to go into a card; beyond, sending simulates until there is room.
const MAX_WAITING: usize = 1 << 20;

/// How a design is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The RustHDL design itself.
    Native,
    /// The emitted Verilog under Verilator.
    Verilator,
}

/// Names of the simulated cards.
pub const IMAGES: [&str; 9] = [
    "verify-axi",
    "secp256k1-axi",
    "secp256k1x8-axi",
    "msm-bn254-axi",
    "msm-bls12-381-axi",
    "hash-axi",
    "sha256-axi",
    "hash-uart",
    "hash-ulx3s-85f",
];

/// The card that is quickest to simulate.
const QUICK: &str = "sha256-axi";

/// A simulated card. It runs while somebody sends or receives, and stands still otherwise.
pub struct SimulatedCard {
    gates: Box<dyn Gates>,
    image: &'static str,
    engine: Engine,
    fallback: Option<NativeFallback>,
    /// Cycles without any movement after which no answer will come.
    patience: u64,
    /// Cycle of the last movement.
    moved_at: u64,
    to_card: VecDeque<u8>,
    from_card: VecDeque<u8>,
}

impl SimulatedCard {
    /// The card that `spec` names: `[IMAGE][@ENGINE]`, empty for the default.
    ///
    /// # Errors
    /// [`SimError::CardName`] for a name that there is not; with an engine named, what keeps
    /// it from running; without, only what keeps native simulation from running and what a
    /// Verilator that is there says against the design.
    pub fn open(spec: &str) -> Result<Self, SimError> {
        let unknown = || SimError::CardName { found: spec.to_owned(), allowed: SYNTAX };
        let (image, engine) = match spec.split_once('@') {
            None => (spec, None),
            Some((image, "native")) => (image, Some(Engine::Native)),
            Some((image, "verilator")) => (image, Some(Engine::Verilator)),
            Some(_) => return Err(unknown()),
        };
        let image = match image {
            "" => None,
            _ => Some(IMAGES.into_iter().find(|&name| name == image).ok_or_else(unknown)?),
        };
        let open = |engine| Self::with_engine(image.unwrap_or(default_image(engine)), engine);
        match engine {
            Some(engine) => open(engine),
            None => match open(Engine::Verilator) {
                Err(SimError::VerilatorNotFound) => {
                    let mut card = open(Engine::Native)?;
                    card.fallback = Some(NativeFallback { image: card.image });
                    Ok(card)
                }
                opened => opened,
            },
        }
    }

    /// The card `verify-axi` under Verilator, with a fault in its gates.
    ///
    /// # Errors
    /// [`SimError::VerilatorNotFound`] and whatever building says.
    pub fn with_fault(fault: RegisterFault) -> Result<Self, SimError> {
        let config = CardConfig::SIMULATION_VERIFY;
        let module = <AxiTopVerify as AxiDesign>::MODULE;
        let verilog = fault.put_into(&emit::verilog(&mut AxiTopVerify::new(config), module))?;
        let gates = Box::new(WordCard::new(VerilatedAxi::of(&verilog, module)?));
        Ok(Self::new("verify-axi", Engine::Verilator, config, gates))
    }

    fn with_engine(image: &'static str, engine: Engine) -> Result<Self, SimError> {
        let config = match image {
            "hash-ulx3s-85f" => CardConfig::ULX3S,
            "verify-axi" | "secp256k1-axi" | "secp256k1x8-axi" => CardConfig::SIMULATION_VERIFY,
            "msm-bn254-axi" | "msm-bls12-381-axi" => CardConfig::SIMULATION_MSM,
            _ => CardConfig::SIMULATION,
        };
        let gates: Box<dyn Gates> = match (image, engine) {
            ("hash-axi", _) => word_card::<AxiTop>(engine, config)?,
            ("sha256-axi", _) => word_card::<AxiTopSha256>(engine, config)?,
            ("verify-axi", _) => word_card::<AxiTopVerify>(engine, config)?,
            ("secp256k1-axi", _) => word_card::<AxiTopSecp256k1>(engine, config)?,
            ("secp256k1x8-axi", _) => word_card::<AxiTopSecp256k1x8>(engine, config)?,
            ("msm-bn254-axi", _) => word_card::<AxiTopMsmBn254>(engine, config)?,
            ("msm-bls12-381-axi", _) => word_card::<AxiTopMsmBls12_381>(engine, config)?,
            (_, Engine::Native) => Box::new(UartCard::new(NativeUart::new(config)?, &config)),
            (_, Engine::Verilator) => Box::new(UartCard::new(VerilatedUart::new(config)?, &config)),
        };
        Ok(Self::new(image, engine, config, gates))
    }

    fn new(image: &'static str, engine: Engine, config: CardConfig, gates: Box<dyn Gates>) -> Self {
        // After both timeouts the card has either answered or given up.
        let patience = 2 * (u64::from(config.link_timeout) + u64::from(config.engine_timeout));
        let (to_card, from_card) = Default::default();
        let fallback = None;
        Self { gates, image, engine, fallback, patience, moved_at: 0, to_card, from_card }
    }

    /// How it is simulated.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// What to tell the user when no engine was named and there is no Verilator.
    pub fn fallback(&self) -> Option<NativeFallback> {
        self.fallback
    }

    /// One step of the simulation.
    fn step(&mut self) -> Result<(), TransportError> {
        let moved = self
            .gates
            .step(&mut self.to_card, &mut self.from_card)
            .map_err(|error| TransportError::Io(std::io::Error::other(error)))?;
        if moved {
            self.moved_at = self.gates.cycles();
        }
        Ok(())
    }
}

/// The card without a name.
fn default_image(engine: Engine) -> &'static str {
    match engine {
        Engine::Verilator => "verify-axi",
        Engine::Native => "hash-axi",
    }
}

/// A card behind AXI4-Stream.
fn word_card<D: AxiDesign>(engine: Engine, config: CardConfig) -> Result<Box<dyn Gates>, SimError> {
    emit::with_large_stack(|| {
        let gates: Box<dyn Gates> = match engine {
            Engine::Native => Box::new(WordCard::new(NativeAxi::<D>::new(config)?)),
            Engine::Verilator => Box::new(WordCard::new(VerilatedAxi::new::<D>(config)?)),
        };
        Ok(gates)
    })
}

/// A card runs natively because there is no Verilator: right, but slow. Its text is a line for
/// the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeFallback {
    /// One of [`IMAGES`].
    pub image: &'static str,
}

impl fmt::Display for NativeFallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no Verilator: {} is simulated natively, which is slow; `cargo xtask test` installs \
             Verilator into .venv, or set CHAINCARD_VERILATOR",
            self.image
        )?;
        if self.image == QUICK {
            return Ok(());
        }
        write!(f, "; for blocks, sim:{QUICK} is the quicker card")
    }
}

impl Transport for SimulatedCard {
    fn send(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        self.to_card.extend(bytes);
        self.moved_at = self.gates.cycles();
        while self.to_card.len() > MAX_WAITING {
            self.step()?;
            if Instant::now() >= deadline {
                return Err(TransportError::Timeout);
            }
        }
        Ok(())
    }

    /// Simulates until the card has given something, the deadline has passed, or the card has
    /// stood still for longer than its own timeouts: then no answer will come, and the call
    /// fails at once.
    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        while self.from_card.is_empty() {
            self.step()?;
            let quiet = self.gates.cycles() - self.moved_at;
            let over = quiet > self.patience || Instant::now() >= deadline;
            if over && self.from_card.is_empty() {
                return Err(TransportError::Timeout);
            }
        }
        Ok(take(&mut self.from_card, buffer))
    }

    fn reset(&mut self) -> Result<(), TransportError> {
        self.to_card.clear();
        self.from_card.clear();
        self.gates.reset_link();
        Ok(())
    }

    fn description(&self) -> String {
        let engine = match self.engine {
            Engine::Native => "natively",
            Engine::Verilator => "by Verilator",
        };
        format!("image {} simulated {engine}", self.image)
    }

    fn simulated_cycles(&self) -> Option<u64> {
        Some(self.gates.cycles())
    }
}

/// Moves bytes to `buffer`; how many.
pub(crate) fn take(from: &mut VecDeque<u8>, buffer: &mut [u8]) -> usize {
    let count = from.len().min(buffer.len());
    buffer.iter_mut().zip(from.drain(..count)).for_each(|(to, byte)| *to = byte);
    count
}

/// `registry` with the scheme `sim`.
#[must_use]
pub fn register(registry: Registry) -> Registry {
    register_with(registry, |_| ())
}

/// As [`register`]; `notice` is called each time a card is opened that runs natively because
/// there is no Verilator.
#[must_use]
pub fn register_with(
    registry: Registry,
    notice: impl Fn(NativeFallback) + Send + Sync + 'static,
) -> Registry {
    crate::msm::register(registry).with_scheme(
        "sim",
        SYNTAX,
        "card in simulation: gates of the emitted RTL",
        DeviceKind::Simulated,
        move |spec| {
            let card = SimulatedCard::open(spec)?;
            if let Some(fallback) = card.fallback() {
                notice(fallback);
            }
            Ok(Box::new(card))
        },
    )
}
