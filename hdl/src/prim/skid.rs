//! Skid buffer: cuts every combinational path between two sides of a stream.

use rust_hdl::prelude::*;

/// Register slice of two words: valid, data and ready all come from flip-flops; one word per
/// cycle, latency 1.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `reset` | in | synchronous; drops what is inside |
/// | `in_valid`, `in_ready`, `in_data` | in, out, in | a word enters when both are high |
/// | `out_valid`, `out_ready`, `out_data` | out, in, out | a word leaves when both are high |
#[derive(LogicBlock, Default)]
pub struct Skid<const W: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Synchronous reset.
    pub reset: Signal<In, Bit>,
    /// A word is offered.
    pub in_valid: Signal<In, Bit>,
    /// There is room.
    pub in_ready: Signal<Out, Bit>,
    /// Word in.
    pub in_data: Signal<In, Bits<W>>,
    /// A word is there.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken.
    pub out_ready: Signal<In, Bit>,
    /// Word out.
    pub out_data: Signal<Out, Bits<W>>,
    first: DFF<Bits<W>>,
    first_valid: DFF<Bit>,
    second: DFF<Bits<W>>,
    second_valid: DFF<Bit>,
}

impl<const W: usize> Logic for Skid<W> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, first, first_valid, second, second_valid);
        self.in_ready.next = !self.second_valid.q.val();
        self.out_valid.next = self.first_valid.q.val();
        self.out_data.next = self.first.q.val();
        if !self.second_valid.q.val() {
            self.second.d.next = self.in_data.val();
        }
        if self.out_ready.val() | !self.first_valid.q.val() {
            if self.second_valid.q.val() {
                self.first.d.next = self.second.q.val();
            } else {
                self.first.d.next = self.in_data.val();
            }
            self.first_valid.d.next = self.second_valid.q.val() | self.in_valid.val();
            self.second_valid.d.next = false;
        } else {
            self.second_valid.d.next = self.second_valid.q.val() | self.in_valid.val();
        }
        if self.reset.val() {
            self.first_valid.d.next = false;
            self.second_valid.d.next = false;
        }
    }
}
