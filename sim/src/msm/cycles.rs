//! Cycles of multiplications that are hard on an engine, with masked scalars.

use std::sync::Mutex;

use chaincard::msm::{Bases, Checking, Curve, SCALAR_BYTES, Terms};
use chaincard_hdl::msm::Config;
use chaincard_reference::msm::cases::{self, Case};
use chaincard_reference::msm::encoding::encode_point;
use chaincard_reference::msm::{Bls12_377, Bls12_381, Bn254, G1, bucket};

use super::device::gates;
use super::{Machine, combine};
use crate::SimError;
use crate::stream::Stalls;

/// Seed of the cases.
const SEED: u64 = 0x4D53_4D00;

/// The mask of the scalars: any number that nobody could choose the scalars for.
const MASK: [u8; 32] = *b"a mask that no scalar is made of";

/// Cases that run at the same time.
const PARALLEL: usize = 2;

/// A multiplication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What is special about it: its bases, then its scalars.
    pub name: String,
    /// Additions to buckets, of each adder: digits other than 0 of its share of the masked scalars
    /// of finite bases.
    pub additions: Vec<u64>,
    /// Cycles from the first word in to the last word out.
    pub cycles: u64,
}

/// The preset `ecp5` on hard cases of `count` terms: every kind of scalars with distinct bases, and
/// every kind of bases with random scalars, but for infinities alone, which need no addition. The
/// first one is random. The scalars are masked, which makes one term more.
///
/// # Errors
/// [`SimError::WrongSum`], and what building and running say.
pub fn measure(curve: Curve, count: usize) -> Result<Vec<Run>, SimError> {
    match curve {
        Curve::Bn254 => on::<Bn254>(curve, count),
        Curve::Bls12_381 => on::<Bls12_381>(curve, count),
        Curve::Bls12_377 => on::<Bls12_377>(curve, count),
    }
}

/// The preset `ecp5` with so many adders on the first one of these cases.
///
/// # Errors
/// Those of [`measure`].
pub fn random(curve: Curve, adders: usize, count: usize) -> Result<Run, SimError> {
    let config = Config::ecp5(gates(curve)).with_adders(adders);
    let mut machine = Machine::new(config, Stalls::default())?;
    match curve {
        Curve::Bn254 => run(&mut machine, curve, &cases::plain::<Bn254>(SEED, count)),
        Curve::Bls12_381 => run(&mut machine, curve, &cases::plain::<Bls12_381>(SEED, count)),
        Curve::Bls12_377 => run(&mut machine, curve, &cases::plain::<Bls12_377>(SEED, count)),
    }
}

fn on<C: G1>(curve: Curve, count: usize) -> Result<Vec<Run>, SimError> {
    let mut cases = cases::hostile::<C>(SEED, count);
    cases.retain(|case| {
        let (bases, scalars) = case.name.split_once(", ").unwrap_or_default();
        bases == "distinct bases" || scalars == "random scalars" && !bases.starts_with("nothing")
    });
    let next = Mutex::new(cases.iter().enumerate());
    let work = || -> Result<Vec<(usize, Run)>, SimError> {
        let mut machine = Machine::new(Config::ecp5(gates(curve)), Stalls::default())?;
        let mut runs = Vec::new();
        loop {
            let case = next.lock().map_or(None, |mut cases| cases.next());
            let Some((index, case)) = case else { return Ok(runs) };
            runs.push((index, run(&mut machine, curve, case)?));
        }
    };
    let mut runs = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(work)).collect();
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(runs) => runs,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect::<Result<Vec<_>, _>>()
    })?
    .concat();
    runs.sort_by_key(|(index, _)| *index);
    Ok(runs.into_iter().map(|(_, run)| run).collect())
}

fn run<C: G1>(machine: &mut Machine, curve: Curve, case: &Case<C>) -> Result<Run, SimError> {
    let wrong = || SimError::WrongSum(case.name.clone());
    let (mut points, _) = case.bytes();
    let bases = Bases::new(curve, &points, Checking::Unchecked).map_err(|_| wrong())?;
    let masked = Terms::new(&bases, 0, &case.scalars).map_err(|_| wrong())?.masked(&MASK);
    points.extend(masked.base);
    let points = points.chunks(curve.point_bytes());
    let terms: Vec<_> = points.zip(masked.scalars).collect();
    let (sums, cycles) = machine.run(&terms)?;
    let config = machine.config();
    let sum = combine(config, curve, &sums).map_err(|_| wrong())?;
    if sum != encode_point(&case.expected) {
        return Err(wrong());
    }
    let additions = (0..config.adders).map(|adder| {
        let finite = terms.iter().filter(|(point, _)| point.iter().any(|byte| *byte != 0));
        let digits = finite.flat_map(|(_, scalar)| digits(config, adder, scalar));
        digits.filter(|digit| *digit != 0).count() as u64
    });
    Ok(Run { name: case.name.clone(), additions: additions.collect(), cycles })
}

/// The digits of an adder's share of a scalar.
fn digits(config: &Config, adder: usize, scalar: &[u8; SCALAR_BYTES]) -> Vec<i32> {
    let (start, bytes) = (config.share_start(adder) as usize / 8, SCALAR_BYTES / config.adders);
    let mut share = [0; SCALAR_BYTES];
    let high = SCALAR_BYTES - start - bytes;
    share[SCALAR_BYTES - bytes..].copy_from_slice(&scalar[high..high + bytes]);
    bucket::digits(&share, config.share(adder).curve.scalar_bits, config.window)
}
