//! A small queue in look-up tables.

use rust_hdl::prelude::*;

use super::LutRam;

/// First in, first out: 16 places of two words.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `clear` | in | empty |
/// | `push`, `in_main`, `in_extra` | in | an entry; only while there is a place |
/// | `room` | out | at least four places are free, so that one push on the way always fits |
/// | `some`, `main`, `extra` | out | the oldest entry |
/// | `pop` | in | it leaves |
#[derive(LogicBlock, Default)]
pub struct Queue<const M: usize, const E: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Empties it.
    pub clear: Signal<In, Bit>,
    /// An entry comes.
    pub push: Signal<In, Bit>,
    /// Its first word.
    pub in_main: Signal<In, Bits<M>>,
    /// Its second word.
    pub in_extra: Signal<In, Bits<E>>,
    /// At least four places are free.
    pub room: Signal<Out, Bit>,
    /// There is an entry.
    pub some: Signal<Out, Bit>,
    /// First word of the oldest.
    pub main: Signal<Out, Bits<M>>,
    /// Second word of the oldest.
    pub extra: Signal<Out, Bits<E>>,
    /// The oldest leaves.
    pub pop: Signal<In, Bit>,
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
