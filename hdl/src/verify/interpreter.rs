//! Executes programs with whole numbers: what a thread computes, without the units and their
//! time.
//!
//! Everything that the units leave open is drawn at random from a seed: which of the `Lazy`
//! representatives of a residue a result is, how late results arrive within what the waits
//! allow, and whether an operation reads its operands when it issues or only when it completes.
//! A program is right if its verdicts do not depend on the seed.
//!
//! Numbers outside the class that a unit takes, lists that overflow and digits that nobody takes
//! are faults.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use chaincard_reference::params::{Limbs, ed25519, p256, secp256k1, sm2};
use num_bigint::{BigInt, BigUint, Sign};

use super::Job;
use super::asm::Program;
use super::isa::{Add, Destination, Instruction, Op, REGISTERS, Source};
use super::tables::{self, Table};
use crate::field::{Func, Kind};

/// Most instructions of one thread.
const MAX_STEPS: u64 = 1_000_000;

/// Operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Products.
    pub muls: u64,
    /// Linear combinations.
    pub adds: u64,
    /// Control instructions.
    pub controls: u64,
    /// Inversions.
    pub inversions: u64,
}

/// How a thread ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Code of the verdict.
    pub verdict: u8,
    /// Output fields x and y.
    pub outputs: [Limbs; 2],
    /// Operations, by part of the program.
    pub parts: BTreeMap<String, Counts>,
    /// All operations.
    pub total: Counts,
}

/// A program did what the engine does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The instruction, as listed.
    pub at: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}

impl std::error::Error for Fault {}

/// Programs with the constants and tables of the engine.
pub struct Interpreter {
    program: Program,
    constants: Vec<BigInt>,
    tables: Vec<Table>,
    /// Each prime, and 1/2^256 modulo it (or 1 in the plain domain).
    primes: [(BigInt, BigInt); 4],
}

fn integer(limbs: &Limbs) -> BigInt {
    BigInt::from(limbs.iter().rev().fold(BigUint::ZERO, |n, &limb| (n << 64) + limb))
}

fn modulo(x: &BigInt, m: &BigInt) -> BigInt {
    let x = x % m;
    if x.sign() == Sign::Minus { x + m } else { x }
}

impl Interpreter {
    /// Of a program.
    pub fn new(program: Program) -> Self {
        let prime = |p: &Limbs, montgomery: bool| {
            let p = integer(p);
            let factor = if montgomery {
                (BigInt::from(1) << 256u32).modpow(&(&p - 2), &p)
            } else {
                BigInt::from(1)
            };
            (p, factor)
        };
        Self {
            program,
            constants: tables::constants().iter().map(integer).collect(),
            tables: tables::tables(),
            primes: [
                prime(&secp256k1::P, false),
                prime(&sm2::P, true),
                prime(&ed25519::P, false),
                prime(&p256::P, true),
            ],
        }
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Executes a job.
    ///
    /// # Errors
    ///
    /// [`Fault`].
    pub fn run(&self, job: &Job, seed: u64) -> Result<Outcome, Fault> {
        let mut thread = Thread::new(self, job, seed);
        for _ in 0..MAX_STEPS {
            let at = thread.pc;
            let done =
                thread.step().map_err(|what| Fault { at: self.program.listing(at), what })?;
            if let Some(verdict) = done {
                let total = thread.parts.values().fold(Counts::default(), |sum, part| Counts {
                    muls: sum.muls + part.muls,
                    adds: sum.adds + part.adds,
                    controls: sum.controls + part.controls,
                    inversions: sum.inversions + part.inversions,
                });
                return Ok(Outcome {
                    verdict,
                    outputs: thread.outputs,
                    parts: thread.parts,
                    total,
                });
            }
        }
        Err(Fault { at: self.program.listing(thread.pc), what: "endless".into() })
    }
}

/// A result on its way.
enum Arrival {
    Register(u8, BigInt),
    Output(usize, Limbs),
    Nothing,
}

/// A result, and flags Z, N, O.
type Completed = (Arrival, Option<[bool; 3]>);

/// An operation under way.
enum Pending {
    /// It has read its operands.
    Read(Completed),
    /// It waits in its queue, with the index, the sign and the curve of its issue.
    Queued(Instruction, u8, bool, usize),
}

struct Thread<'a> {
    machine: &'a Interpreter,
    job: &'a Job,
    seed: u64,
    /// Of 256: how likely an outstanding result is to arrive before an instruction.
    haste: u64,
    pc: u16,
    registers: Vec<BigInt>,
    outputs: [Limbs; 2],
    muls: VecDeque<Pending>,
    adds: VecDeque<Pending>,
    flags: [bool; 3],
    curve: usize,
    position: i32,
    index: u8,
    sign: bool,
    lists: [Vec<(i32, bool, u8)>; 4],
    inverse: BigInt,
    parts: BTreeMap<String, Counts>,
}

impl<'a> Thread<'a> {
    fn new(machine: &'a Interpreter, job: &'a Job, seed: u64) -> Self {
        let mut thread = Self {
            machine,
            job,
            seed,
            haste: 0,
            pc: job.program,
            registers: vec![BigInt::ZERO; REGISTERS],
            outputs: [[0; 4]; 2],
            muls: VecDeque::new(),
            adds: VecDeque::new(),
            flags: [false; 3],
            curve: 0,
            position: 0,
            index: 0,
            sign: false,
            lists: Default::default(),
            inverse: BigInt::ZERO,
            parts: BTreeMap::new(),
        };
        thread.haste = thread.random() % 256;
        for i in 0..REGISTERS {
            // What another thread may have left.
            thread.registers[i] = BigInt::from(thread.random()) << 190;
        }
        thread
    }

    /// Next number of the sequence SplitMix64.
    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.seed;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// The operation is complete.
    fn commit(&mut self, pending: Pending) -> Result<(), String> {
        let (result, flags) = match pending {
            Pending::Read(completed) => completed,
            Pending::Queued(instruction, index, sign, curve) => {
                let now = (self.index, self.sign, self.curve);
                (self.index, self.sign, self.curve) = (index, sign, curve);
                let completed = self.execute(instruction)?;
                (self.index, self.sign, self.curve) = now;
                completed
            }
        };
        match result {
            Arrival::Register(d, value) => self.registers[usize::from(d)] = value,
            Arrival::Output(field, value) => self.outputs[field] = value,
            Arrival::Nothing => {}
        }
        if let Some(flags) = flags {
            self.flags = flags;
        }
        Ok(())
    }

    /// An operation that issues reads its operands now or later.
    fn issue(&mut self, instruction: Instruction) -> Result<Pending, String> {
        if self.random().is_multiple_of(2) {
            return Ok(Pending::Queued(instruction, self.index, self.sign, self.curve));
        }
        self.execute(instruction).map(Pending::Read)
    }

    fn execute(&mut self, instruction: Instruction) -> Result<Completed, String> {
        match instruction {
            Instruction::Mul { d, a, b, kind } => {
                let value = self.product(&self.register(a), &self.register(b), kind)?;
                Ok((Arrival::Register(d, value), None))
            }
            Instruction::Add(add) => self.add(&add),
            Instruction::Control { .. } => Ok((Arrival::Nothing, None)),
        }
    }

    /// Results arrive: those that the waits demand, and some more.
    fn arrive(&mut self, mul: u8, add: u8) -> Result<(), String> {
        loop {
            let forced_mul = mul < 3 && self.muls.len() > usize::from(mul);
            let forced_add = add < 3 && self.adds.len() > usize::from(add);
            let (luck_mul, luck_add) = (self.random() % 256, self.random() % 256);
            let mut some = false;
            if (forced_mul || luck_mul < self.haste)
                && let Some(pending) = self.muls.pop_front()
            {
                self.commit(pending)?;
                some = true;
            }
            if (forced_add || luck_add < self.haste)
                && let Some(pending) = self.adds.pop_front()
            {
                self.commit(pending)?;
                some = true;
            }
            if !some {
                return Ok(());
            }
        }
    }

    fn register(&self, r: u8) -> BigInt {
        self.registers[usize::from(r) % REGISTERS].clone()
    }

    /// The verdict, when the thread ends.
    fn step(&mut self) -> Result<Option<u8>, String> {
        let address = usize::from(self.pc);
        let word = *self.machine.program.words.get(address).ok_or("outside the program")?;
        let (instruction, waits) = Instruction::decode(word).ok_or("no instruction")?;
        self.arrive(waits.mul, waits.add)?;
        let part = self.machine.program.parts[address].clone();
        let counts = self.parts.entry(part).or_default();
        match instruction {
            Instruction::Mul { .. } => counts.muls += 1,
            Instruction::Add(add) => {
                counts.adds += 1;
                counts.inversions += u64::from(add.destination == Destination::Inverse);
            }
            Instruction::Control { .. } => counts.controls += 1,
        }
        self.pc += 1;
        match instruction {
            Instruction::Mul { .. } => {
                let pending = self.issue(instruction)?;
                self.muls.push_back(pending);
            }
            Instruction::Add(_) => {
                let pending = self.issue(instruction)?;
                self.adds.push_back(pending);
            }
            Instruction::Control { op, target, argument } => {
                return self.control(op, target, argument);
            }
        }
        Ok(None)
    }

    /// Some `Lazy` number with the residue of x.
    fn lazy(&mut self, x: &BigInt) -> BigInt {
        let p = &self.machine.primes[self.curve].0;
        let mut value = modulo(x, p);
        let room: BigInt = ((BigInt::from(1) << 257u32) - 1 - &value) / p;
        let most = room.iter_u64_digits().next().unwrap_or(0);
        value += p * (self.random() % (most + 1));
        let below = &value - p;
        let p = &self.machine.primes[self.curve].0;
        let least: BigInt = -(BigInt::from(1) << 240u32);
        // A negative one exists for the largest residues only.
        let negative: BigInt = modulo(x, p) - p;
        if negative > least && below < value && self.random().is_multiple_of(2) {
            negative
        } else {
            value
        }
    }

    fn product(&mut self, a: &BigInt, b: &BigInt, kind: Kind) -> Result<BigInt, String> {
        check_lazy(a)?;
        check_lazy(b)?;
        let word = BigInt::from(1) << 256u32;
        let product = a * b;
        Ok(match kind {
            Kind::Field => {
                let factor = &self.machine.primes[self.curve].1;
                let product = product * factor;
                self.lazy(&product)
            }
            Kind::Low => modulo(&product, &word),
            Kind::High => {
                let low = modulo(&product, &word);
                wide((product - low) >> 256u32)?
            }
        })
    }

    fn add(&mut self, add: &Add) -> Result<Completed, String> {
        let x = match add.source {
            Source::Register => self.register(add.x),
            Source::Indexed => self.register(add.x + self.index),
            Source::Constant => self.machine.constants[usize::from(add.x)].clone(),
            Source::Table => {
                let table = self.machine.tables.get(usize::from(add.x)).ok_or("no such table")?;
                let coordinate = usize::from(add.y & 3);
                integer(table[usize::from(self.index)].get(coordinate).ok_or("no coordinate")?)
            }
            Source::Input => {
                integer(self.job.inputs.get(usize::from(add.x)).ok_or("no such field")?)
            }
            Source::Inverse => self.inverse.clone(),
            Source::Zero => BigInt::ZERO,
        };
        match add.destination {
            Destination::Naf(list) => {
                self.recode(usize::from(list), add.y & 3, x)?;
                return Ok((Arrival::Nothing, None));
            }
            Destination::Inverse => {
                let m = self.register(add.y);
                canonical(&x, &(BigInt::from(1) << 256u32))?;
                canonical(&m, &(BigInt::from(1) << 256u32))?;
                self.inverse = x.modpow(&(&m - 2), &m);
                return Ok((Arrival::Nothing, None));
            }
            _ => {}
        }
        let y = if add.reads_y() { self.register(add.y) } else { BigInt::ZERO };
        if add.fold {
            check_lazy(&x)?;
            check_lazy(&y)?;
        }
        let (x, y) = (x << add.sx, y << add.sy);
        let sum = match add.func {
            Func::Sum => x + y,
            Func::Difference => x - y,
            Func::Copy => x,
            Func::Negative => -x,
            Func::Signed => {
                if self.sign {
                    -x
                } else {
                    x
                }
            }
        };
        let (value, flags) = if add.fold {
            (self.lazy(&sum), None)
        } else {
            let sum = wide(sum)?;
            let flags = [sum == BigInt::ZERO, sum.sign() == Sign::Minus, sum.bit(0)];
            (sum, Some(flags))
        };
        let result = match add.destination {
            Destination::Register(d) => Arrival::Register(d, value),
            Destination::Output(field) => {
                canonical(&value, &(BigInt::from(1) << 256u32))?;
                let mut digits = value.iter_u64_digits();
                Arrival::Output(field.into(), [(); 4].map(|()| digits.next().unwrap_or(0)))
            }
            _ => Arrival::Nothing,
        };
        Ok((result, flags))
    }

    fn recode(&mut self, list: usize, mode: u8, x: BigInt) -> Result<(), String> {
        let half = BigInt::from(1) << 128u32;
        let mut scalar = match mode {
            0 => modulo(&x, &half),
            1 => modulo(&(x >> 128u32), &half),
            _ => x,
        };
        let width = if list < 2 { 8 } else { 5 };
        let mut digits = Vec::new();
        let mut position = 0;
        while scalar != BigInt::ZERO {
            let mut skip = 1;
            if scalar.bit(0) {
                let modulus = BigInt::from(1) << width;
                let residue =
                    modulo(&scalar, &modulus).iter_u64_digits().next().unwrap_or(0) as i64;
                let digit =
                    if residue >= 1 << (width - 1) { residue - (1 << width) } else { residue };
                scalar -= digit;
                digits.push((position, digit < 0, ((digit.abs() - 1) / 2) as u8));
                skip = width;
            }
            scalar >>= skip;
            position += skip;
        }
        let room = if list == 2 { 64 } else { 32 };
        if digits.len() > room || (list == 3 && self.lists[2].len() > 32) {
            return Err(format!("{} digits in list {list}", digits.len()));
        }
        self.lists[list] = digits;
        Ok(())
    }

    fn control(&mut self, op: Op, target: u16, argument: u8) -> Result<Option<u8>, String> {
        let [zero, negative, odd] = self.flags;
        let flag = self.job.flags >> (argument & 7) & 1 == 1;
        let jump = match op {
            Op::Jump => true,
            Op::JumpZero => zero,
            Op::JumpNotZero => !zero,
            Op::JumpNegative => negative,
            Op::JumpNotNegative => !negative,
            Op::JumpOdd => odd,
            Op::JumpEven => !odd,
            Op::JumpFlag => flag,
            Op::JumpNotFlag => !flag,
            Op::Loop => {
                self.position -= 1;
                self.position >= 0
            }
            Op::Digit => {
                let list = &mut self.lists[usize::from(argument & 3)];
                match list.last() {
                    Some(&(position, sign, index)) if position == self.position => {
                        list.pop();
                        (self.sign, self.index) = (sign, index);
                        false
                    }
                    Some(&(position, ..)) if position > self.position => {
                        return Err(format!("the digit at {position} was not taken"));
                    }
                    _ => true,
                }
            }
            Op::SetPosition => {
                self.position = target.into();
                false
            }
            Op::Curve => {
                self.curve = usize::from(argument & 3);
                false
            }
            Op::ResetLists => {
                self.lists = Default::default();
                false
            }
            Op::WaitInverse => false,
            Op::Verdict => return Ok(Some((target & 0xFF) as u8)),
        };
        if jump {
            self.pc = target;
        }
        Ok(None)
    }
}

fn check_lazy(x: &BigInt) -> Result<(), String> {
    let (least, most): (BigInt, BigInt) = (-(BigInt::from(1) << 240u32), BigInt::from(1) << 257u32);
    if *x > least && *x < most { Ok(()) } else { Err(format!("{x:x} is not Lazy")) }
}

fn wide(x: BigInt) -> Result<BigInt, String> {
    let bound: BigInt = BigInt::from(1) << 257u32;
    if x >= -bound.clone() && x < bound { Ok(x) } else { Err(format!("{x:x} is not Wide")) }
}

fn canonical(x: &BigInt, below: &BigInt) -> Result<(), String> {
    if x.sign() != Sign::Minus && x < below {
        Ok(())
    } else {
        Err(format!("{x:x} is not canonical"))
    }
}
