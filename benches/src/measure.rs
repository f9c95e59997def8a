//! Interleaved timing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chaincard::msm::Curve;
use chaincard::{Cpu, Device, DeviceError, DeviceKind, HashAlgorithm, Messages};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::ThreadPool;

use crate::msm::{Terms, operation_name};
use crate::signatures::{MESSAGE, Operation, SignaturePeer, Signatures};
use crate::{BenchError, Options, Peer, Row, Shape};

/// Seed of the messages: the same ones in every run.
const SEED: u64 = 0x6368_6169_6E63_6172;

/// A contender whose single call takes longer than this gets [`SLOW_ROUNDS`] samples.
const SLOW_CALL: Duration = Duration::from_millis(150);
const SLOW_ROUNDS: usize = 3;

/// Signatures in a batch for a simulated card.
const SIMULATED_SIGNATURES: usize = 2;

/// Measures everything that `options` names; `progress` hears each case before it starts.
///
/// # Errors
/// [`BenchError::Device`] when a device fails, [`BenchError::Mismatch`] when two contenders
/// disagree on a result: figures of wrong answers are worth nothing.
pub fn run(options: &Options, progress: &mut dyn FnMut(&str)) -> Result<Vec<Row>, BenchError> {
    let longest = options.shapes.iter().map(|shape| shape.size * shape.batch).max().unwrap_or(0);
    let mut data = vec![0; longest];
    ChaCha8Rng::seed_from_u64(SEED).fill_bytes(&mut data);
    let signatures: Vec<_> = options
        .operations
        .iter()
        .map(|&operation| {
            (operation, Arc::new(Signatures::new(operation, SEED, options.signatures)))
        })
        .collect();

    let mut rows = Vec::new();
    for &threads in &options.threads {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|source| BenchError::Threads { threads, source })?;
        let case = Case { options, threads, first: threads == options.threads[0] };
        let plural = if threads == 1 { "" } else { "s" };
        for &algorithm in &options.algorithms {
            for &shape in &options.shapes {
                if shape.batch == 1 && threads != 1 {
                    continue;
                }
                let Shape { size, batch } = shape;
                let name = algorithm.name();
                progress(&format!("{name} {size} B × {batch}, {threads} thread{plural}"));
                let mut contenders = case.hashers(algorithm, shape);
                rows.extend(measure(&mut contenders, &data, options, &pool)?);
            }
        }
        for (operation, signatures) in &signatures {
            let (name, count) = (operation.name(), signatures.len());
            progress(&format!("{name} × {count}, {threads} thread{plural}"));
            let mut contenders = case.verifiers(*operation, signatures);
            rows.extend(measure(&mut contenders, &[], options, &pool)?);
        }
        let sizes = || options.terms.iter().filter(|&&terms| terms > 0);
        for (&curve, &count) in options.curves.iter().flat_map(|c| sizes().map(move |n| (c, n))) {
            let operation = operation_name(curve);
            if !case.has_processor() {
                continue;
            }
            progress(&format!("{operation} of {count} terms, {threads} thread{plural}"));
            let terms = pool
                .install(|| Terms::new(curve, SEED, count, threads))
                .map_err(|source| BenchError::Msm { operation: operation.clone(), source })?;
            let mut contenders = case.multipliers(&operation, curve, &Arc::new(terms));
            rows.extend(measure(&mut contenders, &[], options, &pool)?);
        }
    }
    Ok(rows)
}

enum Work {
    HashOnDevice(Arc<dyn Device>, HashAlgorithm),
    Hash(Peer),
    SignaturesOnDevice(Arc<dyn Device>, Arc<Signatures>),
    Signatures(SignaturePeer, Arc<Signatures>),
    MultiplyOnProcessor(Arc<Terms>),
    /// By the peer of that number.
    Multiply(usize, Arc<Terms>),
}

struct Contender {
    work: Work,
    shape: Shape,
    row: Row,
    /// Bytes of one result.
    result_len: usize,
    results: Vec<u8>,
    calls: u32,
    samples: Vec<f64>,
    rounds: usize,
}

/// Who takes part in a case. The number of this machine's threads matters to the CPU only:
/// the other devices are measured once, with the `first` number.
struct Case<'a> {
    options: &'a Options,
    threads: usize,
    first: bool,
}

impl Case<'_> {
    fn contender(
        &self,
        work: Work,
        name: &str,
        operation: &str,
        shape: Shape,
        result_len: usize,
    ) -> Contender {
        let (device, peer, threads) = match &work {
            Work::Hash(_) | Work::Signatures(..) | Work::Multiply(..) => {
                ("cpu", Some(name.to_owned()), self.threads)
            }
            _ if name == "cpu" => (name, None, self.threads),
            _ => (name, None, 1),
        };
        Contender {
            work,
            shape,
            row: Row {
                device: device.to_owned(),
                operation: operation.to_owned(),
                size: shape.size,
                batch: shape.batch,
                threads,
                ns_per_item: 0.0,
                peer,
            },
            result_len,
            results: vec![0; shape.batch * result_len],
            calls: 1,
            samples: Vec::new(),
            rounds: self.options.rounds.max(1),
        }
    }

    /// The devices of this case with their names.
    fn devices(&self) -> impl Iterator<Item = (Arc<dyn Device>, String)> {
        self.options.devices.iter().filter_map(|device| match device.kind() {
            DeviceKind::Cpu => {
                let cpu: Arc<dyn Device> = Arc::new(Cpu::with_threads(self.threads));
                Some((cpu, "cpu".to_owned()))
            }
            _ if !self.first => None,
            _ => Some((Arc::clone(device), device.name().to_owned())),
        })
    }

    /// Whether the processor is among the devices.
    fn has_processor(&self) -> bool {
        self.options.devices.iter().any(|device| device.kind() == DeviceKind::Cpu)
    }

    fn hashers(&self, algorithm: HashAlgorithm, shape: Shape) -> Vec<Contender> {
        let (operation, len) = (algorithm.name(), algorithm.digest_len());
        let mut all = Vec::new();
        for (device, name) in self.devices() {
            let capabilities = device.capabilities();
            let shape = match device.kind() {
                DeviceKind::Simulated => shape.simulated(),
                _ => Some(shape),
            };
            let Some(shape) = shape else { continue };
            let fits = capabilities.max_message.is_none_or(|most| shape.size <= most);
            if fits && capabilities.has(algorithm) {
                let most = capabilities.max_batch.unwrap_or(usize::MAX);
                let shape = Shape { batch: shape.batch.min(most), ..shape };
                let work = Work::HashOnDevice(device, algorithm);
                all.push(self.contender(work, &name, operation, shape, len));
            }
        }
        if self.options.peers {
            for peer in Peer::of(algorithm) {
                all.push(self.contender(Work::Hash(peer), peer.name, operation, shape, len));
            }
        }
        all
    }

    fn verifiers(&self, operation: Operation, signatures: &Arc<Signatures>) -> Vec<Contender> {
        let len = signatures.result_len();
        let shape = Shape { size: MESSAGE, batch: signatures.len() };
        let mut all = Vec::new();
        for (device, name) in self.devices() {
            let capabilities = device.capabilities();
            if !operation.is_in(capabilities) {
                continue;
            }
            let most = match device.kind() {
                DeviceKind::Simulated => SIMULATED_SIGNATURES,
                _ => usize::MAX,
            };
            let most = most.min(capabilities.max_batch.unwrap_or(usize::MAX));
            let shape = Shape { batch: shape.batch.min(most), ..shape };
            let work = Work::SignaturesOnDevice(device, Arc::clone(signatures));
            all.push(self.contender(work, &name, operation.name(), shape, len));
        }
        if self.options.peers {
            for peer in SignaturePeer::of(operation) {
                let work = Work::Signatures(peer, Arc::clone(signatures));
                all.push(self.contender(work, peer.name, operation.name(), shape, len));
            }
        }
        all
    }

    fn multipliers(&self, operation: &str, curve: Curve, terms: &Arc<Terms>) -> Vec<Contender> {
        let shape = Shape { size: terms.len(), batch: 1 };
        let contender =
            |work, name| self.contender(work, name, operation, shape, curve.point_bytes());
        let mut all = vec![contender(Work::MultiplyOnProcessor(Arc::clone(terms)), "cpu")];
        if self.options.peers {
            for (number, peer) in terms.peers().iter().enumerate() {
                all.push(contender(Work::Multiply(number, Arc::clone(terms)), peer.name));
            }
        }
        all
    }
}

impl Contender {
    /// One call; the peers work on the threads of `pool`, a device knows its own.
    fn call(&mut self, data: &[u8], pool: &ThreadPool) -> Result<(), BenchError> {
        let Shape { size, batch } = self.shape;
        let results = &mut self.results;
        let result = match &self.work {
            Work::Hash(peer) => {
                pool.install(|| peer.hash(&data[..size * batch], size, results));
                Ok(())
            }
            Work::Signatures(peer, signatures) => {
                pool.install(|| signatures.on_peer(peer, results));
                Ok(())
            }
            Work::HashOnDevice(device, algorithm) => {
                let data = &data[..size * batch];
                let messages = Messages::Rows { data, len: size, count: batch };
                device.hash(*algorithm, &messages, results).map(drop)
            }
            Work::SignaturesOnDevice(device, signatures) => {
                signatures.on_device(&**device, results)
            }
            Work::MultiplyOnProcessor(terms) => {
                let sum = pool.install(|| terms.multiply());
                *results = sum.map_err(|source| BenchError::Msm {
                    operation: self.row.operation.clone(),
                    source,
                })?;
                Ok(())
            }
            Work::Multiply(number, terms) => {
                *results = pool.install(|| terms.peers()[*number].multiply());
                Ok(())
            }
        };
        result.map_err(|source: DeviceError| BenchError::Device {
            device: self.row.device.clone(),
            operation: self.row.operation.clone(),
            source,
        })
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

/// Checks that all contenders gave the same results, as far as their batches overlap.
fn compare(contenders: &[Contender]) -> Result<(), BenchError> {
    let Some((first, others)) = contenders.split_first() else { return Ok(()) };
    let len = first.result_len;
    for other in others {
        let pairs = first.results.chunks_exact(len).zip(other.results.chunks_exact(len));
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
            operations: Operation::ALL.to_vec(),
            signatures: 32,
            terms: vec![1, 40],
            sample: Duration::from_micros(50),
            ..Options::standard(vec![Arc::new(Cpu::new()), Arc::new(Fake { capabilities, wrong })])
        }
    }

    #[test]
    fn one_row_for_each_contender_in_each_case() {
        let rows = run(&options(false), &mut |_| {}).expect("rows");
        let peers: usize = HashAlgorithm::ALL.iter().map(|&a| Peer::of(a).len()).sum();
        let of = |operation: &Operation| 1 + SignaturePeer::of(*operation).len();
        let verifiers: usize = Operation::ALL.iter().map(of).sum();
        // Three libraries have BLS12-381, two BN254, one BLS12-377.
        let multipliers = 3 + (3 + 2 + 1);
        // The processor has two thread counts for the batch and one for the single message;
        // the other device does not care.
        assert_eq!(
            rows.len(),
            3 * (peers + HashAlgorithm::ALL.len())
                + 2 * HashAlgorithm::ALL.len()
                + 2 * verifiers
                + 2 * 2 * multipliers
        );
        assert!(rows.iter().all(|row| row.ns_per_item > 0.0));
    }

    #[test]
    fn a_wrong_digest_is_an_error() {
        let error = run(&options(true), &mut |_| {}).expect_err("mismatch");
        assert!(matches!(error, BenchError::Mismatch { index: 7, .. }), "{error}");
    }
}
