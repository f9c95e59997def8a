//! An engine of several adders.

use std::array;

use rust_hdl::prelude::*;

use super::config::Config;
use super::engine::Engine;
use crate::prim::Technology;

/// Multi-scalar multiplication but for the last doublings, by `A` adders at the same time: each is
/// an [`Engine`] with its multiplier, buckets, locks and queue.
///
/// The ports are those of [`Engine`]; the sums that go out are those of the windows of adder 0, of
/// adder 1, …, and `out_last` is at the end of all. [`Config::weights`] says what each window
/// counts. With `A` = 1 it does what [`Engine`] does, cycle for cycle.
///
/// The bits of a scalar are shared out word by word: adder j takes words 8j/A … 8(j+1)/A − 1 as a
/// scalar of its own, and so has the windows and buckets of its share alone. A share fills its
/// words, and its last signed digit may carry: the adders below the last take a word of 0 more.
///
/// | words of a term | to |
/// | --- | --- |
/// | x, y | every adder |
/// | of the scalar | the adder whose share they are |
/// | the last one | the last adder; 0 to each of the others, so that all end a term with it |
///
/// A word is taken when all that it goes to are ready. So no adder is ahead of another by more than
/// the terms that wait in it, and none begins a multiplication before the last sum of the one before
/// is out: until then the last adder takes no word.
///
/// Cycles: additions to buckets take 1/A of those of one adder, but for windows that do not divide
/// a share: each adder has one that is not full, or that has a carry alone. Sums go out one after
/// another. DSPs and block RAMs of buckets: A times those of an engine with the windows of a share.
#[derive(LogicBlock)]
pub struct Adders<const A: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops the multiplication.
    pub clear: Signal<In, Bit>,
    /// A word is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken.
    pub in_ready: Signal<Out, Bit>,
    /// Word in.
    pub in_data: Signal<In, Bits<32>>,
    /// The last one.
    pub in_last: Signal<In, Bit>,
    /// A word of a sum.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken.
    pub out_ready: Signal<In, Bit>,
    /// Word out.
    pub out_data: Signal<Out, Bits<32>>,
    /// The last one.
    pub out_last: Signal<Out, Bit>,

    adders: [Engine; A],
    /// Which word of the term comes.
    word: DFF<Bits<6>>,
    is_last_word: Signal<Local, Bit>,
    /// It goes to this adder as it is.
    is_own: [Signal<Local, Bit>; A],
    /// It goes to this adder.
    wanted: [Signal<Local, Bit>; A],
    /// Whose sums go out.
    turn: DFF<Bits<3>>,
    is_last_sum: Signal<Local, Bit>,

    coordinates_end: Constant<Bits<6>>,
    share_starts: [Constant<Bits<6>>; A],
    share_ends: [Constant<Bits<6>>; A],
    last_word: Constant<Bits<6>>,
    ids: [Constant<Bits<3>>; A],
    last_adder: Constant<Bits<3>>,
}

impl<const A: usize> Adders<A> {
    /// The engine of `config` with the cells of `technology`.
    ///
    /// # Panics
    /// If `config` is out of its bounds, or has not `A` adders: a design with such an engine is a
    /// programming error.
    pub fn new(config: &Config, technology: Technology) -> Self {
        config.check();
        assert_eq!(config.adders, A, "adders of the configuration");
        let coordinates_end = 2 * config.coordinate_words();
        let place = |word: usize| Constant::new(((coordinates_end + word) as u64).to_bits());
        Self {
            clock: Default::default(),
            clear: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_last: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            out_last: Default::default(),
            adders: array::from_fn(|adder| {
                let carry_words = usize::from(adder + 1 < A);
                let words = config.share_words(adder).len() + carry_words;
                Engine::taking(&config.share(adder), words, technology)
            }),
            word: Default::default(),
            is_last_word: Default::default(),
            is_own: array::from_fn(|_| Default::default()),
            wanted: array::from_fn(|_| Default::default()),
            turn: Default::default(),
            is_last_sum: Default::default(),
            coordinates_end: place(0),
            share_starts: array::from_fn(|adder| place(config.share_words(adder).start)),
            share_ends: array::from_fn(|adder| place(config.share_words(adder).end)),
            last_word: place(config.share_words(A - 1).end - 1),
            ids: array::from_fn(|adder| Constant::new((adder as u64).to_bits())),
            last_adder: Constant::new((A as u64 - 1).to_bits()),
        }
    }
}

impl<const A: usize> Logic for Adders<A> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, word, turn);

        // Words in.
        self.is_last_word.next = self.word.q.val() == self.last_word.val();
        self.in_ready.next = true;
        for i in 0..A {
            self.is_own[i].next = (self.word.q.val() < self.coordinates_end.val())
                | ((self.word.q.val() >= self.share_starts[i].val())
                    & (self.word.q.val() < self.share_ends[i].val()));
            self.wanted[i].next = self.is_own[i].val() | self.is_last_word.val();
            if self.wanted[i].val() & !self.adders[i].in_ready.val() {
                self.in_ready.next = false;
            }
        }
        for i in 0..A {
            self.adders[i].clock.next = self.clock.val();
            self.adders[i].clear.next = self.clear.val();
            self.adders[i].in_valid.next =
                self.in_valid.val() & self.in_ready.val() & self.wanted[i].val();
            self.adders[i].in_data.next = self.in_data.val();
            if !self.is_own[i].val() {
                self.adders[i].in_data.next = 0.into();
            }
            self.adders[i].in_last.next = self.in_last.val();
        }
        if self.in_valid.val() & self.in_ready.val() {
            self.word.d.next = self.word.q.val() + 1;
            if self.is_last_word.val() {
                self.word.d.next = 0.into();
            }
        }

        // Sums out.
        self.out_valid.next = false;
        self.out_data.next = 0.into();
        self.is_last_sum.next = false;
        for i in 0..A {
            self.adders[i].out_ready.next = false;
            if self.turn.q.val() == self.ids[i].val() {
                self.adders[i].out_ready.next = self.out_ready.val();
                self.out_valid.next = self.adders[i].out_valid.val();
                self.out_data.next = self.adders[i].out_data.val();
                self.is_last_sum.next = self.adders[i].out_last.val();
            }
        }
        self.out_last.next = self.is_last_sum.val() & (self.turn.q.val() == self.last_adder.val());
        if self.out_valid.val() & self.out_ready.val() & self.is_last_sum.val() {
            self.turn.d.next = self.turn.q.val() + 1;
            if self.turn.q.val() == self.last_adder.val() {
                self.turn.d.next = 0.into();
            }
        }
        if self.clear.val() {
            self.word.d.next = 0.into();
            self.turn.d.next = 0.into();
        }
    }
}
