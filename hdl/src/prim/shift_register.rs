//! A shift register in flip-flops, which costs no logic on parts whose flip-flops have enables.

use std::collections::VecDeque;

use rust_hdl::prelude::*;

/// Words of `N` ≤ 64 bits that move one place at each enabled rising edge.
#[derive(LogicBlock)]
pub struct ShiftRegister<const N: usize> {
    /// Word that enters.
    pub d: Signal<In, Bits<N>>,
    /// Oldest word.
    pub q: Signal<Out, Bits<N>>,
    /// Moves all words at the rising edge.
    pub enable: Signal<In, bool>,
    /// Brings the power-up contents back at the rising edge.
    pub clear: Signal<In, bool>,
    /// Clock.
    pub clock: Signal<In, Clock>,
    _initial: Vec<u64>,
    _words: VecDeque<Bits<N>>,
}

impl<const N: usize> ShiftRegister<N> {
    /// With these contents at power-up and after `clear`, the oldest first.
    ///
    /// # Panics
    /// If there are none: a design without a place to shift is a programming error.
    pub fn new(initial: &[u64]) -> Self {
        assert!(!initial.is_empty(), "a shift register has at least one place");
        let words: VecDeque<Bits<N>> = initial.iter().map(|&word| word.into()).collect();
        Self {
            d: Default::default(),
            q: Signal::new_with_default(words[0]),
            enable: Default::default(),
            clear: Default::default(),
            clock: Default::default(),
            _initial: initial.to_vec(),
            _words: words,
        }
    }

    /// With `depth` places, all 0 at power-up.
    pub fn zeros(depth: usize) -> Self {
        Self::new(&vec![0; depth])
    }
}

impl<const N: usize> Logic for ShiftRegister<N> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            if self.clear.val() {
                self._words = self._initial.iter().map(|&word| word.into()).collect();
            } else if self.enable.val() {
                self._words.pop_front();
                self._words.push_back(self.d.val());
            }
            self.q.next = self._words[0];
        }
    }

    fn connect(&mut self) {
        self.q.connect();
    }

    fn hdl(&self) -> Verilog {
        let depth = self._initial.len();
        let total = N * depth;
        let initial: String = self
            ._initial
            .iter()
            .rev()
            .map(|word| format!("{N}'h{word:x}"))
            .collect::<Vec<_>>()
            .join(", ");
        let shifted =
            if depth == 1 { "d".into() } else { format!("{{d, words[{}:{N}]}}", total - 1) };
        Verilog::Custom(format!(
            "\
reg [{top}:0] words;

initial words = {{{initial}}};

always @(posedge clock) begin
   if (clear) words <= {{{initial}}};
   else if (enable) words <= {shifted};
end

always @(*) q = words[{last}:0];
",
            top = total - 1,
            last = N - 1,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "shift_register".into(),
            clock: "clock".into(),
            inputs: vec!["d".into(), "enable".into(), "clear".into()],
            outputs: vec!["q".into()],
        }]
    }
}
