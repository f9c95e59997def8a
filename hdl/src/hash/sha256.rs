//! SHA-256 (FIPS 180-4, section 6.2).
//!
//! Ports as in [the module above](super) with input words of 32 bits. One word of 32 bits is a word of the standard.
//!
//! Stages:
//! 1. [`Padding`](super::sha2::Padding): one input word per cycle becomes one word of a padded block;
//!    an extra block is made when the length does not fit. Messages below 2^61 bytes.
//! 2. [`Schedule`](super::sha2::Schedule): the block buffer, which fills while the block before is
//!    in the rounds; W_t in cycles t − 6 … t − 4 and K_t + W_t in cycle t − 3.
//! 3. [`Rounds`](super::sha2::Rounds): E_t in cycle t, A_t in cycle t + 2. Four link cycles add the
//!    chaining value and bring in the next block's, also when that begins another message.
//! 4. [`DigestOrder`](super::sha2::DigestOrder) and a memory of two digests: the output waits for
//!    `out_ready` without holding up the next two messages.
//!
//! One block of 512 bits every 68 cycles (64 rounds and 4 link cycles), within a message and
//! between messages. The first word of a digest leaves 95 cycles after the only word of a short
//! message entered an idle core, one less for each further word of a one-block message.
//!
//! Longest paths: two chained additions of 32 bits, E_t = (Y + Ch) + Σ1 and A_t = (X + Maj) + Σ0.
//! Every other stage is one addition, with at most one level of logic before it.
//!
//! Area and clock, padding and digest memory included, after place and route with yosys 0.70 and
//! nextpnr-ecp5 0.11.1 (85F, speed grade 6), as `cargo xtask figures` records it:
//!
//! | preset | part | Fmax | COMB | FF | DP16KD | Mb/s | Mb/s per COMB | seed |
//! | --- | --- | --- | --- | --- | --- | --- | --- | --- |
//! | `ecp5` | LFE5U-85F-6 | 148.39 MHz | 1,060 | 2,358 | 0 | 1,117 | 1.05 | 1 |

use chaincard_reference::params::sha2 as params;
use rust_hdl::prelude::*;

use super::HashCore;
use super::sha2::{self, Config, DigestOrder, Engine, Padding, Parameters};
use crate::hash_core_ports;
use crate::prim::LutRam;

/// SHA-256 core.
#[derive(LogicBlock)]
pub struct Sha256 {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops every message.
    pub clear: Signal<In, bool>,
    /// A word of a message is there.
    pub in_valid: Signal<In, bool>,
    /// It is taken.
    pub in_ready: Signal<Out, bool>,
    /// Its bytes, the first one in bits 7 … 0.
    pub in_data: Signal<In, Bits<32>>,
    /// Valid bytes of the last word, 0 … 4.
    pub in_bytes: Signal<In, Bits<3>>,
    /// It is the last one of its message.
    pub in_last: Signal<In, bool>,
    /// A word of a digest is there.
    pub out_valid: Signal<Out, bool>,
    /// It is taken.
    pub out_ready: Signal<In, bool>,
    /// Its bytes, the first one in bits 7 … 0.
    pub out_data: Signal<Out, Bits<32>>,
    /// It is the last one of its digest.
    pub out_last: Signal<Out, bool>,

    digest_word: Signal<Local, Bits<32>>,
    padding: Padding<4>,
    engine: Engine<32, 6>,
    order: DigestOrder<3>,
    digests: LutRam<32, 4>,
}

impl Sha256 {
    /// Generates the core.
    pub fn new(config: Config) -> Self {
        let length_words = params::SHA256_LENGTH_LEN / 4;
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
            digest_word: Default::default(),
            padding: Padding::new(length_words),
            engine: Engine::new(&Self::parameters(), config),
            order: Default::default(),
            digests: Default::default(),
        }
    }

    /// Parameters of the standard.
    pub fn parameters() -> Parameters {
        Parameters {
            iv: params::SHA256_IV.map(u64::from),
            k: params::SHA256_K.iter().map(|&k| k.into()).collect(),
            big_sigma_0: params::SHA256_BIG_SIGMA_0,
            big_sigma_1: params::SHA256_BIG_SIGMA_1,
            small_sigma_0: params::SHA256_SMALL_SIGMA_0,
            small_sigma_1: params::SHA256_SMALL_SIGMA_1,
        }
    }
}

impl Default for Sha256 {
    fn default() -> Self {
        Self::new(Config::default())
    }
}

impl Logic for Sha256 {
    #[hdl_gen]
    fn update(&mut self) {
        self.padding.clock.next = self.clock.val();
        self.engine.clock.next = self.clock.val();
        self.order.clock.next = self.clock.val();
        self.digests.clock.next = self.clock.val();
        self.padding.clear.next = self.clear.val();
        self.engine.clear.next = self.clear.val();
        self.order.clear.next = self.clear.val();

        self.padding.in_valid.next = self.in_valid.val();
        self.in_ready.next = self.padding.in_ready.val();
        self.padding.in_data.next = self.in_data.val();
        self.padding.in_bytes.next = self.in_bytes.val();
        self.padding.in_last.next = self.in_last.val();

        self.engine.word.next = self.padding.word.val();
        self.engine.push.next = self.padding.push.val();
        self.engine.block_ready.next = self.padding.block_ready.val();
        self.engine.block_first.next = self.padding.block_first.val();
        self.engine.block_last.next = self.padding.block_last.val();
        self.padding.start.next = self.engine.start.val();
        self.padding.block_taken.next = self.engine.block_taken.val();

        self.order.write.next = self.engine.digest_valid.val();
        self.engine.digest_taken.next = self.order.taken.val();
        self.digests.write_address.next = self.order.write_address.val();
        self.digests.write_data.next = self.engine.digest.val();
        self.digests.write_enable.next = self.engine.digest_valid.val();
        self.digests.read_address.next = bit_cast::<4, 3>(self.order.read_index.val());
        if self.order.read_half.val() {
            self.digests.read_address.next = bit_cast::<4, 3>(self.order.read_index.val()) | 8;
        }
        self.digest_word.next = self.digests.read_data.val();
        self.out_data.next = (self.digest_word.val() << 24)
            | ((self.digest_word.val() & 0x0000_FF00) << 8)
            | ((self.digest_word.val() >> 8) & 0x0000_FF00)
            | (self.digest_word.val() >> 24);
        self.out_valid.next = self.order.out_valid.val();
        self.out_last.next = self.order.out_last.val();
        self.order.out_ready.next = self.out_ready.val();
    }
}

impl HashCore for Sha256 {
    hash_core_ports!(word32);

    fn latency(&self) -> u32 {
        sha2::latency(params::SHA256_BLOCK_LEN, params::SHA256_K.len())
    }

    fn cycles_per_block(&self) -> f64 {
        sha2::cycles_per_block(params::SHA256_K.len()).into()
    }
}
