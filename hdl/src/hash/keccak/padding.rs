//! Padding of FIPS 202, sections 5.1 and 6.1: bytes of messages in, whole blocks out.

use chaincard_reference::params::keccak::PADDING_END;
use rust_hdl::prelude::*;

/// What the next word of a block is.
#[derive(Copy, Clone, PartialEq, Debug, LogicState)]
pub enum PaddingState {
    /// A word of the message.
    Message,
    /// The domain byte that follows a message of whole words.
    Mark,
    /// Zeros up to the end of the block.
    Fill,
}

/// Pads messages and gives blocks of 17 words of 64 bits, one word per cycle.
///
/// After the last word of a block the unit waits for `go_on`. `block_ready` is high in the cycle
/// in which the last word of a block is pushed.
#[derive(LogicBlock)]
pub struct Padding {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops the message.
    pub clear: Signal<In, bool>,
    /// A word of a message is there.
    pub in_valid: Signal<In, bool>,
    /// It is taken.
    pub in_ready: Signal<Out, bool>,
    /// Its first four bytes, the first one in bits 7 … 0.
    pub in_data: Signal<In, Bits<32>>,
    /// Its last four bytes.
    pub in_data_high: Signal<In, Bits<32>>,
    /// Valid bytes of the last word, 0 … 8.
    pub in_bytes: Signal<In, Bits<4>>,
    /// It is the last one.
    pub in_last: Signal<In, bool>,
    /// Domain byte, with the last word.
    pub in_suffix: Signal<In, Bits<8>>,
    /// First half of a word of a block.
    pub low: Signal<Out, Bits<32>>,
    /// Second half.
    pub high: Signal<Out, Bits<32>>,
    /// Its place in the block.
    pub index: Signal<Out, Bits<5>>,
    /// The word is to be taken in this cycle.
    pub push: Signal<Out, bool>,
    /// It is the last of a block.
    pub block_ready: Signal<Out, bool>,
    /// That block is the last of its message.
    pub block_last: Signal<Out, bool>,
    /// The next block may be pushed.
    pub go_on: Signal<In, bool>,

    stepping: Signal<Local, bool>,
    whole: Signal<Local, bool>,
    at_end: Signal<Local, bool>,
    ending: Signal<Local, bool>,
    high_word: Signal<Local, Bits<32>>,
    suffix: Signal<Local, Bits<32>>,
    keep_low: Signal<Local, Bits<32>>,
    mark_low: Signal<Local, Bits<32>>,
    keep_high: Signal<Local, Bits<32>>,
    mark_high: Signal<Local, Bits<32>>,
    closing: Constant<Bits<32>>,

    state: DFF<PaddingState>,
    place: DFF<Bits<5>>,
    full: DFF<bool>,
    domain: DFF<Bits<8>>,
    low_out: DFF<Bits<32>>,
    high_out: DFF<Bits<32>>,
    index_out: DFF<Bits<5>>,
    push_out: DFF<bool>,
    ready_out: DFF<bool>,
    last_out: DFF<bool>,
}

impl Default for Padding {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_data_high: Default::default(),
            in_bytes: Default::default(),
            in_last: Default::default(),
            in_suffix: Default::default(),
            low: Default::default(),
            high: Default::default(),
            index: Default::default(),
            push: Default::default(),
            block_ready: Default::default(),
            block_last: Default::default(),
            go_on: Default::default(),
            stepping: Default::default(),
            whole: Default::default(),
            at_end: Default::default(),
            ending: Default::default(),
            high_word: Default::default(),
            suffix: Default::default(),
            keep_low: Default::default(),
            mark_low: Default::default(),
            keep_high: Default::default(),
            mark_high: Default::default(),
            closing: Constant::new((u64::from(PADDING_END) << 24).into()),
            state: Default::default(),
            place: Default::default(),
            full: Default::default(),
            domain: Default::default(),
            low_out: Default::default(),
            high_out: Default::default(),
            index_out: Default::default(),
            push_out: Default::default(),
            ready_out: Default::default(),
            last_out: Default::default(),
        }
    }
}

impl Logic for Padding {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self, clock, state, place, full, domain, low_out, high_out, index_out, push_out,
            ready_out, last_out
        );
        self.in_ready.next = (self.state.q.val() == PaddingState::Message) & !self.full.q.val();
        self.stepping.next = !self.full.q.val()
            & ((self.state.q.val() != PaddingState::Message) | self.in_valid.val());
        self.whole.next = !self.in_last.val() | self.in_bytes.val().get_bit(3);
        self.at_end.next = self.place.q.val() == 16;

        // Masks of the bytes that belong to the message, and of the byte after them.
        self.keep_low.next = bits::<32>(0xFFFF_FFFF_u64);
        self.mark_low.next = 0.into();
        self.keep_high.next = bits::<32>(0xFFFF_FFFF_u64);
        self.mark_high.next = 0.into();
        if !self.whole.val() {
            self.keep_high.next = 0.into();
            match self.in_bytes.val().index() {
                0 => {
                    self.keep_low.next = 0.into();
                    self.mark_low.next = bits::<32>(0x0000_00FF_u64);
                }
                1 => {
                    self.keep_low.next = bits::<32>(0x0000_00FF_u64);
                    self.mark_low.next = bits::<32>(0x0000_FF00_u64);
                }
                2 => {
                    self.keep_low.next = bits::<32>(0x0000_FFFF_u64);
                    self.mark_low.next = bits::<32>(0x00FF_0000_u64);
                }
                3 => {
                    self.keep_low.next = bits::<32>(0x00FF_FFFF_u64);
                    self.mark_low.next = bits::<32>(0xFF00_0000_u64);
                }
                4 => {
                    self.mark_high.next = bits::<32>(0x0000_00FF_u64);
                }
                5 => {
                    self.keep_high.next = bits::<32>(0x0000_00FF_u64);
                    self.mark_high.next = bits::<32>(0x0000_FF00_u64);
                }
                6 => {
                    self.keep_high.next = bits::<32>(0x0000_FFFF_u64);
                    self.mark_high.next = bits::<32>(0x00FF_0000_u64);
                }
                _ => {
                    self.keep_high.next = bits::<32>(0x00FF_FFFF_u64);
                    self.mark_high.next = bits::<32>(0xFF00_0000_u64);
                }
            }
        }
        self.suffix.next = bit_cast::<32, 8>(self.in_suffix.val())
            | (bit_cast::<32, 8>(self.in_suffix.val()) << 8)
            | (bit_cast::<32, 8>(self.in_suffix.val()) << 16)
            | (bit_cast::<32, 8>(self.in_suffix.val()) << 24);

        // The word, and what comes after it.
        self.push_out.d.next = self.stepping.val();
        self.ready_out.d.next = self.stepping.val() & self.at_end.val();
        self.ending.next = false;
        self.high_word.next = self.high_out.q.val();
        if self.stepping.val() {
            self.index_out.d.next = self.place.q.val();
            self.place.d.next = self.place.q.val() + 1;
            match self.state.q.val() {
                PaddingState::Message => {
                    self.low_out.d.next = (self.in_data.val() & self.keep_low.val())
                        | (self.suffix.val() & self.mark_low.val());
                    self.high_word.next = (self.in_data_high.val() & self.keep_high.val())
                        | (self.suffix.val() & self.mark_high.val());
                    self.domain.d.next = self.in_suffix.val();
                    if self.in_last.val() & self.whole.val() {
                        self.state.d.next = PaddingState::Mark;
                    }
                    if !self.whole.val() {
                        self.state.d.next = PaddingState::Fill;
                        self.ending.next = true;
                    }
                }
                PaddingState::Mark => {
                    self.low_out.d.next = bit_cast::<32, 8>(self.domain.q.val());
                    self.high_word.next = 0.into();
                    self.state.d.next = PaddingState::Fill;
                    self.ending.next = true;
                }
                PaddingState::Fill => {
                    self.low_out.d.next = 0.into();
                    self.high_word.next = 0.into();
                    self.ending.next = true;
                }
                _ => {
                    self.state.d.next = PaddingState::Message;
                }
            }
            self.high_out.d.next = self.high_word.val();
            if self.at_end.val() {
                self.place.d.next = 0.into();
                self.full.d.next = true;
                self.last_out.d.next = self.ending.val();
                if self.ending.val() {
                    self.high_out.d.next = self.high_word.val() | self.closing.val();
                    self.state.d.next = PaddingState::Message;
                }
            }
        }
        if self.go_on.val() {
            self.full.d.next = false;
        }
        if self.clear.val() {
            self.state.d.next = PaddingState::Message;
            self.place.d.next = 0.into();
            self.full.d.next = false;
            self.push_out.d.next = false;
            self.ready_out.d.next = false;
        }

        self.low.next = self.low_out.q.val();
        self.high.next = self.high_out.q.val();
        self.index.next = self.index_out.q.val();
        self.push.next = self.push_out.q.val();
        self.block_ready.next = self.ready_out.q.val();
        self.block_last.next = self.last_out.q.val();
    }
}
