//! Signatures from the scalars that their verification meets, rather than from a secret key.

use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, BigInt, BigInteger, Field, PrimeField};
use rand_chacha::ChaCha8Rng;

use super::bytes32;
use crate::curve::{
    Curve, P256, Point, Scalar, Secp256k1, Sm2, bytes, combination, is_odd, number, reduced,
    x_modulo_order,
};
use crate::params::{Limbs, be_bytes, half, less};
use crate::sm2;
use crate::verify::{Case, Hashing, Key, Profile};

/// A signature and the number e that is signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers<C: Curve> {
    pub(super) r: Scalar<C>,
    pub(super) s: Scalar<C>,
    pub(super) e: Scalar<C>,
}

/// A secret key and a nonce, with the inverses that signing takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Secrets<C: Curve> {
    pub(super) d: Scalar<C>,
    pub(super) k: Scalar<C>,
    /// 1 / k.
    pub(super) k_inverse: Scalar<C>,
    /// 1 / (1 + d).
    pub(super) d_plus_1_inverse: Scalar<C>,
}

impl<C: Curve> Secrets<C> {
    pub(super) fn new(d: Scalar<C>, k: Scalar<C>) -> Self {
        let k_inverse = k.inverse().expect("k is not 0");
        let d_plus_1_inverse = (d + Scalar::<C>::ONE).inverse().expect("d is not -1");
        Self { d, k, k_inverse, d_plus_1_inverse }
    }
}

/// A curve with its signature scheme. Verification computes R = u1·G + u2·Q and looks at its x.
pub(super) trait Forge: Curve {
    /// r, s and e whose verification meets u1 and u2, and which are right if it finds R there. At
    /// infinity x is taken for 0, and ECDSA's r is anything. `None` if r or s would be 0.
    fn numbers(u1: Scalar<Self>, u2: Scalar<Self>, r: &Point<Self>) -> Option<Numbers<Self>>;

    /// u1 and u2 of a signature.
    fn scalars(numbers: &Numbers<Self>) -> (Scalar<Self>, Scalar<Self>);

    /// A signature on e; x is that of k·G, modulo n.
    fn sign(secrets: &Secrets<Self>, x: Scalar<Self>, e: Scalar<Self>) -> Numbers<Self>;
}

/// Both curves of ECDSA: u1 = e/s, u2 = r/s, r = x(R).
macro_rules! forge_ecdsa {
    ($curve:ty) => {
        impl Forge for $curve {
            fn numbers(
                u1: Scalar<Self>,
                u2: Scalar<Self>,
                point: &Point<Self>,
            ) -> Option<Numbers<Self>> {
                let r = x_modulo_order(point).unwrap_or(Scalar::<Self>::from(5u64));
                let s = r * u2.inverse()?;
                (!is_zero(r)).then_some(Numbers { r, s, e: u1 * s })
            }

            fn scalars(numbers: &Numbers<Self>) -> (Scalar<Self>, Scalar<Self>) {
                let s_inverse = numbers.s.inverse().expect("s is not 0");
                (numbers.e * s_inverse, numbers.r * s_inverse)
            }

            fn sign(secrets: &Secrets<Self>, x: Scalar<Self>, e: Scalar<Self>) -> Numbers<Self> {
                Numbers { r: x, s: secrets.k_inverse * (e + x * secrets.d), e }
            }
        }
    };
}

forge_ecdsa!(Secp256k1);
forge_ecdsa!(P256);

/// u1 = s, u2 = t = r + s, r = e + x(R).
impl Forge for Sm2 {
    fn numbers(u1: Scalar<Self>, u2: Scalar<Self>, point: &Point<Self>) -> Option<Numbers<Self>> {
        let (r, s) = (u2 - u1, u1);
        let x = x_modulo_order(point).unwrap_or(Scalar::<Self>::ZERO);
        (!is_zero(r) && !is_zero(s) && !is_zero(u2)).then_some(Numbers { r, s, e: r - x })
    }

    fn scalars(numbers: &Numbers<Self>) -> (Scalar<Self>, Scalar<Self>) {
        (numbers.s, numbers.r + numbers.s)
    }

    fn sign(secrets: &Secrets<Self>, x: Scalar<Self>, e: Scalar<Self>) -> Numbers<Self> {
        let r = e + x;
        Numbers { r, s: secrets.d_plus_1_inverse * (secrets.k - r * secrets.d), e }
    }
}

pub(super) fn is_zero<F: AdditiveGroup>(number: F) -> bool {
    number == F::ZERO
}

/// Whether s is above n/2.
pub(super) fn is_high<C: Curve>(s: Scalar<C>) -> bool {
    less(&half(&Scalar::<C>::MODULUS.0), &s.into_bigint().0)
}

/// r, s and e under the key Q: right unless R is infinite.
pub(super) fn numbers_under<C: Forge>(
    q: &Point<C>,
    u1: Scalar<C>,
    u2: Scalar<C>,
) -> Option<Numbers<C>> {
    C::numbers(u1, u2, &combination::<C>(u1, u2, q).into_affine())
}

/// The key under which verification with u1 and u2 meets the point R: (R - u1·G) / u2.
pub(super) fn key_for<C: Forge>(r: &Point<C>, u1: Scalar<C>, u2: Scalar<C>) -> Option<Point<C>> {
    let u2_inverse = u2.inverse()?;
    let q = combination::<C>(-u1 * u2_inverse, u2_inverse, r).into_affine();
    (!q.is_zero()).then_some(q)
}

/// d·G.
pub(super) fn multiple<C: Curve>(d: Scalar<C>) -> Point<C> {
    (C::GENERATOR * d).into_affine()
}

/// x of a finite point, modulo n.
pub(super) fn x_of<C: Curve>(point: &Point<C>) -> Scalar<C> {
    x_modulo_order(point).expect("a finite point")
}

pub(super) fn some_scalar<C: Curve>(rng: &mut ChaCha8Rng) -> Scalar<C> {
    reduced(&bytes32(rng))
}

/// 2^exponent modulo n.
pub(super) fn power_of_2<C: Curve>(exponent: u64) -> Scalar<C> {
    Scalar::<C>::from(2u64).pow([exponent])
}

/// A number of the parameters, modulo n.
pub(super) fn constant<C: Curve>(limbs: &Limbs) -> Scalar<C> {
    reduced(&be_bytes(limbs))
}

pub(super) fn point_key<C: Curve>(q: &Point<C>) -> Key {
    let (x, y) = q.xy().expect("keys are finite");
    Key::Point { x: bytes(x), y: bytes(y) }
}

pub(super) fn compressed_key<C: Curve>(q: &Point<C>) -> Key {
    let (x, y) = q.xy().expect("keys are finite");
    Key::Compressed { x: bytes(x), odd: is_odd(y) }
}

/// The case of a digest.
pub(super) fn digest_case<C: Curve>(profile: Profile, numbers: &Numbers<C>, key: Key) -> Case {
    Case {
        profile,
        hashing: Hashing::Digest,
        user_id: Vec::new(),
        r: bytes(numbers.r),
        s: bytes(numbers.s),
        key,
        message: bytes(numbers.e).to_vec(),
    }
}

/// The digest that is signed; for SM2 with `Z_A` before the message.
pub(super) fn signed_digest<C: Curve>(
    hashing: Hashing,
    user_id: &[u8],
    q: &Point<C>,
    message: &[u8],
) -> [u8; 32] {
    if hashing != Hashing::Sm3 {
        return crate::verify::hash(hashing, message);
    }
    let (x, y) = q.xy().expect("keys are finite");
    let same = |coordinate| number(&bytes(coordinate)).expect("a point of SM2");
    sm2::digest(user_id, &Point::<Sm2>::new_unchecked(same(x), same(y)), message)
}

/// n + difference, as 32 bytes; may be above n.
pub(super) fn order_plus<C: Curve>(difference: i64) -> [u8; 32] {
    sum(Scalar::<C>::MODULUS, difference)
}

/// p + difference, as 32 bytes; may be above p.
pub(super) fn prime_plus<C: Curve>(difference: i64) -> [u8; 32] {
    sum(C::BaseField::MODULUS, difference)
}

fn sum(mut modulus: BigInt<4>, difference: i64) -> [u8; 32] {
    let magnitude = BigInt::from(difference.unsigned_abs());
    let wrapped = if difference < 0 {
        modulus.sub_with_borrow(&magnitude)
    } else {
        modulus.add_with_carry(&magnitude)
    };
    assert!(!wrapped, "more than 256 bits");
    be_bytes(&modulus.0)
}
