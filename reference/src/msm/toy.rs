//! Two curves so small that everything can be tried: y² = x³ + b over the numbers modulo 43.
//!
//! 43 is 1 modulo 3, as p is on every curve with a = 0 that is not supersingular.

use ark_ec::CurveConfig;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ff::{BigInt, Fp, Fp64, MontBackend, MontConfig};

/// Numbers modulo 43.
#[derive(MontConfig)]
#[modulus = "43"]
#[generator = "3"]
pub struct Field43;

/// Numbers modulo 31.
#[derive(MontConfig)]
#[modulus = "31"]
#[generator = "3"]
pub struct Field31;

/// Numbers modulo 13.
#[derive(MontConfig)]
#[modulus = "13"]
#[generator = "2"]
pub struct Field13;

type Coordinate = Fp64<MontBackend<Field43, 1>>;

/// y² = x³ + 7: 31 points, a prime number, as on BN254.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrimeOrder;

impl CurveConfig for PrimeOrder {
    type BaseField = Coordinate;
    type ScalarField = Fp64<MontBackend<Field31, 1>>;
    const COFACTOR: &'static [u64] = &[1];
    const COFACTOR_INV: Self::ScalarField = Fp::new(BigInt([1]));
}

impl SWCurveConfig for PrimeOrder {
    const COEFF_A: Coordinate = Fp::new(BigInt([0]));
    const COEFF_B: Coordinate = Fp::new(BigInt([7]));
    const GENERATOR: Affine<Self> =
        Affine::new_unchecked(Fp::new(BigInt([2])), Fp::new(BigInt([12])));
    type ZeroFlag = bool;
}

/// y² = x³ + 2: 52 = 4·13 points, of which 13 make the group. Three points have order 2, as the
/// cofactor is even, like that of BLS12-377.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithCofactor;

impl CurveConfig for WithCofactor {
    type BaseField = Coordinate;
    type ScalarField = Fp64<MontBackend<Field13, 1>>;
    const COFACTOR: &'static [u64] = &[4];
    const COFACTOR_INV: Self::ScalarField = Fp::new(BigInt([10]));
}

impl SWCurveConfig for WithCofactor {
    const COEFF_A: Coordinate = Fp::new(BigInt([0]));
    const COEFF_B: Coordinate = Fp::new(BigInt([2]));
    const GENERATOR: Affine<Self> =
        Affine::new_unchecked(Fp::new(BigInt([24])), Fp::new(BigInt([18])));
    type ZeroFlag = bool;
}
