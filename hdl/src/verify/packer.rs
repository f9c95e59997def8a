//! Pieces of a byte string joined into words.

use rust_hdl::prelude::*;

/// Takes pieces of 0 … 4 bytes, gives words of 4 bytes; only the last word may be shorter.
///
/// One piece per cycle; a last piece that overflows its word costs one more cycle.
///
/// | port | direction | width | meaning |
/// | --- | --- | --- | --- |
/// | `in_valid`, `in_ready` | in, out | 1 | a piece moves when both are high |
/// | `in_data` | in | 32 | its bytes, the first one in bits 7 … 0, zeros beyond them |
/// | `in_bytes` | in | 3 | how many, 0 … 4 |
/// | `in_last` | in | 1 | the string ends here |
/// | `out_valid`, `out_ready`, `out_data`, `out_bytes`, `out_last` | out, in | | as the input of a hash core |
#[derive(LogicBlock, Default)]
pub struct Packer {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops everything.
    pub clear: Signal<In, Bit>,
    /// A piece is there.
    pub in_valid: Signal<In, Bit>,
    /// It is taken.
    pub in_ready: Signal<Out, Bit>,
    /// Its bytes.
    pub in_data: Signal<In, Bits<32>>,
    /// How many.
    pub in_bytes: Signal<In, Bits<3>>,
    /// The last piece.
    pub in_last: Signal<In, Bit>,
    /// A word is there.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken.
    pub out_ready: Signal<In, Bit>,
    /// Its bytes.
    pub out_data: Signal<Out, Bits<32>>,
    /// How many.
    pub out_bytes: Signal<Out, Bits<3>>,
    /// The last word.
    pub out_last: Signal<Out, Bit>,

    held: DFF<Bits<32>>,
    count: DFF<Bits<3>>,
    flush: DFF<Bit>,
    valid: DFF<Bit>,
    data: DFF<Bits<32>>,
    bytes: DFF<Bits<3>>,
    last: DFF<Bit>,
    room: Signal<Local, Bit>,
    total: Signal<Local, Bits<4>>,
    low: Signal<Local, Bits<32>>,
    high: Signal<Local, Bits<32>>,
}

impl Logic for Packer {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held, count, flush, valid, data, bytes, last);
        self.room.next = !self.valid.q.val() | self.out_ready.val();
        self.in_ready.next = self.room.val() & !self.flush.q.val();
        self.total.next =
            bit_cast::<4, 3>(self.count.q.val()) + bit_cast::<4, 3>(self.in_bytes.val());
        self.low.next = self.held.q.val() | self.in_data.val();
        self.high.next = 0.into();
        if self.count.q.val() == 1 {
            self.low.next = self.held.q.val() | (self.in_data.val() << 8);
            self.high.next = self.in_data.val() >> 24;
        }
        if self.count.q.val() == 2 {
            self.low.next = self.held.q.val() | (self.in_data.val() << 16);
            self.high.next = self.in_data.val() >> 16;
        }
        if self.count.q.val() == 3 {
            self.low.next = self.held.q.val() | (self.in_data.val() << 24);
            self.high.next = self.in_data.val() >> 8;
        }
        if self.room.val() {
            self.valid.d.next = false;
            if self.flush.q.val() {
                self.flush.d.next = false;
                self.valid.d.next = true;
                self.data.d.next = self.held.q.val();
                self.bytes.d.next = self.count.q.val();
                self.last.d.next = true;
                self.held.d.next = 0.into();
                self.count.d.next = 0.into();
            } else if self.in_valid.val() {
                self.data.d.next = self.low.val();
                self.last.d.next = self.in_last.val();
                if self.total.val() >= 4 {
                    self.valid.d.next = true;
                    self.bytes.d.next = 4.into();
                    self.held.d.next = self.high.val();
                    self.count.d.next = self.total.val().get_bits::<3>(0) ^ 4;
                    if self.in_last.val() & (self.total.val() != 4) {
                        self.flush.d.next = true;
                        self.last.d.next = false;
                    }
                } else {
                    self.held.d.next = self.low.val();
                    self.count.d.next = self.total.val().get_bits::<3>(0);
                    self.bytes.d.next = self.total.val().get_bits::<3>(0);
                    if self.in_last.val() {
                        self.valid.d.next = true;
                        self.held.d.next = 0.into();
                        self.count.d.next = 0.into();
                    }
                }
            }
        }
        if self.clear.val() {
            self.valid.d.next = false;
            self.flush.d.next = false;
            self.held.d.next = 0.into();
            self.count.d.next = 0.into();
        }
        self.out_valid.next = self.valid.q.val();
        self.out_data.next = self.data.q.val();
        self.out_bytes.next = self.bytes.q.val();
        self.out_last.next = self.last.q.val();
    }
}
