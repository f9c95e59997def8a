//! The CPU engine: per algorithm the fastest maintained implementation on this processor,
//! batches spread over threads.

mod keccak;
mod kernel;
mod sha2;
mod sm3;
mod verify;

pub(crate) use verify::{digest, sm2_identity, uncompressed_sm2};

use std::sync::OnceLock;

use crate::device::{
    Capabilities, Device, DeviceError, DeviceKind, Report, check_call, check_multiply,
    check_recover, check_verify,
};
use crate::hash::{HashAlgorithm, Messages};
use crate::msm::{Curve, Terms};
use crate::verify::{Item, Plan, Recovered, Scheme, Verdict};

/// Below this estimated time a batch is hashed on the calling thread: waking the pool takes
/// some microseconds on each side.
const INLINE_BELOW_NS: u64 = 60_000;

/// Estimated time of one share of a batch, so that shares even out and cost little to hand over.
const SHARE_NS: u64 = 40_000;

/// As [`SHARE_NS`], for signatures: within a share, inversions are shared.
const VERIFY_SHARE_NS: u64 = 400_000;

/// Items judged together on the calling thread.
const INLINE_SHARE: usize = 32;

/// This machine's processor as a device.
///
/// ```
/// use chaincard::{Cpu, Device, HashAlgorithm, Messages};
///
/// let cpu = Cpu::new();
/// let mut digest = [0; 32];
/// cpu.hash(HashAlgorithm::Sm3, &Messages::Slices(&[b"abc"]), &mut digest)?;
/// assert_eq!(digest[..4], [0x66, 0xc7, 0xf0, 0xf4]);
/// # Ok::<(), chaincard::DeviceError>(())
/// ```
#[derive(Debug)]
pub struct Cpu {
    name: String,
    capabilities: Capabilities,
    threads: usize,
    pool: OnceLock<Option<rayon::ThreadPool>>,
}

impl Default for Cpu {
    fn default() -> Self {
        Self::new()
    }
}

impl Cpu {
    /// All cores, named `cpu`.
    pub fn new() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self::named("cpu".to_owned(), threads)
    }

    /// At most `threads` threads (0: one), named `cpu:THREADS`. With one, every batch is
    /// hashed on the calling thread.
    pub fn with_threads(threads: usize) -> Self {
        Self::named(format!("cpu:{}", threads.max(1)), threads.max(1))
    }

    fn named(name: String, threads: usize) -> Self {
        let capabilities = Capabilities {
            hashes: HashAlgorithm::ALL.to_vec(),
            verifies: Scheme::ALL.to_vec(),
            recovers: true,
            multiplies: Curve::ALL.to_vec(),
            ..Capabilities::default()
        };
        Self { name, capabilities, threads, pool: OnceLock::new() }
    }

    /// Threads that a large batch is spread over.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Name of the implementation that hashes messages of `len` bytes here.
    pub fn implementation(&self, algorithm: HashAlgorithm, len: usize) -> &'static str {
        kernel::implementation(algorithm, len)
    }

    /// The pool, made at its first use; `None` when the system gives no more threads.
    fn pool(&self) -> Option<&rayon::ThreadPool> {
        self.pool
            .get_or_init(|| {
                rayon::ThreadPoolBuilder::new()
                    .num_threads(self.threads)
                    .thread_name(|index| format!("chaincard-cpu-{index}"))
                    .build()
                    .ok()
            })
            .as_ref()
    }

    /// Hashes in shares of `share` messages on the pool.
    fn hash_shared(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
        share: usize,
    ) -> bool {
        use rayon::prelude::*;
        let Some(pool) = self.pool() else { return false };
        pool.install(|| {
            digests.par_chunks_mut(share * algorithm.digest_len()).enumerate().for_each(
                |(index, digests)| {
                    let first = index * share;
                    kernel::hash(algorithm, messages, first, digests);
                },
            );
        });
        true
    }

    /// Judges items with `judge`, in shares on the pool where that pays.
    fn judge<T: Send>(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        results: &mut [T],
        judge: impl Fn(&Plan<'_>, &[Item<'_>], &mut [T]) + Sync,
    ) {
        use rayon::prelude::*;
        if self.threads > 1 && items.len() > 1 {
            let ns = verify::estimate_ns(plan, items);
            if ns >= INLINE_BELOW_NS
                && let Some(pool) = self.pool()
            {
                let share = (items.len() as u64 * VERIFY_SHARE_NS).div_ceil(ns).max(1) as usize;
                let share = share.min(items.len().div_ceil(self.threads));
                pool.install(|| {
                    items
                        .par_chunks(share)
                        .zip(results.par_chunks_mut(share))
                        .for_each(|(items, results)| judge(plan, items, results));
                });
                return;
            }
        }
        for (items, results) in items.chunks(INLINE_SHARE).zip(results.chunks_mut(INLINE_SHARE)) {
            judge(plan, items, results);
        }
    }
}

impl Device for Cpu {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::Cpu
    }

    fn description(&self) -> String {
        format!("{}, {} threads", kernel::processor(), self.threads)
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn hash(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Report, DeviceError> {
        check_call(self, algorithm, messages, digests)?;
        if self.threads > 1 && messages.len() > 1 {
            let ns = kernel::estimate_ns(algorithm, messages.len(), messages.total_bytes());
            if ns >= INLINE_BELOW_NS {
                let count = messages.len() as u64;
                let share = (count * SHARE_NS).div_ceil(ns).max(1) as usize;
                if self.hash_shared(algorithm, messages, digests, share) {
                    return Ok(Report::default());
                }
            }
        }
        kernel::hash(algorithm, messages, 0, digests);
        Ok(Report::default())
    }

    fn verify(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
    ) -> Result<Report, DeviceError> {
        check_verify(self, plan, items, verdicts)?;
        self.judge(plan, items, verdicts, verify::verify);
        Ok(Report::default())
    }

    fn recover(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        keys: &mut [Recovered],
    ) -> Result<Report, DeviceError> {
        check_recover(self, plan, items, keys)?;
        self.judge(plan, items, keys, verify::recover);
        Ok(Report::default())
    }

    fn multiply(&self, terms: &Terms<'_>, point: &mut [u8]) -> Result<Report, DeviceError> {
        check_multiply(self, terms, point)?;
        if terms.len() == 1 {
            // It is a single product, which needs no pool.
            point.copy_from_slice(&terms.sum());
            return Ok(Report::default());
        }
        // A pool of one thread, too: outside of any, rayon takes all cores.
        let Some(pool) = self.pool() else {
            return Err(DeviceError::NoThreads { device: self.name.clone() });
        };
        point.copy_from_slice(&pool.install(|| terms.sum()));
        Ok(Report::default())
    }
}
