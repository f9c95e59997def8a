//! Block RAM with a registered output.

use rust_hdl::prelude::*;

/// RAM of words of 32 bits with `F` ≤ 4 flags beside each: one write port, one read port, one
/// clock, and a second register behind the memory's own, because block RAM alone is slow.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `write`, `write_address`, `write_data`, `write_flags` | in | stored at the rising edge |
/// | `read_address` | in | sampled at the rising edge while `enable` is high |
/// | `read_data`, `read_flags` | out | two enabled edges later |
///
/// Addresses have 16 bits; those beyond the depth are ignored. Words are 0 at the start. A word
/// must not be read at the edge that writes it: the hardware may give the old or the new one
/// (this model gives the old one).
#[derive(LogicBlock)]
pub struct BlockRam<const F: usize> {
    /// Clock of both ports.
    pub clock: Signal<In, Clock>,
    /// Write enable.
    pub write: Signal<In, bool>,
    /// Where to write.
    pub write_address: Signal<In, Bits<16>>,
    /// What to write.
    pub write_data: Signal<In, Bits<32>>,
    /// Flags of the word.
    pub write_flags: Signal<In, Bits<F>>,
    /// Moves the read port on.
    pub enable: Signal<In, bool>,
    /// Where to read.
    pub read_address: Signal<In, Bits<16>>,
    /// The word read.
    pub read_data: Signal<Out, Bits<32>>,
    /// Its flags.
    pub read_flags: Signal<Out, Bits<F>>,
    _words: Vec<(Bits<32>, Bits<F>)>,
    _depth: usize,
    _fetched: (Bits<32>, Bits<F>),
}

impl<const F: usize> BlockRam<F> {
    /// RAM of `depth` words, 2 … 65,536. Where that is no power of two, addresses from there to the
    /// next one must not be read.
    ///
    /// # Panics
    /// For another depth: it is a programming error.
    pub fn new(depth: usize) -> Self {
        assert!((2..=65_536).contains(&depth), "{depth}");
        Self {
            clock: Default::default(),
            write: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            write_flags: Default::default(),
            enable: Default::default(),
            read_address: Default::default(),
            read_data: Default::default(),
            read_flags: Default::default(),
            _words: vec![Default::default(); depth.next_power_of_two()],
            _depth: depth,
            _fetched: Default::default(),
        }
    }
}

impl<const F: usize> Logic for BlockRam<F> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let mask = self._words.len() - 1;
            if self.enable.val() {
                (self.read_data.next, self.read_flags.next) = self._fetched;
                self._fetched = self._words[self.read_address.val().index() & mask];
            }
            if self.write.val() {
                let address = self.write_address.val().index() & mask;
                self._words[address] = (self.write_data.val(), self.write_flags.val());
            }
        }
    }

    fn connect(&mut self) {
        self.read_data.connect();
        self.read_flags.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "\
(* no_rw_check, ram_style = \"block\" *) reg [{top}:0] words [0:{last}];
reg [{top}:0] fetched;
integer index;
initial begin
   for (index = 0; index <= {last}; index = index + 1) words[index] = 0;
   fetched = 0;
   read_data = 0;
   read_flags = 0;
end
always @(posedge clock) begin
   if (enable) begin
      fetched <= words[read_address[{address}:0]];
      {{read_flags, read_data}} <= fetched;
   end
   if (write) words[write_address[{address}:0]] <= {{write_flags, write_data}};
end
",
            top = 31 + F,
            last = self._depth - 1,
            address = self._words.len().trailing_zeros() - 1,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "block_ram".into(),
            clock: "clock".into(),
            inputs: ["write", "write_address", "write_data", "write_flags", "enable"]
                .iter()
                .chain(&["read_address"])
                .map(|&name| name.into())
                .collect(),
            outputs: vec!["read_data".into(), "read_flags".into()],
        }]
    }
}
