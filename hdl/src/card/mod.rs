//! The card: command processor, engines behind a common stream, registers, and tops.

mod axi_lite;
mod axi_top;
mod bank;
mod byte_link;
mod collector;
mod config;
mod core;
mod processor;
mod registers;
mod reply;
mod sender;
mod uart_top;
mod verify_bank;
mod widen;
mod word_link;

pub use axi_top::{AxiTop, AxiTopSecp256k1, AxiTopSecp256k1x8, AxiTopSha256, AxiTopVerify};
pub use config::CardConfig;
pub use core::CardCore;
pub use uart_top::{UartTop, UartTopSecp256k1, UartTopSecp256k1x8, UartTopVerify};
