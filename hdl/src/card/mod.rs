//! The card: command processor, engines behind a common stream, registers, and tops.

mod axi_top;
mod config;
mod uart_top;

pub use axi_top::AxiTop;
pub use config::CardConfig;
pub use uart_top::UartTop;
