//! Sums of the multiplier's results with other numbers, digit by digit.

use rust_hdl::prelude::*;

use crate::prim::{Technology, Term, TermAdder};

/// α·result ± β·added.
///
/// In cycle t a lane of the [`BarrelArray`](crate::prim::BarrelArray) is on `low` and `high`; the
/// first lane of a result only gives its carry, lane i + 1 completes digit i.
///
/// Stages: 1 what the lane before carries; 2 multiples; 3 sums; 4 carries; 5 digits.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `low`, `high` | in | a lane, in cycle t |
/// | `added` | in | digit i, signed, in cycle t |
/// | `alpha` | in | once, three times, 3b times the result; in cycle t + 1 |
/// | `beta` | in | 0, 1, 3b times what is added; in cycle t + 1 |
/// | `minus` | in | `difference` is one; in cycle t + 1 |
/// | `first`, `last` | in | of the digits; in cycle t + 1 |
/// | `sum`, `difference` | out | digit i of the sum and of the difference (or the sum again) in cycle t + 5 |
///
/// A lane adds up less than 2^41 in size, what is added has 18 bits, 3b is at most 64: all sums
/// stay within 32 bits.
#[derive(LogicBlock)]
pub(super) struct Linear {
    pub clock: Signal<In, Clock>,
    pub low: Signal<In, Bits<17>>,
    pub high: Signal<In, Bits<25>>,
    pub added: Signal<In, Bits<18>>,
    pub alpha: Signal<In, Bits<2>>,
    pub beta: Signal<In, Bits<2>>,
    pub minus: Signal<In, Bit>,
    pub first: Signal<In, Bit>,
    pub last: Signal<In, Bit>,
    pub sum: Signal<Out, Bits<18>>,
    pub difference: Signal<Out, Bits<18>>,
    above: DFF<Bits<25>>,
    column: TermAdder<25, 17, 26>,
    held: DFF<Bits<18>>,
    odd: TermAdder<26, 26, 32>,
    times_3b: TermAdder<26, 26, 32>,
    added_once: TermAdder<18, 18, 24>,
    added_3b: TermAdder<18, 18, 24>,
    scaled: Signal<Local, Bits<32>>,
    offset: Signal<Local, Bits<24>>,
    summed: TermAdder<32, 24, 32>,
    subtracted: TermAdder<32, 24, 32>,
    sum_carried: TermAdder<32, 15, 32>,
    difference_carried: TermAdder<32, 15, 32>,
    sum_digit: DFF<Bits<18>>,
    difference_digit: DFF<Bits<18>>,
    minus_2: DFF<Bit>,
    first_2: DFF<Bit>,
    first_3: DFF<Bit>,
    last_2: DFF<Bit>,
    last_3: DFF<Bit>,
    last_4: DFF<Bit>,
}

impl Linear {
    /// With 3b = 2^i + 2^j.
    pub(super) fn new((i, j): (u32, u32), technology: Technology) -> Self {
        let (i, j) = (Term::shifted(i as usize), Term::shifted(j as usize));
        const SIGNED: Term = Term::SIGNED;
        Self {
            clock: Default::default(),
            low: Default::default(),
            high: Default::default(),
            added: Default::default(),
            alpha: Default::default(),
            beta: Default::default(),
            minus: Default::default(),
            first: Default::default(),
            last: Default::default(),
            sum: Default::default(),
            difference: Default::default(),
            above: Default::default(),
            column: TermAdder::new(SIGNED, Term::UNSIGNED, technology),
            held: Default::default(),
            odd: TermAdder::new(SIGNED, Term::shifted(1), technology),
            times_3b: TermAdder::new(i, j, technology),
            added_once: TermAdder::new(SIGNED, SIGNED, technology),
            added_3b: TermAdder::new(i, j, technology),
            scaled: Default::default(),
            offset: Default::default(),
            summed: TermAdder::new(SIGNED, SIGNED, technology),
            subtracted: TermAdder::new(SIGNED, SIGNED, technology),
            sum_carried: TermAdder::new(SIGNED, SIGNED, technology),
            difference_carried: TermAdder::new(SIGNED, SIGNED, technology),
            sum_digit: Default::default(),
            difference_digit: Default::default(),
            minus_2: Default::default(),
            first_2: Default::default(),
            first_3: Default::default(),
            last_2: Default::default(),
            last_3: Default::default(),
            last_4: Default::default(),
        }
    }
}

impl Logic for Linear {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            above,
            held,
            sum_digit,
            difference_digit,
            minus_2,
            first_2,
            first_3,
            last_2,
            last_3,
            last_4
        );
        clock!(self, clock, column, odd, times_3b, added_once, added_3b);
        clock!(self, clock, summed, subtracted, sum_carried, difference_carried);
        self.above.d.next = self.high.val();
        self.column.a.next = self.above.q.val();
        self.column.b.next = self.low.val();
        self.column.gate.next = true;
        self.column.negate.next = false;
        self.column.clear.next = false;
        self.held.d.next = self.added.val();

        self.odd.a.next = self.column.sum.val();
        self.odd.b.next = self.column.sum.val();
        self.odd.gate.next = self.alpha.val().get_bit(0);
        self.odd.negate.next = false;
        self.odd.clear.next = self.alpha.val().get_bit(1);
        self.times_3b.a.next = self.column.sum.val();
        self.times_3b.b.next = self.column.sum.val();
        self.times_3b.gate.next = true;
        self.times_3b.negate.next = false;
        self.times_3b.clear.next = !self.alpha.val().get_bit(1);
        self.added_once.a.next = self.held.q.val();
        self.added_once.b.next = self.held.q.val();
        self.added_once.gate.next = false;
        self.added_once.negate.next = false;
        self.added_once.clear.next = !self.beta.val().get_bit(0);
        self.added_3b.a.next = self.held.q.val();
        self.added_3b.b.next = self.held.q.val();
        self.added_3b.gate.next = true;
        self.added_3b.negate.next = false;
        self.added_3b.clear.next = !self.beta.val().get_bit(1);
        self.minus_2.d.next = self.minus.val();
        self.first_2.d.next = self.first.val();
        self.last_2.d.next = self.last.val();

        self.scaled.next = self.odd.sum.val() | self.times_3b.sum.val();
        self.offset.next = self.added_once.sum.val() | self.added_3b.sum.val();
        self.summed.a.next = self.scaled.val();
        self.summed.b.next = self.offset.val();
        self.summed.gate.next = true;
        self.summed.negate.next = false;
        self.summed.clear.next = false;
        self.subtracted.a.next = self.scaled.val();
        self.subtracted.b.next = self.offset.val();
        self.subtracted.gate.next = true;
        self.subtracted.negate.next = self.minus_2.q.val();
        self.subtracted.clear.next = false;
        self.first_3.d.next = self.first_2.q.val();
        self.last_3.d.next = self.last_2.q.val();

        self.sum_carried.a.next = self.summed.sum.val();
        self.sum_carried.b.next = self.sum_carried.sum.val().get_bits::<15>(17);
        self.sum_carried.gate.next = !self.first_3.q.val();
        self.sum_carried.negate.next = false;
        self.sum_carried.clear.next = false;
        self.difference_carried.a.next = self.subtracted.sum.val();
        self.difference_carried.b.next = self.difference_carried.sum.val().get_bits::<15>(17);
        self.difference_carried.gate.next = !self.first_3.q.val();
        self.difference_carried.negate.next = false;
        self.difference_carried.clear.next = false;
        self.last_4.d.next = self.last_3.q.val();

        // Only the last digit has a sign.
        self.sum_digit.d.next = bit_cast::<18, 17>(self.sum_carried.sum.val().get_bits::<17>(0));
        self.difference_digit.d.next =
            bit_cast::<18, 17>(self.difference_carried.sum.val().get_bits::<17>(0));
        if self.last_4.q.val() {
            self.sum_digit.d.next = self.sum_carried.sum.val().get_bits::<18>(0);
            self.difference_digit.d.next = self.difference_carried.sum.val().get_bits::<18>(0);
        }
        self.sum.next = self.sum_digit.q.val();
        self.difference.next = self.difference_digit.q.val();
    }
}
