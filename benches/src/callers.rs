//! Many threads that ask for one signature each, beside one call for all of them; and one thread
//! that does, beside the libraries.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use chaincard::{Accelerator, Device, DeviceKind};
use rayon::ThreadPool;
use serde::Serialize;

use crate::{BenchError, Operation, SignaturePeer, Signatures};

/// Seed of the signatures: the same ones in every run.
const SEED: u64 = 0x6361_6C6C_6572_7321;

/// Least duration of a sample.
const SAMPLE: Duration = Duration::from_millis(60);

/// Calls that a library, or the lone caller, makes in turn.
const TURN: usize = 32;

/// What to measure.
pub struct CallersOptions {
    /// Devices, each of them behind an accelerator with the default policy.
    pub devices: Vec<Arc<dyn Device>>,
    /// What is done with signatures.
    pub operations: Vec<Operation>,
    /// Threads that ask.
    pub callers: usize,
    /// Signatures in the one call; a simulated card gets one for each caller.
    pub signatures: usize,
    /// Samples of each; the median counts.
    pub rounds: usize,
    /// Whether to measure the peers.
    pub peers: bool,
}

/// One device and operation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallersRow {
    /// Name of the device.
    pub device: String,
    /// What is done with signatures.
    pub operation: String,
    /// Signatures in the one call.
    pub batch: usize,
    /// Nanoseconds for each of them.
    pub batch_ns: f64,
    /// Threads that ask for one signature after the other.
    pub callers: usize,
    /// Nanoseconds for each of theirs, all of them taken together.
    pub callers_ns: f64,
    /// Nanoseconds that one thread waits, if no other asks; median of single calls.
    pub lone_ns: f64,
    /// The fastest library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// Nanoseconds of a call of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer_ns: Option<f64>,
}

impl CallersRow {
    /// Throughput of the callers as a share of that of the one call.
    pub fn share(&self) -> f64 {
        self.batch_ns / self.callers_ns
    }

    /// How long a lone caller waits, as a multiple of a call of the fastest library.
    pub fn wait(&self) -> Option<f64> {
        self.peer_ns.map(|peer| self.lone_ns / peer)
    }
}

/// Measures everything that `options` names; `progress` hears each case before it starts.
///
/// # Errors
/// Those of [`run`](crate::run).
pub fn run_callers(
    options: &CallersOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<CallersRow>, BenchError> {
    let threads = options.callers.max(1);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|source| BenchError::Threads { threads, source })?;
    let mut rows = Vec::new();
    for device in &options.devices {
        let accelerator = Accelerator::builder().device(Arc::clone(device)).build()?;
        for &operation in &options.operations {
            if !operation.is_in(device.capabilities()) {
                continue;
            }
            progress(&format!("{}, {} callers on {}", operation.name(), threads, device.name()));
            let simulated = device.kind() == DeviceKind::Simulated;
            let count = if simulated { threads } else { options.signatures.max(1) };
            let signatures = Signatures::new(operation, SEED, count);
            let case =
                Case { accelerator: &accelerator, device, operation, signatures, pool: &pool };
            rows.push(case.measure(options, simulated)?);
        }
    }
    Ok(rows)
}

struct Case<'a> {
    accelerator: &'a Accelerator,
    device: &'a Arc<dyn Device>,
    operation: Operation,
    signatures: Signatures,
    pool: &'a ThreadPool,
}

impl Case<'_> {
    fn measure(&self, options: &CallersOptions, once: bool) -> Result<CallersRow, BenchError> {
        let (count, len) = (self.signatures.len(), self.signatures.result_len());
        let mut expected = vec![0; count * len];
        let warm = Instant::now();
        self.ask(0, &mut expected)?;
        let passes = SAMPLE.as_nanos().div_ceil(warm.elapsed().as_nanos().max(1));
        let passes = if once { 1 } else { passes.min(1 << 16) as usize };
        let peers = if options.peers { SignaturePeer::of(self.operation) } else { Vec::new() };

        let [mut batch, mut callers] = [const { Vec::new() }; 2];
        // Of calls for one signature: those of the lone caller, then those of each peer.
        let mut single = vec![Vec::new(); peers.len() + 1];
        let mut results = vec![0; count * len];
        for _ in 0..if once { 1 } else { options.rounds.max(1) } {
            let start = Instant::now();
            for _ in 0..passes {
                self.ask(0, &mut results)?;
            }
            batch.push(start.elapsed() / passes as u32);
            self.check("itself", &expected, &results)?;

            callers.push(self.many(passes, &expected)? / passes as u32);

            // Libraries and lone caller take turns, some signatures each: the first of them finds
            // the caches as another library left them.
            for (first, results) in results.chunks_mut(TURN * len).enumerate() {
                for turn in 0..single.len() {
                    let turn = (first + turn) % single.len();
                    let peer = turn.checked_sub(1).map(|peer| &peers[peer]);
                    for (index, result) in (first * TURN..).zip(results.chunks_exact_mut(len)) {
                        let start = Instant::now();
                        match peer {
                            None => self.ask(index, result)?,
                            Some(peer) => self.signatures.one_on_peer(peer, index, result),
                        }
                        single[turn].push(start.elapsed());
                        let right = &expected[index * len..][..len];
                        self.check(peer.map_or("lone caller", |peer| peer.name), right, result)?;
                    }
                }
            }
        }
        let mut lone_and_peers = single.iter_mut().map(|samples| median(samples));
        let lone_ns = lone_and_peers.next().unwrap_or_default();
        let fastest = peers.iter().zip(lone_and_peers).min_by(|(_, a), (_, b)| a.total_cmp(b));
        Ok(CallersRow {
            device: self.device.name().to_owned(),
            operation: self.operation.name().to_owned(),
            batch: count,
            batch_ns: median(&mut batch) / count as f64,
            callers: options.callers.max(1),
            callers_ns: median(&mut callers) / count as f64,
            lone_ns,
            peer: fastest.map(|(peer, _)| peer.name.to_owned()),
            peer_ns: fastest.map(|(_, ns)| ns),
        })
    }

    /// One call for as many signatures as `results` has room for.
    fn ask(&self, first: usize, results: &mut [u8]) -> Result<(), BenchError> {
        self.signatures.on_accelerator(self.accelerator, first, results).map_err(|source| {
            BenchError::Accelerator {
                device: self.device.name().to_owned(),
                operation: self.operation.name().to_owned(),
                source,
            }
        })
    }

    /// Time of all callers for all signatures, so many times.
    fn many(&self, passes: usize, expected: &[u8]) -> Result<Duration, BenchError> {
        let (count, len) = (self.signatures.len(), self.signatures.result_len());
        let next = AtomicUsize::new(0);
        let caller = || -> Result<(), BenchError> {
            let mut result = vec![0; len];
            loop {
                let index = next.fetch_add(1, Relaxed);
                if index >= passes * count {
                    return Ok(());
                }
                let index = index % count;
                self.ask(index, &mut result)?;
                self.check("many callers", &expected[index * len..][..len], &result)?;
            }
        };
        let start = Instant::now();
        let outcomes = self.pool.broadcast(|_| caller());
        let elapsed = start.elapsed();
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(elapsed)
    }

    fn check(&self, who: &str, expected: &[u8], found: &[u8]) -> Result<(), BenchError> {
        if expected == found {
            return Ok(());
        }
        let len = self.signatures.result_len();
        let pairs = expected.chunks_exact(len).zip(found.chunks_exact(len));
        Err(BenchError::Mismatch {
            first: self.device.name().to_owned(),
            second: who.to_owned(),
            operation: self.operation.name().to_owned(),
            size: crate::signatures::MESSAGE,
            index: pairs.into_iter().position(|(a, b)| a != b).unwrap_or_default(),
        })
    }
}

/// In nanoseconds; a call that the system interrupts does not count as it would in a mean.
fn median(samples: &mut [Duration]) -> f64 {
    samples.sort_unstable();
    samples.get(samples.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e9)
}

/// A table for people: a line for each row. Throughputs are in signatures per second.
pub fn callers_table(rows: &[CallersRow]) -> String {
    let mut text = format!(
        "{:<15} {:<12} {:>6} {:>10}  {:>7} {:>10} {:>7}  {:>13}  {:<14} {:>9} {:>6}\n",
        "operation",
        "device",
        "batch",
        "per second",
        "callers",
        "per second",
        "share",
        "lone caller µs",
        "best peer",
        "µs",
        "ratio"
    );
    for row in rows {
        let _ = write!(
            text,
            "{:<15} {:<12} {:>6} {:>10.0}  {:>7} {:>10.0} {:>5.1} %  {:>14.2}",
            row.operation,
            row.device,
            row.batch,
            1e9 / row.batch_ns,
            row.callers,
            1e9 / row.callers_ns,
            row.share() * 100.0,
            row.lone_ns / 1e3
        );
        if let (Some(peer), Some(ns), Some(wait)) = (&row.peer, row.peer_ns, row.wait()) {
            let _ = write!(text, "  {peer:<14} {:>9.2} {wait:>6.3}", ns / 1e3);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use chaincard::{Cpu, Profile};

    use super::*;

    #[test]
    fn a_row_for_each_device_and_operation() {
        let options = CallersOptions {
            devices: vec![Arc::new(Cpu::with_threads(2))],
            operations: vec![Operation::Recover, Operation::Verify(Profile::Fips186)],
            callers: 5,
            signatures: 40,
            rounds: 1,
            peers: true,
        };
        let rows = run_callers(&options, &mut |_| {}).expect("rows");
        assert_eq!(rows.len(), 2);
        for row in &rows {
            assert!(row.batch_ns > 0.0 && row.callers_ns > 0.0 && row.lone_ns > 0.0, "{row:?}");
            assert!(row.wait().is_some_and(|wait| wait > 0.0), "{row:?}");
        }
        assert_eq!(callers_table(&rows).lines().count(), 3);
    }
}
