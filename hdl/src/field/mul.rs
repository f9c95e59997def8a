//! The multiplier.
//!
//! Stages; a cycle is the one in which the stage has its first digit:
//! 1. [`RowArray`]: columns of the exact product, the low half from cycle 22, the high half from
//!    cycle 41, so that it overlaps with the low half of the next product.
//! 2. `Taps` and carries: digits of the low half (cycle 24) and of the high half (cycle 43). For
//!    SM2 and P-256 digits of the low half are the quotient's, because both primes are −1
//!    modulo 2^64, and shifted copies of the quotient times the prime are added.
//! 3. First fold (cycle 49): low half + high half · 2^256 mod p for secp256k1 and Ed25519,
//!    otherwise the half that is wanted.
//! 4. What is above 2^256 of that, less than 2^36, in three digits (cycle 66).
//! 5. Second fold (cycle 71): these three digits · 2^256 mod p, less than 2^240, so that the
//!    result is `Lazy` without a conditional subtraction.
//!
//! Area and clock of the unit alone between registers, with yosys 0.70 and nextpnr-ecp5 0.11.1
//! (85F, speed grade 6, seed 1): 16 MULT18X18D, 1,652 COMB, 3,852 FF, 187 MHz.
//!
//! Ranges: |product| < 2^514. The result of a Montgomery reduction is in −2^241 … 2^259, what is
//! above 2^256 of it in −1 … 7, and 7·(2^256 mod p) < 2^227 + 2^195. The first fold of secp256k1
//! is in −2^275 … 2^291, what is above 2^256 in −2^19 … 2^35, and that times 2^33 < 2^240.

use rust_hdl::prelude::*;

use super::control::Control;
use super::fold::{Copies, Multiple};
use super::taps::Taps;
use crate::prim::{ChoiceAdder, Register, RowArray, ShiftRegister, Technology, Term, TermAdder};

/// Result of a [`MulUnit`], as its port `kind` encodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The product modulo the prime (divided by 2^256 for SM2 and P-256): `Lazy` → `Lazy`.
    Field = 0,
    /// The exact product modulo 2^256, 16 unsigned digits.
    Low = 1,
    /// The exact product divided by 2^256, rounded down: class `Wide`; beyond it the last digit
    /// wraps.
    High = 2,
}

/// One product of two `Lazy` numbers per slot, with 16 multipliers.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `phase` | in | the slot counter |
/// | `kind`, `curve` | in | [`Kind`], [`Curve`](super::Curve); sampled in cycle 0 |
/// | `b` | in | digit i in cycle [`B_OFFSET`](Self::B_OFFSET) + i |
/// | `a` | in | digit i in cycle [`A_OFFSET`](Self::A_OFFSET) + i |
/// | `out` | out | digit i in cycle [`LATENCY`](Self::LATENCY) + i |
#[derive(LogicBlock)]
pub struct MulUnit {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Cycle of the slot.
    pub phase: Signal<In, Bits<4>>,
    /// What to compute.
    pub kind: Signal<In, Bits<2>>,
    /// Modulo what.
    pub curve: Signal<In, Bits<2>>,
    /// First factor.
    pub a: Signal<In, Bits<18>>,
    /// Second factor.
    pub b: Signal<In, Bits<18>>,
    /// Result.
    pub out: Signal<Out, Bits<18>>,

    control: Control,
    rows: RowArray<18, 24>,

    taps: Taps,
    low_column: TermAdder<24, 20, 24>,
    low: TermAdder<24, 8, 24>,
    low_carry: DFF<Bits<8>>,
    high_column: TermAdder<24, 20, 24>,
    high: ChoiceAdder<24, 8, 8, 24>,

    /// Digits of the high half from cycle 44, and their delays.
    digit: DFF<Bits<20>>,
    age: [DFF<Bits<20>>; 5],
    base: Register<16>,
    two_up: Register<20>,
    multiple: Multiple<20, 24, 26, 30>,
    based: ChoiceAdder<16, 20, 20, 22>,
    folded: TermAdder<22, 30, 30>,
    fold: TermAdder<30, 14, 30>,

    overflow: Register<20>,
    above: ChoiceAdder<20, 6, 14, 22>,
    above_digit: Register<17>,
    above_age: [DFF<Bits<17>>; 3],
    above_small: DFF<Bits<8>>,

    kept_digit: Signal<Local, Bits<18>>,
    kept: ShiftRegister<18>,
    above_two_up: Register<17>,
    above_multiple: Multiple<17, 22, 24, 28>,
    copies: Copies,
    above_based: ChoiceAdder<18, 17, 8, 20>,
    above_folded: TermAdder<20, 28, 28>,
    last: TermAdder<28, 12, 28>,
    result: DFF<Bits<18>>,
}

impl MulUnit {
    /// Cycle in which the first digit of `a` is on its port.
    pub const A_OFFSET: usize = 16;

    /// Cycle in which the first digit of `b` is on its port.
    pub const B_OFFSET: usize = 0;

    /// Cycle in which the first digit of the result is on its port.
    pub const LATENCY: usize = 72;

    /// With the cells of `technology`.
    pub fn new(technology: Technology) -> Self {
        const SIGNED: Term = Term::SIGNED;
        Self {
            clock: Default::default(),
            phase: Default::default(),
            kind: Default::default(),
            curve: Default::default(),
            a: Default::default(),
            b: Default::default(),
            out: Default::default(),
            control: Default::default(),
            rows: RowArray::new(super::DIGITS, technology),
            taps: Taps::new(technology),
            low_column: TermAdder::new(SIGNED, SIGNED, technology),
            low: TermAdder::new(SIGNED, SIGNED, technology),
            low_carry: Default::default(),
            high_column: TermAdder::new(SIGNED, SIGNED, technology),
            high: ChoiceAdder::new(SIGNED, SIGNED, SIGNED, technology),
            digit: Default::default(),
            age: Default::default(),
            base: Default::default(),
            two_up: Default::default(),
            multiple: Multiple::new(technology),
            based: ChoiceAdder::new(Term::UNSIGNED, SIGNED, SIGNED, technology),
            folded: TermAdder::new(SIGNED, SIGNED, technology),
            fold: TermAdder::new(SIGNED, SIGNED, technology),
            overflow: Default::default(),
            above: ChoiceAdder::new(SIGNED, SIGNED, SIGNED, technology),
            above_digit: Default::default(),
            above_age: Default::default(),
            above_small: Default::default(),
            kept_digit: Default::default(),
            kept: ShiftRegister::zeros(19),
            above_two_up: Default::default(),
            above_multiple: Multiple::new(technology),
            copies: Copies::new(3, technology),
            above_based: ChoiceAdder::new(SIGNED, SIGNED, SIGNED, technology),
            above_folded: TermAdder::new(SIGNED, SIGNED, technology),
            last: TermAdder::new(SIGNED, SIGNED, technology),
            result: Default::default(),
        }
    }
}

impl Default for MulUnit {
    /// With the cells of the ECP5.
    fn default() -> Self {
        Self::new(Technology::Ecp5)
    }
}

impl Logic for MulUnit {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, low_carry, digit, above_small, result);
        clock!(self, clock, control, rows, taps, low_column, low, high_column, high);
        clock!(self, clock, base, two_up, multiple, based, folded, fold, overflow, above);
        clock!(self, clock, above_digit, kept, above_two_up, above_multiple, copies);
        clock!(self, clock, above_based, above_folded, last);
        for i in 0..5 {
            self.age[i].clock.next = self.clock.val();
        }
        for i in 0..3 {
            self.above_age[i].clock.next = self.clock.val();
        }
        self.control.phase.next = self.phase.val();
        self.control.kind.next = self.kind.val();
        self.control.curve.next = self.curve.val();

        self.rows.start.next = self.phase.val() == 0;
        self.rows.a.next = self.a.val();
        self.rows.b.next = self.b.val();

        // Carries of the low half begin with 0, those of the high half with the last of the low.
        self.taps.phase.next = self.phase.val();
        self.taps.low_flags.next = self.control.low.val();
        self.taps.high_flags.next = self.control.high.val();
        self.taps.next_high_flags.next = self.control.next_high.val();
        self.taps.q.next = self.low.sum.val().get_bits::<16>(0);
        self.low_column.a.next = self.rows.low.val();
        self.low_column.b.next = self.taps.low.val();
        self.low_column.gate.next = true;
        self.low_column.negate.next = false;
        self.low_column.clear.next = false;
        self.low.a.next = self.low_column.sum.val();
        self.low.b.next = self.low.sum.val().get_bits::<8>(16);
        self.low.gate.next = self.phase.val() != 7;
        self.low.negate.next = false;
        self.low.clear.next = false;
        if self.phase.val() == 7 {
            self.low_carry.d.next = self.low.sum.val().get_bits::<8>(16);
        }
        self.high_column.a.next = self.rows.high.val();
        self.high_column.b.next = self.taps.high.val();
        self.high_column.gate.next = true;
        self.high_column.negate.next = false;
        self.high_column.clear.next = false;
        self.high.a.next = self.high_column.sum.val();
        self.high.b.next = self.high.sum.val().get_bits::<8>(16);
        self.high.c.next = self.low_carry.q.val();
        self.high.select.next = self.phase.val() == 10;

        // Only the last digit has a sign.
        self.digit.d.next = bit_cast::<20, 16>(self.high.sum.val().get_bits::<16>(0));
        if self.phase.val() == 10 {
            self.digit.d.next = self.high.sum.val().get_bits::<20>(0);
        }
        self.age[0].d.next = self.digit.q.val();
        for i in 1..5 {
            self.age[i].d.next = self.age[i - 1].q.val();
        }

        // The base is the low half, or nothing where the high half takes its place. The digits
        // of the product before are no digits two places up.
        self.base.d.next = self.taps.old.val();
        self.base.enable.next = true;
        self.base.clear.next =
            self.control.product.val().get_bit(0) | self.control.product.val().get_bit(4);
        self.two_up.d.next = self.age[2].q.val();
        self.two_up.enable.next = true;
        self.two_up.clear.next = !self.control.product.val().get_bit(3)
            | (self.phase.val() == 13)
            | (self.phase.val() == 14);
        self.multiple.x.next = self.digit.q.val();
        self.multiple.secp_now.next = self.control.product.val().get_bit(3);
        self.multiple.secp.next = self.control.fold.val().get_bit(3);
        self.multiple.gate.next = self.control.fold.val().get_bit(2);
        self.based.a.next = self.base.q.val();
        self.based.b.next = self.two_up.q.val();
        self.based.c.next = self.age[1].q.val();
        self.based.select.next =
            self.control.fold.val().get_bit(0) | self.control.fold.val().get_bit(4);
        self.folded.a.next = self.based.sum.val();
        self.folded.b.next = self.multiple.multiple.val();
        self.folded.gate.next = true;
        self.folded.negate.next = false;
        self.folded.clear.next = false;
        self.fold.a.next = self.folded.sum.val();
        self.fold.b.next = self.fold.sum.val().get_bits::<14>(16);
        self.fold.gate.next = self.phase.val() != 0;
        self.fold.negate.next = false;
        self.fold.clear.next = false;

        // Above 2^256 are the last carry and, for secp256k1, two digits two places up.
        self.overflow.d.next = self.age[4].q.val();
        self.overflow.enable.next = true;
        self.overflow.clear.next = !self.control.over.val().get_bit(3)
            | ((self.phase.val() != 15) & (self.phase.val() != 0));
        self.above.a.next = self.overflow.q.val();
        self.above.b.next = self.above.sum.val().get_bits::<6>(16);
        self.above.c.next = self.fold.sum.val().get_bits::<14>(16);
        self.above.select.next = self.phase.val() == 0;
        self.above_digit.d.next = bit_cast::<17, 16>(self.above.sum.val().get_bits::<16>(0));
        if self.phase.val() == 3 {
            self.above_digit.d.next = self.above.sum.val().get_bits::<17>(0);
        }
        self.above_digit.enable.next = true;
        self.above_digit.clear.next =
            (self.phase.val() != 1) & (self.phase.val() != 2) & (self.phase.val() != 3);
        if self.phase.val() == 1 {
            self.above_small.d.next = self.above.sum.val().get_bits::<8>(0);
        }
        self.above_age[0].d.next = self.above_digit.q.val();
        for i in 1..3 {
            self.above_age[i].d.next = self.above_age[i - 1].q.val();
        }

        // Only a high half keeps its sign in the last digit.
        self.kept_digit.next = bit_cast::<18, 16>(self.fold.sum.val().get_bits::<16>(0));
        if self.control.over.val().get_bit(4) & (self.phase.val() == 0) {
            self.kept_digit.next = self.fold.sum.val().get_bits::<18>(0);
        }
        self.kept.d.next = self.kept_digit.val();
        self.kept.enable.next = true;
        self.kept.clear.next = false;
        self.above_two_up.d.next = self.above_age[2].q.val();
        self.above_two_up.enable.next = true;
        self.above_two_up.clear.next = !self.control.over_product.val().get_bit(3);
        self.above_multiple.x.next = self.above_digit.q.val();
        self.above_multiple.secp_now.next = self.control.over_product.val().get_bit(3);
        self.above_multiple.secp.next = self.control.over_fold.val().get_bit(3);
        self.above_multiple.gate.next = self.control.over_fold.val().get_bit(2);
        self.copies.phase.next = self.phase.val();
        self.copies.x.next = self.above_small.q.val();
        self.copies.montgomery.next = self.control.over_product.val().get_bit(0);
        self.copies.p256.next = self.control.over_product.val().get_bit(1);
        self.above_based.a.next = self.kept.q.val();
        self.above_based.b.next = self.above_two_up.q.val();
        self.above_based.c.next = self.copies.digit.val();
        self.above_based.select.next = self.control.over_fold.val().get_bit(0);
        self.above_folded.a.next = self.above_based.sum.val();
        self.above_folded.b.next = self.above_multiple.multiple.val();
        self.above_folded.gate.next = true;
        self.above_folded.negate.next = false;
        self.above_folded.clear.next = false;
        self.last.a.next = self.above_folded.sum.val();
        self.last.b.next = self.last.sum.val().get_bits::<12>(16);
        self.last.gate.next = self.phase.val() != 6;
        self.last.negate.next = false;
        self.last.clear.next = false;
        self.result.d.next = bit_cast::<18, 16>(self.last.sum.val().get_bits::<16>(0));
        if self.phase.val() == 6 {
            self.result.d.next = self.last.sum.val().get_bits::<18>(0);
        }
        self.out.next = self.result.q.val();
    }
}
