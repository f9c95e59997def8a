//! secp256k1: SEC 2 version 2.0, section 2.4.1. y^2 = x^3 + 7; the cofactor is 1.

use super::{Limbs, number};

/// Field prime, 2^256 - 2^32 - 977.
pub const P: Limbs =
    number("FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFE FFFFFC2F");
/// Coefficient of x.
pub const A: Limbs = [0; 4];
/// Constant term.
pub const B: Limbs = [7, 0, 0, 0];
/// x of the base point G.
pub const GX: Limbs =
    number("79BE667E F9DCBBAC 55A06295 CE870B07 029BFCDB 2DCE28D9 59F2815B 16F81798");
/// y of the base point G.
pub const GY: Limbs =
    number("483ADA77 26A3C465 5DA4FBFC 0E1108A8 FD17B448 A6855419 9C47D08F FB10D4B8");
/// Order of G.
pub const N: Limbs =
    number("FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFE BAAEDCE6 AF48A03B BFD25E8C D0364141");

/// The endomorphism (x, y) → (βx, y) of Gallant, Lambert and Vanstone: β^3 = 1 modulo p.
pub const BETA: Limbs =
    number("7AE96A2B 657C0710 6E64479E AC3434E9 9CF04975 12F58995 C1396C28 719501EE");
/// The endomorphism multiplies by λ: λ^3 = 1 modulo n, (βx, y) = λ(x, y).
pub const LAMBDA: Limbs =
    number("5363AD4C C05C30E0 A5261C02 8812645A 122E22EA 20816678 DF02967C 1B23BD72");

/// Short vectors (a1, -b1) and (a2, b2 = a1) of the lattice {(a, b): a + bλ = 0 modulo n}:
/// a1 - |b1|·λ = 0 and a2 + b2·λ = 0 modulo n, and a1·b2 + a2·|b1| = n.
pub const A1: Limbs = number("3086D221 A7D46BCD E86C90E4 9284EB15");
/// |b1| of the first vector; b1 itself is negative.
pub const MINUS_B1: Limbs = number("E4437ED6 010E8828 6F547FA9 0ABFE4C3");
/// a2 of the second vector, 129 bits.
pub const A2: Limbs = number("1 14CA50F7 A8E2F3F6 57C1108D 9D44CFD8");
/// b2 of the second vector.
pub const B2: Limbs = A1;

/// round(2^384 · b2 / n): k·[`G1`] / 2^384, rounded, is c1, the nearest integer to k·b2 / n or
/// one beside it, for each k < n. Then k = k1 + k2·λ with k1 = k - c1·a1 - c2·a2 and
/// k2 = c1·|b1| - c2·b2, both below 2^128 in magnitude.
pub const G1: Limbs =
    number("3086D221 A7D46BCD E86C90E4 9284EB15 3DAA8A14 71E8CA7F E893209A 45DBB031");
/// round(2^384 · |b1| / n): the same for c2.
pub const G2: Limbs =
    number("E4437ED6 010E8828 6F547FA9 0ABFE4C4 221208AC 9DF506C6 1571B4AE 8AC47F71");
