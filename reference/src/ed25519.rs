//! Ed25519: RFC 8032, section 5.1, with its symbols, and the other rules in use.

use ark_ec::CurveGroup;
use ark_ec::twisted_edwards::TECurveConfig;
use ark_ed25519::{EdwardsAffine, EdwardsConfig, EdwardsProjective, Fq, Fr};
use ark_ff::{AdditiveGroup, BigInt, BigInteger, Field, PrimeField};

use crate::params::{self, ed25519::COFACTOR_BITS, from_be_bytes};
use crate::sha512::sha512;

/// A point of edwards25519.
pub type Point = EdwardsAffine;
/// A number modulo L.
pub type Scalar = Fr;

/// A point as bytes.
pub type Encoding = [u8; 32];

/// Why bytes are no point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// y is not below p (section 5.1.3, step 1).
    Range,
    /// There is no x, or it is 0 and the sign says odd (section 5.1.3, steps 3 and 4).
    NotOnCurve,
}

/// Decodes as section 5.1.3 has it.
///
/// # Errors
///
/// [`DecodeError`].
pub fn decode(encoding: &Encoding) -> Result<Point, DecodeError> {
    let (y, sign) = y_and_sign(encoding);
    let y = Fq::from_bigint(y).ok_or(DecodeError::Range)?;
    let x = even_x(y).ok_or(DecodeError::NotOnCurve)?;
    if x == Fq::ZERO && sign {
        return Err(DecodeError::NotOnCurve);
    }
    Ok(Point::new_unchecked(if sign { -x } else { x }, y))
}

/// Decodes as ZIP 215 has it, and the decompression of dalek: y is taken modulo p, and of x = 0
/// the sign is not looked at. `None` if there is no x.
pub fn decode_any(encoding: &Encoding) -> Option<Point> {
    let (y, sign) = y_and_sign(encoding);
    let y = Fq::from_le_bytes_mod_order(&y.to_bytes_le());
    let x = even_x(y)?;
    Some(Point::new_unchecked(if sign { -x } else { x }, y))
}

fn y_and_sign(encoding: &Encoding) -> (BigInt<4>, bool) {
    let mut y = little_endian(encoding);
    let sign = y.get_bit(255);
    y.0[3] &= u64::MAX >> 1;
    (y, sign)
}

/// The even x with x^2 = (y^2 - 1) / (dy^2 + 1) (section 5.1.3, steps 2 and 3).
fn even_x(y: Fq) -> Option<Fq> {
    let u = y.square() - Fq::ONE;
    let v = EdwardsConfig::COEFF_D * y.square() + Fq::ONE;
    // p = 5 modulo 8: the candidate is right up to a square root of -1. -1/d is no square, so v
    // is never 0.
    let square = u * v.inverse()?;
    let mut exponent = Fq::MODULUS;
    exponent.add_with_carry(&BigInt::from(3u64));
    exponent >>= 3;
    let candidate = square.pow(exponent);
    let root = [candidate, candidate * Fq::from_bigint(BigInt(params::ed25519::SQRT_M1))?]
        .into_iter()
        .find(|root| root.square() == square)?;
    Some(if root.into_bigint().is_odd() { -root } else { root })
}

/// Encodes as section 5.1.2 has it.
pub fn encode(point: &Point) -> Encoding {
    let mut encoding = little_endian_bytes(point.y.into_bigint());
    encoding[31] |= u8::from(point.x.into_bigint().is_odd()) << 7;
    encoding
}

/// Whether eight times the point is neutral.
pub fn is_small_order(point: &Point) -> bool {
    times_cofactor((*point).into()) == EdwardsProjective::ZERO
}

fn times_cofactor(point: EdwardsProjective) -> EdwardsProjective {
    (0..COFACTOR_BITS).fold(point, |point, _| point + point)
}

/// S, or `None` unless it is below L (section 5.1.7, step 1).
pub fn s(bytes: &[u8; 32]) -> Option<Scalar> {
    Scalar::from_bigint(little_endian(bytes))
}

/// k = SHA-512(R ‖ A ‖ M) as a number modulo L, of R and A as they are encoded.
///
/// Where A is of small or mixed order, `[k]A` depends on whether k is reduced. It is here, as in
/// the code of RFC 8032, section 6, and in every library.
pub fn k(r: &Encoding, a: &Encoding, message: &[u8]) -> Scalar {
    Scalar::from_le_bytes_mod_order(&sha512(&[r, a, message].concat()))
}

/// Whether `[S]B - [k]A`, encoded, is R: the equation without cofactor.
pub fn verify(r: &Encoding, s: Scalar, a: &Point, k: Scalar) -> bool {
    encode(&expected_r(s, a, k).into_affine()) == *r
}

/// Whether `[8][S]B = [8]R + [8][k]A`: the equation with cofactor.
pub fn verify_with_cofactor(r: &Point, s: Scalar, a: &Point, k: Scalar) -> bool {
    times_cofactor(expected_r(s, a, k) - r) == EdwardsProjective::ZERO
}

fn expected_r(s: Scalar, a: &Point, k: Scalar) -> EdwardsProjective {
    EdwardsConfig::GENERATOR * s - *a * k
}

/// Public key of a secret key (section 5.1.5).
pub fn public_key(secret: &[u8; 32]) -> Encoding {
    encode(&(EdwardsConfig::GENERATOR * secret_scalar(&sha512(secret))).into_affine())
}

/// R and S (section 5.1.6).
pub fn sign(secret: &[u8; 32], message: &[u8]) -> (Encoding, [u8; 32]) {
    let h = sha512(secret);
    let scalar = secret_scalar(&h);
    let r = Scalar::from_le_bytes_mod_order(&sha512(&[&h[32..], message].concat()));
    let r_encoded = encode(&(EdwardsConfig::GENERATOR * r).into_affine());
    let k = k(&r_encoded, &public_key(secret), message);
    (r_encoded, scalar_bytes(r + k * scalar))
}

/// The scalar s of section 5.1.5, from the hash of the secret key.
fn secret_scalar(h: &[u8; 64]) -> Scalar {
    let mut scalar = [0; 32];
    scalar.copy_from_slice(&h[..32]);
    scalar[0] &= 0xF8;
    scalar[31] = scalar[31] & 0x7F | 0x40;
    Scalar::from_le_bytes_mod_order(&scalar)
}

/// A number modulo L as 32 bytes, little-endian.
pub fn scalar_bytes(scalar: Scalar) -> [u8; 32] {
    little_endian_bytes(scalar.into_bigint())
}

fn little_endian(bytes: &[u8; 32]) -> BigInt<4> {
    let mut bytes = *bytes;
    bytes.reverse();
    BigInt(from_be_bytes(&bytes))
}

fn little_endian_bytes(number: BigInt<4>) -> [u8; 32] {
    let mut bytes = params::be_bytes(&number.0);
    bytes.reverse();
    bytes
}
