//! A table of constants with a registered output.

use rust_hdl::prelude::*;

/// What a table of constants is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RomStyle {
    /// Look-up tables, then flip-flops.
    Logic,
    /// Block RAM, then flip-flops.
    Block,
}

/// Reads word `address` of up to 2^`A` words of `N` ≤ 64 bits two rising edges later.
///
/// The first edge registers the address (`Logic`) or the word inside the block RAM (`Block`),
/// the second one the word. Addresses past the table read unspecified words; `clear` makes the
/// word of the second edge 0.
#[derive(LogicBlock)]
pub struct Rom<const N: usize, const A: usize> {
    /// Word to read.
    pub address: Signal<In, Bits<A>>,
    /// The word, two edges later.
    pub q: Signal<Out, Bits<N>>,
    /// Takes 0 into `q` at the rising edge.
    pub clear: Signal<In, bool>,
    /// Clock.
    pub clock: Signal<In, Clock>,
    _words: Vec<u64>,
    _style: RomStyle,
    _read: u64,
}

impl<const N: usize, const A: usize> Rom<N, A> {
    /// A table of these words; the rest of the addresses read 0 in simulation.
    pub fn new(style: RomStyle, words: &[u64]) -> Self {
        Self {
            address: Default::default(),
            q: Default::default(),
            clear: Default::default(),
            clock: Default::default(),
            _words: words.to_vec(),
            _style: style,
            // At power-up the registered address is 0, the register inside a block RAM too.
            _read: match style {
                RomStyle::Logic => words.first().copied().unwrap_or(0),
                RomStyle::Block => 0,
            },
        }
    }
}

impl<const N: usize, const A: usize> Logic for Rom<N, A> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.q.next = if self.clear.val() { 0 } else { self._read }.into();
            let address = self.address.val().to_u64() as usize;
            self._read = self._words.get(address).copied().unwrap_or(0);
        }
    }

    fn connect(&mut self) {
        self.q.connect();
    }

    fn hdl(&self) -> Verilog {
        let top = N - 1;
        let body = match self._style {
            // One constant per output bit: synthesis makes a memory of a `case`.
            RomStyle::Logic => format!(
                "\
reg [{address_top}:0] held = 0;
reg [{top}:0] word;

always @(*) begin
{columns}end

always @(posedge clock) held <= address;
",
                address_top = A - 1,
                columns = (0..N)
                    .map(|bit| {
                        let column: String = (0..1_usize << A)
                            .rev()
                            .map(|index| {
                                let word = self._words.get(index).copied().unwrap_or(0);
                                if word >> bit & 1 == 1 { '1' } else { '0' }
                            })
                            .collect();
                        format!("   word[{bit}] = {}'b{column} >> held;\n", 1_usize << A)
                    })
                    .collect::<String>(),
            ),
            RomStyle::Block => format!(
                "\
(* rom_style = \"block\", ram_style = \"block\" *) reg [{top}:0] words [0:{last}];
reg [{top}:0] word = 0;

initial begin
{contents}end

always @(posedge clock) word <= words[address];
",
                last = (1_usize << A) - 1,
                contents = (0..1_usize << A)
                    .map(|index| {
                        let word = self._words.get(index).copied().unwrap_or(0);
                        format!("   words[{index}] = {N}'h{word:x};\n")
                    })
                    .collect::<String>(),
            ),
        };
        Verilog::Custom(format!(
            "{body}
initial q = 0;

always @(posedge clock) begin
   if (clear) q <= 0;
   else q <= word;
end
"
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "rom".into(),
            clock: "clock".into(),
            inputs: vec!["address".into(), "clear".into()],
            outputs: vec!["q".into()],
        }]
    }
}
