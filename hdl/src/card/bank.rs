//! Engine banks: the hash cores of a card behind one stream.
//!
//! Every bank has the same ports. `select` is the wire code of the algorithm; it changes only
//! while no message is in the bank. The other ports are those of a hash core with 32-bit words
//! (see [`crate::hash`]), and `capabilities` has a bit for each algorithm that the bank has.
//! A new kind of engine (another opcode) gets a bank of its own beside these.

use super::widen::Widen;
use crate::hash::keccak::Keccak;
use crate::hash::sm3::Sm3;
use crate::hash::{Sha256, Sha512};
use chaincard_protocol::HashAlgorithm;
use chaincard_reference::params::keccak::{DOMAIN_KECCAK, DOMAIN_SHA3};
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
    pub(super) param: Signal<In, Bits<12>>,
    pub(super) verify: Signal<In, Bit>,
    pub(super) recover: Signal<In, Bit>,
    pub(super) in_valid: Signal<In, Bit>,
    pub(super) in_ready: Signal<Out, Bit>,
    pub(super) in_data: Signal<In, Bits<32>>,
    pub(super) in_bytes: Signal<In, Bits<3>>,
    pub(super) in_last: Signal<In, Bit>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_data: Signal<Out, Bits<32>>,
    pub(super) capabilities: Signal<Out, Bits<32>>,
    pub(super) verify_capabilities: Signal<Out, Bits<9>>,
    pub(super) param_known: Signal<Out, Bit>,
    core: Sha256,
    present: Constant<Bits<32>>,
}

impl Sha256Bank {
    /// What it has.
    pub(super) const ALGORITHMS: [HashAlgorithm; 1] = [HashAlgorithm::Sha256];

    /// Words of the longest digest.
    pub(super) const fn digest_words() -> u32 {
        digest_words(&Self::ALGORITHMS)
    }
}

impl Default for Sha256Bank {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            select: Default::default(),
            param: Default::default(),
            verify: Default::default(),
            recover: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_bytes: Default::default(),
            in_last: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            capabilities: Default::default(),
            verify_capabilities: Default::default(),
            param_known: Default::default(),
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
        self.verify_capabilities.next = 0.into();
        self.param_known.next = false;
    }
}

/// Every hash core: SHA-256, SHA-512, Keccak (Keccak-256 and SHA3-256) and SM3.
#[derive(LogicBlock)]
pub(super) struct HashBank {
    pub(super) clock: Signal<In, Clock>,
    pub(super) clear: Signal<In, Bit>,
    pub(super) select: Signal<In, Bits<5>>,
    pub(super) param: Signal<In, Bits<12>>,
    pub(super) verify: Signal<In, Bit>,
    pub(super) recover: Signal<In, Bit>,
    pub(super) in_valid: Signal<In, Bit>,
    pub(super) in_ready: Signal<Out, Bit>,
    pub(super) in_data: Signal<In, Bits<32>>,
    pub(super) in_bytes: Signal<In, Bits<3>>,
    pub(super) in_last: Signal<In, Bit>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_data: Signal<Out, Bits<32>>,
    pub(super) capabilities: Signal<Out, Bits<32>>,
    pub(super) verify_capabilities: Signal<Out, Bits<9>>,
    pub(super) param_known: Signal<Out, Bit>,
    sha256: Sha256,
    sha512: Sha512,
    keccak: Keccak,
    sm3: Sm3,
    widen: Widen,
    on_sha256: Signal<Local, Bit>,
    on_sha512: Signal<Local, Bit>,
    on_keccak: Signal<Local, Bit>,
    on_sm3: Signal<Local, Bit>,
    present: Constant<Bits<32>>,
    k_sha256: Constant<Bits<5>>,
    k_sha512: Constant<Bits<5>>,
    k_keccak256: Constant<Bits<5>>,
    k_sha3_256: Constant<Bits<5>>,
    k_sm3: Constant<Bits<5>>,
    suffix_keccak256: Constant<Bits<8>>,
    suffix_sha3_256: Constant<Bits<8>>,
}

impl HashBank {
    /// What it has.
    pub(super) const ALGORITHMS: [HashAlgorithm; HashAlgorithm::ALL.len()] = HashAlgorithm::ALL;

    /// Words of the longest digest.
    pub(super) const fn digest_words() -> u32 {
        digest_words(&HashAlgorithm::ALL)
    }
}

impl Default for HashBank {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            select: Default::default(),
            param: Default::default(),
            verify: Default::default(),
            recover: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_bytes: Default::default(),
            in_last: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            capabilities: Default::default(),
            verify_capabilities: Default::default(),
            param_known: Default::default(),
            sha256: Default::default(),
            sha512: Default::default(),
            keccak: Default::default(),
            sm3: Default::default(),
            widen: Default::default(),
            on_sha256: Default::default(),
            on_sha512: Default::default(),
            on_keccak: Default::default(),
            on_sm3: Default::default(),
            present: Constant::new(capabilities(&HashAlgorithm::ALL).to_bits()),
            k_sha256: Constant::new(HashAlgorithm::Sha256.code().to_bits()),
            k_sha512: Constant::new(HashAlgorithm::Sha512.code().to_bits()),
            k_keccak256: Constant::new(HashAlgorithm::Keccak256.code().to_bits()),
            k_sha3_256: Constant::new(HashAlgorithm::Sha3_256.code().to_bits()),
            k_sm3: Constant::new(HashAlgorithm::Sm3.code().to_bits()),
            suffix_keccak256: Constant::new(DOMAIN_KECCAK.to_bits()),
            suffix_sha3_256: Constant::new(DOMAIN_SHA3.to_bits()),
        }
    }
}

impl Logic for HashBank {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, sha256, sha512, keccak, sm3, widen);
        self.capabilities.next = self.present.val();
        self.verify_capabilities.next = 0.into();
        self.param_known.next = false;
        self.on_sha256.next = self.select.val() == self.k_sha256.val();
        self.on_sha512.next = self.select.val() == self.k_sha512.val();
        self.on_keccak.next = (self.select.val() == self.k_keccak256.val())
            | (self.select.val() == self.k_sha3_256.val());
        self.on_sm3.next = self.select.val() == self.k_sm3.val();
        // Words go to the chosen core, ready and digest come from it.
        self.sha256.clear.next = self.clear.val();
        self.sha256.in_valid.next = self.in_valid.val() & self.on_sha256.val();
        self.sha256.in_data.next = self.in_data.val();
        self.sha256.in_bytes.next = self.in_bytes.val();
        self.sha256.in_last.next = self.in_last.val();
        self.sha256.out_ready.next = self.out_ready.val() & self.on_sha256.val();
        self.sha512.clear.next = self.clear.val();
        self.sha512.in_valid.next = self.in_valid.val() & self.on_sha512.val();
        self.sha512.in_data.next = self.in_data.val();
        self.sha512.in_bytes.next = self.in_bytes.val();
        self.sha512.in_last.next = self.in_last.val();
        self.sha512.out_ready.next = self.out_ready.val() & self.on_sha512.val();
        self.keccak.clear.next = self.clear.val();
        self.keccak.out_ready.next = self.out_ready.val() & self.on_keccak.val();
        self.sm3.clear.next = self.clear.val();
        self.sm3.in_valid.next = self.in_valid.val() & self.on_sm3.val();
        self.sm3.in_data.next = self.in_data.val();
        self.sm3.in_bytes.next = self.in_bytes.val();
        self.sm3.in_last.next = self.in_last.val();
        self.sm3.out_ready.next = self.out_ready.val() & self.on_sm3.val();
        self.widen.clear.next = self.clear.val();
        self.widen.in_valid.next = self.in_valid.val() & self.on_keccak.val();
        self.widen.in_data.next = self.in_data.val();
        self.widen.in_bytes.next = self.in_bytes.val();
        self.widen.in_last.next = self.in_last.val();
        self.widen.out_ready.next = self.keccak.in_ready.val();
        self.keccak.in_valid.next = self.widen.out_valid.val();
        self.keccak.in_data.next = self.widen.out_low.val();
        self.keccak.in_data_high.next = self.widen.out_high.val();
        self.keccak.in_bytes.next = self.widen.out_bytes.val();
        self.keccak.in_last.next = self.in_last.val();
        self.keccak.in_suffix.next = self.suffix_keccak256.val();
        if self.select.val() == self.k_sha3_256.val() {
            self.keccak.in_suffix.next = self.suffix_sha3_256.val();
        }
        self.in_ready.next = false;
        self.out_valid.next = false;
        self.out_data.next = self.sha256.out_data.val();
        if self.on_sha256.val() {
            self.in_ready.next = self.sha256.in_ready.val();
            self.out_valid.next = self.sha256.out_valid.val();
            self.out_data.next = self.sha256.out_data.val();
        } else if self.on_sha512.val() {
            self.in_ready.next = self.sha512.in_ready.val();
            self.out_valid.next = self.sha512.out_valid.val();
            self.out_data.next = self.sha512.out_data.val();
        } else if self.on_keccak.val() {
            self.in_ready.next = self.widen.in_ready.val();
            self.out_valid.next = self.keccak.out_valid.val();
            self.out_data.next = self.keccak.out_data.val();
        } else if self.on_sm3.val() {
            self.in_ready.next = self.sm3.in_ready.val();
            self.out_valid.next = self.sm3.out_valid.val();
            self.out_data.next = self.sm3.out_data.val();
        }
    }
}
