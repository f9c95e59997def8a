//! Compression function of GB/T 32905, section 5.3.3, for two messages in turn.

use chaincard_reference::params::sm3::{IV, P0, SECOND_FORM, T_FIRST, T_ROTATED};
use rust_hdl::prelude::*;

use crate::prim::ShiftRegister;

/// One round per message and two cycles: a front and a back stage, one carry chain deep each.
///
/// The working variables are kept as the values that `A` and `E` took in the last four rounds:
/// `C` is `a_2 <<< 9`, `D` is `a_3 <<< 9`, `G` is `e_2 <<< 19`, `H` is `e_3 <<< 19`, and the
/// chaining value goes round in the same form, D and H first. So it enters and leaves in
/// four steps through `A` and `E` alone. During these steps the adders give zero.
///
/// The control inputs belong to the message that is in the front stage, but `first_t`, which
/// belongs to the one in the back stage.
#[derive(LogicBlock)]
pub struct Rounds {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// One of the four steps that load the working variables with the chaining value.
    pub load: Signal<In, bool>,
    /// One of the four steps that add the working variables to the chaining value.
    pub close: Signal<In, bool>,
    /// Last loading step of a message's first block: the chaining value becomes `IV`.
    pub fresh: Signal<In, bool>,
    /// The round is number 16 or above.
    pub second_form: Signal<In, bool>,
    /// The next round is number 0.
    pub first_t: Signal<In, bool>,
    /// The next round is number 16.
    pub second_t: Signal<In, bool>,
    /// `W` of the next round, in the back stage.
    pub w: Signal<In, Bits<32>>,
    /// `W'` of the next round, in the back stage.
    pub w_prime: Signal<In, Bits<32>>,
    /// In the cycle after a closing step: D, C, B, A of the new chaining value, the first two
    /// rotated right by 9.
    pub chain_a: Signal<Out, Bits<32>>,
    /// H, G, F, E, the first two rotated right by 19.
    pub chain_e: Signal<Out, Bits<32>>,

    a_12: Signal<Local, Bits<32>>,
    ss_sum: Signal<Local, Bits<32>>,
    ss_carry: Signal<Local, Bits<32>>,
    ss: Signal<Local, Bits<32>>,
    c: Signal<Local, Bits<32>>,
    g: Signal<Local, Bits<32>>,
    ff: Signal<Local, Bits<32>>,
    gg: Signal<Local, Bits<32>>,
    in_a: Signal<Local, Bits<32>>,
    in_e: Signal<Local, Bits<32>>,
    tt_2: Signal<Local, Bits<32>>,

    iv_a: Constant<Bits<32>>,
    iv_e: Constant<Bits<32>>,

    // Before the front stage.
    a_0: DFF<Bits<32>>,
    a_1: DFF<Bits<32>>,
    a_2: DFF<Bits<32>>,
    a_3: DFF<Bits<32>>,
    e_0: DFF<Bits<32>>,
    e_1: DFF<Bits<32>>,
    e_2: DFF<Bits<32>>,
    e_3: DFF<Bits<32>>,
    d_and_w: DFF<Bits<32>>,
    h_and_w: DFF<Bits<32>>,
    t: ShiftRegister<32>,

    // Between the stages.
    ss_1: DFF<Bits<32>>,
    ss_2_mask: DFF<Bits<32>>,
    x: DFF<Bits<32>>,
    y: DFF<Bits<32>>,
    loaded_e: DFF<Bits<32>>,
    back_a_0: ShiftRegister<32>,
    back_a_1: ShiftRegister<32>,
    back_a_2: ShiftRegister<32>,
    back_e_0: ShiftRegister<32>,
    back_e_1: ShiftRegister<32>,
    back_e_2: ShiftRegister<32>,
    back_t: ShiftRegister<32>,

    // Chaining values of both messages.
    // Even places hold one message's words, odd places the other's; the even ones can become `IV`.
    v_a: [ShiftRegister<32>; 4],
    v_a_odd: [DFF<Bits<32>>; 4],
    v_e: [ShiftRegister<32>; 4],
    v_e_odd: [DFF<Bits<32>>; 4],
    out_a: DFF<Bits<32>>,
    out_e: DFF<Bits<32>>,
}

impl Default for Rounds {
    fn default() -> Self {
        assert_eq!(P0, [9, 17], "the rotations below");
        let constant = |value: u32| Constant::new(u64::from(value).into());
        let register = |value: u32| ShiftRegister::new(&[value.into()]);
        Self {
            clock: Default::default(),
            load: Default::default(),
            close: Default::default(),
            fresh: Default::default(),
            second_form: Default::default(),
            first_t: Default::default(),
            second_t: Default::default(),
            w: Default::default(),
            w_prime: Default::default(),
            chain_a: Default::default(),
            chain_e: Default::default(),
            a_12: Default::default(),
            ss_sum: Default::default(),
            ss_carry: Default::default(),
            ss: Default::default(),
            c: Default::default(),
            g: Default::default(),
            ff: Default::default(),
            gg: Default::default(),
            in_a: Default::default(),
            in_e: Default::default(),
            tt_2: Default::default(),
            iv_a: constant(IV[0]),
            iv_e: constant(IV[4]),
            a_0: Default::default(),
            a_1: Default::default(),
            a_2: Default::default(),
            a_3: Default::default(),
            e_0: Default::default(),
            e_1: Default::default(),
            e_2: Default::default(),
            e_3: Default::default(),
            d_and_w: Default::default(),
            h_and_w: Default::default(),
            t: register(T_FIRST),
            ss_1: Default::default(),
            ss_2_mask: Default::default(),
            x: Default::default(),
            y: Default::default(),
            loaded_e: Default::default(),
            back_a_0: register(IV[1]),
            back_a_1: register(IV[2].rotate_right(9)),
            back_a_2: register(IV[3].rotate_right(9)),
            back_e_0: register(IV[5]),
            back_e_1: register(IV[6].rotate_right(19)),
            back_e_2: register(IV[7].rotate_right(19)),
            back_t: register(T_ROTATED[SECOND_FORM].rotate_right(1)),
            v_a: [IV[0], IV[1], IV[2].rotate_right(9), IV[3].rotate_right(9)].map(register),
            v_a_odd: Default::default(),
            v_e: [IV[4], IV[5], IV[6].rotate_right(19), IV[7].rotate_right(19)].map(register),
            v_e_odd: Default::default(),
            out_a: Default::default(),
            out_e: Default::default(),
        }
    }
}

impl Logic for Rounds {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(
            self, clock, a_0, a_1, a_2, a_3, e_0, e_1, e_2, e_3, d_and_w, h_and_w, t, ss_1,
            ss_2_mask, x, y, loaded_e, back_a_0, back_a_1, back_a_2, back_e_0, back_e_1, back_e_2,
            back_t, out_a, out_e
        );

        // Registers that become a constant do so by their reset, which costs no logic.
        self.back_a_0.enable.next = true;
        self.back_a_1.enable.next = true;
        self.back_a_2.enable.next = true;
        self.back_e_0.enable.next = true;
        self.back_e_1.enable.next = true;
        self.back_e_2.enable.next = true;
        self.t.enable.next = true;
        self.back_t.enable.next = true;
        self.back_a_0.clear.next = self.fresh.val();
        self.back_a_1.clear.next = self.fresh.val();
        self.back_a_2.clear.next = self.fresh.val();
        self.back_e_0.clear.next = self.fresh.val();
        self.back_e_1.clear.next = self.fresh.val();
        self.back_e_2.clear.next = self.fresh.val();
        self.t.clear.next = self.first_t.val();
        self.back_t.clear.next = self.second_t.val();

        // Front stage: SS1 in carry-save form and its sum, FF + D + W', GG + H + W.
        self.a_12.next = (self.a_0.q.val() << 12) | (self.a_0.q.val() >> 20);
        self.ss_sum.next = self.a_12.val() ^ self.e_0.q.val() ^ self.t.q.val();
        self.ss_carry.next = (self.a_12.val() & self.e_0.q.val())
            | (self.a_12.val() & self.t.q.val())
            | (self.e_0.q.val() & self.t.q.val());
        self.ss.next = self.ss_sum.val() + (self.ss_carry.val() << 1);
        self.ss_1.d.next = (self.ss.val() << 7) | (self.ss.val() >> 25);
        self.ss_2_mask.d.next = self.a_12.val();

        self.c.next = (self.a_2.q.val() << 9) | (self.a_2.q.val() >> 23);
        self.g.next = (self.e_2.q.val() << 19) | (self.e_2.q.val() >> 13);
        self.ff.next = self.a_0.q.val() ^ self.a_1.q.val() ^ self.c.val();
        self.gg.next = self.e_0.q.val() ^ self.e_1.q.val() ^ self.g.val();
        if self.second_form.val() {
            self.ff.next = (self.a_0.q.val() & self.a_1.q.val())
                | (self.a_0.q.val() & self.c.val())
                | (self.a_1.q.val() & self.c.val());
            self.gg.next =
                (self.e_0.q.val() & self.e_1.q.val()) | (!self.e_0.q.val() & self.g.val());
        }
        self.x.d.next = self.ff.val() + self.d_and_w.q.val();
        self.y.d.next = self.gg.val() + self.h_and_w.q.val();

        self.back_a_0.d.next = self.a_0.q.val();
        self.back_a_1.d.next = self.a_1.q.val();
        self.back_a_2.d.next = self.a_2.q.val();
        self.back_e_0.d.next = self.e_0.q.val();
        self.back_e_1.d.next = self.e_1.q.val();
        self.back_e_2.d.next = self.e_2.q.val();
        self.back_t.d.next = self.t.q.val();

        // Chaining value.
        self.in_a.next = self.v_a_odd[3].q.val();
        self.in_e.next = self.v_e_odd[3].q.val();
        if self.close.val() {
            self.in_a.next = self.v_a_odd[3].q.val() ^ self.a_3.q.val();
            self.in_e.next = self.v_e_odd[3].q.val() ^ self.e_3.q.val();
        }
        self.out_a.d.next = self.in_a.val();
        self.out_e.d.next = self.in_e.val();
        self.v_a[0].d.next = self.in_a.val();
        self.v_e[0].d.next = self.in_e.val();
        for i in 1..4 {
            self.v_a[i].d.next = self.v_a_odd[i - 1].q.val();
            self.v_e[i].d.next = self.v_e_odd[i - 1].q.val();
        }
        for i in 0..4 {
            self.v_a_odd[i].d.next = self.v_a[i].q.val();
            self.v_e_odd[i].d.next = self.v_e[i].q.val();
            self.v_a_odd[i].clock.next = self.clock.val();
            self.v_e_odd[i].clock.next = self.clock.val();
            self.v_a[i].clock.next = self.clock.val();
            self.v_e[i].clock.next = self.clock.val();
            self.v_a[i].enable.next = true;
            self.v_e[i].enable.next = true;
            self.v_a[i].clear.next = self.fresh.val();
            self.v_e[i].clear.next = self.fresh.val();
        }
        self.loaded_e.d.next = 0.into();
        if self.load.val() {
            self.ss_1.d.next = 0.into();
            self.ss_2_mask.d.next = self.in_a.val();
            self.x.d.next = 0.into();
            self.y.d.next = 0.into();
            self.loaded_e.d.next = self.in_e.val();
        }
        if self.fresh.val() {
            self.ss_2_mask.d.next = self.iv_a.val();
            self.loaded_e.d.next = self.iv_e.val();
        }

        // Back stage: TT1 and P0(TT2), and the sums of D, H, W', W for the next round.
        self.a_0.d.next = self.x.q.val() + (self.ss_1.q.val() ^ self.ss_2_mask.q.val());
        self.tt_2.next = self.y.q.val() + self.ss_1.q.val();
        self.e_0.d.next = self.tt_2.val()
            ^ ((self.tt_2.val() << 9) | (self.tt_2.val() >> 23))
            ^ ((self.tt_2.val() << 17) | (self.tt_2.val() >> 15))
            ^ self.loaded_e.q.val();
        self.a_1.d.next = self.back_a_0.q.val();
        self.a_2.d.next = self.back_a_1.q.val();
        self.a_3.d.next = self.back_a_2.q.val();
        self.e_1.d.next = self.back_e_0.q.val();
        self.e_2.d.next = self.back_e_1.q.val();
        self.e_3.d.next = self.back_e_2.q.val();
        self.d_and_w.d.next =
            ((self.back_a_2.q.val() << 9) | (self.back_a_2.q.val() >> 23)) + self.w_prime.val();
        self.h_and_w.d.next =
            ((self.back_e_2.q.val() << 19) | (self.back_e_2.q.val() >> 13)) + self.w.val();
        self.t.d.next = (self.back_t.q.val() << 1) | (self.back_t.q.val() >> 31);

        self.chain_a.next = self.out_a.q.val();
        self.chain_e.next = self.out_e.q.val();
    }
}
