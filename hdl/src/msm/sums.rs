//! Sums of windows that go out.

use rust_hdl::prelude::*;

use super::config::Config;
use crate::prim::Fifo;

/// Makes words of 32 bits of digits.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `clear` | in | empty |
/// | `push`, `digit` | in | a digit, the least of a coordinate first |
/// | `empty` | out | nothing is left |
/// | `out_valid`, `out_ready`, `out_data`, `out_last` | out, in, out, out | words, the least of a coordinate first: x, y, z of window 0, of window 1, … |
///
/// There is room for the coordinates of a window.
#[derive(LogicBlock)]
pub(super) struct Sums {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub push: Signal<In, Bit>,
    pub digit: Signal<In, Bits<18>>,
    pub empty: Signal<Out, Bit>,
    pub out_valid: Signal<Out, Bit>,
    pub out_ready: Signal<In, Bit>,
    pub out_data: Signal<Out, Bits<32>>,
    pub out_last: Signal<Out, Bit>,
    digits: Fifo<18>,
    bits: DFF<Bits<17>>,
    left: DFF<Bits<5>>,
    index: DFF<Bits<5>>,
    word: DFF<Bits<32>>,
    filled: DFF<Bits<5>>,
    words: DFF<Bits<4>>,
    full: DFF<Bit>,
    coordinate: DFF<Bits<8>>,
    step: Signal<Local, Bit>,
    wanted: Signal<Local, Bit>,
    last_index: Constant<Bits<5>>,
    coordinate_words: Constant<Bits<4>>,
    coordinates: Constant<Bits<8>>,
}

impl Sums {
    /// Sums of the windows of `config`.
    pub(super) fn new(config: &Config) -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            push: Default::default(),
            digit: Default::default(),
            empty: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            out_last: Default::default(),
            digits: Fifo::new(128),
            bits: Default::default(),
            left: Default::default(),
            index: Default::default(),
            word: Default::default(),
            filled: Default::default(),
            words: Default::default(),
            full: Default::default(),
            coordinate: Default::default(),
            step: Default::default(),
            wanted: Default::default(),
            last_index: Constant::new((config.digits() as u64 - 1).into()),
            coordinate_words: Constant::new((config.coordinate_words() as u64).into()),
            coordinates: Constant::new((3 * config.windows() as u64).into()),
        }
    }
}

impl Logic for Sums {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, bits, left, index, word, filled, words, full, coordinate);
        clock!(self, clock, digits);
        self.digits.reset.next = self.clear.val();
        self.digits.in_valid.next = self.push.val();
        self.digits.in_data.next = self.digit.val();
        self.digits.hold.next = false;
        self.digits.rewind.next = false;

        // What is above the last word of a coordinate is dropped.
        self.wanted.next = self.words.q.val() != self.coordinate_words.val();
        self.digits.out_ready.next = !self.left.q.val().any();
        if self.digits.out_valid.val() & !self.left.q.val().any() {
            self.bits.d.next = self.digits.out_data.val().get_bits::<17>(0);
            self.left.d.next = 17.into();
        }
        self.step.next = self.left.q.val().any() & !self.full.q.val();
        if self.step.val() {
            self.bits.d.next = self.bits.q.val() >> 1;
            self.left.d.next = self.left.q.val() - 1;
            if self.wanted.val() {
                self.word.d.next = self.word.q.val() >> 1;
                if self.bits.q.val().get_bit(0) {
                    self.word.d.next = (self.word.q.val() >> 1) | 0x8000_0000_u64;
                }
                self.filled.d.next = self.filled.q.val() + 1;
                self.full.d.next = self.filled.q.val().all();
            }
            if self.left.q.val() == 1 {
                self.index.d.next = self.index.q.val() + 1;
                if self.index.q.val() == self.last_index.val() {
                    self.index.d.next = 0.into();
                    self.words.d.next = 0.into();
                    self.coordinate.d.next = self.coordinate.q.val() + 1;
                }
            }
        }
        if self.full.q.val() & self.out_ready.val() {
            self.full.d.next = false;
            self.words.d.next = self.words.q.val() + 1;
        }
        self.out_valid.next = self.full.q.val();
        self.out_data.next = self.word.q.val();
        self.out_last.next = (self.words.q.val() + 1 == self.coordinate_words.val())
            & (self.coordinate.q.val() + 1 == self.coordinates.val());
        self.empty.next =
            !self.full.q.val() & !self.left.q.val().any() & !self.digits.out_valid.val();
        if self.clear.val() {
            self.left.d.next = 0.into();
            self.index.d.next = 0.into();
            self.filled.d.next = 0.into();
            self.words.d.next = 0.into();
            self.full.d.next = false;
            self.coordinate.d.next = 0.into();
        }
    }
}
