//! Histograms with few buckets, cheap enough for every device call.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Buckets with a bound; one more takes what is beyond the last.
const BOUNDS: usize = 12;

/// Upper bounds, inclusive, of the buckets of latencies, in nanoseconds: 4 µs ... 17 s, each four
/// times the one before.
pub const LATENCY_BOUNDS_NS: [u64; BOUNDS] = powers_of_four(4_000);

/// Upper bounds, inclusive, of the buckets of batch sizes, in items: 1 ... 4,194,304, each four
/// times the one before.
pub const BATCH_BOUNDS: [u64; BOUNDS] = powers_of_four(1);

const fn powers_of_four(first: u64) -> [u64; BOUNDS] {
    let mut bounds = [first; BOUNDS];
    let mut index = 1;
    while index < BOUNDS {
        bounds[index] = bounds[index - 1] * 4;
        index += 1;
    }
    bounds
}

/// How often values fell into each bucket.
///
/// ```
/// use chaincard::metrics::BATCH_BOUNDS;
/// use chaincard::{Accelerator, HashAlgorithm, Messages, Operation};
///
/// let accelerator = Accelerator::open("cpu")?;
/// accelerator.hash_many(HashAlgorithm::Sm3, &Messages::Slices(&[b"a", b"b", b"c"]))?;
/// let metrics = accelerator.metrics();
/// let (_, sm3) = metrics.devices[0].operations[Operation::Hash(HashAlgorithm::Sm3).index()];
/// assert_eq!(BATCH_BOUNDS[..2], [1, 4]);
/// assert_eq!(sm3.batch_items.buckets()[..2], [0, 1]);
/// assert_eq!(sm3.batch_items.count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Histogram([u64; BOUNDS + 1]);

impl Histogram {
    /// Values up to each bound that are beyond the one before, and at last those beyond all
    /// bounds.
    pub const fn buckets(&self) -> &[u64] {
        &self.0
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// A [`Histogram`] that many threads write.
#[derive(Debug, Default)]
pub(crate) struct Recorder([AtomicU64; BOUNDS + 1]);

impl Recorder {
    /// Counts `value` by `bounds`.
    pub(crate) fn count(&self, bounds: &[u64; BOUNDS], value: u64) {
        let bucket = bounds.partition_point(|&bound| bound < value);
        self.0[bucket].fetch_add(1, Relaxed);
    }

    /// What was counted so far.
    pub(crate) fn read(&self) -> Histogram {
        Histogram(std::array::from_fn(|bucket| self.0[bucket].load(Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_belong_to_their_buckets() {
        let recorder = Recorder::default();
        for value in [0, 1, 2, 4, 5, 16, 4_194_304, 4_194_305, u64::MAX] {
            recorder.count(&BATCH_BOUNDS, value);
        }
        let mut expected = [0; BOUNDS + 1];
        (expected[0], expected[1], expected[2]) = (2, 2, 2);
        (expected[BOUNDS - 1], expected[BOUNDS]) = (1, 2);
        assert_eq!(recorder.read().buckets(), expected);
        assert_eq!(recorder.read().count(), 9);
    }

    #[test]
    fn bounds_are_what_they_say() {
        assert_eq!(BATCH_BOUNDS[BOUNDS - 1], 4_194_304);
        assert_eq!(LATENCY_BOUNDS_NS[BOUNDS - 1], 16_777_216_000);
    }
}
