//! A multiplier with every register that a DSP block has.

use rust_hdl::prelude::*;

use super::Technology;

/// Unsigned `W` × `W` → 2 `W` bits, `W` ≤ 18, in one MULT18X18D on the ECP5.
///
/// Stages: 1 input registers, 2 pipeline register behind the partial products, 3 output
/// register. One product per cycle.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `a`, `b` | in | operands, sampled at the rising edge |
/// | `enable` | in | all three stages move; while low they keep what they hold |
/// | `low`, `high` | out | the product's halves, [`LATENCY`](Self::LATENCY) enabled edges later; 0 at power-up |
///
/// Left to inference, a product of 18 bits takes the same block but none of its registers.
#[derive(LogicBlock)]
pub struct Mult18<const W: usize> {
    /// First operand.
    pub a: Signal<In, Bits<W>>,
    /// Second operand.
    pub b: Signal<In, Bits<W>>,
    /// Low half of the product.
    pub low: Signal<Out, Bits<W>>,
    /// High half of the product.
    pub high: Signal<Out, Bits<W>>,
    /// Moves the stages at the rising edge.
    pub enable: Signal<In, bool>,
    /// Clock.
    pub clock: Signal<In, Clock>,
    _technology: Technology,
    _operands: [u64; 2],
    _product: u64,
}

impl<const W: usize> Mult18<W> {
    /// Enabled rising edges from operands to product.
    pub const LATENCY: u32 = 3;

    /// With the cells of `technology`.
    ///
    /// # Panics
    /// If `W` is 0 or more than 18: a design with such a product is a programming error.
    pub fn new(technology: Technology) -> Self {
        assert!((1..=18).contains(&W), "a DSP block multiplies 18 by 18 bits, not {W}");
        Self {
            a: Default::default(),
            b: Default::default(),
            low: Default::default(),
            high: Default::default(),
            enable: Default::default(),
            clock: Default::default(),
            _technology: technology,
            _operands: [0; 2],
            _product: 0,
        }
    }
}

impl<const W: usize> Logic for Mult18<W> {
    fn update(&mut self) {
        if self.clock.pos_edge() && self.enable.val() {
            let mask = (1 << W) - 1;
            self.low.next = (self._product & mask).into();
            self.high.next = (self._product >> W).into();
            self._product = self._operands[0] * self._operands[1];
            self._operands = [self.a.val().to_u64(), self.b.val().to_u64()];
        }
    }

    fn connect(&mut self) {
        self.low.connect();
        self.high.connect();
    }

    fn hdl(&self) -> Verilog {
        let generic = format!(
            "\
reg [{top}:0] operand_a = 0;
reg [{top}:0] operand_b = 0;
reg [{product_top}:0] product = 0;

initial begin
   low = 0;
   high = 0;
end

always @(posedge clock) begin
   if (enable) begin
      operand_a <= a;
      operand_b <= b;
      product <= operand_a * operand_b;
      {{high, low}} <= product;
   end
end
",
            top = W - 1,
            product_top = 2 * W - 1,
        );
        Verilog::Custom(match self._technology {
            Technology::Generic => generic,
            Technology::Ecp5 => {
                format!("`ifdef SYNTHESIS\n{}`else\n{generic}`endif\n", ecp5_cell(W))
            }
        })
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "mult18".into(),
            clock: "clock".into(),
            inputs: vec!["a".into(), "b".into(), "enable".into()],
            outputs: vec!["low".into(), "high".into()],
        }]
    }
}

/// The block with its registers on CLK0 and CE0.
fn ecp5_cell(width: usize) -> String {
    let parameters: String = ["INPUTA", "INPUTB", "PIPELINE", "OUTPUT"]
        .iter()
        .map(|stage| {
            format!(
                "   .REG_{stage}_CLK(\"CLK0\"), .REG_{stage}_CE(\"CE0\"), .REG_{stage}_RST(\"RST0\"),\n"
            )
        })
        .collect();
    let operand = |port: &str, net: &str| -> String {
        let bit = |index: usize| {
            let value = if index < width { format!("{net}[{index}]") } else { "1'b0".into() };
            format!(".{port}{index}({value}), ")
        };
        format!("   {}\n", (0..18).map(bit).collect::<String>().trim_end())
    };
    let unused: String = (0..18).map(|index| format!(".C{index}(1'b0), ")).collect();
    let product: Vec<String> =
        (0..36).map(|index| format!(".P{index}(product[{index}])")).collect();
    format!(
        "\
wire [35:0] product;
MULT18X18D #(
{parameters}   .RESETMODE(\"SYNC\"), .GSR(\"DISABLED\")
) block (
{a}{b}   {unused}
   .SIGNEDA(1'b0), .SIGNEDB(1'b0), .SOURCEA(1'b0), .SOURCEB(1'b0),
   .CLK0(clock), .CE0(enable), .RST0(1'b0),
   {product}
);
always @(*) begin
   low = product[{low_top}:0];
   high = product[{high_top}:{width}];
end
",
        a = operand("A", "a"),
        b = operand("B", "b"),
        unused = unused.trim_end(),
        product = product.join(", "),
        low_top = width - 1,
        high_top = 2 * width - 1,
    )
}
