//! UART receiver and transmitter: 8 data bits, no parity, one stop bit, least bit first.

use super::Synchroniser;
use rust_hdl::prelude::*;

/// Receiver. `valid` is high for one cycle with each byte whose stop bit was right; a byte
/// with a wrong one is dropped, and the line must be high again before the next start bit.
///
/// Bits are sampled in their middle; the start bit is looked at again there, so a spike
/// shorter than half a bit is no byte. Clocks of both sides may differ by ±4 %.
#[derive(LogicBlock)]
pub struct UartRx {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The line; asynchronous, high when idle.
    pub rx: Signal<In, Bit>,
    /// A byte has come.
    pub valid: Signal<Out, Bit>,
    /// The byte.
    pub data: Signal<Out, Bits<8>>,
    line: Synchroniser,
    timer: DFF<Bits<16>>,
    bits_left: DFF<Bits<4>>,
    shift: DFF<Bits<8>>,
    high: DFF<Bit>,
    done: DFF<Bit>,
    bit_cycles: Constant<Bits<16>>,
    half_cycles: Constant<Bits<16>>,
}

impl UartRx {
    /// Receiver with `divisor` cycles per bit (4 … 65,535).
    pub fn new(divisor: u32) -> Self {
        assert!((4..=65_535).contains(&divisor), "{divisor}");
        Self {
            clock: Default::default(),
            rx: Default::default(),
            valid: Default::default(),
            data: Default::default(),
            line: Default::default(),
            timer: Default::default(),
            bits_left: Default::default(),
            shift: Default::default(),
            high: Default::default(),
            done: Default::default(),
            bit_cycles: Constant::new((divisor - 1).to_bits()),
            half_cycles: Constant::new((divisor / 2 - 1).to_bits()),
        }
    }
}

impl Logic for UartRx {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, timer, bits_left, shift, high, done);
        clock!(self, clock, line);
        self.line.asynchronous.next = self.rx.val();
        self.done.d.next = false;
        if self.bits_left.q.val() == 0 {
            // Idle: a start bit is a low line after a high one.
            self.timer.d.next = self.half_cycles.val();
            self.high.d.next = self.line.synchronous.val();
            if self.high.q.val() & !self.line.synchronous.val() {
                self.bits_left.d.next = 10.into();
            }
        } else if self.timer.q.val() != 0 {
            self.timer.d.next = self.timer.q.val() - 1;
        } else {
            // Middle of a bit: start bit, eight data bits, stop bit.
            self.timer.d.next = self.bit_cycles.val();
            self.bits_left.d.next = self.bits_left.q.val() - 1;
            if self.bits_left.q.val() == 10 {
                if self.line.synchronous.val() {
                    self.bits_left.d.next = 0.into();
                }
            } else if self.bits_left.q.val() == 1 {
                self.done.d.next = self.line.synchronous.val();
                self.high.d.next = self.line.synchronous.val();
            } else {
                self.shift.d.next = bit_cast::<8, 8>(self.shift.q.val() >> 1);
                if self.line.synchronous.val() {
                    self.shift.d.next = (self.shift.q.val() >> 1) | 128;
                }
            }
        }
        self.valid.next = self.done.q.val();
        self.data.next = self.shift.q.val();
    }
}

/// Transmitter. A byte is taken when `valid` and `ready` are high; the line is then busy for
/// ten bits.
#[derive(LogicBlock)]
pub struct UartTx {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A byte is offered.
    pub valid: Signal<In, Bit>,
    /// The line is free.
    pub ready: Signal<Out, Bit>,
    /// The byte.
    pub data: Signal<In, Bits<8>>,
    /// The line; high when idle.
    pub tx: Signal<Out, Bit>,
    timer: DFF<Bits<16>>,
    bits_left: DFF<Bits<4>>,
    shift: DFF<Bits<9>>,
    bit_cycles: Constant<Bits<16>>,
}

impl UartTx {
    /// Transmitter with `divisor` cycles per bit (4 … 65,535).
    pub fn new(divisor: u32) -> Self {
        assert!((4..=65_535).contains(&divisor), "{divisor}");
        Self {
            clock: Default::default(),
            valid: Default::default(),
            ready: Default::default(),
            data: Default::default(),
            tx: Default::default(),
            timer: Default::default(),
            bits_left: Default::default(),
            shift: Default::default(),
            bit_cycles: Constant::new((divisor - 1).to_bits()),
        }
    }
}

impl Logic for UartTx {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, timer, bits_left, shift);
        self.ready.next = self.bits_left.q.val() == 0;
        // The shift register holds the line's levels complemented, so that 0 is idle.
        self.tx.next = !self.shift.q.val().get_bit(0);
        if self.bits_left.q.val() == 0 {
            self.timer.d.next = self.bit_cycles.val();
            if self.valid.val() {
                self.bits_left.d.next = 10.into();
                self.shift.d.next = (bit_cast::<9, 8>(self.data.val() ^ 255) << 1) | 1;
            }
        } else if self.timer.q.val() != 0 {
            self.timer.d.next = self.timer.q.val() - 1;
        } else {
            self.timer.d.next = self.bit_cycles.val();
            self.bits_left.d.next = self.bits_left.q.val() - 1;
            self.shift.d.next = self.shift.q.val() >> 1;
        }
    }
}
