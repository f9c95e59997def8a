//! The designs that Verilog is written of, by name.

use crate::card::{AxiTop, UartTop};
use crate::emit;

/// What a design is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One engine with the ports of [`crate::hash`].
    Core,
    /// A card behind AXI: the ports of [`AxiTop`].
    AxiCard,
    /// A card behind a UART: the ports of [`UartTop`].
    UartCard,
    /// The top of a board, with its pins.
    Board,
}

/// A named design.
#[derive(Clone, Copy, Debug)]
pub struct Design {
    /// Name on the command line.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Name of the top module in the Verilog.
    pub top: &'static str,
    /// Writes the Verilog.
    pub verilog: fn() -> String,
}

/// Every design.
pub fn designs() -> &'static [Design] {
    &[
        Design {
            name: "card-axi",
            kind: Kind::AxiCard,
            top: "card_axi",
            verilog: || emit::verilog(&mut AxiTop::default(), "card_axi"),
        },
        Design {
            name: "card-uart",
            kind: Kind::UartCard,
            top: "card_uart",
            verilog: || emit::verilog(&mut UartTop::default(), "card_uart"),
        },
    ]
}

/// The design of that name.
pub fn design(name: &str) -> Option<Design> {
    designs().iter().copied().find(|design| design.name == name)
}
