//! Brings the next block from its lane's buffer to the state.

use rust_hdl::prelude::*;

use super::round::RATE_LANES;

/// A register of one block, filled word by word, and the choice of the lane whose block comes next.
///
/// The lane that will need a block first is served first: an idle one, else the one in the later
/// round. A lane begins a message only when its digest has a place and either the whole message is
/// buffered or nothing else is in the core, so that a message whose end has not come never makes
/// another one wait.
#[derive(LogicBlock, Default)]
pub struct Fetch {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops the block.
    pub clear: Signal<In, bool>,
    /// Lane 0 has a block.
    pub ready_0: Signal<In, bool>,
    /// Lane 1 has a block.
    pub ready_1: Signal<In, bool>,
    /// The digest of a message of lane 0 has a place.
    pub room_0: Signal<In, bool>,
    /// The digest of a message of lane 1 has a place.
    pub room_1: Signal<In, bool>,
    /// A message of `arrived_lane` is completely buffered.
    pub arrived: Signal<In, bool>,
    /// Lane of `arrived`.
    pub arrived_lane: Signal<In, bool>,
    /// Round of lane 0, counted from 1; 0: idle.
    pub round_0: Signal<In, Bits<5>>,
    /// Round of lane 1.
    pub round_1: Signal<In, Bits<5>>,
    /// The block is being taken.
    pub take: Signal<In, bool>,
    /// A message of `start_lane` begins.
    pub start: Signal<Out, bool>,
    /// Lane of `start`.
    pub start_lane: Signal<Out, bool>,
    /// Lane of the block that is fetched or waits.
    pub lane: Signal<Out, bool>,
    /// Word to read from its oldest block.
    pub place: Signal<Out, Bits<5>>,
    /// That was the last one.
    pub free: Signal<Out, bool>,
    /// First half of the word read, two cycles after its place.
    pub low: Signal<In, Bits<32>>,
    /// Second half.
    pub high: Signal<In, Bits<32>>,
    /// The word's block is the last of its message.
    pub word_last: Signal<In, bool>,
    /// The block is there.
    pub full: Signal<Out, bool>,
    /// It is the last of its message.
    pub last: Signal<Out, bool>,
    /// Its words' first halves.
    pub block_low: [Signal<Out, Bits<32>>; RATE_LANES],
    /// Second halves.
    pub block_high: [Signal<Out, Bits<32>>; RATE_LANES],

    alone_0: Signal<Local, bool>,
    alone_1: Signal<Local, bool>,
    second: Signal<Local, bool>,
    choosing: Signal<Local, bool>,
    going: Signal<Local, bool>,
    starting: Signal<Local, bool>,
    arriving_0: Signal<Local, bool>,
    arriving_1: Signal<Local, bool>,
    starting_0: Signal<Local, bool>,
    starting_1: Signal<Local, bool>,

    // Messages that are buffered to their end and not begun. A message that begins earlier takes
    // the count to −1 until its end comes.
    whole_0: DFF<Bits<6>>,
    whole_1: DFF<Bits<6>>,
    // The lane's next block continues a message.
    open_0: DFF<bool>,
    open_1: DFF<bool>,
    // The lane may have its next block. A cycle old: what a choice changes shows long before the
    // next one.
    able_0: DFF<bool>,
    able_1: DFF<bool>,
    reading: DFF<bool>,
    counter: DFF<Bits<5>>,
    target: DFF<bool>,
    shift_1: DFF<bool>,
    shift_2: DFF<bool>,
    end_1: DFF<bool>,
    end_2: DFF<bool>,
    waiting: DFF<bool>,
    waiting_last: DFF<bool>,
    words_low: [DFF<Bits<32>>; RATE_LANES],
    words_high: [DFF<Bits<32>>; RATE_LANES],
}

impl Logic for Fetch {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            able_0,
            able_1,
            whole_0,
            whole_1,
            open_0,
            open_1,
            reading,
            counter,
            target,
            shift_1,
            shift_2,
            end_1,
            end_2,
            waiting,
            waiting_last
        );
        // Which lane may have its next block, and which is served.
        self.alone_0.next = !self.waiting.q.val()
            & !self.round_1.val().any()
            & !self.ready_1.val()
            & !self.open_1.q.val();
        self.alone_1.next = !self.waiting.q.val()
            & !self.round_0.val().any()
            & !self.ready_0.val()
            & !self.open_0.q.val();
        self.able_0.d.next = self.ready_0.val()
            & (self.open_0.q.val()
                | (self.room_0.val() & (self.whole_0.q.val().any() | self.alone_0.val())));
        self.able_1.d.next = self.ready_1.val()
            & (self.open_1.q.val()
                | (self.room_1.val() & (self.whole_1.q.val().any() | self.alone_1.val())));
        self.second.next = !self.able_0.q.val();
        if self.able_0.q.val() & self.able_1.q.val() {
            if self.take.val() {
                self.second.next = !self.target.q.val();
            } else {
                self.second.next = self.round_0.val().any()
                    & (!self.round_1.val().any() | (self.round_1.val() > self.round_0.val()));
            }
        }
        self.choosing.next = !self.reading.q.val()
            & !self.end_1.q.val()
            & !self.end_2.q.val()
            & (!self.waiting.q.val() | self.take.val());
        self.going.next = self.choosing.val() & (self.able_0.q.val() | self.able_1.q.val());
        self.starting.next = self.going.val() & !self.open_0.q.val();
        if self.second.val() {
            self.starting.next = self.going.val() & !self.open_1.q.val();
        }
        self.start.next = self.starting.val();
        self.start_lane.next = self.second.val();

        self.arriving_0.next = self.arrived.val() & !self.arrived_lane.val();
        self.arriving_1.next = self.arrived.val() & self.arrived_lane.val();
        self.starting_0.next = self.starting.val() & !self.second.val();
        self.starting_1.next = self.starting.val() & self.second.val();
        if self.arriving_0.val() & !self.starting_0.val() {
            self.whole_0.d.next = self.whole_0.q.val() + 1;
        }
        if !self.arriving_0.val() & self.starting_0.val() {
            self.whole_0.d.next = self.whole_0.q.val() - 1;
        }
        if self.arriving_1.val() & !self.starting_1.val() {
            self.whole_1.d.next = self.whole_1.q.val() + 1;
        }
        if !self.arriving_1.val() & self.starting_1.val() {
            self.whole_1.d.next = self.whole_1.q.val() - 1;
        }

        // Seventeen reads; the words follow two cycles later. A message begins two cycles late
        // (with two idle reads): so its blocks keep their distance from those of the other lane
        // when a message that begins there shifts them by a step.
        if self.going.val() {
            self.reading.d.next = true;
            self.counter.d.next = 0.into();
            if self.starting.val() {
                self.counter.d.next = 30.into();
            }
            self.target.d.next = self.second.val();
        }
        self.free.next = false;
        self.end_1.d.next = false;
        if self.reading.q.val() {
            self.counter.d.next = self.counter.q.val() + 1;
            if self.counter.q.val() == 16 {
                self.reading.d.next = false;
                self.free.next = true;
                self.end_1.d.next = true;
            }
        }
        self.place.next = self.counter.q.val();
        self.shift_1.d.next = self.reading.q.val();
        self.shift_2.d.next = self.shift_1.q.val();
        self.end_2.d.next = self.end_1.q.val();
        for i in 0..17 {
            self.words_low[i].clock.next = self.clock.val();
            self.words_high[i].clock.next = self.clock.val();
            self.words_low[i].d.next = self.words_low[i].q.val();
            self.words_high[i].d.next = self.words_high[i].q.val();
            self.block_low[i].next = self.words_low[i].q.val();
            self.block_high[i].next = self.words_high[i].q.val();
        }
        if self.shift_2.q.val() {
            for i in 0..16 {
                self.words_low[i].d.next = self.words_low[i + 1].q.val();
                self.words_high[i].d.next = self.words_high[i + 1].q.val();
            }
            self.words_low[16].d.next = self.low.val();
            self.words_high[16].d.next = self.high.val();
        }
        if self.take.val() {
            self.waiting.d.next = false;
        }
        if self.end_2.q.val() {
            self.waiting.d.next = true;
            self.waiting_last.d.next = self.word_last.val();
            if self.target.q.val() {
                self.open_1.d.next = !self.word_last.val();
            } else {
                self.open_0.d.next = !self.word_last.val();
            }
        }
        self.lane.next = self.target.q.val();
        self.full.next = self.waiting.q.val();
        self.last.next = self.waiting_last.q.val();

        if self.clear.val() {
            self.whole_0.d.next = 0.into();
            self.whole_1.d.next = 0.into();
            self.able_0.d.next = false;
            self.able_1.d.next = false;
            self.open_0.d.next = false;
            self.open_1.d.next = false;
            self.reading.d.next = false;
            self.shift_1.d.next = false;
            self.end_1.d.next = false;
            self.end_2.d.next = false;
            self.waiting.d.next = false;
        }
    }
}
