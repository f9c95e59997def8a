//! A bench for one hash core: messages in, digests and cycles out, on either engine.

use crate::SimError;
use crate::native::Native;
use crate::stream::{Limits, Pacer, PortNames, Ports, Stalls, StreamRun};
use crate::verilator::{Model, StreamPorts};
use chaincard_hdl::emit;
use chaincard_hdl::hash::{HashCore, MessageWord};
use std::marker::PhantomData;
use std::path::Path;

/// Cycles without a transfer after which a core counts as stuck: far above the cycles of the
/// slowest block.
const IDLE: u64 = 20_000;

/// A message and the domain byte that the Keccak core needs with it (others ignore it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Domain byte: 1 for Keccak-256, 6 for SHA3-256.
    pub suffix: u8,
}

/// What a core made of a list of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchRun {
    /// The digests, in order.
    pub digests: Vec<Vec<u8>>,
    /// For each message, the cycles in which something of it happened.
    pub spans: Vec<Span>,
    /// Cycles from the first to the last.
    pub cycles: u64,
}

/// When a message was in the core, in cycles from the start of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first word went in.
    pub first_in: u64,
    /// Its last word went in.
    pub last_in: u64,
    /// The first word of its digest came out.
    pub first_out: u64,
    /// The last word of its digest came out.
    pub last_out: u64,
}

/// A hash core natively simulated.
pub struct NativeCore<C: HashCore> {
    native: Native<C>,
}

impl<C: HashCore> NativeCore<C> {
    /// Simulates a core as `Default` makes it.
    ///
    /// # Errors
    /// [`SimError::NoConvergence`].
    pub fn new() -> Result<Self, SimError> {
        Self::with(C::default())
    }

    /// Simulates `core`.
    ///
    /// # Errors
    /// [`SimError::NoConvergence`].
    pub fn with(core: C) -> Result<Self, SimError> {
        Ok(Self { native: Native::new(core, C::set_clock)? })
    }

    /// The stepper, for waveforms.
    pub fn native(&mut self) -> &mut Native<C> {
        &mut self.native
    }

    /// Hashes `messages`, each digest `digest_len` bytes long.
    ///
    /// # Errors
    /// [`SimError::Stuck`] when the core stops, [`SimError::DigestLength`] when a digest
    /// ends at the wrong word, [`SimError::NoConvergence`].
    pub fn hash(
        &mut self,
        messages: &[Message<'_>],
        digest_len: usize,
        stalls: Stalls,
    ) -> Result<BenchRun, SimError> {
        let input = words(messages, C::WORD_BYTES);
        let mut pacer = Pacer::new(stalls);
        let limits = limits(messages.len(), digest_len);
        let run = self.native.stream(&CorePorts(PhantomData), &input, &mut pacer, &limits)?;
        collect(messages, digest_len, &input, &run)
    }
}

/// The same core's emitted Verilog under Verilator.
pub struct VerilatedCore<C: HashCore> {
    model: Model,
    ports: StreamPorts,
    core: PhantomData<fn() -> C>,
}

impl<C: HashCore> VerilatedCore<C> {
    /// Emits and builds `C::default()` as module `top`.
    ///
    /// # Errors
    /// As [`Model::new`].
    pub fn new(top: &str) -> Result<Self, SimError> {
        Self::with(C::default(), top)
    }

    /// Emits and builds `core` as module `top`.
    ///
    /// # Errors
    /// As [`Model::new`].
    pub fn with(mut core: C, top: &str) -> Result<Self, SimError> {
        Self::of(Model::new(&emit::verilog(&mut core, top), top)?)
    }

    /// As [`new`](Self::new), with VCD output to `path`.
    ///
    /// # Errors
    /// As [`Model::traced`].
    pub fn traced(top: &str, path: &Path) -> Result<Self, SimError> {
        Self::of(Model::traced(&emit::verilog(&mut C::default(), top), top, path)?)
    }

    fn of(model: Model) -> Result<Self, SimError> {
        const FIELDS: [&str; 5] = ["in_data", "in_bytes", "in_last", "in_data_high", "in_suffix"];
        let names = PortNames {
            clock: "clock",
            input: ("in_valid", "in_ready"),
            in_fields: if C::WORD_BYTES == 8 { &FIELDS } else { &FIELDS[..3] },
            output: ("out_valid", "out_ready"),
            out_fields: &["out_data", "out_last"],
        };
        let ports = model.stream_ports(&names)?;
        Ok(Self { model, ports, core: PhantomData })
    }

    /// As [`NativeCore::hash`].
    ///
    /// # Errors
    /// As [`NativeCore::hash`].
    pub fn hash(
        &mut self,
        messages: &[Message<'_>],
        digest_len: usize,
        stalls: Stalls,
    ) -> Result<BenchRun, SimError> {
        let input = words(messages, C::WORD_BYTES);
        let mut pacer = Pacer::new(stalls);
        let limits = limits(messages.len(), digest_len);
        let run = self.model.stream(&self.ports, &input, &mut pacer, &limits);
        collect(messages, digest_len, &input, &run)
    }
}

/// The streams of a hash core; an input word is data, bytes, last, and for 64-bit words
/// high data and suffix.
struct CorePorts<C>(PhantomData<fn() -> C>);

/// Values in an input word of a core with 32-bit and with 64-bit words.
const fn fields(word_bytes: usize) -> usize {
    if word_bytes == 8 { 5 } else { 3 }
}

impl<C: HashCore> Ports<C> for CorePorts<C> {
    const IN_FIELDS: usize = fields(C::WORD_BYTES);

    fn drive(&self, core: &mut C, word: Option<&[u64]>, ready: bool) {
        core.set_input(word.map(|word| MessageWord {
            data: word[0] | word.get(3).map_or(0, |high| high << 32),
            bytes: word[1] as u8,
            last: word[2] != 0,
            suffix: word.get(4).map_or(0, |&suffix| suffix as u8),
        }));
        core.set_output_ready(ready);
    }

    fn input_ready(&self, core: &C) -> bool {
        core.input_ready()
    }

    fn output(&self, core: &C, words: &mut Vec<u64>) -> bool {
        let Some(word) = core.output() else { return false };
        words.extend([u64::from(word.data), u64::from(word.last)]);
        true
    }
}

/// The words of `messages` as a core takes them. Invalid bytes of a last word are ones, which
/// a core must not let into the digest.
fn words(messages: &[Message<'_>], word_bytes: usize) -> Vec<u64> {
    let mut words = Vec::new();
    for message in messages {
        let count = message.bytes.len().div_ceil(word_bytes).max(1);
        for index in 0..count {
            let start = index * word_bytes;
            let valid = &message.bytes[start..message.bytes.len().min(start + word_bytes)];
            let mut bytes = [0xFF; 8];
            bytes[..valid.len()].copy_from_slice(valid);
            let data = u64::from_le_bytes(bytes);
            words.extend([data & 0xFFFF_FFFF, valid.len() as u64, u64::from(index + 1 == count)]);
            if word_bytes == 8 {
                words.extend([data >> 32, u64::from(message.suffix)]);
            }
        }
    }
    words
}

fn limits(messages: usize, digest_len: usize) -> Limits {
    Limits { cycles: u64::MAX, idle: IDLE, settle: IDLE, words: (messages * digest_len / 4).max(1) }
}

fn collect(
    messages: &[Message<'_>],
    digest_len: usize,
    input: &[u64],
    run: &StreamRun,
) -> Result<BenchRun, SimError> {
    let mut digests = Vec::with_capacity(messages.len());
    let mut out_spans = Vec::with_capacity(messages.len());
    let mut digest = Vec::with_capacity(digest_len);
    let mut first_out = 0;
    for (word, &cycle) in run.words.chunks_exact(2).zip(&run.given_at) {
        if digest.is_empty() {
            first_out = cycle;
        }
        digest.extend((word[0] as u32).to_le_bytes());
        if word[1] != 0 || digest.len() > digest_len {
            if digest.len() != digest_len {
                let (index, found) = (digests.len(), digest.len());
                return Err(SimError::DigestLength { index, found, wanted: digest_len });
            }
            digests.push(std::mem::take(&mut digest));
            out_spans.push((first_out, cycle));
        }
    }
    if digests.len() != messages.len() {
        let (found, wanted) = (digests.len(), messages.len());
        return Err(SimError::Stuck { idle: IDLE, found, wanted });
    }
    let word_fields = input.len() / run.taken_at.len().max(1);
    let mut spans = Vec::with_capacity(messages.len());
    let mut first_in = None;
    for (word, &cycle) in input.chunks_exact(word_fields.max(1)).zip(&run.taken_at) {
        let first = *first_in.get_or_insert(cycle);
        if word[2] != 0 {
            let (first_out, last_out) = out_spans[spans.len()];
            spans.push(Span { first_in: first, last_in: cycle, first_out, last_out });
            first_in = None;
        }
    }
    Ok(BenchRun { digests, spans, cycles: run.cycles })
}
