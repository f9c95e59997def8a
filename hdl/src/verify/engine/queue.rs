//! Operations that wait for a unit.

use rust_hdl::prelude::*;

use crate::prim::LutRam;

/// First in, first out: 16 places of two words.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `push`, `in_main`, `in_extra` | in | an operation enters; only while there is a place |
/// | `room` | out | at least four places are free, so that one push on the way always fits |
/// | `some`, `main`, `extra` | out | the oldest operation |
/// | `pop` | in | it leaves |
#[derive(LogicBlock, Default)]
pub(super) struct Queue<const M: usize, const E: usize> {
    pub(super) clock: Signal<In, Clock>,
    pub(super) clear: Signal<In, Bit>,
    pub(super) push: Signal<In, Bit>,
    pub(super) in_main: Signal<In, Bits<M>>,
    pub(super) in_extra: Signal<In, Bits<E>>,
    pub(super) room: Signal<Out, Bit>,
    pub(super) some: Signal<Out, Bit>,
    pub(super) main: Signal<Out, Bits<M>>,
    pub(super) extra: Signal<Out, Bits<E>>,
    pub(super) pop: Signal<In, Bit>,
    mains: LutRam<M, 4>,
    extras: LutRam<E, 4>,
    write: DFF<Bits<4>>,
    read: DFF<Bits<4>>,
    count: DFF<Bits<4>>,
}

impl<const M: usize, const E: usize> Logic for Queue<M, E> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, write, read, count);
        clock!(self, clock, mains, extras);
        self.mains.write_address.next = self.write.q.val();
        self.mains.write_data.next = self.in_main.val();
        self.mains.write_enable.next = self.push.val();
        self.mains.read_address.next = self.read.q.val();
        self.extras.write_address.next = self.write.q.val();
        self.extras.write_data.next = self.in_extra.val();
        self.extras.write_enable.next = self.push.val();
        self.extras.read_address.next = self.read.q.val();
        self.main.next = self.mains.read_data.val();
        self.extra.next = self.extras.read_data.val();
        self.room.next = !self.count.q.val().get_bits::<2>(2).all();
        self.some.next = self.count.q.val().any();
        if self.push.val() {
            self.write.d.next = self.write.q.val() + 1;
        }
        if self.pop.val() {
            self.read.d.next = self.read.q.val() + 1;
        }
        if self.push.val() & !self.pop.val() {
            self.count.d.next = self.count.q.val() + 1;
        }
        if self.pop.val() & !self.push.val() {
            self.count.d.next = self.count.q.val() - 1;
        }
        if self.clear.val() {
            self.write.d.next = 0.into();
            self.read.d.next = 0.into();
            self.count.d.next = 0.into();
        }
    }
}
