//! Where operands come from and where results go.

use chaincard_hdl::field::Func;
use chaincard_hdl::verify::engine::{ENTRIES, Firmware, Number};
use chaincard_hdl::verify::isa::{Add, Destination, Op, Source};

use crate::bench::{Bench, add, control, input, number, output, sum, verdict};

#[test]
fn inputs_and_outputs_of_all_threads() {
    let program = [input(0, 1), input(63, 5), output(0, 0), output(1, 63), verdict(0)];
    let mut bench = Bench::with(&program);
    for thread in 0..8 {
        for field in 0..8 {
            bench.load(thread, field, number(8 * thread + field + 1));
        }
        bench.start(thread, 0, 0);
    }
    for thread in 0..8 {
        assert_eq!(bench.verdict(thread, 2000), 0);
        assert_eq!(bench.output(thread, 0), number(8 * thread + 2), "thread {thread}");
        assert_eq!(bench.output(thread, 1), number(8 * thread + 6), "thread {thread}");
    }
}

#[test]
fn constants_and_tables() {
    let constants: Vec<Number> = (0..64).map(|index| number(1000 + index)).collect();
    let coordinates: Vec<Vec<Number>> = (0..11)
        .map(|coordinate| {
            (0..ENTRIES as u64).map(|entry| number(2000 + 64 * coordinate + entry)).collect()
        })
        .collect();
    let copy = |source: Source, x: u8, y: u8, field: u8| {
        let destination = Destination::Output(field);
        add(Add { destination, source, func: Func::Copy, ..sum(0, x, y) })
    };
    for (table, coordinate) in [(0_u8, 0_u8), (0, 1), (3, 1), (4, 2)] {
        // The list of width 8 gives the index: 2·index + 1 at position 0.
        let program = [
            add(Add {
                destination: Destination::Naf(0),
                source: Source::Input,
                func: Func::Copy,
                ..sum(0, 0, 0)
            }),
            control(Op::SetPosition, 0, 0),
            control(Op::Digit, 6, 0),
            copy(Source::Constant, 37, 0, 0),
            copy(Source::Table, table, coordinate, 1),
            verdict(1),
            verdict(2),
        ];
        let mut bench = Bench::new(&Firmware::new(&program, &constants, &coordinates), &program);
        let mut scalar = [0; 16];
        scalar[0] = 2 * 45 + 1;
        bench.load(7, 0, scalar);
        assert_eq!(bench.run(7, 0), 1);
        assert_eq!(bench.output(7, 0), constants[37]);
        let unit = usize::from(2 * table + coordinate);
        assert_eq!(bench.output(7, 1), coordinates[unit][45], "table {table}.{coordinate}");
    }
}

#[test]
fn indexed_registers() {
    let program = [
        input(20, 0),
        input(27, 1),
        add(Add {
            destination: Destination::Naf(2),
            source: Source::Input,
            func: Func::Copy,
            ..sum(0, 2, 0)
        }),
        control(Op::SetPosition, 3, 0),
        control(Op::Digit, 8, 2),
        add(Add { source: Source::Indexed, func: Func::Copy, ..sum(1, 20, 0) }),
        output(0, 1),
        verdict(1),
        verdict(2),
    ];
    let mut bench = Bench::with(&program);
    bench.load(0, 0, number(1));
    bench.load(0, 1, number(2));
    let mut scalar = [0; 16];
    // 15 is a digit of width 5, index 7.
    scalar[0] = 15 << 3;
    bench.load(0, 2, scalar);
    assert_eq!(bench.run(0, 0), 1);
    assert_eq!(bench.output(0, 0), number(2));
    // 1: index 0.
    scalar[0] = 1 << 3;
    bench.load(0, 2, scalar);
    assert_eq!(bench.run(0, 0), 1);
    assert_eq!(bench.output(0, 0), number(1));
}
