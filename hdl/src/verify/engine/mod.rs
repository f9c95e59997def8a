//! The engine: eight threads share a multiplier, an adder, an inverse unit and a recoder.
//!
//! Time is divided into slots of 16 cycles. In each slot the multiplier and the adder begin one
//! operation, whose operands are read as streams of digits, and each thread issues at most one
//! instruction. A thread waits for its own results only; while it does the
//! others use the units.
//!
//! The register file is held twice: one copy is read for the multiplier's operands, the other for
//! the adder's, each in turn for the first and the second operand. Both are written in turn with
//! products and with sums. A copy has a word of two digits for each of 8 threads, of as many
//! registers as the programs need, in sixteens, and of 8 places.
//!
//! Cycles of each scheme, area and clock: `hdl/engine.json`, with part, tools and seed.
//!
//! Timing of an operation, in cycles from the one in which it is taken from its queue (M for the
//! multiplier's latency, A for the adder's):
//!
//! | unit | operands on the ports | result on the port | first word in the register file | thread told |
//! | --- | --- | --- | --- | --- |
//! | multiplier | 4 (b), 20 (a) | 4 + M | 6 + M | M − 3, or one later |
//! | adder | 5 | 5 + A | 7 + A | when the flags are there, or one later |
//!
//! A thread is told before the result is complete, because an operation that depends on it is
//! taken from its queue nine cycles later at the earliest and reads the words in the order in
//! which they are written.
//!
//! | port | direction | width | meaning |
//! | --- | --- | --- | --- |
//! | `clear` | in | 1 | ends every job; no `start` in the next 32 cycles |
//! | `load`, `load_thread`, `load_field`, `load_digit`, `load_data` | in | 1, 3, 3, 4, 16 | writes a digit of an input field; not while the thread runs |
//! | `start`, `load_thread`, `start_program`, `start_flags` | in | 1, 3, 3, 8 | the thread begins at address `start_program`; 16 cycles between two starts |
//! | `answer_thread` | in | 3 | whose answer is looked at |
//! | `answer_done`, `answer_verdict` | out | 1, 8 | one cycle later: it has ended, with this verdict; until its next start |
//! | `answer_field`, `answer_digit` | in | 1, 4 | digit of an output field |
//! | `answer_data` | out | 16 | two cycles later |
//! | `trace_valid`, `trace_thread`, `trace_address`, `trace_class` | out | 1, 3, 12, 2 | an instruction issues |
//! | `multiplier_busy` | out | 1 | the slot has a product |

mod firmware;
mod segment;
mod sequencer;
mod streams;

pub use firmware::{ENTRIES, Firmware, Number};

use rust_hdl::prelude::*;

use super::NafUnit;
use crate::field::{AddUnit, InverseUnit, MulUnit};
use crate::prim::{BankedRom, BlockRam, Queue, Register, ShiftRegister, SyncRam, Technology};
use sequencer::Sequencer;
use streams::{Pack, Unpack};

/// Words of one register of every thread in a copy of the register file.
const REGISTER_WORDS: usize = 8 * 8;

/// Cycles from the operation's slot to the multiplier's cycle 0.
const MUL_CYCLE: usize = 4;

/// The same for the adder.
const ADD_CYCLE: usize = 5;

/// The cycle of the multiplier's slot in which the adder's begins; its parity is such that
/// products and sums are written in different cycles.
const ADD_SHIFT: usize = 8 + (MulUnit::LATENCY + AddUnit::LATENCY) % 2;

/// When the multiplier's cycle 4 + M is told, counted in cycles of its slots: the event begins
/// in the cycle after this one, the first of a turn.
const MUL_EVENT: usize = (MulUnit::LATENCY - 2) / 2 * 2 - 1;

/// The same for the adder, after its flags, counted in cycles of its slots.
const ADD_EVENT: usize = {
    let earliest = if AddUnit::LATENCY - 3 > ADD_CYCLE + AddUnit::FLAGS {
        AddUnit::LATENCY - 3
    } else {
        ADD_CYCLE + AddUnit::FLAGS
    };
    earliest + (earliest + 1 + ADD_SHIFT) % 2
};

/// When the tag of a result is taken for writing.
const MUL_WRITE: usize = MUL_CYCLE + MulUnit::LATENCY;

/// The same for the adder.
const ADD_WRITE: usize = ADD_CYCLE + AddUnit::LATENCY;

/// A cycle of a slot.
fn cycle(cycles: usize) -> Constant<Bits<4>> {
    Constant::new((cycles as u64 % 16).into())
}

/// How an engine is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Cells that the multiplier and the adder may name.
    pub technology: Technology,
}

impl Config {
    /// Fewest logic cells on an ECP5.
    pub const fn small() -> Self {
        Self::ecp5()
    }

    /// For the ECP5.
    pub const fn ecp5() -> Self {
        Self { technology: Technology::Ecp5 }
    }

    /// For parts with six-input tables, no cell named.
    pub const fn ultrascale() -> Self {
        Self { technology: Technology::Generic }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::ecp5()
    }
}

/// The engine.
#[derive(LogicBlock)]
pub struct Engine {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Ends every job.
    pub clear: Signal<In, Bit>,
    /// Writes a digit of an input field.
    pub load: Signal<In, Bit>,
    /// Of this thread.
    pub load_thread: Signal<In, Bits<3>>,
    /// Of this field.
    pub load_field: Signal<In, Bits<3>>,
    /// At this place.
    pub load_digit: Signal<In, Bits<4>>,
    /// The digit.
    pub load_data: Signal<In, Bits<16>>,
    /// Thread `load_thread` begins.
    pub start: Signal<In, Bit>,
    /// Address of its first instruction.
    pub start_program: Signal<In, Bits<3>>,
    /// Its job flags.
    pub start_flags: Signal<In, Bits<8>>,
    /// Thread to look at.
    pub answer_thread: Signal<In, Bits<3>>,
    /// It has ended.
    pub answer_done: Signal<Out, Bit>,
    /// Its verdict.
    pub answer_verdict: Signal<Out, Bits<8>>,
    /// Output field to read.
    pub answer_field: Signal<In, Bit>,
    /// Digit of it to read.
    pub answer_digit: Signal<In, Bits<4>>,
    /// That digit.
    pub answer_data: Signal<Out, Bits<16>>,
    /// An instruction issues.
    pub trace_valid: Signal<Out, Bit>,
    /// Its thread.
    pub trace_thread: Signal<Out, Bits<3>>,
    /// Its address.
    pub trace_address: Signal<Out, Bits<12>>,
    /// Its class.
    pub trace_class: Signal<Out, Bits<2>>,
    /// The slot has a product.
    pub multiplier_busy: Signal<Out, Bit>,

    phase: DFF<Bits<4>>,
    clearing: DFF<Bits<6>>,
    clears: Signal<Local, Bit>,
    sequencer: Sequencer,
    program_low: BankedRom<18, 12>,
    program_high: BankedRom<18, 12>,

    // Products.
    mul_queue: Queue<21, 4>,
    mul_begins: Signal<Local, Bit>,
    mul_valid: DFF<Bit>,
    mul_main: Register<21>,
    mul_extra: Register<4>,
    mul_a: DFF<Bits<9>>,
    mul_read: DFF<Bits<12>>,
    mul_word: Signal<Local, Bits<3>>,
    mul_registers: BlockRam<2>,
    mul_first: Signal<Local, Bit>,
    unpack_a: Unpack,
    unpack_b: Unpack,
    a_digit: DFF<Bits<18>>,
    multiplier: MulUnit,
    mul_cycle: Constant<Bits<4>>,
    mul_tag: Signal<Local, Bits<10>>,
    mul_events: ShiftRegister<10>,
    mul_event_cycle: Constant<Bits<4>>,
    mul_event: DFF<Bits<10>>,
    mul_writes: ShiftRegister<10>,
    mul_write_cycle: Constant<Bits<4>>,
    mul_write: DFF<Bits<10>>,
    mul_pack: Pack,

    // Sums.
    add_queue: Queue<29, 11>,
    add_shift: Constant<Bits<4>>,
    add_phase: Signal<Local, Bits<4>>,
    add_begins: Signal<Local, Bit>,
    add_valid: DFF<Bit>,
    add_main: Register<29>,
    add_extra: Register<11>,
    add_read: DFF<Bits<12>>,
    add_registers: BlockRam<2>,
    add_first: Signal<Local, Bit>,
    unpack_x: Unpack,
    unpack_y: Unpack,
    x_place: DFF<Bits<10>>,
    x_index: Signal<Local, Bits<4>>,
    not_register: DFF<Bit>,
    not_number: DFF<Bit>,
    not_input: DFF<Bit>,
    not_inverse: DFF<Bit>,
    numbers: BankedRom<16, 14>,
    inputs: SyncRam<16>,
    input_before: DFF<Bits<16>>,
    input_digit: Register<16>,
    inverse_digit: Register<16>,
    x_digit: DFF<Bits<18>>,
    adder: AddUnit,
    add_cycle: Constant<Bits<4>>,
    add_starts: Signal<Local, Bit>,
    naf: NafUnit,
    inverse: InverseUnit,
    add_tag: Signal<Local, Bits<12>>,
    add_events: ShiftRegister<12>,
    add_event_cycle: Constant<Bits<4>>,
    add_event: DFF<Bits<12>>,
    add_flags: DFF<Bits<3>>,
    add_writes: ShiftRegister<12>,
    add_write_cycle: Constant<Bits<4>>,
    add_write: DFF<Bits<12>>,
    add_pack: Pack,
    outputs: SyncRam<16>,
    output_digit: DFF<Bits<16>>,

    // Writing.
    write: DFF<Bit>,
    write_address: DFF<Bits<12>>,
    write_data: DFF<Bits<32>>,
    write_flags: DFF<Bits<2>>,
}

impl Engine {
    /// With these contents of the memories.
    pub fn new(firmware: &Firmware, config: Config) -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            load: Default::default(),
            load_thread: Default::default(),
            load_field: Default::default(),
            load_digit: Default::default(),
            load_data: Default::default(),
            start: Default::default(),
            start_program: Default::default(),
            start_flags: Default::default(),
            answer_thread: Default::default(),
            answer_done: Default::default(),
            answer_verdict: Default::default(),
            answer_field: Default::default(),
            answer_digit: Default::default(),
            answer_data: Default::default(),
            trace_valid: Default::default(),
            trace_thread: Default::default(),
            trace_address: Default::default(),
            trace_class: Default::default(),
            multiplier_busy: Default::default(),
            phase: Default::default(),
            clearing: Default::default(),
            clears: Default::default(),
            sequencer: Default::default(),
            program_low: BankedRom::new(&firmware.program_low()),
            program_high: BankedRom::new(&firmware.program_high()),
            mul_queue: Default::default(),
            mul_begins: Default::default(),
            mul_valid: Default::default(),
            mul_main: Default::default(),
            mul_extra: Default::default(),
            mul_a: Default::default(),
            mul_read: Default::default(),
            mul_word: Default::default(),
            mul_registers: BlockRam::new(firmware.registers() * REGISTER_WORDS),
            mul_first: Default::default(),
            unpack_a: Default::default(),
            unpack_b: Default::default(),
            a_digit: Default::default(),
            multiplier: MulUnit::new(config.technology),
            mul_cycle: cycle(MUL_CYCLE),
            mul_tag: Default::default(),
            mul_events: ShiftRegister::zeros(MUL_EVENT / 16),
            mul_event_cycle: cycle(MUL_EVENT),
            mul_event: Default::default(),
            mul_writes: ShiftRegister::zeros(MUL_WRITE / 16),
            mul_write_cycle: cycle(MUL_WRITE),
            mul_write: Default::default(),
            mul_pack: Default::default(),
            add_queue: Default::default(),
            add_shift: cycle(ADD_SHIFT),
            add_phase: Default::default(),
            add_begins: Default::default(),
            add_valid: Default::default(),
            add_main: Default::default(),
            add_extra: Default::default(),
            add_read: Default::default(),
            add_registers: BlockRam::new(firmware.registers() * REGISTER_WORDS),
            add_first: Default::default(),
            unpack_x: Default::default(),
            unpack_y: Default::default(),
            x_place: Default::default(),
            x_index: Default::default(),
            not_register: Default::default(),
            not_number: Default::default(),
            not_input: Default::default(),
            not_inverse: Default::default(),
            numbers: BankedRom::new(&firmware.digits()),
            inputs: SyncRam::new(1024),
            input_before: Default::default(),
            input_digit: Default::default(),
            inverse_digit: Default::default(),
            x_digit: Default::default(),
            adder: AddUnit::new(config.technology),
            add_cycle: cycle(ADD_CYCLE),
            add_starts: Default::default(),
            naf: Default::default(),
            inverse: Default::default(),
            add_tag: Default::default(),
            add_events: ShiftRegister::zeros(ADD_EVENT / 16),
            add_event_cycle: cycle(ADD_EVENT),
            add_event: Default::default(),
            add_flags: Default::default(),
            add_writes: ShiftRegister::zeros(ADD_WRITE / 16),
            add_write_cycle: cycle(ADD_WRITE),
            add_write: Default::default(),
            add_pack: Default::default(),
            outputs: SyncRam::new(256),
            output_digit: Default::default(),
            write: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            write_flags: Default::default(),
        }
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new(&Firmware::standard(), Config::default())
    }
}

impl Logic for Engine {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            phase,
            clearing,
            mul_valid,
            mul_a,
            mul_read,
            a_digit,
            mul_event,
            mul_write,
            add_valid,
            add_read,
            x_place,
            not_register,
            not_number,
            not_input,
            not_inverse,
            input_before,
            x_digit,
            add_event,
            add_flags,
            add_write,
            output_digit,
            write,
            write_address,
            write_data,
            write_flags
        );
        clock!(
            self,
            clock,
            sequencer,
            program_low,
            program_high,
            mul_queue,
            mul_main,
            mul_extra,
            mul_registers,
            unpack_a,
            unpack_b,
            multiplier,
            mul_events,
            mul_writes,
            mul_pack,
            add_queue,
            add_main,
            add_extra,
            add_registers,
            unpack_x,
            unpack_y,
            numbers,
            inputs,
            input_digit,
            inverse_digit,
            adder,
            naf,
            inverse,
            add_events,
            add_writes,
            add_pack,
            outputs
        );
        self.phase.d.next = self.phase.q.val() + 1;
        // Everything that is under way must have left.
        if self.clearing.q.val().any() {
            self.clearing.d.next = self.clearing.q.val() - 1;
        }
        if self.clear.val() {
            self.clearing.d.next = 32.into();
        }
        self.clears.next = self.clearing.q.val().any();

        // Sequencer.
        self.sequencer.clear.next = self.clears.val();
        self.sequencer.half.next = self.phase.q.val().get_bit(0);
        self.sequencer.turn.next = self.phase.q.val().get_bits::<3>(1);
        self.program_low.address.next = self.sequencer.program_address.val();
        self.program_low.clear.next = false;
        self.sequencer.program_low.next = self.program_low.q.val();
        self.program_high.address.next = self.sequencer.program_address.val();
        self.program_high.clear.next = false;
        self.sequencer.program_high.next = self.program_high.q.val();
        self.sequencer.start.next = self.start.val();
        self.sequencer.start_thread.next = self.load_thread.val();
        self.sequencer.start_program.next = self.start_program.val();
        self.sequencer.start_flags.next = self.start_flags.val();
        self.sequencer.answer_thread.next = self.answer_thread.val();
        self.answer_done.next = self.sequencer.answer_done.val();
        self.answer_verdict.next = self.sequencer.answer_verdict.val();
        self.trace_valid.next = self.sequencer.trace_valid.val();
        self.trace_thread.next = self.sequencer.trace_thread.val();
        self.trace_address.next = self.sequencer.trace_address.val();
        self.trace_class.next = self.sequencer.trace_class.val();

        // The next product.
        self.mul_queue.clear.next = self.clears.val();
        self.mul_queue.push.next = self.sequencer.mul_push.val();
        self.mul_queue.in_main.next = self.sequencer.mul_main.val();
        self.mul_queue.in_extra.next = self.sequencer.mul_extra.val();
        self.sequencer.mul_room.next = self.mul_queue.room.val();
        self.mul_begins.next = self.phase.q.val().all();
        self.mul_queue.pop.next = self.mul_begins.val() & self.mul_queue.some.val();
        self.mul_main.d.next = self.mul_queue.main.val();
        self.mul_main.enable.next = self.mul_begins.val();
        self.mul_main.clear.next = false;
        self.mul_extra.d.next = self.mul_queue.extra.val();
        self.mul_extra.enable.next = self.mul_begins.val();
        self.mul_extra.clear.next = false;
        if self.mul_begins.val() {
            self.mul_valid.d.next = self.mul_queue.some.val();
        }
        self.multiplier_busy.next = self.mul_valid.q.val();

        // Its operands: words of b are addressed in even cycles from 0, of a in odd ones from 15.
        if self.phase.q.val() == 14 {
            self.mul_a.d.next = (bit_cast::<9, 2>(self.mul_main.q.val().get_bits::<2>(10)) << 7)
                | (bit_cast::<9, 3>(self.mul_main.q.val().get_bits::<3>(18)) << 4)
                | bit_cast::<9, 4>(self.mul_main.q.val().get_bits::<4>(6));
        }
        self.mul_read.d.next = (bit_cast::<12, 2>(self.mul_main.q.val().get_bits::<2>(4)) << 10)
            | (bit_cast::<12, 3>(self.mul_main.q.val().get_bits::<3>(18)) << 7)
            | (bit_cast::<12, 4>(self.mul_main.q.val().get_bits::<4>(0)) << 3)
            | bit_cast::<12, 3>(self.phase.q.val().get_bits::<3>(1));
        self.mul_word.next = self.phase.q.val().get_bits::<3>(1) + 1;
        if self.phase.q.val().get_bit(0) {
            self.mul_read.d.next = (bit_cast::<12, 9>(self.mul_a.q.val()) << 3)
                | bit_cast::<12, 3>(self.mul_word.val());
        }
        self.mul_registers.enable.next = true;
        self.mul_registers.read_address.next = bit_cast::<16, 12>(self.mul_read.q.val());
        self.mul_first.next = self.phase.q.val().get_bit(0);
        self.unpack_b.first.next = self.mul_first.val();
        self.unpack_b.clear.next = false;
        self.unpack_b.data.next = self.mul_registers.read_data.val();
        self.unpack_b.flags.next = self.mul_registers.read_flags.val();
        self.unpack_a.first.next = !self.mul_first.val();
        self.unpack_a.clear.next = false;
        self.unpack_a.data.next = self.mul_registers.read_data.val();
        self.unpack_a.flags.next = self.mul_registers.read_flags.val();
        self.a_digit.d.next = self.unpack_a.digit.val();
        self.multiplier.phase.next = self.phase.q.val() - self.mul_cycle.val();
        self.multiplier.kind.next = self.mul_extra.q.val().get_bits::<2>(0);
        self.multiplier.curve.next = self.mul_extra.q.val().get_bits::<2>(2);
        self.multiplier.a.next = self.a_digit.q.val();
        self.multiplier.b.next = self.unpack_b.digit.val();

        // Its result.
        self.mul_tag.next = bit_cast::<10, 6>(self.mul_main.q.val().get_bits::<6>(12))
            | (bit_cast::<10, 3>(self.mul_main.q.val().get_bits::<3>(18)) << 6);
        if self.mul_valid.q.val() {
            self.mul_tag.next = bit_cast::<10, 6>(self.mul_main.q.val().get_bits::<6>(12))
                | (bit_cast::<10, 3>(self.mul_main.q.val().get_bits::<3>(18)) << 6)
                | 0x200;
        }
        self.mul_events.d.next = self.mul_tag.val();
        self.mul_events.enable.next = self.mul_begins.val();
        self.mul_events.clear.next = self.clears.val();
        if self.phase.q.val() == self.mul_event_cycle.val() {
            self.mul_event.d.next = self.mul_events.q.val();
        }
        self.sequencer.mul_done.next = self.mul_event.q.val().get_bit(9);
        self.sequencer.mul_done_thread.next = self.mul_event.q.val().get_bits::<3>(6);
        self.mul_writes.d.next = self.mul_tag.val();
        self.mul_writes.enable.next = self.mul_begins.val();
        self.mul_writes.clear.next = self.clears.val();
        if self.phase.q.val() == self.mul_write_cycle.val() {
            self.mul_write.d.next = self.mul_writes.q.val();
        }
        self.mul_pack.digit.next = self.multiplier.out.val();
        self.mul_pack.phase.next = self.phase.q.val() - self.mul_write_cycle.val() - 1;
        self.mul_pack.valid.next = self.mul_write.q.val().get_bit(9);
        self.mul_pack.thread.next = self.mul_write.q.val().get_bits::<3>(6);
        self.mul_pack.register.next = self.mul_write.q.val().get_bits::<6>(0);

        // The next sum.
        self.add_queue.clear.next = self.clears.val();
        self.add_queue.push.next = self.sequencer.add_push.val();
        self.add_queue.in_main.next = self.sequencer.add_main.val();
        self.add_queue.in_extra.next = self.sequencer.add_extra.val();
        self.sequencer.add_room.next = self.add_queue.room.val();
        self.add_phase.next = self.phase.q.val() - self.add_shift.val();
        self.add_begins.next = self.add_phase.val().all();
        self.add_queue.pop.next = self.add_begins.val() & self.add_queue.some.val();
        self.add_main.d.next = self.add_queue.main.val();
        self.add_main.enable.next = self.add_begins.val();
        self.add_main.clear.next = false;
        self.add_extra.d.next = self.add_queue.extra.val();
        self.add_extra.enable.next = self.add_begins.val();
        self.add_extra.clear.next = false;
        if self.add_begins.val() {
            self.add_valid.d.next = self.add_queue.some.val();
        }

        // Its operands: words of x are addressed in even cycles from 0, of y in odd ones from 1.
        self.add_read.d.next = (bit_cast::<12, 2>(self.add_main.q.val().get_bits::<2>(17)) << 10)
            | (bit_cast::<12, 3>(self.add_main.q.val().get_bits::<3>(19)) << 7)
            | (bit_cast::<12, 4>(self.add_main.q.val().get_bits::<4>(13)) << 3)
            | bit_cast::<12, 3>(self.add_phase.val().get_bits::<3>(1));
        if self.add_phase.val().get_bit(0) {
            self.add_read.d.next = (bit_cast::<12, 2>(self.add_main.q.val().get_bits::<2>(11))
                << 10)
                | (bit_cast::<12, 3>(self.add_main.q.val().get_bits::<3>(26)) << 7)
                | (bit_cast::<12, 4>(self.add_main.q.val().get_bits::<4>(7)) << 3)
                | bit_cast::<12, 3>(self.add_phase.val().get_bits::<3>(1));
        }
        self.add_registers.enable.next = true;
        self.add_registers.read_address.next = bit_cast::<16, 12>(self.add_read.q.val());
        self.add_first.next = self.add_phase.val().get_bit(0);
        self.unpack_x.first.next = self.add_first.val();
        self.unpack_x.clear.next = self.not_register.q.val();
        self.unpack_x.data.next = self.add_registers.read_data.val();
        self.unpack_x.flags.next = self.add_registers.read_flags.val();
        self.unpack_y.first.next = !self.add_first.val();
        self.unpack_y.clear.next = false;
        self.unpack_y.data.next = self.add_registers.read_data.val();
        self.unpack_y.flags.next = self.add_registers.read_flags.val();
        // Other sources have one digit per address, from cycle 1.
        if !self.add_phase.val().any() {
            self.x_place.d.next = self.add_main.q.val().get_bits::<10>(13);
        }
        self.x_index.next = self.add_phase.val() - 1;
        if self.add_phase.val() == 2 {
            self.not_register.d.next = self.add_main.q.val().get_bits::<2>(24).any();
            self.not_number.d.next = self.add_main.q.val().get_bits::<2>(24) != 1;
            self.not_input.d.next = self.add_main.q.val().get_bits::<3>(23) != 4;
            self.not_inverse.d.next = self.add_main.q.val().get_bits::<3>(23) != 5;
        }
        self.numbers.address.next =
            bit_cast::<14, 4>(self.x_index.val()) | (bit_cast::<14, 10>(self.x_place.q.val()) << 4);
        self.numbers.clear.next = self.not_number.q.val();
        self.inputs.write.next = self.load.val();
        self.inputs.write_address.next = bit_cast::<16, 4>(self.load_digit.val())
            | (bit_cast::<16, 3>(self.load_field.val()) << 4)
            | (bit_cast::<16, 3>(self.load_thread.val()) << 7);
        self.inputs.write_data.next = self.load_data.val();
        self.inputs.read_address.next = bit_cast::<16, 4>(self.x_index.val())
            | (bit_cast::<16, 3>(self.x_place.q.val().get_bits::<3>(0)) << 4)
            | (bit_cast::<16, 3>(self.x_place.q.val().get_bits::<3>(6)) << 7);
        self.input_before.d.next = self.inputs.read_data.val();
        self.input_digit.d.next = self.input_before.q.val();
        self.input_digit.enable.next = true;
        self.input_digit.clear.next = self.not_input.q.val();
        self.inverse.result_index.next = self.add_phase.val() - 2;
        self.inverse_digit.d.next = self.inverse.result.val();
        self.inverse_digit.enable.next = true;
        self.inverse_digit.clear.next = self.not_inverse.q.val();
        self.x_digit.d.next = self.unpack_x.digit.val()
            | bit_cast::<18, 16>(
                self.numbers.q.val() | self.input_digit.q.val() | self.inverse_digit.q.val(),
            );
        self.adder.phase.next = self.add_phase.val() - self.add_cycle.val();
        self.adder.x.next = self.x_digit.q.val();
        self.adder.y.next = self.unpack_y.digit.val();
        self.adder.sx.next = self.add_extra.q.val().get_bits::<2>(0);
        self.adder.sy.next = self.add_extra.q.val().get_bits::<2>(2);
        self.adder.func.next = self.add_extra.q.val().get_bits::<3>(4);
        self.adder.fold.next = self.add_extra.q.val().get_bit(7);
        self.adder.sign.next = self.add_extra.q.val().get_bit(8);
        self.adder.curve.next = self.add_extra.q.val().get_bits::<2>(9);

        // Recoder and inverse unit take the same operands.
        self.add_starts.next = (self.add_phase.val() == self.add_cycle.val())
            & self.add_valid.q.val()
            & self.add_main.q.val().get_bit(6);
        self.naf.clear.next = self.clears.val();
        self.naf.start.next = self.add_starts.val() & (self.add_main.q.val().get_bits::<3>(3) == 1);
        self.naf.digit.next = self.x_digit.q.val();
        self.naf.thread.next = self.add_main.q.val().get_bits::<3>(26);
        self.naf.list.next = self.add_main.q.val().get_bits::<2>(0);
        self.naf.mode.next = self.add_main.q.val().get_bits::<2>(7);
        self.naf.query.next = self.sequencer.naf_query.val();
        self.naf.query_thread.next = self.sequencer.naf_thread.val();
        self.naf.query_list.next = self.sequencer.naf_list.val();
        self.naf.query_position.next = self.sequencer.naf_position.val();
        self.naf.empty.next = self.sequencer.naf_empty.val();
        self.sequencer.naf_hit.next = self.naf.hit.val();
        self.sequencer.naf_sign.next = self.naf.sign.val();
        self.sequencer.naf_index.next = self.naf.index.val();
        self.sequencer.naf_busy.next = self.naf.busy.val();
        self.sequencer.naf_started.next = self.naf.start.val();
        self.inverse.clear.next = self.clears.val();
        self.inverse.start.next =
            self.add_starts.val() & (self.add_main.q.val().get_bits::<2>(4) == 1);
        self.inverse.x.next = self.x_digit.q.val().get_bits::<16>(0);
        self.inverse.m.next = self.unpack_y.digit.val().get_bits::<16>(0);
        self.sequencer.inverse_busy.next = self.inverse.busy.val();
        self.sequencer.inverse_started.next = self.inverse.start.val();

        // Its result: raw 1, valid 1, thread 3, special 1, d 6.
        self.add_tag.next = bit_cast::<12, 7>(self.add_main.q.val().get_bits::<7>(0))
            | (bit_cast::<12, 3>(self.add_main.q.val().get_bits::<3>(26)) << 7);
        if self.add_valid.q.val() {
            self.add_tag.next = bit_cast::<12, 7>(self.add_main.q.val().get_bits::<7>(0))
                | (bit_cast::<12, 3>(self.add_main.q.val().get_bits::<3>(26)) << 7)
                | (bit_cast::<12, 1>(!self.add_extra.q.val().get_bits::<1>(7)) << 11)
                | 0x400;
        }
        self.add_events.d.next = self.add_tag.val();
        self.add_events.enable.next = self.add_begins.val();
        self.add_events.clear.next = self.clears.val();
        if self.add_phase.val() == self.add_event_cycle.val() {
            self.add_event.d.next = self.add_events.q.val();
            self.add_flags.d.next = 0.into();
            if self.adder.zero.val() {
                self.add_flags.d.next = 1.into();
            }
            if self.adder.negative.val() {
                self.add_flags.d.next = 2.into();
            }
            if self.adder.odd.val() {
                self.add_flags.d.next = 4.into();
                if self.adder.negative.val() {
                    self.add_flags.d.next = 6.into();
                }
            }
        }
        self.sequencer.add_done.next = self.add_event.q.val().get_bit(10);
        self.sequencer.add_done_thread.next = self.add_event.q.val().get_bits::<3>(7);
        self.sequencer.add_done_raw.next = self.add_event.q.val().get_bit(11);
        self.sequencer.add_done_flags.next = self.add_flags.q.val();
        self.add_writes.d.next = self.add_tag.val();
        self.add_writes.enable.next = self.add_begins.val();
        self.add_writes.clear.next = self.clears.val();
        if self.add_phase.val() == self.add_write_cycle.val() {
            self.add_write.d.next = self.add_writes.q.val();
        }
        self.add_pack.digit.next = self.adder.out.val();
        self.add_pack.phase.next = self.add_phase.val() - self.add_write_cycle.val() - 1;
        self.add_pack.valid.next =
            self.add_write.q.val().get_bit(10) & !self.add_write.q.val().get_bit(6);
        self.add_pack.thread.next = self.add_write.q.val().get_bits::<3>(7);
        self.add_pack.register.next = self.add_write.q.val().get_bits::<6>(0);
        self.outputs.write.next = self.add_write.q.val().get_bit(10)
            & self.add_write.q.val().get_bit(6)
            & !self.add_write.q.val().get_bits::<5>(1).any();
        self.outputs.write_address.next = bit_cast::<16, 4>(self.add_pack.phase.val())
            | (bit_cast::<16, 1>(self.add_write.q.val().get_bits::<1>(0)) << 4)
            | (bit_cast::<16, 3>(self.add_write.q.val().get_bits::<3>(7)) << 5);
        self.outputs.write_data.next = self.add_pack.previous.val();
        self.outputs.read_address.next = bit_cast::<16, 4>(self.answer_digit.val())
            | (bit_cast::<16, 3>(self.answer_thread.val()) << 5);
        if self.answer_field.val() {
            self.outputs.read_address.next = bit_cast::<16, 4>(self.answer_digit.val())
                | (bit_cast::<16, 3>(self.answer_thread.val()) << 5)
                | 16;
        }
        self.output_digit.d.next = self.outputs.read_data.val();
        self.answer_data.next = self.output_digit.q.val();

        // Products and sums are written in turn.
        self.write.d.next = self.add_pack.write.val();
        self.write_address.d.next = self.add_pack.address.val();
        self.write_data.d.next = self.add_pack.data.val();
        self.write_flags.d.next = self.add_pack.flags.val();
        if !self.mul_pack.phase.val().get_bit(0) {
            self.write.d.next = self.mul_pack.write.val();
            self.write_address.d.next = self.mul_pack.address.val();
            self.write_data.d.next = self.mul_pack.data.val();
            self.write_flags.d.next = self.mul_pack.flags.val();
        }
        self.mul_registers.write.next = self.write.q.val();
        self.mul_registers.write_address.next = bit_cast::<16, 12>(self.write_address.q.val());
        self.mul_registers.write_data.next = self.write_data.q.val();
        self.mul_registers.write_flags.next = self.write_flags.q.val();
        self.add_registers.write.next = self.write.q.val();
        self.add_registers.write_address.next = bit_cast::<16, 12>(self.write_address.q.val());
        self.add_registers.write_data.next = self.write_data.q.val();
        self.add_registers.write_flags.next = self.write_flags.q.val();
        if self.clears.val() {
            self.mul_valid.d.next = false;
            self.mul_event.d.next = 0.into();
            self.mul_write.d.next = 0.into();
            self.add_valid.d.next = false;
            self.add_event.d.next = 0.into();
            self.add_write.d.next = 0.into();
        }
    }
}
