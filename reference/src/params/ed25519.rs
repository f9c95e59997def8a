//! edwards25519: RFC 8032, section 5.1. -x^2 + y^2 = 1 + dx^2y^2; the cofactor is 8.

use super::{Limbs, number};

/// Field prime, 2^255 - 19.
pub const P: Limbs =
    number("7FFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFED");
/// Coefficient of x^2: -1.
pub const A: Limbs =
    number("7FFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFEC");
/// d = -121665 / 121666.
pub const D: Limbs =
    number("52036CEE 2B6FFE73 8CC74079 7779E898 00700A4D 4141D8AB 75EB4DCA 135978A3");
/// 2d, which the addition formulas take.
pub const D2: Limbs =
    number("2406D9DC 56DFFCE7 198E80F2 EEF3D130 00E0149A 8283B156 EBD69B94 26B2F159");
/// 2^((p-1)/4): a square root of -1.
pub const SQRT_M1: Limbs =
    number("2B832480 4FC1DF0B 2B4D0099 3DFBD7A7 2F431806 AD2FE478 C4EE1B27 4A0EA0B0");
/// x of the base point B: the even one.
pub const BX: Limbs =
    number("216936D3 CD6E53FE C0A4E231 FDD6DC5C 692CC760 9525A7B2 C9562D60 8F25D51A");
/// y of the base point B, 4/5.
pub const BY: Limbs =
    number("66666666 66666666 66666666 66666666 66666666 66666666 66666666 66666658");
/// Order of B, 2^252 + 27742317777372353535851937790883648493.
pub const L: Limbs =
    number("10000000 00000000 00000000 00000000 14DEF9DE A2F79CD6 5812631A 5CF5D3ED");
/// x of a point of order 8.
pub const T8X: Limbs =
    number("1FD5B9A0 06394A28 E9339932 38DE4ABB 5C193C70 13E5E238 DEA14646 C545D14A");
/// y of that point.
pub const T8Y: Limbs =
    number("7A03AC92 77FDC74E C6CC392C FA53202A 0F67100D 760B3CBA 4FD84D3D 706A17C7");
/// log2 of the cofactor.
pub const COFACTOR_BITS: u32 = 3;
