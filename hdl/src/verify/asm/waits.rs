//! Waits of the instructions, from the dependences between them.
//!
//! For each register the analysis keeps the least number of products (linear combinations) that
//! may have been issued since the one that writes it, or that its result is there. An
//! instruction that uses the register waits until no more than that are outstanding, which also
//! completes everything older. Where ways meet, the lesser number holds; the numbers of loops are
//! found by iteration.
//!
//! A result may not overtake an older one of the other unit for the same register, so writes wait
//! like reads. Nor may it overtake an operation of the other unit that waits in its queue and has
//! still to read the register: a write waits for it to be complete. Operations of one unit read
//! and write in the order in which they are issued.

use super::Line;
use crate::verify::isa::{Destination, ENTRIES, Instruction, Op, REGISTERS, Source, Waits};

/// The result is there.
const DONE: u8 = u8::MAX;

/// More than can be waited for.
const FAR: u8 = 2;

/// Places that a linear combination writes, beyond the registers.
const FLAGS: usize = REGISTERS;
const LISTS: usize = REGISTERS + 1;
const INVERSE: usize = REGISTERS + 2;
const PLACES: usize = REGISTERS + 3;

#[derive(Clone, PartialEq)]
struct State {
    mul: [u8; PLACES],
    add: [u8; PLACES],
    /// The same since the product, or the linear combination, that reads the place.
    mul_reads: [u8; PLACES],
    add_reads: [u8; PLACES],
}

impl State {
    fn start() -> Self {
        let none = [DONE; PLACES];
        Self { mul: none, add: none, mul_reads: none, add_reads: none }
    }

    /// What is certain whichever way was taken; whether that changed `self`.
    fn meet(&mut self, other: &Self) -> bool {
        let before = self.clone();
        let pairs = [
            (&mut self.mul, &other.mul),
            (&mut self.add, &other.add),
            (&mut self.mul_reads, &other.mul_reads),
            (&mut self.add_reads, &other.add_reads),
        ];
        for (own, others) in pairs {
            own.iter_mut().zip(others).for_each(|(own, &other)| *own = (*own).min(other));
        }
        *self != before
    }

    fn after(&mut self, line: &Line, waits: Waits) {
        let waited = [
            (&mut self.mul, waits.mul),
            (&mut self.mul_reads, waits.mul),
            (&mut self.add, waits.add),
            (&mut self.add_reads, waits.add),
        ];
        for (since, wait) in waited {
            if wait < 3 {
                since.iter_mut().filter(|since| **since >= wait).for_each(|since| *since = DONE);
            }
        }
        let issue = |since: &mut [u8; PLACES], place: &[usize]| {
            for since in since.iter_mut().filter(|since| **since != DONE) {
                *since = (*since + 1).min(FAR);
            }
            place.iter().for_each(|&place| since[place] = 0);
        };
        match line.instruction {
            Instruction::Mul { d, .. } => {
                issue(&mut self.mul, &[d.into()]);
                issue(&mut self.mul_reads, &reads(line));
            }
            Instruction::Add(_) => {
                issue(&mut self.add, &add_places(line));
                issue(&mut self.add_reads, &reads(line));
            }
            Instruction::Control { .. } => {}
        }
    }
}

/// What a linear combination writes.
fn add_places(line: &Line) -> Vec<usize> {
    let Instruction::Add(add) = line.instruction else { return Vec::new() };
    let mut places = match add.destination {
        Destination::Register(d) => vec![d.into()],
        Destination::Naf(_) => vec![LISTS],
        Destination::Inverse => vec![INVERSE],
        Destination::Output(_) | Destination::Flags => Vec::new(),
    };
    if !add.fold {
        places.push(FLAGS);
    }
    places
}

/// What an instruction reads.
fn reads(line: &Line) -> Vec<usize> {
    match line.instruction {
        Instruction::Mul { a, b, .. } => vec![a.into(), b.into()],
        Instruction::Add(add) => {
            let mut places = Vec::new();
            match add.source {
                Source::Register => places.push(add.x.into()),
                Source::Indexed => {
                    let (first, size) = line.indexed;
                    places.extend((first..first + size).map(usize::from));
                }
                _ => {}
            }
            if add.reads_y() {
                places.push(add.y.into());
            }
            places
        }
        Instruction::Control { op, .. } => match op {
            op if op.reads_flags() => vec![FLAGS],
            Op::Digit | Op::ResetLists => vec![LISTS],
            Op::WaitInverse => vec![INVERSE],
            _ => Vec::new(),
        },
    }
}

fn waits_in(line: &Line, state: &State) -> Waits {
    let least = |since: &[u8; PLACES], places: &[usize]| {
        places.iter().map(|&place| since[place]).min().filter(|&n| n != DONE).unwrap_or(3)
    };
    let reads = reads(line);
    let mut waits = Waits { mul: least(&state.mul, &reads), add: least(&state.add, &reads) };
    match line.instruction {
        Instruction::Mul { d, .. } => {
            let d = [d.into()];
            waits.add = waits.add.min(least(&state.add, &d)).min(least(&state.add_reads, &d));
        }
        Instruction::Add(_) => {
            let places = add_places(line);
            let read = least(&state.mul_reads, &places);
            waits.mul = waits.mul.min(least(&state.mul, &places)).min(read);
        }
        Instruction::Control { op: Op::Verdict | Op::Curve, .. } => {
            waits = Waits { mul: 0, add: 0 };
        }
        Instruction::Control { .. } => {}
    }
    waits
}

/// The waits of each line.
pub(super) fn waits(lines: &[Line]) -> Vec<Waits> {
    let mut states: Vec<Option<State>> = vec![None; lines.len()];
    let mut todo = Vec::new();
    // The first instructions are where threads begin.
    for (entry, state) in states.iter_mut().enumerate().take(ENTRIES.len()) {
        *state = Some(State::start());
        todo.push(entry);
    }
    while let Some(at) = todo.pop() {
        let Some(mut state) = states[at].clone() else { continue };
        let line = &lines[at];
        let waits = waits_in(line, &state);
        state.after(line, waits);
        let mut next = Vec::new();
        match line.instruction {
            Instruction::Control { op, target, .. } => {
                if op.jumps() {
                    next.push(usize::from(target));
                }
                if op.falls_through() {
                    next.push(at + 1);
                }
            }
            _ => next.push(at + 1),
        }
        for next in next.into_iter().filter(|&next| next < lines.len()) {
            let changed = match &mut states[next] {
                Some(known) => known.meet(&state),
                none => {
                    *none = Some(state.clone());
                    true
                }
            };
            if changed {
                todo.push(next);
            }
        }
    }
    let nothing = Waits { mul: 0, add: 0 };
    lines
        .iter()
        .zip(&states)
        .map(|(line, state)| state.as_ref().map_or(nothing, |state| waits_in(line, state)))
        .collect()
}
