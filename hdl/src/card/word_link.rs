//! Link of whole words: receive FIFO and search for the magic.

use crate::prim::Fifo;
use chaincard_protocol::frame::MAGIC_WORD;
use rust_hdl::prelude::*;

/// Words of requests between an AXI4-Stream slave and the command processor.
///
/// While `search` is high every word but the magic is dropped, with one pulse of `skipped`
/// each; `hold` and `rewind` are those of [`Fifo`], and a rewind counts the magic as skipped.
#[derive(LogicBlock)]
pub(super) struct WordLink {
    pub(super) clock: Signal<In, Clock>,
    pub(super) reset: Signal<In, Bit>,
    pub(super) in_valid: Signal<In, Bit>,
    pub(super) in_ready: Signal<Out, Bit>,
    pub(super) in_data: Signal<In, Bits<32>>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_data: Signal<Out, Bits<32>>,
    pub(super) search: Signal<In, Bit>,
    pub(super) hold: Signal<In, Bit>,
    pub(super) rewind: Signal<In, Bit>,
    pub(super) skipped: Signal<Out, Bit>,
    fifo: Fifo<32>,
    is_magic: Signal<Local, Bit>,
    magic: Constant<Bits<32>>,
}

impl WordLink {
    /// Words in the receive FIFO: a header and what a block RAM has for nothing.
    const DEPTH: u32 = 512;
}

impl Default for WordLink {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            search: Default::default(),
            hold: Default::default(),
            rewind: Default::default(),
            skipped: Default::default(),
            fifo: Fifo::new(Self::DEPTH),
            is_magic: Default::default(),
            magic: Constant::new(MAGIC_WORD.to_bits()),
        }
    }
}

impl Logic for WordLink {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, fifo);
        self.fifo.reset.next = self.reset.val();
        self.fifo.in_valid.next = self.in_valid.val();
        self.fifo.in_data.next = self.in_data.val();
        self.in_ready.next = self.fifo.in_ready.val();
        self.fifo.hold.next = self.hold.val();
        self.fifo.rewind.next = self.rewind.val();
        self.is_magic.next = self.fifo.out_data.val() == self.magic.val();
        self.out_valid.next = self.fifo.out_valid.val();
        self.out_data.next = self.fifo.out_data.val();
        self.fifo.out_ready.next = self.out_ready.val();
        self.skipped.next = self.rewind.val();
        if self.search.val() & !self.is_magic.val() {
            self.out_valid.next = false;
            self.fifo.out_ready.next = true;
            self.skipped.next = self.fifo.out_valid.val();
        }
    }
}
