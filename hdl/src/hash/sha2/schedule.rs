//! Message schedule: W_t and K_t, summed, one round per cycle.

use rust_hdl::prelude::*;

use super::{Config, Parameters};
use crate::prim::{Choice, Register, Rom, SelectAdder, ShiftRegister, Sigma, Third};

/// W_t = σ1(W_{t−2}) + W_{t−7} + σ0(W_{t−15}) + W_{t−16} for t ≥ 16, M_t before
/// (FIPS 180-4, sections 6.2.2 and 6.4.2), and K_t + W_t.
///
/// Stages for round t, with round t itself in cycle t:
///
/// | cycle | what |
/// | --- | --- |
/// | t − 7 | `step` = t − 1 reads K_t |
/// | t − 6 | U = σ0(W_{t−15}) + W_{t−16} |
/// | t − 5 | V = U + W_{t−7}, or M_t from the block buffer |
/// | t − 4 | W_t = V + σ1(W_{t−2}) |
/// | t − 3 | K_t + W_t, or the chaining value in the four link cycles |
///
/// `load_ahead` is high for the cycles t − 6 of t = 0 … 15, `load` one cycle later.
#[derive(LogicBlock)]
pub struct Schedule<const N: usize, const A: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Word for the block buffer, which holds one block.
    pub block_word: Signal<In, Bits<N>>,
    /// Moves `block_word` into the buffer; never together with `load`.
    pub block_push: Signal<In, bool>,
    /// Takes the words of the buffer as M_0 … M_15 from the next cycle on.
    pub load_ahead: Signal<In, bool>,
    /// Takes a word of the buffer.
    pub load: Signal<In, bool>,
    /// Low bits of the slot's step.
    pub step: Signal<In, Bits<A>>,
    /// First of the slot's four link cycles and the next three: no constants.
    pub link: Signal<In, bool>,
    /// `link` one cycle later: the sum is the chaining value.
    pub link_sum: Signal<In, bool>,
    /// Chaining value, for the link cycles.
    pub chaining: Signal<In, Bits<N>>,
    /// K_t + W_t in cycle t − 2.
    pub sum: Signal<Out, Bits<N>>,

    block: ShiftRegister<N>,
    sigma0: Sigma<N>,
    u: Register<N>,
    v_sum: SelectAdder<N>,
    v: Register<N>,
    sigma1: Sigma<N>,
    w0: Register<N>,
    w1: Register<N>,
    w5: ShiftRegister<N>,
    w12: ShiftRegister<N>,
    w13: Register<N>,
    constants: Rom<N, A>,
    kw_sum: SelectAdder<N>,
    kw: Register<N>,
}

impl<const N: usize, const A: usize> Schedule<N, A> {
    /// For the standard of these parameters.
    pub fn new(parameters: &Parameters, config: Config) -> Self {
        // Step t − 1 reads K_t.
        let places = 1 << A;
        let mut table = vec![0; places];
        for (t, &k) in parameters.k.iter().enumerate() {
            table[(t + places - 1) % places] = k;
        }
        Self {
            clock: Default::default(),
            block_word: Default::default(),
            block_push: Default::default(),
            load_ahead: Default::default(),
            load: Default::default(),
            step: Default::default(),
            link: Default::default(),
            link_sum: Default::default(),
            chaining: Default::default(),
            sum: Default::default(),
            block: ShiftRegister::zeros(16),
            sigma0: Sigma::new(parameters.small_sigma_0, Third::Shifted),
            u: Default::default(),
            v_sum: SelectAdder::new(Choice::Sum, config.technology),
            v: Default::default(),
            sigma1: Sigma::new(parameters.small_sigma_1, Third::Shifted),
            w0: Default::default(),
            w1: Default::default(),
            w5: ShiftRegister::zeros(5),
            w12: ShiftRegister::zeros(7),
            w13: Default::default(),
            constants: Rom::new(config.constants, &table),
            kw_sum: SelectAdder::new(Choice::Sum, config.technology),
            kw: Default::default(),
        }
    }
}

impl<const N: usize, const A: usize> Logic for Schedule<N, A> {
    #[hdl_gen]
    fn update(&mut self) {
        self.block.clock.next = self.clock.val();
        self.u.clock.next = self.clock.val();
        self.v.clock.next = self.clock.val();
        self.w0.clock.next = self.clock.val();
        self.w1.clock.next = self.clock.val();
        self.w5.clock.next = self.clock.val();
        self.w12.clock.next = self.clock.val();
        self.w13.clock.next = self.clock.val();
        self.constants.clock.next = self.clock.val();
        self.kw.clock.next = self.clock.val();

        self.block.d.next = self.block_word.val();
        self.block.enable.next = self.block_push.val() | self.load.val();
        self.block.clear.next = false;

        self.sigma0.x.next = self.w12.q.val();
        self.u.d.next = self.sigma0.y.val() + self.w13.q.val();
        self.u.enable.next = true;
        self.u.clear.next = self.load_ahead.val();

        self.v_sum.a.next = self.u.q.val();
        self.v_sum.b.next = self.w5.q.val();
        self.v_sum.c.next = self.block.q.val();
        self.v_sum.select.next = self.load.val();
        self.v.d.next = self.v_sum.sum.val();
        self.v.enable.next = true;
        self.v.clear.next = false;

        // w_i holds W_{t−1−i} in the cycle that computes W_t; w1 reads 0 while M_t passes.
        self.sigma1.x.next = self.w1.q.val();
        self.w0.d.next = self.v.q.val() + self.sigma1.y.val();
        self.w0.enable.next = true;
        self.w0.clear.next = false;
        self.w1.d.next = self.w0.q.val();
        self.w1.enable.next = true;
        self.w1.clear.next = self.load.val();
        self.w5.d.next = self.w0.q.val();
        self.w5.enable.next = true;
        self.w5.clear.next = false;
        self.w12.d.next = self.w5.q.val();
        self.w12.enable.next = true;
        self.w12.clear.next = false;
        self.w13.d.next = self.w12.q.val();
        self.w13.enable.next = true;
        self.w13.clear.next = false;

        self.constants.address.next = self.step.val();
        self.constants.clear.next = self.link.val();
        self.kw_sum.a.next = self.constants.q.val();
        self.kw_sum.b.next = self.w0.q.val();
        self.kw_sum.c.next = self.chaining.val();
        self.kw_sum.select.next = self.link_sum.val();
        self.kw.d.next = self.kw_sum.sum.val();
        self.kw.enable.next = true;
        self.kw.clear.next = false;
        self.sum.next = self.kw.q.val();
    }
}
