//! Valid/ready streams: what both engines push into a design and take out of it.
//!
//! The native and the Verilator engine run the same loop with the same random numbers, so
//! that equal designs give equal words in equal cycles.

use rust_hdl::prelude::Block;

/// Random stalls of a test bench, the same on both engines for the same seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stalls {
    /// Seed of the random numbers.
    pub seed: u64,
    /// In how many of 256 cycles the bench holds back its next word.
    pub input: u8,
    /// In how many of 256 cycles the bench takes no word.
    pub output: u8,
}

/// SplitMix64, the generator of both engines (Steele, Lea, Flood 2014).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitMix64(pub u64);

impl SplitMix64 {
    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// True in `of_256` of 256 calls; a probability of 0 draws no number.
    pub fn chance(&mut self, of_256: u8) -> bool {
        of_256 != 0 && (self.next_u64() >> 56) < u64::from(of_256)
    }
}

/// Decides in which cycles a bench presents and takes words. A word once presented stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pacer {
    pub(crate) rng: SplitMix64,
    pub(crate) stalls: Stalls,
    pub(crate) presented: bool,
    accepting: bool,
}

impl Pacer {
    /// A pacer with `stalls`.
    pub fn new(stalls: Stalls) -> Self {
        Self { rng: SplitMix64(stalls.seed), stalls, presented: false, accepting: false }
    }

    /// Whether a word is presented in this cycle; `waiting`: there is one.
    pub(crate) fn present(&mut self, waiting: bool) -> bool {
        if !self.presented && waiting {
            self.presented = !self.rng.chance(self.stalls.input);
        }
        self.presented
    }

    /// Draws whether an output word is taken in this cycle.
    pub(crate) fn accept(&mut self) -> bool {
        self.accepting = !self.rng.chance(self.stalls.output);
        self.accepting
    }

    /// What [`accept`](Self::accept) drew.
    pub(crate) fn accepting(&self) -> bool {
        self.accepting
    }

    /// The presented word went in.
    pub(crate) fn taken(&mut self) {
        self.presented = false;
    }
}

/// When a stream run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most cycles.
    pub cycles: u64,
    /// Cycles without a transfer on either side after which it ends.
    pub idle: u64,
    /// The same bound once a word has come out and every input word has gone in.
    pub settle: u64,
    /// Output words after which it ends.
    pub words: usize,
}

impl Limits {
    pub(crate) fn reached(&self, given: usize, all_taken: bool, idle: u64) -> bool {
        let bound = if given > 0 && all_taken { self.settle } else { self.idle };
        given >= self.words || idle >= bound
    }
}

/// What one stream run did. Cycles count from the start of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamRun {
    /// Cycles run.
    pub cycles: u64,
    /// Input words taken.
    pub taken: usize,
    /// Cycle in which each input word was taken.
    pub taken_at: Vec<u64>,
    /// Output words, one value a field.
    pub words: Vec<u64>,
    /// Cycle in which each output word came.
    pub given_at: Vec<u64>,
}

/// The input and the output stream of a RustHDL design `D`.
pub trait Ports<D: Block> {
    /// Values in an input word.
    const IN_FIELDS: usize;

    /// Drives the input word (`None`: not valid) and the output's `ready`.
    fn drive(&self, design: &mut D, word: Option<&[u64]>, ready: bool);

    /// The input's `ready`.
    fn input_ready(&self, design: &D) -> bool;

    /// Appends the output word, when there is a valid one.
    fn output(&self, design: &D, words: &mut Vec<u64>) -> bool;
}

/// The same streams as names of ports of the emitted Verilog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortNames<'a> {
    /// Clock.
    pub clock: &'a str,
    /// Input handshake: valid, ready.
    pub input: (&'a str, &'a str),
    /// Fields of an input word; one that the design has no port for is dropped.
    pub in_fields: &'a [&'a str],
    /// Output handshake: valid, ready.
    pub output: (&'a str, &'a str),
    /// Fields of an output word.
    pub out_fields: &'a [&'a str],
}
