//! Results on their way from the multiplier to the memories, and buckets to the threads.

use rust_hdl::prelude::*;

use super::config::Config;
use crate::prim::{LutRam, ShiftRam};

/// What happens to each digit, and when.
///
/// A granted result takes one cycle for the carry of its first lane and one for each digit. In
/// cycles without a result a digit of a bucket is fetched. Both go through the same stages,
/// counted from the cycle of the digit, k after the grant (k ≥ 1):
///
/// | stage | what |
/// | --- | --- |
/// | 9 | addresses of the digit that is added and of a fetched one |
/// | 11 | controls of [`Linear`](super::linear::Linear) |
/// | 16 | the digit is written, and is the last of a job |
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `clear` | in | drops everything; for 32 cycles or more |
/// | `take`, `place`, `base`, `rows`, `to_rows` | in | a job enters this place: first word of its bucket, group of rows that it fills, whether its result goes there |
/// | `pass`, `pass_place`, `pass_step` | in | a result is granted |
/// | `free` | out | one may be |
/// | `fetch`, `fetch_place` | in | the bucket of this job is fetched |
/// | `fetch_free` | out | one may be |
/// | `fetched`, `fetched_place`, `acknowledge` | out, out, in | it has been |
/// | `added` | out | digit that is added: thread, number, digit |
/// | `alpha` … `last` | out | ports of `Linear` |
/// | `bucket` | out | word of the buckets to read |
/// | `write_row`, `row`, `digit` | out | the sum goes to this place of the rows |
/// | `write_serial`, `serial` | out | the difference, or what was fetched, goes to this place of the serial memory |
/// | `is_fetched` | out | it was fetched; one cycle earlier |
/// | `write_bucket`, `bucket_address` | out | the sum goes to this word of the buckets |
/// | `write_output` | out | the sum leaves |
/// | `done`, `done_place` | out | the job has ended |
#[derive(LogicBlock)]
pub(super) struct Passes {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub take: Signal<In, Bit>,
    pub place: Signal<In, Bits<4>>,
    pub base: Signal<In, Bits<17>>,
    pub rows: Signal<In, Bits<7>>,
    pub to_rows: Signal<In, Bit>,
    pub pass: Signal<In, Bit>,
    pub pass_place: Signal<In, Bits<4>>,
    pub pass_step: Signal<In, Bits<19>>,
    pub free: Signal<Out, Bit>,
    pub fetch: Signal<In, Bit>,
    pub fetch_place: Signal<In, Bits<4>>,
    pub fetch_free: Signal<Out, Bit>,
    pub fetched: Signal<Out, Bit>,
    pub fetched_place: Signal<Out, Bits<4>>,
    pub acknowledge: Signal<In, Bit>,
    pub added: Signal<Out, Bits<11>>,
    pub alpha: Signal<Out, Bits<2>>,
    pub beta: Signal<Out, Bits<2>>,
    pub minus: Signal<Out, Bit>,
    pub first: Signal<Out, Bit>,
    pub last: Signal<Out, Bit>,
    pub bucket: Signal<Out, Bits<17>>,
    pub write_row: Signal<Out, Bit>,
    pub row: Signal<Out, Bits<9>>,
    pub digit: Signal<Out, Bits<5>>,
    pub write_serial: Signal<Out, Bit>,
    pub serial: Signal<Out, Bits<11>>,
    pub is_fetched: Signal<Out, Bit>,
    pub write_bucket: Signal<Out, Bit>,
    pub bucket_address: Signal<Out, Bits<17>>,
    pub write_output: Signal<Out, Bit>,
    pub done: Signal<Out, Bit>,
    pub done_place: Signal<Out, Bits<4>>,

    active: DFF<Bit>,
    fresh: DFF<Bit>,
    index: DFF<Bits<5>>,
    held_place: DFF<Bits<4>>,
    step: DFF<Bits<19>>,
    ends: Signal<Local, Bit>,

    fetching: DFF<Bit>,
    fetch_job: DFF<Bits<4>>,
    coordinate: DFF<Bits<2>>,
    fetch_index: DFF<Bits<5>>,
    fetch_wait: DFF<Bits<5>>,
    fetch_done: DFF<Bit>,

    /// Bit 0: a digit of a result; 1: one that is fetched. 5 … 2: place of the job. 10 … 6:
    /// digit. 29 … 11: bits 18 … 0 of the step, where bits 5 … 7 are the number that is added.
    word: Signal<Local, Bits<30>>,
    valid_bit: Signal<Local, Bits<30>>,
    to_rows_bit: Signal<Local, Bits<25>>,
    line: ShiftRam<30>,
    word_8: DFF<Bits<30>>,
    word_9: DFF<Bits<30>>,
    word_10: DFF<Bits<30>>,
    word_11: DFF<Bits<30>>,
    last_line: ShiftRam<30>,
    word_16: DFF<Bits<30>>,
    /// Bits 16 … 0: base. 23 … 17: rows. 24: to rows.
    jobs: LutRam<25, 4>,
    job: DFF<Bits<25>>,
    which_coordinate: Signal<Local, Bits<2>>,
    offset: DFF<Bits<17>>,
    address: DFF<Bits<17>>,
    address_line: ShiftRam<17>,
    /// Bits 8 … 0: row. 9: the result goes to rows.
    target: DFF<Bits<10>>,
    target_line: ShiftRam<10>,

    last_index: Constant<Bits<5>>,
    until_written: Constant<Bits<5>>,
    second: Constant<Bits<17>>,
    third: Constant<Bits<17>>,
}

/// Cycles after the last fetched digit until it is written.
const FETCH_WAIT: u64 = 18;

impl Passes {
    /// With the sizes of `config`.
    pub(super) fn new(config: &Config) -> Self {
        let stride = config.stride() as u64;
        Self {
            clock: Default::default(),
            clear: Default::default(),
            take: Default::default(),
            place: Default::default(),
            base: Default::default(),
            rows: Default::default(),
            to_rows: Default::default(),
            pass: Default::default(),
            pass_place: Default::default(),
            pass_step: Default::default(),
            free: Default::default(),
            fetch: Default::default(),
            fetch_place: Default::default(),
            fetch_free: Default::default(),
            fetched: Default::default(),
            fetched_place: Default::default(),
            acknowledge: Default::default(),
            added: Default::default(),
            alpha: Default::default(),
            beta: Default::default(),
            minus: Default::default(),
            first: Default::default(),
            last: Default::default(),
            bucket: Default::default(),
            write_row: Default::default(),
            row: Default::default(),
            digit: Default::default(),
            write_serial: Default::default(),
            serial: Default::default(),
            is_fetched: Default::default(),
            write_bucket: Default::default(),
            bucket_address: Default::default(),
            write_output: Default::default(),
            done: Default::default(),
            done_place: Default::default(),
            active: Default::default(),
            fresh: Default::default(),
            index: Default::default(),
            held_place: Default::default(),
            step: Default::default(),
            ends: Default::default(),
            fetching: Default::default(),
            fetch_job: Default::default(),
            coordinate: Default::default(),
            fetch_index: Default::default(),
            fetch_wait: Default::default(),
            fetch_done: Default::default(),
            word: Default::default(),
            valid_bit: Default::default(),
            to_rows_bit: Default::default(),
            line: ShiftRam::new(7),
            word_8: Default::default(),
            word_9: Default::default(),
            word_10: Default::default(),
            word_11: Default::default(),
            last_line: ShiftRam::new(4),
            word_16: Default::default(),
            jobs: Default::default(),
            job: Default::default(),
            which_coordinate: Default::default(),
            offset: Default::default(),
            address: Default::default(),
            address_line: ShiftRam::new(7),
            target: Default::default(),
            target_line: ShiftRam::new(7),
            last_index: Constant::new((config.digits() as u64 - 1).into()),
            until_written: Constant::new(FETCH_WAIT.into()),
            second: Constant::new(stride.into()),
            third: Constant::new((2 * stride).into()),
        }
    }
}

impl Logic for Passes {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            active,
            fresh,
            index,
            held_place,
            step,
            fetching,
            fetch_job,
            coordinate,
            fetch_index,
            fetch_wait,
            fetch_done,
            word_8,
            word_9,
            word_10,
            word_11,
            job,
            offset,
            address,
            target,
            word_16
        );
        clock!(self, clock, line, last_line, jobs, address_line, target_line);

        // Results.
        self.ends.next = !self.fresh.q.val() & (self.index.q.val() == self.last_index.val());
        self.free.next = !self.active.q.val() | self.ends.val();
        self.fresh.d.next = false;
        if self.active.q.val() & !self.fresh.q.val() {
            self.index.d.next = self.index.q.val() + 1;
            if self.ends.val() {
                self.active.d.next = false;
            }
        }
        if self.pass.val() {
            self.active.d.next = true;
            self.fresh.d.next = true;
            self.index.d.next = 0.into();
            self.held_place.d.next = self.pass_place.val();
            self.step.d.next = self.pass_step.val();
        }

        // Buckets.
        self.fetch_free.next =
            !self.fetching.q.val() & !self.fetch_wait.q.val().any() & !self.fetch_done.q.val();
        if self.fetching.q.val() & !self.active.q.val() {
            self.fetch_index.d.next = self.fetch_index.q.val() + 1;
            if self.fetch_index.q.val() == self.last_index.val() {
                self.fetch_index.d.next = 0.into();
                self.coordinate.d.next = self.coordinate.q.val() + 1;
                if self.coordinate.q.val() == 2 {
                    self.fetching.d.next = false;
                    self.fetch_wait.d.next = self.until_written.val();
                }
            }
        }
        if self.fetch_wait.q.val().any() {
            self.fetch_wait.d.next = self.fetch_wait.q.val() - 1;
            if self.fetch_wait.q.val() == 1 {
                self.fetch_done.d.next = true;
            }
        }
        if self.acknowledge.val() {
            self.fetch_done.d.next = false;
        }
        if self.fetch.val() {
            self.fetching.d.next = true;
            self.fetch_job.d.next = self.fetch_place.val();
            self.coordinate.d.next = 0.into();
            self.fetch_index.d.next = 0.into();
        }
        self.fetched.next = self.fetch_done.q.val();
        self.fetched_place.next = self.fetch_job.q.val();
        if self.clear.val() {
            self.active.d.next = false;
            self.fetching.d.next = false;
            self.fetch_wait.d.next = 0.into();
            self.fetch_done.d.next = false;
        }

        // The digit of this cycle.
        self.valid_bit.next = 1.into();
        if self.fresh.q.val() {
            self.valid_bit.next = 0.into();
        }
        self.word.next = 0.into();
        if self.active.q.val() {
            self.word.next = self.valid_bit.val()
                | (bit_cast::<30, 4>(self.held_place.q.val()) << 2)
                | (bit_cast::<30, 5>(self.index.q.val()) << 6)
                | (bit_cast::<30, 19>(self.step.q.val()) << 11);
        }
        if self.fetching.q.val() & !self.active.q.val() {
            self.word.next = (bit_cast::<30, 4>(self.fetch_job.q.val()) << 2)
                | (bit_cast::<30, 5>(self.fetch_index.q.val()) << 6)
                | (bit_cast::<30, 2>(self.coordinate.q.val()) << 23)
                | 2;
        }
        self.line.d.next = self.word.val();
        self.line.enable.next = true;

        // Stage 7.
        self.word_8.d.next = self.line.q.val();
        self.jobs.write_enable.next = self.take.val();
        self.jobs.write_address.next = self.place.val();
        self.to_rows_bit.next = 0.into();
        if self.to_rows.val() {
            self.to_rows_bit.next = 0x100_0000.into();
        }
        self.jobs.write_data.next = bit_cast::<25, 17>(self.base.val())
            | (bit_cast::<25, 7>(self.rows.val()) << 17)
            | self.to_rows_bit.val();
        self.jobs.read_address.next = self.line.q.val().get_bits::<4>(2);
        self.job.d.next = self.jobs.read_data.val();
        self.which_coordinate.next = self.line.q.val().get_bits::<2>(20);
        if self.line.q.val().get_bit(1) {
            self.which_coordinate.next = self.line.q.val().get_bits::<2>(23);
        }
        self.offset.d.next = bit_cast::<17, 5>(self.line.q.val().get_bits::<5>(6));
        if self.which_coordinate.val() == 1 {
            self.offset.d.next =
                bit_cast::<17, 5>(self.line.q.val().get_bits::<5>(6)) + self.second.val();
        }
        if self.which_coordinate.val() == 2 {
            self.offset.d.next =
                bit_cast::<17, 5>(self.line.q.val().get_bits::<5>(6)) + self.third.val();
        }

        // Stage 8.
        self.word_9.d.next = self.word_8.q.val();
        self.address.d.next = self.job.q.val().get_bits::<17>(0) + self.offset.q.val();
        self.target.d.next = (bit_cast::<10, 3>(self.word_8.q.val().get_bits::<3>(3)) << 2)
            | bit_cast::<10, 2>(self.word_8.q.val().get_bits::<2>(20));
        if self.word_8.q.val().get_bits::<2>(26).any() {
            self.target.d.next = (bit_cast::<10, 8>(self.job.q.val().get_bits::<8>(17)) << 2)
                | bit_cast::<10, 2>(self.word_8.q.val().get_bits::<2>(20));
        }

        // Stage 9.
        self.added.next = (bit_cast::<11, 3>(self.word_9.q.val().get_bits::<3>(3)) << 8)
            | (bit_cast::<11, 3>(self.word_9.q.val().get_bits::<3>(16)) << 5)
            | bit_cast::<11, 5>(self.word_9.q.val().get_bits::<5>(6));
        self.word_10.d.next = self.word_9.q.val();
        self.bucket.next = self.address.q.val();
        self.address_line.d.next = self.address.q.val();
        self.address_line.enable.next = true;
        self.target_line.d.next = self.target.q.val();
        self.target_line.enable.next = true;

        // Stage 10.
        self.word_11.d.next = self.word_10.q.val();

        // Stage 11.
        self.alpha.next = self.word_11.q.val().get_bits::<2>(11);
        self.beta.next = self.word_11.q.val().get_bits::<2>(13);
        self.minus.next = self.word_11.q.val().get_bit(15);
        self.first.next = !self.word_11.q.val().get_bits::<5>(6).any();
        self.last.next = self.word_11.q.val().get_bits::<5>(6) == self.last_index.val();
        self.last_line.d.next = self.word_11.q.val();
        self.last_line.enable.next = true;

        // Stages 15 and 16.
        self.is_fetched.next = self.last_line.q.val().get_bit(1);
        self.word_16.d.next = self.last_line.q.val();
        self.write_row.next = self.word_16.q.val().get_bit(0)
            & (self.word_16.q.val().get_bit(19)
                | self.word_16.q.val().get_bit(27)
                | (self.word_16.q.val().get_bit(26) & self.target_line.q.val().get_bit(9)));
        self.row.next = self.target_line.q.val().get_bits::<9>(0);
        self.digit.next = self.word_16.q.val().get_bits::<5>(6);
        self.write_serial.next = (self.word_16.q.val().get_bit(0)
            & self.word_16.q.val().get_bit(22))
            | self.word_16.q.val().get_bit(1);
        self.serial.next = (bit_cast::<11, 3>(self.word_16.q.val().get_bits::<3>(3)) << 8)
            | (bit_cast::<11, 3>(self.word_16.q.val().get_bits::<3>(23)) << 5)
            | bit_cast::<11, 5>(self.word_16.q.val().get_bits::<5>(6));
        self.write_bucket.next = self.word_16.q.val().get_bit(0)
            & self.word_16.q.val().get_bit(26)
            & !self.target_line.q.val().get_bit(9);
        self.bucket_address.next = self.address_line.q.val();
        self.write_output.next = self.word_16.q.val().get_bit(0) & self.word_16.q.val().get_bit(28);
        self.done.next = self.word_16.q.val().get_bit(0)
            & self.word_16.q.val().get_bit(29)
            & (self.word_16.q.val().get_bits::<5>(6) == self.last_index.val());
        self.done_place.next = self.word_16.q.val().get_bits::<4>(2);
    }
}
