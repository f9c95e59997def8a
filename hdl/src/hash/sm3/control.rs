//! Sequence of the SM3 core: two messages in turn, seventeen groups of four steps per block.

use rust_hdl::prelude::*;

/// Control of both messages.
///
/// `beat` counts cycles modulo 8: bit 0 is the lane whose message is in the front stage, bits 2
/// and 1 are the step within its group. Of each message the state travels with the front and
/// back stage, so that one piece of logic serves both.
///
/// | group of a block | what happens |
/// | --- | --- |
/// | 0 … 3 | its words are fetched; they arrive in the expansion two steps later |
/// | 1 | the working variables are loaded; the block before is closed |
/// | 2 … 16, 0 of the next | rounds 0 … 63 |
/// | 16 | at its end the next block begins, or the lane idles for a group |
#[derive(LogicBlock)]
pub struct Control {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Stops both messages.
    pub clear: Signal<In, bool>,
    /// Lane 0 has a block.
    pub ready_0: Signal<In, bool>,
    /// Lane 1 has a block.
    pub ready_1: Signal<In, bool>,
    /// A message of lane 0 may begin.
    pub room_0: Signal<In, bool>,
    /// A message of lane 1 may begin.
    pub room_1: Signal<In, bool>,
    /// The block of the word that left the memory is the last of its message.
    pub word_last: Signal<In, bool>,
    /// Lane in the front stage.
    pub lane: Signal<Out, bool>,
    /// Index of the word to fetch from the lane's oldest block.
    pub fetch: Signal<Out, Bits<4>>,
    /// That was its last word.
    pub free: Signal<Out, bool>,
    /// A message of `lane` begins.
    pub start: Signal<Out, bool>,
    /// A word of the message enters the expansion.
    pub expand: Signal<Out, bool>,
    /// See [`super::rounds::Rounds`].
    pub load: Signal<Out, bool>,
    /// See [`super::rounds::Rounds`].
    pub close: Signal<Out, bool>,
    /// See [`super::rounds::Rounds`].
    pub fresh: Signal<Out, bool>,
    /// See [`super::rounds::Rounds`].
    pub second_form: Signal<Out, bool>,
    /// See [`super::rounds::Rounds`].
    pub first_t: Signal<Out, bool>,
    /// See [`super::rounds::Rounds`].
    pub second_t: Signal<Out, bool>,
    /// A word of a digest is in `chain_a` and `chain_e`.
    pub digest_write: Signal<Out, bool>,
    /// Its lane.
    pub digest_lane: Signal<Out, bool>,
    /// Its index: D and H come as 0.
    pub digest_word: Signal<Out, Bits<2>>,

    group_end: Signal<Local, bool>,
    decide: Signal<Local, bool>,
    go: Signal<Local, bool>,
    quiet: Signal<Local, bool>,
    next_beat: Signal<Local, Bits<3>>,
    two_lanes: Constant<bool>,

    beat: DFF<Bits<3>>,
    next_lane: DFF<bool>,
    // A block is being worked on, in this group of it.
    busy: DFF<bool>,
    group: DFF<Bits<5>>,
    // The message goes on after the block that was begun last.
    more: DFF<bool>,
    first: DFF<bool>,
    // The group after group 16, the one after that, and whether the message ends with it.
    ended: DFF<bool>,
    closing: DFF<bool>,
    finished: DFF<bool>,
    loading: DFF<bool>,
    late: DFF<bool>,
    back_busy: DFF<bool>,
    back_group: DFF<Bits<5>>,
    back_more: DFF<bool>,
    back_first: DFF<bool>,
    back_ended: DFF<bool>,
    back_closing: DFF<bool>,
    back_finished: DFF<bool>,
    back_loading: DFF<bool>,
    back_late: DFF<bool>,

    fetching: DFF<bool>,
    fetching_1: DFF<bool>,
    fetching_2: DFF<bool>,
    fetching_3: DFF<bool>,
    fresh_now: DFF<bool>,
    second_t_now: DFF<bool>,
    first_t_now: DFF<bool>,
    write: DFF<bool>,
    write_lane: DFF<bool>,
    write_word: DFF<Bits<2>>,
}

impl Control {
    /// For one lane or two.
    pub fn new(lanes: usize) -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            ready_0: Default::default(),
            ready_1: Default::default(),
            room_0: Default::default(),
            room_1: Default::default(),
            word_last: Default::default(),
            lane: Default::default(),
            fetch: Default::default(),
            free: Default::default(),
            start: Default::default(),
            expand: Default::default(),
            load: Default::default(),
            close: Default::default(),
            fresh: Default::default(),
            second_form: Default::default(),
            first_t: Default::default(),
            second_t: Default::default(),
            digest_write: Default::default(),
            digest_lane: Default::default(),
            digest_word: Default::default(),
            group_end: Default::default(),
            decide: Default::default(),
            go: Default::default(),
            quiet: Default::default(),
            next_beat: Default::default(),
            two_lanes: Constant::new(lanes == 2),
            beat: Default::default(),
            next_lane: Default::default(),
            busy: Default::default(),
            group: Default::default(),
            more: Default::default(),
            first: Default::default(),
            ended: Default::default(),
            closing: Default::default(),
            finished: Default::default(),
            loading: Default::default(),
            late: Default::default(),
            back_busy: Default::default(),
            back_group: Default::default(),
            back_more: Default::default(),
            back_first: Default::default(),
            back_ended: Default::default(),
            back_closing: Default::default(),
            back_finished: Default::default(),
            back_loading: Default::default(),
            back_late: Default::default(),
            fetching: Default::default(),
            fetching_1: Default::default(),
            fetching_2: Default::default(),
            fetching_3: Default::default(),
            fresh_now: Default::default(),
            second_t_now: Default::default(),
            first_t_now: Default::default(),
            write: Default::default(),
            write_lane: Default::default(),
            write_word: Default::default(),
        }
    }
}

impl Logic for Control {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            beat,
            next_lane,
            busy,
            group,
            more,
            first,
            ended,
            closing,
            finished,
            loading,
            late,
            back_busy,
            back_group,
            back_more,
            back_first,
            back_ended,
            back_closing,
            back_finished,
            back_loading,
            back_late,
            fetching,
            fetching_1,
            fetching_2,
            fetching_3,
            fresh_now,
            second_t_now,
            first_t_now,
            write,
            write_lane,
            write_word
        );
        // The message in the front stage.
        self.group_end.next = self.beat.q.val().get_bits::<2>(1).all();
        self.decide.next =
            self.group_end.val() & (!self.busy.q.val() | self.group.q.val().get_bit(4));
        self.go.next = self.decide.val() & self.ready_0.val() & self.room_0.val();
        if self.beat.q.val().get_bit(0) {
            self.go.next = self.decide.val() & self.ready_1.val() & self.room_1.val();
        }
        self.back_busy.d.next = self.busy.q.val();
        self.back_group.d.next = self.group.q.val();
        self.back_more.d.next = self.more.q.val();
        self.back_first.d.next = self.first.q.val();
        self.back_ended.d.next = self.ended.q.val();
        self.back_closing.d.next = self.closing.q.val();
        self.back_finished.d.next = self.finished.q.val();
        self.back_loading.d.next = self.loading.q.val();
        self.back_late.d.next = self.late.q.val();
        if self.group_end.val() {
            self.back_group.d.next = self.group.q.val() + 1;
            self.back_ended.d.next = self.busy.q.val() & self.group.q.val().get_bit(4);
            self.back_closing.d.next = self.ended.q.val();
            self.back_finished.d.next = self.ended.q.val() & !self.more.q.val();
            self.back_loading.d.next = self.busy.q.val() & !self.group.q.val().any();
            if self.loading.q.val() {
                self.back_late.d.next = false;
            }
            if self.group.q.val() == 5 {
                self.back_late.d.next = true;
            }
        }
        if self.decide.val() {
            self.back_busy.d.next = self.go.val();
            self.back_group.d.next = 0.into();
            self.back_first.d.next = !self.more.q.val();
        }
        // The last word of the block was fetched three steps ago.
        if (self.group.q.val() == 4) & (self.beat.q.val().get_bits::<2>(1) == 1) {
            self.back_more.d.next = !self.word_last.val();
        }

        // The message in the back stage is the next one in the front stage.
        self.busy.d.next = self.back_busy.q.val();
        self.group.d.next = self.back_group.q.val();
        self.more.d.next = self.back_more.q.val();
        self.first.d.next = self.back_first.q.val();
        self.ended.d.next = self.back_ended.q.val();
        self.closing.d.next = self.back_closing.q.val();
        self.finished.d.next = self.back_finished.q.val();
        self.loading.d.next = self.back_loading.q.val();
        self.late.d.next = self.back_late.q.val();

        // With nothing to do wait at the end of a group of the lane whose message comes next.
        self.quiet.next = !(self.busy.q.val()
            | self.more.q.val()
            | self.ended.q.val()
            | self.closing.q.val()
            | self.back_busy.q.val()
            | self.back_more.q.val()
            | self.back_ended.q.val()
            | self.back_closing.q.val()
            | self.ready_0.val()
            | self.ready_1.val());
        self.next_beat.next = self.beat.q.val() + 1;
        if self.quiet.val() {
            self.next_beat.next = 6.into();
            if self.next_lane.q.val() {
                self.next_beat.next = 7.into();
            }
        }
        self.beat.d.next = self.next_beat.val();
        self.start.next = self.go.val() & !self.more.q.val();
        if self.start.val() & self.two_lanes.val() {
            self.next_lane.d.next = !self.next_lane.q.val();
        }

        self.lane.next = self.beat.q.val().get_bit(0);
        self.fetch.next = (bit_cast::<4, 2>(self.group.q.val().get_bits::<2>(0)) << 2)
            | bit_cast::<4, 2>(self.beat.q.val().get_bits::<2>(1));
        self.free.next = self.group_end.val() & self.busy.q.val() & (self.group.q.val() == 3);
        self.fetching.d.next = self.busy.q.val() & !self.group.q.val().get_bits::<3>(2).any();
        self.fetching_1.d.next = self.fetching.q.val();
        self.fetching_2.d.next = self.fetching_1.q.val();
        self.fetching_3.d.next = self.fetching_2.q.val();
        self.expand.next = self.fetching_3.q.val();

        self.load.next = self.loading.q.val();
        self.close.next = self.closing.q.val();
        self.second_form.next = self.late.q.val();
        self.fresh_now.d.next = self.back_loading.q.val()
            & self.back_first.q.val()
            & self.next_beat.val().get_bits::<2>(1).all();
        self.fresh.next = self.fresh_now.q.val();
        self.second_t_now.d.next =
            (self.back_group.q.val() == 5) & self.next_beat.val().get_bits::<2>(1).all();
        self.second_t.next = self.second_t_now.q.val();
        self.first_t_now.d.next = self.loading.q.val() & self.group_end.val();
        self.first_t.next = self.first_t_now.q.val();

        self.write.d.next = self.closing.q.val() & self.finished.q.val();
        self.write_lane.d.next = self.beat.q.val().get_bit(0);
        self.write_word.d.next = self.beat.q.val().get_bits::<2>(1);
        self.digest_write.next = self.write.q.val();
        self.digest_lane.next = self.write_lane.q.val();
        self.digest_word.next = self.write_word.q.val();

        if self.clear.val() {
            self.next_lane.d.next = false;
            self.busy.d.next = false;
            self.more.d.next = false;
            self.ended.d.next = false;
            self.closing.d.next = false;
            self.back_busy.d.next = false;
            self.back_more.d.next = false;
            self.back_ended.d.next = false;
            self.back_closing.d.next = false;
            self.write.d.next = false;
        }
    }
}
