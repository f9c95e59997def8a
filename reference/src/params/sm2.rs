//! SM2: the recommended curve of GB/T 32918.5-2017. y^2 = x^3 + ax + b, a = -3; the
//! cofactor is 1.

use super::{Limbs, number};

/// Field prime, 2^256 - 2^224 - 2^96 + 2^64 - 1.
pub const P: Limbs =
    number("FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF 00000000 FFFFFFFF FFFFFFFF");
/// Coefficient of x.
pub const A: Limbs =
    number("FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF 00000000 FFFFFFFF FFFFFFFC");
/// Constant term.
pub const B: Limbs =
    number("28E9FA9E 9D9F5E34 4D5A9E4B CF6509A7 F39789F5 15AB8F92 DDBCBD41 4D940E93");
/// Order of G.
pub const N: Limbs =
    number("FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF 7203DF6B 21C6052B 53BBF409 39D54123");
/// x of the base point G.
pub const GX: Limbs =
    number("32C4AE2C 1F198119 5F990446 6A39C994 8FE30BBF F2660BE1 715A4589 334C74C7");
/// y of the base point G.
pub const GY: Limbs =
    number("BC3736A2 F4F6779C 59BDCEE3 6B692153 D0A9877C C62A4740 02DF32E5 2139F0A0");
