//! Points that are in the engine: from their first word to the last addition of them.

use std::array;

use rust_hdl::prelude::*;

/// Points at the same time.
pub(super) const SLOTS: usize = 8;

/// A slot: free until a point claims it, and again when the point is in rows (`load`), all its
/// digits have become entries (`close`), and each entry has been added.
#[derive(LogicBlock)]
pub(super) struct Slot {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub claim: Signal<In, Bit>,
    pub close: Signal<In, Bit>,
    pub push: Signal<In, Bit>,
    pub writer: Signal<In, Bits<3>>,
    pub load: Signal<In, Bit>,
    pub add: Signal<In, Bit>,
    pub finished: Signal<In, Bits<3>>,
    pub query: Signal<In, Bits<3>>,
    pub used: Signal<Out, Bit>,
    pub loaded: Signal<Out, Bit>,
    written: Signal<Local, Bit>,
    ended: Signal<Local, Bit>,
    is_used: DFF<Bit>,
    is_loaded: DFF<Bit>,
    is_closed: DFF<Bit>,
    waiting: DFF<Bits<7>>,
    number: Constant<Bits<3>>,
}

impl Slot {
    fn new(number: usize) -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            claim: Default::default(),
            close: Default::default(),
            push: Default::default(),
            writer: Default::default(),
            load: Default::default(),
            add: Default::default(),
            finished: Default::default(),
            query: Default::default(),
            used: Default::default(),
            loaded: Default::default(),
            written: Default::default(),
            ended: Default::default(),
            is_used: Default::default(),
            is_loaded: Default::default(),
            is_closed: Default::default(),
            waiting: Default::default(),
            number: Constant::new((number as u64).into()),
        }
    }
}

impl Logic for Slot {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, is_used, is_loaded, is_closed, waiting);
        self.written.next = self.writer.val() == self.number.val();
        self.ended.next = self.finished.val() == self.number.val();
        if self.is_closed.q.val() & self.is_loaded.q.val() & !self.waiting.q.val().any() {
            self.is_used.d.next = false;
            self.is_loaded.d.next = false;
            self.is_closed.d.next = false;
        }
        if self.written.val() & self.claim.val() {
            self.is_used.d.next = true;
        }
        if self.written.val() & self.close.val() {
            self.is_closed.d.next = true;
        }
        if self.ended.val() & self.load.val() {
            self.is_loaded.d.next = true;
        }
        if self.written.val() & self.push.val() & !(self.ended.val() & self.add.val()) {
            self.waiting.d.next = self.waiting.q.val() + 1;
        }
        if self.ended.val() & self.add.val() & !(self.written.val() & self.push.val()) {
            self.waiting.d.next = self.waiting.q.val() - 1;
        }
        if self.clear.val() {
            self.is_used.d.next = false;
            self.is_loaded.d.next = false;
            self.is_closed.d.next = false;
            self.waiting.d.next = 0.into();
        }
        self.used.next = self.is_used.q.val() & self.written.val();
        self.loaded.next = self.is_loaded.q.val() & (self.query.val() == self.number.val());
    }
}

/// All slots.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `clear` | in | all are free |
/// | `writer`, `claim`, `push`, `close` | in | a point claims this slot; an entry of it; all entries |
/// | `used` | out | that slot is not free |
/// | `finished`, `load`, `add` | in | the point of this slot is in rows; an entry has been added |
/// | `query`, `loaded` | in, out | the point of this slot is in rows |
#[derive(LogicBlock)]
pub(super) struct Slots {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub writer: Signal<In, Bits<3>>,
    pub claim: Signal<In, Bit>,
    pub push: Signal<In, Bit>,
    pub close: Signal<In, Bit>,
    pub used: Signal<Out, Bit>,
    pub finished: Signal<In, Bits<3>>,
    pub load: Signal<In, Bit>,
    pub add: Signal<In, Bit>,
    pub query: Signal<In, Bits<3>>,
    pub loaded: Signal<Out, Bit>,
    slots: [Slot; SLOTS],
}

impl Default for Slots {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            writer: Default::default(),
            claim: Default::default(),
            push: Default::default(),
            close: Default::default(),
            used: Default::default(),
            finished: Default::default(),
            load: Default::default(),
            add: Default::default(),
            query: Default::default(),
            loaded: Default::default(),
            slots: array::from_fn(Slot::new),
        }
    }
}

impl Logic for Slots {
    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..8 {
            self.slots[i].clock.next = self.clock.val();
            self.slots[i].clear.next = self.clear.val();
            self.slots[i].writer.next = self.writer.val();
            self.slots[i].claim.next = self.claim.val();
            self.slots[i].push.next = self.push.val();
            self.slots[i].close.next = self.close.val();
            self.slots[i].finished.next = self.finished.val();
            self.slots[i].load.next = self.load.val();
            self.slots[i].add.next = self.add.val();
            self.slots[i].query.next = self.query.val();
        }
        self.used.next = self.slots[0].used.val()
            | self.slots[1].used.val()
            | self.slots[2].used.val()
            | self.slots[3].used.val()
            | self.slots[4].used.val()
            | self.slots[5].used.val()
            | self.slots[6].used.val()
            | self.slots[7].used.val();
        self.loaded.next = self.slots[0].loaded.val()
            | self.slots[1].loaded.val()
            | self.slots[2].loaded.val()
            | self.slots[3].loaded.val()
            | self.slots[4].loaded.val()
            | self.slots[5].loaded.val()
            | self.slots[6].loaded.val()
            | self.slots[7].loaded.val();
    }
}
