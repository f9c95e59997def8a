//! Instruction set of the verification engine.
//!
//! A program word has [`WORD_BITS`] bits; a thread's instructions issue in order, at most one per
//! slot. Each waits until at most `mul` products and `add` linear combinations of its thread are
//! outstanding ([`Waits`]); products complete in order among themselves, and so do linear
//! combinations.
//!
//! ```text
//! [1:0] class  [3:2] wait for products  [5:4] wait for linear combinations (3: no wait)
//! MUL 0: [11:6] d  [17:12] a  [23:18] b  [25:24] kind
//! ADD 1: [11:6] d  [17:12] x  [23:18] y  [25:24] sx  [27:26] sy  [30:28] func  [31] fold
//!        [34:32] source of x  [35] d is special
//! CTL 2: [9:6] op  [21:10] target or immediate  [27:22] argument
//! ```
//!
//! Each ADD without fold writes the thread's flags Z (all digits 0), N (last digit negative) and
//! O (odd) when it completes.

use std::fmt;

use crate::field::{Func, Kind};

/// Bits of a program word.
pub const WORD_BITS: u32 = 36;

/// Most registers of a thread.
pub const REGISTERS: usize = 64;

/// Registers that an indexed source chooses from at most: odd multiples of a key.
pub const INDEXED: u8 = 8;

/// Constants of each curve.
pub const CONSTANTS: usize = 16;

/// Words that a program memory holds.
pub const PROGRAM_WORDS: usize = 4096;

/// Programs, by their entry point: a jump at that address.
pub const ENTRIES: [&str; 5] =
    ["verify_secp256k1", "verify_sm2", "verify_ed25519", "verify_p256", "recover_secp256k1"];

/// Names of the lists' recoding modes, by their code.
pub const NAF_MODES: [&str; 3] = ["low", "high", "full"];

/// Names of the input fields, by their number.
pub const INPUTS: [&str; 6] = ["r", "s", "x", "y", "e", "eh"];

/// Names of the job flags, by their number: four of the item, four of the profile.
pub const FLAGS: [&str; 8] = [
    "key_compressed",
    "key_odd",
    "recovery_odd",
    "recovery_above_n",
    "low_s",
    "strict",
    "zip215",
    "rfc8032",
];

/// Most outstanding operations with which an instruction still issues; 3: any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Products.
    pub mul: u8,
    /// Linear combinations.
    pub add: u8,
}

impl Waits {
    /// No wait.
    pub const NONE: Self = Self { mul: 3, add: 3 };
}

/// Where an ADD takes x from; `x` is its operand field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Register x.
    Register = 0,
    /// Register x + index of the digit that was taken last.
    Indexed = 1,
    /// Constant x; curve c's are those from [`CONSTANTS`]·c.
    Constant = 2,
    /// Table x, entry by the digit's index, coordinate by the low bits of `y`.
    Table = 3,
    /// Input field x.
    Input = 4,
    /// The thread's inverse.
    Inverse = 5,
    /// 0.
    Zero = 6,
}

/// Where the result of an ADD goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A register.
    Register(u8),
    /// An output field: 0 x, 1 y.
    Output(u8),
    /// A list of digits; the mode of recoding (0 low, 1 high, 2 full) is in `y`.
    Naf(u8),
    /// The inverse unit, x modulo register y.
    Inverse,
    /// Nowhere: for the flags.
    Flags,
}

/// What a control instruction does; `target` and `argument` are its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Jumps.
    Jump = 0,
    /// Jumps if Z.
    JumpZero = 1,
    /// Jumps unless Z.
    JumpNotZero = 2,
    /// Jumps if N.
    JumpNegative = 3,
    /// Jumps unless N.
    JumpNotNegative = 4,
    /// Jumps if O.
    JumpOdd = 5,
    /// Jumps unless O.
    JumpEven = 6,
    /// Jumps if the job flag `argument` is set.
    JumpFlag = 7,
    /// Jumps unless it is.
    JumpNotFlag = 8,
    /// Position = immediate.
    SetPosition = 9,
    /// Position −= 1; jumps while it is not negative.
    Loop = 10,
    /// Takes the digit at the position from list `argument` as index and sign; jumps if the list
    /// has none there.
    Digit = 11,
    /// Curve = `argument`.
    Curve = 12,
    /// Ends the thread with verdict `target`.
    Verdict = 13,
    /// Waits until the thread's inversion is done.
    WaitInverse = 14,
    /// Empties the thread's lists.
    ResetLists = 15,
}

impl Op {
    /// Every one, by code.
    pub const ALL: [Self; 16] = [
        Self::Jump,
        Self::JumpZero,
        Self::JumpNotZero,
        Self::JumpNegative,
        Self::JumpNotNegative,
        Self::JumpOdd,
        Self::JumpEven,
        Self::JumpFlag,
        Self::JumpNotFlag,
        Self::SetPosition,
        Self::Loop,
        Self::Digit,
        Self::Curve,
        Self::Verdict,
        Self::WaitInverse,
        Self::ResetLists,
    ];

    /// Name in a listing.
    pub fn mnemonic(self) -> &'static str {
        match self {
            Self::Jump => "jmp",
            Self::JumpZero => "jz",
            Self::JumpNotZero => "jnz",
            Self::JumpNegative => "jn",
            Self::JumpNotNegative => "jnn",
            Self::JumpOdd => "jodd",
            Self::JumpEven => "jeven",
            Self::JumpFlag => "jflag",
            Self::JumpNotFlag => "jnflag",
            Self::SetPosition => "setpos",
            Self::Loop => "loop",
            Self::Digit => "digit",
            Self::Curve => "curve",
            Self::Verdict => "verdict",
            Self::WaitInverse => "waitinv",
            Self::ResetLists => "resetlists",
        }
    }

    /// `target` is an address.
    pub fn jumps(self) -> bool {
        (self as u8) < 9 || matches!(self, Self::Loop | Self::Digit)
    }

    /// It depends on the thread's flags Z, N, O.
    pub fn reads_flags(self) -> bool {
        (1..=6).contains(&(self as u8))
    }

    /// The next instruction may follow it.
    pub fn falls_through(self) -> bool {
        !matches!(self, Self::Jump | Self::Verdict)
    }
}

/// A linear combination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add {
    /// Where it goes.
    pub destination: Destination,
    /// Where x comes from.
    pub source: Source,
    /// Operand field of x.
    pub x: u8,
    /// Register y; for some sources and destinations something else.
    pub y: u8,
    /// Places by which x moves left.
    pub sx: u8,
    /// Places by which y moves left.
    pub sy: u8,
    /// What is computed.
    pub func: Func,
    /// Modulo the prime; otherwise the exact number.
    pub fold: bool,
}

/// An instruction without its waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// d = a·b.
    Mul {
        /// Register of the product.
        d: u8,
        /// First factor.
        a: u8,
        /// Second factor.
        b: u8,
        /// Which part.
        kind: Kind,
    },
    /// A linear combination.
    Add(Add),
    /// Control.
    Control {
        /// What it does.
        op: Op,
        /// Address or immediate.
        target: u16,
        /// Argument.
        argument: u8,
    },
}

/// Special destinations.
const OUTPUT: u8 = 0;
const NAF: u8 = 8;
const INVERSE: u8 = 16;
const DROP: u8 = 63;

fn field(word: u64, low: u32, bits: u32) -> u8 {
    (word >> low & ((1 << bits) - 1)) as u8
}

impl Instruction {
    /// The program word.
    pub fn encode(&self, waits: Waits) -> u64 {
        let head = u64::from(waits.mul & 3) << 2 | u64::from(waits.add & 3) << 4;
        let at = |value: u8, bits: u32, low: u32| (u64::from(value) & ((1 << bits) - 1)) << low;
        head | match *self {
            Self::Mul { d, a, b, kind } => {
                at(d, 6, 6) | at(a, 6, 12) | at(b, 6, 18) | at(kind as u8, 2, 24)
            }
            Self::Add(add) => {
                let (special, d) = match add.destination {
                    Destination::Register(d) => (0, d),
                    Destination::Output(o) => (1, OUTPUT + o),
                    Destination::Naf(list) => (1, NAF + list),
                    Destination::Inverse => (1, INVERSE),
                    Destination::Flags => (1, DROP),
                };
                1 | at(d, 6, 6)
                    | at(add.x, 6, 12)
                    | at(add.y, 6, 18)
                    | at(add.sx, 2, 24)
                    | at(add.sy, 2, 26)
                    | at(add.func as u8, 3, 28)
                    | at(add.fold.into(), 1, 31)
                    | at(add.source as u8, 3, 32)
                    | at(special, 1, 35)
            }
            Self::Control { op, target, argument } => {
                2 | at(op as u8, 4, 6) | (u64::from(target) & 0xFFF) << 10 | at(argument, 6, 22)
            }
        }
    }

    /// Instruction and waits of a program word; `None` for words that [`encode`](Self::encode)
    /// never makes.
    pub fn decode(word: u64) -> Option<(Self, Waits)> {
        let waits = Waits { mul: field(word, 2, 2), add: field(word, 4, 2) };
        let (d, x, y) = (field(word, 6, 6), field(word, 12, 6), field(word, 18, 6));
        let instruction = match word & 3 {
            0 => Self::Mul {
                d,
                a: x,
                b: y,
                kind: match field(word, 24, 2) {
                    0 => Kind::Field,
                    1 => Kind::Low,
                    2 => Kind::High,
                    _ => return None,
                },
            },
            1 => Self::Add(Add {
                destination: match (field(word, 35, 1), d) {
                    (0, d) => Destination::Register(d),
                    (_, DROP) => Destination::Flags,
                    (_, INVERSE) => Destination::Inverse,
                    (_, d) if d < OUTPUT + 2 => Destination::Output(d - OUTPUT),
                    (_, d) if (NAF..NAF + 4).contains(&d) => Destination::Naf(d - NAF),
                    _ => return None,
                },
                source: match field(word, 32, 3) {
                    0 => Source::Register,
                    1 => Source::Indexed,
                    2 => Source::Constant,
                    3 => Source::Table,
                    4 => Source::Input,
                    5 => Source::Inverse,
                    6 => Source::Zero,
                    _ => return None,
                },
                x,
                y,
                sx: field(word, 24, 2),
                sy: field(word, 26, 2),
                func: match field(word, 28, 3) {
                    0 => Func::Sum,
                    1 => Func::Difference,
                    2 => Func::Copy,
                    3 => Func::Negative,
                    4 => Func::Signed,
                    _ => return None,
                },
                fold: field(word, 31, 1) == 1,
            }),
            2 => Self::Control {
                op: Op::ALL[usize::from(field(word, 6, 4))],
                target: (word >> 10 & 0xFFF) as u16,
                argument: field(word, 22, 6),
            },
            _ => return None,
        };
        (instruction.encode(waits) == word).then_some((instruction, waits))
    }
}

impl Instruction {
    /// The highest register that it may read or write.
    pub fn highest_register(&self) -> u8 {
        match *self {
            Self::Mul { d, a, b, .. } => d.max(a).max(b),
            Self::Add(add) => {
                let d = match add.destination {
                    Destination::Register(d) => d,
                    _ => 0,
                };
                let x = match add.source {
                    Source::Register => add.x,
                    Source::Indexed => add.x + INDEXED - 1,
                    _ => 0,
                };
                d.max(x).max(if add.reads_y() { add.y } else { 0 })
            }
            Self::Control { .. } => 0,
        }
    }
}

impl Add {
    /// It reads register y.
    pub fn reads_y(&self) -> bool {
        self.destination == Destination::Inverse
            || matches!(self.func, Func::Sum | Func::Difference)
    }
}

impl fmt::Display for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Mul { d, a, b, kind } => {
                let name = match kind {
                    Kind::Field => "mul",
                    Kind::Low => "mullo",
                    Kind::High => "mulhi",
                };
                write!(f, "{name} r{d}, r{a}, r{b}")
            }
            Self::Add(add) => write_add(f, &add),
            Self::Control { op, target, argument } => {
                write!(f, "{}", op.mnemonic())?;
                match op {
                    Op::JumpFlag | Op::JumpNotFlag => {
                        let name = FLAGS.get(usize::from(argument)).unwrap_or(&"?");
                        write!(f, " {name}, {target}")
                    }
                    Op::Digit => write!(f, " {argument}, {target}"),
                    Op::Curve => write!(f, " {argument}"),
                    Op::WaitInverse | Op::ResetLists => Ok(()),
                    _ => write!(f, " {target}"),
                }
            }
        }
    }
}

fn write_add(f: &mut fmt::Formatter<'_>, add: &Add) -> fmt::Result {
    let name = match add.func {
        Func::Sum => "add",
        Func::Difference => "sub",
        Func::Copy => "mov",
        Func::Negative => "neg",
        Func::Signed => "signed",
    };
    write!(f, "{name}{} ", if add.fold { "" } else { ".raw" })?;
    match add.destination {
        Destination::Register(d) => write!(f, "r{d}")?,
        Destination::Output(0) => write!(f, "out.x")?,
        Destination::Output(_) => write!(f, "out.y")?,
        Destination::Naf(list) => {
            let mode = NAF_MODES.get(usize::from(add.y & 3)).unwrap_or(&"?");
            write!(f, "naf{list}.{mode}")?;
        }
        Destination::Inverse => write!(f, "inverse(r{})", add.y)?,
        Destination::Flags => write!(f, "flags")?,
    }
    let x = add.x;
    match add.source {
        Source::Register => write!(f, ", r{x}")?,
        Source::Indexed => write!(f, ", r{x}[idx]")?,
        Source::Constant => write!(f, ", #{x}")?,
        Source::Table => write!(f, ", table{x}.{}", add.y & 3)?,
        Source::Input => write!(f, ", in.{}", INPUTS.get(usize::from(x)).unwrap_or(&"?"))?,
        Source::Inverse => write!(f, ", inv")?,
        Source::Zero => write!(f, ", 0")?,
    }
    if add.sx > 0 {
        write!(f, "<<{}", add.sx)?;
    }
    if matches!(add.func, Func::Sum | Func::Difference) {
        write!(f, ", r{}", add.y)?;
        if add.sy > 0 {
            write!(f, "<<{}", add.sy)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_decode_to_what_they_encode() {
        // A fixed linear congruential sequence: every word that decodes encodes to itself, and
        // all three classes occur.
        let (mut seed, mut classes) = (1u64, [0; 4]);
        for _ in 0..100_000 {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1);
            let word = seed >> 28;
            if let Some((instruction, waits)) = Instruction::decode(word) {
                assert_eq!(instruction.encode(waits), word);
                assert!(!instruction.to_string().is_empty());
                classes[(word & 3) as usize] += 1;
            }
        }
        assert!(classes[..3].iter().all(|&n| n > 5), "{classes:?}");
    }

    #[test]
    fn fields_stand_where_the_layout_says() {
        let waits = Waits { mul: 2, add: 1 };
        let mul = Instruction::Mul { d: 1, a: 2, b: 3, kind: Kind::High };
        assert_eq!(mul.encode(waits), 2 << 2 | 1 << 4 | 1 << 6 | 2 << 12 | 3 << 18 | 2 << 24);
        let add = Instruction::Add(Add {
            destination: Destination::Naf(2),
            source: Source::Input,
            x: 4,
            y: 1,
            sx: 3,
            sy: 2,
            func: Func::Signed,
            fold: true,
        });
        assert_eq!(
            add.encode(waits),
            1 | 2 << 2
                | 1 << 4
                | 10 << 6
                | 4 << 12
                | 1 << 18
                | 3 << 24
                | 2 << 26
                | 4 << 28
                | 1 << 31
                | 4 << 32
                | 1 << 35
        );
        assert_eq!(add.to_string(), "signed naf2.high, in.e<<3");
        let digit = Instruction::Control { op: Op::Digit, target: 700, argument: 3 };
        assert_eq!(digit.encode(Waits::NONE), 2 | 15 << 2 | 11 << 6 | 700 << 10 | 3 << 22);
        assert_eq!(digit.to_string(), "digit 3, 700");
    }
}
