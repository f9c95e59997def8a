//! Words of the register file as streams of digits, and back.

use rust_hdl::prelude::*;

/// The two digits of each word, one after the other.
///
/// In the cycle of `first` a word is on `data` and `flags`; `digit` is its even digit in the
/// next cycle and its odd digit in the one after. While `clear` is high 0 takes its place.
#[derive(LogicBlock, Default)]
pub(super) struct Unpack {
    pub(super) clock: Signal<In, Clock>,
    pub(super) first: Signal<In, Bit>,
    pub(super) clear: Signal<In, Bit>,
    pub(super) data: Signal<In, Bits<32>>,
    pub(super) flags: Signal<In, Bits<2>>,
    pub(super) digit: Signal<Out, Bits<18>>,
    held: DFF<Bits<18>>,
    out: DFF<Bits<18>>,
}

impl Logic for Unpack {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held, out);
        self.out.d.next = self.held.q.val();
        if self.first.val() {
            self.out.d.next = bit_cast::<18, 16>(self.data.val().get_bits::<16>(0));
            self.held.d.next = bit_cast::<18, 16>(self.data.val().get_bits::<16>(16))
                | (bit_cast::<18, 2>(self.flags.val()) << 16);
        }
        if self.clear.val() {
            self.out.d.next = 0.into();
        }
        self.digit.next = self.out.q.val();
    }
}

/// A unit's results on their way back: which thread and register they belong to.
///
/// | port | meaning |
/// | --- | --- |
/// | `digit` | results |
/// | `phase` | 0 in the cycle after the first digit of a result |
/// | `valid`, `thread`, `register` | of the result, in those 16 cycles |
/// | `write` … `flags` | a word of the register file, in every second cycle (`phase` even) |
/// | `previous` | the digit of the cycle before |
#[derive(LogicBlock, Default)]
pub(super) struct Pack {
    pub(super) clock: Signal<In, Clock>,
    pub(super) digit: Signal<In, Bits<18>>,
    pub(super) phase: Signal<In, Bits<4>>,
    pub(super) valid: Signal<In, Bit>,
    pub(super) thread: Signal<In, Bits<3>>,
    pub(super) register: Signal<In, Bits<6>>,
    pub(super) write: Signal<Out, Bit>,
    pub(super) address: Signal<Out, Bits<12>>,
    pub(super) data: Signal<Out, Bits<32>>,
    pub(super) flags: Signal<Out, Bits<2>>,
    pub(super) previous: Signal<Out, Bits<16>>,
    held: DFF<Bits<16>>,
}

impl Logic for Pack {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held);
        self.held.d.next = self.digit.val().get_bits::<16>(0);
        self.previous.next = self.held.q.val();
        self.write.next = self.valid.val() & !self.phase.val().get_bit(0);
        self.address.next = (bit_cast::<12, 2>(self.register.val().get_bits::<2>(4)) << 10)
            | (bit_cast::<12, 3>(self.thread.val()) << 7)
            | (bit_cast::<12, 4>(self.register.val().get_bits::<4>(0)) << 3)
            | bit_cast::<12, 3>(self.phase.val().get_bits::<3>(1));
        self.data.next = bit_cast::<32, 16>(self.held.q.val())
            | (bit_cast::<32, 16>(self.digit.val().get_bits::<16>(0)) << 16);
        self.flags.next = self.digit.val().get_bits::<2>(16);
    }
}
