//! SM3: GB/T 32905-2016.
//!
//! Two messages are in flight: message k belongs to lane k mod 2, the lanes take turns in a round
//! of two cycles, and each of a round's dependent additions has a stage of its own.
//!
//! 1. [`Padding`](super::sha2::Padding) makes blocks of sixteen words and writes them into the
//!    buffer of the message's lane.
//! 2. `control` fetches the words of a lane's oldest block when the lane is free or finishes a
//!    block.
//! 3. `expansion` makes `W_j` and `W'_j`, one step per message and two cycles.
//! 4. `rounds`, front stage: SS1, FF + D + W', GG + H + W.
//! 5. `rounds`, back stage: TT1, P0(TT2), and the sums of D, H, W and W' for the next round.
//! 6. In four steps between two blocks the chaining value goes out and in through A and E; a
//!    digest goes into one of four places per lane.
//! 7. Digests leave in the order of their messages.
//!
//! Ports: see [`crate::hash`]. A block takes 64 + 4 steps of two cycles, so both lanes together
//! finish one every 68 cycles. From the last word of a message of at most four bytes to the
//! first word of its digest an idle core takes 174 cycles. A message longer than its lane's buffer
//! works, but as messages come one after another, the other lane may run out of blocks meanwhile;
//! one message alone advances by a block in 136 cycles.
//!
//! Lattice ECP5-85F, speed 6, preset `ecp5`, yosys 0.70, nextpnr-ecp5 0.11 after routing, seed 1:
//! 133.46 MHz, 1,187 TRELLIS_COMB, 2,778 TRELLIS_FF, 4 DP16KD, as `cargo xtask figures` records it.
//! The clock is bound by the block RAM, whose own output register this flow does not use.

pub mod control;
pub mod expansion;
pub mod rounds;

use chaincard_reference::params::sm3::{BLOCK_LEN, LENGTH_LEN};
use rust_hdl::prelude::*;

use super::HashCore;
use super::lanes::{BlockQueue, DIGESTS_PER_LANE, DigestQueue};
use super::sha2::Padding;
use crate::hash_core_ports;
use crate::prim::BlockRam;
use control::Control;
use expansion::Expansion;
use rounds::Rounds;

/// Sizes of an SM3 core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Messages in flight: 1 or 2. With one the core does half as much.
    pub lanes: usize,
    /// Blocks of 64 bytes, padding included, that wait in the buffer of a lane: 2, 4, 8, 16 or 32.
    pub lane_blocks: usize,
}

impl Config {
    /// One memory of 512 words for both lanes.
    pub const fn small() -> Self {
        Self { lanes: 2, lane_blocks: 16 }
    }

    /// 2 KiB per lane.
    pub const fn ecp5() -> Self {
        Self { lanes: 2, lane_blocks: 32 }
    }

    /// 2 KiB per lane.
    pub const fn ultrascale() -> Self {
        Self { lanes: 2, lane_blocks: 32 }
    }
}

/// SM3 core; stages, cycles and area: see the module.
#[derive(LogicBlock)]
pub struct Sm3 {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops every message.
    pub clear: Signal<In, bool>,
    /// A word is there.
    pub in_valid: Signal<In, bool>,
    /// It is taken.
    pub in_ready: Signal<Out, bool>,
    /// Four bytes, the first in bits 7 … 0.
    pub in_data: Signal<In, Bits<32>>,
    /// Valid bytes.
    pub in_bytes: Signal<In, Bits<3>>,
    /// Last word of its message.
    pub in_last: Signal<In, bool>,
    /// A word of a digest is there.
    pub out_valid: Signal<Out, bool>,
    /// It is taken.
    pub out_ready: Signal<In, bool>,
    /// Four bytes, the first in bits 7 … 0.
    pub out_data: Signal<Out, Bits<32>>,
    /// Last word of its digest.
    pub out_last: Signal<Out, bool>,

    committing: Signal<Local, bool>,
    digest_address: Signal<Local, Bits<16>>,
    digest_read: Signal<Local, Bits<16>>,
    digest_word: Signal<Local, Bits<32>>,

    padding: Padding<4>,
    blocks: BlockQueue,
    waiting: DFF<bool>,
    write_index: DFF<Bits<4>>,
    buffer: BlockRam<1>,
    fetch_address: DFF<Bits<16>>,
    message_word: DFF<Bits<32>>,
    message_last: DFF<bool>,
    control: Control,
    expansion: Expansion,
    rounds: Rounds,
    digests: DigestQueue,
    digest_a: BlockRam<1>,
    digest_e: BlockRam<1>,
    out_word: DFF<Bits<32>>,
    _config: Config,
}

impl Sm3 {
    /// Core of these sizes.
    pub fn new(config: Config) -> Self {
        let digest_words = 2 * DIGESTS_PER_LANE as usize * 4 * 2;
        Self {
            clock: Default::default(),
            clear: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_bytes: Default::default(),
            in_last: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            out_last: Default::default(),
            committing: Default::default(),
            digest_address: Default::default(),
            digest_read: Default::default(),
            digest_word: Default::default(),
            padding: Padding::new(LENGTH_LEN / 4),
            blocks: BlockQueue::new(config.lane_blocks, config.lanes),
            waiting: Default::default(),
            write_index: Default::default(),
            buffer: BlockRam::new(2 * config.lane_blocks * BLOCK_LEN / 4),
            fetch_address: Default::default(),
            message_word: Default::default(),
            message_last: Default::default(),
            control: Control::new(config.lanes),
            expansion: Default::default(),
            rounds: Default::default(),
            digests: DigestQueue::new(config.lanes),
            digest_a: BlockRam::new(digest_words),
            digest_e: BlockRam::new(digest_words),
            out_word: Default::default(),
            _config: config,
        }
    }
}

impl Default for Sm3 {
    fn default() -> Self {
        Self::new(Config::ecp5())
    }
}

impl HashCore for Sm3 {
    hash_core_ports!(word32);

    fn latency(&self) -> u32 {
        174
    }

    fn cycles_per_block(&self) -> f64 {
        136.0 / self._config.lanes as f64
    }
}

impl Logic for Sm3 {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, waiting, write_index);
        clock!(
            self,
            clock,
            padding,
            blocks,
            buffer,
            fetch_address,
            message_word,
            message_last,
            control,
            expansion,
            rounds,
            digests,
            digest_a,
            digest_e
        );
        dff_setup!(self, clock, out_word);

        // Stage 1: padding. A block's words go into its lane's buffer; then the next place must
        // be free.
        self.padding.clear.next = self.clear.val();
        self.padding.in_valid.next = self.in_valid.val();
        self.padding.in_data.next = self.in_data.val();
        self.padding.in_bytes.next = self.in_bytes.val();
        self.padding.in_last.next = self.in_last.val();
        self.in_ready.next = self.padding.in_ready.val();
        self.committing.next = self.padding.block_ready.val();
        self.padding.start.next = self.committing.val();
        self.blocks.clear.next = self.clear.val();
        self.blocks.commit.next = self.committing.val();
        self.blocks.commit_last.next = self.padding.block_last.val();
        self.padding.block_taken.next = self.waiting.q.val() & self.blocks.room.val();
        if self.committing.val() {
            self.waiting.d.next = true;
        }
        if (self.waiting.q.val() & self.blocks.room.val()) | self.clear.val() {
            self.waiting.d.next = false;
        }
        if self.padding.push.val() {
            self.write_index.d.next = self.write_index.q.val() + 1;
        }
        if self.clear.val() {
            self.write_index.d.next = 0.into();
        }
        self.buffer.write.next = self.padding.push.val();
        self.buffer.write_data.next = self.padding.word.val();
        self.buffer.write_flags.next = 0.into();
        if self.padding.block_last.val() {
            self.buffer.write_flags.next = 1.into();
        }
        self.buffer.write_address.next = (bit_cast::<16, 6>(self.blocks.write_block.val()) << 5)
            | bit_cast::<16, 4>(self.write_index.q.val());
        if self.blocks.write_lane.val() {
            self.buffer.write_address.next = (bit_cast::<16, 6>(self.blocks.write_block.val())
                << 5)
                | bit_cast::<16, 4>(self.write_index.q.val())
                | 16;
        }

        // Stage 2: fetch.
        self.control.clear.next = self.clear.val();
        self.control.ready_0.next = self.blocks.ready_0.val();
        self.control.ready_1.next = self.blocks.ready_1.val();
        self.control.room_0.next = self.digests.room_0.val();
        self.control.room_1.next = self.digests.room_1.val();
        self.blocks.free.next = self.control.free.val();
        self.blocks.free_lane.next = self.control.lane.val();
        self.fetch_address.d.next = (bit_cast::<16, 6>(self.blocks.head_0.val()) << 5)
            | bit_cast::<16, 4>(self.control.fetch.val());
        if self.control.lane.val() {
            self.fetch_address.d.next = (bit_cast::<16, 6>(self.blocks.head_1.val()) << 5)
                | bit_cast::<16, 4>(self.control.fetch.val())
                | 16;
        }
        self.buffer.enable.next = true;
        self.buffer.read_address.next = self.fetch_address.q.val();
        self.message_word.d.next = self.buffer.read_data.val();
        self.message_last.d.next = self.buffer.read_flags.val().any();
        self.control.word_last.next = self.message_last.q.val();

        // Stage 3: expansion and rounds.
        self.expansion.load.next = self.control.expand.val();
        self.expansion.message_word.next = self.message_word.q.val();
        self.rounds.load.next = self.control.load.val();
        self.rounds.close.next = self.control.close.val();
        self.rounds.fresh.next = self.control.fresh.val();
        self.rounds.second_form.next = self.control.second_form.val();
        self.rounds.first_t.next = self.control.first_t.val();
        self.rounds.second_t.next = self.control.second_t.val();
        self.rounds.w.next = self.expansion.w.val();
        self.rounds.w_prime.next = self.expansion.w_prime.val();

        // Stage 4: digests.
        self.digests.clear.next = self.clear.val();
        self.digests.start.next = self.control.start.val();
        self.digests.start_lane.next = self.control.lane.val();
        self.digests.write_lane.next = self.control.digest_lane.val();
        self.digests.done.next =
            self.control.digest_write.val() & self.control.digest_word.val().all();
        self.digest_address.next = (bit_cast::<16, 2>(self.digests.write_place.val()) << 3)
            | bit_cast::<16, 2>(self.control.digest_word.val());
        if self.control.digest_lane.val() {
            self.digest_address.next = (bit_cast::<16, 2>(self.digests.write_place.val()) << 3)
                | bit_cast::<16, 2>(self.control.digest_word.val())
                | 4;
        }
        // Verilog inverts in the width of the whole expression, hence the mask.
        self.digest_read.next = (bit_cast::<16, 2>(self.digests.read_place.val()) << 3)
            | (bit_cast::<16, 2>(!self.digests.read_word.val().get_bits::<2>(0)) & 3);
        if self.digests.read_lane.val() {
            self.digest_read.next = (bit_cast::<16, 2>(self.digests.read_place.val()) << 3)
                | (bit_cast::<16, 2>(!self.digests.read_word.val().get_bits::<2>(0)) & 3)
                | 4;
        }
        self.digest_a.write.next = self.control.digest_write.val();
        self.digest_a.write_address.next = self.digest_address.val();
        self.digest_a.write_data.next = self.rounds.chain_a.val();
        self.digest_a.write_flags.next = 0.into();
        self.digest_a.enable.next = self.digests.enable.val();
        // The memory that is not asked reads a word of its upper half, which stays 0.
        self.digest_a.read_address.next = self.digest_read.val();
        self.digest_e.read_address.next = self.digest_read.val() | 32;
        if self.digests.read_word.val().get_bit(2) {
            self.digest_a.read_address.next = self.digest_read.val() | 32;
            self.digest_e.read_address.next = self.digest_read.val();
        }
        self.digest_e.write.next = self.control.digest_write.val();
        self.digest_e.write_address.next = self.digest_address.val();
        self.digest_e.write_data.next = self.rounds.chain_e.val();
        self.digest_e.write_flags.next = 0.into();
        self.digest_e.enable.next = self.digests.enable.val();

        // Stage 5: output, with C, D, G and H turned back and the bytes in order.
        self.digest_word.next = self.digest_a.read_data.val() | self.digest_e.read_data.val();
        if self.digests.fetched_word.val().get_bit(1) {
            self.digest_word.next = (self.digest_a.read_data.val() << 9)
                | (self.digest_a.read_data.val() >> 23)
                | (self.digest_e.read_data.val() << 19)
                | (self.digest_e.read_data.val() >> 13);
        }
        if self.digests.enable.val() {
            self.out_word.d.next = (self.digest_word.val() << 24)
                | ((self.digest_word.val() & 0x0000_FF00) << 8)
                | ((self.digest_word.val() >> 8) & 0x0000_FF00)
                | (self.digest_word.val() >> 24);
        }
        self.digests.out_ready.next = self.out_ready.val();
        self.out_valid.next = self.digests.out_valid.val();
        self.out_last.next = self.digests.out_last.val();
        self.out_data.next = self.out_word.q.val();
    }
}
