//! The trace of an engine is a walk through its program.

use chaincard::Scheme;
use chaincard_hdl::verify::engine::Firmware;
use chaincard_hdl::verify::isa::{Instruction, Op};
use chaincard_reference::verify::Verdict;
use chaincard_sim::engine::THREADS;
use chaincard_sim::trace::{self, Line, Trace};

const ALL: std::ops::Range<u64> = 0..u64::MAX;

fn decoded(word: u64) -> Instruction {
    Instruction::decode(word).expect("an instruction").0
}

/// Addresses that may follow this one; none behind the end of a thread.
fn successors(program: &[u64], address: u16) -> Vec<u16> {
    match decoded(program[usize::from(address)]) {
        Instruction::Control { op: Op::Jump, target, .. } => vec![target],
        Instruction::Control { op: Op::Verdict, .. } => vec![],
        Instruction::Control {
            op: Op::SetPosition | Op::Curve | Op::WaitInverse | Op::ResetLists,
            ..
        } => vec![address + 1],
        Instruction::Control { target, .. } => vec![address + 1, target],
        _ => vec![address + 1],
    }
}

/// Each thread begins at the entry, only goes where its program does, and ends with a verdict.
fn check(trace: &Trace, firmware: &Firmware, entry: u16) {
    let program = firmware.program();
    assert!(trace.verdicts.iter().all(|&verdict| verdict == Some(Verdict::Valid as u8)));
    assert!(trace.lines.is_sorted_by_key(|line| line.cycle));
    for thread in 0..trace.verdicts.len() as u8 {
        let lines: Vec<&Line> = trace.lines.iter().filter(|line| line.thread == thread).collect();
        assert_eq!(lines[0].address, entry, "thread {thread}");
        for pair in lines.windows(2) {
            let next = successors(program, pair[0].address);
            assert!(next.contains(&pair[1].address), "{}\n{}", pair[0], pair[1]);
        }
        for line in &lines {
            let word = program[usize::from(line.address)];
            assert_eq!(line.instruction, decoded(word).to_string());
        }
        let last = lines.last().expect("lines");
        assert!(successors(program, last.address).is_empty(), "{last}");
        assert_eq!(last.instruction, format!("verdict {}", Verdict::Valid as u8));
    }
}

#[test]
fn secp256k1_from_its_first_instruction() {
    let trace = trace::record(&trace::signatures(Scheme::Secp256k1, THREADS), ALL).unwrap();
    let firmware = Firmware::standard();
    check(&trace, &firmware, 0);
    // As far as the way does not depend on numbers.
    let program = firmware.program();
    let mut way = vec![0];
    while let [next] = successors(program, way[way.len() - 1])[..] {
        way.push(next);
    }
    assert!(way.len() > 5, "{way:?}");
    for thread in 0..THREADS as u8 {
        let lines = trace.lines.iter().filter(|line| line.thread == thread);
        let first: Vec<u16> = lines.take(way.len()).map(|line| line.address).collect();
        assert_eq!(first, way, "thread {thread}");
    }
    let entry = trace.lines.iter().find(|line| line.address == way[1]).expect("it issued");
    assert_eq!(entry.label.as_deref(), Some("verify_secp256k1"), "{entry:?}");
    for part in ["table", "doublings", "additions_of_key", "end"] {
        assert!(trace.lines.iter().any(|line| line.part == part), "{part}");
    }
}

#[test]
fn other_programs() {
    for (scheme, entry) in [(Scheme::Sm2, 1), (Scheme::P256, 3)] {
        let trace = trace::record(&trace::signatures(scheme, 2), ALL).unwrap();
        check(&trace, &Firmware::standard(), entry);
    }
    let trace = trace::record(&trace::signatures(Scheme::Ed25519, 1), ALL).unwrap();
    check(&trace, &Firmware::standard(), 2);
    check(&trace::record(&trace::recoveries(1), ALL).unwrap(), &Firmware::standard(), 4);
}

#[test]
fn a_window_of_cycles() {
    let cases = trace::signatures(Scheme::Sm2, 3);
    let (all, part) = (trace::record(&cases, ALL).unwrap(), trace::record(&cases, 900..1500));
    let part = part.unwrap();
    let inside = all.lines.iter().filter(|line| (900..1500).contains(&line.cycle));
    assert!(part.lines.len() > 30);
    assert!(part.lines.iter().eq(inside));
    // It ends with the window.
    assert!(part.cycles < 2000 && part.verdicts == [None; 3], "{}", part.cycles);
    assert_eq!(trace::record(&[], ALL).unwrap().lines, []);
}
