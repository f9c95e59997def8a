//! The library as hosts use it: from C, by many threads, with devices that fail, badly configured.

mod common;
mod header;
mod node;
