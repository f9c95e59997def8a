//! A register whose enable and clear cost no logic.

use rust_hdl::prelude::*;

/// `N` flip-flops with clock enable and synchronous clear; `clear` wins.
///
/// Written as one `always` block, so that synthesis uses the enable and reset pins of the
/// flip-flops instead of multiplexers before them.
#[derive(LogicBlock)]
pub struct Register<const N: usize> {
    /// Next value.
    pub d: Signal<In, Bits<N>>,
    /// Present value; 0 at power-up.
    pub q: Signal<Out, Bits<N>>,
    /// Takes `d` at the rising edge.
    pub enable: Signal<In, bool>,
    /// Takes 0 at the rising edge.
    pub clear: Signal<In, bool>,
    /// Clock.
    pub clock: Signal<In, Clock>,
}

impl<const N: usize> Default for Register<N> {
    fn default() -> Self {
        Self {
            d: Default::default(),
            q: Default::default(),
            enable: Default::default(),
            clear: Default::default(),
            clock: Default::default(),
        }
    }
}

impl<const N: usize> Logic for Register<N> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            if self.clear.val() {
                self.q.next = Bits::default();
            } else if self.enable.val() {
                self.q.next = self.d.val();
            }
        }
    }

    fn connect(&mut self) {
        self.q.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "\
initial q = 0;

always @(posedge clock) begin
   if (clear) q <= 0;
   else if (enable) q <= d;
end
"
            .into(),
        )
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "register".into(),
            clock: "clock".into(),
            inputs: vec!["d".into(), "enable".into(), "clear".into()],
            outputs: vec!["q".into()],
        }]
    }
}
