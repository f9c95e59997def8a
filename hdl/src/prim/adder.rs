//! Adders whose second operand is a function of several words, at the cost of the adder alone.
//!
//! A carry cell of the ECP5 (CCU2C) holds a four-input table before each sum bit, so that
//! `a + f(b, c, d)` takes as many cells as `a + b` if `f` is 0 whenever the last two of its
//! arguments are. Synthesis does not find this by itself, so [`Technology::Ecp5`] names the
//! cells; [`Technology::Generic`] leaves the mapping to the tool.

use rust_hdl::prelude::*;

/// Cells that a design may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Technology {
    /// None: the Verilog runs on every part.
    Generic,
    /// Carry cells of the Lattice ECP5, when synthesised (macro `SYNTHESIS`); simulators see
    /// the generic text.
    Ecp5,
}

/// Second operand of a [`LogicAdder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Ch(b, c, d): bits of `c` where `b` is 1, of `d` where it is 0.
    Choose,
    /// Maj(b, c, d).
    Majority,
}

impl Operand {
    fn value(self, b: u64, c: u64, d: u64) -> u64 {
        match self {
            Self::Choose => (b & c) ^ (!b & d),
            Self::Majority => (b & c) ^ (b & d) ^ (c & d),
        }
    }

    fn verilog(self) -> &'static str {
        match self {
            Self::Choose => "(b & c) ^ (~b & d)",
            Self::Majority => "(b & c) ^ (b & d) ^ (c & d)",
        }
    }

    /// Table of the cells: A = a, B = b, C = c, D = d.
    fn cell_table(self) -> u16 {
        table(|a, b, c, d| a ^ self.value(b, c, d))
    }
}

/// What a [`SelectAdder`] computes when `select` is low and high.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// `a + b`, `a + c`.
    Sum,
    /// `b - a`, `a + c`.
    DifferenceOrSum,
}

impl Choice {
    fn value(self, select: bool, a: u64, b: u64, c: u64) -> u64 {
        match (select, self) {
            (true, _) => a.wrapping_add(c),
            (false, Self::Sum) => a.wrapping_add(b),
            (false, Self::DifferenceOrSum) => b.wrapping_sub(a),
        }
    }

    /// Table of the cells: A = a, B = select, C = b, D = c. A difference is `b + ~a + 1`.
    fn cell_table(self) -> u16 {
        table(|a, select, b, c| {
            let complement = self == Self::DifferenceOrSum && select == 0;
            a ^ u64::from(complement) ^ if select == 1 { c } else { b }
        })
    }
}

/// `sum = a + f(b, c, d)` modulo 2^`N`, `N` ≤ 64 and even.
#[derive(LogicBlock)]
pub struct LogicAdder<const N: usize> {
    /// First operand.
    pub a: Signal<In, Bits<N>>,
    /// First argument of the second operand.
    pub b: Signal<In, Bits<N>>,
    /// Second argument.
    pub c: Signal<In, Bits<N>>,
    /// Third argument.
    pub d: Signal<In, Bits<N>>,
    /// Sum, in the same cycle.
    pub sum: Signal<Out, Bits<N>>,
    _operand: Operand,
    _technology: Technology,
}

impl<const N: usize> LogicAdder<N> {
    /// Adds `operand` with the cells of `technology`.
    pub fn new(operand: Operand, technology: Technology) -> Self {
        Self {
            a: Default::default(),
            b: Default::default(),
            c: Default::default(),
            d: Default::default(),
            sum: Default::default(),
            _operand: operand,
            _technology: technology,
        }
    }
}

impl<const N: usize> Logic for LogicAdder<N> {
    fn update(&mut self) {
        let operand = self._operand.value(
            self.b.val().to_u64(),
            self.c.val().to_u64(),
            self.d.val().to_u64(),
        );
        let sum = self.a.val().to_u64().wrapping_add(operand);
        self.sum.next = (sum & mask(N)).into();
    }

    fn connect(&mut self) {
        self.sum.connect();
    }

    fn hdl(&self) -> Verilog {
        let generic = format!("always @(*) sum = a + ({});\n", self._operand.verilog());
        Verilog::Custom(match self._technology {
            Technology::Generic => generic,
            Technology::Ecp5 => with_carry_cells(
                N,
                &generic,
                self._operand.cell_table(),
                "1'b0",
                ["a[#]", "b[#]", "c[#]", "d[#]"],
            ),
        })
    }
}

/// `sum = select ? a + c : a + b`, or `select ? a + c : b - a`, modulo 2^`N`, `N` ≤ 64 and even.
#[derive(LogicBlock)]
pub struct SelectAdder<const N: usize> {
    /// First operand.
    pub a: Signal<In, Bits<N>>,
    /// Second operand while `select` is low.
    pub b: Signal<In, Bits<N>>,
    /// Second operand while `select` is high.
    pub c: Signal<In, Bits<N>>,
    /// Chooses.
    pub select: Signal<In, bool>,
    /// Result, in the same cycle.
    pub sum: Signal<Out, Bits<N>>,
    _choice: Choice,
    _technology: Technology,
}

impl<const N: usize> SelectAdder<N> {
    /// Computes `choice` with the cells of `technology`.
    pub fn new(choice: Choice, technology: Technology) -> Self {
        Self {
            a: Default::default(),
            b: Default::default(),
            c: Default::default(),
            select: Default::default(),
            sum: Default::default(),
            _choice: choice,
            _technology: technology,
        }
    }
}

impl<const N: usize> Logic for SelectAdder<N> {
    fn update(&mut self) {
        let sum = self._choice.value(
            self.select.val(),
            self.a.val().to_u64(),
            self.b.val().to_u64(),
            self.c.val().to_u64(),
        );
        self.sum.next = (sum & mask(N)).into();
    }

    fn connect(&mut self) {
        self.sum.connect();
    }

    fn hdl(&self) -> Verilog {
        let (generic, carry) = match self._choice {
            Choice::Sum => ("always @(*) sum = a + (select ? c : b);\n", "1'b0"),
            Choice::DifferenceOrSum => ("always @(*) sum = select ? a + c : b - a;\n", "~select"),
        };
        Verilog::Custom(match self._technology {
            Technology::Generic => generic.into(),
            Technology::Ecp5 => with_carry_cells(
                N,
                generic,
                self._choice.cell_table(),
                carry,
                ["a[#]", "select", "b[#]", "c[#]"],
            ),
        })
    }
}

/// The `N` low bits.
fn mask(n: usize) -> u64 {
    u64::MAX >> (64 - n)
}

/// Table of a carry cell whose inputs A, B, C, D propagate a carry where `propagate` is 1.
///
/// Where it is 0 the cell generates a carry by its entries for C = D = 0, a function of A and B
/// alone: it must be the first operand's bit there.
pub(super) fn table(propagate: impl Fn(u64, u64, u64, u64) -> u64) -> u16 {
    (0..16_u64)
        .map(|index| {
            let bit = |position: u32| index >> position & 1;
            let value = propagate(bit(0), bit(1), bit(2), bit(3)) & 1;
            (value as u16) << index
        })
        .sum()
}

/// The generic text for simulators, and a chain of carry cells for synthesis; `#` in `inputs`
/// stands for the bit's index.
fn with_carry_cells(
    n: usize,
    generic: &str,
    table: u16,
    carry_in: &str,
    inputs: [&str; 4],
) -> String {
    format!(
        "\
`ifdef SYNTHESIS
{cells}always @(*) sum = total;
`else
{generic}`endif
",
        cells = carry_cells(n, table, carry_in, inputs),
    )
}

/// A chain of carry cells whose sum is the wire `total` of `n` bits, `n` even.
pub(super) fn carry_cells(n: usize, table: u16, carry_in: &str, inputs: [&str; 4]) -> String {
    let ports: String = ["A", "B", "C", "D"]
        .iter()
        .zip(inputs)
        .map(|(port, net)| {
            let even = net.replace('#', "2 * pair");
            let odd = net.replace('#', "2 * pair + 1");
            format!("      .{port}0({even}), .{port}1({odd}),\n")
        })
        .collect();
    format!(
        "\
wire [{pairs}:0] carry;
wire [{top}:0] total;
assign carry[0] = {carry_in};
genvar pair;
generate for (pair = 0; pair < {pairs}; pair = pair + 1) begin : cells
   CCU2C #(.INIT0(16'h{table:04x}), .INIT1(16'h{table:04x}), .INJECT1_0(\"NO\"), .INJECT1_1(\"NO\")) cell_pair (
{ports}      .CIN(carry[pair]), .COUT(carry[pair + 1]), .S0(total[2 * pair]), .S1(total[2 * pair + 1]));
end endgenerate
",
        pairs = n / 2,
        top = n - 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain of carry cells as the vendor describes them: where the table gives 1 the carry
    /// passes, where it gives 0 the cell makes a carry by its entry for C = D = 0.
    fn chain(table: u16, bits: usize, mut carry: u64, inputs: impl Fn(usize) -> [u64; 4]) -> u64 {
        let mut sum = 0;
        for position in 0..bits {
            let [a, b, c, d] = inputs(position);
            let entry = |index: u64| u64::from(table >> index & 1);
            let propagate = entry(a | b << 1 | c << 2 | d << 3);
            sum |= (propagate ^ carry) << position;
            carry = if propagate == 1 { carry } else { entry(a | b << 1) };
        }
        sum
    }

    const BITS: usize = 4;

    /// Every triple and quadruple of words of four bits.
    fn every_word() -> impl Iterator<Item = [u64; 4]> {
        (0..1_u64 << (4 * BITS)).map(|all| [0, 4, 8, 12].map(|shift| all >> shift & 15))
    }

    #[test]
    fn carry_cells_add_an_operand() {
        for operand in [Operand::Choose, Operand::Majority] {
            let table = operand.cell_table();
            for [a, b, c, d] in every_word() {
                let bit = |word: u64, position: usize| word >> position & 1;
                let sum = chain(table, BITS, 0, |i| [bit(a, i), bit(b, i), bit(c, i), bit(d, i)]);
                assert_eq!(sum, (a + (operand.value(b, c, d) & 15)) & 15, "{operand:?}");
            }
        }
    }

    #[test]
    fn carry_cells_choose() {
        for choice in [Choice::Sum, Choice::DifferenceOrSum] {
            let table = choice.cell_table();
            for [a, b, c, select] in every_word().filter(|words| words[3] < 2) {
                let carry = match choice {
                    Choice::Sum => 0,
                    Choice::DifferenceOrSum => 1 - select,
                };
                let bit = |word: u64, position: usize| word >> position & 1;
                let sum = chain(table, BITS, carry, |i| [bit(a, i), select, bit(b, i), bit(c, i)]);
                let expected = choice.value(select == 1, a, b, c) & 15;
                assert_eq!(sum, expected, "{choice:?} {select}: {a} {b} {c}");
            }
        }
    }

    #[test]
    fn random_words_of_full_width() {
        let mut adder = SelectAdder::<64>::new(Choice::DifferenceOrSum, Technology::Generic);
        adder.connect_all();
        let mut word = 0x9E37_79B9_7F4A_7C15_u64;
        for step in 0..1000 {
            let mut next = || {
                word ^= word << 13;
                word ^= word >> 7;
                word ^= word << 17;
                word
            };
            let (a, b, c) = (next(), next(), next());
            adder.a.next = a.into();
            adder.b.next = b.into();
            adder.c.next = c.into();
            adder.select.next = step % 2 == 1;
            assert!(simulate(&mut adder, 10));
            let expected = if step % 2 == 1 { a.wrapping_add(c) } else { b.wrapping_sub(a) };
            assert_eq!(adder.sum.val().to_u64(), expected);
        }
    }
}
