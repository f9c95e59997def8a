//! The tops of a card as movers of bytes, on either engine.

use crate::SimError;
use crate::native::Native;
use crate::stream::{Limits, Pacer, Stalls, StreamRun};
use crate::verilator::{Model, PortId};
use chaincard_hdl::card::{CardConfig, UartTop};
use chaincard_hdl::emit;
use rust_hdl::prelude::Clock;
use std::collections::VecDeque;

/// Cycles of one step: as long as a caller with a deadline waits at least.
pub(super) const STEP: u64 = 4096;

/// Cycles after the last word of an answer after which a step ends early.
const SETTLE: u64 = 8;

/// Cycles for which the reset of a top is held.
pub(super) const RESET: u64 = 16;

/// A simulated top that takes bytes and gives bytes.
pub(super) trait Gates: Send {
    /// Runs for at most [`STEP`] cycles (a few byte times more on a UART): takes bytes from
    /// `input`, appends to `output`. Returns whether anything moved.
    fn step(
        &mut self,
        input: &mut VecDeque<u8>,
        output: &mut VecDeque<u8>,
    ) -> Result<bool, SimError>;

    /// Cycles so far.
    fn cycles(&self) -> u64;

    /// Forgets a word or a byte that is half-way over the link.
    fn reset_link(&mut self);
}

/// Streams of words, on either engine.
pub(super) trait WordEngine: Send {
    /// As [`Native::stream`]; words in are data alone.
    fn stream(
        &mut self,
        input: &[u64],
        pacer: &mut Pacer,
        limits: &Limits,
    ) -> Result<StreamRun, SimError>;
    /// Cycles so far.
    fn cycles(&self) -> u64;
}

/// Bits on two wires, on either engine.
pub(super) trait WireEngine: Send {
    /// As [`Model::play`].
    fn play(&mut self, samples: &[u8], recorded: &mut [u8]) -> Result<(), SimError>;
    /// Cycles so far.
    fn cycles(&self) -> u64;
}

/// A card behind AXI4-Stream: four bytes a word.
pub(super) struct WordCard<E> {
    engine: E,
    pacer: Pacer,
}

impl<E: WordEngine> WordCard<E> {
    pub(super) fn new(engine: E) -> Self {
        Self { engine, pacer: Pacer::new(Stalls::default()) }
    }
}

impl<E: WordEngine> Gates for WordCard<E> {
    fn step(
        &mut self,
        input: &mut VecDeque<u8>,
        output: &mut VecDeque<u8>,
    ) -> Result<bool, SimError> {
        // A word a cycle is the most that can be taken.
        let count = (input.len() / 4).min(STEP as usize);
        let mut words = Vec::with_capacity(count);
        let mut bytes = input.iter().copied();
        while words.len() < count {
            let mut word = [0; 4];
            word.iter_mut().zip(&mut bytes).for_each(|(to, from)| *to = from);
            words.push(u64::from(u32::from_le_bytes(word)));
        }
        let limits = Limits { cycles: STEP, idle: STEP, settle: SETTLE, words: STEP as usize };
        let run = self.engine.stream(&words, &mut self.pacer, &limits)?;
        input.drain(..run.taken * 4);
        for &word in &run.words {
            output.extend((word as u32).to_le_bytes());
        }
        Ok(run.taken > 0 || !run.words.is_empty())
    }

    fn cycles(&self) -> u64 {
        self.engine.cycles()
    }

    fn reset_link(&mut self) {
        self.pacer = Pacer::new(Stalls::default());
    }
}

/// A card behind a UART: 8 data bits, least significant first, no parity, 1 stop bit.
pub(super) struct UartCard<E> {
    engine: E,
    divisor: usize,
    /// Levels that are still to be sent.
    sending: VecDeque<u8>,
    receiving: UartReceiver,
}

impl<E: WireEngine> UartCard<E> {
    pub(super) fn new(engine: E, config: &CardConfig) -> Self {
        let divisor = config.baud_divisor as usize;
        let receiving = UartReceiver::new(divisor);
        Self { engine, divisor, sending: VecDeque::new(), receiving }
    }
}

impl<E: WireEngine> Gates for UartCard<E> {
    fn step(
        &mut self,
        input: &mut VecDeque<u8>,
        output: &mut VecDeque<u8>,
    ) -> Result<bool, SimError> {
        // Short steps while something moves, so that answers are seen soon.
        let byte_time = 10 * self.divisor;
        let cycles = if input.is_empty() && self.sending.is_empty() && self.receiving.idle() {
            (STEP as usize / 4).max(byte_time)
        } else {
            16 * byte_time
        };
        let mut moved = !self.sending.is_empty();
        while self.sending.len() < cycles {
            let Some(byte) = input.pop_front() else { break };
            moved = true;
            for level in uart_levels(byte) {
                self.sending.extend(std::iter::repeat_n(level, self.divisor));
            }
        }
        let mut samples: Vec<u8> = self.sending.drain(..self.sending.len().min(cycles)).collect();
        samples.resize(cycles, 1);
        let mut recorded = vec![1; cycles];
        self.engine.play(&samples, &mut recorded)?;
        let before = output.len();
        for level in recorded {
            output.extend(self.receiving.sample(level));
        }
        Ok(moved || output.len() > before || !self.receiving.idle())
    }

    fn cycles(&self) -> u64 {
        self.engine.cycles()
    }

    fn reset_link(&mut self) {
        self.sending.clear();
    }
}

/// Levels of one byte: start bit, data, stop bit.
fn uart_levels(byte: u8) -> [u8; 10] {
    let mut levels = [1; 10];
    levels[0] = 0;
    for (bit, level) in levels[1..9].iter_mut().enumerate() {
        *level = byte >> bit & 1;
    }
    levels
}

/// Bytes out of the levels of a line, sampled in the middle of each bit.
struct UartReceiver {
    divisor: usize,
    /// Cycles since the start bit's falling edge; `None` on an idle line.
    since_start: Option<usize>,
    /// Level one cycle ago: a start bit is a falling edge, not a line that stays low.
    before: u8,
    byte: u8,
}

impl UartReceiver {
    fn new(divisor: usize) -> Self {
        Self { divisor, since_start: None, before: 1, byte: 0 }
    }

    fn idle(&self) -> bool {
        self.since_start.is_none()
    }

    fn sample(&mut self, level: u8) -> Option<u8> {
        let before = std::mem::replace(&mut self.before, level);
        let Some(cycle) = self.since_start else {
            if before == 1 && level == 0 {
                self.since_start = Some(1);
            }
            return None;
        };
        self.since_start = Some(cycle + 1);
        if cycle % self.divisor != self.divisor / 2 {
            return None;
        }
        match cycle / self.divisor {
            // A spike is no start bit.
            0 if level == 1 => self.since_start = None,
            0 => {}
            9 => {
                self.since_start = None;
                // Without a stop bit it is no byte.
                return (level == 1).then_some(self.byte);
            }
            _ => self.byte = self.byte >> 1 | level << 7,
        }
        None
    }
}

/// [`UartTop`] natively simulated.
pub(super) struct NativeUart(Native<UartTop>);

impl NativeUart {
    pub(super) fn new(config: CardConfig) -> Result<Self, SimError> {
        let set_clock = |top: &mut UartTop, clk| top.clock.next = Clock { clk };
        let mut native = Native::new(UartTop::new(config), set_clock)?;
        native.design().rx.next = true;
        native.run(RESET)?;
        Ok(Self(native))
    }
}

impl WireEngine for NativeUart {
    fn play(&mut self, samples: &[u8], recorded: &mut [u8]) -> Result<(), SimError> {
        for (&sample, recorded) in samples.iter().zip(recorded) {
            self.0.design().rx.next = sample != 0;
            self.0.settle()?;
            *recorded = u8::from(self.0.design().tx.val());
            self.0.rise()?;
        }
        Ok(())
    }

    fn cycles(&self) -> u64 {
        self.0.cycle()
    }
}

/// [`UartTop`] under Verilator.
pub(super) struct VerilatedUart {
    model: Model,
    clock: PortId,
    rx: PortId,
    tx: PortId,
}

impl VerilatedUart {
    pub(super) fn new(config: CardConfig) -> Result<Self, SimError> {
        let verilog = emit::verilog(&mut UartTop::new(config), "card_uart");
        let mut model = Model::new(&verilog, "card_uart")?;
        let (clock, rx, tx) = (model.port("clock")?, model.port("rx")?, model.port("tx")?);
        model.set(rx, 1);
        model.run(clock, RESET);
        Ok(Self { model, clock, rx, tx })
    }
}

impl WireEngine for VerilatedUart {
    fn play(&mut self, samples: &[u8], recorded: &mut [u8]) -> Result<(), SimError> {
        self.model.play(self.clock, (self.rx, samples), (self.tx, recorded));
        Ok(())
    }

    fn cycles(&self) -> u64 {
        self.model.cycle()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_receiver_reads_what_the_sender_writes() {
        for divisor in [4, 5, 25] {
            let mut receiver = UartReceiver::new(divisor);
            let mut found = Vec::new();
            for byte in 0..=255 {
                for level in uart_levels(byte) {
                    found.extend((0..divisor).filter_map(|_| receiver.sample(level)));
                }
            }
            assert_eq!(found, (0..=255).collect::<Vec<u8>>());
        }
    }

    #[test]
    fn a_spike_and_a_missing_stop_bit_are_no_byte() {
        let mut receiver = UartReceiver::new(8);
        let mut line = vec![1, 0, 0, 1];
        line.resize(200, 1);
        line.resize(400, 0);
        line.resize(600, 1);
        assert_eq!(line.iter().find_map(|&level| receiver.sample(level)), None);
    }
}
