//! Steps a hash core natively: messages in, digests out, with gaps on both sides.

use std::collections::VecDeque;

use chaincard_hdl::hash::{DigestWord, HashCore, MessageWord};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_hdl::prelude::*;

/// How often each side is ready, in percent.
#[derive(Clone, Copy)]
pub(crate) struct Traffic {
    pub(crate) input: u32,
    pub(crate) output: u32,
}

impl Traffic {
    pub(crate) const FULL: Self = Self { input: 100, output: 100 };
}

pub(crate) struct Bench<C: HashCore> {
    pub(crate) core: C,
    pub(crate) cycle: u64,
    pub(crate) waiting: VecDeque<MessageWord>,
    pub(crate) digests: Vec<Vec<u8>>,
    /// Cycle of the first word of each digest.
    pub(crate) first_words: Vec<u64>,
    /// Cycle of the last word of each message.
    pub(crate) last_words: Vec<u64>,
    offered: bool,
    partial: Vec<u8>,
    random: ChaCha8Rng,
}

impl<C: HashCore> Bench<C> {
    pub(crate) fn new(mut core: C, seed: u64) -> Self {
        core.connect_all();
        println!("seed {seed}");
        Self {
            core,
            cycle: 0,
            waiting: VecDeque::new(),
            digests: vec![],
            first_words: vec![],
            last_words: vec![],
            offered: false,
            partial: vec![],
            random: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    /// Queues a message; the last word of a non-empty one is never empty.
    pub(crate) fn send(&mut self, message: &[u8], suffix: u8) {
        let words: Vec<&[u8]> = message.chunks(C::WORD_BYTES).collect();
        let words = if words.is_empty() { vec![&[][..]] } else { words };
        let count = words.len();
        for (index, bytes) in words.into_iter().enumerate() {
            self.push(bytes, index + 1 == count, suffix);
        }
    }

    /// Queues one word.
    pub(crate) fn push(&mut self, bytes: &[u8], last: bool, suffix: u8) {
        let mut data = [0; 8];
        data[..bytes.len()].copy_from_slice(bytes);
        let data = u64::from_le_bytes(data);
        self.waiting.push_back(MessageWord { data, bytes: bytes.len() as u8, last, suffix });
    }

    pub(crate) fn step(&mut self, traffic: Traffic, clear: bool) {
        self.offered = !self.waiting.is_empty()
            && (self.offered || self.random.random_range(0..100) < traffic.input);
        let ready = self.random.random_range(0..100) < traffic.output;
        self.core.set_input(self.offered.then(|| self.waiting[0]));
        self.core.set_output_ready(ready);
        self.core.set_clear(clear);
        self.settle();
        if self.offered && self.core.input_ready() {
            let word = self.waiting.pop_front().expect("an offered word");
            self.offered = false;
            if word.last {
                self.last_words.push(self.cycle);
            }
        }
        if let Some(DigestWord { data, last }) = self.core.output()
            && ready
        {
            if self.partial.is_empty() {
                self.first_words.push(self.cycle);
            }
            self.partial.extend(data.to_le_bytes());
            if last {
                self.digests.push(std::mem::take(&mut self.partial));
            }
        }
        if clear {
            self.waiting.clear();
            self.offered = false;
            self.partial.clear();
            self.digests.clear();
        }
        self.core.set_clock(true);
        self.settle();
        self.core.set_clock(false);
        self.settle();
        self.cycle += 1;
    }

    fn settle(&mut self) {
        assert!(simulate(&mut self.core, 100), "the logic settles");
    }

    /// Steps until `count` digests came; a core that stops is found after `limit` cycles.
    pub(crate) fn run(&mut self, count: usize, traffic: Traffic, limit: u64) {
        let end = self.cycle + limit;
        while self.digests.len() < count {
            assert!(self.cycle < end, "{} of {count} digests", self.digests.len());
            self.step(traffic, false);
        }
    }
}

pub(crate) fn random_bytes(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    ChaCha8Rng::seed_from_u64(seed).fill(&mut bytes[..]);
    bytes
}
