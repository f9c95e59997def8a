//! Entries that wait.

use rust_hdl::prelude::*;

use crate::prim::LutRam;

/// First in, first out: 2^`A` places, `A` from 3 to 5.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `clear` | in | empty |
/// | `push`, `entry` | in | one enters; only while there is a place |
/// | `room` | out | at least four places are free |
/// | `some`, `head` | out | the oldest |
/// | `pop` | in | it leaves |
#[derive(LogicBlock)]
pub(super) struct Queue<const N: usize, const A: usize> {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub push: Signal<In, Bit>,
    pub entry: Signal<In, Bits<N>>,
    pub room: Signal<Out, Bit>,
    pub some: Signal<Out, Bit>,
    pub head: Signal<Out, Bits<N>>,
    pub pop: Signal<In, Bit>,
    words: LutRam<N, A>,
    write: DFF<Bits<A>>,
    read: DFF<Bits<A>>,
    count: DFF<Bits<6>>,
    most: Constant<Bits<6>>,
}

impl<const N: usize, const A: usize> Default for Queue<N, A> {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            push: Default::default(),
            entry: Default::default(),
            room: Default::default(),
            some: Default::default(),
            head: Default::default(),
            pop: Default::default(),
            words: Default::default(),
            write: Default::default(),
            read: Default::default(),
            count: Default::default(),
            most: Constant::new(((1_u64 << A) - 4).into()),
        }
    }
}

impl<const N: usize, const A: usize> Logic for Queue<N, A> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, write, read, count);
        clock!(self, clock, words);
        self.words.write_address.next = self.write.q.val();
        self.words.write_data.next = self.entry.val();
        self.words.write_enable.next = self.push.val();
        self.words.read_address.next = self.read.q.val();
        self.head.next = self.words.read_data.val();
        self.room.next = self.count.q.val() <= self.most.val();
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
