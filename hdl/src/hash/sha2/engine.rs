//! Padded words in, digest words out.

use rust_hdl::prelude::*;

use super::{Config, Control, Parameters, Rounds, Schedule};

/// [`Control`], [`Schedule`] and [`Rounds`] joined, for words of `N` bits and 2^`A` places for
/// round constants.
#[derive(LogicBlock)]
pub struct Engine<const N: usize, const A: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops everything.
    pub clear: Signal<In, bool>,
    /// Word of a block.
    pub word: Signal<In, Bits<N>>,
    /// Takes `word` in this cycle.
    pub push: Signal<In, bool>,
    /// Sixteen words were pushed.
    pub block_ready: Signal<In, bool>,
    /// They are the first block of a message.
    pub block_first: Signal<In, bool>,
    /// They are the last block of a message.
    pub block_last: Signal<In, bool>,
    /// The block is being taken.
    pub start: Signal<Out, bool>,
    /// The next block may be pushed from the next cycle on.
    pub block_taken: Signal<Out, bool>,
    /// Word of a digest, the last one first.
    pub digest: Signal<Out, Bits<N>>,
    /// `digest` is valid in this cycle.
    pub digest_valid: Signal<Out, bool>,
    /// A digest left the buffer that takes `digest`.
    pub digest_taken: Signal<In, bool>,
    control: Control,
    schedule: Schedule<N, A>,
    rounds: Rounds<N>,
}

impl<const N: usize, const A: usize> Engine<N, A> {
    /// For the standard of these parameters.
    pub fn new(parameters: &Parameters, config: Config) -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            word: Default::default(),
            push: Default::default(),
            block_ready: Default::default(),
            block_first: Default::default(),
            block_last: Default::default(),
            start: Default::default(),
            block_taken: Default::default(),
            digest: Default::default(),
            digest_valid: Default::default(),
            digest_taken: Default::default(),
            control: Control::new(parameters.k.len()),
            schedule: Schedule::new(parameters, config),
            rounds: Rounds::new(parameters, config),
        }
    }
}

impl<const N: usize, const A: usize> Logic for Engine<N, A> {
    #[hdl_gen]
    fn update(&mut self) {
        self.control.clock.next = self.clock.val();
        self.schedule.clock.next = self.clock.val();
        self.rounds.clock.next = self.clock.val();
        self.control.clear.next = self.clear.val();
        self.rounds.clear.next = self.clear.val();

        self.control.block_ready.next = self.block_ready.val();
        self.control.block_first.next = self.block_first.val();
        self.control.block_last.next = self.block_last.val();
        self.start.next = self.control.start.val();
        self.block_taken.next = self.control.block_taken.val();
        self.control.digest_taken.next = self.digest_taken.val();

        self.schedule.block_word.next = self.word.val();
        self.schedule.block_push.next = self.push.val();
        self.schedule.load_ahead.next = self.control.load_ahead.val();
        self.schedule.load.next = self.control.load.val();
        self.schedule.step.next = bit_cast::<A, 8>(self.control.step.val());
        self.schedule.link.next = self.control.links.val().get_bit(0);
        self.schedule.link_sum.next = self.control.links.val().get_bit(1);
        self.schedule.chaining.next = self.rounds.chaining.val();

        self.rounds.sum.next = self.schedule.sum.val();
        self.rounds.links.next = self.control.links.val();
        self.rounds.restart.next = self.control.restart.val();
        self.rounds.from_iv.next = self.control.from_iv.val();
        self.digest.next = self.rounds.digest.val();
        self.digest_valid.next = self.control.digest_word.val();
    }
}
