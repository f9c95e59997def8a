//! Inverse modulo an odd number, digit by digit.
//!
//! `result` = x⁻¹ mod m for odd m < 2^256 and x < 2^256 coprime to m; 0 for x = 0.
//!
//! Division steps of Bernstein and Yang ("Fast constant-time gcd computation and modular
//! inversion", 2019) in the variant that starts at δ = 1/2: at most 590 of them for 256 bits.
//! f and g start as m and x, d and e as 0 and 1, and d·x ≡ f, e·x ≡ g (mod m) throughout:
//!
//! ```text
//! δ > 0 and g odd:  (δ, f, g, d, e) ← (1 − δ, g, (g − f)/2, e, (e − d)/2 mod m)
//! g odd:            (δ, f, g, d, e) ← (1 + δ, f, (g + f)/2, d, (e + d)/2 mod m)
//! otherwise:        (δ, f, g, d, e) ← (1 + δ, f,  g/2,      d,  e/2 mod m)
//! ```
//!
//! Ranges: |f|, |g| ≤ 2^256 and d, e in (−m, m). To halve an odd sum, m is subtracted when both
//! terms are ≥ 0 and added otherwise, which keeps that range without a comparison.
//!
//! A step is one pass over the 16 digits: decisions, 16 reads, 5 stages of pipeline (operands,
//! first sums, second sum, carries, shift) = 22 cycles. The steps end when g = 0, then one pass
//! makes the result canonical: about 531 steps, 11,700 cycles, for random x of 256 bits, at most
//! 13,050.
//!
//! | port | direction | width | meaning |
//! | --- | --- | --- | --- |
//! | `start` | in | 1 | digit 0 of x and m is there; digits 1 … 15 follow in the next 15 cycles |
//! | `x`, `m` | in | 16 | digits |
//! | `busy` | out | 1 | high from the cycle after `start` until the result is there |
//! | `result_index` | in | 4 | digit to read while not busy |
//! | `result` | out | 16 | it, one cycle later |

use rust_hdl::prelude::*;

use crate::prim::LutRam;

/// Cycles of one pass, numbered from 0.
const LAST_CYCLE: u64 = 21;

/// What the unit does.
#[derive(Copy, Clone, PartialEq, Debug, LogicState)]
enum InverseState {
    Idle,
    Load,
    Steps,
    Finish,
}

/// The unit.
#[derive(LogicBlock)]
pub struct InverseUnit {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Ends whatever is being done.
    pub clear: Signal<In, Bit>,
    /// Digit 0 is there.
    pub start: Signal<In, Bit>,
    /// Digit of x.
    pub x: Signal<In, Bits<16>>,
    /// Digit of m.
    pub m: Signal<In, Bits<16>>,
    /// No result yet.
    pub busy: Signal<Out, Bit>,
    /// Digit of the result to read.
    pub result_index: Signal<In, Bits<4>>,
    /// It, one cycle later.
    pub result: Signal<Out, Bits<16>>,

    state: DFF<InverseState>,
    /// Cycle of the pass, or digit being loaded.
    cycle: DFF<Bits<5>>,
    /// −(δ + 1/2).
    zeta: DFF<Bits<11>>,
    f: LutRam<18, 4>,
    g: LutRam<18, 4>,
    d: LutRam<18, 4>,
    e: LutRam<18, 4>,
    modulus: LutRam<16, 4>,
    sign_f: DFF<Bit>,
    sign_g: DFF<Bit>,
    sign_d: DFF<Bit>,
    sign_e: DFF<Bit>,
    swap: DFF<Bit>,
    use_g: DFF<Bit>,
    use_f: DFF<Bit>,
    use_m: DFF<Bit>,
    negate_f: DFF<Bit>,
    negate_m: DFF<Bit>,
    some: DFF<Bit>,
    g_1: DFF<Bits<20>>,
    f_1: DFF<Bits<20>>,
    e_1: DFF<Bits<20>>,
    d_1: DFF<Bits<20>>,
    m_1: DFF<Bits<20>>,
    g_2: DFF<Bits<20>>,
    e_2: DFF<Bits<20>>,
    d_2: DFF<Bits<20>>,
    g_3: DFF<Bits<20>>,
    e_3: DFF<Bits<20>>,
    g_carry: DFF<Bits<20>>,
    e_carry: DFF<Bits<20>>,
    g_4: DFF<Bits<20>>,
    e_4: DFF<Bits<20>>,
    g_5: DFF<Bits<20>>,
    e_5: DFF<Bits<20>>,
    answer: DFF<Bits<16>>,

    running: Signal<Local, Bit>,
    finishing: Signal<Local, Bit>,
    reading: Signal<Local, Bit>,
    writing: Signal<Local, Bit>,
    top: Signal<Local, Bit>,
    read_cycle: Signal<Local, Bits<5>>,
    write_cycle: Signal<Local, Bits<5>>,
    address: Signal<Local, Bits<4>>,
    place: Signal<Local, Bits<4>>,
    g_sum: Signal<Local, Bits<20>>,
    e_sum: Signal<Local, Bits<20>>,
    g_half: Signal<Local, Bits<18>>,
    e_half: Signal<Local, Bits<18>>,
    flip: Signal<Local, Bits<18>>,
    flip_m: Signal<Local, Bits<18>>,
    f_term: Signal<Local, Bits<18>>,
    d_term: Signal<Local, Bits<18>>,
    m_term: Signal<Local, Bits<18>>,
    swap_now: Signal<Local, Bit>,
    odd: Signal<Local, Bit>,
    negative: Signal<Local, Bit>,
    loading: Signal<Local, Bit>,
    last: Constant<Bits<5>>,
}

impl Default for InverseUnit {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            start: Default::default(),
            x: Default::default(),
            m: Default::default(),
            busy: Default::default(),
            result_index: Default::default(),
            result: Default::default(),
            state: Default::default(),
            cycle: Default::default(),
            zeta: Default::default(),
            f: Default::default(),
            g: Default::default(),
            d: Default::default(),
            e: Default::default(),
            modulus: Default::default(),
            sign_f: Default::default(),
            sign_g: Default::default(),
            sign_d: Default::default(),
            sign_e: Default::default(),
            swap: Default::default(),
            use_g: Default::default(),
            use_f: Default::default(),
            use_m: Default::default(),
            negate_f: Default::default(),
            negate_m: Default::default(),
            some: Default::default(),
            g_1: Default::default(),
            f_1: Default::default(),
            e_1: Default::default(),
            d_1: Default::default(),
            m_1: Default::default(),
            g_2: Default::default(),
            e_2: Default::default(),
            d_2: Default::default(),
            g_3: Default::default(),
            e_3: Default::default(),
            g_carry: Default::default(),
            e_carry: Default::default(),
            g_4: Default::default(),
            e_4: Default::default(),
            g_5: Default::default(),
            e_5: Default::default(),
            answer: Default::default(),
            running: Default::default(),
            finishing: Default::default(),
            reading: Default::default(),
            writing: Default::default(),
            top: Default::default(),
            read_cycle: Default::default(),
            write_cycle: Default::default(),
            address: Default::default(),
            place: Default::default(),
            g_sum: Default::default(),
            e_sum: Default::default(),
            g_half: Default::default(),
            e_half: Default::default(),
            flip: Default::default(),
            flip_m: Default::default(),
            f_term: Default::default(),
            d_term: Default::default(),
            m_term: Default::default(),
            swap_now: Default::default(),
            odd: Default::default(),
            negative: Default::default(),
            loading: Default::default(),
            last: Constant::new(LAST_CYCLE.to_bits()),
        }
    }
}

impl Logic for InverseUnit {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self, clock, state, cycle, zeta, sign_f, sign_g, sign_d, sign_e, swap, use_g, use_f,
            use_m, negate_f, negate_m, some, g_1, f_1, e_1, d_1, m_1, g_2, e_2, d_2, g_3, e_3,
            g_carry, e_carry, g_4, e_4, g_5, e_5, answer
        );
        clock!(self, clock, f, g, d, e, modulus);
        self.busy.next = self.state.q.val() != InverseState::Idle;
        self.finishing.next = self.state.q.val() == InverseState::Finish;
        self.running.next = (self.state.q.val() == InverseState::Steps) | self.finishing.val();

        // Cycles 1 … 16 read digits 0 … 15, cycles 6 … 21 write them.
        self.reading.next = (self.cycle.q.val() != 0) & (self.cycle.q.val() <= 16);
        self.writing.next = self.running.val() & (self.cycle.q.val() >= 6);
        self.top.next = self.cycle.q.val() == 16;
        self.read_cycle.next = self.cycle.q.val() - 1;
        self.write_cycle.next = self.cycle.q.val() - 6;
        self.address.next = self.read_cycle.val().get_bits::<4>(0);
        self.place.next = self.write_cycle.val().get_bits::<4>(0);
        if self.cycle.q.val() == 0 {
            self.address.next = 0.into();
        }
        if self.state.q.val() == InverseState::Idle {
            self.address.next = self.result_index.val();
        }
        self.f.read_address.next = self.address.val();
        self.g.read_address.next = self.address.val();
        self.d.read_address.next = self.address.val();
        self.e.read_address.next = self.address.val();
        self.modulus.read_address.next = self.address.val();
        self.answer.d.next = self.e.read_data.val().get_bits::<16>(0);
        self.result.next = self.answer.q.val();

        // Decisions, from the lowest digits and the signs.
        self.swap_now.next = self.g.read_data.val().get_bit(0) & self.zeta.q.val().get_bit(10);
        self.odd.next = self.e.read_data.val().get_bit(0)
            ^ (self.g.read_data.val().get_bit(0) & self.d.read_data.val().get_bit(0));
        // Whether ±d counts as negative.
        self.negative.next =
            self.g.read_data.val().get_bit(0) & (self.sign_d.q.val() ^ self.swap_now.val());
        if self.running.val() & (self.cycle.q.val() == 0) {
            self.some.d.next = false;
            if self.finishing.val() {
                self.swap.d.next = false;
                self.use_g.d.next = false;
                self.use_f.d.next = true;
                self.negate_f.d.next = self.sign_f.q.val();
                self.use_m.d.next = self.sign_f.q.val() ^ self.sign_d.q.val();
                self.negate_m.d.next = false;
            } else {
                self.swap.d.next = self.swap_now.val();
                self.use_g.d.next = true;
                self.use_f.d.next = self.g.read_data.val().get_bit(0);
                self.negate_f.d.next = self.swap_now.val();
                self.use_m.d.next = self.odd.val();
                self.negate_m.d.next = self.odd.val() & !self.sign_e.q.val() & !self.negative.val();
                if self.swap_now.val() {
                    // −ζ − 2
                    self.zeta.d.next = (self.zeta.q.val() ^ 0x7FF) - 1;
                    self.sign_f.d.next = self.sign_g.q.val();
                    self.sign_d.d.next = self.sign_e.q.val();
                } else {
                    self.zeta.d.next = self.zeta.q.val() - 1;
                }
            }
        }

        // Stage 1: operands; a negative one is inverted, its 1 is in the first carry.
        self.flip.next = 0.into();
        if self.negate_f.q.val() {
            self.flip.next = 0xFFFF.into();
            if self.top.val() {
                self.flip.next = 0x3_FFFF.into();
            }
        }
        self.flip_m.next = 0.into();
        if self.negate_m.q.val() {
            self.flip_m.next = 0xFFFF.into();
            if self.top.val() {
                self.flip_m.next = 0x3_FFFF.into();
            }
        }
        self.f_term.next = 0.into();
        self.d_term.next = 0.into();
        if self.use_f.q.val() {
            self.f_term.next = self.f.read_data.val() ^ self.flip.val();
            self.d_term.next = self.d.read_data.val() ^ self.flip.val();
        }
        self.m_term.next = 0.into();
        if self.use_m.q.val() {
            self.m_term.next = bit_cast::<18, 16>(self.modulus.read_data.val()) ^ self.flip_m.val();
        }
        self.g_1.d.next = 0.into();
        self.e_1.d.next = 0.into();
        if self.use_g.q.val() {
            self.g_1.d.next = bit_cast::<20, 18>(self.g.read_data.val());
            if self.g.read_data.val().get_bit(17) {
                self.g_1.d.next = bit_cast::<20, 18>(self.g.read_data.val()) | 0xC_0000;
            }
            self.e_1.d.next = bit_cast::<20, 18>(self.e.read_data.val());
            if self.e.read_data.val().get_bit(17) {
                self.e_1.d.next = bit_cast::<20, 18>(self.e.read_data.val()) | 0xC_0000;
            }
        }
        self.f_1.d.next = bit_cast::<20, 18>(self.f_term.val());
        if self.f_term.val().get_bit(17) {
            self.f_1.d.next = bit_cast::<20, 18>(self.f_term.val()) | 0xC_0000;
        }
        self.d_1.d.next = bit_cast::<20, 18>(self.d_term.val());
        if self.d_term.val().get_bit(17) {
            self.d_1.d.next = bit_cast::<20, 18>(self.d_term.val()) | 0xC_0000;
        }
        self.m_1.d.next = bit_cast::<20, 18>(self.m_term.val());
        if self.m_term.val().get_bit(17) {
            self.m_1.d.next = bit_cast::<20, 18>(self.m_term.val()) | 0xC_0000;
        }
        // Stages 2 and 3: sums.
        self.g_2.d.next = self.g_1.q.val() + self.f_1.q.val();
        self.e_2.d.next = self.e_1.q.val() + self.m_1.q.val();
        self.d_2.d.next = self.d_1.q.val();
        self.g_3.d.next = self.g_2.q.val();
        self.e_3.d.next = self.e_2.q.val() + self.d_2.q.val();
        // Stage 4: carries.
        self.g_sum.next = self.g_3.q.val() + self.g_carry.q.val();
        self.e_sum.next = self.e_3.q.val() + self.e_carry.q.val();
        self.g_4.d.next = self.g_sum.val();
        self.e_4.d.next = self.e_sum.val();
        self.g_carry.d.next = self.g_sum.val() >> 16;
        if self.g_sum.val().get_bit(19) {
            self.g_carry.d.next = (self.g_sum.val() >> 16) | 0xF_FFF0;
        }
        self.e_carry.d.next = self.e_sum.val() >> 16;
        if self.e_sum.val().get_bit(19) {
            self.e_carry.d.next = (self.e_sum.val() >> 16) | 0xF_FFF0;
        }
        if self.cycle.q.val() < 4 {
            self.g_carry.d.next = 0.into();
            self.e_carry.d.next = 0.into();
            if self.negate_f.q.val() & self.use_f.q.val() {
                self.g_carry.d.next = 1.into();
                self.e_carry.d.next = 1.into();
                if self.negate_m.q.val() {
                    self.e_carry.d.next = 2.into();
                }
            } else if self.negate_m.q.val() {
                self.e_carry.d.next = 1.into();
            }
        }
        // Stage 5: halves; the last digit keeps its sign.
        self.g_5.d.next = self.g_4.q.val();
        self.e_5.d.next = self.e_4.q.val();
        self.g_half.next = bit_cast::<18, 15>(self.g_5.q.val().get_bits::<15>(1));
        if self.g_4.q.val().get_bit(0) {
            self.g_half.next = bit_cast::<18, 15>(self.g_5.q.val().get_bits::<15>(1)) | 0x8000;
        }
        self.e_half.next = bit_cast::<18, 15>(self.e_5.q.val().get_bits::<15>(1));
        if self.e_4.q.val().get_bit(0) {
            self.e_half.next = bit_cast::<18, 15>(self.e_5.q.val().get_bits::<15>(1)) | 0x8000;
        }
        if self.cycle.q.val() == self.last.val() {
            self.g_half.next = self.g_5.q.val().get_bits::<18>(1);
            self.e_half.next = self.e_5.q.val().get_bits::<18>(1);
        }
        if self.finishing.val() {
            self.e_half.next = bit_cast::<18, 16>(self.e_5.q.val().get_bits::<16>(0));
        }

        // Memories.
        self.f.write_address.next = self.address.val();
        self.f.write_data.next = self.g.read_data.val();
        self.f.write_enable.next = self.running.val() & self.reading.val() & self.swap.q.val();
        self.d.write_address.next = self.address.val();
        self.d.write_data.next = self.e.read_data.val();
        self.d.write_enable.next = self.running.val() & self.reading.val() & self.swap.q.val();
        self.g.write_address.next = self.place.val();
        self.g.write_data.next = self.g_half.val();
        self.g.write_enable.next = self.writing.val() & !self.finishing.val();
        self.e.write_address.next = self.place.val();
        self.e.write_data.next = self.e_half.val();
        self.e.write_enable.next = self.writing.val();
        self.modulus.write_address.next = self.cycle.q.val().get_bits::<4>(0);
        self.modulus.write_data.next = self.m.val();
        self.modulus.write_enable.next = false;
        if self.writing.val() & self.g_half.val().any() {
            self.some.d.next = true;
        }
        self.loading.next = false;

        match self.state.q.val() {
            InverseState::Idle => {
                self.cycle.d.next = 0.into();
                if self.start.val() {
                    self.state.d.next = InverseState::Load;
                    self.cycle.d.next = 1.into();
                    self.loading.next = true;
                }
            }
            InverseState::Load => {
                self.loading.next = true;
                self.cycle.d.next = self.cycle.q.val() + 1;
                if self.cycle.q.val() == 15 {
                    self.cycle.d.next = 0.into();
                    self.state.d.next = InverseState::Steps;
                }
                self.zeta.d.next = 0x7FF.into();
                self.sign_f.d.next = false;
                self.sign_g.d.next = false;
                self.sign_d.d.next = false;
                self.sign_e.d.next = false;
            }
            InverseState::Steps => {
                self.cycle.d.next = self.cycle.q.val() + 1;
                if self.cycle.q.val() == self.last.val() {
                    self.cycle.d.next = 0.into();
                    self.sign_g.d.next = self.g_half.val().get_bit(17);
                    self.sign_e.d.next = self.e_half.val().get_bit(17);
                    if !self.some.q.val() & !self.g_half.val().any() {
                        self.state.d.next = InverseState::Finish;
                    }
                }
            }
            InverseState::Finish => {
                self.cycle.d.next = self.cycle.q.val() + 1;
                if self.cycle.q.val() == self.last.val() {
                    self.cycle.d.next = 0.into();
                    self.state.d.next = InverseState::Idle;
                }
            }
            _ => {
                self.state.d.next = InverseState::Idle;
            }
        }
        // While loading: f = m, g = x, d = 0, e = 1.
        if self.loading.val() {
            self.f.write_address.next = self.cycle.q.val().get_bits::<4>(0);
            self.f.write_data.next = bit_cast::<18, 16>(self.m.val());
            self.f.write_enable.next = true;
            self.g.write_address.next = self.cycle.q.val().get_bits::<4>(0);
            self.g.write_data.next = bit_cast::<18, 16>(self.x.val());
            self.g.write_enable.next = true;
            self.d.write_address.next = self.cycle.q.val().get_bits::<4>(0);
            self.d.write_data.next = 0.into();
            self.d.write_enable.next = true;
            self.e.write_address.next = self.cycle.q.val().get_bits::<4>(0);
            self.e.write_data.next = 0.into();
            if self.cycle.q.val() == 0 {
                self.e.write_data.next = 1.into();
            }
            self.e.write_enable.next = true;
            self.modulus.write_enable.next = true;
        }
        if self.clear.val() {
            self.state.d.next = InverseState::Idle;
            self.cycle.d.next = 0.into();
        }
    }
}
