//! Jumps, flags of jobs, loops, digits of scalars, verdicts.

use chaincard_hdl::field::Func;
use chaincard_hdl::verify::isa::{Add, Destination, Op, Source};

use crate::bench::{Bench, add, control, number, sum, verdict};

#[test]
fn verdicts_of_all_threads() {
    let program: Vec<u64> = (0..8).map(|code| verdict(0x90 + code)).collect();
    let mut bench = Bench::with(&program);
    for thread in 0..8 {
        bench.start(thread, 7 - thread, 0);
    }
    for thread in 0..8 {
        assert_eq!(bench.verdict(thread, 200), 0x97 - thread);
    }
}

#[test]
fn an_answer_stays_until_the_next_start() {
    let mut bench = Bench::with(&[verdict(1), control(Op::Jump, 1, 0)]);
    assert_eq!(bench.run(3, 0), 1);
    assert_eq!(bench.answer(3), Some(1));
    assert_eq!(bench.answer(2), None);
    bench.start(3, 1, 0);
    for _ in 0..40 {
        assert_eq!(bench.answer(3), None);
    }
    bench.clear();
    assert_eq!(bench.run(3, 0), 1);
}

#[test]
fn job_flags() {
    for flag in 0..8_u8 {
        let program = [
            control(Op::JumpFlag, 2, flag),
            verdict(1),
            control(Op::JumpNotFlag, 4, flag),
            verdict(2),
            verdict(3),
        ];
        let mut bench = Bench::with(&program);
        assert_eq!(bench.run(5, 1 << flag), 2);
        assert_eq!(bench.run(5, !(1 << flag) & 0xFF), 1);
    }
}

#[test]
fn loops_count_down() {
    let program = [control(Op::SetPosition, 300, 0), control(Op::Loop, 1, 0), verdict(7)];
    let mut bench = Bench::with(&program);
    assert_eq!(bench.run(6, 0), 7);
    let passes = bench.trace.iter().filter(|issue| issue.address == 1).count();
    assert_eq!(passes, 301);
    // One instruction each 16 cycles.
    let cycles: Vec<u64> = bench.trace.iter().map(|issue| issue.cycle).collect();
    assert!(cycles.windows(2).all(|pair| pair[1] - pair[0] == 16), "{}", bench.listing());
}

fn naf(list: u8, field: u8, mode: u8) -> u64 {
    add(Add {
        destination: Destination::Naf(list),
        source: Source::Input,
        func: Func::Copy,
        ..sum(0, field, mode)
    })
}

#[test]
fn digits_add_up_to_the_scalar() {
    // The trace shows at which positions there is a digit: two for 2^100 + 2^40.
    let program = [
        control(Op::ResetLists, 0, 0),
        naf(2, 0, 0),
        control(Op::SetPosition, 130, 0),
        control(Op::Digit, 5, 2),
        control(Op::Curve, 0, 1),
        control(Op::Loop, 3, 0),
        verdict(9),
    ];
    let mut bench = Bench::with(&program);
    let mut scalar = [0; 16];
    scalar[40 / 16] = 1 << (40 % 16);
    scalar[100 / 16] = 1 << (100 % 16);
    let threads = [1, 4, 5, 6];
    for thread in threads {
        bench.load(thread, 0, scalar);
    }
    for thread in threads {
        bench.start(thread, 0, 0);
    }
    for thread in threads {
        assert_eq!(bench.verdict(thread, 20_000), 9);
        let passes = bench.trace.iter().filter(|issue| issue.thread == thread);
        let mut position = 130;
        let mut positions = vec![];
        for issue in passes {
            match issue.address {
                4 => positions.push(position),
                5 => position -= 1,
                _ => {}
            }
        }
        assert_eq!(positions, [100, 40], "thread {thread}");
    }
}

#[test]
fn lists_are_emptied() {
    let program = [
        naf(2, 0, 0),
        control(Op::ResetLists, 0, 0),
        control(Op::SetPosition, 0, 0),
        control(Op::Digit, 5, 2),
        verdict(1),
        verdict(2),
    ];
    let mut bench = Bench::with(&program);
    bench.load(2, 0, number(1).map(|digit| digit | 1));
    assert_eq!(bench.run(2, 0), 2);
}
