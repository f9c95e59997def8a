//! The primitives that formal proofs and area reports take, by name and size.

use super::{
    Choice, CrcStep, Fifo, LogicAdder, Mult18, Operand, SelectAdder, ShiftRam, ShiftRegister, Skid,
    Technology,
};
use crate::emit;

/// A primitive of a certain size.
#[derive(Clone, Copy, Debug)]
pub struct Primitive {
    /// Name of the top module and, with `.v`, of the file.
    pub name: &'static str,
    /// Writes the Verilog.
    pub verilog: fn() -> String,
}

/// A table entry whose module is named like the entry.
macro_rules! primitive {
    ($name:literal, $make:expr) => {
        Primitive { name: $name, verilog: || emit::verilog(&mut $make, $name) }
    };
}

/// The primitives. Those with cells of the ECP5 show them when `SYNTHESIS` is defined.
pub fn primitives() -> &'static [Primitive] {
    &[
        primitive!("crc_step", CrcStep::default()),
        primitive!("fifo_4x4", Fifo::<4>::new(4)),
        primitive!(
            "logic_adder_choose_32",
            LogicAdder::<32>::new(Operand::Choose, Technology::Ecp5)
        ),
        primitive!(
            "logic_adder_majority_32",
            LogicAdder::<32>::new(Operand::Majority, Technology::Ecp5)
        ),
        primitive!("mult_18", Mult18::<18>::new(Technology::Ecp5)),
        primitive!(
            "select_adder_difference_32",
            SelectAdder::<32>::new(Choice::DifferenceOrSum, Technology::Ecp5)
        ),
        primitive!("select_adder_sum_32", SelectAdder::<32>::new(Choice::Sum, Technology::Ecp5)),
        primitive!("shift_ram_32x16", ShiftRam::<32>::new(16)),
        primitive!("shift_ram_2x4", ShiftRam::<2>::new(4)),
        primitive!("shift_register_2x4", ShiftRegister::<2>::zeros(4)),
        primitive!("skid_4", Skid::<4>::default()),
    ]
}
