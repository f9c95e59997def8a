//! Compression: two words of state, four generations of each.

use rust_hdl::prelude::*;

use super::{Config, Parameters};
use crate::prim::{
    Choice, LogicAdder, Operand, Register, SelectAdder, ShiftRegister, Sigma, Third,
};

/// The compression function of FIPS 180-4, sections 6.2.2 and 6.4.2, one round per cycle.
///
/// The state is kept as two sequences, `a` … `d` being the last four of A and `e` … `h` of E:
/// E_t = A_{t−4} + T1_t and A_t = T1_t + Σ0(A_{t−1}) + Maj(A_{t−1}, A_{t−2}, A_{t−3}) with
/// T1_t = E_{t−4} + Σ1(E_{t−1}) + Ch(E_{t−1}, E_{t−2}, E_{t−3}) + K_t + W_t.
///
/// Stages for round t:
///
/// | cycle | what |
/// | --- | --- |
/// | t − 2 | R = (K_t + W_t) + E_{t−4} |
/// | t − 1 | Y = R + A_{t−4} |
/// | t | E_t = Y + Ch + Σ1 |
/// | t + 1 | X = E_t − A_{t−4} |
/// | t + 2 | A_t = X + Maj + Σ0 |
///
/// Four link cycles join two blocks as rounds t = −4 … −1 whose Ch, Maj and Σ are forced to 0
/// (copies of the state that read 0) and whose K + W is the chaining value, so that
/// E_t = H_{3−t} + E_{t−4} (H_7 … H_4) and A_t = H_{−1−t} + A_{t−4} (H_3 … H_0): the next chaining
/// value. `restart` forces E_{t−4} and A_{t−4} to 0 and leaves the chaining value alone; `from_iv`
/// takes the standard's initial value for it. What is added to the old chaining value leaves as
/// the digest as well, whatever the next block starts from.
#[derive(LogicBlock)]
pub struct Rounds<const N: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Brings the initial value back to its first word.
    pub clear: Signal<In, bool>,
    /// K_t + W_t in cycle t − 2.
    pub sum: Signal<In, Bits<N>>,
    /// Bit i is high i cycles after the four link cycles t − 4 of t = −4 … −1.
    pub links: Signal<In, Bits<13>>,
    /// The block starts from the chaining value alone.
    pub restart: Signal<In, bool>,
    /// The chaining value is the standard's initial value.
    pub from_iv: Signal<In, bool>,
    /// Chaining value H_7 … H_4 while bit 1 of `links` is high.
    pub chaining: Signal<Out, Bits<N>>,
    /// Digest H_7 … H_0 while bits 2 and 6 of `links` are high.
    pub digest: Signal<Out, Bits<N>>,

    link_chain: Signal<Local, bool>,
    link_choose: Signal<Local, bool>,
    link_majority: Signal<Local, bool>,
    e: Signal<Local, Bits<N>>,
    a: Signal<Local, Bits<N>>,

    iv: ShiftRegister<N>,
    h: ShiftRegister<N>,
    h_next: Register<N>,
    h_old: Register<N>,
    digest_sum: SelectAdder<N>,
    digest_word: Register<N>,

    r: Register<N>,
    y: Register<N>,
    e_sum: LogicAdder<N>,
    sigma1: Sigma<N>,
    e0: Register<N>,
    e0_round: Register<N>,
    e1: Register<N>,
    e1_chain: Register<N>,
    e2_round: Register<N>,

    x_sum: SelectAdder<N>,
    x: Register<N>,
    a_sum: LogicAdder<N>,
    sigma0: Sigma<N>,
    a0: Register<N>,
    a0_chain: Register<N>,
    a0_round: Register<N>,
    a1: Register<N>,
    a1_round: Register<N>,
    a2: Register<N>,
    a2_chain: Register<N>,
}

impl<const N: usize> Rounds<N> {
    /// For the standard of these parameters.
    pub fn new(parameters: &Parameters, config: Config) -> Self {
        let last_first: Vec<u64> = parameters.iv.iter().rev().copied().collect();
        let technology = config.technology;
        Self {
            clock: Default::default(),
            clear: Default::default(),
            sum: Default::default(),
            links: Default::default(),
            restart: Default::default(),
            from_iv: Default::default(),
            chaining: Default::default(),
            digest: Default::default(),
            link_chain: Default::default(),
            link_choose: Default::default(),
            link_majority: Default::default(),
            e: Default::default(),
            a: Default::default(),
            iv: ShiftRegister::new(&last_first),
            h: ShiftRegister::zeros(8),
            h_next: Default::default(),
            h_old: Default::default(),
            digest_sum: SelectAdder::new(Choice::Sum, technology),
            digest_word: Default::default(),
            r: Default::default(),
            y: Default::default(),
            e_sum: LogicAdder::new(Operand::Choose, technology),
            sigma1: Sigma::new(parameters.big_sigma_1, Third::Rotated),
            e0: Default::default(),
            e0_round: Default::default(),
            e1: Default::default(),
            e1_chain: Default::default(),
            e2_round: Default::default(),
            x_sum: SelectAdder::new(Choice::DifferenceOrSum, technology),
            x: Default::default(),
            a_sum: LogicAdder::new(Operand::Majority, technology),
            sigma0: Sigma::new(parameters.big_sigma_0, Third::Rotated),
            a0: Default::default(),
            a0_chain: Default::default(),
            a0_round: Default::default(),
            a1: Default::default(),
            a1_round: Default::default(),
            a2: Default::default(),
            a2_chain: Default::default(),
        }
    }
}

impl<const N: usize> Logic for Rounds<N> {
    #[hdl_gen]
    fn update(&mut self) {
        self.iv.clock.next = self.clock.val();
        self.h.clock.next = self.clock.val();
        self.h_next.clock.next = self.clock.val();
        self.h_old.clock.next = self.clock.val();
        self.digest_word.clock.next = self.clock.val();
        self.r.clock.next = self.clock.val();
        self.y.clock.next = self.clock.val();
        self.e0.clock.next = self.clock.val();
        self.e0_round.clock.next = self.clock.val();
        self.e1.clock.next = self.clock.val();
        self.e1_chain.clock.next = self.clock.val();
        self.e2_round.clock.next = self.clock.val();
        self.x.clock.next = self.clock.val();
        self.a0.clock.next = self.clock.val();
        self.a0_chain.clock.next = self.clock.val();
        self.a0_round.clock.next = self.clock.val();
        self.a1.clock.next = self.clock.val();
        self.a1_round.clock.next = self.clock.val();
        self.a2.clock.next = self.clock.val();
        self.a2_chain.clock.next = self.clock.val();

        self.h_next.enable.next = true;
        self.h_old.enable.next = true;
        self.digest_word.enable.next = true;
        self.r.enable.next = true;
        self.y.enable.next = true;
        self.e0.enable.next = true;
        self.e0_round.enable.next = true;
        self.e1.enable.next = true;
        self.e1_chain.enable.next = true;
        self.e2_round.enable.next = true;
        self.x.enable.next = true;
        self.a0.enable.next = true;
        self.a0_chain.enable.next = true;
        self.a0_round.enable.next = true;
        self.a1.enable.next = true;
        self.a1_round.enable.next = true;
        self.a2.enable.next = true;
        self.a2_chain.enable.next = true;

        self.h_next.clear.next = false;
        self.h_old.clear.next = false;
        self.digest_word.clear.next = false;
        self.r.clear.next = false;
        self.y.clear.next = false;
        self.e0.clear.next = false;
        self.e1.clear.next = false;
        self.x.clear.next = false;
        self.a0.clear.next = false;
        self.a1.clear.next = false;
        self.a2.clear.next = false;

        // Chaining value: read while bits 0 and 4 are high, written while bits 5 and 9 are.
        self.link_chain.next = self.links.val().get_bit(0) | self.links.val().get_bit(4);
        self.iv.d.next = self.iv.q.val();
        self.iv.enable.next = self.link_chain.val();
        self.iv.clear.next = self.clear.val();
        self.h.clear.next = false;
        self.h.enable.next =
            self.link_chain.val() | self.links.val().get_bit(8) | self.links.val().get_bit(9);
        self.h.d.next = self.a2.q.val();
        if self.links.val().get_bit(5) {
            self.h.d.next = self.e0.q.val();
        }
        self.h_old.d.next = self.h.q.val();
        self.h_next.d.next = self.h.q.val();
        if self.from_iv.val() {
            self.h_next.d.next = self.iv.q.val();
        }
        self.chaining.next = self.h_next.q.val();

        self.digest_sum.a.next = self.h_old.q.val();
        self.digest_sum.b.next = self.e0.q.val();
        self.digest_sum.c.next = self.a2.q.val();
        self.digest_sum.select.next = self.links.val().get_bit(5);
        self.digest_word.d.next = self.digest_sum.sum.val();
        self.digest.next = self.digest_word.q.val();

        // E: what enters Ch and Σ1 reads 0 in the link cycles t = −4 … −1.
        self.link_choose.next = self.links.val().get_bit(3);
        self.e1_chain.d.next = self.e0.q.val();
        self.e1_chain.clear.next = self.links.val().get_bit(1) & self.restart.val();
        self.r.d.next = self.sum.val() + self.e1_chain.q.val();
        self.y.d.next = self.r.q.val() + self.a0_chain.q.val();
        self.e_sum.a.next = self.y.q.val();
        self.e_sum.b.next = self.e0_round.q.val();
        self.e_sum.c.next = self.e1.q.val();
        self.e_sum.d.next = self.e2_round.q.val();
        self.sigma1.x.next = self.e0_round.q.val();
        self.e.next = self.e_sum.sum.val() + self.sigma1.y.val();
        self.e0.d.next = self.e.val();
        self.e0_round.d.next = self.e.val();
        self.e0_round.clear.next = self.link_choose.val();
        self.e1.d.next = self.e0.q.val();
        self.e2_round.d.next = self.e1.q.val();
        self.e2_round.clear.next = self.link_choose.val();

        // A, two cycles later.
        self.link_majority.next = self.links.val().get_bit(5);
        self.x_sum.a.next = self.a2_chain.q.val();
        self.x_sum.b.next = self.e0.q.val();
        self.x_sum.c.next = self.h_next.q.val();
        self.x_sum.select.next = self.link_majority.val();
        self.x.d.next = self.x_sum.sum.val();
        self.a_sum.a.next = self.x.q.val();
        self.a_sum.b.next = self.a0_round.q.val();
        self.a_sum.c.next = self.a1_round.q.val();
        self.a_sum.d.next = self.a2.q.val();
        self.sigma0.x.next = self.a0_round.q.val();
        self.a.next = self.a_sum.sum.val() + self.sigma0.y.val();
        self.a0.d.next = self.a.val();
        self.a0_chain.d.next = self.a.val();
        self.a0_chain.clear.next = self.links.val().get_bit(2);
        self.a0_round.d.next = self.a.val();
        self.a0_round.clear.next = self.link_majority.val();
        self.a1.d.next = self.a0.q.val();
        self.a1_round.d.next = self.a0.q.val();
        self.a1_round.clear.next = self.link_majority.val();
        self.a2.d.next = self.a1.q.val();
        self.a2_chain.d.next = self.a1.q.val();
        self.a2_chain.clear.next = self.links.val().get_bit(4) & self.restart.val();
    }
}
