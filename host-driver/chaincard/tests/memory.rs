//! Memory that multiplications take beyond bases and scalars, by an allocator that counts.
//!
//! `CHAINCARD_TERMS` says how many terms; from 2^20 on, the default chunk is measured as well.

use std::alloc::{GlobalAlloc, Layout, System};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use ark_ff::PrimeField;
use chaincard::msm::{Bases, Checking, Curve, Msm, ScalarRule};
use chaincard_reference::msm::encoding::encode_point;
use chaincard_reference::msm::{Bls12_381, Bn254, G1, Scalar, bucket, cases::hostile, naive};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is left to the system's allocator; the counters do not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        // SAFETY: the caller's promises are those of this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are those of this function.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `work` gives, and the most bytes that were allocated meanwhile beyond those before.
fn measured<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let result = work();
    (result, PEAK.load(Relaxed) - before)
}

/// Threads of this process now.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("Linux says which threads there are").count()
}

const POOL: usize = 2;

/// Bytes that are allowed for each term that a thread takes at once, and beside them: rayon's own,
/// and what does not depend on n.
const PER_TERM: usize = 256;
const BESIDE: usize = 256 << 10;

/// Multiplies with bases as bytes, then with prepared ones, on the pool; the sums must be right.
/// Returns the bytes that both took, and those of the inputs.
fn multiply<C: G1>(curve: Curve, terms: usize, chunk: usize) -> ([usize; 2], usize) {
    let case = hostile::<C>(20_261_130, 1000).swap_remove(0);
    let (some_points, some_scalars) = case.bytes();
    let points: Vec<u8> =
        some_points.iter().copied().cycle().take(terms * curve.point_bytes()).collect();
    let scalars: Vec<u8> = some_scalars.iter().copied().cycle().take(terms * 32).collect();
    // Whole rounds of the case, and the rest of one.
    let whole =
        naive::multiple(&case.expected, Scalar::<C>::from((terms / 1000) as u64).into_bigint());
    let right = encode_point(&(whole + bucket::msm(&case.terms()[..terms % 1000], 8)).into());

    let options = Msm { scalars: ScalarRule::Reduce, chunk };
    let (sum, by_bytes) = measured(|| {
        options.multiply_bytes(curve, &points, Checking::Unchecked, &scalars).expect("a sum")
    });
    assert_eq!(sum, right);
    let inputs = points.len() + scalars.len();
    let bases = Bases::new(curve, &points, Checking::Unchecked).expect("bases");
    drop(points);
    let (sum, prepared) = measured(|| options.multiply(&bases, &scalars).expect("a sum"));
    assert_eq!(sum, right);
    println!(
        "{curve}, {terms} terms, chunk {chunk}: inputs {inputs} bytes, beyond them {by_bytes}, with \
         prepared bases {prepared}"
    );
    ([by_bytes, prepared], inputs)
}

fn bounds<C: G1>(curve: Curve, terms: usize) {
    for chunk in [1 << 12, 1 << 13] {
        let (beyond, inputs) = multiply::<C>(curve, terms, chunk);
        for beyond in beyond {
            assert!(beyond <= PER_TERM * chunk * POOL + BESIDE, "{curve}, chunk {chunk}: {beyond}");
            assert!(
                terms < 1 << 16 || chunk > 1 << 12 || beyond <= inputs / 4,
                "{curve}: {beyond}"
            );
        }
    }
    if terms >= 1 << 20 {
        let (beyond, inputs) = multiply::<C>(curve, terms, Msm::DEFAULT_CHUNK);
        assert!(beyond.iter().all(|&beyond| beyond <= inputs / 4), "{curve}: {beyond:?}");
    }
}

/// The only test here: others would allocate, and take threads, at the same time.
#[test]
fn memory_is_bounded_and_only_the_pools_threads_work() {
    let terms = std::env::var("CHAINCARD_TERMS").ok();
    let terms = terms.map_or(1 << 16, |text| text.parse().expect("a number"));
    let before = threads();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(POOL).build().expect("a pool");
    let is_done = AtomicBool::new(false);
    let most = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut most = 0;
            while !is_done.load(Relaxed) {
                most = most.max(threads());
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            most
        });
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            pool.install(|| {
                bounds::<Bn254>(Curve::Bn254, terms);
                bounds::<Bls12_381>(Curve::Bls12_381, terms);
            });
        }));
        is_done.store(true, Relaxed);
        outcome.unwrap_or_else(|panic| resume_unwind(panic));
        watch.join().expect("counted")
    });
    // The pool, and the thread that counts.
    assert_eq!(most, before + POOL + 1);
}
