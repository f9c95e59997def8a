//! Steps an engine natively: jobs in, verdicts and output fields out.

use chaincard_hdl::field::{Func, Kind};
use chaincard_hdl::verify::Engine;
use chaincard_hdl::verify::engine::{Config, Firmware, Number};
use chaincard_hdl::verify::isa::{Add, Destination, Instruction, Op, Source, Waits};
use rust_hdl::prelude::*;

/// Waits for everything.
pub(crate) const ALL: Waits = Waits { mul: 0, add: 0 };

/// An instruction that issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Issue {
    pub(crate) cycle: u64,
    pub(crate) thread: u64,
    pub(crate) address: u64,
}

pub(crate) struct Bench {
    engine: Box<Engine>,
    program: Vec<u64>,
    pub(crate) cycle: u64,
    pub(crate) trace: Vec<Issue>,
    /// Cycles in which the multiplier had a product.
    pub(crate) busy: u64,
}

impl Bench {
    pub(crate) fn new(firmware: &Firmware, program: &[u64]) -> Self {
        let mut engine = Box::new(Engine::new(firmware, Config::default()));
        engine.connect_all();
        let program = program.to_vec();
        Self { engine, program, cycle: 0, trace: vec![], busy: 0 }
    }

    /// With this program alone.
    pub(crate) fn with(program: &[u64]) -> Self {
        Self::new(&Firmware::new(program, &[], &[]), program)
    }

    fn settle(&mut self) {
        assert!(simulate(&mut *self.engine, 200), "the logic settles");
    }

    pub(crate) fn step(&mut self) {
        self.engine.clock.next = Clock::from(false);
        self.settle();
        if self.engine.trace_valid.val() {
            let issue = Issue {
                cycle: self.cycle,
                thread: self.engine.trace_thread.val().to_u64(),
                address: self.engine.trace_address.val().to_u64(),
            };
            self.trace.push(issue);
        }
        self.busy += u64::from(self.engine.multiplier_busy.val());
        self.engine.clock.next = Clock::from(true);
        self.settle();
        self.cycle += 1;
    }

    pub(crate) fn load(&mut self, thread: u64, field: u64, number: Number) {
        for (index, digit) in number.into_iter().enumerate() {
            self.engine.load.next = true;
            self.engine.load_thread.next = thread.into();
            self.engine.load_field.next = field.into();
            self.engine.load_digit.next = (index as u64).into();
            self.engine.load_data.next = u64::from(digit).into();
            self.step();
        }
        self.engine.load.next = false;
    }

    pub(crate) fn start(&mut self, thread: u64, program: u64, flags: u64) {
        self.engine.start.next = true;
        self.engine.load_thread.next = thread.into();
        self.engine.start_program.next = program.into();
        self.engine.start_flags.next = flags.into();
        self.step();
        self.engine.start.next = false;
        for _ in 0..16 {
            self.step();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.engine.clear.next = true;
        self.step();
        self.engine.clear.next = false;
        for _ in 0..33 {
            self.step();
        }
    }

    /// Whether the thread has ended, and its verdict.
    pub(crate) fn answer(&mut self, thread: u64) -> Option<u64> {
        self.engine.answer_thread.next = thread.into();
        self.step();
        self.step();
        self.engine.answer_done.val().then(|| self.engine.answer_verdict.val().to_u64())
    }

    /// Steps until the thread has ended; gives its verdict.
    pub(crate) fn verdict(&mut self, thread: u64, limit: u64) -> u64 {
        let end = self.cycle + limit;
        while self.cycle < end {
            if let Some(verdict) = self.answer(thread) {
                return verdict;
            }
        }
        panic!("thread {thread} has not ended after {limit} cycles\n{}", self.listing())
    }

    pub(crate) fn output(&mut self, thread: u64, field: u64) -> Number {
        let mut number = Number::default();
        for (index, digit) in number.iter_mut().enumerate() {
            self.engine.answer_thread.next = thread.into();
            self.engine.answer_field.next = field == 1;
            self.engine.answer_digit.next = (index as u64).into();
            for _ in 0..3 {
                self.step();
            }
            *digit = self.engine.answer_data.val().to_u64() as u16;
        }
        number
    }

    /// What issued, one line each: cycle, thread, instruction.
    pub(crate) fn listing(&self) -> String {
        self.trace
            .iter()
            .map(|issue| {
                let word = self.program.get(issue.address as usize).copied().unwrap_or(0);
                let text = Instruction::decode(word).map_or_else(
                    || format!("{word:09x}"),
                    |(instruction, _)| instruction.to_string(),
                );
                format!("{:6} thread {} {:4} {text}\n", issue.cycle, issue.thread, issue.address)
            })
            .collect()
    }

    /// Runs one thread from address 0.
    pub(crate) fn run(&mut self, thread: u64, flags: u64) -> u64 {
        self.start(thread, 0, flags);
        self.verdict(thread, 20_000)
    }
}

/// An ADD of registers without shifts or reduction.
pub(crate) fn sum(d: u8, x: u8, y: u8) -> Add {
    Add {
        destination: Destination::Register(d),
        source: Source::Register,
        x,
        y,
        sx: 0,
        sy: 0,
        func: Func::Sum,
        fold: false,
    }
}

/// A copy of an input field.
pub(crate) fn input(d: u8, field: u8) -> u64 {
    let add = Add { source: Source::Input, func: Func::Copy, ..sum(d, field, 0) };
    Instruction::Add(add).encode(ALL)
}

/// A copy of a register to an output field.
pub(crate) fn output(field: u8, x: u8) -> u64 {
    let destination = Destination::Output(field);
    Instruction::Add(Add { destination, func: Func::Copy, ..sum(0, x, 0) }).encode(ALL)
}

pub(crate) fn add(add: Add) -> u64 {
    Instruction::Add(add).encode(ALL)
}

pub(crate) fn mul(d: u8, a: u8, b: u8, kind: Kind) -> u64 {
    Instruction::Mul { d, a, b, kind }.encode(ALL)
}

pub(crate) fn control(op: Op, target: u16, argument: u8) -> u64 {
    Instruction::Control { op, target, argument }.encode(ALL)
}

pub(crate) fn verdict(code: u16) -> u64 {
    control(Op::Verdict, code, 0)
}

/// Digits that differ from each other.
pub(crate) fn number(seed: u64) -> Number {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::array::from_fn(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u16
    })
}
