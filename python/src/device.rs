//! The `Device` class.

use std::sync::Arc;

use chaincard::{DeviceError, HashAlgorithm};
use numpy::{PyArray2, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::error::device_error;
use crate::messages::{Batch, check_uint8};

/// A device that hashes. Made by ``chaincard.open``; may be used from several threads.
#[pyclass(frozen, module = "chaincard")]
pub(crate) struct Device {
    inner: Arc<dyn chaincard::Device>,
}

impl Device {
    pub(crate) fn new(inner: Arc<dyn chaincard::Device>) -> Self {
        Self { inner }
    }

    pub(crate) fn inner(&self) -> Arc<dyn chaincard::Device> {
        Arc::clone(&self.inner)
    }
}

#[pymethods]
impl Device {
    /// Name as ``open`` takes it: ``cpu``, ``sim``, ``serial:/dev/ttyUSB0@3000000``, …
    #[getter]
    fn name(&self) -> &str {
        self.inner.name()
    }

    /// Kind: ``cpu``, ``opencl``, ``card`` or ``simulated``.
    #[getter]
    fn kind(&self) -> &'static str {
        self.inner.kind().name()
    }

    /// One line about the device: processor, board, clock, versions.
    #[getter]
    fn description(&self) -> String {
        self.inner.description()
    }

    /// Names of the hash algorithms that the device has.
    #[getter]
    fn algorithms(&self) -> Vec<&'static str> {
        self.inner.capabilities().hashes.iter().map(|algorithm| algorithm.name()).collect()
    }

    /// Hash many messages in one call; gives a ``uint8`` array of shape (messages, bytes).
    ///
    /// algorithm: ``sha256``, ``sha512``, ``keccak256``, ``sha3-256`` or ``sm3``.
    /// messages: a 2-D ``uint8`` array with one message in each row (not copied when it is
    ///     C-contiguous), or an iterable of bytes-like objects (``bytes`` are not copied when
    ///     all of them are).
    /// out: a C-contiguous ``uint8`` array for the digests, which is then returned.
    ///
    /// The GIL is released meanwhile; do not write to the messages from another thread.
    /// Raises ValueError for an unknown algorithm or an array of a wrong shape or type,
    /// TypeError for other wrong arguments, UnsupportedError when the device does not have
    /// the algorithm, DeviceFailedError when it fails.
    ///
    /// >>> import chaincard
    /// >>> cpu = chaincard.open("cpu")
    /// >>> cpu.hash_many("sm3", [b"abc"])[0, :4].tobytes().hex()
    /// '66c7f0f4'
    #[pyo3(signature = (algorithm, messages, out = None))]
    fn hash_many<'py>(
        &self,
        py: Python<'py>,
        algorithm: &str,
        messages: &Bound<'py, PyAny>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyArray2<u8>>> {
        let algorithm = parse_algorithm(algorithm)?;
        let batch = Batch::extract(messages)?;
        let shape = [batch.len(), algorithm.digest_len()];
        let digests = match out {
            Some(out) => check_out(out, shape)?,
            None => PyArray2::zeros(py, shape, false),
        };
        let mut writable = digests.try_readwrite().map_err(|error| {
            PyValueError::new_err(format!(
                "out must be writeable and not overlap messages: {error}"
            ))
        })?;
        let output = writable.as_slice_mut()?;
        let device = &self.inner;
        let result =
            batch.with(|messages| py.detach(move || device.hash(algorithm, &messages, output)))?;
        result.map_err(|error: DeviceError| device_error(&error))?;
        drop(writable);
        Ok(digests)
    }

    fn __repr__(&self) -> String {
        format!("<chaincard.Device {:?}: {}>", self.inner.name(), self.inner.description())
    }
}

/// The algorithm of a name; the names of Python's `hashlib` are understood too.
pub(crate) fn parse_algorithm(name: &str) -> PyResult<HashAlgorithm> {
    let wanted = name.replace('_', "-");
    HashAlgorithm::ALL.into_iter().find(|algorithm| algorithm.name() == wanted).ok_or_else(|| {
        let known: Vec<_> = HashAlgorithm::ALL.iter().map(|algorithm| algorithm.name()).collect();
        PyValueError::new_err(format!("unknown algorithm {name:?}; known: {}", known.join(", ")))
    })
}

/// `ValueError` unless `out` is a C-contiguous `uint8` array of this shape.
fn check_out<'py>(
    out: &Bound<'py, PyAny>,
    shape: [usize; 2],
) -> PyResult<Bound<'py, PyArray2<u8>>> {
    let array = out
        .cast::<PyUntypedArray>()
        .map_err(|_| pyo3::exceptions::PyTypeError::new_err("out must be a numpy array"))?;
    check_uint8(array)?;
    if array.shape() != shape {
        return Err(PyValueError::new_err(format!(
            "out must have shape {shape:?}, not {:?}",
            array.shape()
        )));
    }
    if !array.is_c_contiguous() {
        return Err(PyValueError::new_err("out must be C-contiguous"));
    }
    Ok(array.cast::<PyArray2<u8>>()?.clone())
}
