//! Keccak-256 and SHA3-256: FIPS 202.
//!
//! Two messages are in flight: message k belongs to lane k mod 2, and the lanes take turns in a
//! round of two cycles, half a round each. The domain byte comes with each message's last word.
//!
//! 1. `padding` makes blocks of seventeen words of 64 bits and writes them into the buffer of the
//!    message's lane.
//! 2. `fetch` fills a register with the next block of the lane that will need one first.
//! 3. `round`, front stage: column parities of θ.
//! 4. `round`, back stage: the rest of θ, ρ, π, χ, and ι together with the next block, in the
//!    fourth input of χ's tables.
//! 5. Digests go word by word into one of four places per lane.
//! 6. They leave in the order of their messages.
//!
//! Ports: see [`crate::hash`]. A block takes 24 steps of two cycles and a message one step more,
//! so both lanes together take 24.25 cycles per block of messages of four blocks, and 25 of one.
//! From the last word of a message of at most eight bytes to the first word of its digest an idle
//! core takes 104 cycles.
//!
//! A message longer than its lane's buffer works: it begins when nothing else is in the core, and
//! the other lane idles until its last word came. One message alone advances by a block in 48
//! cycles.
//!
//! Lattice ECP5-85F, speed 6, preset `ecp5`, yosys 0.70, nextpnr-ecp5 0.11 after routing, seed 1:
//! 119.52 MHz, 4,969 TRELLIS_COMB, 6,279 TRELLIS_FF, 5 DP16KD, as `cargo xtask figures` records it.
//! The clock is bound by the choice of the lane in `fetch`, not by the rounds.

pub mod control;
pub mod fetch;
pub mod padding;
pub mod round;

use rust_hdl::prelude::*;

use super::HashCore;
use super::lanes::{BlockQueue, DIGESTS_PER_LANE, DigestQueue};
use crate::hash_core_ports;
use crate::prim::BlockRam;
use control::Control;
use fetch::Fetch;
use padding::Padding;
use round::Round;

/// Sizes of a Keccak core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Messages in flight: 1 or 2. With one the core does half as much.
    pub lanes: usize,
    /// Blocks of 136 bytes, padding included, that wait in the buffer of a lane: 2, 4, 8, 16 or 32.
    pub lane_blocks: usize,
}

impl Config {
    /// 1 KiB per lane.
    pub const fn small() -> Self {
        Self { lanes: 2, lane_blocks: 8 }
    }

    /// 2 KiB per lane.
    pub const fn ecp5() -> Self {
        Self { lanes: 2, lane_blocks: 16 }
    }

    /// 4 KiB per lane.
    pub const fn ultrascale() -> Self {
        Self { lanes: 2, lane_blocks: 32 }
    }
}

/// Places for words that a block has in the buffer.
const BLOCK_PLACES: usize = 32;

/// Keccak core; stages, cycles and area: see the module.
#[derive(LogicBlock)]
pub struct Keccak {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops every message.
    pub clear: Signal<In, bool>,
    /// A word is there.
    pub in_valid: Signal<In, bool>,
    /// It is taken.
    pub in_ready: Signal<Out, bool>,
    /// Bytes 0 … 3, the first in bits 7 … 0.
    pub in_data: Signal<In, Bits<32>>,
    /// Bytes 4 … 7.
    pub in_data_high: Signal<In, Bits<32>>,
    /// Valid bytes.
    pub in_bytes: Signal<In, Bits<4>>,
    /// Last word of its message.
    pub in_last: Signal<In, bool>,
    /// Domain byte, with the last word.
    pub in_suffix: Signal<In, Bits<8>>,
    /// A word of a digest is there.
    pub out_valid: Signal<Out, bool>,
    /// It is taken.
    pub out_ready: Signal<In, bool>,
    /// Four bytes, the first in bits 7 … 0.
    pub out_data: Signal<Out, Bits<32>>,
    /// Last word of its digest.
    pub out_last: Signal<Out, bool>,

    write_address: Signal<Local, Bits<16>>,
    read_address: Signal<Local, Bits<16>>,
    digest_address: Signal<Local, Bits<16>>,
    digest_read: Signal<Local, Bits<16>>,

    padding: Padding,
    blocks: BlockQueue,
    waiting: DFF<bool>,
    buffer_low: BlockRam<1>,
    buffer_high: BlockRam<1>,
    fetch: Fetch,
    control: Control,
    round: Round,
    digest: [DFF<Bits<32>>; 8],
    writing: DFF<bool>,
    writing_lane: DFF<bool>,
    writing_word: DFF<Bits<3>>,
    digests: DigestQueue,
    digest_memory: BlockRam<1>,
    out_word: DFF<Bits<32>>,
    _config: Config,
}

impl Keccak {
    /// Core of these sizes.
    pub fn new(config: Config) -> Self {
        let words = 2 * config.lane_blocks * BLOCK_PLACES;
        Self {
            clock: Default::default(),
            clear: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_data_high: Default::default(),
            in_bytes: Default::default(),
            in_last: Default::default(),
            in_suffix: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            out_last: Default::default(),
            write_address: Default::default(),
            read_address: Default::default(),
            digest_address: Default::default(),
            digest_read: Default::default(),
            padding: Default::default(),
            blocks: BlockQueue::new(config.lane_blocks, config.lanes),
            waiting: Default::default(),
            buffer_low: BlockRam::new(words),
            buffer_high: BlockRam::new(words),
            fetch: Default::default(),
            control: Default::default(),
            round: Default::default(),
            digest: Default::default(),
            writing: Default::default(),
            writing_lane: Default::default(),
            writing_word: Default::default(),
            digests: DigestQueue::new(config.lanes),
            digest_memory: BlockRam::new(2 * DIGESTS_PER_LANE as usize * 8),
            out_word: Default::default(),
            _config: config,
        }
    }
}

impl Default for Keccak {
    fn default() -> Self {
        Self::new(Config::ecp5())
    }
}

impl HashCore for Keccak {
    hash_core_ports!(word64);

    fn latency(&self) -> u32 {
        104
    }

    fn cycles_per_block(&self) -> f64 {
        48.5 / self._config.lanes as f64
    }
}

impl Logic for Keccak {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, waiting, writing, writing_lane, writing_word, out_word);
        clock!(
            self,
            clock,
            padding,
            blocks,
            buffer_low,
            buffer_high,
            fetch,
            control,
            round,
            digests,
            digest_memory
        );

        // Stage 1: padding. A block's words go into its lane's buffer; then the next place must
        // be free.
        self.padding.clear.next = self.clear.val();
        self.padding.in_valid.next = self.in_valid.val();
        self.padding.in_data.next = self.in_data.val();
        self.padding.in_data_high.next = self.in_data_high.val();
        self.padding.in_bytes.next = self.in_bytes.val();
        self.padding.in_last.next = self.in_last.val();
        self.padding.in_suffix.next = self.in_suffix.val();
        self.in_ready.next = self.padding.in_ready.val();
        self.blocks.clear.next = self.clear.val();
        self.blocks.commit.next = self.padding.block_ready.val();
        self.blocks.commit_last.next = self.padding.block_last.val();
        self.padding.go_on.next = self.waiting.q.val() & self.blocks.room.val();
        if self.blocks.room.val() {
            self.waiting.d.next = false;
        }
        if self.padding.block_ready.val() {
            self.waiting.d.next = true;
        }
        if self.clear.val() {
            self.waiting.d.next = false;
        }
        self.write_address.next = (bit_cast::<16, 6>(self.blocks.write_block.val()) << 6)
            | bit_cast::<16, 5>(self.padding.index.val());
        if self.blocks.write_lane.val() {
            self.write_address.next = (bit_cast::<16, 6>(self.blocks.write_block.val()) << 6)
                | bit_cast::<16, 5>(self.padding.index.val())
                | 32;
        }
        self.buffer_low.write.next = self.padding.push.val();
        self.buffer_low.write_address.next = self.write_address.val();
        self.buffer_low.write_data.next = self.padding.low.val();
        self.buffer_low.write_flags.next = 0.into();
        if self.padding.block_last.val() {
            self.buffer_low.write_flags.next = 1.into();
        }
        self.buffer_high.write.next = self.padding.push.val();
        self.buffer_high.write_address.next = self.write_address.val();
        self.buffer_high.write_data.next = self.padding.high.val();
        self.buffer_high.write_flags.next = 0.into();

        // Stage 2: fetch.
        self.fetch.clear.next = self.clear.val();
        self.fetch.ready_0.next = self.blocks.ready_0.val();
        self.fetch.ready_1.next = self.blocks.ready_1.val();
        self.fetch.room_0.next = self.digests.room_0.val();
        self.fetch.room_1.next = self.digests.room_1.val();
        self.fetch.arrived.next = self.padding.block_ready.val() & self.padding.block_last.val();
        self.fetch.arrived_lane.next = self.blocks.write_lane.val();
        self.fetch.round_0.next = self.control.round_0.val();
        self.fetch.round_1.next = self.control.round_1.val();
        self.fetch.take.next = self.control.take.val();
        self.blocks.free.next = self.fetch.free.val();
        self.blocks.free_lane.next = self.fetch.lane.val();
        self.read_address.next = (bit_cast::<16, 6>(self.blocks.head_0.val()) << 6)
            | bit_cast::<16, 5>(self.fetch.place.val());
        if self.fetch.lane.val() {
            self.read_address.next = (bit_cast::<16, 6>(self.blocks.head_1.val()) << 6)
                | bit_cast::<16, 5>(self.fetch.place.val())
                | 32;
        }
        self.buffer_low.enable.next = true;
        self.buffer_low.read_address.next = self.read_address.val();
        self.buffer_high.enable.next = true;
        self.buffer_high.read_address.next = self.read_address.val();
        self.fetch.low.next = self.buffer_low.read_data.val();
        self.fetch.high.next = self.buffer_high.read_data.val();
        self.fetch.word_last.next = self.buffer_low.read_flags.val().any();

        // Stages 3 and 4: rounds.
        self.control.clear.next = self.clear.val();
        self.control.full.next = self.fetch.full.val();
        self.control.full_lane.next = self.fetch.lane.val();
        self.control.full_last.next = self.fetch.last.val();
        self.round.enable.next = self.control.enable.val();
        self.round.round.next = self.control.round.val();
        self.round.absorb.next = self.control.take.val();
        self.round.zero.next = self.control.zero.val();
        for i in 0..17 {
            self.round.block_low[i].next = self.fetch.block_low[i].val();
            self.round.block_high[i].next = self.fetch.block_high[i].val();
        }

        // Stage 5: digests, word by word into their memory.
        for i in 0..8 {
            self.digest[i].clock.next = self.clock.val();
            self.digest[i].d.next = self.digest[i].q.val();
        }
        if self.writing.q.val() {
            self.writing_word.d.next = self.writing_word.q.val() + 1;
            for i in 0..7 {
                self.digest[i].d.next = self.digest[i + 1].q.val();
            }
            if self.writing_word.q.val().all() {
                self.writing.d.next = false;
            }
        }
        if self.control.done.val() {
            self.writing.d.next = true;
            self.writing_lane.d.next = self.control.lane.val();
            for i in 0..4 {
                self.digest[2 * i].d.next = self.round.digest_low[i].val();
                self.digest[2 * i + 1].d.next = self.round.digest_high[i].val();
            }
        }
        if self.clear.val() {
            self.writing.d.next = false;
            self.writing_word.d.next = 0.into();
        }
        self.digests.clear.next = self.clear.val();
        self.digests.start.next = self.fetch.start.val();
        self.digests.start_lane.next = self.fetch.start_lane.val();
        self.digests.write_lane.next = self.writing_lane.q.val();
        self.digests.done.next = self.writing.q.val() & self.writing_word.q.val().all();
        self.digest_address.next = (bit_cast::<16, 2>(self.digests.write_place.val()) << 4)
            | bit_cast::<16, 3>(self.writing_word.q.val());
        if self.writing_lane.q.val() {
            self.digest_address.next = (bit_cast::<16, 2>(self.digests.write_place.val()) << 4)
                | bit_cast::<16, 3>(self.writing_word.q.val())
                | 8;
        }
        self.digest_read.next = (bit_cast::<16, 2>(self.digests.read_place.val()) << 4)
            | bit_cast::<16, 3>(self.digests.read_word.val());
        if self.digests.read_lane.val() {
            self.digest_read.next = (bit_cast::<16, 2>(self.digests.read_place.val()) << 4)
                | bit_cast::<16, 3>(self.digests.read_word.val())
                | 8;
        }
        self.digest_memory.write.next = self.writing.q.val();
        self.digest_memory.write_address.next = self.digest_address.val();
        self.digest_memory.write_data.next = self.digest[0].q.val();
        self.digest_memory.write_flags.next = 0.into();
        self.digest_memory.enable.next = self.digests.enable.val();
        self.digest_memory.read_address.next = self.digest_read.val();

        // Stage 6: output.
        if self.digests.enable.val() {
            self.out_word.d.next = self.digest_memory.read_data.val();
        }
        self.digests.out_ready.next = self.out_ready.val();
        self.out_valid.next = self.digests.out_valid.val();
        self.out_last.next = self.digests.out_last.val();
        self.out_data.next = self.out_word.q.val();
    }
}
