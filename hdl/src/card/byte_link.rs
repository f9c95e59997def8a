//! Link of bytes: receive FIFO, byte-wise search for the magic, words to bytes.

use super::CardConfig;
use crate::prim::Fifo;
use chaincard_protocol::frame::MAGIC_WORD;
use rust_hdl::prelude::*;

/// Bytes of requests between a UART receiver and the command processor.
///
/// Four bytes make a word, the first one in bits 7 … 0. While `search` is high and the four
/// bytes are not the magic, the oldest one is dropped, with a pulse of `skipped`. A byte that
/// comes while the FIFO is full is lost. `rewind` (see [`Fifo`]) counts the magic as four
/// skipped bytes.
#[derive(LogicBlock)]
pub(super) struct ByteReceiver {
    pub(super) clock: Signal<In, Clock>,
    pub(super) in_valid: Signal<In, Bit>,
    pub(super) in_data: Signal<In, Bits<8>>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_data: Signal<Out, Bits<32>>,
    pub(super) search: Signal<In, Bit>,
    pub(super) hold: Signal<In, Bit>,
    pub(super) rewind: Signal<In, Bit>,
    pub(super) skipped: Signal<Out, Bit>,
    fifo: Fifo<8>,
    window: DFF<Bits<32>>,
    count: DFF<Bits<3>>,
    to_skip: DFF<Bits<3>>,
    shift_in: Signal<Local, Bit>,
    drop_byte: Signal<Local, Bit>,
    offered: Signal<Local, Bit>,
    full: Signal<Local, Bit>,
    magic: Constant<Bits<32>>,
}

impl ByteReceiver {
    /// Receiver with a FIFO of `config.receive_bytes`.
    pub(super) fn new(config: &CardConfig) -> Self {
        Self {
            clock: Default::default(),
            in_valid: Default::default(),
            in_data: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            search: Default::default(),
            hold: Default::default(),
            rewind: Default::default(),
            skipped: Default::default(),
            fifo: Fifo::new(config.receive_bytes),
            window: Default::default(),
            count: Default::default(),
            to_skip: Default::default(),
            shift_in: Default::default(),
            drop_byte: Default::default(),
            offered: Default::default(),
            full: Default::default(),
            magic: Constant::new(MAGIC_WORD.to_bits()),
        }
    }
}

impl Logic for ByteReceiver {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, window, count, to_skip);
        clock!(self, clock, fifo);
        self.fifo.reset.next = false;
        self.fifo.in_valid.next = self.in_valid.val();
        self.fifo.in_data.next = self.in_data.val();
        self.fifo.hold.next = self.hold.val();
        self.fifo.rewind.next = self.rewind.val();
        self.full.next = self.count.q.val() == 4;
        self.offered.next =
            self.full.val() & (!self.search.val() | (self.window.q.val() == self.magic.val()));
        self.drop_byte.next = self.full.val()
            & self.search.val()
            & (self.window.q.val() != self.magic.val())
            & (self.to_skip.q.val() == 0);
        self.out_valid.next = self.offered.val();
        self.out_data.next = self.window.q.val();
        // One byte at a time: in when there is room, so a word is never half of two frames.
        self.shift_in.next = !self.full.val() & self.fifo.out_valid.val();
        self.fifo.out_ready.next = !self.full.val();
        if self.shift_in.val() {
            self.window.d.next =
                (self.window.q.val() >> 8) | (bit_cast::<32, 8>(self.fifo.out_data.val()) << 24);
            self.count.d.next = self.count.q.val() + 1;
        }
        if self.drop_byte.val() {
            self.count.d.next = 3.into();
        }
        if self.offered.val() & self.out_ready.val() {
            self.count.d.next = 0.into();
        }
        self.skipped.next = self.drop_byte.val() | (self.to_skip.q.val() != 0);
        if self.to_skip.q.val() != 0 {
            self.to_skip.d.next = self.to_skip.q.val() - 1;
        }
        if self.rewind.val() {
            self.count.d.next = 0.into();
            self.to_skip.d.next = 4.into();
        }
    }
}

/// Words of replies to bytes for a UART transmitter, the byte in bits 7 … 0 first.
#[derive(LogicBlock, Default)]
pub(super) struct ByteSender {
    pub(super) clock: Signal<In, Clock>,
    pub(super) in_valid: Signal<In, Bit>,
    pub(super) in_ready: Signal<Out, Bit>,
    pub(super) in_data: Signal<In, Bits<32>>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_data: Signal<Out, Bits<8>>,
    word: DFF<Bits<32>>,
    left: DFF<Bits<3>>,
}

impl Logic for ByteSender {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, word, left);
        self.in_ready.next = self.left.q.val() == 0;
        self.out_valid.next = self.left.q.val() != 0;
        self.out_data.next = self.word.q.val().get_bits::<8>(0);
        if self.left.q.val() == 0 {
            self.word.d.next = self.in_data.val();
            if self.in_valid.val() {
                self.left.d.next = 4.into();
            }
        } else if self.out_ready.val() {
            self.word.d.next = self.word.q.val() >> 8;
            self.left.d.next = self.left.q.val() - 1;
        }
    }
}
