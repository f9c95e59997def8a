//! Message expansion of GB/T 32905, section 5.3.2, for two messages in turn.

use chaincard_reference::params::sm3::P1;
use rust_hdl::prelude::*;

use crate::prim::ShiftRegister;

/// One step of the expansion per message and two cycles.
///
/// In a cycle that belongs to the front stage of a message's step `n`, `message_word` replaces
/// `W_{n+6}` when `load` is high; in the cycle after, `w` is `W_{n+1}` and `w_prime` is
/// `W'_{n+1} = W_{n+1} ⊕ W_{n+5}`.
#[derive(LogicBlock)]
pub struct Expansion {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The step takes a word of the message.
    pub load: Signal<In, bool>,
    /// That word.
    pub message_word: Signal<In, Bits<32>>,
    /// `W` of the next step.
    pub w: Signal<Out, Bits<32>>,
    /// `W'` of the next step.
    pub w_prime: Signal<Out, Bits<32>>,

    sum: Signal<Local, Bits<32>>,
    // P1's argument, and what is added to its value.
    permuted: DFF<Bits<32>>,
    added: DFF<Bits<32>>,
    prime: DFF<Bits<32>>,
    // W_j as it grows older: the number is its age in cycles.
    w_0: DFF<Bits<32>>,
    w_1_to_4: ShiftRegister<32>,
    w_5_to_8: ShiftRegister<32>,
    w_9: DFF<Bits<32>>,
    w_10: DFF<Bits<32>>,
    w_11_to_16: ShiftRegister<32>,
    w_17_to_24: ShiftRegister<32>,
    w_25_to_30: ShiftRegister<32>,
}

impl Default for Expansion {
    fn default() -> Self {
        assert_eq!(P1, [15, 23], "the rotations below");
        Self {
            clock: Default::default(),
            load: Default::default(),
            message_word: Default::default(),
            w: Default::default(),
            w_prime: Default::default(),
            sum: Default::default(),
            permuted: Default::default(),
            added: Default::default(),
            prime: Default::default(),
            w_0: Default::default(),
            w_1_to_4: ShiftRegister::zeros(4),
            w_5_to_8: ShiftRegister::zeros(4),
            w_9: Default::default(),
            w_10: Default::default(),
            w_11_to_16: ShiftRegister::zeros(6),
            w_17_to_24: ShiftRegister::zeros(8),
            w_25_to_30: ShiftRegister::zeros(6),
        }
    }
}

impl Logic for Expansion {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(
            self, clock, permuted, added, prime, w_0, w_1_to_4, w_5_to_8, w_9, w_10, w_11_to_16,
            w_17_to_24, w_25_to_30
        );
        self.w_1_to_4.enable.next = true;
        self.w_5_to_8.enable.next = true;
        self.w_11_to_16.enable.next = true;
        self.w_17_to_24.enable.next = true;
        self.w_25_to_30.enable.next = true;
        self.w_1_to_4.clear.next = false;
        self.w_5_to_8.clear.next = false;
        self.w_11_to_16.clear.next = false;
        self.w_17_to_24.clear.next = false;
        self.w_25_to_30.clear.next = false;

        // Front stage: W_j = P1(W_{j-16} ⊕ W_{j-9} ⊕ (W_{j-3} <<< 15)) ⊕ (W_{j-13} <<< 7) ⊕ W_{j-6}.
        self.permuted.d.next = self.w_25_to_30.q.val()
            ^ self.w_11_to_16.q.val()
            ^ ((self.w_1_to_4.q.val() << 15) | (self.w_1_to_4.q.val() >> 17));
        self.added.d.next =
            ((self.w_17_to_24.q.val() << 7) | (self.w_17_to_24.q.val() >> 25)) ^ self.w_10.q.val();
        if self.load.val() {
            self.permuted.d.next = 0.into();
            self.added.d.next = self.message_word.val();
        }
        self.prime.d.next = self.w_0.q.val() ^ self.w_5_to_8.q.val();

        // Back stage.
        self.sum.next = self.permuted.q.val()
            ^ ((self.permuted.q.val() << 15) | (self.permuted.q.val() >> 17))
            ^ ((self.permuted.q.val() << 23) | (self.permuted.q.val() >> 9))
            ^ self.added.q.val();
        self.w_0.d.next = self.sum.val();
        self.w_1_to_4.d.next = self.w_0.q.val();
        self.w_5_to_8.d.next = self.w_1_to_4.q.val();
        self.w_9.d.next = self.w_5_to_8.q.val();
        self.w_10.d.next = self.w_9.q.val();
        self.w_11_to_16.d.next = self.w_10.q.val();
        self.w_17_to_24.d.next = self.w_11_to_16.q.val();
        self.w_25_to_30.d.next = self.w_17_to_24.q.val();
        self.w.next = self.w_9.q.val();
        self.w_prime.next = self.prime.q.val();
    }
}
