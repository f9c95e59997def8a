//! Interleaved timing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chaincard::{Cpu, Device, DeviceError, DeviceKind, HashAlgorithm, Messages};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::ThreadPool;

use crate::{BenchError, Options, Peer, Row, Shape};

/// Seed of the messages: the same ones in every run.
const SEED: u64 = 0x6368_6169_6E63_6172;

/// A contender whose single call takes longer than this gets [`SLOW_ROUNDS`] samples.
const SLOW_CALL: Duration = Duration::from_millis(150);
const SLOW_ROUNDS: usize = 3;

/// Measures everything that `options` names; `progress` hears each case before it starts.
///
/// # Errors
/// [`BenchError::Device`] when a device fails, [`BenchError::Mismatch`] when two contenders
/// disagree on a digest: figures of wrong answers are worth nothing.
pub fn run(options: &Options, progress: &mut dyn FnMut(&str)) -> Result<Vec<Row>, BenchError> {
    let longest = options.shapes.iter().map(|shape| shape.size * shape.batch).max().unwrap_or(0);
    let mut data = vec![0; longest];
    ChaCha8Rng::seed_from_u64(SEED).fill_bytes(&mut data);

    let mut rows = Vec::new();
    for &threads in &options.threads {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|source| BenchError::Threads { threads, source })?;
        for &algorithm in &options.algorithms {
            for &shape in &options.shapes {
                if shape.batch == 1 && threads != 1 {
                    continue;
                }
                progress(&format!(
                    "{} {} B × {}, {threads} thread{}",
                    algorithm.name(),
                    shape.size,
                    shape.batch,
                    if threads == 1 { "" } else { "s" }
                ));
                let first = threads == options.threads[0];
                let mut contenders = contenders(options, algorithm, shape, threads, first);
                rows.extend(measure(&mut contenders, &data, options, &pool)?);
            }
        }
    }
    Ok(rows)
}

enum Hasher {
    Device(Arc<dyn Device>),
    Peer(Peer),
}

struct Contender {
    hasher: Hasher,
    algorithm: HashAlgorithm,
    shape: Shape,
    row: Row,
    digests: Vec<u8>,
    calls: u32,
    samples: Vec<f64>,
    rounds: usize,
}

/// Who takes part in a case. The number of this machine's threads matters to the CPU only:
/// the other devices are measured once, with the `first` number.
fn contenders(
    options: &Options,
    algorithm: HashAlgorithm,
    shape: Shape,
    threads: usize,
    first: bool,
) -> Vec<Contender> {
    let contender = |hasher, device: &str, shape: Shape, threads, peer| Contender {
        hasher,
        algorithm,
        shape,
        row: Row {
            device: device.to_owned(),
            operation: algorithm.name().to_owned(),
            size: shape.size,
            batch: shape.batch,
            threads,
            ns_per_item: 0.0,
            peer,
        },
        digests: vec![0; shape.batch * algorithm.digest_len()],
        calls: 1,
        samples: Vec::new(),
        rounds: options.rounds.max(1),
    };
    let mut all = Vec::new();
    for device in &options.devices {
        let capabilities = device.capabilities();
        let (device, name, shape, threads): (Arc<dyn Device>, _, _, _) = match device.kind() {
            DeviceKind::Cpu => (Arc::new(Cpu::with_threads(threads)), "cpu", Some(shape), threads),
            _ if !first => continue,
            DeviceKind::Simulated => (Arc::clone(device), device.name(), shape.simulated(), 1),
            DeviceKind::OpenCl | DeviceKind::Card => {
                (Arc::clone(device), device.name(), Some(shape), 1)
            }
        };
        let Some(shape) = shape else { continue };
        let fits = capabilities.max_message.is_none_or(|most| shape.size <= most);
        if fits && capabilities.has(algorithm) {
            let most = capabilities.max_batch.unwrap_or(usize::MAX);
            let shape = Shape { batch: shape.batch.min(most), ..shape };
            all.push(contender(Hasher::Device(device), name, shape, threads, None));
        }
    }
    if options.peers {
        for peer in Peer::of(algorithm) {
            let name = Some(peer.name.to_owned());
            all.push(contender(Hasher::Peer(peer), "cpu", shape, threads, name));
        }
    }
    all
}

impl Contender {
    /// One call; the peers work on the threads of `pool`, a device knows its own.
    fn call(&mut self, data: &[u8], pool: &ThreadPool) -> Result<(), BenchError> {
        let Shape { size, batch } = self.shape;
        let data = &data[..size * batch];
        match &self.hasher {
            Hasher::Peer(peer) => pool.install(|| peer.hash(data, size, &mut self.digests)),
            Hasher::Device(device) => {
                let messages = Messages::Rows { data, len: size, count: batch };
                let result = device.hash(self.algorithm, &messages, &mut self.digests);
                result.map_err(|source: DeviceError| BenchError::Device {
                    device: self.row.device.clone(),
                    operation: self.row.operation.clone(),
                    source,
                })?;
            }
        }
        Ok(())
    }

    fn sample(&mut self, data: &[u8], pool: &ThreadPool) -> Result<Duration, BenchError> {
        let start = Instant::now();
        for _ in 0..self.calls {
            self.call(data, pool)?;
        }
        let elapsed = start.elapsed();
        let items = f64::from(self.calls) * self.shape.batch as f64;
        self.samples.push(elapsed.as_secs_f64() * 1e9 / items);
        Ok(elapsed)
    }

    /// Finds how many calls fill a sample; also warms caches and starts threads.
    fn calibrate(
        &mut self,
        data: &[u8],
        pool: &ThreadPool,
        sample: Duration,
    ) -> Result<(), BenchError> {
        loop {
            let elapsed = self.sample(data, pool)?;
            if self.calls == 1 && elapsed > SLOW_CALL {
                self.rounds = self.rounds.min(SLOW_ROUNDS);
            }
            if elapsed >= sample || self.calls >= 1 << 20 {
                break;
            }
            let factor = sample.as_secs_f64() / elapsed.as_secs_f64().max(1e-9);
            self.calls = self.calls.saturating_mul((factor * 1.1).ceil().clamp(2.0, 16.0) as u32);
        }
        self.samples.clear();
        Ok(())
    }

    fn finish(mut self) -> Row {
        self.samples.sort_by(f64::total_cmp);
        self.row.ns_per_item = self.samples[self.samples.len() / 2];
        self.row
    }
}

fn measure(
    contenders: &mut Vec<Contender>,
    data: &[u8],
    options: &Options,
    pool: &ThreadPool,
) -> Result<Vec<Row>, BenchError> {
    for contender in contenders.iter_mut() {
        contender.call(data, pool)?;
    }
    compare(contenders)?;
    for contender in contenders.iter_mut() {
        contender.calibrate(data, pool, options.sample)?;
    }
    let count = contenders.len();
    for round in 0..options.rounds.max(1) {
        // A different one begins each round: whoever follows a heavy neighbour pays for it.
        for turn in 0..count {
            let contender = &mut contenders[(round + turn) % count];
            if contender.samples.len() < contender.rounds {
                contender.sample(data, pool)?;
            }
        }
    }
    Ok(contenders.drain(..).map(Contender::finish).collect())
}

/// Checks that all contenders gave the same digests, as far as their batches overlap.
fn compare(contenders: &[Contender]) -> Result<(), BenchError> {
    let Some((first, others)) = contenders.split_first() else { return Ok(()) };
    let len = first.algorithm.digest_len();
    for other in others {
        let pairs = first.digests.chunks_exact(len).zip(other.digests.chunks_exact(len));
        if let Some(index) = pairs.into_iter().position(|(a, b)| a != b) {
            return Err(BenchError::Mismatch {
                first: first.row.contender().to_owned(),
                second: other.row.contender().to_owned(),
                operation: first.row.operation.clone(),
                size: first.row.size,
                index,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chaincard::{Capabilities, Report};

    use super::*;

    /// Answers with the first peer; with `wrong`, the last digest has a flipped bit.
    struct Fake {
        capabilities: Capabilities,
        wrong: bool,
    }

    impl Device for Fake {
        fn name(&self) -> &str {
            "fake"
        }
        fn kind(&self) -> DeviceKind {
            DeviceKind::OpenCl
        }
        fn description(&self) -> String {
            "fake".to_owned()
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
            let all: Vec<u8> = messages.iter().flatten().copied().collect();
            Peer::of(algorithm)[0].hash(&all, messages.get(0).len(), digests);
            if self.wrong {
                *digests.last_mut().expect("a digest") ^= 1;
            }
            Ok(Report::default())
        }
    }

    fn options(wrong: bool) -> Options {
        let hashes = HashAlgorithm::ALL.to_vec();
        let capabilities = Capabilities { hashes, ..Capabilities::default() };
        Options {
            shapes: vec![Shape { size: 64, batch: 8 }, Shape { size: 5000, batch: 1 }],
            threads: vec![1, 2],
            rounds: 3,
            sample: Duration::from_micros(50),
            ..Options::standard(vec![Arc::new(Cpu::new()), Arc::new(Fake { capabilities, wrong })])
        }
    }

    #[test]
    fn one_row_for_each_contender_in_each_case() {
        let rows = run(&options(false), &mut |_| {}).expect("rows");
        let peers: usize = HashAlgorithm::ALL.iter().map(|&a| Peer::of(a).len()).sum();
        // The processor has two thread counts for the batch and one for the single message;
        // the other device does not care.
        assert_eq!(
            rows.len(),
            3 * (peers + HashAlgorithm::ALL.len()) + 2 * HashAlgorithm::ALL.len()
        );
        assert!(rows.iter().all(|row| row.ns_per_item > 0.0));
    }

    #[test]
    fn a_wrong_digest_is_an_error() {
        let error = run(&options(true), &mut |_| {}).expect_err("mismatch");
        assert!(matches!(error, BenchError::Mismatch { index: 7, .. }), "{error}");
    }
}
