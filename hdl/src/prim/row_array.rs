//! A row of multipliers that makes the columns of long products.

use rust_hdl::prelude::*;

use super::Technology;
use super::adder::table;

/// Products of two numbers of `lanes` digits, one every `lanes` cycles, column by column.
///
/// A digit has `S` − 2 = w bits on the way; on the ports it has `S` ≤ 18 bits and a sign. Only
/// the last digit of a number uses more than w of them. `C` = w + 8.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `start` | in | high in cycle 0 of a product, every `lanes` cycles |
/// | `b` | in | digit i in cycle i |
/// | `a` | in | digit i in cycle `lanes` + i |
/// | `low` | out | signed; column i < `lanes` in cycle `lanes` + 6 + i |
/// | `high` | out | signed; column `lanes` + i in cycle 2 `lanes` + 9 + i |
///
/// The columns weigh 2^(w·i), add up to the product and lie in −2^(w+5) … 2^(w+5) if the last
/// digits are below 2^(w+1). They hold no part of the column before: what is above w bits of a
/// sum of partial products has already been moved to the next.
///
/// Each lane is one MULT18X18D with all its registers on the ECP5 and keeps one digit of `b`
/// in it. A digit of `a` goes to all lanes; sums move down by one lane in each cycle, so that
/// lane 0 completes the low half and the high half is left in the lanes. It is copied from
/// there and read lane by lane during the next product: all copies but one are cleared before
/// an OR, which takes fewer tables than a multiplexer.
#[derive(LogicBlock)]
pub struct RowArray<const S: usize, const C: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Cycle 0 of a product.
    pub start: Signal<In, bool>,
    /// First factor.
    pub a: Signal<In, Bits<S>>,
    /// Second factor.
    pub b: Signal<In, Bits<S>>,
    /// Columns of the low half.
    pub low: Signal<Out, Bits<C>>,
    /// Columns of the high half.
    pub high: Signal<Out, Bits<C>>,
    _technology: Technology,
    _state: State,
}

/// Registers, named as in the Verilog.
#[derive(Clone, Debug, Default)]
struct State {
    /// `start` of cycle −1, −2, …
    since: Vec<bool>,
    digit_a: i64,
    digit_b: i64,
    waiting: Vec<i64>,
    operand_a: i64,
    operand_b: Vec<i64>,
    product: Vec<i64>,
    output: Vec<i64>,
    sum: Vec<i64>,
    copy: Vec<i64>,
    gated: Vec<i64>,
    upper: i64,
    low_carry: i64,
    high_carry: i64,
}

impl<const S: usize, const C: usize> RowArray<S, C> {
    /// Bits of a digit.
    const DIGIT: usize = S - 2;

    /// Bits of a sum of partial products.
    const SUM: usize = 2 * Self::DIGIT + 6;

    /// An array of `lanes` multipliers with the cells of `technology`.
    ///
    /// # Panics
    /// If there are less than 8 or more than 16 lanes, or `S` or `C` do not fit: it is a
    /// programming error.
    pub fn new(lanes: usize, technology: Technology) -> Self {
        assert!((8..=16).contains(&lanes), "{lanes} lanes");
        assert!((4..=18).contains(&S) && C == Self::DIGIT + 8, "{S}, {C}");
        Self {
            clock: Default::default(),
            start: Default::default(),
            a: Default::default(),
            b: Default::default(),
            low: Default::default(),
            high: Default::default(),
            _technology: technology,
            _state: State {
                since: vec![false; lanes],
                waiting: vec![0; lanes],
                operand_b: vec![0; lanes],
                product: vec![0; lanes],
                output: vec![0; lanes],
                sum: vec![0; lanes],
                copy: vec![0; lanes],
                gated: vec![0; lanes],
                ..State::default()
            },
        }
    }
}

/// The `bits` low ones of a word in two's complement.
fn signed(word: u64, bits: usize) -> i64 {
    let unused = 64 - bits;
    (word << unused) as i64 >> unused
}

impl State {
    /// `start` was high `cycles` before, or a multiple of the lanes earlier.
    fn since(&self, cycles: usize) -> bool {
        self.since[(cycles - 1) % self.since.len()]
    }

    /// A rising edge; gives the columns that the output registers take.
    fn step(&mut self, start: bool, a: i64, b: i64, digit: usize) -> (i64, i64) {
        let lanes = self.sum.len();
        let lower = |sum: i64| sum & ((1 << digit) - 1);
        let low = self.low_carry + lower(self.sum[0]);
        let high = self.high_carry + lower(self.upper);
        self.low_carry = if self.since(4) { 0 } else { self.sum[0] >> digit };
        self.high_carry = self.upper >> digit;
        self.upper = self.gated.iter().fold(0, |all, word| all | word);
        for lane in 0..lanes {
            self.gated[lane] = if self.since(5 + lane) { self.copy[lane] } else { 0 };
        }
        // The low digit of the first copy is in the low half already.
        self.gated[0] -= lower(self.gated[0]);
        if self.since(4) {
            self.copy.copy_from_slice(&self.sum);
        }
        for lane in 0..lanes {
            let above = if lane + 1 < lanes && !self.since(4) { self.sum[lane + 1] } else { 0 };
            self.sum[lane] = signed((above + self.output[lane]) as u64, 2 * digit + 6);
        }
        self.output.copy_from_slice(&self.product);
        for lane in 0..lanes {
            self.product[lane] = self.operand_a * self.operand_b[lane];
        }
        self.operand_a = self.digit_a;
        if self.since(1) {
            for lane in 0..lanes - 1 {
                self.operand_b[lane] = lower(self.waiting[lane]);
            }
            self.operand_b[lanes - 1] = self.waiting[lanes - 1];
        }
        self.waiting.rotate_left(1);
        self.waiting[lanes - 1] = self.digit_b;
        self.digit_a = a;
        self.digit_b = b;
        self.since.rotate_right(1);
        self.since[0] = start;
        (low, high)
    }
}

impl<const S: usize, const C: usize> Logic for RowArray<S, C> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let a = signed(self.a.val().to_u64(), S);
            let b = signed(self.b.val().to_u64(), S);
            let (low, high) = self._state.step(self.start.val(), a, b, Self::DIGIT);
            let mask = (1_u64 << C) - 1;
            self.low.next = (low as u64 & mask).into();
            self.high.next = (high as u64 & mask).into();
        }
    }

    fn connect(&mut self) {
        self.low.connect();
        self.high.connect();
    }

    fn hdl(&self) -> Verilog {
        let multiplier = match self._technology {
            Technology::Generic => GENERIC_LANE.into(),
            Technology::Ecp5 => {
                format!("`ifdef SYNTHESIS\n{}`else\n{GENERIC_LANE}`endif\n", ecp5_lane(S))
            }
        };
        Verilog::Custom(format!(
            "\
localparam LANES = {lanes}, S = {S}, W = {digit}, SUM = {sum};
{REGISTERS}
genvar lane, pair;
generate for (lane = 0; lane < LANES; lane = lane + 1) begin : lanes
   reg [SUM-1:0] sum = 0;
   reg [SUM-1:0] copy = 0;
   reg [SUM-1:0] gated = 0;
   wire [S-1:0] next_b;
   if (lane == LANES - 1) assign next_b = waiting[lane * S +: S];
   else assign next_b = {{2'b00, waiting[lane * S +: W]}};
   wire [SUM-1:0] above = sums[(lane + 1) * SUM +: SUM];
   wire [SUM-1:0] total;
{multiplier}   always @(posedge clock) begin
      sum <= total;
      if (since[4]) copy <= sum;
      if (idle[(lane + 4) % LANES + 1]) gated <= 0;
      else gated <= copy;
   end
   assign sums[lane * SUM +: SUM] = sum;
   // The low digit of the first copy is in the low half already.
   if (lane == 0) assign all_gated[SUM-1:0] = {{gated[SUM-1:W], {{W{{1'b0}}}}}};
   else assign all_gated[lane * SUM +: SUM] = gated;
end endgenerate
",
            lanes = self._state.sum.len(),
            digit = Self::DIGIT,
            sum = Self::SUM,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "row_array".into(),
            clock: "clock".into(),
            inputs: vec!["start".into(), "a".into(), "b".into()],
            outputs: vec!["low".into(), "high".into()],
        }]
    }
}

/// Everything outside the lanes.
const REGISTERS: &str = "\
reg [LANES:1] since = 0;
reg [LANES:1] idle = {LANES{1'b1}};
reg signed [S-1:0] digit_a = 0;
reg [S-1:0] digit_b = 0;
reg [LANES*S-1:0] waiting = 0;
reg [SUM-1:0] upper = 0;
reg [SUM-W-1:0] low_carry = 0;
reg [SUM-W-1:0] high_carry = 0;
reg [SUM-1:0] joined;
wire [(LANES+1)*SUM-1:0] sums;
wire [LANES*SUM-1:0] all_gated;
assign sums[LANES*SUM +: SUM] = 0;

integer index;
always @(*) begin
   joined = 0;
   for (index = 0; index < LANES; index = index + 1) joined = joined | all_gated[index * SUM +: SUM];
end

initial begin
   low = 0;
   high = 0;
end

always @(posedge clock) begin
   since <= {since[LANES-1:1], start};
   idle <= {idle[LANES-1:1], ~start};
   digit_a <= a;
   digit_b <= b;
   waiting <= {digit_b, waiting[LANES*S-1:S]};
   upper <= joined;
   high_carry <= upper[SUM-1:W];
   if (since[4]) low_carry <= 0;
   else low_carry <= sums[SUM-1:W];
   low <= {{2{low_carry[SUM-W-1]}}, low_carry} + {8'b0, sums[W-1:0]};
   high <= {{2{high_carry[SUM-W-1]}}, high_carry} + {8'b0, upper[W-1:0]};
end
";

/// Multiplier and adder of a lane.
const GENERIC_LANE: &str = "\
   reg signed [S-1:0] operand_a = 0;
   reg signed [S-1:0] operand_b = 0;
   reg signed [2*S-1:0] product = 0;
   reg signed [2*S-1:0] result = 0;
   always @(posedge clock) begin
      operand_a <= digit_a;
      if (since[1]) operand_b <= next_b;
      product <= operand_a * operand_b;
      result <= product;
   end
   assign total = {{2{result[2*S-1]}}, result} + (since[4] ? {SUM{1'b0}} : above);
";

/// The same in a MULT18X18D, whose input registers have enables of their own, and carry cells.
fn ecp5_lane(width: usize) -> String {
    let parameters: String = [("INPUTA", 0), ("INPUTB", 1), ("PIPELINE", 0), ("OUTPUT", 0)]
        .iter()
        .map(|(stage, enable)| {
            format!(
                "      .REG_{stage}_CLK(\"CLK0\"), .REG_{stage}_CE(\"CE{enable}\"), .REG_{stage}_RST(\"RST0\"),\n"
            )
        })
        .collect();
    let operand = |port: &str, net: &str| -> String {
        let bit = |index: usize| format!(".{port}{index}({net}[{}]), ", index.min(width - 1));
        format!("      {}\n", (0..18).map(bit).collect::<String>().trim_end())
    };
    let unused: String = (0..18).map(|index| format!(".C{index}(1'b0), ")).collect();
    let product: Vec<String> =
        (0..36).map(|index| format!(".P{index}(block_product[{index}])")).collect();
    let port =
        |name: char, net: &str| format!(".{name}0({net}[2 * pair]), .{name}1({net}[2 * pair + 1])");
    format!(
        "\
   wire [35:0] block_product;
   MULT18X18D #(
{parameters}      .RESETMODE(\"SYNC\"), .GSR(\"DISABLED\")
   ) block (
{a}{b}      {unused}
      .SIGNEDA(1'b1), .SIGNEDB(1'b1), .SOURCEA(1'b0), .SOURCEB(1'b0),
      .CLK0(clock), .CE0(1'b1), .CE1(since[1]), .RST0(1'b0),
      {product}
   );
   wire [SUM-1:0] result = {{{{2{{block_product[2*S-1]}}}}, block_product[2*S-1:0]}};
   wire [SUM/2:0] carry;
   assign carry[0] = 1'b0;
   for (pair = 0; pair < SUM / 2; pair = pair + 1) begin : cells
      CCU2C #(.INIT0(16'h{table:04x}), .INIT1(16'h{table:04x}), .INJECT1_0(\"NO\"), .INJECT1_1(\"NO\")) cell_pair (
         {result}, {above},
         .C0(idle[4]), .C1(idle[4]), .D0(1'b0), .D1(1'b0),
         .CIN(carry[pair]), .COUT(carry[pair + 1]), .S0(total[2 * pair]), .S1(total[2 * pair + 1]));
   end
",
        a = operand("A", "digit_a"),
        b = operand("B", "next_b"),
        unused = unused.trim_end(),
        product = product.join(", "),
        result = port('A', "result"),
        above = port('B', "above"),
        table = table(|result, above, gate, _| result ^ (above & gate)),
    )
}
