//! Parameters of the standards, each declared once. Whatever needs one, in a model, in RTL or
//! in a kernel, takes it from here; the tests derive every one anew from its definition.

pub mod keccak;
pub mod sha2;
pub mod sm3;
