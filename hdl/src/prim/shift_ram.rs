//! A delay line in look-up tables used as memory.

use rust_hdl::prelude::*;

/// Words of `N` ≤ 64 bits that come out `depth` enabled rising edges after they went in, as
/// from a shift register of that depth; 0 until then.
///
/// The words stay where they are and a pointer goes round: on the ECP5 sixteen places of four
/// bits take one distributed RAM (two look-up tables and their pair of ports) instead of 64
/// flip-flops. A [`ShiftRegister`](super::ShiftRegister) is better for few places, or when the
/// contents must be cleared.
#[derive(LogicBlock)]
pub struct ShiftRam<const N: usize> {
    /// Word that enters.
    pub d: Signal<In, Bits<N>>,
    /// Oldest word.
    pub q: Signal<Out, Bits<N>>,
    /// Moves all words at the rising edge.
    pub enable: Signal<In, bool>,
    /// Clock.
    pub clock: Signal<In, Clock>,
    _words: Vec<Bits<N>>,
    _pointer: usize,
}

impl<const N: usize> ShiftRam<N> {
    /// With `depth` places, one of which is the output register.
    ///
    /// # Panics
    /// If `depth` is below 2: a design with such a delay line is a programming error.
    pub fn new(depth: usize) -> Self {
        assert!(depth >= 2, "a delay line in memory has at least 2 places, not {depth}");
        Self {
            d: Default::default(),
            q: Default::default(),
            enable: Default::default(),
            clock: Default::default(),
            _words: vec![Bits::default(); depth - 1],
            _pointer: 0,
        }
    }
}

impl<const N: usize> Logic for ShiftRam<N> {
    fn update(&mut self) {
        if self.clock.pos_edge() && self.enable.val() {
            self.q.next = self._words[self._pointer];
            self._words[self._pointer] = self.d.val();
            self._pointer = (self._pointer + 1) % self._words.len();
        }
    }

    fn connect(&mut self) {
        self.q.connect();
    }

    fn hdl(&self) -> Verilog {
        let places = self._words.len();
        let bits = places.next_power_of_two().trailing_zeros().max(1);
        Verilog::Custom(format!(
            "\
(* ram_style = \"distributed\" *) reg [{top}:0] words [0:{last}];
reg [{pointer_top}:0] pointer = 0;

integer index;
initial begin
   for (index = 0; index <= {last}; index = index + 1) words[index] = 0;
   q = 0;
end

always @(posedge clock) begin
   if (enable) begin
      q <= words[pointer];
      words[pointer] <= d;
      pointer <= pointer == {bits}'d{last} ? {bits}'d0 : pointer + {bits}'d1;
   end
end
",
            top = N - 1,
            last = places - 1,
            pointer_top = bits - 1,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "shift_ram".into(),
            clock: "clock".into(),
            inputs: vec!["d".into(), "enable".into()],
            outputs: vec!["q".into()],
        }]
    }
}
