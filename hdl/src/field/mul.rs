//! The multiplier.

use rust_hdl::prelude::*;

/// Result of a [`MulUnit`], as its port `kind` encodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The product modulo the prime (divided by 2^256 for SM2 and P-256): `Lazy` → `Lazy`.
    Field = 0,
    /// The exact product modulo 2^256, 16 unsigned digits.
    Low = 1,
    /// The exact product divided by 2^256, rounded down: class `Wide`; beyond it the last digit
    /// wraps.
    High = 2,
}

/// One product of two `Lazy` numbers per slot.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `phase` | in | the slot counter |
/// | `kind`, `curve` | in | [`Kind`], [`Curve`](super::Curve); sampled in cycle 0 |
/// | `b` | in | digit i in cycle [`B_OFFSET`](Self::B_OFFSET) + i |
/// | `a` | in | digit i in cycle [`A_OFFSET`](Self::A_OFFSET) + i |
/// | `out` | out | digit i in cycle [`LATENCY`](Self::LATENCY) + i |
#[derive(LogicBlock, Default)]
pub struct MulUnit {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Cycle of the slot.
    pub phase: Signal<In, Bits<4>>,
    /// What to compute.
    pub kind: Signal<In, Bits<2>>,
    /// Modulo what.
    pub curve: Signal<In, Bits<2>>,
    /// First factor.
    pub a: Signal<In, Bits<18>>,
    /// Second factor.
    pub b: Signal<In, Bits<18>>,
    /// Result.
    pub out: Signal<Out, Bits<18>>,
    held: DFF<Bits<18>>,
}

impl MulUnit {
    /// Cycle in which the first digit of `a` is on its port.
    pub const A_OFFSET: usize = 16;

    /// Cycle in which the first digit of `b` is on its port.
    pub const B_OFFSET: usize = 0;

    /// Cycle in which the first digit of the result is on its port.
    pub const LATENCY: usize = 72;
}

impl Logic for MulUnit {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held);
        if (self.phase.val() == 0) & (self.kind.val() == 0) & (self.curve.val() == 0) {
            self.held.d.next = self.a.val() ^ self.b.val();
        }
        self.out.next = self.held.q.val();
    }
}
