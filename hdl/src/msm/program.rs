//! The additions, as lists of products for the multiplier.
//!
//! An addition is the complete one of J. Renes, C. Costello, L. Batina, Complete addition
//! formulas for prime order elliptic curves (IACR ePrint 2015/1060), algorithms 7 and 8 for a = 0,
//! in homogeneous coordinates: doubling, opposite points and infinity need no case. Sums of two
//! products share a reduction, so that
//!
//! ```text
//! t3 = X1·Y2 + Y1·X2
//! t0 = 3·(X1·X2)
//! Z  = Y1·Y2 + 3b·Z1·Z2        t1 = Y1·Y2 − 3b·Z1·Z2
//! t4 = Y1·Z2 + Z1·Y2
//! y3 = 3b·(X1·Z2 + Z1·X2)
//! Z3 = t4·Z + t3·t0
//! Y3 = t1·Z + y3·t0
//! X3 = t1·t3 − y3·t4
//! ```
//!
//! takes three products and six sums of two; four and four if Z2 = 1.
//!
//! A [`Step`] multiplies numbers of the thread's serial memory, digit by digit, with numbers of
//! the rows, and passes the result, a multiple of it, or its sum with a multiple of another
//! serial number, to either memory. A step takes what the step before the last one or an
//! earlier one has passed, never what the last one has.
//!
//! Ranges: all numbers are below 2^9·p in size, and results before their multiple lie between
//! −p/2 and 5p/2; a test computes them.

/// Numbers of a thread in the serial memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serial {
    /// x of the bucket.
    X1 = 0,
    /// y of the bucket.
    Y1 = 1,
    /// z of the bucket.
    Z1 = 2,
    /// Z1·Z2.
    W = 3,
    /// As above.
    T1 = 4,
    /// As above.
    T3 = 5,
    /// As above.
    T4 = 6,
    /// As above.
    Y3 = 7,
}

/// Numbers of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// One of the thread: Z.
    Z,
    /// One of the thread: t0.
    T0,
    /// One of the thread: t3.
    T3,
    /// One of the thread: t4.
    T4,
    /// A coordinate, 0 … 2, of the job's point.
    Point(u8),
    /// R² modulo p.
    RadixSquared,
    /// 1.
    One,
}

/// First factor of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// From the serial memory.
    Serial(Serial),
    /// A coordinate, 0 or 1, of the job's point as it came in.
    Input(u8),
}

/// How often a result counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alpha {
    /// Once.
    One = 0,
    /// Three times.
    Three = 1,
    /// 3b times.
    ThreeB = 2,
}

/// How often an added number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beta {
    /// Once.
    One = 1,
    /// 3b times.
    ThreeB = 2,
}

/// Where a result goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To the rows of the thread, the serial memory, or both.
    Thread(Option<Row>, Option<Serial>),
    /// To a coordinate of the job's result: a bucket or the rows of a point.
    Result(u8),
    /// To a coordinate of the point whose rows the job fills.
    Rows(u8),
    /// To the output.
    Output,
}

/// A product or a sum of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// First product.
    pub first: (Factor, Row),
    /// It is negated if the job's sign is set.
    pub signed: bool,
    /// Second product, and whether it is subtracted.
    pub second: Option<(Serial, Row, bool)>,
    /// Multiple of the result.
    pub alpha: Alpha,
    /// Added number and its multiple; to what goes to the serial memory it is subtracted if the
    /// last is set.
    pub beta: Option<(Serial, Beta, bool)>,
    /// Target.
    pub target: Target,
    /// The last step of its job.
    pub last: bool,
    /// From here on the coordinates of the next bucket may replace X1, Y1, Z1.
    pub prefetch: bool,
}

/// The jobs that a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A point is added to a bucket.
    Add = 0,
    /// A bucket is added to a running sum, which is a point in rows.
    Running = 1,
    /// A running sum is added to the sum of its window, which is in place of its last bucket.
    Sum = 2,
    /// A point that came in is brought into Montgomery form and into rows.
    Load = 3,
    /// The sum of a window leaves.
    Output = 4,
}

impl Kind {
    /// First step of the job in [`program`].
    pub const fn entry(self) -> u64 {
        match self {
            Self::Add => 0,
            Self::Running | Self::Sum => 8,
            Self::Load => 17,
            Self::Output => 19,
        }
    }
}

use Factor::{Input, Serial as From};
use Serial::{T1, T3, T4, W, X1, Y1, Y3, Z1};

/// The point's coordinates.
const X2: Row = Row::Point(0);
const Y2: Row = Row::Point(1);
const Z2: Row = Row::Point(2);

const fn product(first: Factor, row: Row, target: Target) -> Step {
    Step {
        first: (first, row),
        signed: false,
        second: None,
        alpha: Alpha::One,
        beta: None,
        target,
        last: false,
        prefetch: false,
    }
}

const fn sum(first: (Serial, Row), second: (Serial, Row), target: Target) -> Step {
    Step { second: Some((second.0, second.1, false)), ..product(From(first.0), first.1, target) }
}

/// The steps of all jobs.
pub fn program() -> Vec<Step> {
    let thread = |row, serial| Target::Thread(row, serial);
    let last_sums = [
        Step { prefetch: true, ..sum((T4, Row::Z), (T3, Row::T0), Target::Result(2)) },
        Step { prefetch: true, ..sum((T1, Row::Z), (Y3, Row::T0), Target::Result(1)) },
        Step {
            second: Some((Y3, Row::T4, true)),
            prefetch: true,
            last: true,
            ..product(From(T1), Row::T3, Target::Result(0))
        },
    ];
    let mut steps = vec![
        // Z2 = 1.
        Step { signed: true, ..sum((X1, Y2), (Y1, X2), thread(Some(Row::T3), Some(T3))) },
        Step { alpha: Alpha::Three, ..product(From(X1), X2, thread(Some(Row::T0), None)) },
        Step {
            signed: true,
            beta: Some((Z1, Beta::ThreeB, true)),
            ..product(From(Y1), Y2, thread(Some(Row::Z), Some(T1)))
        },
        Step {
            signed: true,
            beta: Some((Y1, Beta::One, false)),
            ..product(From(Z1), Y2, thread(Some(Row::T4), Some(T4)))
        },
        Step {
            alpha: Alpha::ThreeB,
            beta: Some((X1, Beta::ThreeB, false)),
            ..product(From(Z1), X2, thread(None, Some(Y3)))
        },
    ];
    steps.extend(last_sums);
    steps.extend([
        product(From(Z1), Z2, thread(None, Some(W))),
        sum((X1, Y2), (Y1, X2), thread(Some(Row::T3), Some(T3))),
        Step { alpha: Alpha::Three, ..product(From(X1), X2, thread(Some(Row::T0), None)) },
        Step {
            beta: Some((W, Beta::ThreeB, true)),
            ..product(From(Y1), Y2, thread(Some(Row::Z), Some(T1)))
        },
        sum((Y1, Z2), (Z1, Y2), thread(Some(Row::T4), Some(T4))),
        Step { alpha: Alpha::ThreeB, ..sum((X1, Z2), (Z1, X2), thread(None, Some(Y3))) },
    ]);
    steps.extend(last_sums);
    // A job that takes nothing from a bucket is short: until its second step a result of the job
    // before may be on its way, whose place in the list of jobs the next one takes.
    steps.extend([
        product(Input(0), Row::RadixSquared, Target::Rows(0)),
        Step {
            prefetch: true,
            last: true,
            ..product(Input(1), Row::RadixSquared, Target::Rows(1))
        },
        product(From(X1), Row::One, Target::Output),
        product(From(Y1), Row::One, Target::Output),
        Step { last: true, ..product(From(Z1), Row::One, Target::Output) },
    ]);
    steps
}

/// Groups of four rows: those of threads come first, then these.
pub(super) mod group {
    /// Infinity: 0, 1, 0 in Montgomery form.
    pub(in super::super) const INFINITY: u64 = 8;
    /// What reductions multiply: (p·k + 1)/2^17, p, k.
    pub(in super::super) const REDUCTION: u64 = 9;
    /// R² modulo p, 1.
    pub(in super::super) const CONSTANTS: u64 = 10;
    /// Points that came in, by slot.
    pub(in super::super) const POINTS: u64 = 16;
    /// Running sums, by window.
    pub(in super::super) const RUNNING: u64 = 64;
}

impl Row {
    /// Bits 3 … 2: 0 a row of the thread, 1 of the point, 2 a constant. Bits 1 … 0: which.
    fn code(self) -> u64 {
        match self {
            Self::Z => 0,
            Self::T0 => 1,
            Self::T3 => 2,
            Self::T4 => 3,
            Self::Point(coordinate) => 4 | u64::from(coordinate),
            Self::RadixSquared => 8,
            Self::One => 9,
        }
    }
}

impl Step {
    /// What the multiplier needs.
    ///
    /// | bits | meaning |
    /// | --- | --- |
    /// | 0 | a sum of two products |
    /// | 1, 2 | the last step; prefetch |
    /// | 3, 4 | the first product has the job's sign; the second is subtracted |
    /// | 7 … 5, 8 | first factor: number, or coordinate if bit 8 is set |
    /// | 12 … 9 | row of the first product |
    /// | 15 … 13, 19 … 16 | factor and row of the second |
    pub(super) fn issue(&self) -> u64 {
        let (factor, input) = match self.first.0 {
            From(serial) => (serial as u64, 0),
            Input(coordinate) => (coordinate.into(), 1),
        };
        let (second, row, minus) = self.second.unwrap_or((X1, Row::Z, false));
        u64::from(self.second.is_some())
            | u64::from(self.last) << 1
            | u64::from(self.prefetch) << 2
            | u64::from(self.signed) << 3
            | u64::from(minus) << 4
            | factor << 5
            | input << 8
            | self.first.1.code() << 9
            | (second as u64) << 13
            | row.code() << 16
    }

    /// What passing the result needs.
    ///
    /// | bits | meaning |
    /// | --- | --- |
    /// | 1 … 0, 3 … 2 | multiples |
    /// | 4 | the serial result is a difference |
    /// | 7 … 5 | number that is added |
    /// | 8, 10 … 9 | to a row of the thread; which, or which coordinate |
    /// | 11, 14 … 12 | to the serial memory; which |
    /// | 15, 16, 17 | to the job's result, to the job's rows, to the output |
    /// | 18 | the last step |
    pub(super) fn pass(&self) -> u64 {
        let (added, beta, minus) =
            self.beta.map_or((X1, 0, false), |(added, beta, minus)| (added, beta as u64, minus));
        let target = match self.target {
            Target::Thread(row, serial) => {
                row.map_or(0, |row| 1 << 8 | row.code() << 9)
                    | serial.map_or(0, |serial| 1 << 11 | (serial as u64) << 12)
            }
            Target::Result(coordinate) => 1 << 15 | u64::from(coordinate) << 9,
            Target::Rows(coordinate) => 1 << 16 | u64::from(coordinate) << 9,
            Target::Output => 1 << 17,
        };
        self.alpha as u64
            | beta << 2
            | u64::from(minus) << 4
            | (added as u64) << 5
            | target
            | u64::from(self.last) << 18
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::msm::{Config, Curve};

    /// From, to, in multiples of p.
    type Range = (f64, f64);

    fn sum(one: Range, other: Range) -> Range {
        (one.0 + other.0, one.1 + other.1)
    }

    fn times(one: Range, other: Range) -> Range {
        let all = [one.0 * other.0, one.0 * other.1, one.1 * other.0, one.1 * other.1];
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        (least, all.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    }

    fn hull(one: Range, other: Range) -> Range {
        (one.0.min(other.0), one.1.max(other.1))
    }

    fn negated((from, to): Range) -> Range {
        (-to, -from)
    }

    /// What the numbers can be, and what there is room for, both over p.
    struct Bounds {
        p_over_radix: f64,
        quotient: f64,
        three_b: f64,
        coordinates: Range,
        point: Range,
        largest: f64,
    }

    impl Bounds {
        /// One job on all numbers that there can be before it.
        fn run(&mut self, entry: u64, projective: bool) {
            let mut serial = HashMap::from([X1, Y1, Z1].map(|s| (s as u8, self.coordinates)));
            let mut rows: HashMap<u64, Range> = HashMap::new();
            let of_point = if projective { self.coordinates } else { self.point };
            for step in &program()[entry as usize..] {
                let row = |row: Row| match row {
                    Row::Point(_) => of_point,
                    Row::RadixSquared | Row::One => (0.0, 1.0),
                    own => rows[&own.code()],
                };
                let first = match step.first.0 {
                    From(number) => serial[&(number as u8)],
                    Input(_) => (0.0, 1.0),
                };
                let first = if step.signed { hull(first, negated(first)) } else { first };
                let mut product = times(first, row(step.first.1));
                if let Some((factor, other, minus)) = step.second {
                    let second = times(serial[&(factor as u8)], row(other));
                    product = sum(product, if minus { negated(second) } else { second });
                }
                let reduced =
                    (product.0 * self.p_over_radix, product.1 * self.p_over_radix + self.quotient);
                assert!(reduced.0 > -0.5 && reduced.1 < 2.5, "{step:?}: {reduced:?}");
                let scale = match step.alpha {
                    Alpha::One => 1.0,
                    Alpha::Three => 3.0,
                    Alpha::ThreeB => self.three_b,
                };
                let result = times(reduced, (scale, scale));
                let (mut up, mut down) = (result, result);
                if let Some((added, beta, minus)) = step.beta {
                    let scale = if beta == Beta::One { 1.0 } else { self.three_b };
                    let added = times(serial[&(added as u8)], (scale, scale));
                    up = sum(result, added);
                    down = if minus { sum(result, negated(added)) } else { up };
                }
                for range in [up, down] {
                    self.largest = self.largest.max(-range.0).max(range.1);
                }
                match step.target {
                    Target::Thread(row, number) => {
                        rows.extend(row.map(|row| (row.code(), up)));
                        serial.extend(number.map(|number| (number as u8, down)));
                    }
                    Target::Result(_) => self.coordinates = hull(self.coordinates, up),
                    Target::Rows(_) => self.point = hull(self.point, up),
                    // Not below 0, as it is an integer above −1.
                    Target::Output => assert!(reduced.1 <= 2.01, "{reduced:?}"),
                }
                if step.last {
                    break;
                }
            }
        }
    }

    #[test]
    fn numbers_stay_within_their_digits() {
        let toy = Curve { p: 43_u32.into(), three_b: (5, 5), scalar_bits: 5 };
        for curve in [Curve::bn254(), Curve::bls12_381(), Curve::bls12_377(), toy] {
            let config = Config { curve, window: 4, adders: 1 };
            let ratio = |up: &num_bigint::BigUint, down: &num_bigint::BigUint| {
                let scaled = (up << 40_u32) / down;
                scaled.iter_u64_digits().enumerate().fold(0.0, |sum, (place, digit)| {
                    sum + digit as f64 * 2_f64.powi(64 * place as i32 - 40)
                })
            };
            let (p, radix) = (&config.curve.p, &config.radix());
            let (i, j) = config.curve.three_b;
            let mut bounds = Bounds {
                p_over_radix: ratio(p, radix),
                quotient: config.quotient_factor() as f64 / 131_072.0 + 1.0,
                three_b: f64::from((1 << i) + (1 << j)),
                coordinates: (0.0, 1.0),
                point: (0.0, 1.0),
                largest: 0.0,
            };
            for _ in 0..20 {
                bounds.run(Kind::Load.entry(), false);
                bounds.run(Kind::Add.entry(), false);
                bounds.run(Kind::Running.entry(), true);
                bounds.run(Kind::Output.entry(), true);
            }
            let room = ratio(radix, p);
            assert!(bounds.largest < room, "{config:?}: {} of {room}", bounds.largest);
            assert!(bounds.largest < 512.0, "{config:?}: {}", bounds.largest);
        }
    }

    #[test]
    fn no_step_takes_what_the_step_before_passes() {
        let steps = program();
        for pair in steps.windows(2).filter(|pair| !pair[0].last) {
            let Target::Thread(row, serial) = pair[0].target else { continue };
            let step = &pair[1];
            let takes = |from: Factor, used: Row| {
                serial.is_some_and(|serial| from == From(serial)) || row == Some(used)
            };
            assert!(!takes(step.first.0, step.first.1), "{pair:?}");
            let second = step.second.is_some_and(|(from, used, _)| takes(From(from), used));
            assert!(!second, "{pair:?}");
            assert!(step.beta.is_none_or(|(added, ..)| Some(added) != serial), "{pair:?}");
        }
    }
}
