//! The sequencer: eight threads in a ring of eight stages.
//!
//! The ring moves every second cycle, so that each thread passes each stage once in 16 cycles
//! and issues at most one instruction in that time. Its state travels with it; nothing is
//! addressed by the thread's number.
//!
//! | stage | what happens |
//! | --- | --- |
//! | 0 | the program counter addresses the program |
//! | 1 | the instruction arrives; completed operations and their flags are taken into account |
//! | 2 | waits and conditions are evaluated, indexed operands added up |
//! | 3 | resources are checked: the instruction issues or the thread comes back in the next turn |
//! | 4 | the operation enters its queue; counters of outstanding operations, next address |
//! | 5 | a signed digit, if one was asked for, has come |
//! | 6 | – |
//! | 7 | jobs enter; verdicts leave when they come here for the second time |
//!
//! Thread `turn` is in stage 4, thread `turn` + 4 − s in stage s.

use rust_hdl::prelude::*;

use super::segment::Segment;
use crate::prim::LutRam;

/// The sequencer. Words of the queues:
///
/// | word | bits, from the highest |
/// | --- | --- |
/// | `mul_main` | thread 3, d 6, a 6, b 6 |
/// | `mul_extra` | curve 2, kind 2 |
/// | `add_main` | thread 3, source 3, x 10, y 6, special 1, d 6 |
/// | `add_extra` | curve 2, sign 1, fold 1, func 3, sy 2, sx 2 |
///
/// `x` is `{thread, register}`, the 16-digit block of the table memory, or `{thread, field}`
/// with the field in the low bits, as `source` says.
#[derive(LogicBlock, Default)]
pub(super) struct Sequencer {
    pub(super) clock: Signal<In, Clock>,
    /// High for at least 16 cycles: every thread becomes free.
    pub(super) clear: Signal<In, Bit>,
    /// Second cycle of a turn.
    pub(super) half: Signal<In, Bit>,
    /// Thread in stage 4.
    pub(super) turn: Signal<In, Bits<3>>,

    pub(super) program_address: Signal<Out, Bits<12>>,
    /// Bits 17 … 0, three edges after the address.
    pub(super) program_low: Signal<In, Bits<18>>,
    /// Bits 35 … 18.
    pub(super) program_high: Signal<In, Bits<18>>,

    pub(super) mul_push: Signal<Out, Bit>,
    pub(super) mul_main: Signal<Out, Bits<21>>,
    pub(super) mul_extra: Signal<Out, Bits<4>>,
    pub(super) mul_room: Signal<In, Bit>,
    pub(super) add_push: Signal<Out, Bit>,
    pub(super) add_main: Signal<Out, Bits<29>>,
    pub(super) add_extra: Signal<Out, Bits<11>>,
    pub(super) add_room: Signal<In, Bit>,

    /// A product is complete; the event lasts eight turns.
    pub(super) mul_done: Signal<In, Bit>,
    pub(super) mul_done_thread: Signal<In, Bits<3>>,
    /// A combination is complete.
    pub(super) add_done: Signal<In, Bit>,
    pub(super) add_done_thread: Signal<In, Bits<3>>,
    /// It sets the flags.
    pub(super) add_done_raw: Signal<In, Bit>,
    /// Odd, negative, zero.
    pub(super) add_done_flags: Signal<In, Bits<3>>,

    pub(super) naf_query: Signal<Out, Bit>,
    pub(super) naf_empty: Signal<Out, Bit>,
    pub(super) naf_thread: Signal<Out, Bits<3>>,
    pub(super) naf_list: Signal<Out, Bits<2>>,
    pub(super) naf_position: Signal<Out, Bits<9>>,
    /// Four cycles after `naf_query`.
    pub(super) naf_hit: Signal<In, Bit>,
    pub(super) naf_sign: Signal<In, Bit>,
    pub(super) naf_index: Signal<In, Bits<6>>,
    pub(super) naf_busy: Signal<In, Bit>,
    /// The recoder takes a scalar.
    pub(super) naf_started: Signal<In, Bit>,
    pub(super) inverse_busy: Signal<In, Bit>,
    /// The inverse unit takes its operands.
    pub(super) inverse_started: Signal<In, Bit>,

    /// A job begins; the next one at least 16 cycles later.
    pub(super) start: Signal<In, Bit>,
    pub(super) start_thread: Signal<In, Bits<3>>,
    pub(super) start_program: Signal<In, Bits<3>>,
    pub(super) start_flags: Signal<In, Bits<8>>,
    pub(super) answer_thread: Signal<In, Bits<3>>,
    pub(super) answer_done: Signal<Out, Bit>,
    pub(super) answer_verdict: Signal<Out, Bits<8>>,

    pub(super) trace_valid: Signal<Out, Bit>,
    pub(super) trace_thread: Signal<Out, Bits<3>>,
    pub(super) trace_address: Signal<Out, Bits<12>>,
    pub(super) trace_class: Signal<Out, Bits<2>>,

    thread_1: Signal<Local, Bits<3>>,
    thread_3: Signal<Local, Bits<3>>,
    thread_7: Signal<Local, Bits<3>>,

    // The ring.
    run_0: DFF<Bit>,
    run_1: DFF<Bit>,
    run_2: DFF<Bit>,
    run_3: DFF<Bit>,
    run_4: DFF<Bit>,
    run_5: DFF<Bit>,
    run_6: DFF<Bit>,
    run_7: DFF<Bit>,
    /// Verdicts wait one round, in which the last output digits are written.
    report_5: DFF<Bit>,
    report_6: DFF<Bit>,
    report_7: DFF<Bit>,
    report: Segment<1, 8>,
    address_0: DFF<Bits<12>>,
    address_4: Segment<12, 4>,
    address_5: DFF<Bits<12>>,
    address_6: DFF<Bits<12>>,
    address_7: DFF<Bits<12>>,
    flags_0: DFF<Bits<8>>,
    flags_2: Segment<8, 2>,
    flags_7: Segment<8, 5>,
    /// Curve 2, sign 1, index 6, position 9.
    place_2: Segment<18, 4>,
    place_3: DFF<Bits<18>>,
    place_4: DFF<Bits<18>>,
    position_5: DFF<Bits<9>>,
    index_5: DFF<Bits<6>>,
    sign_5: DFF<Bit>,
    curve_5: DFF<Bits<2>>,
    position_6: DFF<Bits<9>>,
    index_6: DFF<Bits<6>>,
    sign_6: DFF<Bit>,
    curve_6: DFF<Bits<2>>,
    /// Odd, negative, zero; combinations and products under way.
    state_7: Segment<7, 2>,
    state_0: DFF<Bits<7>>,
    state_1: DFF<Bits<7>>,
    arith_2: DFF<Bits<3>>,
    adds_2: DFF<Bits<2>>,
    muls_2: DFF<Bits<2>>,
    state_3: DFF<Bits<7>>,
    state_4: DFF<Bits<7>>,
    arith_5: DFF<Bits<3>>,
    adds_5: DFF<Bits<2>>,
    muls_5: DFF<Bits<2>>,

    // The instruction.
    low_2: DFF<Bits<18>>,
    high_2: DFF<Bits<18>>,
    low_3: DFF<Bits<18>>,
    high_3: DFF<Bits<18>>,
    low_4: DFF<Bits<18>>,
    high_4: DFF<Bits<18>>,
    class_mul: Signal<Local, Bit>,
    class_add: Signal<Local, Bit>,
    class_control: Signal<Local, Bit>,
    operation: Signal<Local, Bits<4>>,
    shifted_flags: Signal<Local, Bits<8>>,
    job_flag: Signal<Local, Bit>,
    taken: Signal<Local, Bit>,
    waits_met: Signal<Local, Bit>,
    ready_3: DFF<Bit>,
    taken_3: DFF<Bit>,
    mul_3: DFF<Bit>,
    add_3: DFF<Bit>,
    to_naf_3: DFF<Bit>,
    to_inverse_3: DFF<Bit>,
    from_inverse_3: DFF<Bit>,
    set_position_3: DFF<Bit>,
    loop_3: DFF<Bit>,
    digit_3: DFF<Bit>,
    set_curve_3: DFF<Bit>,
    verdict_3: DFF<Bit>,
    wait_3: DFF<Bit>,
    empty_3: DFF<Bit>,
    x_3: DFF<Bits<6>>,
    unit_3: DFF<Bits<4>>,
    x_high: Signal<Local, Bits<4>>,
    x_low: Signal<Local, Bits<6>>,
    blocked: Signal<Local, Bit>,
    go: Signal<Local, Bit>,
    recoding: Signal<Local, Bit>,
    recoding_before: DFF<Bit>,
    asked: DFF<Bit>,
    asked_before: DFF<Bit>,
    naf_pending: DFF<Bit>,
    naf_owner: DFF<Bits<3>>,
    inverse_owned: DFF<Bit>,
    inverse_pending: DFF<Bit>,
    inverse_owner: DFF<Bits<3>>,
    go_4: DFF<Bit>,
    taken_4: DFF<Bit>,
    mul_4: DFF<Bit>,
    add_4: DFF<Bit>,
    set_position_4: DFF<Bit>,
    loop_4: DFF<Bit>,
    digit_4: DFF<Bit>,
    set_curve_4: DFF<Bit>,
    verdict_4: DFF<Bit>,
    x_4: DFF<Bits<10>>,
    target: Signal<Local, Bits<12>>,
    target_5: DFF<Bits<12>>,
    digit_5: DFF<Bit>,
    hit: DFF<Bit>,

    // Jobs.
    starting: DFF<Bit>,
    start_of: DFF<Bits<3>>,
    entry: DFF<Bits<3>>,
    entry_flags: DFF<Bits<8>>,
    enters: Signal<Local, Bit>,
    /// Finished 1, verdict 8.
    verdicts: LutRam<9, 3>,
    answer: DFF<Bits<9>>,
    answer_stale: DFF<Bit>,
}

impl Logic for Sequencer {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            run_0,
            run_1,
            run_2,
            run_3,
            run_4,
            run_5,
            run_6,
            run_7,
            report_5,
            report_6,
            report_7,
            address_0,
            address_5,
            address_6,
            address_7,
            flags_0,
            place_3,
            place_4,
            position_5,
            index_5,
            sign_5,
            curve_5,
            position_6,
            index_6,
            sign_6,
            curve_6,
            state_0,
            state_1,
            arith_2,
            adds_2,
            muls_2,
            state_3,
            state_4,
            arith_5,
            adds_5,
            muls_5,
            low_2,
            high_2,
            low_3,
            high_3,
            low_4,
            high_4,
            ready_3,
            taken_3,
            mul_3,
            add_3,
            to_naf_3,
            to_inverse_3,
            from_inverse_3,
            set_position_3,
            loop_3,
            digit_3,
            set_curve_3,
            verdict_3,
            wait_3,
            empty_3,
            x_3,
            unit_3,
            recoding_before,
            asked,
            asked_before,
            naf_pending,
            naf_owner,
            inverse_owned,
            inverse_pending,
            inverse_owner,
            go_4,
            taken_4,
            mul_4,
            add_4,
            set_position_4,
            loop_4,
            digit_4,
            set_curve_4,
            verdict_4,
            x_4,
            target_5,
            digit_5,
            hit,
            starting,
            start_of,
            entry,
            entry_flags,
            answer,
            answer_stale
        );
        clock!(self, clock, address_4, flags_2, flags_7, place_2, state_7, report, verdicts);
        self.report.enable.next = self.half.val();
        self.address_4.enable.next = self.half.val();
        self.flags_2.enable.next = self.half.val();
        self.flags_7.enable.next = self.half.val();
        self.place_2.enable.next = self.half.val();
        self.state_7.enable.next = self.half.val();
        self.thread_1.next = self.turn.val() + 3;
        self.thread_3.next = self.turn.val() + 1;
        self.thread_7.next = self.turn.val() + 5;

        // Parts of the state that only pass.
        self.address_4.d.next = self.address_0.q.val();
        self.flags_2.d.next = self.flags_0.q.val();
        self.flags_7.d.next = self.flags_2.q.val();
        self.place_2.d.next = bit_cast::<18, 9>(self.position_6.q.val())
            | (bit_cast::<18, 6>(self.index_6.q.val()) << 9)
            | (bit_cast::<18, 2>(self.curve_6.q.val()) << 16);
        if self.sign_6.q.val() {
            self.place_2.d.next = bit_cast::<18, 9>(self.position_6.q.val())
                | (bit_cast::<18, 6>(self.index_6.q.val()) << 9)
                | (bit_cast::<18, 2>(self.curve_6.q.val()) << 16)
                | 0x8000;
        }
        self.state_7.d.next = bit_cast::<7, 2>(self.muls_5.q.val())
            | (bit_cast::<7, 2>(self.adds_5.q.val()) << 2)
            | (bit_cast::<7, 3>(self.arith_5.q.val()) << 4);
        if self.half.val() {
            self.run_1.d.next = self.run_0.q.val();
            self.run_2.d.next = self.run_1.q.val();
            self.run_3.d.next = self.run_2.q.val();
            self.run_4.d.next = self.run_3.q.val();
            self.run_5.d.next = self.run_4.q.val() & !self.verdict_4.q.val();
            self.run_6.d.next = self.run_5.q.val();
            self.run_7.d.next = self.run_6.q.val();
            self.report_5.d.next = self.verdict_4.q.val();
            self.report_6.d.next = self.report_5.q.val();
            self.report_7.d.next = self.report_6.q.val();
            self.place_3.d.next = self.place_2.q.val();
            self.place_4.d.next = self.place_3.q.val();
            self.state_1.d.next = self.state_0.q.val();
            self.state_3.d.next = bit_cast::<7, 2>(self.muls_2.q.val())
                | (bit_cast::<7, 2>(self.adds_2.q.val()) << 2)
                | (bit_cast::<7, 3>(self.arith_2.q.val()) << 4);
            self.state_4.d.next = self.state_3.q.val();
        }

        // Stages 0 and 1.
        self.program_address.next = self.address_0.q.val();
        if self.half.val() {
            self.low_2.d.next = self.program_low.val();
            self.high_2.d.next = self.program_high.val();
            self.muls_2.d.next = self.state_1.q.val().get_bits::<2>(0);
            self.adds_2.d.next = self.state_1.q.val().get_bits::<2>(2);
            self.arith_2.d.next = self.state_1.q.val().get_bits::<3>(4);
            if self.mul_done.val() & (self.mul_done_thread.val() == self.thread_1.val()) {
                self.muls_2.d.next = self.state_1.q.val().get_bits::<2>(0) - 1;
            }
            if self.add_done.val() & (self.add_done_thread.val() == self.thread_1.val()) {
                self.adds_2.d.next = self.state_1.q.val().get_bits::<2>(2) - 1;
                if self.add_done_raw.val() {
                    self.arith_2.d.next = self.add_done_flags.val();
                }
            }
        }

        // Stage 2.
        self.class_mul.next = self.low_2.q.val().get_bits::<2>(0) == 0;
        self.class_add.next = self.low_2.q.val().get_bits::<2>(0) == 1;
        self.class_control.next = self.low_2.q.val().get_bits::<2>(0) == 2;
        self.operation.next = self.low_2.q.val().get_bits::<4>(6);
        self.shifted_flags.next = self.flags_2.q.val() >> self.high_2.q.val().get_bits::<3>(4);
        self.job_flag.next = self.shifted_flags.val().get_bit(0);
        self.taken.next = self.operation.val() == 0;
        if self.operation.val() == 1 {
            self.taken.next = self.arith_2.q.val().get_bit(0);
        } else if self.operation.val() == 2 {
            self.taken.next = !self.arith_2.q.val().get_bit(0);
        } else if self.operation.val() == 3 {
            self.taken.next = self.arith_2.q.val().get_bit(1);
        } else if self.operation.val() == 4 {
            self.taken.next = !self.arith_2.q.val().get_bit(1);
        } else if self.operation.val() == 5 {
            self.taken.next = self.arith_2.q.val().get_bit(2);
        } else if self.operation.val() == 6 {
            self.taken.next = !self.arith_2.q.val().get_bit(2);
        } else if self.operation.val() == 7 {
            self.taken.next = self.job_flag.val();
        } else if self.operation.val() == 8 {
            self.taken.next = !self.job_flag.val();
        } else if self.operation.val() == 10 {
            self.taken.next = self.place_2.q.val().get_bits::<9>(0).any();
        } else if self.operation.val() == 13 {
            self.taken.next = true;
        }
        self.waits_met.next = (self.low_2.q.val().get_bits::<2>(2).all()
            | (self.muls_2.q.val() <= self.low_2.q.val().get_bits::<2>(2)))
            & (self.low_2.q.val().get_bits::<2>(4).all()
                | (self.adds_2.q.val() <= self.low_2.q.val().get_bits::<2>(4)));
        if self.half.val() {
            self.low_3.d.next = self.low_2.q.val();
            self.high_3.d.next = self.high_2.q.val();
            self.ready_3.d.next = self.run_2.q.val()
                & self.waits_met.val()
                & !(self.class_mul.val() & self.muls_2.q.val().all())
                & !(self.class_add.val() & self.adds_2.q.val().all());
            self.taken_3.d.next = self.class_control.val() & self.taken.val();
            self.mul_3.d.next = self.class_mul.val();
            self.add_3.d.next = self.class_add.val();
            self.to_naf_3.d.next = self.class_add.val()
                & self.high_2.q.val().get_bit(17)
                & (self.low_2.q.val().get_bits::<3>(9) == 1);
            self.to_inverse_3.d.next = self.class_add.val()
                & self.high_2.q.val().get_bit(17)
                & (self.low_2.q.val().get_bits::<2>(10) == 1);
            self.from_inverse_3.d.next =
                self.class_add.val() & (self.high_2.q.val().get_bits::<3>(14) == 5);
            self.set_position_3.d.next = self.class_control.val() & (self.operation.val() == 9);
            self.loop_3.d.next = self.class_control.val() & (self.operation.val() == 10);
            self.digit_3.d.next = self.class_control.val() & (self.operation.val() == 11);
            self.set_curve_3.d.next = self.class_control.val() & (self.operation.val() == 12);
            self.verdict_3.d.next = self.class_control.val() & (self.operation.val() == 13);
            self.wait_3.d.next = self.class_control.val() & (self.operation.val() == 14);
            self.empty_3.d.next = self.class_control.val() & (self.operation.val() == 15);
            self.x_3.d.next = self.low_2.q.val().get_bits::<6>(12);
            if self.high_2.q.val().get_bits::<3>(14) == 1 {
                self.x_3.d.next =
                    self.low_2.q.val().get_bits::<6>(12) + self.place_2.q.val().get_bits::<6>(9);
            }
            // Coordinates begin at unit 1 of the table memory, two for each table.
            self.unit_3.d.next = (bit_cast::<4, 3>(self.low_2.q.val().get_bits::<3>(12)) << 1)
                + bit_cast::<4, 2>(self.high_2.q.val().get_bits::<2>(0))
                + 1;
        }

        // Stage 3.
        // The same in both cycles of a turn: a query is made in the first, the thread goes on
        // after the second.
        self.recoding.next = self.naf_pending.q.val() | self.recoding_before.q.val();
        if self.half.val() {
            self.recoding_before.d.next = self.naf_pending.q.val() | self.naf_busy.val();
        }
        self.blocked.next = (self.mul_3.q.val() & !self.mul_room.val())
            | (self.add_3.q.val() & !self.add_room.val())
            | (self.to_naf_3.q.val() & self.recoding.val())
            | (self.to_inverse_3.q.val() & (self.inverse_owned.q.val() | self.inverse_busy.val()))
            | ((self.digit_3.q.val() | self.empty_3.q.val())
                & (self.asked.q.val()
                    | self.asked_before.q.val()
                    | (self.recoding.val() & (self.naf_owner.q.val() == self.thread_3.val()))))
            | (self.wait_3.q.val()
                & (self.inverse_pending.q.val()
                    | self.inverse_busy.val()
                    | (self.inverse_owner.q.val() != self.thread_3.val())));
        self.go.next = self.ready_3.q.val() & !self.blocked.val();
        self.naf_query.next = self.go.val() & self.digit_3.q.val() & !self.half.val();
        self.naf_empty.next = self.go.val() & self.empty_3.q.val() & !self.half.val();
        self.naf_thread.next = self.thread_3.val();
        self.naf_list.next = self.high_3.q.val().get_bits::<2>(4);
        self.naf_position.next = self.place_3.q.val().get_bits::<9>(0);
        if self.naf_started.val() {
            self.naf_pending.d.next = false;
        }
        if self.inverse_started.val() {
            self.inverse_pending.d.next = false;
        }
        // Registers and fields of a thread, an entry of a table, or a constant.
        self.x_low.next = self.x_3.q.val();
        self.x_high.next = bit_cast::<4, 3>(self.thread_3.val());
        if self.high_3.q.val().get_bits::<3>(14) == 3 {
            self.x_low.next = self.place_3.q.val().get_bits::<6>(9);
            self.x_high.next = self.unit_3.q.val();
        }
        if self.high_3.q.val().get_bits::<3>(14) == 2 {
            self.x_high.next = 0.into();
        }
        if self.half.val() {
            self.asked.d.next = self.go.val() & (self.digit_3.q.val() | self.empty_3.q.val());
            self.asked_before.d.next = self.asked.q.val();
            if self.go.val() & self.to_naf_3.q.val() {
                self.naf_pending.d.next = true;
                self.naf_owner.d.next = self.thread_3.val();
            }
            if self.go.val() & self.to_inverse_3.q.val() {
                self.inverse_pending.d.next = true;
                self.inverse_owned.d.next = true;
                self.inverse_owner.d.next = self.thread_3.val();
            }
            if self.go.val()
                & (self.from_inverse_3.q.val() | self.verdict_3.q.val())
                & (self.inverse_owner.q.val() == self.thread_3.val())
            {
                self.inverse_owned.d.next = false;
            }
            self.low_4.d.next = self.low_3.q.val();
            self.high_4.d.next = self.high_3.q.val();
            self.go_4.d.next = self.go.val();
            self.taken_4.d.next = self.taken_3.q.val();
            self.mul_4.d.next = self.go.val() & self.mul_3.q.val();
            self.add_4.d.next = self.go.val() & self.add_3.q.val();
            self.set_position_4.d.next = self.go.val() & self.set_position_3.q.val();
            self.loop_4.d.next = self.go.val() & self.loop_3.q.val();
            self.digit_4.d.next = self.go.val() & self.digit_3.q.val();
            self.set_curve_4.d.next = self.go.val() & self.set_curve_3.q.val();
            self.verdict_4.d.next = self.go.val() & self.verdict_3.q.val();
            self.x_4.d.next =
                bit_cast::<10, 6>(self.x_low.val()) | (bit_cast::<10, 4>(self.x_high.val()) << 6);
        }

        // Stage 4.
        self.mul_push.next = self.mul_4.q.val() & self.half.val();
        self.mul_main.next = (bit_cast::<21, 3>(self.turn.val()) << 18)
            | (bit_cast::<21, 6>(self.low_4.q.val().get_bits::<6>(6)) << 12)
            | (bit_cast::<21, 6>(self.low_4.q.val().get_bits::<6>(12)) << 6)
            | bit_cast::<21, 6>(self.high_4.q.val().get_bits::<6>(0));
        self.mul_extra.next = bit_cast::<4, 2>(self.high_4.q.val().get_bits::<2>(6))
            | (bit_cast::<4, 2>(self.place_4.q.val().get_bits::<2>(16)) << 2);
        self.add_push.next = self.add_4.q.val() & self.half.val();
        self.add_main.next = (bit_cast::<29, 3>(self.turn.val()) << 26)
            | (bit_cast::<29, 3>(self.high_4.q.val().get_bits::<3>(14)) << 23)
            | (bit_cast::<29, 10>(self.x_4.q.val()) << 13)
            | (bit_cast::<29, 6>(self.high_4.q.val().get_bits::<6>(0)) << 7)
            | (bit_cast::<29, 1>(self.high_4.q.val().get_bits::<1>(17)) << 6)
            | bit_cast::<29, 6>(self.low_4.q.val().get_bits::<6>(6));
        self.add_extra.next = bit_cast::<11, 8>(self.high_4.q.val().get_bits::<8>(6))
            | (bit_cast::<11, 3>(self.place_4.q.val().get_bits::<3>(15)) << 8);
        self.target.next = bit_cast::<12, 8>(self.low_4.q.val().get_bits::<8>(10))
            | (bit_cast::<12, 4>(self.high_4.q.val().get_bits::<4>(0)) << 8);
        self.trace_valid.next = self.go_4.q.val() & self.half.val();
        self.trace_thread.next = self.turn.val();
        self.trace_address.next = self.address_4.q.val();
        self.trace_class.next = self.low_4.q.val().get_bits::<2>(0);
        if self.half.val() {
            self.address_5.d.next = self.address_4.q.val();
            if self.go_4.q.val() {
                self.address_5.d.next = self.address_4.q.val() + 1;
                if self.taken_4.q.val() {
                    self.address_5.d.next = self.target.val();
                }
            }
            self.target_5.d.next = self.target.val();
            self.digit_5.d.next = self.digit_4.q.val();
            self.muls_5.d.next = self.state_4.q.val().get_bits::<2>(0);
            if self.mul_4.q.val() {
                self.muls_5.d.next = self.state_4.q.val().get_bits::<2>(0) + 1;
            }
            self.adds_5.d.next = self.state_4.q.val().get_bits::<2>(2);
            if self.add_4.q.val() {
                self.adds_5.d.next = self.state_4.q.val().get_bits::<2>(2) + 1;
            }
            self.arith_5.d.next = self.state_4.q.val().get_bits::<3>(4);
            self.position_5.d.next = self.place_4.q.val().get_bits::<9>(0);
            if self.loop_4.q.val() {
                self.position_5.d.next = self.place_4.q.val().get_bits::<9>(0) - 1;
            }
            if self.set_position_4.q.val() {
                self.position_5.d.next = self.target.val().get_bits::<9>(0);
            }
            self.index_5.d.next = self.place_4.q.val().get_bits::<6>(9);
            self.sign_5.d.next = self.place_4.q.val().get_bit(15);
            self.curve_5.d.next = self.place_4.q.val().get_bits::<2>(16);
            if self.set_curve_4.q.val() {
                self.curve_5.d.next = self.high_4.q.val().get_bits::<2>(4);
            }
        }

        // Stage 5: the digit came in the first cycle of the turn.
        self.hit.d.next = self.naf_hit.val();
        if self.half.val() {
            self.position_6.d.next = self.position_5.q.val();
            self.index_6.d.next = self.index_5.q.val();
            self.sign_6.d.next = self.sign_5.q.val();
            self.curve_6.d.next = self.curve_5.q.val();
            self.address_6.d.next = self.address_5.q.val();
            if self.digit_5.q.val() {
                if self.hit.q.val() {
                    self.index_6.d.next = self.naf_index.val();
                    self.sign_6.d.next = self.naf_sign.val();
                } else {
                    self.address_6.d.next = self.target_5.q.val();
                }
            }
            self.address_7.d.next = self.address_6.q.val();
        }

        // Stage 7.
        self.enters.next = self.starting.q.val() & (self.start_of.q.val() == self.thread_7.val());
        if self.start.val() {
            self.starting.d.next = true;
            self.start_of.d.next = self.start_thread.val();
            self.entry.d.next = self.start_program.val();
            self.entry_flags.d.next = self.start_flags.val();
        }
        self.report.d.next = bit_cast::<1, 1>(0.into());
        if self.report_7.q.val() {
            self.report.d.next = bit_cast::<1, 1>(1.into());
        }
        self.verdicts.write_address.next = self.thread_7.val();
        self.verdicts.write_data.next =
            bit_cast::<9, 8>(self.address_7.q.val().get_bits::<8>(0)) | 0x100;
        self.verdicts.write_enable.next =
            self.half.val() & (self.report.q.val().any() | self.enters.val());
        if self.enters.val() {
            self.verdicts.write_data.next = 0.into();
        }
        if self.half.val() {
            self.run_0.d.next = self.run_7.q.val();
            self.address_0.d.next = self.address_7.q.val();
            self.flags_0.d.next = self.flags_7.q.val();
            self.state_0.d.next = self.state_7.q.val();
            if self.enters.val() {
                self.run_0.d.next = true;
                self.address_0.d.next = bit_cast::<12, 3>(self.entry.q.val());
                self.flags_0.d.next = self.entry_flags.q.val();
                self.starting.d.next = false;
            }
        }
        self.verdicts.read_address.next = self.answer_thread.val();
        self.answer.d.next = self.verdicts.read_data.val();
        self.answer_stale.d.next =
            self.starting.q.val() & (self.start_of.q.val() == self.answer_thread.val());
        self.answer_done.next = self.answer.q.val().get_bit(8) & !self.answer_stale.q.val();
        self.answer_verdict.next = self.answer.q.val().get_bits::<8>(0);

        if self.clear.val() {
            self.run_0.d.next = false;
            self.go_4.d.next = false;
            self.mul_4.d.next = false;
            self.add_4.d.next = false;
            self.verdict_4.d.next = false;
            self.state_0.d.next = 0.into();
            self.naf_pending.d.next = false;
            self.inverse_pending.d.next = false;
            self.inverse_owned.d.next = false;
            self.starting.d.next = false;
        }
    }
}
