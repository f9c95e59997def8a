//! Engine banks: the hash cores of a card behind one stream.
//!
//! Every bank has the same ports. `select` is the wire code of the algorithm; it changes only
//! while no message is in the bank. The other ports are those of a hash core with 32-bit words
//! (see [`crate::hash`]), and `capabilities` has a bit for each algorithm that the bank has.
//! A new kind of engine (another opcode) gets a bank of its own beside these.

use crate::hash::Sha256;
use chaincard_protocol::HashAlgorithm;
use rust_hdl::prelude::*;

/// Bits of `Register::Capabilities`.
const fn capabilities(algorithms: &[HashAlgorithm]) -> u32 {
    let mut bits = 0;
    let mut i = 0;
    while i < algorithms.len() {
        bits |= 1 << algorithms[i].code();
        i += 1;
    }
    bits
}

/// Words of the longest digest of these algorithms.
const fn digest_words(algorithms: &[HashAlgorithm]) -> u32 {
    let mut words = 0;
    let mut i = 0;
    while i < algorithms.len() {
        let len = algorithms[i].digest_len() as u32 / 4;
        if len > words {
            words = len;
        }
        i += 1;
    }
    words
}

/// SHA-256 alone.
#[derive(LogicBlock)]
pub(super) struct Sha256Bank {
    pub(super) clock: Signal<In, Clock>,
    pub(super) clear: Signal<In, Bit>,
    pub(super) select: Signal<In, Bits<5>>,
    pub(super) in_valid: Signal<In, Bit>,
    pub(super) in_ready: Signal<Out, Bit>,
    pub(super) in_data: Signal<In, Bits<32>>,
    pub(super) in_bytes: Signal<In, Bits<3>>,
    pub(super) in_last: Signal<In, Bit>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_data: Signal<Out, Bits<32>>,
    pub(super) capabilities: Signal<Out, Bits<32>>,
    core: Sha256,
    present: Constant<Bits<32>>,
}

impl Sha256Bank {
    const ALGORITHMS: [HashAlgorithm; 1] = [HashAlgorithm::Sha256];

    /// Words of the longest digest.
    pub(super) const DIGEST_WORDS: u32 = digest_words(&Self::ALGORITHMS);
}

impl Default for Sha256Bank {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            select: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_bytes: Default::default(),
            in_last: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            capabilities: Default::default(),
            core: Default::default(),
            present: Constant::new(capabilities(&Self::ALGORITHMS).to_bits()),
        }
    }
}

impl Logic for Sha256Bank {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, core);
        self.core.clear.next = self.clear.val();
        self.core.in_valid.next = self.in_valid.val();
        self.core.in_data.next = self.in_data.val();
        self.core.in_bytes.next = self.in_bytes.val();
        self.core.in_last.next = self.in_last.val();
        self.core.out_ready.next = self.out_ready.val();
        self.in_ready.next = self.core.in_ready.val();
        self.out_valid.next = self.core.out_valid.val();
        self.out_data.next = self.core.out_data.val();
        self.capabilities.next = self.present.val();
    }
}
