//! Curves, and the constants that the kernels take of them.

use std::fmt::Write;

use crate::number::{
    Number, add_mod, be_bytes, multiply_mod, negative_inverse, number, residue, shift_right,
    subtract,
};

/// y^2 = x^3 + ax + b over the field of p elements, p = 3 modulo 4, with a prime number n < p of
/// points.
pub(crate) struct Weierstrass {
    pub p: Number,
    /// Whether a is 0; else it is -3.
    pub a_is_zero: bool,
    pub b: Number,
    pub n: Number,
    /// Base point.
    pub g: [Number; 2],
}

/// -x^2 + y^2 = 1 + dx^2y^2 over the field of p elements, p = 5 modulo 8.
pub(crate) struct Edwards {
    pub p: Number,
    pub d: Number,
    pub sqrt_m1: Number,
    /// Order of the base point.
    pub l: Number,
    /// Base point.
    pub base: [Number; 2],
}

/// y^2 = x^3 + b over the field of p elements, with an odd number of points.
pub(crate) struct Pairing<const L: usize> {
    pub p: Number<L>,
    pub b: u64,
}

/// EIP-196, where it is alt_bn128.
pub(crate) const BN254: Pairing<4> = Pairing {
    p: number("30644E72 E131A029 B85045B6 8181585D 97816A91 6871CA8D 3C208C16 D87CFD47"),
    b: 3,
};

/// draft-irtf-cfrg-pairing-friendly-curves-11, section 4.2.1.
pub(crate) const BLS12_381: Pairing<6> = Pairing {
    p: number(
        "1A0111EA 397FE69A 4B1BA7B6 434BACD7 64774B84 F38512BF 6730D2A0 F6B0F624 1EABFFFE B153FFFF \
         B9FEFFFF FFFFAAAB",
    ),
    b: 4,
};

/// SEC 2 version 2.0, section 2.4.1.
pub(crate) const SECP256K1: Weierstrass = Weierstrass {
    p: number("FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFE FFFFFC2F"),
    a_is_zero: true,
    b: [7, 0, 0, 0],
    n: number("FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFE BAAEDCE6 AF48A03B BFD25E8C D0364141"),
    g: [
        number("79BE667E F9DCBBAC 55A06295 CE870B07 029BFCDB 2DCE28D9 59F2815B 16F81798"),
        number("483ADA77 26A3C465 5DA4FBFC 0E1108A8 FD17B448 A6855419 9C47D08F FB10D4B8"),
    ],
};

/// GB/T 32918.5-2017.
pub(crate) const SM2: Weierstrass = Weierstrass {
    p: number("FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF 00000000 FFFFFFFF FFFFFFFF"),
    a_is_zero: false,
    b: number("28E9FA9E 9D9F5E34 4D5A9E4B CF6509A7 F39789F5 15AB8F92 DDBCBD41 4D940E93"),
    n: number("FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF 7203DF6B 21C6052B 53BBF409 39D54123"),
    g: [
        number("32C4AE2C 1F198119 5F990446 6A39C994 8FE30BBF F2660BE1 715A4589 334C74C7"),
        number("BC3736A2 F4F6779C 59BDCEE3 6B692153 D0A9877C C62A4740 02DF32E5 2139F0A0"),
    ],
};

/// NIST SP 800-186, section 3.2.1.3.
pub(crate) const P256: Weierstrass = Weierstrass {
    p: number("FFFFFFFF 00000001 00000000 00000000 00000000 FFFFFFFF FFFFFFFF FFFFFFFF"),
    a_is_zero: false,
    b: number("5AC635D8 AA3A93E7 B3EBBD55 769886BC 651D06B0 CC53B0F6 3BCE3C3E 27D2604B"),
    n: number("FFFFFFFF 00000000 FFFFFFFF FFFFFFFF BCE6FAAD A7179E84 F3B9CAC2 FC632551"),
    g: [
        number("6B17D1F2 E12C4247 F8BCE6E5 63A440F2 77037D81 2DEB33A0 F4A13945 D898C296"),
        number("4FE342E2 FE1A7F9B 8EE7EB4A 7C0F9E16 2BCE3357 6B315ECE CBB64068 37BF51F5"),
    ],
};

/// RFC 8032, section 5.1.
pub(crate) const ED25519: Edwards = Edwards {
    p: number("7FFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFED"),
    d: number("52036CEE 2B6FFE73 8CC74079 7779E898 00700A4D 4141D8AB 75EB4DCA 135978A3"),
    sqrt_m1: number("2B832480 4FC1DF0B 2B4D0099 3DFBD7A7 2F431806 AD2FE478 C4EE1B27 4A0EA0B0"),
    l: number("10000000 00000000 00000000 00000000 14DEF9DE A2F79CD6 5812631A 5CF5D3ED"),
    base: [
        number("216936D3 CD6E53FE C0A4E231 FDD6DC5C 692CC760 9525A7B2 C9562D60 8F25D51A"),
        number("66666666 66666666 66666666 66666666 66666666 66666666 66666666 66666658"),
    ],
};

impl Weierstrass {
    /// Coefficient of x.
    pub(crate) fn a(&self) -> Number {
        if self.a_is_zero { [0; 4] } else { subtract(&self.p, &[3, 0, 0, 0]).0 }
    }

    /// a, b and the base point as SM2 hashes them: 128 bytes, big-endian.
    pub(crate) fn parameter_bytes(&self) -> Vec<u8> {
        [self.a(), self.b, self.g[0], self.g[1]].iter().flat_map(be_bytes).collect()
    }

    /// What `weierstrass.cl` wants before it.
    pub(crate) fn constants(&self) -> String {
        let Self { p, a_is_zero, b, n, g: [x, y] } = self;
        let mut text = format!("#define CURVE_A_IS_ZERO {}\n", u8::from(*a_is_zero));
        modulus(&mut text, "FIELD", p);
        modulus(&mut text, "ORDER", n);
        let b3 = add_mod(&add_mod(b, b, p), b, p);
        for (name, value) in [("CURVE_B", b), ("CURVE_B3", &b3), ("BASE_X", x), ("BASE_Y", y)] {
            constant(&mut text, name, &residue(value, p));
        }
        // p + 1 may be 2^256: (p + 1)/4 is (p - 3)/4 + 1, and so for (n + 1)/2.
        constant(&mut text, "SQRT_EXPONENT", &successor(&shift_right(p, 2)));
        constant(&mut text, "ORDER_HALF_END", &successor(&shift_right(n, 1)));
        constant(&mut text, "FIELD_INVERT", &subtract(p, &[2, 0, 0, 0]).0);
        constant(&mut text, "ORDER_INVERT", &subtract(n, &[2, 0, 0, 0]).0);
        text
    }
}

impl<const L: usize> Pairing<L> {
    /// What `number.cl` and `points.cl` want before them.
    pub(crate) fn constants(&self) -> [String; 2] {
        let mut b = [0; L];
        b[0] = self.b;
        let b3 = add_mod(&add_mod(&b, &b, &self.p), &b, &self.p);
        let mut text = "#define CURVE_A_IS_ZERO 1\n".to_owned();
        modulus(&mut text, "FIELD", &self.p);
        constant(&mut text, "CURVE_B", &residue(&b, &self.p));
        constant(&mut text, "CURVE_B3", &residue(&b3, &self.p));
        [format!("#define LIMBS {L}\n"), text]
    }
}

impl Edwards {
    /// What `edwards.cl` wants before it.
    pub(crate) fn constants(&self) -> String {
        let Self { p, d, sqrt_m1, l, base: [x, y] } = self;
        let mut text = String::new();
        modulus(&mut text, "FIELD", p);
        modulus(&mut text, "ORDER", l);
        let (d2, t) = (add_mod(d, d, p), multiply_mod(x, y, p));
        let residues = [
            ("CURVE_D", d),
            ("CURVE_D2", &d2),
            ("SQRT_M1", sqrt_m1),
            ("BASE_X", x),
            ("BASE_Y", y),
            ("BASE_T", &t),
        ];
        for (name, value) in residues {
            constant(&mut text, name, &residue(value, p));
        }
        constant(&mut text, "SQRT_EXPONENT", &shift_right(&subtract(p, &[5, 0, 0, 0]).0, 3));
        constant(&mut text, "FIELD_INVERT", &subtract(p, &[2, 0, 0, 0]).0);
        text
    }
}

/// a + 1, for a below 2^256 - 1.
fn successor(a: &Number) -> Number {
    subtract(a, &[u64::MAX; 4]).0
}

fn limbs<const L: usize>(a: &Number<L>) -> String {
    let limbs: Vec<String> = a.iter().map(|limb| format!("{limb:#018x}UL")).collect();
    format!("{{{}}}", limbs.join(", "))
}

fn constant<const L: usize>(text: &mut String, name: &str, value: &Number<L>) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "__constant ulong {name}[{L}] = {};", limbs(value));
}

fn modulus<const L: usize>(text: &mut String, name: &str, m: &Number<L>) {
    // R mod m is the residue of 1, R^2 mod m the residue of that, R being 2^(64 L).
    let mut one = [0; L];
    one[0] = 1;
    let one = residue(&one, m);
    let square = residue(&one, m);
    let inverse = negative_inverse(m);
    let _ = writeln!(
        text,
        "__constant modulus {name} = {{{}, {}, {}, {inverse:#018x}UL}};",
        limbs(m),
        limbs(&one),
        limbs(&square),
    );
}

#[cfg(test)]
mod tests {
    use ark_ff::PrimeField;
    use chaincard_reference::msm::{Bls12_381, Bn254, G1};
    use chaincard_reference::params::{ed25519, p256, secp256k1, sm2};

    use super::*;

    #[test]
    fn parameters_are_those_of_the_standards() {
        macro_rules! compare {
            ($curve:expr, $params:ident) => {
                assert_eq!($curve.p, $params::P);
                assert_eq!($curve.a(), $params::A);
                assert_eq!($curve.b, $params::B);
                assert_eq!($curve.n, $params::N);
                assert_eq!($curve.g, [$params::GX, $params::GY]);
            };
        }
        compare!(SECP256K1, secp256k1);
        compare!(SM2, sm2);
        compare!(P256, p256);
        assert_eq!(ED25519.p, ed25519::P);
        assert_eq!(ED25519.d, ed25519::D);
        assert_eq!(ED25519.sqrt_m1, ed25519::SQRT_M1);
        assert_eq!(ED25519.l, ed25519::L);
        assert_eq!(ED25519.base, [ed25519::BX, ed25519::BY]);
    }

    #[test]
    fn pairing_curves_are_those_of_the_models() {
        fn compare<C: G1, const L: usize>(curve: &Pairing<L>) {
            assert_eq!(curve.p, C::BaseField::MODULUS.as_ref());
            assert_eq!((C::COEFF_A, C::COEFF_B), (C::BaseField::from(0u64), curve.b.into()));
            // Order of the group of all points: odd, so no point has y = 0.
            assert_eq!(C::COFACTOR[0] % 2, 1);
        }
        compare::<Bn254, 4>(&BN254);
        compare::<Bls12_381, 6>(&BLS12_381);
        assert_eq!(negative_inverse(&BLS12_381.p).wrapping_mul(BLS12_381.p[0]), u64::MAX);
    }

    #[test]
    fn what_the_formulas_take_for_granted() {
        for curve in [&SECP256K1, &SM2, &P256] {
            assert_eq!(curve.p[0] % 4, 3);
            assert!(subtract(&curve.n, &curve.p).1, "n < p");
            let [x, y] = curve.g;
            let times = |a: &Number, b: &Number| multiply_mod(a, b, &curve.p);
            let plus = |a: &Number, b: &Number| add_mod(a, b, &curve.p);
            let right = plus(&plus(&times(&times(&x, &x), &x), &times(&curve.a(), &x)), &curve.b);
            assert_eq!(times(&y, &y), right);
        }
        let Edwards { p, d, sqrt_m1, base: [x, y], .. } = ED25519;
        assert_eq!(p[0] % 8, 5);
        assert_eq!(add_mod(&multiply_mod(&sqrt_m1, &sqrt_m1, &p), &[1, 0, 0, 0], &p), [0; 4]);
        let (xx, yy) = (multiply_mod(&x, &x, &p), multiply_mod(&y, &y, &p));
        let dxxyy = multiply_mod(&d, &multiply_mod(&xx, &yy, &p), &p);
        assert_eq!(yy, add_mod(&add_mod(&[1, 0, 0, 0], &dxxyy, &p), &xx, &p));
    }

    #[test]
    fn montgomery_constants() {
        for m in [SECP256K1.p, SECP256K1.n, SM2.p, SM2.n, P256.p, P256.n, ED25519.p, ED25519.l] {
            assert_eq!(m[0].wrapping_mul(negative_inverse(&m)), u64::MAX);
            // 2^128 squared.
            let half = [0, 0, 1, 0];
            assert_eq!(residue(&[1, 0, 0, 0], &m), multiply_mod(&half, &half, &m));
            assert_eq!(residue(&half, &m), multiply_mod(&half, &residue(&[1, 0, 0, 0], &m), &m));
        }
    }
}
