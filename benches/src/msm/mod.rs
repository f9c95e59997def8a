//! Multi-scalar multiplications for benches.

mod peers;

use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInteger, PrimeField};
use chaincard::msm::{Bases, Checking, Curve, Msm, MsmError, ScalarRule};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub use peers::MsmPeer;

/// Terms of the multiplications that every summary has.
pub const STANDARD_TERMS: [usize; 5] = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18];

/// What rows call a multiplication on the curve: `msm-bn254`, …
pub fn operation_name(curve: Curve) -> String {
    format!("msm-{curve}")
}

/// Random terms: bases are prepared, and scalars below r are bytes.
pub struct Terms {
    bases: Bases,
    scalars: Vec<u8>,
    peers: Vec<MsmPeer>,
}

impl Terms {
    /// `count` terms from a seed, for all libraries that work with `threads` of them: at least one.
    ///
    /// # Errors
    /// None that a seed should lead to: the library finds fault with a base.
    pub fn new(curve: Curve, seed: u64, count: usize, threads: usize) -> Result<Self, MsmError> {
        let (points, scalars, peers) = match curve {
            Curve::Bn254 => {
                let terms = random::<ark_bn254::g1::Config>(seed, count);
                (encode(&terms.0), bytes(&terms.1), peers::of_bn254(terms))
            }
            Curve::Bls12_381 => {
                let terms = random::<ark_bls12_381::g1::Config>(seed, count);
                (encode(&terms.0), bytes(&terms.1), peers::of_bls12_381(terms, threads))
            }
            Curve::Bls12_377 => {
                let terms = random::<ark_bls12_377::g1::Config>(seed, count);
                (encode(&terms.0), bytes(&terms.1), vec![peers::arkworks(terms)])
            }
        };
        Ok(Self { bases: Bases::new(curve, &points, Checking::Checked)?, scalars, peers })
    }

    /// Number of terms.
    pub fn len(&self) -> usize {
        self.bases.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bases.is_empty()
    }

    /// The libraries, each with the terms in its own form.
    pub fn peers(&self) -> &[MsmPeer] {
        &self.peers
    }

    /// The sum, encoded, on the threads of rayon's current pool.
    ///
    /// # Errors
    /// None: there are as many scalars as bases.
    pub fn multiply(&self) -> Result<Vec<u8>, MsmError> {
        Msm::new(ScalarRule::Refuse).multiply(&self.bases, &self.scalars)
    }
}

/// Points that follow one another by the same step, both random, and random scalars.
fn random<P: SWCurveConfig<BaseField: PrimeField>>(seed: u64, count: usize) -> peers::Terms<P> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut scalar = || {
        let mut bytes = [0; 48];
        random.fill_bytes(&mut bytes);
        P::ScalarField::from_be_bytes_mod_order(&bytes)
    };
    let (first, step) = (P::GENERATOR * scalar(), (P::GENERATOR * scalar()).into_affine());
    let mut point: Projective<P> = first;
    let points: Vec<_> = (0..count)
        .map(|_| {
            point += step;
            point
        })
        .collect();
    (Projective::normalize_batch(&points), (0..count).map(|_| scalar()).collect())
}

/// Points in the encoding of `docs/msm.md`.
fn encode<P: SWCurveConfig<BaseField: PrimeField>>(points: &[Affine<P>]) -> Vec<u8> {
    let coordinates = points.iter().filter_map(|point| point.xy());
    coordinates.flat_map(|(x, y)| bytes(&[x, y])).collect()
}

/// Numbers as bytes, big-endian.
fn bytes<F: PrimeField>(numbers: &[F]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.into_bigint().to_bytes_be()).collect()
}
