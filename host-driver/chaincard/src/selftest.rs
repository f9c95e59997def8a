//! Known-answer tests that every device passes before it is trusted.

mod vectors;

use crate::device::{Device, DeviceError};
use crate::hash::{HashAlgorithm, Messages};

pub use vectors::{KnownAnswer, known_answers};

/// Runs the known-answer test of every algorithm that `device` claims, each as one batch.
///
/// # Errors
/// [`DeviceError::SelfTest`] for a wrong digest, otherwise what the device says.
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
