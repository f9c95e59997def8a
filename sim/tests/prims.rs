//! Every hand-written primitive: its behaviour in Rust and its Verilog under Verilator agree,
//! at toy widths for all inputs and then in random order, at full widths for random ones.

use chaincard_hdl::emit;
use chaincard_hdl::prim::{
    BankedRom, BarrelArray, BlockRam, Choice, ChoiceAdder, CrcStep, DigitRam, LogicAdder, LutRam,
    Mult18, Operand, Register, Rom, RomStyle, RowArray, SelectAdder, ShiftRam, ShiftRegister,
    Sigma, SyncRam, Technology, Term, TermAdder, Third,
};
use chaincard_sim::native::Native;
use chaincard_sim::stream::SplitMix64;
use chaincard_sim::verilator::Model;
use rust_hdl::prelude::*;
use std::fmt::Write;

const SEED: u64 = 0x9121_5EED;

/// Random cycles for each primitive.
const RANDOM: usize = 20_000;

/// Most bits in all inputs together for which every value is tried.
const EXHAUSTIVE_BITS: u32 = 17;

/// Name and bits of a port.
type Port = (&'static str, u32);

/// A primitive on its own, seen through its ports.
trait Unit {
    /// Drives the inputs and settles them.
    fn drive(&mut self, values: &[u64]);
    fn read(&mut self) -> Vec<u64>;
    fn rise(&mut self);
}

struct Case {
    module: String,
    verilog: String,
    clocked: bool,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    unit: Box<dyn Unit>,
    /// Makes inputs whose outcome is unspecified into others.
    adjust: fn(&mut [u64]),
}

struct Stepped<D: Block> {
    native: Native<D>,
    drive: fn(&mut D, &[u64]),
    read: fn(&D) -> Vec<u64>,
}

impl<D: Block> Unit for Stepped<D> {
    fn drive(&mut self, values: &[u64]) {
        (self.drive)(self.native.design(), values);
        self.native.settle().expect("settles");
    }

    fn read(&mut self) -> Vec<u64> {
        (self.read)(self.native.design())
    }

    fn rise(&mut self) {
        self.native.rise().expect("settles");
    }
}

trait Put {
    fn put(&mut self, value: u64);
}

impl<const N: usize> Put for Signal<In, Bits<N>> {
    fn put(&mut self, value: u64) {
        self.next = value.into();
    }
}

impl Put for Signal<In, bool> {
    fn put(&mut self, value: u64) {
        self.next = value != 0;
    }
}

/// Adds a case: a primitive, its inputs and outputs with their widths.
macro_rules! case {
    (@clock $design:ident $level:ident) => {
        let _ = ($design, $level);
    };
    (@clock $design:ident $level:ident clock) => {
        $design.clock.next = Clock { clk: $level }
    };
    (
        $cases:ident, $make:expr, [$($clock:ident)?],
        ($($input:ident: $in_width:expr),+) -> ($($output:ident: $out_width:expr),+)
    ) => {{
        let module = format!("p{}", $cases.len());
        let native = Native::new($make, |design, level| {
            case!(@clock design level $($clock)?);
        });
        $cases.push(Case {
            verilog: emit::verilog(&mut $make, &module),
            module,
            clocked: false $(|| stringify!($clock) == "clock")?,
            inputs: vec![$((stringify!($input), $in_width)),+],
            outputs: vec![$((stringify!($output), $out_width)),+],
            unit: Box::new(Stepped {
                native: native.expect("settles"),
                drive: |design, values| {
                    let mut values = values.iter();
                    $(design.$input.put(*values.next().expect("a value for each input"));)+
                },
                read: |design| vec![$(design.$output.val().to_u64()),+],
            }),
            adjust: |_| {},
        });
    }};
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for technology in [Technology::Generic, Technology::Ecp5] {
        for operand in [Operand::Choose, Operand::Majority] {
            case!(cases, LogicAdder::<4>::new(operand, technology), [], (a: 4, b: 4, c: 4, d: 4) -> (sum: 4));
            case!(cases, LogicAdder::<32>::new(operand, technology), [], (a: 32, b: 32, c: 32, d: 32) -> (sum: 32));
            case!(cases, LogicAdder::<64>::new(operand, technology), [], (a: 64, b: 64, c: 64, d: 64) -> (sum: 64));
        }
        for choice in [Choice::Sum, Choice::DifferenceOrSum] {
            case!(cases, SelectAdder::<4>::new(choice, technology), [], (a: 4, b: 4, c: 4, select: 1) -> (sum: 4));
            case!(cases, SelectAdder::<32>::new(choice, technology), [], (a: 32, b: 32, c: 32, select: 1) -> (sum: 32));
            case!(cases, SelectAdder::<64>::new(choice, technology), [], (a: 64, b: 64, c: 64, select: 1) -> (sum: 64));
        }
        case!(cases, Mult18::<4>::new(technology), [clock], (a: 4, b: 4, enable: 1) -> (low: 4, high: 4));
        case!(cases, Mult18::<18>::new(technology), [clock], (a: 18, b: 18, enable: 1) -> (low: 18, high: 18));
        for (a, b) in [(Term::UNSIGNED, Term::SIGNED), (Term::shifted(2), Term::shifted(1))] {
            case!(cases, TermAdder::<4, 3, 6>::new(a, b, technology), [clock],
                (a: 4, b: 3, gate: 1, negate: 1, clear: 1) -> (sum: 6));
            case!(cases, TermAdder::<20, 24, 30>::new(a, b, technology), [clock],
                (a: 20, b: 24, gate: 1, negate: 1, clear: 1) -> (sum: 30));
            case!(cases, ChoiceAdder::<4, 3, 6, 6>::new(a, b, Term::SIGNED, technology), [clock],
                (a: 4, b: 3, c: 6, select: 1) -> (sum: 6));
            case!(cases, ChoiceAdder::<4, 32, 8, 32>::new(a, b, Term::SIGNED, technology), [clock],
                (a: 4, b: 32, c: 8, select: 1) -> (sum: 32));
        }
        case!(cases, RowArray::<4, 10>::new(8, technology), [clock],
            (start: 1, a: 4, b: 4) -> (low: 10, high: 10));
        case!(cases, RowArray::<18, 24>::new(16, technology), [clock],
            (start: 1, a: 18, b: 18) -> (low: 24, high: 24));
        for lanes in [2, 5, 16] {
            let numbers = [(3, vec![0x1_FFFF; lanes]), (500, vec![1])];
            case!(cases, BarrelArray::new(lanes, &numbers, technology), [clock],
                (row: 9, source: 2, digit: 18, first: 1, shift: 1, idle: 1, capture: 1, write: 1,
                    write_row: 9, write_place: 5, write_data: 18) -> (low: 17, high: 25));
            // Few rows, so that what is written is multiplied, and no sum beyond a lane's bits.
            cases.last_mut().expect("a case").adjust = |values| {
                values[0] %= 8;
                values[8] %= 8;
            };
        }
    }
    case!(cases, DigitRam::new(16), [clock],
        (write: 1, write_address: 17, write_data: 18, read_address: 17) -> (read_data: 18));
    cases.last_mut().expect("a case").adjust = |values| {
        values[1] %= 16;
        values[3] %= 16;
    };
    // Addresses in all banks, a few of them, so that what is written is read.
    case!(cases, DigitRam::new(40_000), [clock],
        (write: 1, write_address: 17, write_data: 18, read_address: 17) -> (read_data: 18));
    cases.last_mut().expect("a case").adjust = |values| {
        values[1] = values[1] % 40 * 1_000;
        values[3] = values[3] % 40 * 1_000;
    };
    case!(cases, CrcStep::default(), [], (state: 32, word: 32) -> (next_state: 32));
    for third in [Third::Rotated, Third::Shifted] {
        case!(cases, Sigma::<8>::new([1, 3, 6], third), [], (x: 8) -> (y: 8));
        case!(cases, Sigma::<32>::new([7, 18, 3], third), [], (x: 32) -> (y: 32));
        case!(cases, Sigma::<64>::new([19, 61, 6], third), [], (x: 64) -> (y: 64));
    }
    case!(cases, LutRam::<2, 2>::default(), [clock],
        (write_address: 2, write_data: 2, write_enable: 1, read_address: 2) -> (read_data: 2));
    case!(cases, LutRam::<64, 5>::default(), [clock],
        (write_address: 5, write_data: 64, write_enable: 1, read_address: 5) -> (read_data: 64));
    case!(cases, SyncRam::<4>::new(8), [clock],
        (write: 1, write_address: 16, write_data: 4, read_address: 16) -> (read_data: 4));
    case!(cases, SyncRam::<32>::new(64), [clock],
        (write: 1, write_address: 16, write_data: 32, read_address: 16) -> (read_data: 32));
    case!(cases, BlockRam::<3>::new(16), [clock],
        (write: 1, write_address: 16, write_data: 32, write_flags: 3, enable: 1, read_address: 16)
        -> (read_data: 32, read_flags: 3));
    // A word must not be read at the edge that writes it.
    cases.last_mut().expect("a case").adjust = |values| {
        if values[1] % 16 == values[5] % 16 {
            values[0] = 0;
        }
    };
    case!(cases, Register::<3>::default(), [clock], (d: 3, enable: 1, clear: 1) -> (q: 3));
    case!(cases, Register::<64>::default(), [clock], (d: 64, enable: 1, clear: 1) -> (q: 64));
    let words: Vec<u64> = (0..8 * 1024).map(|n: u64| (n * 40_503) & 0x3FFFF).collect();
    case!(cases, BankedRom::<18, 13>::new(&words), [clock], (address: 13, clear: 1) -> (q: 18));
    case!(cases, BankedRom::<18, 12>::new(&words[..4096]), [clock],
        (address: 12, clear: 1) -> (q: 18));
    case!(cases, BankedRom::<18, 11>::new(&words[..2048]), [clock],
        (address: 11, clear: 1) -> (q: 18));
    for style in [RomStyle::Logic, RomStyle::Block] {
        case!(cases, Rom::<3, 2>::new(style, &[5, 2, 7, 1]), [clock], (address: 2, clear: 1) -> (q: 3));
        case!(cases, Rom::<64, 5>::new(style, &[0xFEDC_BA98_7654_3210; 32]), [clock],
            (address: 5, clear: 1) -> (q: 64));
    }
    for depth in [2, 3, 4, 5, 16] {
        case!(cases, ShiftRam::<3>::new(depth), [clock], (d: 3, enable: 1) -> (q: 3));
        case!(cases, ShiftRam::<64>::new(depth), [clock], (d: 64, enable: 1) -> (q: 64));
    }
    case!(cases, ShiftRegister::<3>::new(&[6]), [clock], (d: 3, enable: 1, clear: 1) -> (q: 3));
    case!(cases, ShiftRegister::<3>::new(&[1, 2, 7, 4]), [clock],
        (d: 3, enable: 1, clear: 1) -> (q: 3));
    case!(cases, ShiftRegister::<64>::zeros(16), [clock],
        (d: 64, enable: 1, clear: 1) -> (q: 64));
    cases
}

/// One module with an instance of every primitive, so that Verilator builds but once. Port
/// `x` of module `p3` is `p3_x`, the clock included: a primitive stands still until its turn.
fn collection(cases: &[Case]) -> String {
    let (mut names, mut body) = (Vec::new(), String::new());
    let mut modules = String::new();
    for case in cases {
        let mut pins = Vec::new();
        let clock = format!("{}_clock", case.module);
        let _ = writeln!(body, "input wire {clock};");
        if case.clocked {
            pins.push(format!(".clock({clock})"));
        }
        names.push(clock);
        for (ports, direction) in [(&case.inputs, "input"), (&case.outputs, "output")] {
            for (port, width) in ports {
                let name = format!("{}_{port}", case.module);
                let _ = writeln!(body, "{direction} wire [{}:0] {name};", width - 1);
                pins.push(format!(".{port}({name})"));
                names.push(name);
            }
        }
        let _ = writeln!(body, "{0} {0}_unit({1});", case.module, pins.join(", "));
        modules += &case.verilog;
    }
    format!("module prims({});\n{body}endmodule\n{modules}", names.join(","))
}

/// All inputs when they are few, then random ones; some of those have every bit equal.
fn stimuli(inputs: &[Port], rng: &mut SplitMix64) -> Vec<Vec<u64>> {
    let mask = |width: u32| u64::MAX >> (64 - width);
    let bits: u32 = inputs.iter().map(|(_, width)| width).sum();
    let all = if bits <= EXHAUSTIVE_BITS { 1u64 << bits } else { 0 };
    let mut rows: Vec<Vec<u64>> = (0..all)
        .map(|mut index| {
            let mut field = |&(_, width): &Port| {
                let value = index & mask(width);
                index >>= width;
                value
            };
            inputs.iter().map(&mut field).collect()
        })
        .collect();
    for _ in 0..RANDOM {
        let mut field = |&(_, width): &Port| match rng.next_u64() % 16 {
            0 => 0,
            1 => mask(width),
            _ => rng.next_u64() & mask(width),
        };
        rows.push(inputs.iter().map(&mut field).collect());
    }
    rows
}

#[test]
fn rust_behaviour_is_the_verilog() {
    println!("seed {SEED:#x}");
    let mut cases = cases();
    let mut model = Model::new(&collection(&cases), "prims").expect("Verilator model");
    let mut rng = SplitMix64(SEED);
    for case in &mut cases {
        let ids = |ports: &[Port]| -> Vec<_> {
            let id = |(port, _): &Port| model.port(&format!("{}_{port}", case.module));
            ports.iter().map(|port| id(port).expect("port")).collect()
        };
        let clock = model.port(&format!("{}_clock", case.module)).expect("clock");
        let (inputs, outputs) = (ids(&case.inputs), ids(&case.outputs));
        for (cycle, mut row) in stimuli(&case.inputs, &mut rng).into_iter().enumerate() {
            (case.adjust)(&mut row);
            model.set(clock, 0);
            for (id, value) in inputs.iter().zip(&row) {
                model.set(*id, *value);
            }
            model.eval();
            case.unit.drive(&row);
            let expected = case.unit.read();
            let found: Vec<u64> = outputs.iter().map(|id| model.get(*id)).collect();
            assert_eq!(
                expected, found,
                "Rust, Verilog in cycle {cycle}, inputs {row:x?} of\n{}",
                case.verilog
            );
            model.set(clock, 1);
            model.eval();
            case.unit.rise();
        }
    }
}
