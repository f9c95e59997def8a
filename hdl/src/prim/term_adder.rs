//! Registered adders of signed terms: one carry cell of the ECP5 for two bits of the sum,
//! whatever gates, signs and choices stand before the second operand.

use rust_hdl::prelude::*;

use super::Technology;
use super::adder::{carry_cells, table};

/// How a word enters a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word is in two's complement.
    pub signed: bool,
    /// Places by which it moves left.
    pub shift: usize,
}

impl Term {
    /// An unsigned word as it is.
    pub const UNSIGNED: Self = Self { signed: false, shift: 0 };

    /// A signed word as it is.
    pub const SIGNED: Self = Self { signed: true, shift: 0 };

    /// A signed word times 2^`shift`.
    pub const fn shifted(shift: usize) -> Self {
        Self { signed: true, shift }
    }

    fn value(self, word: u64, width: usize) -> u64 {
        let unused = 64 - width;
        let extended = match self.signed {
            true => ((word << unused) as i64 >> unused) as u64,
            false => word,
        };
        extended << self.shift
    }

    /// Declares `name` as the term of `word`, in `n` bits.
    fn verilog(self, name: &str, word: &str, width: usize, n: usize) -> String {
        let mut parts = Vec::new();
        if n > width + self.shift {
            let fill = if self.signed { format!("{word}[{}]", width - 1) } else { "1'b0".into() };
            parts.push(format!("{{{}{{{fill}}}}}", n - width - self.shift));
        }
        parts.push(format!("{word}[{}:0]", width.min(n - self.shift) - 1));
        if self.shift > 0 {
            parts.push(format!("{}'b0", self.shift));
        }
        format!("wire [{}:0] {name} = {{{}}};\n", n - 1, parts.join(", "))
    }
}

/// `sum = a ± b`, registered, modulo 2^`N`; `N` ≤ 32 and even.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `a`, `b` | in | operands, as [`Term`]s |
/// | `gate` | in | `b` counts; else it is 0 |
/// | `negate` | in | `b` is subtracted |
/// | `clear` | in | the sum becomes 0 |
/// | `sum` | out | one rising edge later; 0 at power-up |
#[derive(LogicBlock)]
pub struct TermAdder<const A: usize, const B: usize, const N: usize> {
    /// First operand.
    pub a: Signal<In, Bits<A>>,
    /// Second operand.
    pub b: Signal<In, Bits<B>>,
    /// The second operand counts.
    pub gate: Signal<In, bool>,
    /// It is subtracted.
    pub negate: Signal<In, bool>,
    /// Takes 0 at the rising edge.
    pub clear: Signal<In, bool>,
    /// Sum.
    pub sum: Signal<Out, Bits<N>>,
    /// Clock.
    pub clock: Signal<In, Clock>,
    _terms: [Term; 2],
    _technology: Technology,
}

impl<const A: usize, const B: usize, const N: usize> TermAdder<A, B, N> {
    /// Adds `a` and `b` with the cells of `technology`.
    pub fn new(a: Term, b: Term, technology: Technology) -> Self {
        Self {
            a: Default::default(),
            b: Default::default(),
            gate: Default::default(),
            negate: Default::default(),
            clear: Default::default(),
            sum: Default::default(),
            clock: Default::default(),
            _terms: [a, b],
            _technology: technology,
        }
    }
}

impl<const A: usize, const B: usize, const N: usize> Logic for TermAdder<A, B, N> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let a = self._terms[0].value(self.a.val().to_u64(), A);
            let b = self._terms[1].value(self.b.val().to_u64(), B);
            let sum = match (self.clear.val(), self.gate.val(), self.negate.val()) {
                (true, ..) => 0,
                (false, false, _) => a,
                (false, true, false) => a.wrapping_add(b),
                (false, true, true) => a.wrapping_sub(b),
            };
            self.sum.next = (sum & mask(N)).into();
        }
    }

    fn connect(&mut self) {
        self.sum.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(registered_sum(
            N,
            &[
                self._terms[0].verilog("first", "a", A, N),
                self._terms[1].verilog("second", "b", B, N),
            ],
            "first + (({N{gate}} & second) ^ {N{negate}}) + negate",
            (
                table(|a, b, gate, negate| a ^ (b & gate) ^ negate),
                "negate",
                ["first[#]", "second[#]", "gate", "negate"],
            ),
            self._technology,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        timing("term_adder", &["a", "b", "gate", "negate", "clear"])
    }
}

/// `sum = a + (select ? c : b)`, registered, modulo 2^`N`; `N` ≤ 32 and even.
///
/// Ports as those of [`TermAdder`].
#[derive(LogicBlock)]
pub struct ChoiceAdder<const A: usize, const B: usize, const C: usize, const N: usize> {
    /// First operand.
    pub a: Signal<In, Bits<A>>,
    /// Second operand while `select` is low.
    pub b: Signal<In, Bits<B>>,
    /// Second operand while `select` is high.
    pub c: Signal<In, Bits<C>>,
    /// Chooses.
    pub select: Signal<In, bool>,
    /// Sum.
    pub sum: Signal<Out, Bits<N>>,
    /// Clock.
    pub clock: Signal<In, Clock>,
    _terms: [Term; 3],
    _technology: Technology,
}

impl<const A: usize, const B: usize, const C: usize, const N: usize> ChoiceAdder<A, B, C, N> {
    /// Adds `a` and `b` or `c` with the cells of `technology`.
    pub fn new(a: Term, b: Term, c: Term, technology: Technology) -> Self {
        Self {
            a: Default::default(),
            b: Default::default(),
            c: Default::default(),
            select: Default::default(),
            sum: Default::default(),
            clock: Default::default(),
            _terms: [a, b, c],
            _technology: technology,
        }
    }
}

impl<const A: usize, const B: usize, const C: usize, const N: usize> Logic
    for ChoiceAdder<A, B, C, N>
{
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let a = self._terms[0].value(self.a.val().to_u64(), A);
            let second = match self.select.val() {
                false => self._terms[1].value(self.b.val().to_u64(), B),
                true => self._terms[2].value(self.c.val().to_u64(), C),
            };
            self.sum.next = (a.wrapping_add(second) & mask(N)).into();
        }
    }

    fn connect(&mut self) {
        self.sum.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(registered_sum(
            N,
            &[
                "wire clear = 1'b0;\n".into(),
                self._terms[0].verilog("first", "a", A, N),
                self._terms[1].verilog("second", "b", B, N),
                self._terms[2].verilog("third", "c", C, N),
            ],
            "first + (select ? third : second)",
            (
                table(|a, select, b, c| a ^ if select == 1 { c } else { b }),
                "1'b0",
                ["first[#]", "select", "second[#]", "third[#]"],
            ),
            self._technology,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        timing("choice_adder", &["a", "b", "c", "select"])
    }
}

/// The `n` low bits.
fn mask(n: usize) -> u64 {
    u64::MAX >> (64 - n)
}

fn timing(name: &str, inputs: &[&str]) -> Vec<TimingInfo> {
    vec![TimingInfo {
        name: name.into(),
        clock: "clock".into(),
        inputs: inputs.iter().map(|&input| input.into()).collect(),
        outputs: vec!["sum".into()],
    }]
}

/// A register behind the sum `generic` of the words that `declarations` make, or behind
/// carry cells with a table, a first carry and inputs.
fn registered_sum(
    n: usize,
    declarations: &[String],
    generic: &str,
    (table, carry_in, inputs): (u16, &str, [&str; 4]),
    technology: Technology,
) -> String {
    let plain =
        format!("wire [{}:0] total = {};\n", n - 1, generic.replace("{N{", &format!("{{{n}{{")));
    let total = match technology {
        Technology::Generic => plain,
        Technology::Ecp5 => format!(
            "`ifdef SYNTHESIS\n{}`else\n{plain}`endif\n",
            carry_cells(n, table, carry_in, inputs)
        ),
    };
    format!(
        "\
{}{total}
initial sum = 0;

always @(posedge clock) begin
   if (clear) sum <= 0;
   else sum <= total;
end
",
        declarations.concat(),
    )
}
