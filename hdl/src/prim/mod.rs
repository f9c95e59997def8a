//! Primitives that every design is made of.
