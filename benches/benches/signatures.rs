//! Criterion bench of the CPU engine beside the peers, for every operation on signatures, in
//! batches of one and of many, one thread.

use chaincard::Cpu;
use chaincard_benches::{Operation, SignaturePeer, Signatures};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Signatures in one call: one, and as many as share inversions.
const BATCHES: [usize; 2] = [1, 128];

fn signatures(criterion: &mut Criterion) {
    let cpu = Cpu::with_threads(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    for operation in Operation::ALL {
        let mut group = criterion.benchmark_group(operation.name());
        group.sample_size(20);
        for batch in BATCHES {
            let signatures = Signatures::new(operation, 1, batch);
            let mut results = vec![0; batch * signatures.result_len()];
            group.throughput(Throughput::Elements(batch as u64));
            group.bench_function(BenchmarkId::new("cpu", batch), |bencher| {
                bencher.iter(|| signatures.on_device(&cpu, &mut results).expect("results"));
            });
            for peer in SignaturePeer::of(operation) {
                group.bench_function(BenchmarkId::new(peer.name, batch), |bencher| {
                    pool.install(|| bencher.iter(|| signatures.on_peer(&peer, &mut results)));
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, signatures);
criterion_main!(benches);
