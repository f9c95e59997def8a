//! The card: command processor, engines behind a common stream, registers, and tops.

mod axi_lite;
mod axi_top;
mod bank;
mod byte_link;
mod collector;
mod config;
mod core;
mod msm_bank;
mod processor;
mod registers;
mod reply;
mod sender;
mod uart_top;
mod verify_bank;
mod widen;
mod word_link;
mod work;

pub use axi_top::{
    AxiTop, AxiTopMsmBls12_381, AxiTopMsmBn254, AxiTopSecp256k1, AxiTopSecp256k1x8, AxiTopSha256,
    AxiTopVerify,
};
pub use config::CardConfig;
pub use core::{CardCore, MultiplyCore};
pub use uart_top::{UartTop, UartTopMsmBn254, UartTopSecp256k1, UartTopSecp256k1x8, UartTopVerify};
