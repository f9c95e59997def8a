//! Benches for `chaincard.bench`; its table and chart are in Python.

use std::time::Duration;

use chaincard_benches::{Options, Shape, run};
use numpy::PyReadonlyArray2;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::device::{Device, parse_algorithm};
use crate::error::{BenchError, chain};

/// Measures devices beside other libraries; one dictionary for each row.
#[pyfunction]
#[pyo3(signature = (devices, *, algorithms, shapes, threads, rounds, sample_ms, peers))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments of a Python function")]
pub(crate) fn bench_rows<'py>(
    py: Python<'py>,
    devices: Vec<Bound<'py, Device>>,
    algorithms: Vec<String>,
    shapes: Vec<(usize, usize)>,
    threads: Vec<usize>,
    rounds: usize,
    sample_ms: f64,
    peers: bool,
) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let sample = Duration::try_from_secs_f64(sample_ms / 1e3)
        .map_err(|_| PyValueError::new_err("sample_ms must be a number, not negative"))?;
    if shapes.iter().any(|&(size, batch)| size == 0 || batch == 0) {
        return Err(PyValueError::new_err("sizes and batches must be at least 1"));
    }
    if threads.contains(&0) {
        return Err(PyValueError::new_err("threads must be at least 1"));
    }
    let options = Options {
        devices: devices.iter().map(|device| device.get().inner()).collect(),
        algorithms: algorithms.iter().map(|name| parse_algorithm(name)).collect::<PyResult<_>>()?,
        shapes: shapes.into_iter().map(|(size, batch)| Shape { size, batch }).collect(),
        threads,
        rounds,
        sample,
        peers,
        operations: Vec::new(),
        curves: Vec::new(),
        ..Options::standard(Vec::new())
    };
    let rows = py
        .detach(|| run(&options, &mut |_| {}))
        .map_err(|error| BenchError::new_err(chain(&error)))?;
    rows.into_iter()
        .map(|row| {
            let dict = PyDict::new(py);
            dict.set_item("device", row.device)?;
            dict.set_item("operation", row.operation)?;
            dict.set_item("size", row.size)?;
            dict.set_item("batch", row.batch)?;
            dict.set_item("threads", row.threads)?;
            dict.set_item("ns_per_item", row.ns_per_item)?;
            dict.set_item("peer", row.peer)?;
            Ok(dict)
        })
        .collect()
}

/// Seconds of one call of the Rust library on the rows of an array, output allocation
/// included: what ``hash_many`` is compared with in ``benches/overhead.py``.
#[pyfunction]
pub(crate) fn rust_call_seconds(
    py: Python<'_>,
    device: &Bound<'_, Device>,
    algorithm: &str,
    messages: PyReadonlyArray2<'_, u8>,
) -> PyResult<f64> {
    let algorithm = parse_algorithm(algorithm)?;
    let inner = device.get().inner();
    let (count, len) = {
        use numpy::PyUntypedArrayMethods;
        (messages.shape()[0], messages.shape()[1])
    };
    let data = messages.as_slice()?;
    let seconds = py.detach(|| {
        let start = std::time::Instant::now();
        let mut digests = chaincard::Digests::zeroed(algorithm, count);
        let messages = chaincard::Messages::Rows { data, len, count };
        let result = inner.hash(algorithm, &messages, digests.as_bytes_mut());
        let seconds = start.elapsed().as_secs_f64();
        std::hint::black_box(&digests);
        result.map(|_| seconds)
    });
    seconds.map_err(|error| crate::error::device_error(&error))
}
