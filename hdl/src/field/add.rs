//! The adder.
//!
//! Stages; a cycle is the one in which the stage has its first digit:
//! 1. Which operand may be subtracted (cycle 2), shifted digits (cycle 3), their sum (cycle 4).
//! 2. Carries (cycle 5), and the flags.
//! 3. What is above 2^256, less than 2^6 in size, times 2^256 mod p (cycle 24).
//! 4. Carries again (cycle 26).
//!
//! Area and clock of the unit alone between registers, with yosys 0.70 and nextpnr-ecp5 0.11.1
//! (85F, speed grade 6, seed 1): 382 COMB, 731 FF, 224 MHz.
//!
//! Ranges: 8·x + 8·y of `Lazy` numbers is in −2^261 … 2^261, so that what is above 2^256 is in
//! −32 … 31, and 32·(2^256 mod p) < 2^230: the result is `Lazy`.

use rust_hdl::prelude::*;

use super::fold::{Copies, Multiple};
use crate::prim::{ChoiceAdder, Register, ShiftRegister, Technology, Term, TermAdder};

/// What an [`AddUnit`] computes of its shifted operands, as its port `func` encodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Func {
    /// x + y.
    Sum = 0,
    /// x − y.
    Difference = 1,
    /// x.
    Copy = 2,
    /// −x.
    Negative = 3,
    /// −x where `sign` is high, else x.
    Signed = 4,
}

/// One linear combination of two numbers per slot.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `phase` | in | the slot counter |
/// | `sx`, `sy` | in | places by which the operands move left; sampled in cycle 0 |
/// | `func`, `sign` | in | [`Func`] of them; sampled in cycle 0 |
/// | `fold`, `curve` | in | whether and modulo which [`Curve`](super::Curve) to reduce; sampled in cycle 0 |
/// | `x`, `y` | in | digit i in cycle i; class `Wide` (`Lazy` where `fold` is high) |
/// | `out` | out | digit i in cycle [`LATENCY`](Self::LATENCY) + i |
/// | `zero`, `negative`, `odd` | out | of the result where `fold` is low; from cycle [`FLAGS`](Self::FLAGS) for a slot |
///
/// The result is `Lazy` where `fold` is high. Otherwise it is the exact integer, class `Wide`;
/// beyond it the last digit wraps, and the flags are those of the wrapped number.
#[derive(LogicBlock)]
pub struct AddUnit {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Cycle of the slot.
    pub phase: Signal<In, Bits<4>>,
    /// Places by which `x` moves left.
    pub sx: Signal<In, Bits<2>>,
    /// Places by which `y` moves left.
    pub sy: Signal<In, Bits<2>>,
    /// What to compute.
    pub func: Signal<In, Bits<3>>,
    /// Sign for [`Func::Signed`].
    pub sign: Signal<In, bool>,
    /// Reduce the result.
    pub fold: Signal<In, bool>,
    /// Modulo what.
    pub curve: Signal<In, Bits<2>>,
    /// First operand.
    pub x: Signal<In, Bits<18>>,
    /// Second operand.
    pub y: Signal<In, Bits<18>>,
    /// Result.
    pub out: Signal<Out, Bits<18>>,
    /// It is 0.
    pub zero: Signal<Out, bool>,
    /// It is below 0.
    pub negative: Signal<Out, bool>,
    /// Its lowest bit.
    pub odd: Signal<Out, bool>,

    /// Bits 1 … 0 and 3 … 2: places of the operands. 4: one operand only. 5: subtract. 9 … 6:
    /// fold by Montgomery's, P-256's, a plain or secp256k1's prime.
    control: [DFF<Bits<10>>; 5],
    decoded: Signal<Local, Bits<10>>,
    mode: Signal<Local, Bits<4>>,
    single: Signal<Local, Bit>,
    subtract: Signal<Local, Bit>,
    fold_20: DFF<Bits<4>>,
    fold_21: DFF<Bits<4>>,
    fold_22: DFF<Bits<4>>,

    x_in: DFF<Bits<18>>,
    y_in: DFF<Bits<18>>,
    first: DFF<Bits<18>>,
    second: DFF<Bits<18>>,
    first_wide: Signal<Local, Bits<21>>,
    second_wide: Signal<Local, Bits<21>>,
    first_shifted: Register<21>,
    second_shifted: DFF<Bits<21>>,
    total: TermAdder<21, 21, 22>,
    carried: TermAdder<22, 8, 24>,

    kept_digit: Signal<Local, Bits<18>>,
    kept: ShiftRegister<18>,
    some_bit: DFF<Bit>,
    some_digit: DFF<Bit>,
    zero_flag: DFF<Bit>,
    last_negative: DFF<Bit>,
    negative_flag: DFF<Bit>,
    first_odd: DFF<Bit>,
    odd_flag: DFF<Bit>,

    above: DFF<Bits<8>>,
    above_digit: Register<8>,
    above_age: [DFF<Bits<8>>; 3],
    two_up: Register<8>,
    multiple: Multiple<8, 12, 14, 18>,
    copies: Copies,
    based: ChoiceAdder<18, 8, 8, 20>,
    folded: TermAdder<20, 18, 20>,
    last: TermAdder<20, 4, 20>,
    result: DFF<Bits<18>>,
}

impl AddUnit {
    /// Cycle in which the first digit of the result is on its port.
    pub const LATENCY: usize = 27;

    /// First of the 16 cycles in which the flags are on their ports.
    pub const FLAGS: usize = 22;

    /// With the cells of `technology`.
    pub fn new(technology: Technology) -> Self {
        const SIGNED: Term = Term::SIGNED;
        Self {
            clock: Default::default(),
            phase: Default::default(),
            sx: Default::default(),
            sy: Default::default(),
            func: Default::default(),
            sign: Default::default(),
            fold: Default::default(),
            curve: Default::default(),
            x: Default::default(),
            y: Default::default(),
            out: Default::default(),
            zero: Default::default(),
            negative: Default::default(),
            odd: Default::default(),
            control: Default::default(),
            decoded: Default::default(),
            mode: Default::default(),
            single: Default::default(),
            subtract: Default::default(),
            fold_20: Default::default(),
            fold_21: Default::default(),
            fold_22: Default::default(),
            x_in: Default::default(),
            y_in: Default::default(),
            first: Default::default(),
            second: Default::default(),
            first_wide: Default::default(),
            second_wide: Default::default(),
            first_shifted: Default::default(),
            second_shifted: Default::default(),
            total: TermAdder::new(SIGNED, SIGNED, technology),
            carried: TermAdder::new(SIGNED, SIGNED, technology),
            kept_digit: Default::default(),
            kept: ShiftRegister::zeros(18),
            some_bit: Default::default(),
            some_digit: Default::default(),
            zero_flag: Default::default(),
            last_negative: Default::default(),
            negative_flag: Default::default(),
            first_odd: Default::default(),
            odd_flag: Default::default(),
            above: Default::default(),
            above_digit: Default::default(),
            above_age: Default::default(),
            two_up: Default::default(),
            multiple: Multiple::new(technology),
            copies: Copies::new(6, technology),
            based: ChoiceAdder::new(SIGNED, SIGNED, SIGNED, technology),
            folded: TermAdder::new(SIGNED, SIGNED, technology),
            last: TermAdder::new(SIGNED, SIGNED, technology),
            result: Default::default(),
        }
    }
}

impl Default for AddUnit {
    /// With the cells of the ECP5.
    fn default() -> Self {
        Self::new(Technology::Ecp5)
    }
}

impl Logic for AddUnit {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, fold_20, fold_21, fold_22, x_in, y_in, first, second);
        dff_setup!(self, clock, second_shifted, some_bit, some_digit, zero_flag);
        dff_setup!(self, clock, last_negative, negative_flag, first_odd, odd_flag);
        dff_setup!(self, clock, above, result);
        clock!(self, clock, first_shifted, total, carried, kept, above_digit, two_up);
        clock!(self, clock, multiple, copies, based, folded, last);
        for i in 0..5 {
            self.control[i].clock.next = self.clock.val();
        }
        for i in 0..3 {
            self.above_age[i].clock.next = self.clock.val();
        }

        self.mode.next = 0.into();
        if self.fold.val() {
            if self.curve.val() == 0 {
                self.mode.next = 12.into();
            }
            if self.curve.val() == 1 {
                self.mode.next = 1.into();
            }
            if self.curve.val() == 2 {
                self.mode.next = 4.into();
            }
            if self.curve.val() == 3 {
                self.mode.next = 3.into();
            }
        }
        self.single.next = (self.func.val() != 0) & (self.func.val() != 1);
        self.subtract.next = (self.func.val() == 1)
            | (self.func.val() == 3)
            | ((self.func.val() == 4) & self.sign.val());
        self.decoded.next = bit_cast::<10, 2>(self.sx.val())
            | (bit_cast::<10, 2>(self.sy.val()) << 2)
            | (bit_cast::<10, 1>(self.single.val().into()) << 4)
            | (bit_cast::<10, 1>(self.subtract.val().into()) << 5)
            | (bit_cast::<10, 4>(self.mode.val()) << 6);
        if self.single.val() {
            self.decoded.next = bit_cast::<10, 2>(self.sx.val())
                | (bit_cast::<10, 2>(self.sx.val()) << 2)
                | (bit_cast::<10, 1>(self.single.val().into()) << 4)
                | (bit_cast::<10, 1>(self.subtract.val().into()) << 5)
                | (bit_cast::<10, 4>(self.mode.val()) << 6);
        }
        self.control[0].d.next = self.control[0].q.val();
        if self.phase.val() == 0 {
            self.control[0].d.next = self.decoded.val();
        }
        for i in 1..5 {
            self.control[i].d.next = self.control[i - 1].q.val();
        }

        // Only the second operand may be subtracted, so an operand alone is the second.
        self.x_in.d.next = self.x.val();
        self.y_in.d.next = self.y.val();
        self.first.d.next = self.x_in.q.val();
        self.second.d.next = self.y_in.q.val();
        if self.control[0].q.val().get_bit(4) {
            self.second.d.next = self.x_in.q.val();
        }
        self.first_wide.next = bit_cast::<21, 18>(self.first.q.val());
        if self.first.q.val().get_bit(17) {
            self.first_wide.next = bit_cast::<21, 18>(self.first.q.val()) | 0x1C_0000;
        }
        self.second_wide.next = bit_cast::<21, 18>(self.second.q.val());
        if self.second.q.val().get_bit(17) {
            self.second_wide.next = bit_cast::<21, 18>(self.second.q.val()) | 0x1C_0000;
        }
        self.first_shifted.d.next = self.first_wide.val();
        self.second_shifted.d.next = self.second_wide.val();
        if self.control[1].q.val().get_bits::<2>(0) == 1 {
            self.first_shifted.d.next = self.first_wide.val() << 1;
        }
        if self.control[1].q.val().get_bits::<2>(0) == 2 {
            self.first_shifted.d.next = self.first_wide.val() << 2;
        }
        if self.control[1].q.val().get_bits::<2>(0) == 3 {
            self.first_shifted.d.next = self.first_wide.val() << 3;
        }
        if self.control[1].q.val().get_bits::<2>(2) == 1 {
            self.second_shifted.d.next = self.second_wide.val() << 1;
        }
        if self.control[1].q.val().get_bits::<2>(2) == 2 {
            self.second_shifted.d.next = self.second_wide.val() << 2;
        }
        if self.control[1].q.val().get_bits::<2>(2) == 3 {
            self.second_shifted.d.next = self.second_wide.val() << 3;
        }
        self.first_shifted.enable.next = true;
        self.first_shifted.clear.next = self.control[1].q.val().get_bit(4);
        self.total.a.next = self.first_shifted.q.val();
        self.total.b.next = self.second_shifted.q.val();
        self.total.gate.next = true;
        self.total.negate.next = self.control[2].q.val().get_bit(5);
        self.total.clear.next = false;
        self.carried.a.next = self.total.sum.val();
        self.carried.b.next = self.carried.sum.val().get_bits::<8>(16);
        self.carried.gate.next = self.phase.val() != 4;
        self.carried.negate.next = false;
        self.carried.clear.next = false;

        // Without a fold the last digit keeps its sign.
        self.kept_digit.next = bit_cast::<18, 16>(self.carried.sum.val().get_bits::<16>(0));
        if (self.phase.val() == 4) & (self.control[4].q.val().get_bits::<4>(6) == 0) {
            self.kept_digit.next = self.carried.sum.val().get_bits::<18>(0);
        }
        self.kept.d.next = self.kept_digit.val();
        self.kept.enable.next = true;
        self.kept.clear.next = false;
        self.some_bit.d.next = self.kept_digit.val().any();
        self.some_digit.d.next = self.some_digit.q.val() | self.some_bit.q.val();
        if self.phase.val() == 6 {
            self.some_digit.d.next = self.some_bit.q.val();
        }
        if self.phase.val() == 4 {
            self.last_negative.d.next = self.kept_digit.val().get_bit(17);
        }
        if self.phase.val() == 5 {
            self.first_odd.d.next = self.kept_digit.val().get_bit(0);
            self.zero_flag.d.next = !(self.some_digit.q.val() | self.some_bit.q.val());
            self.negative_flag.d.next = self.last_negative.q.val();
            self.odd_flag.d.next = self.first_odd.q.val();
        }
        self.zero.next = self.zero_flag.q.val();
        self.negative.next = self.negative_flag.q.val();
        self.odd.next = self.odd_flag.q.val();

        if self.phase.val() == 4 {
            self.fold_20.d.next = self.control[4].q.val().get_bits::<4>(6);
            self.above.d.next = self.carried.sum.val().get_bits::<8>(16);
        }
        if self.phase.val() == 5 {
            self.fold_21.d.next = self.fold_20.q.val();
        }
        if self.phase.val() == 6 {
            self.fold_22.d.next = self.fold_21.q.val();
        }
        self.above_digit.d.next = self.carried.sum.val().get_bits::<8>(16);
        self.above_digit.enable.next = true;
        self.above_digit.clear.next = self.phase.val() != 4;
        self.above_age[0].d.next = self.above_digit.q.val();
        for i in 1..3 {
            self.above_age[i].d.next = self.above_age[i - 1].q.val();
        }
        self.two_up.d.next = self.above_age[2].q.val();
        self.two_up.enable.next = true;
        self.two_up.clear.next = !self.fold_22.q.val().get_bit(3);
        self.multiple.x.next = self.above_digit.q.val();
        self.multiple.secp_now.next = self.fold_21.q.val().get_bit(3);
        self.multiple.secp.next = self.fold_22.q.val().get_bit(3);
        self.multiple.gate.next = self.fold_22.q.val().get_bit(2);
        self.copies.phase.next = self.phase.val();
        self.copies.x.next = self.above.q.val();
        self.copies.montgomery.next = self.fold_21.q.val().get_bit(0);
        self.copies.p256.next = self.fold_21.q.val().get_bit(1);
        self.based.a.next = self.kept.q.val();
        self.based.b.next = self.two_up.q.val();
        self.based.c.next = self.copies.digit.val();
        self.based.select.next = self.fold_22.q.val().get_bit(0);
        self.folded.a.next = self.based.sum.val();
        self.folded.b.next = self.multiple.multiple.val();
        self.folded.gate.next = true;
        self.folded.negate.next = false;
        self.folded.clear.next = false;
        self.last.a.next = self.folded.sum.val();
        self.last.b.next = self.last.sum.val().get_bits::<4>(16);
        self.last.gate.next = self.phase.val() != 9;
        self.last.negate.next = false;
        self.last.clear.next = false;
        self.result.d.next = bit_cast::<18, 16>(self.last.sum.val().get_bits::<16>(0));
        if self.phase.val() == 9 {
            self.result.d.next = self.last.sum.val().get_bits::<18>(0);
        }
        self.out.next = self.result.q.val();
    }
}
