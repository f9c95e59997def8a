//! An engine of multi-scalar multiplication behind a card's stream.

use crate::msm::{Config, Curve, Engine};
use crate::prim::{Skid, Technology};
use chaincard_protocol::multiply::{Curve as Code, SCALAR_LEN, capabilities};
use rust_hdl::prelude::*;

/// Code of BN254, as a parameter of the bank.
pub(super) const BN254: usize = Code::Bn254 as usize;
/// Code of BLS12-381.
pub(super) const BLS12_381: usize = Code::Bls12_381 as usize;

/// What the bank does with an item.
#[derive(Copy, Clone, PartialEq, Debug, LogicState)]
enum BankState {
    /// Its words go to the engine.
    Terms,
    /// It is not whole terms: the engine forgets it.
    Forget,
    /// It is answered with zeros.
    Zeros,
}

/// One engine, preset `ecp5`, for the curve with code `C`, behind the ports that all banks have.
///
/// Cycles are the engine's ([`crate::msm`]): a word a cycle at most comes in, and the sums of all
/// windows go out, X, Y and Z of each, the least word first.
///
/// An item is taken when the one before is answered. One that is not one or more whole terms is
/// dropped, and answered with zeros.
#[derive(LogicBlock)]
pub(super) struct MsmBank<const C: usize> {
    pub(super) clock: Signal<In, Clock>,
    pub(super) clear: Signal<In, Bit>,
    pub(super) select: Signal<In, Bits<5>>,
    pub(super) param: Signal<In, Bits<12>>,
    pub(super) verify: Signal<In, Bit>,
    pub(super) recover: Signal<In, Bit>,
    pub(super) in_valid: Signal<In, Bit>,
    pub(super) in_ready: Signal<Out, Bit>,
    pub(super) in_data: Signal<In, Bits<32>>,
    pub(super) in_bytes: Signal<In, Bits<3>>,
    pub(super) in_last: Signal<In, Bit>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_data: Signal<Out, Bits<32>>,
    pub(super) capabilities: Signal<Out, Bits<32>>,
    pub(super) verify_capabilities: Signal<Out, Bits<9>>,
    pub(super) param_known: Signal<Out, Bit>,
    engine: Engine,
    /// Cuts the path from the engine's readiness to what is taken from the card. Data 32, last 1.
    slice: Skid<33>,
    state: DFF<BankState>,
    /// Words of the term so far.
    filled: DFF<Bits<6>>,
    /// An item is in the engine, and not answered.
    owed: DFF<Bit>,
    zeros: DFF<Bits<11>>,
    whole: Signal<Local, Bit>,
    broken: Signal<Local, Bit>,
    take: Signal<Local, Bit>,
    curve: Constant<Bits<12>>,
    present: Constant<Bits<9>>,
    last_word: Constant<Bits<6>>,
    last_zero: Constant<Bits<11>>,
}

/// Configuration of the engine for the curve with code `code`.
fn config(code: usize) -> Config {
    Config::ecp5(match code {
        BN254 => Curve::bn254(),
        BLS12_381 => Curve::bls12_381(),
        _ => Curve::bls12_377(),
    })
}

/// Words of the sums of all windows.
fn sum_words(config: &Config) -> u32 {
    (3 * config.coordinate_words() * config.windows()) as u32
}

impl<const C: usize> MsmBank<C> {
    /// Words of an answer.
    pub(super) fn digest_words() -> u32 {
        sum_words(&config(C))
    }
}

impl<const C: usize> Default for MsmBank<C> {
    fn default() -> Self {
        let config = config(C);
        assert_eq!(config.adders, 1, "the host combines the windows of one adder");
        let code = Code::ALL[C];
        let term_words = 2 * config.coordinate_words() + SCALAR_LEN / 4;
        assert_eq!(4 * term_words, code.term_len(), "the engine's terms are those of the wire");
        Self {
            clock: Default::default(),
            clear: Default::default(),
            select: Default::default(),
            param: Default::default(),
            verify: Default::default(),
            recover: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_bytes: Default::default(),
            in_last: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            capabilities: Default::default(),
            verify_capabilities: Default::default(),
            param_known: Default::default(),
            engine: Engine::new(&config, Technology::Ecp5),
            slice: Default::default(),
            state: Default::default(),
            filled: Default::default(),
            owed: Default::default(),
            zeros: Default::default(),
            whole: Default::default(),
            broken: Default::default(),
            take: Default::default(),
            curve: Constant::new(u64::from(code.code()).to_bits()),
            present: Constant::new(u64::from(capabilities(&[code], config.window)).to_bits()),
            last_word: Constant::new((term_words as u64 - 1).to_bits()),
            last_zero: Constant::new(u64::from(sum_words(&config) - 1).to_bits()),
        }
    }
}

impl<const C: usize> Logic for MsmBank<C> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state, filled, owed, zeros);
        clock!(self, clock, engine, slice);
        // No hash core.
        self.capabilities.next = 0.into();
        self.verify_capabilities.next = self.present.val();
        self.param_known.next = self.param.val() == self.curve.val();

        self.engine.clear.next = self.clear.val();
        self.slice.reset.next = self.clear.val();
        self.slice.in_valid.next = false;
        self.slice.in_data.next = bit_cast::<33, 32>(self.in_data.val()) << 1;
        if self.in_last.val() {
            self.slice.in_data.next = (bit_cast::<33, 32>(self.in_data.val()) << 1) | 1;
        }
        self.engine.in_valid.next = self.slice.out_valid.val();
        self.engine.in_data.next = self.slice.out_data.val().get_bits::<32>(1);
        self.engine.in_last.next = self.slice.out_data.val().get_bit(0);
        self.slice.out_ready.next = self.engine.in_ready.val();
        self.engine.out_ready.next = self.out_ready.val();
        self.in_ready.next = false;
        self.out_valid.next = self.engine.out_valid.val();
        self.out_data.next = self.engine.out_data.val();
        self.whole.next =
            (self.filled.q.val() == self.last_word.val()) & (self.in_bytes.val() == 4);
        self.broken.next = self.in_last.val() & !self.whole.val();
        self.take.next = false;
        match self.state.q.val() {
            BankState::Terms => {
                if self.in_valid.val() & !self.owed.q.val() {
                    self.take.next = self.slice.in_ready.val() | self.broken.val();
                    self.slice.in_valid.next = !self.broken.val();
                }
                self.in_ready.next = self.take.val();
                if self.take.val() {
                    self.filled.d.next = self.filled.q.val() + 1;
                    if self.whole.val() | self.in_last.val() {
                        self.filled.d.next = 0.into();
                    }
                    self.owed.d.next = self.in_last.val() & self.whole.val();
                    if self.broken.val() {
                        self.state.d.next = BankState::Forget;
                    }
                }
            }
            BankState::Forget => {
                self.engine.clear.next = true;
                self.slice.reset.next = true;
                self.zeros.d.next = 0.into();
                self.state.d.next = BankState::Zeros;
            }
            BankState::Zeros => {
                self.out_valid.next = true;
                self.out_data.next = 0.into();
                if self.out_ready.val() {
                    self.zeros.d.next = self.zeros.q.val() + 1;
                    if self.zeros.q.val() == self.last_zero.val() {
                        self.state.d.next = BankState::Terms;
                    }
                }
            }
            _ => {
                self.state.d.next = BankState::Terms;
            }
        }
        if self.engine.out_valid.val() & self.engine.out_last.val() & self.out_ready.val() {
            self.owed.d.next = false;
        }
        if self.clear.val() {
            self.state.d.next = BankState::Terms;
            self.filled.d.next = 0.into();
            self.owed.d.next = false;
        }
    }
}
