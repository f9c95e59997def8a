//! Collector: writes the status and digest of each item to the reply buffer.

use chaincard_protocol::hash::ItemStatus;
use rust_hdl::prelude::*;

/// Takes digests from the engine bank in the order of the items and puts a status word before
/// each. Watches that the engines get on.
///
/// The words of an answer are counted in `N` bits.
///
/// Theory of operation:
/// 1. `start` tells the number of items and the words in a digest; no item is answered yet.
/// 2. While the engine offers a digest, the status `Done` and the words of the digest are
///    written, one word per cycle.
/// 3. When the engine owes something (a word waits to be taken, or a message was given in full
///    and its digest has not come) and neither takes nor offers a word for `timeout` cycles,
///    or when `fail` is high, the engine is given up: `dead` rises, an item written in part is
///    dropped, and every item not answered yet gets the status `EngineTimeout` and zeros.
/// 4. `complete` is high when every item is answered.
///
/// `abort` ends the frame without an answer.
#[derive(LogicBlock)]
pub(super) struct Collector<const N: usize> {
    pub(super) clock: Signal<In, Clock>,
    pub(super) reset: Signal<In, Bit>,
    pub(super) start: Signal<In, Bit>,
    pub(super) abort: Signal<In, Bit>,
    pub(super) fail: Signal<In, Bit>,
    pub(super) items: Signal<In, Bits<16>>,
    pub(super) digest_words: Signal<In, Bits<N>>,
    pub(super) started: Signal<In, Bits<16>>,
    pub(super) timeout: Signal<In, Bits<32>>,
    pub(super) engine_in_valid: Signal<In, Bit>,
    pub(super) engine_in_ready: Signal<In, Bit>,
    pub(super) engine_valid: Signal<In, Bit>,
    pub(super) engine_ready: Signal<Out, Bit>,
    pub(super) engine_data: Signal<In, Bits<32>>,
    pub(super) write: Signal<Out, Bit>,
    pub(super) data: Signal<Out, Bits<32>>,
    pub(super) full: Signal<In, Bit>,
    pub(super) mark_item: Signal<Out, Bit>,
    pub(super) drop_item: Signal<Out, Bit>,
    pub(super) dead: Signal<Out, Bit>,
    pub(super) complete: Signal<Out, Bit>,
    pub(super) done: Signal<Out, Bits<16>>,
    pub(super) timed_out: Signal<Out, Bits<16>>,
    items_left: DFF<Bits<16>>,
    answered: DFF<Bits<16>>,
    done_items: DFF<Bits<16>>,
    lost_items: DFF<Bits<16>>,
    words: DFF<Bits<N>>,
    position: DFF<Bits<N>>,
    given_up: DFF<Bit>,
    dropped: DFF<Bit>,
    complete_q: DFF<Bit>,
    timer: DFF<Bits<32>>,
    expired: DFF<Bit>,
    stuck: DFF<Bit>,
    open: Signal<Local, Bit>,
    put: Signal<Local, Bit>,
    owed: Signal<Local, Bit>,
    status_done: Constant<Bits<32>>,
    status_timeout: Constant<Bits<32>>,
}

impl<const N: usize> Default for Collector<N> {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            start: Default::default(),
            abort: Default::default(),
            fail: Default::default(),
            items: Default::default(),
            digest_words: Default::default(),
            started: Default::default(),
            timeout: Default::default(),
            engine_in_valid: Default::default(),
            engine_in_ready: Default::default(),
            engine_valid: Default::default(),
            engine_ready: Default::default(),
            engine_data: Default::default(),
            write: Default::default(),
            data: Default::default(),
            full: Default::default(),
            mark_item: Default::default(),
            drop_item: Default::default(),
            dead: Default::default(),
            complete: Default::default(),
            done: Default::default(),
            timed_out: Default::default(),
            items_left: Default::default(),
            answered: Default::default(),
            done_items: Default::default(),
            lost_items: Default::default(),
            words: Default::default(),
            position: Default::default(),
            given_up: Default::default(),
            dropped: Default::default(),
            complete_q: Default::default(),
            timer: Default::default(),
            expired: Default::default(),
            stuck: Default::default(),
            open: Default::default(),
            put: Default::default(),
            owed: Default::default(),
            status_done: Constant::new(ItemStatus::Done.code().to_bits()),
            status_timeout: Constant::new(ItemStatus::EngineTimeout.code().to_bits()),
        }
    }
}

impl<const N: usize> Logic for Collector<N> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self, clock, items_left, answered, done_items, lost_items, words, position, given_up,
            dropped, complete_q, timer, expired, stuck
        );
        self.open.next = self.items_left.q.val() != 0;
        self.complete_q.d.next = !self.open.val();
        self.complete.next = self.complete_q.q.val();
        self.dead.next = self.given_up.q.val();
        self.done.next = self.done_items.q.val();
        self.timed_out.next = self.lost_items.q.val();
        self.engine_ready.next = false;
        self.put.next = false;
        self.data.next = self.engine_data.val();
        self.drop_item.next = false;
        self.mark_item.next = false;
        if self.open.val() {
            if self.given_up.q.val() {
                if !self.dropped.q.val() {
                    self.drop_item.next = true;
                    self.dropped.d.next = true;
                    self.position.d.next = 0.into();
                } else {
                    self.put.next = !self.full.val();
                    self.data.next = 0.into();
                    if self.position.q.val() == 0 {
                        self.data.next = self.status_timeout.val();
                    }
                }
            } else if self.engine_valid.val() {
                self.put.next = !self.full.val();
                if self.position.q.val() == 0 {
                    self.data.next = self.status_done.val();
                } else {
                    self.engine_ready.next = !self.full.val();
                }
            }
        }
        self.write.next = self.put.val();
        if self.put.val() {
            self.position.d.next = self.position.q.val() + 1;
            if self.position.q.val() == self.words.q.val() {
                self.position.d.next = 0.into();
                self.mark_item.next = true;
                self.items_left.d.next = self.items_left.q.val() - 1;
                self.answered.d.next = self.answered.q.val() + 1;
                if self.given_up.q.val() {
                    self.lost_items.d.next = self.lost_items.q.val() + 1;
                } else {
                    self.done_items.d.next = self.done_items.q.val() + 1;
                }
            }
        }
        // The engine owes a step when a word waits or a whole message has no digest yet; an
        // offered digest is a step, however long the reply buffer is full.
        self.owed.next = self.open.val()
            & !self.given_up.q.val()
            & !self.engine_valid.val()
            & ((self.engine_in_valid.val() & !self.engine_in_ready.val())
                | (!self.engine_in_valid.val() & (self.started.val() != self.answered.q.val())));
        self.stuck.d.next = self.owed.val();
        self.timer.d.next = self.timer.q.val() + 1;
        if !self.stuck.q.val() {
            self.timer.d.next = 0.into();
        }
        self.expired.d.next = self.stuck.q.val() & (self.timer.q.val() >= self.timeout.val());
        if self.open.val() & (self.fail.val() | (self.expired.q.val() & self.stuck.q.val())) {
            self.given_up.d.next = true;
        }
        if self.start.val() {
            self.items_left.d.next = self.items.val();
            self.words.d.next = self.digest_words.val();
            self.answered.d.next = 0.into();
            self.done_items.d.next = 0.into();
            self.lost_items.d.next = 0.into();
            self.complete_q.d.next = false;
        }
        if self.abort.val() | self.reset.val() {
            self.items_left.d.next = 0.into();
        }
        if self.start.val() | self.abort.val() | self.reset.val() {
            self.position.d.next = 0.into();
            self.given_up.d.next = false;
            self.dropped.d.next = false;
            self.stuck.d.next = false;
            self.expired.d.next = false;
        }
    }
}
