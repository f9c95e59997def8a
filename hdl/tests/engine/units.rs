//! Products, sums, flags, inverses: waits, order, and many threads at once.

use chaincard_hdl::field::{Func, Kind};
use chaincard_hdl::verify::engine::{Firmware, Number};
use chaincard_hdl::verify::isa::{Add, Destination, Instruction, Op, Source, Waits};

use crate::bench::{ALL, Bench, add, control, input, mul, number, output, sum, verdict};

/// The exact product.
fn product(a: &Number, b: &Number) -> [u16; 32] {
    let mut digits = [0_u16; 32];
    for (i, &x) in a.iter().enumerate() {
        let mut carry = 0_u32;
        for (j, &y) in b.iter().enumerate() {
            let total = u32::from(digits[i + j]) + u32::from(x) * u32::from(y) + carry;
            digits[i + j] = total as u16;
            carry = total >> 16;
        }
        digits[i + 16] = carry as u16;
    }
    digits
}

#[test]
fn sums_shifts_and_flags() {
    // (4x + y) − x − x − x − x − y = 0.
    let program = [
        input(0, 0),
        input(1, 1),
        add(Add { sx: 2, ..sum(2, 0, 1) }),
        output(0, 2),
        add(Add { func: Func::Difference, sy: 2, ..sum(2, 2, 0) }),
        add(Add { destination: Destination::Flags, func: Func::Difference, ..sum(0, 2, 1) }),
        control(Op::JumpZero, 8, 0),
        verdict(1),
        add(Add { func: Func::Negative, ..sum(3, 2, 0) }),
        control(Op::JumpNotNegative, 12, 0),
        control(Op::JumpOdd, 13, 0),
        verdict(4),
        verdict(2),
        verdict(3),
    ];
    let mut bench = Bench::with(&program);
    let mut x = number(5);
    x[15] = 0x0123;
    let mut y = number(6);
    y[15] = 0;
    y[0] |= 1;
    bench.load(1, 0, x);
    bench.load(1, 1, y);
    assert_eq!(bench.run(1, 0), 3, "{}", bench.listing());
    let mut expected = [0; 16];
    let mut carry = 0_u32;
    for (index, digit) in expected.iter_mut().enumerate() {
        let total = 4 * u32::from(x[index]) + u32::from(y[index]) + carry;
        *digit = total as u16;
        carry = total >> 16;
    }
    assert_eq!(bench.output(1, 0), expected);
    y[0] &= !1;
    bench.load(1, 1, y);
    assert_eq!(bench.run(1, 0), 4);
}

#[test]
fn halves_of_products_of_all_threads() {
    let program = [
        input(0, 0),
        input(1, 1),
        mul(2, 0, 1, Kind::Low),
        mul(3, 0, 1, Kind::High),
        output(0, 2),
        output(1, 3),
        verdict(0),
    ];
    let mut bench = Bench::with(&program);
    for thread in 0..8 {
        bench.load(thread, 0, number(thread + 1));
        bench.load(thread, 1, number(thread + 100));
    }
    for thread in 0..8 {
        bench.start(thread, 0, 0);
    }
    for thread in 0..8 {
        assert_eq!(bench.verdict(thread, 5000), 0);
        let digits = product(&number(thread + 1), &number(thread + 100));
        assert_eq!(bench.output(thread, 0), digits[..16], "thread {thread}");
        assert_eq!(bench.output(thread, 1), digits[16..], "thread {thread}");
    }
}

/// Powers by a chain of dependent products, and sums that read a product as early as they may.
#[test]
fn dependent_operations_are_as_close_as_they_may_be() {
    let double = |d: u8, x: u8| Instruction::Add(Add { ..sum(d, x, x) });
    let square = |d: u8, a: u8| Instruction::Mul { d, a, b: a, kind: Kind::Low };
    let mut program = vec![input(0, 0)];
    for step in 0..6 {
        program.push(square(step + 1, step).encode(ALL));
        program.push(double(step + 1, step + 1).encode(Waits { mul: 0, add: 3 }));
        program.push(double(10, step + 1).encode(Waits { mul: 3, add: 0 }));
    }
    program.extend([output(0, 6), verdict(0)]);
    let mut bench = Bench::with(&program);
    let mut x = [0; 16];
    x[0] = 3;
    for thread in 0..8 {
        x[0] = 3 + 2 * thread as u16;
        bench.load(thread, 0, x);
        bench.start(thread, 0, 0);
    }
    for thread in 0..8 {
        assert_eq!(bench.verdict(thread, 10_000), 0);
        // Below 2^256 the doubled squares are powers: 2^(2^k − 1) x^(2^k) modulo 2^256.
        let mut power = [0; 16];
        power[0] = 3 + 2 * thread as u16;
        for _ in 0..6 {
            let digits = product(&power, &power);
            power.copy_from_slice(&digits[..16]);
            let mut carry = 0;
            for digit in &mut power {
                let doubled = u32::from(*digit) * 2 + carry;
                *digit = doubled as u16;
                carry = doubled >> 16;
            }
        }
        // The register holds one more bit than the output field shows, and so does a factor.
        assert_eq!(bench.output(thread, 0)[..2], power[..2], "thread {thread}");
    }
}

#[test]
fn independent_products_fill_the_multiplier() {
    let free = Waits { mul: 3, add: 3 };
    let mut program = vec![control(Op::SetPosition, 20, 0)];
    for step in 0..8 {
        program.push(Instruction::Mul { d: step, a: 10, b: 11, kind: Kind::Low }.encode(free));
    }
    program.push(Instruction::Control { op: Op::Loop, target: 1, argument: 0 }.encode(free));
    program.push(verdict(0));
    let mut bench = Bench::with(&program);
    for thread in 0..8 {
        bench.start(thread, 0, 0);
    }
    let (busy, cycle) = (bench.busy, bench.cycle);
    for _ in 0..3000 {
        bench.step();
    }
    let share = (bench.busy - busy) as f64 / (bench.cycle - cycle) as f64;
    assert!(share > 0.99, "{share}");
}

#[test]
fn an_inverse_for_one_thread_after_another() {
    // 3⁻¹ modulo 2^16 + 1 is 21,846, modulo 7 it is 5.
    let program = [
        input(0, 0),
        input(1, 1),
        add(Add { destination: Destination::Inverse, func: Func::Copy, ..sum(0, 0, 1) }),
        control(Op::WaitInverse, 0, 0),
        add(Add { source: Source::Inverse, func: Func::Copy, ..sum(2, 0, 0) }),
        output(1, 2),
        verdict(0),
    ];
    let mut bench = Bench::new(&Firmware::new(&program, &[], &[]), &program);
    let mut three = [0; 16];
    three[0] = 3;
    for (thread, modulus) in [(2, [1, 1]), (6, [7, 0])] {
        let mut m = [0; 16];
        m[..2].copy_from_slice(&modulus);
        bench.load(thread, 0, three);
        bench.load(thread, 1, m);
    }
    bench.start(2, 0, 0);
    bench.start(6, 0, 0);
    assert_eq!(bench.verdict(2, 30_000), 0);
    assert_eq!(bench.verdict(6, 30_000), 0);
    assert_eq!(bench.output(2, 1)[..2], [21_846, 0]);
    assert_eq!(bench.output(6, 1)[..2], [5, 0]);
}
