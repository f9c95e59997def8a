//! Signed digits of scalars: recoding, and the lists from which a program takes them.
//!
//! A scalar becomes its width-w non-adjacent form (Hankerson, Menezes, Vanstone, "Guide to
//! Elliptic Curve Cryptography", algorithm 3.35): odd digits |d| < 2^(w−1), of w neighbouring
//! ones at most one not zero. Digits come from the lowest position upwards, 1 bit per cycle, and
//! are needed from the highest downwards, so each list is a stack.
//!
//! Negative scalars need no care: a sign extension of ones with the pending carry adds up to
//! zeros.
//!
//! | mode | bits taken |
//! | --- | --- |
//! | 0 `LOW` | 127 … 0, unsigned |
//! | 1 `HIGH` | 255 … 128, unsigned |
//! | 2 `FULL` | all, signed |
//!
//! Recoding takes 16 cycles to load and 268 (`FULL`) or 140 to recode. A thread has 128 places;
//! list j begins at place 32 j, so that one `FULL` list of width 5 (at most 53 digits) takes the
//! places of two lists.
//!
//! | port | direction | width | meaning |
//! | --- | --- | --- | --- |
//! | `start` | in | 1 | digit 0 is there (with `thread`, `list`, `mode`); digits 1 … 15 follow in the next 15 cycles |
//! | `digit` | in | 18 | digit of a `Lazy` number |
//! | `thread`, `list`, `mode` | in | 3, 2, 2 | sampled with `start`; lists 0 and 1 have width 8, 2 and 3 width 5 |
//! | `busy`, `busy_thread` | out | 1, 3 | high from the cycle after `start` until the list is complete; whose it is |
//! | `query`, `query_thread`, `query_list`, `query_position` | in | 1, 3, 2, 9 | asks for the digit at a position, which is taken away; not in the [`QUERY_LATENCY`](Self::QUERY_LATENCY) cycles after another query, nor with `empty` |
//! | `hit`, `sign`, `index` | out | 1, 1, 6 | [`QUERY_LATENCY`](Self::QUERY_LATENCY) cycles after `query`, for one cycle: there is a digit, d < 0, (\|d\| − 1)/2 |
//! | `empty`, `query_thread` | in | 1, 3 | empties the four lists of a thread in the next 4 cycles |

use rust_hdl::prelude::*;

use crate::prim::{LutRam, SyncRam};

/// What the recoder does.
#[derive(Copy, Clone, PartialEq, Debug, LogicState)]
enum NafState {
    Idle,
    Load,
    Fill,
    Recode,
    Store,
}

/// The unit.
#[derive(LogicBlock)]
pub struct NafUnit {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Ends whatever is being done; lists are unspecified.
    pub clear: Signal<In, Bit>,
    /// Digit 0 is there.
    pub start: Signal<In, Bit>,
    /// Digit of the scalar.
    pub digit: Signal<In, Bits<18>>,
    /// Whose list.
    pub thread: Signal<In, Bits<3>>,
    /// Which list.
    pub list: Signal<In, Bits<2>>,
    /// Which bits.
    pub mode: Signal<In, Bits<2>>,
    /// Recoding.
    pub busy: Signal<Out, Bit>,
    /// Whose list is being made.
    pub busy_thread: Signal<Out, Bits<3>>,
    /// Asks for a digit.
    pub query: Signal<In, Bit>,
    /// Of this thread; also for `empty`.
    pub query_thread: Signal<In, Bits<3>>,
    /// Of this list.
    pub query_list: Signal<In, Bits<2>>,
    /// At this position.
    pub query_position: Signal<In, Bits<9>>,
    /// There is one.
    pub hit: Signal<Out, Bit>,
    /// It is negative.
    pub sign: Signal<Out, Bit>,
    /// (|d| − 1)/2.
    pub index: Signal<Out, Bits<6>>,
    /// Empties the lists of a thread.
    pub empty: Signal<In, Bit>,

    state: DFF<NafState>,
    count: DFF<Bits<9>>,
    scalar: LutRam<18, 4>,
    counts: LutRam<7, 5>,
    lists: SyncRam<18>,
    owner: DFF<Bits<3>>,
    which: DFF<Bits<2>>,
    how: DFF<Bits<2>>,
    /// Bits from the present position upwards.
    window: DFF<Bits<8>>,
    word: DFF<Bits<18>>,
    extension: DFF<Bit>,
    carry: DFF<Bit>,
    skip: DFF<Bits<3>>,
    made: DFF<Bits<7>>,
    push: DFF<Bit>,
    pushed: DFF<Bits<18>>,
    push_address: DFF<Bits<10>>,
    ask_1: DFF<Bit>,
    ask_2: DFF<Bit>,
    ask_3: DFF<Bit>,
    ask_list: DFF<Bits<5>>,
    ask_position: DFF<Bits<9>>,
    ask_count: DFF<Bits<7>>,
    found: DFF<Bits<18>>,
    emptying: DFF<Bits<3>>,
    empty_thread: DFF<Bits<3>>,
    hit_q: DFF<Bit>,

    next_bit: Signal<Local, Bit>,
    wide: Signal<Local, Bit>,
    negative: Signal<Local, Bit>,
    magnitude: Signal<Local, Bits<6>>,
    taken: Signal<Local, Bit>,
    bit_index: Signal<Local, Bits<9>>,
    last_bit: Signal<Local, Bits<9>>,
    top_word: Signal<Local, Bit>,
    hits: Signal<Local, Bit>,
    /// Position of `window`'s lowest bit.
    position: DFF<Bits<9>>,
    beyond: Signal<Local, Bit>,
}

impl NafUnit {
    /// Cycles from `query` to `hit`.
    pub const QUERY_LATENCY: u32 = 4;
}

impl Default for NafUnit {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            start: Default::default(),
            digit: Default::default(),
            thread: Default::default(),
            list: Default::default(),
            mode: Default::default(),
            busy: Default::default(),
            busy_thread: Default::default(),
            query: Default::default(),
            query_thread: Default::default(),
            query_list: Default::default(),
            query_position: Default::default(),
            hit: Default::default(),
            sign: Default::default(),
            index: Default::default(),
            empty: Default::default(),
            state: Default::default(),
            count: Default::default(),
            scalar: Default::default(),
            counts: Default::default(),
            lists: SyncRam::new(1024),
            owner: Default::default(),
            which: Default::default(),
            how: Default::default(),
            window: Default::default(),
            word: Default::default(),
            extension: Default::default(),
            carry: Default::default(),
            skip: Default::default(),
            made: Default::default(),
            push: Default::default(),
            pushed: Default::default(),
            push_address: Default::default(),
            ask_1: Default::default(),
            ask_2: Default::default(),
            ask_3: Default::default(),
            ask_list: Default::default(),
            ask_position: Default::default(),
            ask_count: Default::default(),
            found: Default::default(),
            emptying: Default::default(),
            empty_thread: Default::default(),
            hit_q: Default::default(),
            next_bit: Default::default(),
            wide: Default::default(),
            negative: Default::default(),
            magnitude: Default::default(),
            taken: Default::default(),
            bit_index: Default::default(),
            last_bit: Default::default(),
            top_word: Default::default(),
            hits: Default::default(),
            position: Default::default(),
            beyond: Default::default(),
        }
    }
}

impl Logic for NafUnit {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            state,
            count,
            owner,
            which,
            how,
            window,
            word,
            extension,
            carry,
            skip,
            made,
            push,
            pushed,
            push_address,
            ask_1,
            ask_2,
            ask_3,
            ask_list,
            ask_position,
            ask_count,
            found,
            emptying,
            empty_thread,
            hit_q,
            position
        );
        clock!(self, clock, scalar, counts, lists);
        self.busy.next = self.state.q.val() != NafState::Idle;
        self.busy_thread.next = self.owner.q.val();
        self.wide.next = !self.which.q.val().get_bit(1);

        // Bit `count` of the scalar comes into the window in each cycle of Fill and Recode.
        // Words are read one cycle ahead; past the end come zeros or the sign.
        self.scalar.write_enable.next = false;
        self.scalar.write_address.next = self.count.q.val().get_bits::<4>(0);
        self.scalar.write_data.next = self.digit.val();
        self.bit_index.next = self.count.q.val() + 1;
        self.scalar.read_address.next = self.bit_index.val().get_bits::<4>(4);
        if self.how.q.val() == 1 {
            self.scalar.read_address.next = self.bit_index.val().get_bits::<4>(4) | 8;
        }
        self.last_bit.next = 128.into();
        if self.how.q.val() == 2 {
            self.last_bit.next = 256.into();
        }
        self.beyond.next = self.count.q.val() >= self.last_bit.val();
        self.next_bit.next = self.word.q.val().get_bit(0);
        // The signed top digit of 18 bits: its upper two bits follow bit 255.
        self.top_word.next =
            (self.how.q.val() == 2) & ((self.count.q.val() == 256) | (self.count.q.val() == 257));
        if self.beyond.val() & !self.top_word.val() {
            self.next_bit.next = self.extension.q.val();
        }

        // The digit at the present position.
        self.taken.next =
            (self.skip.q.val() == 0) & (self.window.q.val().get_bit(0) ^ self.carry.q.val());
        self.negative.next = self.window.q.val().get_bit(4);
        self.magnitude.next = bit_cast::<6, 3>(self.window.q.val().get_bits::<3>(1));
        if self.window.q.val().get_bit(4) {
            self.magnitude.next = bit_cast::<6, 3>(self.window.q.val().get_bits::<3>(1) ^ 7);
        }
        if self.wide.val() {
            self.negative.next = self.window.q.val().get_bit(7);
            self.magnitude.next = self.window.q.val().get_bits::<6>(1);
            if self.window.q.val().get_bit(7) {
                self.magnitude.next = self.window.q.val().get_bits::<6>(1) ^ 0x3F;
            }
        }
        self.push.d.next = false;
        self.pushed.d.next = (bit_cast::<18, 6>(self.magnitude.val()) << 9)
            | bit_cast::<18, 9>(self.position.q.val());
        if self.negative.val() {
            self.pushed.d.next = (bit_cast::<18, 6>(self.magnitude.val()) << 9)
                | bit_cast::<18, 9>(self.position.q.val())
                | 0x8000;
        }
        self.push_address.d.next = ((bit_cast::<10, 3>(self.owner.q.val()) << 7)
            | (bit_cast::<10, 2>(self.which.q.val()) << 5))
            + bit_cast::<10, 7>(self.made.q.val());

        // Queries: count, list entry, comparison, new count.
        self.counts.read_address.next = (bit_cast::<5, 3>(self.query_thread.val()) << 2)
            | bit_cast::<5, 2>(self.query_list.val());
        self.ask_1.d.next = self.query.val();
        self.ask_2.d.next = self.ask_1.q.val();
        self.ask_3.d.next = self.ask_2.q.val();
        if self.query.val() {
            self.ask_list.d.next = (bit_cast::<5, 3>(self.query_thread.val()) << 2)
                | bit_cast::<5, 2>(self.query_list.val());
            self.ask_position.d.next = self.query_position.val();
            self.ask_count.d.next = self.counts.read_data.val();
        }
        if self.ask_1.q.val() {
            self.ask_count.d.next = self.ask_count.q.val() - 1;
        }
        self.lists.read_address.next = bit_cast::<16, 10>(
            (bit_cast::<10, 5>(self.ask_list.q.val()) << 5)
                + bit_cast::<10, 7>(self.ask_count.q.val() - 1),
        );
        if self.ask_2.q.val() {
            self.found.d.next = self.lists.read_data.val();
        }
        self.hits.next = self.ask_3.q.val()
            & !self.ask_count.q.val().all()
            & (self.found.q.val().get_bits::<9>(0) == self.ask_position.q.val());
        self.hit_q.d.next = self.hits.val();
        self.hit.next = self.hit_q.q.val();
        self.sign.next = self.found.q.val().get_bit(15);
        self.index.next = self.found.q.val().get_bits::<6>(9);

        // One write to the counts at a time: queries first, then emptying, then a new list.
        self.counts.write_enable.next = false;
        self.counts.write_address.next = self.ask_list.q.val();
        self.counts.write_data.next = self.ask_count.q.val();
        if self.empty.val() {
            self.emptying.d.next = 4.into();
            self.empty_thread.d.next = self.query_thread.val();
        }

        match self.state.q.val() {
            NafState::Idle => {
                self.count.d.next = 0.into();
                self.owner.d.next = self.thread.val();
                self.which.d.next = self.list.val();
                self.how.d.next = self.mode.val();
                if self.start.val() {
                    self.scalar.write_enable.next = true;
                    self.count.d.next = 1.into();
                    self.state.d.next = NafState::Load;
                }
            }
            NafState::Load => {
                self.scalar.write_enable.next = true;
                self.count.d.next = self.count.q.val() + 1;
                self.made.d.next = 0.into();
                self.carry.d.next = false;
                self.skip.d.next = 0.into();
                self.position.d.next = 0.into();
                self.extension.d.next = false;
                if self.count.q.val() == 15 {
                    self.extension.d.next = self.digit.val().get_bit(17) & (self.how.q.val() == 2);
                    // One before bit 0, whose word is read now.
                    self.count.d.next = 0x1FF.into();
                    self.state.d.next = NafState::Fill;
                }
            }
            NafState::Fill => {
                self.count.d.next = self.count.q.val() + 1;
                if self.count.q.val() == 7 {
                    self.state.d.next = NafState::Recode;
                }
            }
            NafState::Recode => {
                self.count.d.next = self.count.q.val() + 1;
                self.position.d.next = self.position.q.val() + 1;
                if self.skip.q.val() != 0 {
                    self.skip.d.next = self.skip.q.val() - 1;
                }
                if self.taken.val() {
                    self.carry.d.next = self.negative.val();
                    self.skip.d.next = 4.into();
                    if self.wide.val() {
                        self.skip.d.next = 7.into();
                    }
                    self.push.d.next = true;
                    self.made.d.next = self.made.q.val() + 1;
                }
                if self.position.q.val() == (self.last_bit.val() + 4) {
                    self.state.d.next = NafState::Store;
                }
            }
            NafState::Store => {
                self.count.d.next = 0.into();
                if !self.hits.val() & (self.emptying.q.val() == 0) {
                    self.counts.write_enable.next = true;
                    self.counts.write_address.next = (bit_cast::<5, 3>(self.owner.q.val()) << 2)
                        | bit_cast::<5, 2>(self.which.q.val());
                    self.counts.write_data.next = self.made.q.val();
                    self.state.d.next = NafState::Idle;
                }
            }
            _ => {
                self.state.d.next = NafState::Idle;
            }
        }
        if (self.state.q.val() == NafState::Fill) | (self.state.q.val() == NafState::Recode) {
            self.window.d.next = self.window.q.val() >> 1;
            if self.next_bit.val() {
                self.window.d.next = (self.window.q.val() >> 1) | 0x80;
            }
            // Two more bits of the top digit stay where they are.
            self.word.d.next = self.word.q.val() >> 1;
            if (self.bit_index.val().get_bits::<4>(0) == 0) & (self.bit_index.val() < 256) {
                self.word.d.next = self.scalar.read_data.val();
            }
        }
        if self.hits.val() {
            self.counts.write_enable.next = true;
        } else if self.emptying.q.val() != 0 {
            self.emptying.d.next = self.emptying.q.val() - 1;
            self.counts.write_enable.next = true;
            self.counts.write_address.next = (bit_cast::<5, 3>(self.empty_thread.q.val()) << 2)
                | bit_cast::<5, 2>(self.emptying.q.val().get_bits::<2>(0));
            self.counts.write_data.next = 0.into();
        }
        self.lists.write.next = self.push.q.val();
        self.lists.write_address.next = bit_cast::<16, 10>(self.push_address.q.val());
        self.lists.write_data.next = self.pushed.q.val();
        if self.clear.val() {
            self.state.d.next = NafState::Idle;
            self.count.d.next = 0.into();
            self.emptying.d.next = 0.into();
        }
    }
}
