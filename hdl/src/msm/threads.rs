//! The eight threads that share the multiplier: each does one job at a time, step by step.

use rust_hdl::prelude::*;

use super::config::Config;
use super::program::{group, program};
use crate::prim::{LutRam, Rom, RomStyle, ShiftRegister};

/// One row of each thread in turn.
///
/// A thread has two places for jobs, one for the job at work and one for the next. It offers the
/// second when it can take a job; a job that needs numbers of a bucket begins when they have
/// been fetched.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `clear` | in | all threads are empty; for eight cycles or more |
/// | `offer`, `place` | out | in this cycle the thread's next job may be written to this place (thread, then which of its two) |
/// | `take`, `ready` | in | it is; and there is nothing to be fetched |
/// | `entry`, `point`, `sign` | in | its first step, group of rows of its point, sign of the point |
/// | `fetched`, `fetched_place` | in | the numbers of this job are there; until `acknowledge` |
/// | `acknowledge` | out | the thread has heard it |
/// | `pass_free` | in | a result may be passed |
/// | `pass`, `pass_place`, `pass_step` | out | the result of this row's step is passed, of which job, how |
/// | `serial` | out | number, then digit, that the row after the next needs (one cycle later) |
/// | `incoming` | out | the same of a point that came in: bit 9, then slot, coordinate, digit |
/// | `negate` | out | its sign |
/// | `row` … `capture` | out | as ports of the [`BarrelArray`](crate::prim::BarrelArray), one cycle later |
/// | `digit` | out | the row multiplies by the digit of `serial` or `incoming` |
#[derive(LogicBlock)]
pub(super) struct Threads {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub offer: Signal<Out, Bit>,
    pub place: Signal<Out, Bits<4>>,
    pub take: Signal<In, Bit>,
    pub ready: Signal<In, Bit>,
    pub entry: Signal<In, Bits<5>>,
    pub point: Signal<In, Bits<7>>,
    pub sign: Signal<In, Bit>,
    pub fetched: Signal<In, Bit>,
    pub fetched_place: Signal<In, Bits<4>>,
    pub acknowledge: Signal<Out, Bit>,
    pub pass_free: Signal<In, Bit>,
    pub pass: Signal<Out, Bit>,
    pub pass_place: Signal<Out, Bits<4>>,
    pub pass_step: Signal<Out, Bits<19>>,
    pub serial: Signal<Out, Bits<11>>,
    pub incoming: Signal<Out, Bits<10>>,
    pub negate: Signal<Out, Bit>,
    pub row: Signal<Out, Bits<9>>,
    pub source: Signal<Out, Bits<2>>,
    pub digit: Signal<Out, Bit>,
    pub first: Signal<Out, Bit>,
    pub shift: Signal<Out, Bit>,
    pub idle: Signal<Out, Bit>,
    pub capture: Signal<Out, Bit>,

    issue_rom: Rom<20, 5>,
    pass_rom: Rom<19, 5>,
    /// Bits 2 … 0: row of the step's present digit, as `A` … `W` below. 7 … 3: digit. 12 … 8:
    /// step. 13: at work. 14: place of the job at work. 15: the other place is taken, 16: and
    /// its numbers are there.
    ring: ShiftRegister<17>,
    turn: DFF<Bits<3>>,
    state_1: DFF<Bits<17>>,
    turn_1: DFF<Bits<3>>,
    state: DFF<Bits<17>>,
    thread: DFF<Bits<3>>,
    /// Of the places: bits 6 … 0 point, bit 7 sign.
    points: LutRam<8, 4>,
    entries: LutRam<5, 4>,
    point_held: DFF<Bits<8>>,
    entry_held: DFF<Bits<5>>,
    place_1: Signal<Local, Bits<4>>,

    row_of_digit: Signal<Local, Bits<3>>,
    digit_index: Signal<Local, Bits<5>>,
    step: Signal<Local, Bits<5>>,
    active: Signal<Local, Bit>,
    which: Signal<Local, Bit>,
    assigned: Signal<Local, Bit>,
    filled: Signal<Local, Bit>,
    last_digit: Signal<Local, Bit>,
    ends: Signal<Local, Bit>,
    granted: Signal<Local, Bit>,
    leaves: Signal<Local, Bit>,
    begins: Signal<Local, Bit>,
    next_row: Signal<Local, Bits<3>>,
    next_digit: Signal<Local, Bits<5>>,
    next_step: Signal<Local, Bits<5>>,
    next_active: Signal<Local, Bit>,
    active_bit: Signal<Local, Bits<17>>,
    next_which: Signal<Local, Bit>,
    which_bit: Signal<Local, Bits<17>>,
    next_assigned: Signal<Local, Bit>,
    assigned_bit: Signal<Local, Bits<17>>,
    next_filled: Signal<Local, Bit>,
    filled_bit: Signal<Local, Bits<17>>,
    factor: Signal<Local, Bits<3>>,
    code: Signal<Local, Bits<4>>,
    row_base: Signal<Local, Bits<7>>,
    row_index: Signal<Local, Bits<2>>,
    is_input: Signal<Local, Bit>,

    serial_out: DFF<Bits<11>>,
    input_out: DFF<Bits<10>>,
    negate_out: DFF<Bit>,
    row_out: DFF<Bits<9>>,
    source_out: DFF<Bits<2>>,
    digit_out: DFF<Bit>,
    first_out: DFF<Bit>,
    shift_out: DFF<Bit>,
    idle_out: DFF<Bit>,
    capture_out: DFF<Bit>,

    last_index: Constant<Bits<5>>,
    reduction: Constant<Bits<7>>,
    constants: Constant<Bits<7>>,
}

impl Threads {
    /// Threads that work with numbers of `config`.
    pub(super) fn new(config: &Config) -> Self {
        let steps = program();
        let issue: Vec<u64> = steps.iter().map(|step| step.issue()).collect();
        let pass: Vec<u64> = steps.iter().map(|step| step.pass()).collect();
        Self {
            clock: Default::default(),
            clear: Default::default(),
            offer: Default::default(),
            place: Default::default(),
            take: Default::default(),
            ready: Default::default(),
            entry: Default::default(),
            point: Default::default(),
            sign: Default::default(),
            fetched: Default::default(),
            fetched_place: Default::default(),
            acknowledge: Default::default(),
            pass_free: Default::default(),
            pass: Default::default(),
            pass_place: Default::default(),
            pass_step: Default::default(),
            serial: Default::default(),
            incoming: Default::default(),
            negate: Default::default(),
            row: Default::default(),
            source: Default::default(),
            digit: Default::default(),
            first: Default::default(),
            shift: Default::default(),
            idle: Default::default(),
            capture: Default::default(),
            issue_rom: Rom::new(RomStyle::Logic, &issue),
            pass_rom: Rom::new(RomStyle::Logic, &pass),
            ring: ShiftRegister::zeros(6),
            turn: Default::default(),
            state_1: Default::default(),
            turn_1: Default::default(),
            state: Default::default(),
            thread: Default::default(),
            points: Default::default(),
            entries: Default::default(),
            point_held: Default::default(),
            entry_held: Default::default(),
            place_1: Default::default(),
            row_of_digit: Default::default(),
            digit_index: Default::default(),
            step: Default::default(),
            active: Default::default(),
            which: Default::default(),
            assigned: Default::default(),
            filled: Default::default(),
            last_digit: Default::default(),
            ends: Default::default(),
            granted: Default::default(),
            leaves: Default::default(),
            begins: Default::default(),
            next_row: Default::default(),
            next_digit: Default::default(),
            next_step: Default::default(),
            next_active: Default::default(),
            active_bit: Default::default(),
            next_which: Default::default(),
            which_bit: Default::default(),
            next_assigned: Default::default(),
            assigned_bit: Default::default(),
            next_filled: Default::default(),
            filled_bit: Default::default(),
            factor: Default::default(),
            code: Default::default(),
            row_base: Default::default(),
            row_index: Default::default(),
            is_input: Default::default(),
            serial_out: Default::default(),
            input_out: Default::default(),
            negate_out: Default::default(),
            row_out: Default::default(),
            source_out: Default::default(),
            digit_out: Default::default(),
            first_out: Default::default(),
            shift_out: Default::default(),
            idle_out: Default::default(),
            capture_out: Default::default(),
            last_index: Constant::new((config.digits() as u64 - 1).into()),
            reduction: Constant::new(group::REDUCTION.into()),
            constants: Constant::new(group::CONSTANTS.into()),
        }
    }
}

impl Logic for Threads {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            turn,
            state_1,
            turn_1,
            state,
            thread,
            point_held,
            entry_held,
            serial_out,
            input_out,
            negate_out,
            row_out,
            source_out,
            digit_out,
            first_out,
            shift_out,
            idle_out,
            capture_out
        );
        clock!(self, clock, issue_rom, pass_rom, ring, points, entries);

        // Cycle 0: the thread's state comes round. Cycles 1 and 2: its step and its jobs.
        self.turn.d.next = self.turn.q.val() + 1;
        self.issue_rom.address.next = self.ring.q.val().get_bits::<5>(8);
        self.issue_rom.clear.next = false;
        self.pass_rom.address.next = self.ring.q.val().get_bits::<5>(8);
        self.pass_rom.clear.next = false;
        self.state_1.d.next = self.ring.q.val();
        self.turn_1.d.next = self.turn.q.val();
        self.place_1.next = bit_cast::<4, 3>(self.turn_1.q.val()) << 1;
        if self.state_1.q.val().get_bit(14) {
            self.place_1.next = (bit_cast::<4, 3>(self.turn_1.q.val()) << 1) | 1;
        }
        self.points.read_address.next = self.place_1.val();
        self.entries.read_address.next = self.place_1.val() ^ 1;
        self.point_held.d.next = self.points.read_data.val();
        self.entry_held.d.next = self.entries.read_data.val();
        self.state.d.next = self.state_1.q.val();
        self.thread.d.next = self.turn_1.q.val();

        // Cycle 2: what it does.
        self.row_of_digit.next = self.state.q.val().get_bits::<3>(0);
        self.digit_index.next = self.state.q.val().get_bits::<5>(3);
        self.step.next = self.state.q.val().get_bits::<5>(8);
        self.active.next = self.state.q.val().get_bit(13);
        self.which.next = self.state.q.val().get_bit(14);
        self.assigned.next = self.state.q.val().get_bit(15);
        self.filled.next = self.state.q.val().get_bit(16);
        self.last_digit.next = self.digit_index.val() == self.last_index.val();

        // Rows of a digit: 0 the first product, 1 the second, 2 the reduction; of the last
        // digit 3 the quotient and 4 its multiple of p, then 5 while the result waits.
        self.ends.next = self.active.val() & self.row_of_digit.val().get_bit(2);
        self.granted.next = self.ends.val() & self.pass_free.val();
        self.leaves.next = self.granted.val() & self.issue_rom.q.val().get_bit(1);
        self.begins.next =
            (self.leaves.val() | !self.active.val()) & self.assigned.val() & self.filled.val();
        self.next_row.next = 0.into();
        self.next_digit.next = self.digit_index.val();
        self.next_step.next = self.step.val();
        if self.row_of_digit.val() == 0 {
            self.next_row.next = 2.into();
            if self.last_digit.val() {
                self.next_row.next = 3.into();
            }
            if self.issue_rom.q.val().get_bit(0) {
                self.next_row.next = 1.into();
            }
        }
        if self.row_of_digit.val() == 1 {
            self.next_row.next = 2.into();
            if self.last_digit.val() {
                self.next_row.next = 3.into();
            }
        }
        if self.row_of_digit.val() == 2 {
            self.next_digit.next = self.digit_index.val() + 1;
        }
        if self.row_of_digit.val() == 3 {
            self.next_row.next = 4.into();
        }
        if self.row_of_digit.val().get_bit(2) {
            self.next_row.next = 5.into();
        }
        if self.granted.val() {
            self.next_row.next = 0.into();
            self.next_digit.next = 0.into();
            self.next_step.next = self.step.val() + 1;
        }
        self.next_active.next = self.active.val() & !self.leaves.val();
        self.next_which.next = self.which.val();
        if self.begins.val() {
            self.next_row.next = 0.into();
            self.next_digit.next = 0.into();
            self.next_step.next = self.entry_held.q.val();
            self.next_active.next = true;
            self.next_which.next = !self.which.val();
        }

        self.offer.next = !self.assigned.val()
            & !self.clear.val()
            & (!self.active.val() | self.issue_rom.q.val().get_bit(2));
        self.place.next = bit_cast::<4, 3>(self.thread.q.val()) << 1;
        self.pass_place.next = (bit_cast::<4, 3>(self.thread.q.val()) << 1) | 1;
        if !self.which.val() {
            self.place.next = (bit_cast::<4, 3>(self.thread.q.val()) << 1) | 1;
            self.pass_place.next = bit_cast::<4, 3>(self.thread.q.val()) << 1;
        }
        self.points.write_enable.next = self.take.val();
        self.points.write_address.next = self.place.val();
        self.points.write_data.next = bit_cast::<8, 7>(self.point.val());
        if self.sign.val() {
            self.points.write_data.next = bit_cast::<8, 7>(self.point.val()) | 0x80;
        }
        self.entries.write_enable.next = self.take.val();
        self.entries.write_address.next = self.place.val();
        self.entries.write_data.next = self.entry.val();
        self.acknowledge.next =
            self.fetched.val() & (self.fetched_place.val().get_bits::<3>(1) == self.thread.q.val());
        self.next_assigned.next = (self.assigned.val() | self.take.val()) & !self.begins.val();
        self.next_filled.next =
            (self.filled.val() | self.acknowledge.val() | (self.take.val() & self.ready.val()))
                & !self.begins.val();

        self.active_bit.next = 0.into();
        if self.next_active.val() {
            self.active_bit.next = 0x2000.into();
        }
        self.which_bit.next = 0.into();
        if self.next_which.val() {
            self.which_bit.next = 0x4000.into();
        }
        self.assigned_bit.next = 0.into();
        if self.next_assigned.val() {
            self.assigned_bit.next = 0x8000.into();
        }
        self.filled_bit.next = 0.into();
        if self.next_filled.val() {
            self.filled_bit.next = 0x10000.into();
        }
        self.ring.enable.next = true;
        self.ring.clear.next = self.clear.val();
        self.ring.d.next = bit_cast::<17, 3>(self.next_row.val())
            | (bit_cast::<17, 5>(self.next_digit.val()) << 3)
            | (bit_cast::<17, 5>(self.next_step.val()) << 8)
            | self.active_bit.val()
            | self.which_bit.val()
            | self.assigned_bit.val()
            | self.filled_bit.val();

        self.pass.next = self.granted.val();
        self.pass_step.next = self.pass_rom.q.val();

        // Cycle 3: the row's numbers.
        self.factor.next = self.issue_rom.q.val().get_bits::<3>(5);
        self.code.next = self.issue_rom.q.val().get_bits::<4>(9);
        self.is_input.next = self.issue_rom.q.val().get_bit(8);
        if self.row_of_digit.val() == 1 {
            self.factor.next = self.issue_rom.q.val().get_bits::<3>(13);
            self.code.next = self.issue_rom.q.val().get_bits::<4>(16);
            self.is_input.next = false;
        }
        self.serial_out.d.next = (bit_cast::<11, 3>(self.thread.q.val()) << 8)
            | (bit_cast::<11, 3>(self.factor.val()) << 5)
            | bit_cast::<11, 5>(self.digit_index.val());
        self.input_out.d.next = (bit_cast::<10, 3>(self.point_held.q.val().get_bits::<3>(0)) << 6)
            | (bit_cast::<10, 1>(self.factor.val().get_bits::<1>(0)) << 5)
            | bit_cast::<10, 5>(self.digit_index.val());
        if self.is_input.val() {
            self.input_out.d.next = (bit_cast::<10, 3>(self.point_held.q.val().get_bits::<3>(0))
                << 6)
                | (bit_cast::<10, 1>(self.factor.val().get_bits::<1>(0)) << 5)
                | bit_cast::<10, 5>(self.digit_index.val())
                | 0x200;
        }
        self.negate_out.d.next =
            self.issue_rom.q.val().get_bit(3) & self.point_held.q.val().get_bit(7);
        if self.row_of_digit.val() == 1 {
            self.negate_out.d.next = self.issue_rom.q.val().get_bit(4);
        }
        self.row_base.next = bit_cast::<7, 3>(self.thread.q.val());
        if self.code.val().get_bit(2) {
            self.row_base.next = self.point_held.q.val().get_bits::<7>(0);
        }
        if self.code.val().get_bit(3) {
            self.row_base.next = self.constants.val();
        }
        self.row_index.next = self.code.val().get_bits::<2>(0);
        self.source_out.d.next = 0.into();
        if self.row_of_digit.val() == 2 {
            self.row_base.next = self.reduction.val();
            self.row_index.next = 0.into();
            self.source_out.d.next = 1.into();
        }
        if self.row_of_digit.val() == 3 {
            self.row_base.next = self.reduction.val();
            self.row_index.next = 2.into();
            self.source_out.d.next = 1.into();
        }
        if self.row_of_digit.val() == 4 {
            self.row_base.next = self.reduction.val();
            self.row_index.next = 1.into();
            self.source_out.d.next = 2.into();
        }
        self.row_out.d.next =
            (bit_cast::<9, 7>(self.row_base.val()) << 2) | bit_cast::<9, 2>(self.row_index.val());
        self.digit_out.d.next = self.active.val() & !self.row_of_digit.val().get_bits::<2>(1).any();
        self.first_out.d.next = (self.row_of_digit.val() == 0) & !self.digit_index.val().any();
        self.shift_out.d.next = self.row_of_digit.val() == 2;
        self.idle_out.d.next = self.row_of_digit.val() == 3;
        self.capture_out.d.next = self.granted.val();
        self.serial.next = self.serial_out.q.val();
        self.incoming.next = self.input_out.q.val();
        self.negate.next = self.negate_out.q.val();
        self.row.next = self.row_out.q.val();
        self.source.next = self.source_out.q.val();
        self.digit.next = self.digit_out.q.val();
        self.first.next = self.first_out.q.val();
        self.shift.next = self.shift_out.q.val();
        self.idle.next = self.idle_out.q.val();
        self.capture.next = self.capture_out.q.val();
    }
}
