//! Curves y² = x³ − 3 x + b over a prime p = −1 modulo 2⁶⁴ of 256 bits: SM2 and P-256.
//!
//! `field` → `point` → `multiply`. Nothing here is constant-time.

mod field;
mod multiply;
mod point;

use std::sync::OnceLock;

use super::limbs::Limbs;

pub(super) use field::Field;
pub(super) use multiply::{Table, multiply};
pub(super) use point::{Affine, Point};

/// What is particular to a curve. Its cofactor is 1.
pub(super) trait Curve: Copy + std::fmt::Debug + PartialEq + Sized + 'static {
    /// Field prime; −1 modulo 2⁶⁴, 3 modulo 4 and above 2²⁵⁶ − 2²²⁵, so that a number below
    /// 2²⁵⁶ is below 2 p.
    const P: Limbs;
    /// Constant term.
    const B: Limbs;
    /// Order of the base point.
    const N: Limbs;
    /// x of the base point.
    const GX: Limbs;
    /// y of the base point.
    const GY: Limbs;

    /// m · (p + 1) / 2⁶⁴: what one step of Montgomery's reduction adds in place of the low word m.
    fn fold(m: u64) -> Limbs;

    /// Multiples of the base point, made at their first use.
    fn base() -> &'static OnceLock<Table<Self>>;
}
