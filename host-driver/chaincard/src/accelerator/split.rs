//! Batches with messages that are too long for a device.

use super::slot::Slot;
use crate::device::{DeviceError, Report};
use crate::hash::{HashAlgorithm, Messages};

/// Hashes on `slot` what it takes and on `other` what is too long for it.
pub(super) fn hash(
    slot: &Slot,
    other: &Slot,
    algorithm: HashAlgorithm,
    messages: &Messages<'_>,
    digests: &mut [u8],
) -> Result<(Report, usize), DeviceError> {
    let max = slot.max_message();
    let (long, short): (Vec<usize>, Vec<usize>) =
        (0..messages.len()).partition(|&index| messages.get(index).len() > max);
    let report = some(slot, algorithm, messages, &short, digests)?;
    some(other, algorithm, messages, &long, digests)?;
    Ok((report, long.len()))
}

/// Hashes the messages at `indices` and puts the digests into their places.
fn some(
    slot: &Slot,
    algorithm: HashAlgorithm,
    messages: &Messages<'_>,
    indices: &[usize],
    digests: &mut [u8],
) -> Result<Report, DeviceError> {
    if indices.is_empty() {
        return Ok(Report::default());
    }
    let len = algorithm.digest_len();
    let slices: Vec<&[u8]> = indices.iter().map(|&index| messages.get(index)).collect();
    let mut some = vec![0; indices.len() * len];
    let report = slot.hash(algorithm, &Messages::Slices(&slices), &mut some)?;
    for (&index, digest) in indices.iter().zip(some.chunks_exact(len)) {
        digests[index * len..][..len].copy_from_slice(digest);
    }
    Ok(report)
}
