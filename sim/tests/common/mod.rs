//! A small core with the ports of a hash core, to test the benches themselves.

use chaincard_hdl::hash::HashCore;
use chaincard_hdl::hash_core_ports;
use rust_hdl::prelude::*;

/// Digest of 4 bytes: each word is XORed into the state rotated left by one.
#[derive(LogicBlock, Default)]
pub(crate) struct RotateXor {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub in_valid: Signal<In, Bit>,
    pub in_ready: Signal<Out, Bit>,
    pub in_data: Signal<In, Bits<32>>,
    pub in_bytes: Signal<In, Bits<3>>,
    pub in_last: Signal<In, Bit>,
    pub out_valid: Signal<Out, Bit>,
    pub out_ready: Signal<In, Bit>,
    pub out_data: Signal<Out, Bits<32>>,
    pub out_last: Signal<Out, Bit>,
    state: DFF<Bits<32>>,
    full: DFF<Bit>,
    mask: Signal<Local, Bits<32>>,
}

impl Logic for RotateXor {
    #[hdl_gen]
    fn update(&mut self) {
        self.state.clock.next = self.clock.val();
        self.full.clock.next = self.clock.val();
        self.state.d.next = self.state.q.val();
        self.full.d.next = self.full.q.val();
        self.in_ready.next = !self.full.q.val();
        self.out_valid.next = self.full.q.val();
        self.out_data.next = self.state.q.val();
        self.out_last.next = true;
        self.mask.next = 0xFFFF_FFFFu64.into();
        if self.in_bytes.val() == 0 {
            self.mask.next = 0.into();
        }
        if self.in_bytes.val() == 1 {
            self.mask.next = 0xFF.into();
        }
        if self.in_bytes.val() == 2 {
            self.mask.next = 0xFFFF.into();
        }
        if self.in_bytes.val() == 3 {
            self.mask.next = 0xFF_FFFF.into();
        }
        if self.in_valid.val() & !self.full.q.val() {
            self.state.d.next = ((self.state.q.val() << 1) | (self.state.q.val() >> 31))
                ^ (self.in_data.val() & self.mask.val());
            self.full.d.next = self.in_last.val();
        }
        if self.full.q.val() & self.out_ready.val() {
            self.full.d.next = false;
            self.state.d.next = 0.into();
        }
        if self.clear.val() {
            self.full.d.next = false;
            self.state.d.next = 0.into();
        }
    }
}

impl HashCore for RotateXor {
    hash_core_ports!(word32);

    fn latency(&self) -> u32 {
        1
    }

    fn cycles_per_block(&self) -> f64 {
        1.0
    }
}

/// What [`RotateXor`] computes.
pub(crate) fn rotate_xor(message: &[u8]) -> Vec<u8> {
    let mut state = 0u32;
    let padded = message.len().div_ceil(4).max(1) * 4;
    let bytes: Vec<u8> = message.iter().copied().chain(std::iter::repeat(0)).take(padded).collect();
    for word in bytes.chunks_exact(4) {
        state = state.rotate_left(1) ^ u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
    }
    state.to_le_bytes().to_vec()
}
