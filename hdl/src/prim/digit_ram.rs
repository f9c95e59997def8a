//! Block RAM of digits of 18 bits, in banks.

use std::collections::VecDeque;

use rust_hdl::prelude::*;

/// RAM of words of 18 bits: one write port, one read port, one clock.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `write`, `write_address`, `write_data` | in | stored at the rising edge; with banks at the second one after it |
/// | `read_address` | in | sampled at the rising edge |
/// | `read_data` | out | [`latency`](Self::latency) edges later |
///
/// Words are 0 at the start, but those in banks unspecified in hardware: synthesis takes minutes
/// for so many initial words. A word must not be read while it is written: the hardware may give
/// the old or the new one (this model gives the old one). Addresses past the depth are neither
/// written nor read: what they read is unspecified.
///
/// Up to 2,048 words are one bank, whose output follows the memory at once. More words stand in
/// banks of 8,192: each block RAM of an ECP5 holds two bits of all words of a bank. The banks lie far
/// from each other and answer late in the cycle. So each has registers of its own for what it reads
/// and writes, which move when the bank is meant, and one behind it; then one of four banks is
/// chosen, then one of these.
#[derive(LogicBlock)]
pub struct DigitRam {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Write enable.
    pub write: Signal<In, Bit>,
    /// Where to write.
    pub write_address: Signal<In, Bits<17>>,
    /// What to write.
    pub write_data: Signal<In, Bits<18>>,
    /// Where to read.
    pub read_address: Signal<In, Bits<17>>,
    /// The word read.
    pub read_data: Signal<Out, Bits<18>>,
    _words: Vec<Bits<18>>,
    _reads: VecDeque<Bits<18>>,
    _addresses: [usize; 2],
    _writes: VecDeque<Option<(usize, Bits<18>)>>,
}

/// Words of a bank, and bits of its block RAMs.
const BANK: usize = 8192;
const SLICE: usize = 2;

/// Most words without banks.
const SMALL: usize = 2048;

impl DigitRam {
    /// RAM of `depth` words, 2 … 131,072.
    ///
    /// # Panics
    /// For another depth: it is a programming error.
    pub fn new(depth: usize) -> Self {
        assert!((2..=1 << 17).contains(&depth), "{depth}");
        let writes = if depth <= SMALL { 0 } else { 2 };
        let reads = if depth <= SMALL { 0 } else { 3 };
        Self {
            clock: Default::default(),
            write: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            read_address: Default::default(),
            read_data: Default::default(),
            _words: vec![Bits::default(); depth],
            _reads: vec![Bits::default(); reads].into(),
            _addresses: [usize::MAX; 2],
            _writes: vec![None; writes].into(),
        }
    }

    /// Rising edges from an address to its word: 1 without banks, else 6.
    pub fn latency(&self) -> usize {
        if self._words.len() <= SMALL { 1 } else { 6 }
    }

    fn word(&self, address: usize) -> Bits<18> {
        self._words.get(address).copied().unwrap_or_default()
    }
}

impl Logic for DigitRam {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let address = self.read_address.val().index();
            self.read_data.next = if self._reads.is_empty() {
                self.word(address)
            } else {
                self._reads.push_front(self.word(self._addresses[1]));
                self._addresses = [address, self._addresses[0]];
                self._reads.pop_back().expect("words are on the way")
            };
            let write = (self.write_address.val().index(), self.write_data.val());
            self._writes.push_front(self.write.val().then_some(write));
            if let Some(Some((address, data))) = self._writes.pop_back()
                && let Some(word) = self._words.get_mut(address)
            {
                *word = data;
            }
        }
    }

    fn connect(&mut self) {
        self.read_data.connect();
    }

    fn hdl(&self) -> Verilog {
        let depth = self._words.len();
        Verilog::Custom(if depth <= SMALL { small(depth) } else { banked(depth) })
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "digit_ram".into(),
            clock: "clock".into(),
            inputs: ["write", "write_address", "write_data", "read_address"]
                .iter()
                .map(|&name| name.into())
                .collect(),
            outputs: vec!["read_data".into()],
        }]
    }
}

fn small(depth: usize) -> String {
    format!(
        "\
(* no_rw_check, ram_style = \"block\" *) reg [17:0] words [0:{last}];
integer index;
initial begin
   for (index = 0; index <= {last}; index = index + 1) words[index] = 0;
   read_data = 0;
end
always @(posedge clock) begin
   read_data <= words[read_address[{top}:0]];
   if (write) words[write_address[{top}:0]] <= write_data;
end
",
        last = depth - 1,
        top = depth.next_power_of_two().trailing_zeros() - 1,
    )
}

fn banked(depth: usize) -> String {
    let banks = depth.div_ceil(BANK);
    let mut text = format!(
        "\
reg [16:0] address = 0;
reg [16:0] store_address = 0;
reg [17:0] store_data = 0;
reg [3:0] bank = 0;
reg [3:0] read_bank = 0;
reg [3:0] held_bank = 0;
reg [1:0] group = 0;
always @(posedge clock) begin
   address <= read_address;
   store_address <= write_address;
   store_data <= write_data;
   bank <= address[16:13];
   read_bank <= bank;
   held_bank <= read_bank;
   group <= held_bank[3:2];
end
genvar slice;
wire [{top}:0] read;
",
        top = 18 * banks - 1,
    );
    for bank in 0..banks {
        text += &format!(
            "\
reg reads_{bank} = 0;
reg writes_{bank} = 0;
reg store_{bank} = 0;
reg [12:0] address_{bank} = 0;
reg [12:0] store_address_{bank} = 0;
reg [17:0] store_data_{bank} = 0;
always @(posedge clock) begin
   reads_{bank} <= read_address[16:13] == 4'd{bank};
   writes_{bank} <= write && write_address[16:13] == 4'd{bank};
   store_{bank} <= writes_{bank};
   if (reads_{bank}) address_{bank} <= address[12:0];
   if (writes_{bank}) begin
      store_address_{bank} <= store_address[12:0];
      store_data_{bank} <= store_data;
   end
end
generate for (slice = 0; slice < {slices}; slice = slice + 1) begin : bank_{bank}
   (* no_rw_check, ram_style = \"block\" *) reg [{slice_top}:0] words [0:{last}];
   reg [{slice_top}:0] word = 0;
   reg [{slice_top}:0] held = 0;
`ifndef SYNTHESIS
   integer place;
   initial for (place = 0; place <= {last}; place = place + 1) words[place] = 0;
`endif
   assign read[{first} + {SLICE} * slice +: {SLICE}] = held;
   always @(posedge clock) begin
      word <= words[address_{bank}];
      held <= word;
      if (store_{bank}) words[store_address_{bank}] <= store_data_{bank}[{SLICE} * slice +: {SLICE}];
   end
end endgenerate
",
            slices = 18 / SLICE,
            slice_top = SLICE - 1,
            last = BANK - 1,
            first = 18 * bank,
        );
    }
    let word = |bank: usize| format!("read[{} +: 18]", 18 * bank);
    let groups = banks.div_ceil(4);
    for group in 0..groups {
        text += &format!("reg [17:0] group_{group} = 0;\nalways @(posedge clock) begin\n");
        text += &format!("   group_{group} <= {};\n", word(4 * group));
        for bank in 4 * group + 1..banks.min(4 * group + 4) {
            let place = bank % 4;
            text +=
                &format!("   if (held_bank[1:0] == 2'd{place}) group_{group} <= {};\n", word(bank));
        }
        text += "end\n";
    }
    text += "initial read_data = 0;\nalways @(posedge clock) begin\n   read_data <= group_0;\n";
    for group in 1..groups {
        text += &format!("   if (group == 2'd{group}) read_data <= group_{group};\n");
    }
    text + "end\n"
}
