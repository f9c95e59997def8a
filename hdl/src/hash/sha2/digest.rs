//! Order and handshake of digests: two digests wait in a memory of 16 words.

use rust_hdl::prelude::*;

/// Addresses of a memory that holds two digests of eight words, written with the last word first
/// and read with the first word first as 2^`P` output words.
#[derive(LogicBlock)]
pub struct DigestOrder<const P: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops the digests.
    pub clear: Signal<In, bool>,
    /// Writes a word.
    pub write: Signal<In, bool>,
    /// Where.
    pub write_address: Signal<Out, Bits<4>>,
    /// Half of the memory to read.
    pub read_half: Signal<Out, bool>,
    /// Output word of the digest.
    pub read_index: Signal<Out, Bits<P>>,
    /// An output word is there.
    pub out_valid: Signal<Out, bool>,
    /// It is taken.
    pub out_ready: Signal<In, bool>,
    /// It is the last of its digest.
    pub out_last: Signal<Out, bool>,
    /// The last word of a digest is taken in this cycle.
    pub taken: Signal<Out, bool>,

    written: Signal<Local, bool>,
    taking_last: Signal<Local, bool>,
    // Counts words: half 0 ends at word 0, then half 1.
    writes: DFF<Bits<4>>,
    half: DFF<bool>,
    index: DFF<Bits<P>>,
    waiting: DFF<Bits<2>>,
}

impl<const P: usize> Default for DigestOrder<P> {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            write: Default::default(),
            write_address: Default::default(),
            read_half: Default::default(),
            read_index: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_last: Default::default(),
            taken: Default::default(),
            written: Default::default(),
            taking_last: Default::default(),
            writes: Default::default(),
            half: Default::default(),
            index: Default::default(),
            waiting: Default::default(),
        }
    }
}

impl<const P: usize> Logic for DigestOrder<P> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, writes, half, index, waiting);
        self.write_address.next = self.writes.q.val() ^ 7;
        self.written.next = self.write.val() & self.writes.q.val().get_bits::<3>(0).all();
        if self.write.val() {
            self.writes.d.next = self.writes.q.val() + 1;
        }

        self.out_valid.next = self.waiting.q.val().any();
        self.out_last.next = self.index.q.val().all();
        self.taking_last.next =
            self.waiting.q.val().any() & self.out_ready.val() & self.index.q.val().all();
        if self.waiting.q.val().any() & self.out_ready.val() {
            self.index.d.next = self.index.q.val() + 1;
        }
        if self.taking_last.val() {
            self.half.d.next = !self.half.q.val();
        }
        if self.written.val() & !self.taking_last.val() {
            self.waiting.d.next = self.waiting.q.val() + 1;
        }
        if self.taking_last.val() & !self.written.val() {
            self.waiting.d.next = self.waiting.q.val() - 1;
        }

        if self.clear.val() {
            self.writes.d.next = 0.into();
            self.half.d.next = false;
            self.index.d.next = 0.into();
            self.waiting.d.next = 0.into();
        }

        self.read_half.next = self.half.q.val();
        self.read_index.next = self.index.q.val();
        self.taken.next = self.taking_last.val();
    }
}
