//! Constants of the programs, and odd multiples of the base points.

use std::sync::LazyLock;

use chaincard_reference::params::{Limbs, ed25519, p256, secp256k1, sm2};
use num_bigint::BigUint;

use super::isa::CONSTANTS;

/// Curves, by the code that units and programs have for them.
pub const CURVES: [&str; 4] = ["secp256k1", "sm2", "ed25519", "p256"];

/// Tables of odd multiples 1, 3, …, 127 (entries 0 … 63) of a point: affine x, y (for SM2 and
/// P-256 times 2^256); of Ed25519 x, y, 2dxy.
pub const TABLES: [&str; 5] = ["secp256k1_g", "secp256k1_h", "sm2_g", "p256_g", "ed25519_b"];

/// Entries of a table.
pub const ENTRIES: usize = 64;

/// A table: entries of up to three coordinates.
pub type Table = Vec<[Limbs; 3]>;

type Named = (&'static str, BigUint);

fn big(limbs: &Limbs) -> BigUint {
    limbs.iter().rev().fold(BigUint::ZERO, |n, &limb| (n << 64) + limb)
}

fn limbs(number: &BigUint) -> Limbs {
    let mut digits = number.iter_u64_digits();
    let limbs = [(); 4].map(|()| digits.next().unwrap_or(0));
    assert!(digits.next().is_none(), "a constant is above 256 bits");
    limbs
}

fn word() -> BigUint {
    BigUint::from(1u8) << 256
}

/// −n⁻¹ modulo 2^256, for odd n.
fn negative_inverse(n: &BigUint) -> BigUint {
    // Newton: each step doubles the right bits; n itself has 3.
    let mut x = n.clone();
    for _ in 0..7 {
        x = &x * ((word() << 1) + 2u8 - (n * &x) % word()) % word();
    }
    word() - x
}

/// Constants of mod n arithmetic for the order `n`.
fn order(n: &BigUint) -> Vec<Named> {
    vec![
        ("N", n.clone()),
        ("NINV", negative_inverse(n)),
        ("RRN", (word() * word()) % n),
        ("HALFN", n >> 1),
    ]
}

fn montgomery(p: &BigUint, a: &BigUint, b: &BigUint) -> Vec<Named> {
    let r = word() % p;
    let rr = &r * &r % p;
    assert_eq!((a + 3u8) % p, BigUint::ZERO, "the doublings take a = -3");
    vec![
        ("P", p.clone()),
        ("B", b * &r % p),
        ("RR", rr.clone()),
        ("RRR", rr * &r % p),
        ("ONE", r),
        ("UNIT", 1u8.into()),
    ]
}

fn named() -> [Vec<Named>; 4] {
    let one = || BigUint::from(1u8);
    let n = big(&secp256k1::N);
    // Rounded quotients of 2^256, so that the high half of a product is the multiple of the
    // lattice vector: one or two beside the nearest, which costs a bit of length.
    let quotient = |b: &Limbs| ((big(b) << 257) / &n + 1u8) >> 1;
    let mut secp = vec![
        ("P", big(&secp256k1::P)),
        ("B", big(&secp256k1::B)),
        ("ONE", one()),
        ("UNIT", one()),
        ("BETA", big(&secp256k1::BETA)),
        ("A1", big(&secp256k1::A1)),
        ("MB1", big(&secp256k1::MINUS_B1)),
        ("A2", big(&secp256k1::A2)),
        ("G1", quotient(&secp256k1::B2)),
        ("G2", quotient(&secp256k1::MINUS_B1)),
    ];
    secp.extend(order(&n));
    let mut sm2s = montgomery(&big(&sm2::P), &big(&sm2::A), &big(&sm2::B));
    sm2s.extend(order(&big(&sm2::N)));
    let mut p256s = montgomery(&big(&p256::P), &big(&p256::A), &big(&p256::B));
    p256s.extend(order(&big(&p256::N)));
    let mut ed = vec![
        ("P", big(&ed25519::P)),
        ("D", big(&ed25519::D)),
        ("D2", big(&ed25519::D2)),
        ("SQRT_M1", big(&ed25519::SQRT_M1)),
        ("ONE", one()),
        ("UNIT", one()),
        ("SIGN", one() << 255),
    ];
    ed.extend(order(&big(&ed25519::L)));
    [secp, sm2s, ed, p256s]
}

static NAMED: LazyLock<[Vec<Named>; 4]> = LazyLock::new(named);

/// Number of a constant among all; curve c's are those from [`CONSTANTS`]·c.
pub fn constant_index(curve: usize, name: &str) -> Option<u8> {
    let index = NAMED.get(curve)?.iter().position(|(known, _)| *known == name)?;
    Some((curve * CONSTANTS + index) as u8)
}

/// All constants, by number; those without a name are 0.
pub fn constants() -> Vec<Limbs> {
    let mut all = vec![[0; 4]; 4 * CONSTANTS];
    for (curve, named) in NAMED.iter().enumerate() {
        assert!(named.len() <= CONSTANTS);
        for (place, (_, number)) in all[curve * CONSTANTS..].iter_mut().zip(named) {
            *place = limbs(number);
        }
    }
    all
}

/// All tables, as [`TABLES`] names them.
pub fn tables() -> Vec<Table> {
    let scale = |p: &Limbs| word() % big(p);
    let secp = Weierstrass { p: big(&secp256k1::P), a: BigUint::ZERO };
    let g = (big(&secp256k1::GX), big(&secp256k1::GY));
    let h = (0..128).fold(g.clone(), |point, _| secp.add(&point, &point));
    let sm2_curve = Weierstrass { p: big(&sm2::P), a: big(&sm2::A) };
    let p256_curve = Weierstrass { p: big(&p256::P), a: big(&p256::A) };
    vec![
        secp.odd_multiples(g, &1u8.into()),
        secp.odd_multiples(h, &1u8.into()),
        sm2_curve.odd_multiples((big(&sm2::GX), big(&sm2::GY)), &scale(&sm2::P)),
        p256_curve.odd_multiples((big(&p256::GX), big(&p256::GY)), &scale(&p256::P)),
        edwards_odd_multiples(),
    ]
}

type Affine = (BigUint, BigUint);

fn inverse(x: &BigUint, p: &BigUint) -> BigUint {
    x.modpow(&(p - 2u8), p)
}

struct Weierstrass {
    p: BigUint,
    a: BigUint,
}

impl Weierstrass {
    fn add(&self, one: &Affine, two: &Affine) -> Affine {
        let Self { p, a } = self;
        let minus = |x: &BigUint, y: &BigUint| (x + p - y) % p;
        let slope = if one == two {
            (&one.0 * &one.0 * 3u8 + a) * inverse(&(&one.1 * 2u8 % p), p) % p
        } else {
            minus(&one.1, &two.1) * inverse(&minus(&one.0, &two.0), p) % p
        };
        let x = (&slope * &slope + p * 2u8 - &one.0 - &two.0) % p;
        let y = minus(&(slope * minus(&one.0, &x) % p), &one.1);
        (x, y)
    }

    fn odd_multiples(&self, point: Affine, scale: &BigUint) -> Table {
        let step = self.add(&point, &point);
        std::iter::successors(Some(point), |point| Some(self.add(point, &step)))
            .take(ENTRIES)
            .map(|(x, y)| [limbs(&(x * scale % &self.p)), limbs(&(y * scale % &self.p)), [0; 4]])
            .collect()
    }
}

fn edwards_odd_multiples() -> Table {
    let (p, d, d2) = (big(&ed25519::P), big(&ed25519::D), big(&ed25519::D2));
    let add = |one: &Affine, two: &Affine| -> Affine {
        let (x1y2, y1x2) = (&one.0 * &two.1, &one.1 * &two.0);
        let (y1y2, x1x2) = (&one.1 * &two.1 % &p, &one.0 * &two.0 % &p);
        let product = &d * &x1x2 % &p * &y1y2 % &p;
        let (plus, minus) = ((&product + 1u8) % &p, (&p + 1u8 - &product) % &p);
        ((x1y2 + y1x2) * inverse(&plus, &p) % &p, (y1y2 + x1x2) * inverse(&minus, &p) % &p)
    };
    let point = (big(&ed25519::BX), big(&ed25519::BY));
    let step = add(&point, &point);
    std::iter::successors(Some(point), |point| Some(add(point, &step)))
        .take(ENTRIES)
        .map(|(x, y)| [limbs(&x), limbs(&y), limbs(&(d2.clone() * x % &p * y % &p))])
        .collect()
}
