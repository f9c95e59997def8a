//! Two messages in flight: whose block is next, and the order of the digests.
//!
//! Message k belongs to lane k mod 2. Blocks of a lane wait in a memory of their own lane, and
//! digests wait until those of earlier messages are out.

use rust_hdl::prelude::*;

/// Digests that a lane can have in the works and waiting; a power of two below 8.
pub(crate) const DIGESTS_PER_LANE: u64 = 4;

/// Which blocks of the two lanes are filled: pointers of two queues that are written by one
/// stream of messages.
#[derive(LogicBlock)]
pub struct BlockQueue {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops all blocks.
    pub clear: Signal<In, bool>,
    /// The block being written is complete.
    pub commit: Signal<In, bool>,
    /// It is the last of its message.
    pub commit_last: Signal<In, bool>,
    /// Lane that is written.
    pub write_lane: Signal<Out, bool>,
    /// Its block that is written.
    pub write_block: Signal<Out, Bits<6>>,
    /// That block is free.
    pub room: Signal<Out, bool>,
    /// The oldest block of `free_lane` is used up.
    pub free: Signal<In, bool>,
    /// Lane of `free`.
    pub free_lane: Signal<In, bool>,
    /// Oldest block of lane 0.
    pub head_0: Signal<Out, Bits<6>>,
    /// Oldest block of lane 1.
    pub head_1: Signal<Out, Bits<6>>,
    /// Lane 0 has a block.
    pub ready_0: Signal<Out, bool>,
    /// Lane 1 has a block.
    pub ready_1: Signal<Out, bool>,

    used: Signal<Local, Bits<6>>,
    capacity: Constant<Bits<6>>,
    two_lanes: Constant<bool>,
    lane: DFF<bool>,
    written_0: DFF<Bits<6>>,
    written_1: DFF<Bits<6>>,
    read_0: DFF<Bits<6>>,
    read_1: DFF<Bits<6>>,
}

impl BlockQueue {
    /// Queues of `capacity` blocks, 2 … 32 and a power of two; with one lane the second stays empty.
    pub fn new(capacity: usize, lanes: usize) -> Self {
        assert!(capacity.is_power_of_two() && (2..=32).contains(&capacity), "{capacity}");
        assert!((1..=2).contains(&lanes), "{lanes}");
        Self {
            clock: Default::default(),
            clear: Default::default(),
            commit: Default::default(),
            commit_last: Default::default(),
            write_lane: Default::default(),
            write_block: Default::default(),
            room: Default::default(),
            free: Default::default(),
            free_lane: Default::default(),
            head_0: Default::default(),
            head_1: Default::default(),
            ready_0: Default::default(),
            ready_1: Default::default(),
            used: Default::default(),
            capacity: Constant::new((capacity as u64).into()),
            two_lanes: Constant::new(lanes == 2),
            lane: Default::default(),
            written_0: Default::default(),
            written_1: Default::default(),
            read_0: Default::default(),
            read_1: Default::default(),
        }
    }
}

impl Logic for BlockQueue {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, lane, written_0, written_1, read_0, read_1);
        self.write_lane.next = self.lane.q.val();
        self.write_block.next = self.written_0.q.val();
        self.used.next = self.written_0.q.val() - self.read_0.q.val();
        if self.lane.q.val() {
            self.write_block.next = self.written_1.q.val();
            self.used.next = self.written_1.q.val() - self.read_1.q.val();
        }
        self.room.next = self.used.val() != self.capacity.val();
        self.head_0.next = self.read_0.q.val();
        self.head_1.next = self.read_1.q.val();
        self.ready_0.next = self.written_0.q.val() != self.read_0.q.val();
        self.ready_1.next = self.written_1.q.val() != self.read_1.q.val();

        if self.commit.val() {
            if self.lane.q.val() {
                self.written_1.d.next = self.written_1.q.val() + 1;
            } else {
                self.written_0.d.next = self.written_0.q.val() + 1;
            }
            if self.commit_last.val() & self.two_lanes.val() {
                self.lane.d.next = !self.lane.q.val();
            }
        }
        if self.free.val() {
            if self.free_lane.val() {
                self.read_1.d.next = self.read_1.q.val() + 1;
            } else {
                self.read_0.d.next = self.read_0.q.val() + 1;
            }
        }
        if self.clear.val() {
            self.lane.d.next = false;
            self.written_0.d.next = 0.into();
            self.written_1.d.next = 0.into();
            self.read_0.d.next = 0.into();
            self.read_1.d.next = 0.into();
        }
    }
}

/// Which digests of the two lanes are finished, and their way out in the order of the messages.
///
/// The digests are in a memory with two enabled edges from address to word, before an output
/// register that moves with the same enable. [`DIGESTS_PER_LANE`] places per lane, each
/// eight words.
#[derive(LogicBlock)]
pub struct DigestQueue {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops all digests.
    pub clear: Signal<In, bool>,
    /// A message of `start_lane` begins.
    pub start: Signal<In, bool>,
    /// Lane of `start`.
    pub start_lane: Signal<In, bool>,
    /// A message of lane 0 may begin.
    pub room_0: Signal<Out, bool>,
    /// A message of lane 1 may begin.
    pub room_1: Signal<Out, bool>,
    /// Lane whose digest is written.
    pub write_lane: Signal<In, bool>,
    /// Place of that digest.
    pub write_place: Signal<Out, Bits<2>>,
    /// Its last word is being written.
    pub done: Signal<In, bool>,
    /// Moves memory and output register on.
    pub enable: Signal<Out, bool>,
    /// Lane to read.
    pub read_lane: Signal<Out, bool>,
    /// Place to read.
    pub read_place: Signal<Out, Bits<2>>,
    /// Word to read.
    pub read_word: Signal<Out, Bits<3>>,
    /// Index of the word that leaves the memory.
    pub fetched_word: Signal<Out, Bits<3>>,
    /// A word is in the output register.
    pub out_valid: Signal<Out, bool>,
    /// It is taken.
    pub out_ready: Signal<In, bool>,
    /// It is the last of its digest.
    pub out_last: Signal<Out, bool>,

    advance: Signal<Local, bool>,
    available: Signal<Local, bool>,
    two_lanes: Constant<bool>,
    limit: Constant<Bits<3>>,
    started_0: DFF<Bits<3>>,
    started_1: DFF<Bits<3>>,
    done_0: DFF<Bits<3>>,
    done_1: DFF<Bits<3>>,
    taken_0: DFF<Bits<3>>,
    taken_1: DFF<Bits<3>>,
    turn: DFF<bool>,
    word: DFF<Bits<3>>,
    valid_1: DFF<bool>,
    valid_2: DFF<bool>,
    valid_3: DFF<bool>,
    word_1: DFF<Bits<3>>,
    word_2: DFF<Bits<3>>,
    last_3: DFF<bool>,
}

impl DigestQueue {
    /// For one lane or two.
    pub fn new(lanes: usize) -> Self {
        assert!((1..=2).contains(&lanes), "{lanes}");
        Self {
            clock: Default::default(),
            clear: Default::default(),
            start: Default::default(),
            start_lane: Default::default(),
            room_0: Default::default(),
            room_1: Default::default(),
            write_lane: Default::default(),
            write_place: Default::default(),
            done: Default::default(),
            enable: Default::default(),
            read_lane: Default::default(),
            read_place: Default::default(),
            read_word: Default::default(),
            fetched_word: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_last: Default::default(),
            advance: Default::default(),
            available: Default::default(),
            two_lanes: Constant::new(lanes == 2),
            limit: Constant::new(DIGESTS_PER_LANE.into()),
            started_0: Default::default(),
            started_1: Default::default(),
            done_0: Default::default(),
            done_1: Default::default(),
            taken_0: Default::default(),
            taken_1: Default::default(),
            turn: Default::default(),
            word: Default::default(),
            valid_1: Default::default(),
            valid_2: Default::default(),
            valid_3: Default::default(),
            word_1: Default::default(),
            word_2: Default::default(),
            last_3: Default::default(),
        }
    }
}

impl Logic for DigestQueue {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self, clock, started_0, started_1, done_0, done_1, taken_0, taken_1, turn, word,
            valid_1, valid_2, valid_3, word_1, word_2, last_3
        );
        self.room_0.next = (self.started_0.q.val() - self.taken_0.q.val()) != self.limit.val();
        self.room_1.next = (self.started_1.q.val() - self.taken_1.q.val()) != self.limit.val();
        if self.start.val() {
            if self.start_lane.val() {
                self.started_1.d.next = self.started_1.q.val() + 1;
            } else {
                self.started_0.d.next = self.started_0.q.val() + 1;
            }
        }

        self.write_place.next = self.done_0.q.val().get_bits::<2>(0);
        if self.write_lane.val() {
            self.write_place.next = self.done_1.q.val().get_bits::<2>(0);
        }
        if self.done.val() {
            if self.write_lane.val() {
                self.done_1.d.next = self.done_1.q.val() + 1;
            } else {
                self.done_0.d.next = self.done_0.q.val() + 1;
            }
        }

        self.read_lane.next = self.turn.q.val();
        self.read_word.next = self.word.q.val();
        if self.turn.q.val() {
            self.read_place.next = self.taken_1.q.val().get_bits::<2>(0);
            self.available.next = self.done_1.q.val() != self.taken_1.q.val();
        } else {
            self.read_place.next = self.taken_0.q.val().get_bits::<2>(0);
            self.available.next = self.done_0.q.val() != self.taken_0.q.val();
        }
        self.advance.next = !self.valid_3.q.val() | self.out_ready.val();
        if self.advance.val() {
            self.valid_1.d.next = self.available.val();
            self.valid_2.d.next = self.valid_1.q.val();
            self.valid_3.d.next = self.valid_2.q.val();
            self.word_1.d.next = self.word.q.val();
            self.word_2.d.next = self.word_1.q.val();
            self.last_3.d.next = self.word_2.q.val().all();
            if self.available.val() {
                self.word.d.next = self.word.q.val() + 1;
                if self.word.q.val().all() {
                    if self.turn.q.val() {
                        self.taken_1.d.next = self.taken_1.q.val() + 1;
                    } else {
                        self.taken_0.d.next = self.taken_0.q.val() + 1;
                    }
                    self.turn.d.next = !self.turn.q.val() & self.two_lanes.val();
                }
            }
        }
        self.enable.next = self.advance.val();
        self.fetched_word.next = self.word_2.q.val();
        self.out_valid.next = self.valid_3.q.val();
        self.out_last.next = self.last_3.q.val();

        if self.clear.val() {
            self.started_0.d.next = 0.into();
            self.started_1.d.next = 0.into();
            self.done_0.d.next = 0.into();
            self.done_1.d.next = 0.into();
            self.taken_0.d.next = 0.into();
            self.taken_1.d.next = 0.into();
            self.turn.d.next = false;
            self.word.d.next = 0.into();
            self.valid_1.d.next = false;
            self.valid_2.d.next = false;
            self.valid_3.d.next = false;
        }
    }
}
