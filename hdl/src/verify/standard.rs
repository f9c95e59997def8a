//! The firmware of a card's engines: the programs, with their constants and tables.

use std::sync::LazyLock;

use chaincard_reference::params::Limbs;

use super::engine::{Firmware, Number};
use super::{programs, tables};

static FIRMWARE: LazyLock<Firmware> = LazyLock::new(|| {
    let program = match programs::programs() {
        Ok(program) => program,
        Err(error) => panic!("a listing of the engine's programs is wrong: {error}"),
    };
    let constants: Vec<Number> = tables::constants().iter().map(digits).collect();
    let mut coordinates: Vec<Vec<Number>> = vec![];
    let tables = tables::tables();
    for (index, table) in tables.iter().enumerate() {
        // All tables but the last one have two coordinates.
        let count = if index + 1 == tables.len() { 3 } else { 2 };
        for coordinate in 0..count {
            coordinates.push(table.iter().map(|entry| digits(&entry[coordinate])).collect());
        }
    }
    Firmware::new(&program.words, &constants, &coordinates)
});

fn digits(number: &Limbs) -> Number {
    std::array::from_fn(|index| (number[index / 4] >> (16 * (index % 4))) as u16)
}

/// The programs of every scheme, with their constants and tables.
///
/// # Panics
/// If a listing of the crate is wrong: a programming error.
pub fn firmware() -> &'static Firmware {
    &FIRMWARE
}
