//! Multiplications that are hard on a device, with the results that they must have. Every base is
//! a known multiple of the generator, so that the result is one, too: it takes a single product.

use ark_ec::short_weierstrass::Affine;
use ark_ff::PrimeField;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::encoding::{SCALAR_BYTES, decode_scalar, encode_point, encode_scalar};
use super::{G1, Scalar, Scalars, Term, naive};

/// A multiplication, and what must come out of it.
pub struct Case<C: G1> {
    /// What is special about it: its bases, then its scalars.
    pub name: String,
    /// The bases, all of the group of order r.
    pub bases: Vec<Affine<C>>,
    /// As many scalars, 32 bytes each, big-endian; some are r or more.
    pub scalars: Vec<[u8; SCALAR_BYTES]>,
    /// The result, scalars taken modulo r.
    pub expected: Affine<C>,
}

impl<C: G1> Case<C> {
    /// The bases with their scalars modulo r.
    pub fn terms(&self) -> Vec<Term<C>> {
        self.bases.iter().copied().zip(self.scalars.iter().map(reduced)).collect()
    }

    /// Bases and scalars as devices take them.
    pub fn bytes(&self) -> (Vec<u8>, Vec<u8>) {
        (self.bases.iter().flat_map(encode_point).collect(), self.scalars.concat())
    }

    /// Whether all scalars are below r.
    pub fn is_in_range(&self) -> bool {
        let decode = |bytes| decode_scalar::<Scalar<C>>(Scalars::Refuse, bytes);
        self.scalars.iter().all(|bytes| decode(bytes).is_ok())
    }
}

fn reduced<F: PrimeField>(bytes: &[u8; SCALAR_BYTES]) -> F {
    F::from_be_bytes_mod_order(bytes)
}

/// 2^exponent, for an exponent below 256.
fn power(exponent: usize) -> [u8; SCALAR_BYTES] {
    let mut bytes = [0; SCALAR_BYTES];
    bytes[SCALAR_BYTES - 1 - exponent / 8] = 1 << (exponent % 8);
    bytes
}

fn random_bytes(rng: &mut ChaCha8Rng) -> [u8; SCALAR_BYTES] {
    let mut bytes = [0; SCALAR_BYTES];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// A random number modulo r; arkworks' own would want another version of `rand`.
fn random<F: PrimeField>(rng: &mut ChaCha8Rng) -> F {
    reduced(&random_bytes(rng))
}

/// Multiples of the generator: what they are, and the numbers.
fn multiples<F: PrimeField>(rng: &mut ChaCha8Rng, count: usize) -> Vec<(&'static str, Vec<F>)> {
    let (start, step): (F, F) = (random(rng), random(rng));
    let at = |i: usize| start + step * F::from(i as u64);
    let all = |number: &dyn Fn(usize) -> F| (0..count).map(number).collect();
    vec![
        ("distinct bases", all(&at)),
        ("equal bases", all(&|_| start)),
        ("repeated bases", all(&|i| at(i % 3))),
        ("opposite bases", all(&|i| if i % 2 == 0 { at(i / 2) } else { -at(i / 2) })),
        ("infinities between bases", all(&|i| if i % 2 == 0 { F::zero() } else { at(i) })),
        ("nothing but infinities", all(&|_| F::zero())),
        ("bases that double", all(&|i| start * F::from(2u64).pow([i as u64]))),
        ("consecutive bases", all(&|i| F::from(i as u64))),
    ]
}

/// Scalars: what they are, and their bytes.
fn scalars<F: PrimeField>(
    rng: &mut ChaCha8Rng,
    count: usize,
) -> Vec<(&'static str, Vec<[u8; SCALAR_BYTES]>)> {
    let bits = F::MODULUS_BIT_SIZE as usize;
    let one = random::<F>(rng);
    // r as bytes: r − 1 and one more. r − 1 is even, so nothing carries.
    let mut order = encode_scalar(-F::ONE);
    order[SCALAR_BYTES - 1] += 1;
    let mut next = order;
    next[SCALAR_BYTES - 1] |= 2;
    let small: Vec<_> = (0..count).map(|_| encode_scalar(F::from(rng.next_u32() % 4))).collect();
    let any: Vec<_> = (0..count).map(|_| random_bytes(rng)).collect();
    let below: Vec<_> = any.iter().map(|bytes| encode_scalar(reduced::<F>(bytes))).collect();
    let all = |bytes: &dyn Fn(usize) -> [u8; SCALAR_BYTES]| (0..count).map(bytes).collect();
    vec![
        ("random scalars", below),
        ("any scalars below 2^256", any),
        ("scalars of r and more", all(&|i| [order, next, [0xFF; SCALAR_BYTES]][i % 3])),
        ("zeros", all(&|_| [0; SCALAR_BYTES])),
        ("ones", all(&|_| power(0))),
        ("one bucket in every window", all(&|_| encode_scalar(one))),
        ("opposite scalars", all(&|i| encode_scalar(if i % 2 == 0 { one } else { -one }))),
        ("small scalars", small),
        ("powers of two", all(&|i| power(i % bits))),
        ("high powers of two", all(&|i| power(bits - 1 - i % bits.min(8)))),
        ("r - 1", all(&|_| encode_scalar(-F::ONE))),
        // Digits at both ends of their range, and carries through many windows.
        ("patterns", all(&|i| [[0x55; 32], [0x80; 32], [0x7F; 32], [0x88; 32]][i % 4])),
        ("2^256 - 1", all(&|_| [0xFF; SCALAR_BYTES])),
    ]
}

/// Every kind of bases with every kind of scalars, `count` terms each, from a seed; about a
/// hundred cases.
pub fn hostile<C: G1>(seed: u64, count: usize) -> Vec<Case<C>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let kinds = scalars::<Scalar<C>>(&mut rng, count);
    let bases = multiples::<Scalar<C>>(&mut rng, count);
    bases.iter().flat_map(|bases| cases(bases, &kinds)).collect()
}

/// The first of [`hostile`]: distinct bases with random scalars.
pub fn plain<C: G1>(seed: u64, count: usize) -> Case<C> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let kinds = scalars::<Scalar<C>>(&mut rng, count);
    let bases = multiples::<Scalar<C>>(&mut rng, count);
    cases(&bases[0], &kinds[..1]).remove(0)
}

/// These bases with every kind of scalars.
fn cases<C: G1>(
    (bases_name, multiples): &(&'static str, Vec<Scalar<C>>),
    kinds: &[(&'static str, Vec<[u8; SCALAR_BYTES]>)],
) -> Vec<Case<C>> {
    let bases: Vec<_> = multiples.iter().map(times_generator::<C>).collect();
    let case = |(name, scalars): &(&'static str, Vec<[u8; SCALAR_BYTES]>)| {
        let sum: Scalar<C> =
            multiples.iter().zip(scalars).map(|(m, k)| *m * reduced::<Scalar<C>>(k)).sum();
        Case {
            name: format!("{bases_name}, {name}"),
            bases: bases.clone(),
            scalars: scalars.clone(),
            expected: times_generator::<C>(&sum),
        }
    };
    kinds.iter().map(case).collect()
}

fn times_generator<C: G1>(number: &Scalar<C>) -> Affine<C> {
    naive::multiple(&C::GENERATOR, number.into_bigint())
}
