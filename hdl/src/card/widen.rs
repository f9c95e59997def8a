//! Widening adapter: two words of 32 bits make one of 64.

use rust_hdl::prelude::*;

/// Joins the words of a message in pairs for a core with 64-bit words. A message with an odd
/// number of words ends with a word whose high half is 0.
///
/// The first word of a pair waits in a register; the second passes through together with it in
/// the same cycle, so that 32-bit words are taken without a gap.
#[derive(LogicBlock, Default)]
pub(super) struct Widen {
    pub(super) clock: Signal<In, Clock>,
    pub(super) clear: Signal<In, Bit>,
    pub(super) in_valid: Signal<In, Bit>,
    pub(super) in_ready: Signal<Out, Bit>,
    pub(super) in_data: Signal<In, Bits<32>>,
    pub(super) in_bytes: Signal<In, Bits<3>>,
    pub(super) in_last: Signal<In, Bit>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_low: Signal<Out, Bits<32>>,
    pub(super) out_high: Signal<Out, Bits<32>>,
    pub(super) out_bytes: Signal<Out, Bits<4>>,
    low: DFF<Bits<32>>,
    half: DFF<Bit>,
    second: Signal<Local, Bit>,
}

impl Logic for Widen {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, low, half);
        self.second.next = self.half.q.val() | self.in_last.val();
        self.out_valid.next = self.in_valid.val() & self.second.val();
        self.in_ready.next = !self.second.val() | self.out_ready.val();
        if !self.half.q.val() {
            self.low.d.next = self.in_data.val();
        }
        if self.in_valid.val() {
            if !self.second.val() {
                self.half.d.next = true;
            } else if self.out_ready.val() {
                self.half.d.next = false;
            }
        }
        if self.clear.val() {
            self.half.d.next = false;
        }
        self.out_low.next = self.in_data.val();
        self.out_high.next = 0.into();
        self.out_bytes.next = bit_cast::<4, 3>(self.in_bytes.val());
        if self.half.q.val() {
            self.out_low.next = self.low.q.val();
            self.out_high.next = self.in_data.val();
            self.out_bytes.next = bit_cast::<4, 3>(self.in_bytes.val()) + 4;
        }
    }
}
