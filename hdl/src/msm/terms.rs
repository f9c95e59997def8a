//! Terms that come in: digits of points, and signed digits of scalars.

use rust_hdl::prelude::*;

use super::config::Config;
use crate::prim::barrel_array::DIGIT_BITS;

/// Takes terms apart, bit by bit.
///
/// A term is x, y and the scalar, each in words of 32 bits, the least first; x and y are below p,
/// the scalar is below r, or whatever number of the curve's bits of a scalar. `in_last` accompanies
/// the last word of the last term. If x and y are 0 the point is infinity, and the term gives no
/// entries.
///
/// An entry is an addition to a bucket. The signed digit d of window w, by the rule of
/// `docs/msm.md`, gives bucket w·2^(c−1) + |d| − 1; 0 gives none.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `clear` | in | forgets everything |
/// | `in_valid`, `in_ready`, `in_data`, `in_last` | in, out, in, in | words |
/// | `slot` | out | slot of the present term |
/// | `used` | in | it is not free yet |
/// | `claim`, `close` | out | a term begins there; all its entries are out |
/// | `write`, `write_address`, `write_data` | out | a digit of a coordinate: slot, coordinate, digit |
/// | `filled` | out | both coordinates have been written |
/// | `push`, `entry` | out | an entry: bits 11 … 0 bucket, 12 sign, 15 … 13 slot |
/// | `room` | in | there are places for four |
/// | `finished` | out | the last term has been closed |
///
/// A term takes a cycle for each bit.
#[derive(LogicBlock)]
pub(super) struct Terms {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub in_valid: Signal<In, Bit>,
    pub in_ready: Signal<Out, Bit>,
    pub in_data: Signal<In, Bits<32>>,
    pub in_last: Signal<In, Bit>,
    pub slot: Signal<Out, Bits<3>>,
    pub used: Signal<In, Bit>,
    pub claim: Signal<Out, Bit>,
    pub close: Signal<Out, Bit>,
    pub write: Signal<Out, Bit>,
    pub write_address: Signal<Out, Bits<9>>,
    pub write_data: Signal<Out, Bits<18>>,
    pub filled: Signal<Out, Bit>,
    pub push: Signal<Out, Bit>,
    pub entry: Signal<Out, Bits<16>>,
    pub room: Signal<In, Bit>,
    pub finished: Signal<Out, Bit>,

    /// 0 x, 1 y, 2 scalar, 3 its last entries.
    part: DFF<Bits<2>>,
    words: DFF<Bits<4>>,
    word: DFF<Bits<32>>,
    left: DFF<Bits<6>>,
    begun: DFF<Bit>,
    is_last: DFF<Bit>,
    is_finished: DFF<Bit>,
    slot_number: DFF<Bits<3>>,
    value: DFF<Bits<17>>,
    mask: DFF<Bits<17>>,
    digit: DFF<Bits<5>>,
    some: DFF<Bit>,
    drain: DFF<Bits<3>>,
    takes: Signal<Local, Bit>,
    step: Signal<Local, Bit>,
    top: Signal<Local, Bits<17>>,
    with_bit: Signal<Local, Bits<17>>,
    complete: Signal<Local, Bit>,

    write_out: DFF<Bit>,
    address_out: DFF<Bits<9>>,
    data_out: DFF<Bits<18>>,
    filled_out: DFF<Bit>,
    window: DFF<Bit>,
    window_value: DFF<Bits<13>>,
    carry: DFF<Bit>,
    base: DFF<Bits<12>>,
    whole: Signal<Local, Bits<13>>,
    negative: Signal<Local, Bit>,
    evaluated: DFF<Bit>,
    magnitude: DFF<Bits<13>>,
    magnitude_base: DFF<Bits<12>>,
    magnitude_sign: DFF<Bit>,
    push_out: DFF<Bit>,
    entry_out: DFF<Bits<16>>,

    coordinate_words: Constant<Bits<4>>,
    scalar_words: Constant<Bits<4>>,
    digit_top: Constant<Bits<17>>,
    window_top: Constant<Bits<17>>,
    half: Constant<Bits<13>>,
    full: Constant<Bits<13>>,
}

impl Terms {
    /// Terms of the curve and with the windows of `config`, with so many words of a scalar: at
    /// least a bit more than scalars have, so that there is a last window for the carry.
    pub(super) fn new(config: &Config, scalar_words: usize) -> Self {
        let half = config.buckets() as u64;
        Self {
            clock: Default::default(),
            clear: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_last: Default::default(),
            slot: Default::default(),
            used: Default::default(),
            claim: Default::default(),
            close: Default::default(),
            write: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            filled: Default::default(),
            push: Default::default(),
            entry: Default::default(),
            room: Default::default(),
            finished: Default::default(),
            part: Default::default(),
            words: Default::default(),
            word: Default::default(),
            left: Default::default(),
            begun: Default::default(),
            is_last: Default::default(),
            is_finished: Default::default(),
            slot_number: Default::default(),
            value: Default::default(),
            mask: Default::default(),
            digit: Default::default(),
            some: Default::default(),
            drain: Default::default(),
            takes: Default::default(),
            step: Default::default(),
            top: Default::default(),
            with_bit: Default::default(),
            complete: Default::default(),
            write_out: Default::default(),
            address_out: Default::default(),
            data_out: Default::default(),
            filled_out: Default::default(),
            window: Default::default(),
            window_value: Default::default(),
            carry: Default::default(),
            base: Default::default(),
            whole: Default::default(),
            negative: Default::default(),
            evaluated: Default::default(),
            magnitude: Default::default(),
            magnitude_base: Default::default(),
            magnitude_sign: Default::default(),
            push_out: Default::default(),
            entry_out: Default::default(),
            coordinate_words: Constant::new((config.coordinate_words() as u64).into()),
            scalar_words: Constant::new((scalar_words as u64).into()),
            digit_top: Constant::new((1_u64 << (DIGIT_BITS - 1)).into()),
            window_top: Constant::new(half.into()),
            half: Constant::new(half.into()),
            full: Constant::new((2 * half).into()),
        }
    }
}

impl Logic for Terms {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            part,
            words,
            word,
            left,
            begun,
            is_last,
            is_finished,
            slot_number,
            value,
            mask,
            digit,
            some,
            drain,
            write_out,
            address_out,
            data_out,
            filled_out,
            window,
            window_value,
            carry,
            base,
            evaluated,
            magnitude,
            magnitude_base,
            magnitude_sign,
            push_out,
            entry_out
        );

        // Words.
        self.in_ready.next = !self.left.q.val().any()
            & !self.part.q.val().all()
            & !self.is_finished.q.val()
            & (self.begun.q.val() | !self.used.val());
        self.takes.next = self.in_ready.val() & self.in_valid.val();
        self.claim.next = self.takes.val() & !self.begun.q.val();
        if self.takes.val() {
            self.word.d.next = self.in_data.val();
            self.left.d.next = 32.into();
            self.is_last.d.next = self.in_last.val();
            self.begun.d.next = true;
            if !self.begun.q.val() {
                self.words.d.next = self.coordinate_words.val();
                self.value.d.next = 0.into();
                self.mask.d.next = 1.into();
                self.digit.d.next = 0.into();
                self.some.d.next = false;
                self.carry.d.next = false;
                self.base.d.next = 0.into();
            }
        }

        // Bits.
        self.step.next =
            self.left.q.val().any() & (!self.part.q.val().get_bit(1) | self.room.val());
        self.top.next = self.digit_top.val();
        if self.part.q.val().get_bit(1) {
            self.top.next = self.window_top.val();
        }
        self.with_bit.next = self.value.q.val();
        if self.word.q.val().get_bit(0) {
            self.with_bit.next = self.value.q.val() | self.mask.q.val();
        }
        self.complete.next = (self.mask.q.val() == self.top.val())
            | ((self.left.q.val() == 1) & (self.words.q.val() == 1));
        self.write_out.d.next = false;
        self.filled_out.d.next = false;
        self.window.d.next = false;
        self.address_out.d.next = (bit_cast::<9, 3>(self.slot_number.q.val()) << 6)
            | (bit_cast::<9, 1>(self.part.q.val().get_bits::<1>(0)) << 5)
            | bit_cast::<9, 5>(self.digit.q.val());
        self.data_out.d.next = bit_cast::<18, 17>(self.with_bit.val());
        self.window_value.d.next = self.with_bit.val().get_bits::<13>(0);
        if self.step.val() {
            self.word.d.next = self.word.q.val() >> 1;
            self.left.d.next = self.left.q.val() - 1;
            self.value.d.next = self.with_bit.val();
            self.mask.d.next = self.mask.q.val() << 1;
            if self.word.q.val().get_bit(0) & !self.part.q.val().get_bit(1) {
                self.some.d.next = true;
            }
            if self.complete.val() {
                self.value.d.next = 0.into();
                self.mask.d.next = 1.into();
                self.digit.d.next = self.digit.q.val() + 1;
                self.write_out.d.next = !self.part.q.val().get_bit(1);
                self.window.d.next = self.part.q.val().get_bit(1);
            }
            if self.left.q.val() == 1 {
                self.words.d.next = self.words.q.val() - 1;
                if self.words.q.val() == 1 {
                    self.part.d.next = self.part.q.val() + 1;
                    self.digit.d.next = 0.into();
                    self.words.d.next = self.coordinate_words.val();
                    if self.part.q.val().get_bit(0) {
                        self.words.d.next = self.scalar_words.val();
                        self.filled_out.d.next = true;
                    }
                    self.drain.d.next = 0.into();
                }
            }
        }

        // Entries: first the signed digit, then the bucket.
        self.whole.next = self.window_value.q.val();
        if self.carry.q.val() {
            self.whole.next = self.window_value.q.val() + 1;
        }
        self.negative.next = self.whole.val() > self.half.val();
        self.evaluated.d.next = self.window.q.val();
        self.magnitude.d.next = self.whole.val();
        self.magnitude_sign.d.next = self.negative.val();
        if self.negative.val() {
            self.magnitude.d.next = self.full.val() - self.whole.val();
        }
        self.magnitude_base.d.next = self.base.q.val();
        if self.window.q.val() {
            self.carry.d.next = self.negative.val();
            self.base.d.next = self.base.q.val() + self.half.val().get_bits::<12>(0);
        }
        self.push_out.d.next =
            self.evaluated.q.val() & self.magnitude.q.val().any() & self.some.q.val();
        self.entry_out.d.next = bit_cast::<16, 12>(
            self.magnitude_base.q.val() + self.magnitude.q.val().get_bits::<12>(0) - 1,
        ) | (bit_cast::<16, 3>(self.slot_number.q.val()) << 13);
        if self.magnitude_sign.q.val() {
            self.entry_out.d.next = bit_cast::<16, 12>(
                self.magnitude_base.q.val() + self.magnitude.q.val().get_bits::<12>(0) - 1,
            ) | (bit_cast::<16, 3>(self.slot_number.q.val()) << 13)
                | 0x1000;
        }

        // The end of a term, when its last entry is out.
        self.close.next = false;
        if self.part.q.val().all() {
            self.drain.d.next = self.drain.q.val() + 1;
            if self.drain.q.val().all() {
                self.close.next = true;
                self.part.d.next = 0.into();
                self.begun.d.next = false;
                self.slot_number.d.next = self.slot_number.q.val() + 1;
                self.is_finished.d.next = self.is_last.q.val();
            }
        }
        if self.clear.val() {
            self.part.d.next = 0.into();
            self.left.d.next = 0.into();
            self.begun.d.next = false;
            self.is_finished.d.next = false;
            self.slot_number.d.next = 0.into();
            self.window.d.next = false;
            self.evaluated.d.next = false;
            self.push_out.d.next = false;
            self.write_out.d.next = false;
            self.filled_out.d.next = false;
            self.in_ready.next = false;
        }

        self.slot.next = self.slot_number.q.val();
        self.write.next = self.write_out.q.val();
        self.write_address.next = self.address_out.q.val();
        self.write_data.next = self.data_out.q.val();
        self.filled.next = self.filled_out.q.val();
        self.push.next = self.push_out.q.val();
        self.entry.next = self.entry_out.q.val();
        self.finished.next = self.is_finished.q.val();
    }
}
