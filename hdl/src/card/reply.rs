//! Reply buffer: collects a frame's reply, keeps it back until it is committed.

use super::CardConfig;
use crate::prim::SyncRam;
use rust_hdl::prelude::*;

/// Ring of 32-bit words in block RAM between the command processor and the sender.
///
/// Words are written behind the write pointer; the reader sees none of them before `commit`.
/// `abort` takes the write pointer back to the last commit, `drop_item` back to the last
/// `mark_item`. While the reader still sends one reply the next may be written.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `write`, `data`, `full` | in, in, out | a word is stored when `write` is high and `full` low |
/// | `mark_item`, `drop_item` | in | behind the word written in this cycle; back to there |
/// | `commit`, `abort` | in | not together with `write` |
/// | `words` | out | words written since the last commit |
/// | `out_valid`, `out_ready`, `out_data` | out, in, out | committed words, in order |
#[derive(LogicBlock)]
pub(super) struct ReplyBuffer {
    pub(super) clock: Signal<In, Clock>,
    pub(super) reset: Signal<In, Bit>,
    pub(super) write: Signal<In, Bit>,
    pub(super) data: Signal<In, Bits<32>>,
    pub(super) full: Signal<Out, Bit>,
    pub(super) mark_item: Signal<In, Bit>,
    pub(super) drop_item: Signal<In, Bit>,
    pub(super) commit: Signal<In, Bit>,
    pub(super) abort: Signal<In, Bit>,
    pub(super) words: Signal<Out, Bits<16>>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_data: Signal<Out, Bits<32>>,
    ram: SyncRam<32>,
    written: DFF<Bits<16>>,
    item: DFF<Bits<16>>,
    committed: DFF<Bits<16>>,
    read: DFF<Bits<16>>,
    fetched: DFF<Bit>,
    valid: DFF<Bit>,
    head: DFF<Bits<32>>,
    is_full: DFF<Bit>,
    written_next: Signal<Local, Bits<16>>,
    read_next: Signal<Local, Bits<16>>,
    after: Signal<Local, Bits<16>>,
    after_next: Signal<Local, Bits<16>>,
    load: Signal<Local, Bit>,
    mask: Constant<Bits<16>>,
}

impl ReplyBuffer {
    pub(super) fn new(config: &CardConfig) -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            write: Default::default(),
            data: Default::default(),
            full: Default::default(),
            mark_item: Default::default(),
            drop_item: Default::default(),
            commit: Default::default(),
            abort: Default::default(),
            words: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            ram: SyncRam::new(config.reply_words),
            written: Default::default(),
            item: Default::default(),
            committed: Default::default(),
            read: Default::default(),
            fetched: Default::default(),
            valid: Default::default(),
            head: Default::default(),
            is_full: Default::default(),
            written_next: Default::default(),
            read_next: Default::default(),
            after: Default::default(),
            after_next: Default::default(),
            load: Default::default(),
            mask: Constant::new((config.reply_words - 1).to_bits()),
        }
    }
}

impl Logic for ReplyBuffer {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, written, item, committed, read, fetched, valid, head, is_full);
        clock!(self, clock, ram);
        self.full.next = self.is_full.q.val();
        self.after.next = (self.written.q.val() + 1) & self.mask.val();
        self.after_next.next = (self.written.q.val() + 2) & self.mask.val();
        self.words.next = (self.written.q.val() - self.committed.q.val()) & self.mask.val();
        self.ram.write.next = self.write.val() & !self.is_full.q.val();
        self.ram.write_address.next = self.written.q.val();
        self.ram.write_data.next = self.data.val();
        self.written_next.next = self.written.q.val();
        if self.write.val() & !self.is_full.q.val() {
            self.written_next.next = self.after.val();
        }
        if self.drop_item.val() {
            self.written_next.next = self.item.q.val();
        }
        if self.abort.val() {
            self.written_next.next = self.committed.q.val();
        }
        if self.mark_item.val() | self.abort.val() {
            self.item.d.next = self.written_next.val();
        }
        if self.commit.val() {
            self.committed.d.next = self.written.q.val();
            self.item.d.next = self.written.q.val();
        }
        self.load.next = !self.valid.q.val() | self.out_ready.val();
        self.read_next.next = self.read.q.val();
        if self.load.val() {
            self.valid.d.next = self.fetched.q.val();
            self.head.d.next = self.ram.read_data.val();
            if self.fetched.q.val() {
                self.read_next.next = (self.read.q.val() + 1) & self.mask.val();
            }
        }
        if self.reset.val() {
            self.written_next.next = 0.into();
            self.read_next.next = 0.into();
            self.item.d.next = 0.into();
            self.committed.d.next = 0.into();
            self.valid.d.next = false;
        }
        self.written.d.next = self.written_next.val();
        self.read.d.next = self.read_next.val();
        self.fetched.d.next = (self.read_next.val() != self.committed.q.val()) & !self.reset.val();
        // One word stays free, so that equal pointers mean empty, and one for what is written in
        // this cycle.
        self.is_full.d.next =
            (self.after.val() == self.read.q.val()) | (self.after_next.val() == self.read.q.val());
        self.ram.read_address.next = self.read_next.val();
        self.out_valid.next = self.valid.q.val();
        self.out_data.next = self.head.q.val();
    }
}
