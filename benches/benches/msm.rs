//! Criterion bench of multi-scalar multiplication on the processor beside the peers, 2^10 … 2^18
//! terms, with one thread and with all.

use chaincard::msm::Curve;
use chaincard_benches::msm::{STANDARD_TERMS, Terms, operation_name};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn multiplications(criterion: &mut Criterion) {
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    for curve in Curve::ALL {
        let mut group = criterion.benchmark_group(operation_name(curve));
        group.sample_size(10);
        for threads in if all > 1 { vec![1, all] } else { vec![1] } {
            let pool =
                rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            for count in STANDARD_TERMS {
                let terms = Terms::new(curve, 1, count, threads).expect("good terms");
                let case = format!("{count}, {threads} threads");
                group.throughput(Throughput::Elements(count as u64));
                group.bench_function(BenchmarkId::new("cpu", &case), |bencher| {
                    pool.install(|| bencher.iter(|| terms.multiply().expect("a sum")));
                });
                for peer in terms.peers() {
                    group.bench_function(BenchmarkId::new(peer.name, &case), |bencher| {
                        pool.install(|| bencher.iter(|| peer.multiply()));
                    });
                }
            }
        }
        group.finish();
    }
}

criterion_group!(benches, multiplications);
criterion_main!(benches);
