//! The adder.

use rust_hdl::prelude::*;

/// What an [`AddUnit`] computes of its shifted operands, as its port `func` encodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Func {
    /// x + y.
    Sum = 0,
    /// x − y.
    Difference = 1,
    /// x.
    Copy = 2,
    /// −x.
    Negative = 3,
    /// −x where `sign` is high, else x.
    Signed = 4,
}

/// One linear combination of two numbers per slot.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `phase` | in | the slot counter |
/// | `sx`, `sy` | in | places by which the operands move left; sampled in cycle 0 |
/// | `func`, `sign` | in | [`Func`] of them; sampled in cycle 0 |
/// | `fold`, `curve` | in | whether and modulo which [`Curve`](super::Curve) to reduce; sampled in cycle 0 |
/// | `x`, `y` | in | digit i in cycle i; class `Wide` (`Lazy` where `fold` is high) |
/// | `out` | out | digit i in cycle [`LATENCY`](Self::LATENCY) + i |
/// | `zero`, `negative`, `odd` | out | of the result where `fold` is low; from cycle [`FLAGS`](Self::FLAGS) for a slot |
///
/// The result is `Lazy` where `fold` is high. Otherwise it is the exact integer, class `Wide`;
/// beyond it the last digit wraps, and the flags are those of the wrapped number.
#[derive(LogicBlock, Default)]
pub struct AddUnit {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Cycle of the slot.
    pub phase: Signal<In, Bits<4>>,
    /// Places by which `x` moves left.
    pub sx: Signal<In, Bits<2>>,
    /// Places by which `y` moves left.
    pub sy: Signal<In, Bits<2>>,
    /// What to compute.
    pub func: Signal<In, Bits<3>>,
    /// Sign for [`Func::Signed`].
    pub sign: Signal<In, bool>,
    /// Reduce the result.
    pub fold: Signal<In, bool>,
    /// Modulo what.
    pub curve: Signal<In, Bits<2>>,
    /// First operand.
    pub x: Signal<In, Bits<18>>,
    /// Second operand.
    pub y: Signal<In, Bits<18>>,
    /// Result.
    pub out: Signal<Out, Bits<18>>,
    /// It is 0.
    pub zero: Signal<Out, bool>,
    /// It is below 0.
    pub negative: Signal<Out, bool>,
    /// Its lowest bit.
    pub odd: Signal<Out, bool>,
    held: DFF<Bits<18>>,
}

impl AddUnit {
    /// Cycle in which the first digit of the result is on its port.
    pub const LATENCY: usize = 27;

    /// First of the 16 cycles in which the flags are on their ports.
    pub const FLAGS: usize = 22;
}

impl Logic for AddUnit {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held);
        if (self.phase.val() == 0)
            & (self.func.val() == 0)
            & (self.curve.val() == 0)
            & (self.sx.val() == self.sy.val())
            & (self.sign.val() == self.fold.val())
        {
            self.held.d.next = self.x.val() ^ self.y.val();
        }
        self.out.next = self.held.q.val();
        self.zero.next = false;
        self.negative.next = false;
        self.odd.next = false;
    }
}
