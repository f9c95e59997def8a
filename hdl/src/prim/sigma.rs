//! The GF(2)-linear functions of SHA-2: three rotated or shifted copies of a word, added
//! without carries.

use rust_hdl::prelude::*;

/// How the third copy moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Third {
    /// Rotated, as in Σ.
    Rotated,
    /// Shifted, zeros entering from the left, as in σ.
    Shifted,
}

/// `y = ROTR(x, r0) ^ ROTR(x, r1) ^ (ROTR or SHR)(x, r2)` on words of `N` ≤ 64 bits.
#[derive(LogicBlock)]
pub struct Sigma<const N: usize> {
    /// Argument.
    pub x: Signal<In, Bits<N>>,
    /// Value, in the same cycle.
    pub y: Signal<Out, Bits<N>>,
    _amounts: [u32; 3],
    _third: Third,
}

impl<const N: usize> Sigma<N> {
    /// By these amounts, each between 1 and `N` − 1.
    pub fn new(amounts: [u32; 3], third: Third) -> Self {
        Self { x: Default::default(), y: Default::default(), _amounts: amounts, _third: third }
    }
}

impl<const N: usize> Logic for Sigma<N> {
    fn update(&mut self) {
        let x = self.x.val().to_u64();
        let mask = u64::MAX >> (64 - N);
        let rotated = |amount: u32| (x >> amount | x << (N as u32 - amount)) & mask;
        let [r0, r1, r2] = self._amounts;
        let third = match self._third {
            Third::Rotated => rotated(r2),
            Third::Shifted => x >> r2,
        };
        self.y.next = (rotated(r0) ^ rotated(r1) ^ third).into();
    }

    fn connect(&mut self) {
        self.y.connect();
    }

    fn hdl(&self) -> Verilog {
        let rotated = |amount: u32| format!("{{x[{}:0], x[{}:{amount}]}}", amount - 1, N - 1);
        let [r0, r1, r2] = self._amounts;
        let third = match self._third {
            Third::Rotated => rotated(r2),
            Third::Shifted => format!("(x >> {r2})"),
        };
        Verilog::Custom(format!("always @(*) y = {} ^ {} ^ {third};\n", rotated(r0), rotated(r1)))
    }
}
