//! Criterion bench of the CPU engine beside the peers, over the standard shapes, one thread.

use chaincard::{Cpu, Device, HashAlgorithm, Messages};
use chaincard_benches::{Peer, Shape};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::{RngCore, SeedableRng};

fn hashes(criterion: &mut Criterion) {
    let mut data = vec![0; 8 << 20];
    rand_chacha::ChaCha8Rng::seed_from_u64(1).fill_bytes(&mut data);
    let cpu = Cpu::with_threads(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    for algorithm in HashAlgorithm::ALL {
        let mut group = criterion.benchmark_group(algorithm.name());
        group.sample_size(20);
        for shape in Shape::STANDARD {
            let Shape { size, batch } = shape;
            let data = &data[..size * batch];
            let mut digests = vec![0; batch * algorithm.digest_len()];
            let case = format!("{size}x{batch}");
            group.throughput(Throughput::Bytes(data.len() as u64));
            group.bench_function(BenchmarkId::new("cpu", &case), |bencher| {
                let messages = Messages::Rows { data, len: size, count: batch };
                bencher.iter(|| cpu.hash(algorithm, &messages, &mut digests).expect("digests"));
            });
            for peer in Peer::of(algorithm) {
                group.bench_function(BenchmarkId::new(peer.name, &case), |bencher| {
                    pool.install(|| bencher.iter(|| peer.hash(data, size, &mut digests)));
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, hashes);
criterion_main!(benches);
