//! FIFO in block RAM whose reader can go back to a mark.

use super::SyncRam;
use rust_hdl::prelude::*;

/// Synchronous FIFO with first-word fall-through; one word in and one out per cycle.
///
/// Function: words leave in the order they came. While `hold` is high the words taken stay in
/// the RAM, and `rewind` makes the reader start again at the first word taken since `hold`
/// rose. With both low it is a plain FIFO.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `reset` | in | synchronous; empties the FIFO |
/// | `in_valid`, `in_ready`, `in_data` | in, out, in | a word enters when both are high |
/// | `out_valid`, `out_ready`, `out_data` | out, in, out | a word leaves when both are high |
/// | `hold` | in | keep what is taken from the next cycle on; the mark is where the reader stood when it rose |
/// | `rewind` | in | back to the mark; `out_valid` is low in the next cycle |
///
/// Stages: 1 RAM read (address one cycle ahead), 2 output register. Latency from `in` to
/// `out_valid`: 3 cycles. A FIFO that is full of held words is stuck until `hold` falls.
#[derive(LogicBlock)]
pub struct Fifo<const W: usize> {
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
    /// Keep what is taken.
    pub hold: Signal<In, Bit>,
    /// Back to the mark.
    pub rewind: Signal<In, Bit>,
    ram: SyncRam<W>,
    write: DFF<Bits<16>>,
    read: DFF<Bits<16>>,
    taken: DFF<Bits<16>>,
    mark: DFF<Bits<16>>,
    fetched: DFF<Bit>,
    valid: DFF<Bit>,
    data: DFF<Bits<W>>,
    load: Signal<Local, Bit>,
    enter: Signal<Local, Bit>,
    read_next: Signal<Local, Bits<16>>,
    taken_next: Signal<Local, Bits<16>>,
    fill: Signal<Local, Bits<16>>,
    mask: Constant<Bits<16>>,
    depth: Constant<Bits<16>>,
}

impl<const W: usize> Fifo<W> {
    /// FIFO of `depth` words, a power of two from 2 to 32,768, and one in the output register.
    pub fn new(depth: u32) -> Self {
        assert!((2..=32_768).contains(&depth), "{depth}");
        Self {
            clock: Default::default(),
            reset: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            hold: Default::default(),
            rewind: Default::default(),
            ram: SyncRam::new(depth),
            write: Default::default(),
            read: Default::default(),
            taken: Default::default(),
            mark: Default::default(),
            fetched: Default::default(),
            valid: Default::default(),
            data: Default::default(),
            load: Default::default(),
            enter: Default::default(),
            read_next: Default::default(),
            taken_next: Default::default(),
            fill: Default::default(),
            mask: Constant::new((2 * depth - 1).to_bits()),
            depth: Constant::new(depth.to_bits()),
        }
    }
}

impl<const W: usize> Logic for Fifo<W> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, write, read, taken, mark, fetched, valid, data);
        clock!(self, clock, ram);
        self.fill.next = (self.write.q.val() - self.mark.q.val()) & self.mask.val();
        self.in_ready.next = self.fill.val() != self.depth.val();
        self.enter.next = self.in_valid.val() & (self.fill.val() != self.depth.val());
        self.ram.write.next = self.enter.val();
        self.ram.write_address.next = self.write.q.val();
        self.ram.write_data.next = self.in_data.val();
        if self.enter.val() {
            self.write.d.next = (self.write.q.val() + 1) & self.mask.val();
        }
        self.load.next = !self.valid.q.val() | self.out_ready.val();
        self.read_next.next = self.read.q.val();
        if self.load.val() {
            self.valid.d.next = self.fetched.q.val();
            self.data.d.next = self.ram.read_data.val();
            if self.fetched.q.val() {
                self.read_next.next = (self.read.q.val() + 1) & self.mask.val();
            }
        }
        self.taken_next.next = self.taken.q.val();
        if self.valid.q.val() & self.out_ready.val() {
            self.taken_next.next = (self.taken.q.val() + 1) & self.mask.val();
        }
        if self.rewind.val() {
            self.valid.d.next = false;
            self.read_next.next = self.mark.q.val();
            self.taken_next.next = self.mark.q.val();
        }
        if !self.hold.val() {
            self.mark.d.next = self.taken_next.val();
        }
        if self.reset.val() {
            self.write.d.next = 0.into();
            self.read_next.next = 0.into();
            self.taken_next.next = 0.into();
            self.mark.d.next = 0.into();
            self.valid.d.next = false;
        }
        self.read.d.next = self.read_next.val();
        self.taken.d.next = self.taken_next.val();
        self.fetched.d.next = (self.read_next.val() != self.write.q.val()) & !self.reset.val();
        self.ram.read_address.next = self.read_next.val();
        self.out_valid.next = self.valid.q.val();
        self.out_data.next = self.data.q.val();
    }
}
