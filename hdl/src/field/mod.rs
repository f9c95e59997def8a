//! Arithmetic modulo the primes of the curves, on streams of digits.

mod inverse;

pub use inverse::InverseUnit;
