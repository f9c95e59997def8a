//! A row of multipliers that works on eight products in turn.

use std::collections::VecDeque;

use rust_hdl::prelude::*;

use super::Technology;

/// Bits of a digit.
pub const DIGIT_BITS: usize = 17;

/// Bits of a digit on a port: the last one of a number has a sign.
pub const STREAM_BITS: usize = 18;

/// Bits of a lane's sum.
const SUM: usize = 42;

/// Rows from one of a product to its next one.
pub const THREADS: usize = 8;

/// Delay of a sum before it meets the next row of its product.
const RING: usize = 6;

/// Digits times numbers, accumulated in lanes: one row per cycle, each of another of
/// [`THREADS`] threads, that return in a fixed turn.
///
/// A number is one digit of [`DIGIT_BITS`] bits for each lane, the least in lane 0; digits are
/// unsigned but for the last, which has [`STREAM_BITS`] bits and a sign. Each lane has a memory
/// of digits, so that all digits of a number are read at once.
///
/// The cycle of a row is the one in which its inputs are on their ports:
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `row` | in | the number that the row multiplies |
/// | `source` | in | by which digit: 0 `digit`, 1 the low digit of the thread's lane 0 after its last row, 2 the low digit of what that row multiplied in lane 0 |
/// | `digit` | in | signed |
/// | `first` | in | the thread's sums begin at 0 |
/// | `shift` | in | the sums move down by one lane before the product is added; what is above the low digit of lane 0 is kept, the low digit is dropped |
/// | `idle` | in | lane 0 does not add its product |
/// | `capture` | in | the sums after this row go to the output |
/// | `write`, `write_row`, `write_place`, `write_data` | in | stores a digit of a number at the rising edge; a row must not read it in the same cycle |
/// | `low`, `high` | out | of the sum of lane i, [`OUTPUT`](Self::OUTPUT) + i cycles after the row that was captured: the low digit, and what is above it, signed. After the last lane comes a 0, then the lanes again |
///
/// Stages: 1 digit, number; 2 digit at all lanes, number behind its block RAM; 3 operands in the MULT18X18D; 4 its pipeline;
/// 5 its output, beside the sum so far; 6 sum.
///
/// A Montgomery product by the row method (hardware: C. K. Koç, T. Acar, B. S. Kaliski, Analyzing
/// and Comparing Montgomery Multiplication Algorithms, 1996, FIOS) takes for each digit of one
/// factor a row of the other factor, and a shifted row of the constant (p·k + 1)/2^17 by the low
/// digit, where k is −1/p modulo 2^17.
#[derive(LogicBlock)]
pub struct BarrelArray {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Number that is multiplied.
    pub row: Signal<In, Bits<9>>,
    /// Where the digit comes from.
    pub source: Signal<In, Bits<2>>,
    /// Digit from outside.
    pub digit: Signal<In, Bits<18>>,
    /// Sums begin.
    pub first: Signal<In, Bit>,
    /// Sums move.
    pub shift: Signal<In, Bit>,
    /// Lane 0 does not add.
    pub idle: Signal<In, Bit>,
    /// Sums are wanted.
    pub capture: Signal<In, Bit>,
    /// Stores a digit.
    pub write: Signal<In, Bit>,
    /// Of this number.
    pub write_row: Signal<In, Bits<9>>,
    /// In this lane.
    pub write_place: Signal<In, Bits<5>>,
    /// The digit.
    pub write_data: Signal<In, Bits<18>>,
    /// Low digit of a sum.
    pub low: Signal<Out, Bits<17>>,
    /// What is above it.
    pub high: Signal<Out, Bits<25>>,
    _technology: Technology,
    _initial: Vec<Vec<u64>>,
    _state: State,
}

/// A control that accompanies its row.
type Line = VecDeque<bool>;

/// Registers, named as in the Verilog.
#[derive(Clone, Debug, Default)]
struct State {
    words: Vec<Vec<i64>>,
    chosen: i64,
    digit: i64,
    operand_a: i64,
    word: Vec<i64>,
    fetched: Vec<i64>,
    operand_b: Vec<i64>,
    product: Vec<i64>,
    output: Vec<i64>,
    above: Vec<i64>,
    sum: Vec<i64>,
    /// Of each lane, the newest first.
    ring: Vec<VecDeque<i64>>,
    quotient: VecDeque<i64>,
    multiple: VecDeque<i64>,
    copy: Vec<i64>,
    first: Line,
    shift: Line,
    idle: Line,
    capture: Line,
}

/// What the ports carry in a cycle.
struct Inputs {
    row: usize,
    source: u64,
    digit: i64,
    controls: [bool; 4],
    write: Option<(usize, usize, i64)>,
}

/// The `bits` low ones of a word in two's complement.
fn signed(word: i64, bits: usize) -> i64 {
    let unused = 64 - bits;
    word << unused >> unused
}

fn low_digit(sum: i64) -> i64 {
    sum & ((1 << DIGIT_BITS) - 1)
}

/// Moves a line by one place and gives its oldest value.
fn moved<T>(line: &mut VecDeque<T>, value: T) -> T {
    line.push_front(value);
    line.pop_back().expect("a line has places")
}

impl BarrelArray {
    /// Numbers that the lanes hold.
    pub const ROWS: usize = 512;

    /// Cycles from a row to the low digit of lane 0 after it.
    pub const OUTPUT: usize = 7;

    /// An array with as many lanes as the numbers have digits. `numbers` are in the memories at
    /// the start, the first ones at these rows; the others are 0.
    ///
    /// # Panics
    /// If there are less than 2 or more than 31 lanes, or a number does not fit: a design with
    /// such an array is a programming error.
    pub fn new(lanes: usize, numbers: &[(usize, Vec<u64>)], technology: Technology) -> Self {
        assert!((2..32).contains(&lanes), "{lanes} lanes");
        let mut words = vec![vec![0; Self::ROWS]; lanes];
        for (row, digits) in numbers {
            assert!(*row < Self::ROWS && digits.len() <= lanes, "row {row}: {digits:?}");
            for (lane, digit) in digits.iter().enumerate() {
                assert!(digit >> DIGIT_BITS == 0, "digit {digit}");
                words[lane][*row] = *digit;
            }
        }
        let zeros = vec![0; lanes];
        let line = |places| vec![false; places].into();
        Self {
            clock: Default::default(),
            row: Default::default(),
            source: Default::default(),
            digit: Default::default(),
            first: Default::default(),
            shift: Default::default(),
            idle: Default::default(),
            capture: Default::default(),
            write: Default::default(),
            write_row: Default::default(),
            write_place: Default::default(),
            write_data: Default::default(),
            low: Default::default(),
            high: Default::default(),
            _technology: technology,
            _state: State {
                words: words.iter().map(|lane| lane.iter().map(|&d| d as i64).collect()).collect(),
                word: zeros.clone(),
                fetched: zeros.clone(),
                operand_b: zeros.clone(),
                product: zeros.clone(),
                output: zeros.clone(),
                above: zeros.clone(),
                sum: zeros.clone(),
                ring: vec![vec![0; RING].into(); lanes],
                quotient: vec![0; 2].into(),
                multiple: vec![0; 3].into(),
                copy: vec![0; lanes + 1],
                first: line(4),
                shift: line(4),
                idle: line(5),
                capture: line(6),
                ..State::default()
            },
            _initial: words,
        }
    }
}

impl State {
    /// A rising edge.
    fn step(&mut self, inputs: &Inputs) {
        let lanes = self.sum.len();
        let [first, shift, idle, capture] = inputs.controls;
        let multiple = moved(&mut self.multiple, low_digit(self.output[0]));
        let quotient = moved(&mut self.quotient, low_digit(self.sum[0]));
        let delayed: Vec<i64> =
            self.ring.iter_mut().zip(&self.sum).map(|(ring, &sum)| moved(ring, sum)).collect();
        if moved(&mut self.capture, capture) {
            self.copy[..lanes].copy_from_slice(&self.sum);
            self.copy[lanes] = 0;
        } else {
            self.copy.rotate_left(1);
        }
        let idle = moved(&mut self.idle, idle);
        for lane in 0..lanes {
            let added = if lane == 0 && idle { 0 } else { self.output[lane] };
            self.sum[lane] = signed(self.above[lane] + added, SUM);
        }
        let (first, shift) = (moved(&mut self.first, first), moved(&mut self.shift, shift));
        for lane in 0..lanes {
            let up = if lane + 1 < lanes { delayed[lane + 1] } else { 0 };
            let kept = if lane == 0 { delayed[0] >> DIGIT_BITS } else { 0 };
            let above = match (first, shift) {
                (true, _) => 0,
                (false, true) => up + kept,
                (false, false) => delayed[lane],
            };
            self.above[lane] = signed(above, SUM);
        }
        self.output.copy_from_slice(&self.product);
        for lane in 0..lanes {
            self.product[lane] = self.operand_a * self.operand_b[lane];
        }
        self.operand_a = self.digit;
        self.operand_b.copy_from_slice(&self.fetched);
        self.digit = self.chosen;
        self.fetched.copy_from_slice(&self.word);
        for lane in 0..lanes {
            self.word[lane] = self.words[lane][inputs.row];
        }
        self.chosen = match inputs.source {
            0 => inputs.digit,
            1 => quotient,
            _ => multiple,
        };
        if let Some((row, place, data)) = inputs.write
            && place < lanes
        {
            self.words[place][row] = data;
        }
    }
}

impl Logic for BarrelArray {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let data = |word: u64| signed(word as i64, STREAM_BITS);
            let write = self.write.val().then(|| {
                let place = self.write_place.val().index();
                (self.write_row.val().index(), place, data(self.write_data.val().to_u64()))
            });
            self._state.step(&Inputs {
                row: self.row.val().index(),
                source: self.source.val().to_u64(),
                digit: data(self.digit.val().to_u64()),
                controls: [self.first.val(), self.shift.val(), self.idle.val(), self.capture.val()],
                write,
            });
            let head = self._state.copy[0];
            self.low.next = (low_digit(head) as u64).into();
            self.high.next = ((head >> DIGIT_BITS) as u64 & ((1 << 25) - 1)).into();
        }
    }

    fn connect(&mut self) {
        self.low.connect();
        self.high.connect();
    }

    fn hdl(&self) -> Verilog {
        let lanes = self._initial.len();
        let multiplier = match self._technology {
            Technology::Generic => GENERIC_MULTIPLIER.into(),
            Technology::Ecp5 => {
                format!(
                    "`ifdef SYNTHESIS\n{}`else\n{GENERIC_MULTIPLIER}`endif\n",
                    ecp5_multiplier()
                )
            }
        };
        let memories: String = self._initial.iter().enumerate().map(memory).collect();
        Verilog::Custom(format!(
            "\
localparam LANES = {lanes}, S = {STREAM_BITS}, W = {DIGIT_BITS}, SUM = {SUM};
{REGISTERS}{memories}
genvar lane;
generate for (lane = 0; lane < LANES; lane = lane + 1) begin : lanes
   reg [SUM-1:0] sum = 0;
   reg [SUM-1:0] above = 0;
   reg [SUM-1:0] copy = 0;
   reg [SUM-1:0] delayed = 0;
   (* ram_style = \"distributed\" *) reg [SUM-1:0] ring [0:{last_place}];
   integer place;
   initial for (place = 0; place <= {last_place}; place = place + 1) ring[place] = 0;
   wire [SUM-1:0] up = all_delayed[(lane + 1) * SUM +: SUM];
   wire [S-1:0] operand = all_fetched[lane * S +: S];
{multiplier}   assign all_delayed[lane * SUM +: SUM] = delayed;
   assign all_copies[lane * SUM +: SUM] = copy;
   always @(posedge clock) begin
      delayed <= ring[pointer];
      ring[pointer] <= sum;
      copy <= capture_line[5] ? sum : all_copies[(lane + 1) * SUM +: SUM];
   end
   if (lane == 0) begin
      assign first_sum = sum;
      assign first_output = result[W-1:0];
      always @(posedge clock) begin
         if (first_line[3]) above <= 0;
         else above <= shift_line[3] ? up + {{{{W{{delayed[SUM-1]}}}}, delayed[SUM-1:W]}} : delayed;
         sum <= above + (idle_line[4] ? {{SUM{{1'b0}}}} : {{{{(SUM-2*S){{result[2*S-1]}}}}, result}});
      end
   end else begin
      always @(posedge clock) begin
         if (first_line[3]) above <= 0;
         else above <= shift_line[3] ? up : delayed;
         sum <= above + {{{{(SUM-2*S){{result[2*S-1]}}}}, result}};
      end
   end
end endgenerate
always @(*) begin
   low = all_copies[W-1:0];
   high = all_copies[SUM-1:W];
end
",
            last_place = RING - 2,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        let inputs = ["row", "source", "digit", "first", "shift", "idle", "capture"];
        let writes = ["write", "write_row", "write_place", "write_data"];
        vec![TimingInfo {
            name: "barrel_array".into(),
            clock: "clock".into(),
            inputs: inputs.iter().chain(&writes).map(|&name| name.into()).collect(),
            outputs: vec!["low".into(), "high".into()],
        }]
    }
}

/// Everything outside the lanes.
const REGISTERS: &str = "\
reg signed [S-1:0] chosen = 0;
reg signed [S-1:0] digit_held = 0;
reg [2:0] pointer = 0;
reg [3:0] first_line = 0;
reg [3:0] shift_line = 0;
reg [4:0] idle_line = 0;
reg [5:0] capture_line = 0;
reg [2*W-1:0] quotient_line = 0;
reg [3*W-1:0] multiple_line = 0;
reg [SUM-1:0] last_copy = 0;
wire [SUM-1:0] first_sum;
wire [W-1:0] first_output;
wire [(LANES+1)*SUM-1:0] all_delayed;
wire [(LANES+1)*SUM-1:0] all_copies;
wire [LANES*S-1:0] all_fetched;
assign all_delayed[LANES*SUM +: SUM] = 0;
assign all_copies[LANES*SUM +: SUM] = last_copy;
always @(posedge clock) begin
   quotient_line <= {quotient_line[W-1:0], first_sum[W-1:0]};
   multiple_line <= {multiple_line[2*W-1:0], first_output};
   chosen <= source == 2'd0 ? digit : {1'b0, source == 2'd1 ? quotient_line[2*W-1:W] : multiple_line[3*W-1:2*W]};
   digit_held <= chosen;
   pointer <= pointer == 3'd4 ? 3'd0 : pointer + 3'd1;
   first_line <= {first_line[2:0], first};
   shift_line <= {shift_line[2:0], shift};
   idle_line <= {idle_line[3:0], idle};
   capture_line <= {capture_line[4:0], capture};
   last_copy <= capture_line[5] ? {SUM{1'b0}} : all_copies[SUM-1:0];
end
";

/// Digits of a lane.
fn memory((lane, words): (usize, &Vec<u64>)) -> String {
    let contents: String = words
        .iter()
        .enumerate()
        .filter(|(_, word)| **word != 0)
        .map(|(row, word)| format!("   words_{lane}[{row}] = {word};\n"))
        .collect();
    format!(
        "\
(* no_rw_check, ram_style = \"block\" *) reg [S-1:0] words_{lane} [0:{last}];
reg [S-1:0] word_{lane} = 0;
reg [S-1:0] fetched_{lane} = 0;
assign all_fetched[{lane} * S +: S] = fetched_{lane};
integer index_{lane};
initial begin
   for (index_{lane} = 0; index_{lane} <= {last}; index_{lane} = index_{lane} + 1) words_{lane}[index_{lane}] = 0;
{contents}end
always @(posedge clock) begin
   word_{lane} <= words_{lane}[row];
   fetched_{lane} <= word_{lane};
   if (write && write_place == 5'd{lane}) words_{lane}[write_row] <= write_data;
end
",
        last = words.len() - 1,
    )
}

/// Multiplier of a lane.
const GENERIC_MULTIPLIER: &str = "\
   reg signed [S-1:0] operand_a = 0;
   reg signed [S-1:0] operand_b = 0;
   reg signed [2*S-1:0] product = 0;
   reg signed [2*S-1:0] result = 0;
   always @(posedge clock) begin
      operand_a <= digit_held;
      operand_b <= operand;
      product <= operand_a * operand_b;
      result <= product;
   end
";

/// The same in a MULT18X18D with all its registers.
fn ecp5_multiplier() -> String {
    let parameters: String = ["INPUTA", "INPUTB", "PIPELINE", "OUTPUT"]
        .iter()
        .map(|stage| {
            format!(
                "      .REG_{stage}_CLK(\"CLK0\"), .REG_{stage}_CE(\"CE0\"), .REG_{stage}_RST(\"RST0\"),\n"
            )
        })
        .collect();
    let operand = |port: &str, net: &str| -> String {
        let bit = |index: usize| format!(".{port}{index}({net}[{index}]), ");
        format!("      {}\n", (0..STREAM_BITS).map(bit).collect::<String>().trim_end())
    };
    let unused: String = (0..18).map(|index| format!(".C{index}(1'b0), ")).collect();
    let product: Vec<String> = (0..36).map(|index| format!(".P{index}(result[{index}])")).collect();
    format!(
        "\
   wire [35:0] result;
   MULT18X18D #(
{parameters}      .RESETMODE(\"SYNC\"), .GSR(\"DISABLED\")
   ) block (
{a}{b}      {unused}
      .SIGNEDA(1'b1), .SIGNEDB(1'b1), .SOURCEA(1'b0), .SOURCEB(1'b0),
      .CLK0(clock), .CE0(1'b1), .RST0(1'b0),
      {product}
   );
",
        a = operand("A", "digit_held"),
        b = operand("B", "operand"),
        unused = unused.trim_end(),
        product = product.join(", "),
    )
}
