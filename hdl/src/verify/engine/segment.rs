//! A piece of the ring in which the threads' state goes round.

use std::array;

use rust_hdl::prelude::*;

/// `K` places of `N` bits, moved by `enable`.
#[derive(LogicBlock)]
pub(super) struct Segment<const N: usize, const K: usize> {
    pub(super) clock: Signal<In, Clock>,
    pub(super) enable: Signal<In, Bit>,
    pub(super) d: Signal<In, Bits<N>>,
    pub(super) q: Signal<Out, Bits<N>>,
    stages: [DFF<Bits<N>>; K],
}

impl<const N: usize, const K: usize> Default for Segment<N, K> {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            enable: Default::default(),
            d: Default::default(),
            q: Default::default(),
            stages: array::from_fn(|_| Default::default()),
        }
    }
}

impl<const N: usize, const K: usize> Logic for Segment<N, K> {
    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..(K) {
            self.stages[i].clock.next = self.clock.val();
            self.stages[i].d.next = self.stages[i].q.val();
        }
        if self.enable.val() {
            self.stages[0].d.next = self.d.val();
            for i in 1..(K) {
                self.stages[i].d.next = self.stages[i - 1].q.val();
            }
        }
        for i in (K - 1)..(K) {
            self.q.next = self.stages[i].q.val();
        }
    }
}
