//! Sequence of the Keccak core: two messages in turn, 24 rounds per block.

use rust_hdl::prelude::*;

/// Control of both messages.
///
/// Of each message the round number travels with the front and the back stage. The result of
/// a message's last round but one block is combined with the next block on its way; a new
/// message takes one step more, which sets the state to its first block. When a message needs its
/// next block and it is not there, both stages wait.
#[derive(LogicBlock, Default)]
pub struct Control {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Stops both messages.
    pub clear: Signal<In, bool>,
    /// A block waits.
    pub full: Signal<In, bool>,
    /// Its lane.
    pub full_lane: Signal<In, bool>,
    /// It is the last of its message.
    pub full_last: Signal<In, bool>,
    /// The block is being taken.
    pub take: Signal<Out, bool>,
    /// Both stages move on.
    pub enable: Signal<Out, bool>,
    /// Round of the message in the front stage, counted from 1; 0: idle.
    pub round: Signal<Out, Bits<5>>,
    /// See [`super::round::Round`].
    pub zero: Signal<Out, bool>,
    /// Round of lane 0.
    pub round_0: Signal<Out, Bits<5>>,
    /// Round of lane 1.
    pub round_1: Signal<Out, Bits<5>>,
    /// A digest is in the state before the front stage.
    pub done: Signal<Out, bool>,
    /// Lane in the front stage.
    pub lane: Signal<Out, bool>,

    quiet: Signal<Local, bool>,
    next_lane: Signal<Local, bool>,
    next_round: Signal<Local, Bits<5>>,
    next_last: Signal<Local, bool>,
    needed: Signal<Local, bool>,
    here: Signal<Local, bool>,

    front_lane: DFF<bool>,
    front_round: DFF<Bits<5>>,
    front_last: DFF<bool>,
    front_done: DFF<bool>,
    back_round: DFF<Bits<5>>,
    back_last: DFF<bool>,
    back_done: DFF<bool>,
    stopped: DFF<bool>,
    taking: DFF<bool>,
    zeroing: DFF<bool>,
}

impl Logic for Control {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            front_lane,
            front_round,
            front_last,
            front_done,
            back_round,
            back_last,
            back_done,
            stopped,
            taking,
            zeroing
        );
        self.quiet.next = !(self.front_round.q.val().any()
            | self.back_round.q.val().any()
            | self.front_done.q.val()
            | self.back_done.q.val()
            | self.taking.q.val());

        // Who is in the front stage in the next cycle, and whether its block is here.
        if self.stopped.q.val() {
            self.next_lane.next = self.front_lane.q.val();
            self.next_round.next = self.front_round.q.val();
            self.next_last.next = self.front_last.q.val();
        } else {
            self.next_lane.next = !self.front_lane.q.val();
            self.next_round.next = self.back_round.q.val();
            self.next_last.next = self.back_last.q.val();
        }
        // With nothing to do wait for the lane whose block comes.
        if self.quiet.val() {
            self.next_lane.next = self.full_lane.val();
        }
        self.here.next = self.full.val() & (self.full_lane.val() == self.next_lane.val());
        self.needed.next = (self.next_round.val() == 24) & !self.next_last.val();
        self.stopped.d.next = self.needed.val() & !self.here.val();
        self.taking.d.next = self.here.val() & (self.needed.val() | !self.next_round.val().any());
        self.zeroing.d.next = self.here.val() & !self.next_round.val().any();
        self.front_lane.d.next = self.next_lane.val();

        if !self.stopped.q.val() {
            self.front_round.d.next = self.back_round.q.val();
            self.front_last.d.next = self.back_last.q.val();
            self.front_done.d.next = self.back_done.q.val();
            self.back_last.d.next = self.front_last.q.val();
            self.back_round.d.next = self.front_round.q.val() + 1;
            self.back_done.d.next = false;
            if !self.front_round.q.val().any() {
                self.back_round.d.next = 0.into();
            }
            if self.front_round.q.val() == 24 {
                self.back_round.d.next = 0.into();
                self.back_done.d.next = self.front_last.q.val();
            }
            if self.taking.q.val() {
                self.back_round.d.next = 1.into();
                self.back_last.d.next = self.full_last.val();
            }
        }

        self.take.next = self.taking.q.val();
        self.enable.next = !self.stopped.q.val();
        self.zero.next = self.zeroing.q.val();
        self.round.next = self.front_round.q.val();
        self.lane.next = self.front_lane.q.val();
        self.done.next = self.front_done.q.val() & !self.stopped.q.val();
        self.round_0.next = self.front_round.q.val();
        self.round_1.next = self.back_round.q.val();
        if self.front_lane.q.val() {
            self.round_0.next = self.back_round.q.val();
            self.round_1.next = self.front_round.q.val();
        }

        if self.clear.val() {
            self.front_round.d.next = 0.into();
            self.front_done.d.next = false;
            self.back_round.d.next = 0.into();
            self.back_done.d.next = false;
            self.stopped.d.next = false;
            self.taking.d.next = false;
            self.zeroing.d.next = false;
        }
    }
}
