//! Sequence of a core: one slot of link cycles and rounds per block, or a short slot that
//! only ends the last one.

use rust_hdl::prelude::*;

/// Steps of a slot: 252 … 255 are the link cycles, 0 … rounds − 1 follow.
///
/// A slot starts in the cycle after the one before ended if a block waits, so that blocks follow
/// each other without a gap, of one message or of two. If none waits, a slot of 20 steps ends
/// the chaining value (and the digest) of the last block, and the core rests.
///
/// The block that ends a message starts only if one of the two places of the digest buffer is
/// free for it.
#[derive(LogicBlock)]
pub struct Control {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops everything.
    pub clear: Signal<In, bool>,
    /// A block waits in the buffer.
    pub block_ready: Signal<In, bool>,
    /// It is the first of its message.
    pub block_first: Signal<In, bool>,
    /// It is the last of its message.
    pub block_last: Signal<In, bool>,
    /// Takes the block; its words leave the buffer while `load` is high.
    pub start: Signal<Out, bool>,
    /// The buffer is empty again after this cycle.
    pub block_taken: Signal<Out, bool>,
    /// A digest left the core.
    pub digest_taken: Signal<In, bool>,

    /// Present step.
    pub step: Signal<Out, Bits<8>>,
    /// Bit i is high i cycles after the four link cycles.
    pub links: Signal<Out, Bits<13>>,
    /// The words of the block enter one cycle later.
    pub load_ahead: Signal<Out, bool>,
    /// The words of the block enter.
    pub load: Signal<Out, bool>,
    /// The block starts from the chaining value alone.
    pub restart: Signal<Out, bool>,
    /// The chaining value is the initial value.
    pub from_iv: Signal<Out, bool>,
    /// A word of a digest is there, the last one first.
    pub digest_word: Signal<Out, bool>,

    link: Signal<Local, bool>,
    places_free: Signal<Local, bool>,
    boundary: Signal<Local, bool>,
    direct: Signal<Local, bool>,
    begin_block: Signal<Local, bool>,
    last_step: Constant<Bits<8>>,
    step_now: DFF<Bits<8>>,
    active: DFF<bool>,
    ending: DFF<bool>,
    link_history: DFF<Bits<12>>,
    loading_ahead: DFF<bool>,
    loading: DFF<bool>,
    restarting: DFF<bool>,
    from_initial: DFF<bool>,
    block_is_last: DFF<bool>,
    emitting: DFF<bool>,
    reserved: DFF<Bits<2>>,
}

impl Control {
    /// For a compression function of this many rounds.
    pub fn new(rounds: usize) -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            block_ready: Default::default(),
            block_first: Default::default(),
            block_last: Default::default(),
            start: Default::default(),
            block_taken: Default::default(),
            digest_taken: Default::default(),
            step: Default::default(),
            links: Default::default(),
            load_ahead: Default::default(),
            load: Default::default(),
            restart: Default::default(),
            from_iv: Default::default(),
            digest_word: Default::default(),
            link: Default::default(),
            places_free: Default::default(),
            boundary: Default::default(),
            direct: Default::default(),
            begin_block: Default::default(),
            last_step: Constant::new((rounds as u64 - 1).into()),
            step_now: Default::default(),
            active: Default::default(),
            ending: Default::default(),
            link_history: Default::default(),
            loading_ahead: Default::default(),
            loading: Default::default(),
            restarting: Default::default(),
            from_initial: Default::default(),
            block_is_last: Default::default(),
            emitting: Default::default(),
            reserved: Default::default(),
        }
    }
}

impl Logic for Control {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            step_now,
            active,
            ending,
            link_history,
            loading_ahead,
            loading,
            restarting,
            from_initial,
            block_is_last,
            emitting,
            reserved
        );
        self.link.next = self.active.q.val() & self.step_now.q.val().get_bit(7);
        self.places_free.next = !self.reserved.q.val().get_bit(1);
        self.boundary.next = !self.active.q.val()
            | (!self.ending.q.val() & (self.step_now.q.val() == self.last_step.val()))
            | (self.ending.q.val() & (self.step_now.q.val() == 15));
        self.direct.next = self.active.q.val() & !self.ending.q.val();
        self.begin_block.next = self.boundary.val()
            & self.block_ready.val()
            & (self.places_free.val() | !self.block_last.val());
        self.start.next = self.begin_block.val();

        // Slots.
        self.step_now.d.next = self.step_now.q.val() + 1;
        if self.boundary.val() {
            self.step_now.d.next = 252.into();
            self.active.d.next = self.begin_block.val() | self.direct.val();
            self.ending.d.next = !self.begin_block.val();
            self.from_initial.d.next = self.begin_block.val() & self.block_first.val();
            self.restarting.d.next =
                self.begin_block.val() & (self.block_first.val() | !self.direct.val());
            self.emitting.d.next = self.direct.val() & self.block_is_last.q.val();
            self.block_is_last.d.next = self.begin_block.val() & self.block_last.val();
        }

        // What follows from the step.
        self.link_history.d.next = self.link_history.q.val() << 1;
        if self.link.val() {
            self.link_history.d.next = (self.link_history.q.val() << 1) | 1;
        }
        self.loading_ahead.d.next = self.direct.val()
            & ((self.step_now.q.val().get_bit(7) & (self.step_now.q.val() != 252))
                | (self.step_now.q.val() < 13));
        self.loading.d.next = self.loading_ahead.q.val();
        self.block_taken.next = self.loading.q.val() & !self.loading_ahead.q.val();

        // Places of the digest buffer.
        if self.begin_block.val() & self.block_last.val() & !self.digest_taken.val() {
            self.reserved.d.next = self.reserved.q.val() + 1;
        }
        if self.digest_taken.val() & !(self.begin_block.val() & self.block_last.val()) {
            self.reserved.d.next = self.reserved.q.val() - 1;
        }

        if self.clear.val() {
            self.active.d.next = false;
            self.ending.d.next = false;
            self.link_history.d.next = 0.into();
            self.emitting.d.next = false;
            self.block_is_last.d.next = false;
            self.loading_ahead.d.next = false;
            self.loading.d.next = false;
            self.reserved.d.next = 0.into();
        }

        self.step.next = self.step_now.q.val();
        self.links.next = bit_cast::<13, 12>(self.link_history.q.val()) << 1;
        if self.link.val() {
            self.links.next = (bit_cast::<13, 12>(self.link_history.q.val()) << 1) | 1;
        }
        self.load_ahead.next = self.loading_ahead.q.val();
        self.load.next = self.loading.q.val();
        self.restart.next = self.restarting.q.val();
        self.from_iv.next = self.from_initial.q.val();
        self.digest_word.next = self.emitting.q.val()
            & (self.link_history.q.val().get_bit(1) | self.link_history.q.val().get_bit(5));
    }
}
