//! The adder.
