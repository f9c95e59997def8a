//! CRC-32 of a 32-bit word in one cycle.

use chaincard_protocol::crc::step_word;
use rust_hdl::prelude::*;

/// One word step of CRC-32 (IEEE 802.3, reflected): `next` = CRC state after the four bytes of
/// `word`, the first in bits 7 … 0. Combinational; states are not complemented.
///
/// The step is linear over GF(2) in `state ^ word`, so every bit of `next` is the parity of
/// some of those 32 bits; which ones, follows from [`step_word`].
#[derive(LogicBlock, Default)]
pub struct CrcStep {
    /// State before.
    pub state: Signal<In, Bits<32>>,
    /// Four bytes of input.
    pub word: Signal<In, Bits<32>>,
    /// State after.
    pub next_state: Signal<Out, Bits<32>>,
}

impl Logic for CrcStep {
    fn update(&mut self) {
        let state = self.state.val().to_u32();
        let word = self.word.val().to_u32();
        self.next_state.next = step_word(state, word).to_bits();
    }
    fn connect(&mut self) {
        self.next_state.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut text = String::from("wire [31:0] x = state ^ word;\nalways @(*) begin\n");
        for bit in 0..32 {
            let taps: Vec<String> = (0..32)
                .filter(|&input| step_word(0, 1 << input) >> bit & 1 == 1)
                .map(|input| format!("x[{input}]"))
                .collect();
            text += &format!("    next_state[{bit}] = {};\n", taps.join(" ^ "));
        }
        text += "end\n";
        Verilog::Custom(text)
    }
}
