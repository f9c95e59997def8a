//! The `Device` class.

use std::sync::Arc;

use chaincard::verify::{RecoverBatch, VerifyBatch};
use chaincard::{Accelerator, DeviceError, HashAlgorithm, Policy, Scheme};
use numpy::{PyArray1, PyArray2, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::error::{DeviceFailedError, chain, device_error};
use crate::messages::{Batch, Part, check_uint8};
use crate::verify;

/// A device that hashes and verifies. Made by ``chaincard.open``; may be used from several threads.
#[pyclass(frozen, module = "chaincard")]
pub(crate) struct Device {
    inner: Arc<dyn chaincard::Device>,
    /// The device alone, with what checks its sums; made when it is first asked for.
    accelerator: PyOnceLock<Accelerator>,
}

impl Device {
    pub(crate) fn new(inner: Arc<dyn chaincard::Device>) -> Self {
        Self { inner, accelerator: PyOnceLock::new() }
    }

    pub(crate) fn accelerator(&self, py: Python<'_>) -> PyResult<&Accelerator> {
        self.accelerator.get_or_try_init(py, || {
            let builder = Accelerator::builder().device(self.inner());
            let built = py.detach(|| builder.policy(Policy::without_fallback()).build());
            built.map_err(|error| DeviceFailedError::new_err(chain(&error)))
        })
    }

    pub(crate) fn inner(&self) -> Arc<dyn chaincard::Device> {
        Arc::clone(&self.inner)
    }
}

/// Verdicts and keys.
type Recovery<'py> = (Bound<'py, PyArray1<u8>>, Bound<'py, PyArray2<u8>>);

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

    /// Names of the curves on which the device multiplies.
    #[getter]
    fn curves(&self) -> Vec<&'static str> {
        self.inner.capabilities().multiplies.iter().map(|curve| curve.name()).collect()
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
        let batch = Batch::extract(messages, Part::MESSAGES)?;
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

    /// Names of the signature schemes that the device verifies.
    #[getter]
    fn schemes(&self) -> Vec<&'static str> {
        self.inner.capabilities().verifies.iter().map(|scheme| scheme.name()).collect()
    }

    /// Whether the device recovers public keys.
    #[getter]
    fn recovers(&self) -> bool {
        self.inner.capabilities().recovers
    }

    /// Verify many signatures in one call; gives a ``uint8`` array of verdicts: 1 is valid,
    /// everything else is not, and ``chaincard.Verdict`` says why.
    ///
    /// scheme: ``secp256k1``, ``sm2``, ``ed25519`` or ``p256``.
    /// messages, public_keys, signatures: equally many of each, as 2-D ``uint8`` arrays with one
    ///     in each row, or as iterables of bytes-like objects, as ``hash_many`` takes them.
    ///     Keys are compressed (33 bytes), uncompressed (65) or x and y (64); Ed25519: 32 bytes.
    /// profile: the rules; by default ``bitcoin``, ``gm``, ``rfc8032`` or ``fips186``, see
    ///     ``chaincard.PROFILES``.
    /// hashing: what is done to the messages. By default nothing, they are ``digest``s of 32
    ///     bytes; ``sm3`` for SM2, ``message`` for Ed25519.
    /// encoding: signatures are ``compact`` (64 bytes) or strict ``der``.
    /// user_id: of SM2; by default ``1234567812345678``.
    ///
    /// A malformed signature, key or digest is a verdict, never an exception. The GIL is released
    /// meanwhile; do not write to the arguments from another thread. Raises ValueError for names
    /// that are unknown or do not fit together, for arrays of a wrong shape or type and for parts
    /// that are not equally many, TypeError for other wrong arguments, UnsupportedError when the
    /// device does not have the scheme, DeviceFailedError when it fails.
    ///
    /// >>> import chaincard
    /// >>> cpu = chaincard.open("cpu")
    /// >>> key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    /// >>> signature = bytes.fromhex(
    /// ...     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
    /// ...     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
    /// >>> cpu.verify_many("ed25519", [b"", b"?"], [key] * 2, [signature] * 2).tolist()
    /// [1, 0]
    #[pyo3(signature = (
        scheme, messages, public_keys, signatures, *,
        profile = None, hashing = None, encoding = "compact", user_id = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments of a Python function")]
    fn verify_many<'py>(
        &self,
        py: Python<'py>,
        scheme: &str,
        messages: &Bound<'py, PyAny>,
        public_keys: &Bound<'py, PyAny>,
        signatures: &Bound<'py, PyAny>,
        profile: Option<&str>,
        hashing: Option<&str>,
        encoding: &str,
        user_id: Option<&[u8]>,
    ) -> PyResult<Bound<'py, PyArray1<u8>>> {
        let plan = verify::plan(scheme, profile, hashing, user_id)?;
        let encoding = verify::parse_encoding(encoding)?;
        let messages = Batch::extract(messages, Part::MESSAGES)?;
        let public_keys = Batch::extract(public_keys, Part::PUBLIC_KEYS)?;
        let signatures = Batch::extract(signatures, Part::SIGNATURES)?;
        let device = &*self.inner;
        let verdicts = messages.with(|messages| {
            public_keys.with(|public_keys| {
                signatures.with(|signatures| {
                    let batch = VerifyBatch { plan, encoding, messages, public_keys, signatures };
                    py.detach(|| verify::verify(device, &batch))
                })
            })
        })???;
        Ok(PyArray1::from_vec(py, verdicts?))
    }

    /// Recover many public keys in one call; gives a ``uint8`` array of verdicts and one of keys,
    /// x and y in the 64 bytes of each row, which are zeros unless the verdict is 1.
    ///
    /// messages, signatures: as ``verify_many`` takes them; a signature has 65 bytes: r, s and
    ///     the recovery id, 0 ... 3 or 27 and 28.
    /// profile: a profile of secp256k1.
    /// hashing: what is done to the messages; by default they are digests of 32 bytes.
    ///
    /// Raises what ``verify_many`` raises.
    ///
    /// >>> import chaincard
    /// >>> cpu = chaincard.open("cpu")
    /// >>> verdicts, keys = cpu.recover_many([bytes(32)], [bytes(65)])
    /// >>> chaincard.Verdict(verdicts[0]).name, keys.shape
    /// ('RANGE_R', (1, 64))
    #[pyo3(signature = (messages, signatures, *, profile = "ethereum", hashing = "digest"))]
    fn recover_many<'py>(
        &self,
        py: Python<'py>,
        messages: &Bound<'py, PyAny>,
        signatures: &Bound<'py, PyAny>,
        profile: &str,
        hashing: &str,
    ) -> PyResult<Recovery<'py>> {
        let plan = verify::plan(Scheme::Secp256k1.name(), Some(profile), Some(hashing), None)?;
        let messages = Batch::extract(messages, Part::MESSAGES)?;
        let signatures = Batch::extract(signatures, Part::SIGNATURES)?;
        let device = &*self.inner;
        let recovered = messages.with(|messages| {
            signatures.with(|signatures| {
                let batch = RecoverBatch { plan, messages, signatures, ids: None };
                py.detach(|| verify::recover(device, &batch))
            })
        })??;
        let (verdicts, keys) = recovered?;
        let count = verdicts.len();
        let keys = PyArray1::from_vec(py, keys).reshape([count, 64])?;
        Ok((PyArray1::from_vec(py, verdicts), keys))
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
