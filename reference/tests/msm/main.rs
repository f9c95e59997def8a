//! The models of multi-scalar multiplication.

mod curves;
mod digits;
mod encoding;
mod known;
mod toy;
