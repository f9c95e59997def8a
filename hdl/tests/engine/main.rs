//! The verification engine, stepped natively with programs of a few instructions.

mod bench;
mod control;
mod operands;
mod units;
