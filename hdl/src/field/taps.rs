//! Montgomery reduction modulo SM2's and P-256's primes without a multiplication.

use rust_hdl::prelude::*;

use crate::prim::{ShiftRegister, Technology, Term, TermAdder};

/// Ages at which quotient digits are used, in cycles.
const AGES: [usize; 8] = [2, 3, 5, 8, 11, 13, 15, 21];

/// What q·p adds to the digits of a product.
///
/// With q_i the digits of the low half, −1 at digit 0 of p makes these digits 0; the others
/// give to digit i: q_(i−16) − q_(i−14) − q_(i−6) + q_(i−4) for SM2, q_(i−16) − q_(i−14) +
/// q_(i−12) + q_(i−6) for P-256. A term whose q is from the product in the low half goes to
/// `low`, a term from the product before to `high`; both come from one delay line.
///
/// Cycles are those of [`MulUnit`](super::MulUnit); a product is in cycle 24 + i of digit i at
/// port `q`, where the one before is 16 digits ahead.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `low_flags` | in | [`Flags`](super::control::Flags) in cycles 20 … 35 |
/// | `high_flags`, `next_high_flags` | in | the same in cycles 39 … 54, and at least 38 … 51 |
/// | `q` | in | digit i of the low half in cycle 24 + i |
/// | `low` | out | signed; for digit i in cycle 22 + i |
/// | `high` | out | signed; for digit 16 + i in cycle 41 + i |
/// | `old` | out | `q` 21 cycles later |
#[derive(LogicBlock)]
pub(super) struct Taps {
    pub clock: Signal<In, Clock>,
    pub phase: Signal<In, Bits<4>>,
    pub low_flags: Signal<In, Bits<5>>,
    pub high_flags: Signal<In, Bits<5>>,
    pub next_high_flags: Signal<In, Bits<5>>,
    pub q: Signal<In, Bits<16>>,
    pub low: Signal<Out, Bits<20>>,
    pub high: Signal<Out, Bits<20>>,
    pub old: Signal<Out, Bits<16>>,
    /// The digit with the ages [`AGES`].
    age: [ShiftRegister<16>; 8],
    // Gates of the terms by their distance.
    low_4: DFF<Bit>,
    low_6: DFF<Bit>,
    low_12: DFF<Bit>,
    low_14: DFF<Bit>,
    high_4: DFF<Bit>,
    high_6: DFF<Bit>,
    high_12: DFF<Bit>,
    high_14: DFF<Bit>,
    low_near: Signal<Local, Bits<16>>,
    high_near: Signal<Local, Bits<16>>,
    low_pair: TermAdder<16, 16, 18>,
    low_sum: TermAdder<18, 16, 20>,
    high_pair: TermAdder<16, 16, 18>,
    high_far: TermAdder<16, 16, 18>,
    high_sum: TermAdder<18, 18, 20>,
}

impl Taps {
    pub(super) fn new(technology: Technology) -> Self {
        let depth = |index: usize| AGES[index] - if index == 0 { 0 } else { AGES[index - 1] };
        let pair = || TermAdder::new(Term::UNSIGNED, Term::UNSIGNED, technology);
        Self {
            clock: Default::default(),
            phase: Default::default(),
            low_flags: Default::default(),
            high_flags: Default::default(),
            next_high_flags: Default::default(),
            q: Default::default(),
            low: Default::default(),
            high: Default::default(),
            old: Default::default(),
            age: std::array::from_fn(|index| ShiftRegister::zeros(depth(index))),
            low_4: Default::default(),
            low_6: Default::default(),
            low_12: Default::default(),
            low_14: Default::default(),
            high_4: Default::default(),
            high_6: Default::default(),
            high_12: Default::default(),
            high_14: Default::default(),
            low_near: Default::default(),
            high_near: Default::default(),
            low_pair: pair(),
            low_sum: TermAdder::new(Term::SIGNED, Term::UNSIGNED, technology),
            high_pair: pair(),
            high_far: pair(),
            high_sum: TermAdder::new(Term::SIGNED, Term::SIGNED, technology),
        }
    }
}

impl Logic for Taps {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, low_4, low_6, low_12, low_14, high_4, high_6, high_12, high_14);
        clock!(self, clock, low_pair, low_sum, high_pair, high_far, high_sum);
        for i in 0..8 {
            self.age[i].clock.next = self.clock.val();
            self.age[i].enable.next = true;
            self.age[i].clear.next = false;
        }
        self.age[0].d.next = self.q.val();
        for i in 1..8 {
            self.age[i].d.next = self.age[i - 1].q.val();
        }
        self.old.next = self.age[7].q.val();

        // Low half: a term of distance d counts from digit d on. The pair is added in cycle
        // 20 + i, the last term in cycle 21 + i.
        if self.phase.val() == 3 {
            self.low_4.d.next = false;
            self.low_6.d.next = false;
            self.low_12.d.next = false;
        }
        if self.phase.val() == 4 {
            self.low_14.d.next = false;
        }
        if self.phase.val() == 7 {
            self.low_4.d.next = self.low_flags.val().get_bit(0) & !self.low_flags.val().get_bit(1);
        }
        if self.phase.val() == 9 {
            self.low_6.d.next = self.low_flags.val().get_bit(0);
        }
        if self.phase.val() == 15 {
            self.low_12.d.next = self.low_flags.val().get_bit(0) & self.low_flags.val().get_bit(1);
        }
        if self.phase.val() == 2 {
            self.low_14.d.next = self.low_flags.val().get_bit(0);
        }
        self.low_near.next = 0.into();
        if self.low_4.q.val() {
            self.low_near.next = self.q.val();
        }
        if self.low_12.q.val() {
            self.low_near.next = self.age[3].q.val();
        }
        self.low_pair.a.next = self.low_near.val();
        self.low_pair.b.next = self.age[0].q.val();
        self.low_pair.gate.next = self.low_6.q.val();
        self.low_pair.negate.next = !self.low_flags.val().get_bit(1);
        self.low_pair.clear.next = false;
        self.low_sum.a.next = self.low_pair.sum.val();
        self.low_sum.b.next = self.age[4].q.val();
        self.low_sum.gate.next = self.low_14.q.val();
        self.low_sum.negate.next = true;
        self.low_sum.clear.next = false;
        self.low.next = self.low_sum.sum.val();

        // High half: a term of distance d counts before digit 16 + d. The pairs are added in
        // cycle 39 + i.
        if self.phase.val() == 10 {
            self.high_4.d.next = false;
        }
        if self.phase.val() == 12 {
            self.high_6.d.next = false;
        }
        if self.phase.val() == 2 {
            self.high_12.d.next = false;
        }
        if self.phase.val() == 4 {
            self.high_14.d.next = false;
        }
        if self.phase.val() == 6 {
            self.high_4.d.next =
                self.next_high_flags.val().get_bit(0) & !self.next_high_flags.val().get_bit(1);
            self.high_6.d.next = self.next_high_flags.val().get_bit(0);
            self.high_12.d.next =
                self.next_high_flags.val().get_bit(0) & self.next_high_flags.val().get_bit(1);
            self.high_14.d.next = self.next_high_flags.val().get_bit(0);
        }
        self.high_near.next = 0.into();
        if self.high_4.q.val() {
            self.high_near.next = self.age[1].q.val();
        }
        if self.high_12.q.val() {
            self.high_near.next = self.age[4].q.val();
        }
        self.high_pair.a.next = self.high_near.val();
        self.high_pair.b.next = self.age[2].q.val();
        self.high_pair.gate.next = self.high_6.q.val();
        self.high_pair.negate.next = !self.high_flags.val().get_bit(1);
        self.high_pair.clear.next = false;
        self.high_far.a.next = self.age[6].q.val();
        self.high_far.b.next = self.age[5].q.val();
        self.high_far.gate.next = self.high_14.q.val();
        self.high_far.negate.next = true;
        self.high_far.clear.next = !self.high_flags.val().get_bit(0);
        self.high_sum.a.next = self.high_pair.sum.val();
        self.high_sum.b.next = self.high_far.sum.val();
        self.high_sum.gate.next = true;
        self.high_sum.negate.next = false;
        self.high_sum.clear.next = false;
        self.high.next = self.high_sum.sum.val();
    }
}
