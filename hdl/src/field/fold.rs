//! Multiples of 2^256 modulo the primes.

use rust_hdl::prelude::*;

use crate::prim::{Technology, Term, TermAdder};

/// 977·x for secp256k1, 38·x for Ed25519, 0 for the others, one digit x per cycle.
///
/// 977 = 1024 − 38 − 9, so that both need 9·x and 38·x = 4·9·x + 2·x and only one more sum.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `x` | in | signed; in cycle t |
/// | `secp_now` | in | 977 instead of 38, in cycle t + 1 |
/// | `secp` | in | the same in cycle t + 2 |
/// | `gate` | in | any of both, in cycle t + 2 |
/// | `multiple` | out | signed; in cycle t + 3 |
///
/// Bits: `H` of x, `N` of 9·x, `K` of 38·x, `M` of 977·x.
#[derive(LogicBlock)]
pub(super) struct Multiple<const H: usize, const N: usize, const K: usize, const M: usize> {
    pub clock: Signal<In, Clock>,
    pub x: Signal<In, Bits<H>>,
    pub secp_now: Signal<In, Bit>,
    pub secp: Signal<In, Bit>,
    pub gate: Signal<In, Bit>,
    pub multiple: Signal<Out, Bits<M>>,
    held: DFF<Bits<H>>,
    by_9: TermAdder<H, H, N>,
    by_38: TermAdder<N, H, K>,
    by_1015: TermAdder<H, N, M>,
    sum: TermAdder<M, K, M>,
}

impl<const H: usize, const N: usize, const K: usize, const M: usize> Multiple<H, N, K, M> {
    pub(super) fn new(technology: Technology) -> Self {
        Self {
            clock: Default::default(),
            x: Default::default(),
            secp_now: Default::default(),
            secp: Default::default(),
            gate: Default::default(),
            multiple: Default::default(),
            held: Default::default(),
            by_9: TermAdder::new(Term::SIGNED, Term::shifted(3), technology),
            by_38: TermAdder::new(Term::shifted(2), Term::shifted(1), technology),
            by_1015: TermAdder::new(Term::shifted(10), Term::SIGNED, technology),
            sum: TermAdder::new(Term::SIGNED, Term::SIGNED, technology),
        }
    }
}

impl<const H: usize, const N: usize, const K: usize, const M: usize> Logic
    for Multiple<H, N, K, M>
{
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held);
        clock!(self, clock, by_9, by_38, by_1015, sum);
        self.held.d.next = self.x.val();
        self.by_9.a.next = self.x.val();
        self.by_9.b.next = self.x.val();
        self.by_9.gate.next = true;
        self.by_9.negate.next = false;
        self.by_9.clear.next = false;
        self.by_38.a.next = self.by_9.sum.val();
        self.by_38.b.next = self.held.q.val();
        self.by_38.gate.next = true;
        self.by_38.negate.next = false;
        self.by_38.clear.next = false;
        self.by_1015.a.next = self.held.q.val();
        self.by_1015.b.next = self.by_9.sum.val();
        self.by_1015.gate.next = true;
        self.by_1015.negate.next = true;
        self.by_1015.clear.next = !self.secp_now.val();
        self.sum.a.next = self.by_1015.sum.val();
        self.sum.b.next = self.by_38.sum.val();
        self.sum.gate.next = self.gate.val();
        self.sum.negate.next = self.secp.val();
        self.sum.clear.next = false;
        self.multiple.next = self.sum.sum.val();
    }
}

/// x·(2^256 mod p) for SM2 and P-256, digit by digit: one small x, added or subtracted at four
/// digits.
///
/// | port | direction | meaning |
/// | --- | --- | --- |
/// | `x` | in | signed |
/// | `montgomery`, `p256` | in | one of the two primes; which one |
/// | `digit` | out | signed; digit i in the cycle after `phase` = `first` + i |
#[derive(LogicBlock)]
pub(super) struct Copies {
    pub clock: Signal<In, Clock>,
    pub phase: Signal<In, Bits<4>>,
    pub x: Signal<In, Bits<8>>,
    pub montgomery: Signal<In, Bit>,
    pub p256: Signal<In, Bit>,
    pub digit: Signal<Out, Bits<8>>,
    at: [Constant<Bits<4>>; 5],
    plus: Signal<Local, Bit>,
    minus: Signal<Local, Bit>,
    zero: Constant<Bits<2>>,
    sum: TermAdder<2, 8, 8>,
}

impl Copies {
    /// Digit 0 is made while `phase` is `first`.
    pub(super) fn new(first: u64, technology: Technology) -> Self {
        Self {
            clock: Default::default(),
            phase: Default::default(),
            x: Default::default(),
            montgomery: Default::default(),
            p256: Default::default(),
            digit: Default::default(),
            at: [0, 4, 6, 12, 14].map(|digit| Constant::new(((first + digit) % 16).to_bits())),
            plus: Default::default(),
            minus: Default::default(),
            zero: Constant::new(0.into()),
            sum: TermAdder::new(Term::UNSIGNED, Term::SIGNED, technology),
        }
    }
}

impl Logic for Copies {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, sum);
        // SM2: 2^224 + 2^96 − 2^64 + 1. P-256: 2^224 − 2^192 − 2^96 + 1.
        self.plus.next = (self.phase.val() == self.at[0].val())
            | (self.phase.val() == self.at[4].val())
            | (!self.p256.val() & (self.phase.val() == self.at[2].val()));
        self.minus.next = (!self.p256.val() & (self.phase.val() == self.at[1].val()))
            | (self.p256.val()
                & ((self.phase.val() == self.at[2].val())
                    | (self.phase.val() == self.at[3].val())));
        self.sum.a.next = self.zero.val();
        self.sum.b.next = self.x.val();
        self.sum.gate.next = self.montgomery.val() & (self.plus.val() | self.minus.val());
        self.sum.negate.next = self.minus.val();
        self.sum.clear.next = false;
        self.digit.next = self.sum.sum.val();
    }
}
