//! The verification engine under Verilator: signatures in, verdicts, keys and cycles out.

use crate::SimError;
use crate::verilator::{Model, PortId};
use chaincard_hdl::emit;
use chaincard_hdl::verify::engine::{Config, Firmware};
use chaincard_hdl::verify::{Engine, Job};
use chaincard_reference::cases::{self, Expected};
use chaincard_reference::params::Limbs;
use chaincard_reference::verify::{Key, Profile, Verdict};
use std::collections::VecDeque;

/// Threads of an engine.
pub const THREADS: usize = 8;

/// Most cycles of a job while the others run too.
const LIMIT: u64 = 2_000_000;

/// An instruction that issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Cycle, from 0.
    pub cycle: u64,
    /// Thread, below [`THREADS`].
    pub thread: u8,
    /// Its address in the program.
    pub address: u16,
}

/// A thread has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Place of the job in the list.
    pub job: usize,
    /// Thread, below [`THREADS`].
    pub thread: usize,
    /// Code of the verdict.
    pub verdict: u8,
}

/// What a job takes while all threads are full.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Cycles.
    pub cycles: f64,
    /// Share of the multiplier's slots that have a product, 0.0 … 1.0.
    pub busy: f64,
    /// Products, sums and control instructions.
    pub issued: [f64; 3],
}

/// An engine.
pub struct Machine {
    model: Model,
    ports: Ports,
    busy: u64,
    issued: [u64; 3],
    issued_at: Vec<u64>,
    issues: VecDeque<Issue>,
    kept: usize,
}

impl Machine {
    /// The engine with this firmware. Of the instructions that issue the last `kept` are kept.
    ///
    /// # Errors
    /// [`SimError::VerilatorNotFound`] and whatever building says.
    pub fn new(firmware: &Firmware, kept: usize) -> Result<Self, SimError> {
        let verilog = emit::verilog(&mut Engine::new(firmware, Config::default()), "engine");
        let model = Model::new(&verilog, "engine")?;
        let ports = Ports::of(&model)?;
        let issued_at = vec![0; Firmware::PROGRAM_WORDS];
        let issues = VecDeque::new();
        Ok(Self { model, ports, busy: 0, issued: [0; 3], issued_at, issues, kept })
    }

    /// Cycles so far.
    pub fn cycle(&self) -> u64 {
        self.model.cycle()
    }

    /// The last instructions that issued, in order.
    pub fn issues(&self) -> impl Iterator<Item = Issue> {
        self.issues.iter().copied()
    }

    /// How often each address of the program has issued.
    pub fn issued_at(&self) -> &[u64] {
        &self.issued_at
    }

    fn step(&mut self) {
        self.model.eval();
        let get = |port| self.model.get(port);
        self.busy += get(self.ports.multiplier_busy);
        if get(self.ports.trace_valid) == 1 {
            self.issued[get(self.ports.trace_class).min(2) as usize] += 1;
            let (thread, address) = (get(self.ports.trace_thread), get(self.ports.trace_address));
            self.issued_at[address as usize] += 1;
            if self.issues.len() >= self.kept {
                self.issues.pop_front();
            }
            if self.kept > 0 {
                let (thread, address) = (thread as u8, address as u16);
                self.issues.push_back(Issue { cycle: self.model.cycle(), thread, address });
            }
        }
        self.model.run(self.ports.clock, 1);
    }

    fn begin(&mut self, thread: usize, job: &Job) {
        self.model.set(self.ports.load_thread, thread as u64);
        self.model.set(self.ports.load, 1);
        for (field, number) in job.inputs.iter().enumerate() {
            self.model.set(self.ports.load_field, field as u64);
            for digit in 0..16 {
                self.model.set(self.ports.load_digit, digit as u64);
                let data = number[digit / 4] >> (16 * (digit % 4)) & 0xFFFF;
                self.model.set(self.ports.load_data, data);
                self.step();
            }
        }
        self.model.set(self.ports.load, 0);
        self.model.set(self.ports.start_program, job.program.into());
        self.model.set(self.ports.start_flags, job.flags.into());
        self.model.set(self.ports.start, 1);
        self.step();
        self.model.set(self.ports.start, 0);
    }

    fn verdict(&mut self, thread: usize) -> Option<u8> {
        self.model.set(self.ports.answer_thread, thread as u64);
        self.step();
        self.model.eval();
        let done = self.model.get(self.ports.answer_done) == 1;
        done.then(|| self.model.get(self.ports.answer_verdict) as u8)
    }

    /// Output field 0 (x) or 1 (y) of the thread whose answer has just come.
    pub fn output(&mut self, field: u64) -> Limbs {
        let mut number = Limbs::default();
        self.model.set(self.ports.answer_field, field);
        for digit in 0..16 {
            self.model.set(self.ports.answer_digit, digit as u64);
            for _ in 0..3 {
                self.step();
            }
            number[digit / 4] |= self.model.get(self.ports.answer_data) << (16 * (digit % 4));
        }
        number
    }

    /// Runs the jobs until all are answered or cycle `end` has come, with as many threads full
    /// as there are jobs for; `answered` hears each answer. The share is measured between the
    /// start of the last job and that of the second one on the last thread: `None` of too few.
    ///
    /// # Errors
    /// [`SimError::NoVerdict`] when a job does not end.
    pub fn run(
        &mut self,
        jobs: &[Job],
        end: u64,
        mut answered: impl FnMut(&mut Self, Answer),
    ) -> Result<Option<Share>, SimError> {
        let mut running: [Option<(usize, u64)>; THREADS] = [None; THREADS];
        let (mut next, mut done) = (0, 0);
        let (mut window, mut share) = (None, None);
        while done < jobs.len() && self.cycle() < end {
            for (thread, slot) in running.iter_mut().enumerate() {
                if let Some((job, since)) = *slot {
                    if self.cycle() - since >= LIMIT {
                        return Err(SimError::NoVerdict { job, cycles: LIMIT });
                    }
                    let Some(verdict) = self.verdict(thread) else { continue };
                    answered(self, Answer { job, thread, verdict });
                    *slot = None;
                    done += 1;
                }
                let Some(job) = jobs.get(next) else { continue };
                self.begin(thread, job);
                *slot = Some((next, self.cycle()));
                next += 1;
                let now = (next, self.cycle(), self.busy, self.issued);
                if next == 2 * THREADS {
                    window = Some(now);
                }
                share = window.and_then(|first| Share::between(first, now)).or(share);
            }
        }
        Ok(share)
    }
}

/// What figures are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Name in the tables.
    pub name: &'static str,
    /// Whose rules apply.
    pub profile: Profile,
    /// Keys are recovered.
    pub recovers: bool,
}

impl Measured {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::verification("secp256k1", Profile::Bitcoin),
        Self { name: "secp256k1, recovery", profile: Profile::Ethereum, recovers: true },
        Self::verification("SM2", Profile::Gm),
        Self::verification("P-256", Profile::Fips186),
        Self::verification("Ed25519, rfc8032", Profile::Rfc8032),
        Self::verification("Ed25519, zip215", Profile::Zip215),
        Self::verification("Ed25519, strict", Profile::Strict),
    ];

    const fn verification(name: &'static str, profile: Profile) -> Self {
        Self { name, profile, recovers: false }
    }
}

/// `count` random valid signatures to verify, or to recover keys from, with keys of two coordinates
/// where there are such; the same for the same seed.
pub fn valid_cases(profile: Profile, recovers: bool, seed: u64, count: usize) -> Vec<Expected> {
    // About half of the cases are valid, and some keys are compressed.
    let mut valid = match recovers {
        true => cases::random_recovery(profile, seed, 2 * count),
        false => cases::random(profile, seed, 12 * count.max(5)),
    };
    valid.retain(|case| {
        case.verdict == Verdict::Valid && !matches!(case.case.key, Key::Compressed { .. })
    });
    valid.truncate(count);
    valid
}

/// Jobs, cycles, cycles with a product, instructions of each class.
type Counts = (usize, u64, u64, [u64; 3]);

impl Share {
    fn between(from: Counts, to: Counts) -> Option<Self> {
        let (jobs, cycles) = ((to.0 - from.0) as f64, (to.1 - from.1) as f64);
        (to.0 > from.0).then(|| Self {
            cycles: cycles / jobs,
            busy: (to.2 - from.2) as f64 / cycles,
            issued: [0, 1, 2].map(|class| (to.3[class] - from.3[class]) as f64 / jobs),
        })
    }
}

/// Declares the ports that are used, by their names.
macro_rules! ports {
    ($($name:ident),*) => {
        struct Ports { $($name: PortId),* }

        impl Ports {
            fn of(model: &Model) -> Result<Self, SimError> {
                Ok(Self { $($name: model.port(stringify!($name))?),* })
            }
        }
    };
}

ports!(
    clock,
    load,
    load_thread,
    load_field,
    load_digit,
    load_data,
    start,
    start_program,
    start_flags,
    answer_thread,
    answer_done,
    answer_verdict,
    answer_field,
    answer_digit,
    answer_data,
    trace_valid,
    trace_thread,
    trace_address,
    trace_class,
    multiplier_busy
);
