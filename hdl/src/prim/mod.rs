//! Primitives that every design is made of.

pub mod adder;
pub mod block_ram;
pub mod crc;
pub mod designs;
pub mod fifo;
pub mod lut_ram;
pub mod mult18;
pub mod ram;
pub mod register;
pub mod rom;
pub mod row_array;
pub mod shift_ram;
pub mod shift_register;
pub mod sigma;
pub mod skid;
pub mod synchroniser;
pub mod term_adder;
pub mod uart;

pub use adder::{Choice, LogicAdder, Operand, SelectAdder, Technology};
pub use block_ram::BlockRam;
pub use crc::CrcStep;
pub use fifo::Fifo;
pub use lut_ram::LutRam;
pub use mult18::Mult18;
pub use ram::SyncRam;
pub use register::Register;
pub use rom::{Rom, RomStyle};
pub use row_array::RowArray;
pub use shift_ram::ShiftRam;
pub use shift_register::ShiftRegister;
pub use sigma::{Sigma, Third};
pub use skid::Skid;
pub use synchroniser::Synchroniser;
pub use term_adder::{ChoiceAdder, Term, TermAdder};
pub use uart::{UartRx, UartTx};
