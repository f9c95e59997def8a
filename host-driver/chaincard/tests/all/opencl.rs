//! The OpenCL device behind the device trait, on whatever OpenCL device there is.
#![cfg(feature = "opencl")]

mod msm;
mod signatures;

use crate::common::{messages, oracle};
use chaincard::{Accelerator, DeviceKind, HashAlgorithm, HashJob, Messages, OpenError, Registry};

#[test]
fn every_shape_of_batch() {
    let registry = Registry::new();
    let found = registry.list().iter().any(|listed| listed.kind == DeviceKind::OpenCl);
    assert!(found, "no OpenCL device: PoCL is enough for this test");
    let accelerator = Accelerator::builder().registry(registry).name("opencl").build().unwrap();
    for algorithm in HashAlgorithm::ALL {
        let batch = messages(41, 3000, 300);
        let slices: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
        let borrowed = accelerator.answer(algorithm, &Messages::Slices(&slices)).unwrap();
        let owned =
            accelerator.submit(HashJob::collect(algorithm, &batch)).unwrap().wait().unwrap();
        for answer in [borrowed, owned] {
            assert_eq!(&*answer.outcome.device, "opencl");
            for (message, digest) in batch.iter().zip(&answer.digests) {
                assert_eq!(digest, oracle(algorithm, message));
            }
        }
        let data = batch.concat();
        let rows = Messages::rows(&data[..data.len() / 64 * 64], 64).unwrap();
        let digests = accelerator.hash_many(algorithm, &rows).unwrap();
        for (message, digest) in rows.iter().zip(&digests) {
            assert_eq!(digest, oracle(algorithm, message));
        }
    }
}

#[test]
fn numbers_that_do_not_exist() {
    let registry = Registry::new();
    assert!(matches!(registry.open("opencl:x"), Err(OpenError::Name { .. })));
    assert!(matches!(registry.open("opencl:999"), Err(OpenError::Device(_))));
}
