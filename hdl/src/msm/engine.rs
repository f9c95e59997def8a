//! The engine: sums of buckets of all windows of the terms that come in.

use rust_hdl::prelude::*;

use super::config::{Config, SCALAR_WORDS};
use super::linear::Linear;
use super::passes::Passes;
use super::program::group;
use super::scheduler::Scheduler;
use super::slots::Slots;
use super::sums::Sums;
use super::terms::Terms;
use super::threads::Threads;
use crate::prim::{
    BarrelArray, DigitRam, Rom, RomStyle, ShiftRegister, Technology, Term, TermAdder,
};

/// Multi-scalar multiplication but for the last doublings: for each window the sum of all
/// j·bucket j (`docs/msm.md`, The bucket method, step 3).
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `clear` | in | drops the multiplication |
/// | `in_valid`, `in_ready`, `in_data`, `in_last` | in, out, in, in | terms, as [`Terms`] takes them: x, y, scalar, the least word first; one term or more |
/// | `out_valid`, `out_ready`, `out_data`, `out_last` | out, in, out, out | x, y, z of the sum of window 0, of window 1, …, the least word first, each below 2^(32·words): X/Z and Y/Z modulo p are the point's coordinates, Z = 0 modulo p stands for infinity |
///
/// Then the next multiplication may come. Terms are not kept: there may be any number of them.
///
/// Stages of a term: 1 digits and entries ([`Terms`]); 2 Montgomery form, by the multiplier;
/// 3 additions to a bucket of each window ([`Scheduler`]). Then running sums, sums, results,
/// all on the same multiplier, whose eight [`Threads`] do a job each at a time.
#[derive(LogicBlock)]
pub struct Engine {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops the multiplication.
    pub clear: Signal<In, Bit>,
    /// A word is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken.
    pub in_ready: Signal<Out, Bit>,
    /// Word in.
    pub in_data: Signal<In, Bits<32>>,
    /// The last one.
    pub in_last: Signal<In, Bit>,
    /// A word of a sum.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken.
    pub out_ready: Signal<In, Bit>,
    /// Word out.
    pub out_data: Signal<Out, Bits<32>>,
    /// The last one.
    pub out_last: Signal<Out, Bit>,

    terms: Terms,
    slots: Slots,
    scheduler: Scheduler,
    threads: Threads,
    passes: Passes,
    array: BarrelArray,
    linear: Linear,
    sums: Sums,
    inputs: DigitRam,
    factors: DigitRam,
    addends: DigitRam,
    buckets: DigitRam,

    factor: DFF<Bits<18>>,
    is_input: ShiftRegister<1>,
    factor_signed: TermAdder<18, 18, 18>,
    negate: ShiftRegister<1>,
    multiplies: ShiftRegister<1>,
    /// Bits 8 … 0 row, 10 … 9 source, 11 first, 12 shift, 13 idle, 14 capture.
    control: Signal<Local, Bits<15>>,
    first_bit: Signal<Local, Bits<15>>,
    shift_bit: Signal<Local, Bits<15>>,
    idle_bit: Signal<Local, Bits<15>>,
    capture_bit: Signal<Local, Bits<15>>,
    controls: ShiftRegister<15>,
    result: DFF<Bits<18>>,
    difference: DFF<Bits<18>>,

    clear_word: DFF<Bits<17>>,
    clear_digit: DFF<Bits<5>>,
    clear_coordinate: DFF<Bits<2>>,
    clear_word_1: DFF<Bits<17>>,
    clear_word_2: DFF<Bits<17>>,
    clear_not_y: DFF<Bit>,
    one: Rom<18, 5>,
    last_clear: Constant<Bits<17>>,
    last_digit: Constant<Bits<5>>,
    cleared: Signal<Local, Bit>,
}

impl Engine {
    /// An engine of one adder with the cells of `technology`.
    ///
    /// # Panics
    /// If `config` is out of its bounds, or has more adders
    /// ([`Adders`](super::adders::Adders)): a design with such an engine is a programming error.
    pub fn new(config: &Config, technology: Technology) -> Self {
        Self::taking(config, SCALAR_WORDS, technology)
    }

    /// An engine that takes so many words of a scalar.
    pub(super) fn taking(config: &Config, scalar_words: usize, technology: Technology) -> Self {
        config.check();
        assert_eq!(config.adders, 1, "an engine has one adder");
        let one = config.radix() % &config.curve.p;
        let reduction = (&config.curve.p * config.quotient_factor() + 1_u32) >> 17_u32;
        let numbers = [
            (4 * group::INFINITY + 1, config.to_digits(&one)),
            (4 * group::REDUCTION, config.to_digits(&reduction)),
            (4 * group::REDUCTION + 1, config.to_digits(&config.curve.p)),
            (4 * group::REDUCTION + 2, vec![config.quotient_factor()]),
            (4 * group::CONSTANTS, config.to_digits(&(&one * &one % &config.curve.p))),
            (4 * group::CONSTANTS + 1, vec![1]),
        ]
        .map(|(row, digits)| (row as usize, digits));
        Self {
            clock: Default::default(),
            clear: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_last: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            out_last: Default::default(),
            terms: Terms::new(config, scalar_words),
            slots: Default::default(),
            scheduler: Scheduler::new(config),
            threads: Threads::new(config),
            passes: Passes::new(config),
            array: BarrelArray::new(config.digits(), &numbers, technology),
            linear: Linear::new(config.curve.three_b, technology),
            sums: Sums::new(config),
            inputs: DigitRam::new(512),
            factors: DigitRam::new(2048),
            addends: DigitRam::new(2048),
            // Never so few that it would answer earlier.
            buckets: DigitRam::new(config.bucket_words().max(4096)),
            factor: Default::default(),
            is_input: ShiftRegister::zeros(1),
            factor_signed: TermAdder::new(Term::SIGNED, Term::SIGNED, technology),
            negate: ShiftRegister::zeros(2),
            multiplies: ShiftRegister::zeros(2),
            control: Default::default(),
            first_bit: Default::default(),
            shift_bit: Default::default(),
            idle_bit: Default::default(),
            capture_bit: Default::default(),
            controls: ShiftRegister::zeros(3),
            result: Default::default(),
            difference: Default::default(),
            clear_word: Default::default(),
            clear_digit: Default::default(),
            clear_coordinate: Default::default(),
            clear_word_1: Default::default(),
            clear_word_2: Default::default(),
            clear_not_y: Default::default(),
            one: Rom::new(RomStyle::Logic, &config.to_digits(&one)),
            last_clear: Constant::new((config.bucket_words() as u64 - 1).into()),
            last_digit: Constant::new((config.stride() as u64 - 1).into()),
            cleared: Default::default(),
        }
    }
}

impl Logic for Engine {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            factor,
            result,
            difference,
            clear_word,
            clear_digit,
            clear_coordinate,
            clear_word_1,
            clear_word_2,
            clear_not_y
        );
        clock!(
            self,
            clock,
            terms,
            slots,
            scheduler,
            threads,
            passes,
            array,
            linear,
            sums,
            inputs,
            factors,
            addends,
            buckets,
            is_input,
            factor_signed,
            negate,
            multiplies,
            controls,
            one
        );

        // Terms.
        self.terms.clear.next = self.scheduler.clearing.val();
        self.terms.in_valid.next = self.in_valid.val();
        self.terms.in_data.next = self.in_data.val();
        self.terms.in_last.next = self.in_last.val();
        self.in_ready.next = self.terms.in_ready.val();
        self.terms.used.next = self.slots.used.val();
        self.terms.room.next = self.scheduler.room.val();
        self.slots.clear.next = self.scheduler.clearing.val();
        self.slots.writer.next = self.terms.slot.val();
        self.slots.claim.next = self.terms.claim.val();
        self.slots.push.next = self.terms.push.val();
        self.slots.close.next = self.terms.close.val();
        self.slots.finished.next = self.scheduler.done_slot.val();
        self.slots.load.next = self.scheduler.done_load.val();
        self.slots.add.next = self.scheduler.done_add.val();
        self.slots.query.next = self.scheduler.query.val();
        self.inputs.write.next = self.terms.write.val();
        self.inputs.write_address.next = bit_cast::<17, 9>(self.terms.write_address.val());
        self.inputs.write_data.next = self.terms.write_data.val();

        // Jobs.
        self.scheduler.clear.next =
            self.clear.val() | (self.scheduler.ended.val() & self.sums.empty.val());
        self.scheduler.push.next = self.terms.push.val();
        self.scheduler.entry.next = self.terms.entry.val();
        self.scheduler.filled.next = self.terms.filled.val();
        self.scheduler.finished.next = self.terms.finished.val();
        self.scheduler.loaded.next = self.slots.loaded.val();
        self.scheduler.sums_empty.next = self.sums.empty.val();
        self.scheduler.offer.next = self.threads.offer.val();
        self.scheduler.place.next = self.threads.place.val();
        self.scheduler.fetch_free.next = self.passes.fetch_free.val();
        self.scheduler.done.next = self.passes.done.val();
        self.scheduler.done_place.next = self.passes.done_place.val();
        self.threads.clear.next = self.scheduler.clearing.val();
        self.threads.take.next = self.scheduler.take.val();
        self.threads.ready.next = self.scheduler.ready.val();
        self.threads.entry.next = self.scheduler.entry_step.val();
        self.threads.point.next = self.scheduler.point.val();
        self.threads.sign.next = self.scheduler.sign.val();
        self.threads.fetched.next = self.passes.fetched.val();
        self.threads.fetched_place.next = self.passes.fetched_place.val();
        self.threads.pass_free.next = self.passes.free.val();
        self.passes.clear.next = self.scheduler.clearing.val();
        self.passes.take.next = self.scheduler.take.val();
        self.passes.place.next = self.threads.place.val();
        self.passes.base.next = self.scheduler.base.val();
        self.passes.rows.next = self.scheduler.rows.val();
        self.passes.to_rows.next = self.scheduler.to_rows.val();
        self.passes.pass.next = self.threads.pass.val();
        self.passes.pass_place.next = self.threads.pass_place.val();
        self.passes.pass_step.next = self.threads.pass_step.val();
        self.passes.fetch.next = self.scheduler.take.val() & !self.scheduler.ready.val();
        self.passes.fetch_place.next = self.threads.place.val();
        self.passes.acknowledge.next = self.threads.acknowledge.val();

        // Rows: a digit is read, chosen, signed, and meets its row.
        self.inputs.read_address.next =
            bit_cast::<17, 9>(self.threads.incoming.val().get_bits::<9>(0));
        self.factors.read_address.next = bit_cast::<17, 11>(self.threads.serial.val());
        self.is_input.d.next = self.threads.incoming.val().get_bits::<1>(9);
        self.is_input.enable.next = true;
        self.is_input.clear.next = false;
        self.factor.d.next = self.factors.read_data.val();
        if self.is_input.q.val().any() {
            self.factor.d.next = self.inputs.read_data.val();
        }
        self.negate.d.next = 0.into();
        if self.threads.negate.val() {
            self.negate.d.next = 1.into();
        }
        self.negate.enable.next = true;
        self.negate.clear.next = false;
        self.multiplies.d.next = 0.into();
        if self.threads.digit.val() {
            self.multiplies.d.next = 1.into();
        }
        self.multiplies.enable.next = true;
        self.multiplies.clear.next = false;
        self.factor_signed.a.next = 0.into();
        self.factor_signed.b.next = self.factor.q.val();
        self.factor_signed.gate.next = true;
        self.factor_signed.negate.next = self.negate.q.val().any();
        self.factor_signed.clear.next = !self.multiplies.q.val().any();
        self.first_bit.next = 0.into();
        if self.threads.first.val() {
            self.first_bit.next = 0x800.into();
        }
        self.shift_bit.next = 0.into();
        if self.threads.shift.val() {
            self.shift_bit.next = 0x1000.into();
        }
        self.idle_bit.next = 0.into();
        if self.threads.idle.val() {
            self.idle_bit.next = 0x2000.into();
        }
        self.capture_bit.next = 0.into();
        if self.threads.capture.val() {
            self.capture_bit.next = 0x4000.into();
        }
        self.control.next = bit_cast::<15, 9>(self.threads.row.val())
            | (bit_cast::<15, 2>(self.threads.source.val()) << 9)
            | self.first_bit.val()
            | self.shift_bit.val()
            | self.idle_bit.val()
            | self.capture_bit.val();
        self.controls.d.next = self.control.val();
        self.controls.enable.next = true;
        self.controls.clear.next = false;
        self.array.row.next = self.controls.q.val().get_bits::<9>(0);
        self.array.source.next = self.controls.q.val().get_bits::<2>(9);
        self.array.first.next = self.controls.q.val().get_bit(11);
        self.array.shift.next = self.controls.q.val().get_bit(12);
        self.array.idle.next = self.controls.q.val().get_bit(13);
        self.array.capture.next = self.controls.q.val().get_bit(14);
        self.array.digit.next = self.factor_signed.sum.val();

        // Results.
        self.addends.read_address.next = bit_cast::<17, 11>(self.passes.added.val());
        self.linear.low.next = self.array.low.val();
        self.linear.high.next = self.array.high.val();
        self.linear.added.next = self.addends.read_data.val();
        self.linear.alpha.next = self.passes.alpha.val();
        self.linear.beta.next = self.passes.beta.val();
        self.linear.minus.next = self.passes.minus.val();
        self.linear.first.next = self.passes.first.val();
        self.linear.last.next = self.passes.last.val();
        self.result.d.next = self.linear.sum.val();
        self.difference.d.next = self.linear.difference.val();
        if self.passes.is_fetched.val() {
            self.difference.d.next = self.buckets.read_data.val();
        }
        self.array.write.next = self.passes.write_row.val();
        self.array.write_row.next = self.passes.row.val();
        self.array.write_place.next = self.passes.digit.val();
        self.array.write_data.next = self.result.q.val();
        self.factors.write.next = self.passes.write_serial.val();
        self.factors.write_address.next = bit_cast::<17, 11>(self.passes.serial.val());
        self.factors.write_data.next = self.difference.q.val();
        self.addends.write.next = self.passes.write_serial.val();
        self.addends.write_address.next = bit_cast::<17, 11>(self.passes.serial.val());
        self.addends.write_data.next = self.difference.q.val();
        self.sums.clear.next = self.scheduler.clearing.val();
        self.sums.push.next = self.passes.write_output.val() & !self.scheduler.clearing.val();
        self.sums.digit.next = self.result.q.val();
        self.out_valid.next = self.sums.out_valid.val();
        self.out_data.next = self.sums.out_data.val();
        self.out_last.next = self.sums.out_last.val();
        self.sums.out_ready.next = self.out_ready.val();

        // Buckets; at first each is infinity.
        self.buckets.read_address.next = self.passes.bucket.val();
        self.one.address.next = self.clear_digit.q.val();
        self.one.clear.next = self.clear_not_y.q.val();
        self.clear_not_y.d.next = self.clear_coordinate.q.val() != 1;
        self.clear_word_1.d.next = self.clear_word.q.val();
        self.clear_word_2.d.next = self.clear_word_1.q.val();
        self.cleared.next = self.clear_word_2.q.val() == self.last_clear.val();
        self.scheduler.cleared.next = self.cleared.val();
        self.scheduler.clear_lock.next = self.clear_word_2.q.val().get_bits::<12>(0);
        self.clear_word.d.next = self.clear_word.q.val() + 1;
        self.clear_digit.d.next = self.clear_digit.q.val() + 1;
        if self.clear_digit.q.val() == self.last_digit.val() {
            self.clear_digit.d.next = 0.into();
            self.clear_coordinate.d.next = self.clear_coordinate.q.val() + 1;
            if self.clear_coordinate.q.val() == 2 {
                self.clear_coordinate.d.next = 0.into();
            }
        }
        if !self.scheduler.clearing.val() | self.scheduler.clear.val() {
            self.clear_word.d.next = 0.into();
            self.clear_digit.d.next = 0.into();
            self.clear_coordinate.d.next = 0.into();
            self.clear_word_1.d.next = 0.into();
            self.clear_word_2.d.next = 0.into();
        }
        self.buckets.write.next = self.passes.write_bucket.val();
        self.buckets.write_address.next = self.passes.bucket_address.val();
        self.buckets.write_data.next = self.result.q.val();
        if self.scheduler.clearing.val() {
            self.buckets.write.next = true;
            self.buckets.write_address.next = self.clear_word_2.q.val();
            self.buckets.write_data.next = self.one.q.val();
        }
    }
}
