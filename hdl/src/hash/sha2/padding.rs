//! Padding of FIPS 180-4, section 5.1: bytes of messages in, whole blocks out.

use rust_hdl::prelude::*;

/// What the next word of a block is.
#[derive(Copy, Clone, PartialEq, Debug, LogicState)]
pub enum PaddingState {
    /// A word of the message.
    Message,
    /// The one bit that follows a message of whole words.
    Mark,
    /// Zeros, then the length in the last two words of the block.
    Fill,
}

/// Pads messages and gives blocks of 2^`I` big-endian words of 32 bits, one word per cycle.
///
/// The last `LENGTH_WORDS` words of a message's last block are its length in bits: a 64-bit
/// count of which the hardware keeps 61 + 3 bits (messages below 2^61 bytes), with zeros before it
/// if the standard's field is wider.
///
/// After the last word of a block the unit waits for `block_taken`. `block_ready`, `block_first` and
/// `block_last` describe the waiting block; `start` lowers `block_ready`.
#[derive(LogicBlock)]
pub struct Padding<const I: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops the message.
    pub clear: Signal<In, bool>,
    /// A word of a message is there.
    pub in_valid: Signal<In, bool>,
    /// It is taken.
    pub in_ready: Signal<Out, bool>,
    /// Its bytes, the first one in bits 7 … 0.
    pub in_data: Signal<In, Bits<32>>,
    /// Valid bytes of the last word, 0 … 4.
    pub in_bytes: Signal<In, Bits<3>>,
    /// It is the last one.
    pub in_last: Signal<In, bool>,
    /// Word of a block.
    pub word: Signal<Out, Bits<32>>,
    /// `word` is to be taken in this cycle.
    pub push: Signal<Out, bool>,
    /// A whole block was pushed.
    pub block_ready: Signal<Out, bool>,
    /// It is the first of its message.
    pub block_first: Signal<Out, bool>,
    /// It is the last of its message.
    pub block_last: Signal<Out, bool>,
    /// The block is being taken.
    pub start: Signal<In, bool>,
    /// The next block may be pushed.
    pub block_taken: Signal<In, bool>,

    taking: Signal<Local, bool>,
    stepping: Signal<Local, bool>,
    whole: Signal<Local, bool>,
    big_endian: Signal<Local, Bits<32>>,
    partial: Signal<Local, Bits<32>>,
    at_end: Signal<Local, bool>,
    message_end: Signal<Local, bool>,

    mark_limit: Constant<Bits<I>>,
    high_place: Constant<Bits<I>>,
    low_place: Constant<Bits<I>>,
    state: DFF<PaddingState>,
    place: DFF<Bits<I>>,
    fits: DFF<bool>,
    full: DFF<bool>,
    ready: DFF<bool>,
    continued: DFF<bool>,
    first_waiting: DFF<bool>,
    last_waiting: DFF<bool>,
    word_out: DFF<Bits<32>>,
    push_out: DFF<bool>,
    words_low: DFF<Bits<30>>,
    words_high: DFF<Bits<29>>,
    carry: DFF<bool>,
    tail: DFF<Bits<2>>,
}

impl<const I: usize> Padding<I> {
    /// With a length field of this many words.
    pub fn new(length_words: usize) -> Self {
        let words = 1_u64 << I;
        Self {
            clock: Default::default(),
            clear: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_bytes: Default::default(),
            in_last: Default::default(),
            word: Default::default(),
            push: Default::default(),
            block_ready: Default::default(),
            block_first: Default::default(),
            block_last: Default::default(),
            start: Default::default(),
            block_taken: Default::default(),
            taking: Default::default(),
            stepping: Default::default(),
            whole: Default::default(),
            big_endian: Default::default(),
            partial: Default::default(),
            at_end: Default::default(),
            message_end: Default::default(),
            mark_limit: Constant::new((words - length_words as u64).into()),
            high_place: Constant::new((words - 2).into()),
            low_place: Constant::new((words - 1).into()),
            state: Default::default(),
            place: Default::default(),
            fits: Default::default(),
            full: Default::default(),
            ready: Default::default(),
            continued: Default::default(),
            first_waiting: Default::default(),
            last_waiting: Default::default(),
            word_out: Default::default(),
            push_out: Default::default(),
            words_low: Default::default(),
            words_high: Default::default(),
            carry: Default::default(),
            tail: Default::default(),
        }
    }
}

impl<const I: usize> Logic for Padding<I> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            state,
            place,
            fits,
            full,
            ready,
            continued,
            first_waiting,
            last_waiting,
            word_out,
            push_out,
            words_low,
            words_high,
            carry,
            tail
        );
        self.in_ready.next = (self.state.q.val() == PaddingState::Message) & !self.full.q.val();
        self.taking.next = (self.state.q.val() == PaddingState::Message)
            & !self.full.q.val()
            & self.in_valid.val();
        self.stepping.next = !self.full.q.val()
            & ((self.state.q.val() != PaddingState::Message) | self.in_valid.val());
        self.whole.next = !self.in_last.val() | self.in_bytes.val().get_bit(2);
        self.at_end.next = self.place.q.val() == self.low_place.val();
        self.message_end.next = self.stepping.val()
            & (self.state.q.val() == PaddingState::Fill)
            & self.fits.q.val()
            & self.at_end.val();

        self.big_endian.next = (self.in_data.val() << 24)
            | ((self.in_data.val() & 0x0000_FF00) << 8)
            | ((self.in_data.val() >> 8) & 0x0000_FF00)
            | (self.in_data.val() >> 24);
        self.partial.next = bits::<32>(0x80) << 24;
        if self.in_bytes.val() == 1 {
            self.partial.next = ((self.big_endian.val() >> 24) << 24) | 0x0080_0000;
        }
        if self.in_bytes.val() == 2 {
            self.partial.next = ((self.big_endian.val() >> 16) << 16) | 0x0000_8000;
        }
        if self.in_bytes.val() == 3 {
            self.partial.next = ((self.big_endian.val() >> 8) << 8) | 0x0000_0080;
        }

        // The word, and what comes after it.
        self.push_out.d.next = self.stepping.val();
        if self.stepping.val() {
            self.place.d.next = self.place.q.val() + 1;
            match self.state.q.val() {
                PaddingState::Message => {
                    self.fits.d.next =
                        (self.place.q.val() < self.mark_limit.val()) | self.at_end.val();
                    if self.whole.val() {
                        self.word_out.d.next = self.big_endian.val();
                        if self.in_last.val() {
                            self.state.d.next = PaddingState::Mark;
                        }
                    } else {
                        self.word_out.d.next = self.partial.val();
                        self.state.d.next = PaddingState::Fill;
                    }
                }
                PaddingState::Mark => {
                    self.fits.d.next =
                        (self.place.q.val() < self.mark_limit.val()) | self.at_end.val();
                    self.word_out.d.next = bits::<32>(0x80) << 24;
                    self.state.d.next = PaddingState::Fill;
                }
                PaddingState::Fill => {
                    self.word_out.d.next = 0.into();
                    if self.fits.q.val() & (self.place.q.val() == self.high_place.val()) {
                        self.word_out.d.next = (bit_cast::<32, 29>(self.words_high.q.val()) << 3)
                            | bit_cast::<32, 3>(self.words_low.q.val().get_bits::<3>(27));
                    }
                    if self.fits.q.val() & self.at_end.val() {
                        self.word_out.d.next =
                            (bit_cast::<32, 27>(self.words_low.q.val().get_bits::<27>(0)) << 5)
                                | (bit_cast::<32, 2>(self.tail.q.val()) << 3);
                        self.state.d.next = PaddingState::Message;
                    }
                    if self.at_end.val() {
                        self.fits.d.next = true;
                    }
                }
                _ => {
                    self.state.d.next = PaddingState::Message;
                }
            }
        }

        // Bytes of the message: 4 · (words_high, words_low) + tail.
        self.carry.d.next = false;
        if self.taking.val() & self.whole.val() {
            self.words_low.d.next = self.words_low.q.val() + 1;
            self.carry.d.next = self.words_low.q.val().all();
        }
        if self.carry.q.val() {
            self.words_high.d.next = self.words_high.q.val() + 1;
        }
        if self.taking.val() {
            self.tail.d.next = self.in_bytes.val().get_bits::<2>(0);
            if self.whole.val() {
                self.tail.d.next = 0.into();
            }
        }
        if self.message_end.val() | self.clear.val() {
            self.words_low.d.next = 0.into();
            self.words_high.d.next = 0.into();
            self.carry.d.next = false;
        }

        // Blocks. `continued`: the next block is not the first of its message.
        if self.stepping.val() & self.at_end.val() {
            self.full.d.next = true;
            self.ready.d.next = true;
            self.first_waiting.d.next = !self.continued.q.val();
            self.last_waiting.d.next = self.message_end.val();
            self.continued.d.next = !self.message_end.val();
        }
        if self.start.val() {
            self.ready.d.next = false;
        }
        if self.block_taken.val() {
            self.full.d.next = false;
        }

        if self.clear.val() {
            self.state.d.next = PaddingState::Message;
            self.place.d.next = 0.into();
            self.full.d.next = false;
            self.ready.d.next = false;
            self.continued.d.next = false;
            self.push_out.d.next = false;
        }

        self.word.next = self.word_out.q.val();
        self.push.next = self.push_out.q.val();
        self.block_ready.next = self.ready.q.val();
        self.block_first.next = self.first_waiting.q.val();
        self.block_last.next = self.last_waiting.q.val();
    }
}
