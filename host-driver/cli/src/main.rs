//! The `chaincard` program.
fn main() {}
