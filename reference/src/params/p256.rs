//! P-256: NIST SP 800-186, section 3.2.1.3. y^2 = x^3 + ax + b, a = -3; the cofactor is 1.

use super::{Limbs, number};

/// Field prime, 2^256 - 2^224 + 2^192 + 2^96 - 1.
pub const P: Limbs =
    number("FFFFFFFF 00000001 00000000 00000000 00000000 FFFFFFFF FFFFFFFF FFFFFFFF");
/// Coefficient of x.
pub const A: Limbs =
    number("FFFFFFFF 00000001 00000000 00000000 00000000 FFFFFFFF FFFFFFFF FFFFFFFC");
/// Constant term.
pub const B: Limbs =
    number("5AC635D8 AA3A93E7 B3EBBD55 769886BC 651D06B0 CC53B0F6 3BCE3C3E 27D2604B");
/// Order of G.
pub const N: Limbs =
    number("FFFFFFFF 00000000 FFFFFFFF FFFFFFFF BCE6FAAD A7179E84 F3B9CAC2 FC632551");
/// x of the base point G.
pub const GX: Limbs =
    number("6B17D1F2 E12C4247 F8BCE6E5 63A440F2 77037D81 2DEB33A0 F4A13945 D898C296");
/// y of the base point G.
pub const GY: Limbs =
    number("4FE342E2 FE1A7F9B 8EE7EB4A 7C0F9E16 2BCE3357 6B315ECE CBB64068 37BF51F5");
