//! A round of Keccak-f[1600] (FIPS 202, section 3.3) in two stages, for two messages in turn.

use std::collections::BTreeMap;

use chaincard_reference::params::keccak::{LANES, RATE_256, RC};
use rust_hdl::prelude::*;

/// Lanes of 64 bits in a block.
pub(crate) const RATE_LANES: usize = RATE_256 / 8;

/// State of both messages and the logic of a round: the column parities of θ in the front stage,
/// the rest of θ, ρ, π, χ and ι with the next block in the back stage.
///
/// Lane (x, y) has the index x + 5y; its bits 31 … 0 are in the array called `low`, the others in
/// that called `high`. All inputs belong to the message that is in the front stage.
#[derive(LogicBlock)]
pub struct Round {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Moves both messages on.
    pub enable: Signal<In, bool>,
    /// Number of the round, counted from 1; 0: idle.
    pub round: Signal<In, Bits<5>>,
    /// The round's result is to be combined with `block`.
    pub absorb: Signal<In, bool>,
    /// The round's result is zero, before the block comes in.
    pub zero: Signal<In, bool>,
    /// Low halves of the block's lanes.
    pub block_low: [Signal<In, Bits<32>>; RATE_LANES],
    /// High halves.
    pub block_high: [Signal<In, Bits<32>>; RATE_LANES],
    /// Low halves of the lanes of the digest.
    pub digest_low: [Signal<Out, Bits<32>>; 4],
    /// High halves.
    pub digest_high: [Signal<Out, Bits<32>>; 4],

    theta_low: [Signal<Local, Bits<32>>; LANES],
    theta_high: [Signal<Local, Bits<32>>; LANES],
    pi_low: [Signal<Local, Bits<32>>; LANES],
    pi_high: [Signal<Local, Bits<32>>; LANES],

    // Before the front stage.
    state_low: [DFF<Bits<32>>; LANES],
    state_high: [DFF<Bits<32>>; LANES],
    // Between the stages.
    back_low: [DFF<Bits<32>>; LANES],
    back_high: [DFF<Bits<32>>; LANES],
    parity_low: [DFF<Bits<32>>; 5],
    parity_high: [DFF<Bits<32>>; 5],
    // What ι and the block add in the back stage.
    added_low: [DFF<Bits<32>>; RATE_LANES],
    added_high: [DFF<Bits<32>>; RATE_LANES],
    constant_low: ROM<Bits<32>, 5>,
    constant_high: ROM<Bits<32>, 5>,
}

/// Half of a 64-bit constant for each round number, which counts from 1.
fn constants(half: impl Fn(u64) -> u64) -> ROM<Bits<32>, 5> {
    let words =
        (1..).zip(RC).map(|(round, constant): (u64, _)| (round.into(), half(constant).into()));
    ROM::new(words.collect::<BTreeMap<_, _>>())
}

impl Default for Round {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            enable: Default::default(),
            round: Default::default(),
            absorb: Default::default(),
            zero: Default::default(),
            block_low: Default::default(),
            block_high: Default::default(),
            digest_low: Default::default(),
            digest_high: Default::default(),
            theta_low: Default::default(),
            theta_high: Default::default(),
            pi_low: Default::default(),
            pi_high: Default::default(),
            state_low: Default::default(),
            state_high: Default::default(),
            back_low: Default::default(),
            back_high: Default::default(),
            parity_low: Default::default(),
            parity_high: Default::default(),
            added_low: Default::default(),
            added_high: Default::default(),
            constant_low: constants(|constant| constant & 0xFFFF_FFFF),
            constant_high: constants(|constant| constant >> 32),
        }
    }
}

/// Writes the round out, because RustHDL computes no offsets: `columns` are x, x − 1, x + 1 and
/// x + 2 modulo 5; `lanes` say where π takes a lane and how ρ turns it: the half that goes to
/// the low half when shifted left, the other half, and both shifts.
macro_rules! round {
    (
        columns { $($x:tt $before:tt $after:tt $second:tt,)* }
        lanes { $($from:tt => $to:tt: $near:ident $far:ident $left:tt $right:tt,)* }
    ) => {
        impl Logic for Round {
            #[hdl_gen]
            fn update(&mut self) {
                self.constant_low.address.next = self.round.val();
                self.constant_high.address.next = self.round.val();
                for i in 0..25 {
                    self.state_low[i].clock.next = self.clock.val();
                    self.state_high[i].clock.next = self.clock.val();
                    self.back_low[i].clock.next = self.clock.val();
                    self.back_high[i].clock.next = self.clock.val();
                    self.state_low[i].d.next = self.state_low[i].q.val();
                    self.state_high[i].d.next = self.state_high[i].q.val();
                    self.back_low[i].d.next = self.back_low[i].q.val();
                    self.back_high[i].d.next = self.back_high[i].q.val();
                }
                for x in 0..5 {
                    self.parity_low[x].clock.next = self.clock.val();
                    self.parity_high[x].clock.next = self.clock.val();
                    self.parity_low[x].d.next = self.parity_low[x].q.val();
                    self.parity_high[x].d.next = self.parity_high[x].q.val();
                }
                for i in 0..17 {
                    self.added_low[i].clock.next = self.clock.val();
                    self.added_high[i].clock.next = self.clock.val();
                    self.added_low[i].d.next = self.added_low[i].q.val();
                    self.added_high[i].d.next = self.added_high[i].q.val();
                }

                // θ, ρ and π.
                $(
                    for y in 0..5 {
                        self.theta_low[5 * y + $x].next = self.back_low[5 * y + $x].q.val()
                            ^ self.parity_low[$before].q.val()
                            ^ ((self.parity_low[$after].q.val() << 1)
                                | (self.parity_high[$after].q.val() >> 31));
                        self.theta_high[5 * y + $x].next = self.back_high[5 * y + $x].q.val()
                            ^ self.parity_high[$before].q.val()
                            ^ ((self.parity_high[$after].q.val() << 1)
                                | (self.parity_low[$after].q.val() >> 31));
                    }
                )*
                self.pi_low[0].next = self.theta_low[0].val();
                self.pi_high[0].next = self.theta_high[0].val();
                $(
                    self.pi_low[$to].next =
                        (self.$near[$from].val() << $left) | (self.$far[$from].val() >> $right);
                    self.pi_high[$to].next =
                        (self.$far[$from].val() << $left) | (self.$near[$from].val() >> $right);
                )*

                if self.enable.val() {
                    // Front stage: parities, and what the back stage will add.
                    for i in 0..25 {
                        self.back_low[i].d.next = self.state_low[i].q.val();
                        self.back_high[i].d.next = self.state_high[i].q.val();
                    }
                    for x in 0..5 {
                        self.parity_low[x].d.next = self.state_low[x].q.val()
                            ^ self.state_low[x + 5].q.val()
                            ^ self.state_low[x + 10].q.val()
                            ^ self.state_low[x + 15].q.val()
                            ^ self.state_low[x + 20].q.val();
                        self.parity_high[x].d.next = self.state_high[x].q.val()
                            ^ self.state_high[x + 5].q.val()
                            ^ self.state_high[x + 10].q.val()
                            ^ self.state_high[x + 15].q.val()
                            ^ self.state_high[x + 20].q.val();
                    }
                    if self.zero.val() {
                        for i in 0..25 {
                            self.back_low[i].d.next = 0.into();
                            self.back_high[i].d.next = 0.into();
                        }
                        for x in 0..5 {
                            self.parity_low[x].d.next = 0.into();
                            self.parity_high[x].d.next = 0.into();
                        }
                    }
                    for i in 0..17 {
                        self.added_low[i].d.next = 0.into();
                        self.added_high[i].d.next = 0.into();
                    }
                    self.added_low[0].d.next = self.constant_low.data.val();
                    self.added_high[0].d.next = self.constant_high.data.val();
                    if self.absorb.val() {
                        for i in 1..17 {
                            self.added_low[i].d.next = self.block_low[i].val();
                            self.added_high[i].d.next = self.block_high[i].val();
                        }
                        self.added_low[0].d.next =
                            self.constant_low.data.val() ^ self.block_low[0].val();
                        self.added_high[0].d.next =
                            self.constant_high.data.val() ^ self.block_high[0].val();
                    }

                    // Back stage: χ, ι, the next block.
                    $(
                        for y in 0..5 {
                            self.state_low[5 * y + $x].d.next = self.pi_low[5 * y + $x].val()
                                ^ (!self.pi_low[5 * y + $after].val()
                                    & self.pi_low[5 * y + $second].val());
                            self.state_high[5 * y + $x].d.next = self.pi_high[5 * y + $x].val()
                                ^ (!self.pi_high[5 * y + $after].val()
                                    & self.pi_high[5 * y + $second].val());
                        }
                    )*
                    $(
                        for y in 0..3 {
                            self.state_low[5 * y + $x].d.next = self.pi_low[5 * y + $x].val()
                                ^ (!self.pi_low[5 * y + $after].val()
                                    & self.pi_low[5 * y + $second].val())
                                ^ self.added_low[5 * y + $x].q.val();
                            self.state_high[5 * y + $x].d.next = self.pi_high[5 * y + $x].val()
                                ^ (!self.pi_high[5 * y + $after].val()
                                    & self.pi_high[5 * y + $second].val())
                                ^ self.added_high[5 * y + $x].q.val();
                        }
                    )*
                    self.state_low[15].d.next = self.pi_low[15].val()
                        ^ (!self.pi_low[16].val() & self.pi_low[17].val())
                        ^ self.added_low[15].q.val();
                    self.state_high[15].d.next = self.pi_high[15].val()
                        ^ (!self.pi_high[16].val() & self.pi_high[17].val())
                        ^ self.added_high[15].q.val();
                    self.state_low[16].d.next = self.pi_low[16].val()
                        ^ (!self.pi_low[17].val() & self.pi_low[18].val())
                        ^ self.added_low[16].q.val();
                    self.state_high[16].d.next = self.pi_high[16].val()
                        ^ (!self.pi_high[17].val() & self.pi_high[18].val())
                        ^ self.added_high[16].q.val();
                }

                for i in 0..4 {
                    self.digest_low[i].next = self.state_low[i].q.val();
                    self.digest_high[i].next = self.state_high[i].q.val();
                }
            }
        }

        /// The shifts and places of ρ and π as written out.
        #[cfg(test)]
        const RHO_PI: &[(usize, usize, &str, u32, u32)] =
            &[$(($from, $to, stringify!($near), $left, $right),)*];
    };
}

round! {
    columns {
        0 4 1 2,
        1 0 2 3,
        2 1 3 4,
        3 2 4 0,
        4 3 0 1,
    }
    lanes {
        1 => 10: theta_low theta_high 1 31,
        2 => 20: theta_high theta_low 30 2,
        3 => 5: theta_low theta_high 28 4,
        4 => 15: theta_low theta_high 27 5,
        5 => 16: theta_high theta_low 4 28,
        6 => 1: theta_high theta_low 12 20,
        7 => 11: theta_low theta_high 6 26,
        8 => 21: theta_high theta_low 23 9,
        9 => 6: theta_low theta_high 20 12,
        10 => 7: theta_low theta_high 3 29,
        11 => 17: theta_low theta_high 10 22,
        12 => 2: theta_high theta_low 11 21,
        13 => 12: theta_low theta_high 25 7,
        14 => 22: theta_high theta_low 7 25,
        15 => 23: theta_high theta_low 9 23,
        16 => 8: theta_high theta_low 13 19,
        17 => 18: theta_low theta_high 15 17,
        18 => 3: theta_low theta_high 21 11,
        19 => 13: theta_low theta_high 8 24,
        20 => 14: theta_low theta_high 18 14,
        21 => 24: theta_low theta_high 2 30,
        22 => 9: theta_high theta_low 29 3,
        23 => 19: theta_high theta_low 24 8,
        24 => 4: theta_low theta_high 14 18,
    }
}

#[cfg(test)]
mod tests {
    use super::{LANES, RATE_LANES, RHO_PI};
    use chaincard_reference::params::keccak::ROTATION;

    #[test]
    fn rotations_are_those_of_the_standard() {
        assert_eq!((LANES, RATE_LANES), (25, 17), "the bounds of the loops");
        assert_eq!(ROTATION[0][0], 0);
        assert_eq!(RHO_PI.len(), 24);
        for &(from, to, near, left, right) in RHO_PI {
            let (x, y) = (from % 5, from / 5);
            assert_eq!(to, y + 5 * ((2 * x + 3 * y) % 5), "lane ({x}, {y})");
            let half = if near == "theta_high" { 32 } else { 0 };
            assert_eq!((half + left, left + right), (ROTATION[x][y], 32), "lane ({x}, {y})");
        }
    }
}
