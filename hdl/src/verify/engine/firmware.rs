//! What the memories of an engine hold.

use chaincard_protocol::verify::Scheme;
use chaincard_reference::params::Limbs;

use crate::verify::isa::{self, Instruction};
use crate::verify::programs;
use crate::verify::tables::{TABLES, constants, tables};

/// Words of a number in the table memory.
pub type Number = [u16; 16];

/// Entries of a coordinate of a table, and numbers before the first table.
pub const ENTRIES: usize = 64;

/// The 16-bit digits of a number.
fn digits(limbs: &Limbs) -> Number {
    std::array::from_fn(|index| (limbs[index / 4] >> (16 * (index % 4))) as u16)
}

/// Program, constants and tables.
///
/// The table memory has 1,024 numbers: 64 constants, then the coordinates of the tables, each
/// with 64 entries. Table t begins at coordinate 2 t; only the last one can have more than two
/// coordinates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Firmware {
    program: Vec<u64>,
    numbers: Vec<Number>,
}

impl Firmware {
    /// Words of the program memory.
    pub const PROGRAM_WORDS: usize = isa::PROGRAM_WORDS;

    /// Numbers of the table memory.
    pub const NUMBERS: usize = 1024;

    /// With this program (instructions of 36 bits), these constants, and these coordinates of
    /// tables one after another.
    ///
    /// # Panics
    /// If the memories are too small for them: a design with such contents is a programming
    /// error.
    pub fn new(program: &[u64], constants: &[Number], coordinates: &[Vec<Number>]) -> Self {
        assert!(program.len() <= Self::PROGRAM_WORDS, "{} instructions", program.len());
        assert!(constants.len() <= ENTRIES, "{} constants", constants.len());
        let mut numbers = constants.to_vec();
        for (index, entries) in coordinates.iter().enumerate() {
            assert!(entries.len() <= ENTRIES, "{} entries", entries.len());
            numbers.resize((index + 1) * ENTRIES, Number::default());
            numbers.extend(entries);
        }
        assert!(numbers.len() <= Self::NUMBERS, "{} numbers", numbers.len());
        Self { program: program.to_vec(), numbers }
    }

    /// The programs of every scheme.
    ///
    /// # Panics
    /// If the programs do not assemble: it is a programming error.
    pub fn standard() -> Self {
        Self::of(&Scheme::ALL)
    }

    /// The programs of these schemes, with all constants and the tables that they use.
    ///
    /// # Panics
    /// If the programs do not assemble: it is a programming error.
    pub fn of(schemes: &[Scheme]) -> Self {
        let program = programs::programs(schemes).unwrap_or_else(|error| panic!("{error}"));
        let constants: Vec<Number> = constants().iter().map(digits).collect();
        // Only the last table has a third coordinate. Those after the last one in use are left
        // out, which takes fewer block RAMs.
        let tables = tables();
        let last = tables.len() - 1;
        let used = TABLES.iter().rposition(|name| {
            schemes.iter().any(|scheme| name.starts_with(programs::file(*scheme)))
        });
        let coordinates: Vec<Vec<Number>> = tables
            .iter()
            .enumerate()
            .take(used.map_or(0, |index| index + 1))
            .flat_map(|(index, table)| {
                let count = if index == last { 3 } else { 2 };
                (0..count).map(move |c| table.iter().map(|entry| digits(&entry[c])).collect())
            })
            .collect();
        Self::new(&program.words, &constants, &coordinates)
    }

    /// Registers that a thread needs, in sixteens.
    pub fn registers(&self) -> usize {
        let decode = |&word: &u64| Instruction::decode(word).map(|(instruction, _)| instruction);
        let highest = self.program.iter().filter_map(decode).map(|i| i.highest_register()).max();
        (usize::from(highest.unwrap_or(0)) + 1).next_multiple_of(16)
    }

    /// The program.
    pub fn program(&self) -> &[u64] {
        &self.program
    }

    /// Bits 17 … 0 of the instructions.
    pub(super) fn program_low(&self) -> Vec<u64> {
        self.program.iter().map(|word| word & 0x3_FFFF).collect()
    }

    /// Bits 35 … 18 of the instructions.
    pub(super) fn program_high(&self) -> Vec<u64> {
        self.program.iter().map(|word| word >> 18).collect()
    }

    /// Digits of the table memory.
    pub(super) fn digits(&self) -> Vec<u64> {
        self.numbers.iter().flatten().map(|&digit| digit.into()).collect()
    }
}
