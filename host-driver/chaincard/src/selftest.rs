//! Known-answer tests that every device passes before it is trusted.

mod signatures;
mod sums;
mod vectors;

use crate::device::{Device, DeviceError};
use crate::hash::{HashAlgorithm, Messages};
use crate::msm::{Bases, Checking, Curve, Terms};
use crate::verify::{Hashing, Item, Plan, Profile, Recovered, Scheme, Verdict, wire_len};

pub use signatures::{KnownSignature, known_keys, known_signatures};
pub use sums::{KnownSum, known_sums};
pub use vectors::{KnownAnswer, known_answers};

/// Runs the known-answer test of every operation that `device` claims: each algorithm as one
/// batch, each scheme as one batch for each of its rules, some multiplications on each curve.
///
/// # Errors
/// [`DeviceError::SelfTest`] for a wrong digest, [`DeviceError::SelfTestVerdict`] for a wrong verdict
/// or key, [`DeviceError::SelfTestSum`] for a wrong sum, otherwise what the device says.
///
/// ```
/// chaincard::self_test(&chaincard::Cpu::new())?;
/// # Ok::<(), chaincard::DeviceError>(())
/// ```
pub fn self_test(device: &dyn Device) -> Result<(), DeviceError> {
    let max = device.capabilities().max_message.unwrap_or(usize::MAX);
    for &algorithm in &device.capabilities().hashes {
        test_algorithm(device, algorithm, max)?;
    }
    for &scheme in &device.capabilities().verifies {
        test_scheme(device, scheme, max)?;
    }
    if device.capabilities().recovers {
        test_recovery(device, max)?;
    }
    for &curve in &device.capabilities().multiplies {
        test_sums(device, curve)?;
    }
    Ok(())
}

fn test_algorithm(
    device: &dyn Device,
    algorithm: HashAlgorithm,
    max: usize,
) -> Result<(), DeviceError> {
    let answers: Vec<_> =
        known_answers(algorithm).iter().filter(|answer| answer.len <= max).collect();
    let messages: Vec<Vec<u8>> = answers.iter().map(|answer| answer.message()).collect();
    let slices: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    let mut digests = vec![0; slices.len() * algorithm.digest_len()];
    device.hash(algorithm, &Messages::Slices(&slices), &mut digests)?;
    for (answer, digest) in answers.iter().zip(digests.chunks_exact(algorithm.digest_len())) {
        if digest != answer.digest {
            return Err(DeviceError::SelfTest {
                device: device.name().to_owned(),
                algorithm: algorithm.name(),
                len: answer.len,
            });
        }
    }
    Ok(())
}

fn test_scheme(device: &dyn Device, scheme: Scheme, max: usize) -> Result<(), DeviceError> {
    let known = known_signatures(scheme);
    for first in known.chunk_by(|a, b| (a.profile, a.hashing) == (b.profile, b.hashing)) {
        let [KnownSignature { profile, hashing, .. }, ..] = *first else { continue };
        let plan = Plan::new(profile, hashing);
        let (items, expected): (Vec<Item<'_>>, Vec<Verdict>) = first
            .iter()
            .filter(|known| wire_len(&plan, &known.item) <= max)
            .map(|known| (known.item, known.verdict))
            .unzip();
        let mut verdicts = vec![Verdict::Invalid; items.len()];
        device.verify(&plan, &items, &mut verdicts)?;
        let verdicts = verdicts.iter().map(|verdict| verdict.under(profile)).zip(expected);
        let judged = verdicts.map(|(said, right)| (said == right, said, right));
        compare(device, scheme.name(), judged)?;
    }
    Ok(())
}

fn test_recovery(device: &dyn Device, max: usize) -> Result<(), DeviceError> {
    let plan = Plan::new(Profile::Ethereum, Hashing::Sha256);
    let fits = |(item, _): &(Item<'_>, Recovered)| wire_len(&plan, item) <= max;
    let (items, expected): (Vec<_>, Vec<_>) = known_keys().into_iter().filter(fits).unzip();
    let mut keys = vec![Recovered { verdict: Verdict::Invalid, key: [0; 64] }; items.len()];
    device.recover(&plan, &items, &mut keys)?;
    let judged = keys
        .iter()
        .zip(expected)
        .map(|(said, right)| (*said == right, said.verdict, right.verdict));
    compare(device, "recover", judged)
}

fn test_sums(device: &dyn Device, curve: Curve) -> Result<(), DeviceError> {
    let most = device.capabilities().max_terms.unwrap_or(usize::MAX);
    for (item, known) in known_sums(curve, most).iter().enumerate() {
        let bases = Bases::new(curve, &known.points, Checking::Unchecked)?;
        let mut sum = vec![0; curve.point_bytes()];
        device.multiply(&Terms::new(&bases, 0, &known.scalars)?, &mut sum)?;
        if sum != known.sum {
            let (device, curve) = (device.name().to_owned(), curve.name());
            return Err(DeviceError::SelfTestSum { device, curve, item });
        }
    }
    Ok(())
}

/// Whether an answer is right, what was said and what is right.
fn compare(
    device: &dyn Device,
    operation: &'static str,
    judged: impl Iterator<Item = (bool, Verdict, Verdict)>,
) -> Result<(), DeviceError> {
    for (item, (is_right, said, right)) in judged.enumerate() {
        if !is_right {
            let device = device.name().to_owned();
            return Err(DeviceError::SelfTestVerdict { device, operation, item, said, right });
        }
    }
    Ok(())
}
