//! The curves y^2 = x^3 + ax + b as types, over arkworks, and their numbers as bytes.

use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveConfig};
use ark_ff::{BigInt, BigInteger, Fp, Fp256, MontBackend, MontConfig, PrimeField};

use crate::params;

pub use ark_secp256k1::Config as Secp256k1;
pub use ark_secp256r1::Config as P256;

/// A curve of prime order over a prime field, both of 256 bits.
pub trait Curve:
    SWCurveConfig
    + CurveConfig<
        BaseField: PrimeField<BigInt = BigInt<4>>,
        ScalarField: PrimeField<BigInt = BigInt<4>>,
    >
{
}

impl Curve for Secp256k1 {}
impl Curve for P256 {}
impl Curve for Sm2 {}

/// A point with coordinates x and y, or infinity.
pub type Point<C> = Affine<C>;
/// A number modulo p.
pub type Coordinate<C> = <C as CurveConfig>::BaseField;
/// A number modulo n.
pub type Scalar<C> = <C as CurveConfig>::ScalarField;

/// The curve of SM2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sm2;

/// Numbers modulo p of SM2: [`params::sm2::P`], as the derive macro wants it.
///
/// p is 3 modulo 4. So -1 is no square, which is all that square roots, the only users of the
/// generator here, want of it. The same goes for n.
#[derive(MontConfig)]
#[modulus = "115792089210356248756420345214020892766250353991924191454421193933289684991999"]
#[generator = "115792089210356248756420345214020892766250353991924191454421193933289684991998"]
pub struct Sm2Field;

/// Numbers modulo n of SM2: [`params::sm2::N`].
#[derive(MontConfig)]
#[modulus = "115792089210356248756420345214020892766061623724957744567843809356293439045923"]
#[generator = "115792089210356248756420345214020892766061623724957744567843809356293439045922"]
pub struct Sm2Order;

impl CurveConfig for Sm2 {
    type BaseField = Fp256<MontBackend<Sm2Field, 4>>;
    type ScalarField = Fp256<MontBackend<Sm2Order, 4>>;
    const COFACTOR: &'static [u64] = &[1];
    const COFACTOR_INV: Self::ScalarField = Fp::new(BigInt([1, 0, 0, 0]));
}

impl SWCurveConfig for Sm2 {
    const COEFF_A: Self::BaseField = Fp::new(BigInt(params::sm2::A));
    const COEFF_B: Self::BaseField = Fp::new(BigInt(params::sm2::B));
    const GENERATOR: Affine<Self> =
        Affine::new_unchecked(Fp::new(BigInt(params::sm2::GX)), Fp::new(BigInt(params::sm2::GY)));
    type ZeroFlag = bool;
}

/// The number that 32 bytes are, big-endian; `None` unless it is below the modulus.
pub fn number<F: PrimeField<BigInt = BigInt<4>>>(bytes: &[u8; 32]) -> Option<F> {
    F::from_bigint(BigInt(params::from_be_bytes(bytes)))
}

/// The number that 32 bytes are, big-endian, modulo the modulus.
pub fn reduced<F: PrimeField>(bytes: &[u8; 32]) -> F {
    F::from_be_bytes_mod_order(bytes)
}

/// The number as 32 bytes, big-endian.
pub fn bytes<F: PrimeField<BigInt = BigInt<4>>>(number: F) -> [u8; 32] {
    params::be_bytes(&number.into_bigint().0)
}

/// Whether the number, written between 0 and the modulus, is odd.
pub fn is_odd<F: PrimeField>(number: F) -> bool {
    number.into_bigint().is_odd()
}

/// The x of a point as a number modulo n; `None` at infinity.
pub fn x_modulo_order<C: Curve>(point: &Point<C>) -> Option<Scalar<C>> {
    point.x().map(|x| reduced(&bytes(x)))
}

/// The point with that x, and the y of that parity (SEC 1, section 2.3.4); `None` if there is
/// none.
pub fn lift<C: Curve>(x: Coordinate<C>, odd: bool) -> Option<Point<C>> {
    let (even_y, odd_y) = Affine::<C>::get_ys_from_x_unchecked(x)
        .map(|(y, other)| if is_odd(y) { (other, y) } else { (y, other) })?;
    Some(Affine::new_unchecked(x, if odd { odd_y } else { even_y }))
}

/// a·G + b·Q.
pub fn combination<C: Curve>(a: Scalar<C>, b: Scalar<C>, q: &Point<C>) -> Projective<C> {
    C::GENERATOR * a + *q * b
}
