//! The library as hosts use it: from C, by many threads, with devices that fail, badly configured.

mod common;
mod faults;
mod header;
mod node;
mod opening;
mod stress;
