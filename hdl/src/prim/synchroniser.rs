//! Brings an asynchronous input into a clock domain.

use rust_hdl::prelude::*;

/// Two flip-flops in a row: `output` follows `input` two cycles later. At the start both say
/// that the line is high, as an idle UART line is.
#[derive(LogicBlock, Default)]
pub struct Synchroniser {
    /// Clock of the output.
    pub clock: Signal<In, Clock>,
    /// From another clock domain, or a pin.
    pub asynchronous: Signal<In, Bit>,
    /// The same, safe to use.
    pub synchronous: Signal<Out, Bit>,
    first: DFF<Bit>,
    second: DFF<Bit>,
}

impl Logic for Synchroniser {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, first, second);
        // Stored complemented, because flip-flops start at 0.
        self.first.d.next = !self.asynchronous.val();
        self.second.d.next = self.first.q.val();
        self.synchronous.next = !self.second.q.val();
    }
}
