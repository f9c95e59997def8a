//! A small memory in look-up tables.

use rust_hdl::prelude::*;

/// 2^`A` words of `N` ≤ 64 bits: written at the rising edge, read without a clock.
#[derive(LogicBlock)]
pub struct LutRam<const N: usize, const A: usize> {
    /// Word to write.
    pub write_address: Signal<In, Bits<A>>,
    /// What to write.
    pub write_data: Signal<In, Bits<N>>,
    /// Writes at the rising edge.
    pub write_enable: Signal<In, bool>,
    /// Word to read.
    pub read_address: Signal<In, Bits<A>>,
    /// The word at `read_address`; 0 until it was written.
    pub read_data: Signal<Out, Bits<N>>,
    /// Clock.
    pub clock: Signal<In, Clock>,
    _words: Vec<Bits<N>>,
}

impl<const N: usize, const A: usize> Default for LutRam<N, A> {
    fn default() -> Self {
        Self {
            write_address: Default::default(),
            write_data: Default::default(),
            write_enable: Default::default(),
            read_address: Default::default(),
            read_data: Default::default(),
            clock: Default::default(),
            _words: vec![Bits::default(); 1 << A],
        }
    }
}

impl<const N: usize, const A: usize> Logic for LutRam<N, A> {
    fn update(&mut self) {
        if self.clock.pos_edge() && self.write_enable.val() {
            self._words[self.write_address.val().to_u64() as usize] = self.write_data.val();
        }
        self.read_data.next = self._words[self.read_address.val().to_u64() as usize];
    }

    fn connect(&mut self) {
        self.read_data.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "\
(* ram_style = \"distributed\" *) reg [{top}:0] words [0:{last}];

integer index;
initial for (index = 0; index <= {last}; index = index + 1) words[index] = 0;

always @(posedge clock) begin
   if (write_enable) words[write_address] <= write_data;
end

always @(*) read_data = words[read_address];
",
            top = N - 1,
            last = (1_usize << A) - 1,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "lut_ram".into(),
            clock: "clock".into(),
            inputs: vec!["write_address".into(), "write_data".into(), "write_enable".into()],
            outputs: vec![],
        }]
    }
}
