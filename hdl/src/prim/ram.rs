//! Block RAM: one write port, one read port, one clock.

use rust_hdl::prelude::*;

/// RAM of `W`-bit words (W ≤ 32) with a synchronous read, as block RAM has it.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `write`, `write_address`, `write_data` | in | the word is stored at the rising edge |
/// | `read_address` | in | sampled at the rising edge |
/// | `read_data` | out | one cycle later; the old word if it was written at the same edge |
///
/// Addresses have 16 bits; those beyond the depth are ignored. Words are 0 at the start.
#[derive(LogicBlock)]
pub struct SyncRam<const W: usize> {
    /// Clock of both ports.
    pub clock: Signal<In, Clock>,
    /// Write enable.
    pub write: Signal<In, Bit>,
    /// Where to write.
    pub write_address: Signal<In, Bits<16>>,
    /// What to write.
    pub write_data: Signal<In, Bits<W>>,
    /// Where to read.
    pub read_address: Signal<In, Bits<16>>,
    /// The word read.
    pub read_data: Signal<Out, Bits<W>>,
    _words: Vec<Bits<W>>,
}

impl<const W: usize> SyncRam<W> {
    /// RAM of `depth` words, a power of two from 2 to 65,536.
    pub fn new(depth: u32) -> Self {
        assert!(depth.is_power_of_two() && (2..=65_536).contains(&depth), "{depth}");
        Self {
            clock: Default::default(),
            write: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            read_address: Default::default(),
            read_data: Default::default(),
            _words: vec![Bits::default(); depth as usize],
        }
    }
}

impl<const W: usize> Logic for SyncRam<W> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let mask = self._words.len() - 1;
            self.read_data.next = self._words[self.read_address.val().index() & mask];
            if self.write.val() {
                let address = self.write_address.val().index() & mask;
                self._words[address] = self.write_data.val();
            }
        }
    }
    fn connect(&mut self) {
        self.read_data.connect();
    }
    fn hdl(&self) -> Verilog {
        let (width, last) = (W - 1, self._words.len() - 1);
        let top = self._words.len().trailing_zeros() - 1;
        Verilog::Custom(format!(
            "\
reg [{width}:0] words [0:{last}];
integer i;
initial begin
    for (i = 0; i <= {last}; i = i + 1) words[i] = 0;
    read_data = 0;
end
always @(posedge clock) begin
    read_data <= words[read_address[{top}:0]];
    if (write) words[write_address[{top}:0]] <= write_data;
end
"
        ))
    }
}
