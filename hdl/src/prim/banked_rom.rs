//! A large table of constants in banks of block RAM.

use rust_hdl::prelude::*;

/// Words of a bank: what one block RAM of an ECP5 holds in words of 18 bits.
const BANK: usize = 1024;

/// Address bits within a bank.
const BANK_BITS: usize = 10;

/// Reads word `address` of up to 2^`A` words of `N` ≤ 64 bits three rising edges later; `A` is
/// above 10.
///
/// A block RAM answers late in the cycle, so that nothing but a choice among four banks follows
/// it. The first edge registers the address, the second one a word of each four banks, the third
/// one the word. Addresses past the table read unspecified words; `clear` makes the word of the
/// third edge 0.
#[derive(LogicBlock)]
pub struct BankedRom<const N: usize, const A: usize> {
    /// Word to read.
    pub address: Signal<In, Bits<A>>,
    /// The word, three edges later.
    pub q: Signal<Out, Bits<N>>,
    /// Takes 0 into `q` at the rising edge.
    pub clear: Signal<In, bool>,
    /// Clock.
    pub clock: Signal<In, Clock>,
    _words: Vec<u64>,
    _address: usize,
    _read: u64,
}

impl<const N: usize, const A: usize> BankedRom<N, A> {
    /// A table of these words; the rest of the addresses read 0 in simulation.
    pub fn new(words: &[u64]) -> Self {
        Self {
            address: Default::default(),
            q: Default::default(),
            clear: Default::default(),
            clock: Default::default(),
            _words: words.to_vec(),
            _address: usize::MAX,
            _read: 0,
        }
    }

    fn word(&self, address: usize) -> u64 {
        self._words.get(address).copied().unwrap_or(0)
    }

    fn bank(&self, bank: usize) -> String {
        let top = N - 1;
        let contents: String = (0..BANK)
            .map(|place| {
                format!("   words_{bank}[{place}] = {N}'h{:x};\n", self.word(bank * BANK + place))
            })
            .collect();
        format!(
            "\
(* rom_style = \"block\", ram_style = \"block\" *) reg [{top}:0] words_{bank} [0:{last}];
reg [{top}:0] read_{bank} = 0;
initial begin
{contents}end
always @(posedge clock) read_{bank} <= words_{bank}[address[{high}:0]];

",
            last = BANK - 1,
            high = BANK_BITS - 1,
        )
    }
}

impl<const N: usize, const A: usize> Logic for BankedRom<N, A> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.q.next = if self.clear.val() { 0 } else { self._read }.into();
            self._read = self.word(self._address);
            self._address = self.address.val().to_u64() as usize;
        }
    }

    fn connect(&mut self) {
        self.q.connect();
    }

    fn hdl(&self) -> Verilog {
        let top = N - 1;
        let select = A - BANK_BITS;
        let banks = self._words.len().div_ceil(BANK).max(1);
        let groups = banks.div_ceil(4);
        let mut text: String = (0..banks).map(|bank| self.bank(bank)).collect();
        text += &format!(
            "reg [{0}:0] bank = 0;\nalways @(posedge clock) bank <= address[{1}:{BANK_BITS}];\n",
            select - 1,
            A - 1,
        );
        text += &format!(
            "reg [{0}:0] group = 0;\nalways @(posedge clock) group <= bank;\n",
            select - 1
        );
        for group in 0..groups {
            text += &format!("reg [{top}:0] group_{group} = 0;\nalways @(posedge clock) begin\n");
            text += &format!("   group_{group} <= read_{};\n", 4 * group);
            for bank in 4 * group + 1..banks.min(4 * group + 4) {
                let low = if select == 1 { "bank".to_owned() } else { "bank[1:0]".to_owned() };
                text += &format!("   if ({low} == {}) group_{group} <= read_{bank};\n", bank % 4);
            }
            text += "end\n";
        }
        text += "initial q = 0;\nalways @(posedge clock) begin\n   q <= group_0;\n";
        for group in 1..groups {
            text += &format!("   if (group[{}:2] == {group}) q <= group_{group};\n", select - 1);
        }
        text += "   if (clear) q <= 0;\nend\n";
        Verilog::Custom(text)
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
