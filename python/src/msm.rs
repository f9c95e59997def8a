//! Multi-scalar multiplication.

use chaincard::Messages;
use chaincard::msm::{self, BlobError, Checking, Curve, Msm, MsmError, SCALAR_BYTES, ScalarRule};
use numpy::PyArray1;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use crate::device::Device;
use crate::error::{accelerator_error, chain, msm_error};
use crate::messages::{Batch, Part};

/// A point.
type Point<'py> = Bound<'py, PyArray1<u8>>;

/// Points of a curve, parsed once and used for many multiplications.
///
/// curve: ``bn254``, ``bls12-381`` or ``bls12-377``.
/// points: an ``(n, 64)`` array of ``uint8`` for ``bn254``, ``(n, 96)`` for the others, or an iterable
///     of bytes-like objects: x then y, big-endian; infinity is all zeros.
/// checked: whether they must be on the curve and in the group of order r; otherwise the caller
///     vouches for that.
///
/// Raises ValueError for an unknown curve or an array of a wrong shape or type, MsmError for
/// points that break a rule; its ``code`` and ``index`` say which.
///
/// >>> import chaincard, numpy as np
/// >>> generator = np.zeros((1, 64), np.uint8)
/// >>> generator[0, [31, 63]] = 1, 2
/// >>> bases = chaincard.Bases("bn254", generator, checked=True)
/// >>> len(bases), bases.curve
/// (1, 'bn254')
#[pyclass(frozen, module = "chaincard")]
pub(crate) struct Bases(msm::Bases);

#[pymethods]
impl Bases {
    #[new]
    #[pyo3(signature = (curve, points, *, checked = false))]
    fn new(
        py: Python<'_>,
        curve: &str,
        points: &Bound<'_, PyAny>,
        checked: bool,
    ) -> PyResult<Self> {
        let curve = parse_curve(curve)?;
        let checking = if checked { Checking::Checked } else { Checking::Unchecked };
        rows(points, Part::POINTS, curve.point_bytes(), |points| {
            py.detach(|| msm::Bases::new(curve, points, checking))
        })?
        .map(Self)
        .map_err(|error| of_msm(py, error))
    }

    /// Name of the curve.
    #[getter]
    fn curve(&self) -> &'static str {
        self.0.curve().name()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// The sum of the products with as many scalars: see ``chaincard.msm``.
    ///
    /// >>> import chaincard, numpy as np
    /// >>> bases = chaincard.Bases("bls12-381", np.zeros((3, 96), np.uint8))
    /// >>> bases.msm(np.ones((3, 32), np.uint8)).any()
    /// np.False_
    #[pyo3(signature = (scalars, *, refuse = false, device = None))]
    fn msm<'py>(
        &self,
        py: Python<'py>,
        scalars: &Bound<'py, PyAny>,
        refuse: bool,
        device: Option<&Bound<'py, Device>>,
    ) -> PyResult<Point<'py>> {
        let rule = if refuse { ScalarRule::Refuse } else { ScalarRule::Reduce };
        let options = Msm::new(rule);
        let accelerator = match device {
            Some(device) => Some(device.get().accelerator(py)?),
            None => None,
        };
        let sum = rows(scalars, Part::SCALARS, SCALAR_BYTES, |scalars| match accelerator {
            Some(accelerator) => py
                .detach(|| accelerator.msm(&self.0, scalars, options))
                .map(|answer| answer.point)
                .map_err(|error| accelerator_error(py, &error)),
            None => {
                py.detach(|| options.multiply(&self.0, scalars)).map_err(|error| of_msm(py, error))
            }
        })??;
        Ok(PyArray1::from_vec(py, sum))
    }

    fn __repr__(&self) -> String {
        format!("<chaincard.Bases: {} of {}>", self.0.len(), self.0.curve())
    }
}

/// The sum of all scalars times points of a curve; gives an array of 64 or 96 ``uint8``, a point.
///
/// curve, points, checked: as ``chaincard.Bases`` takes them, which see for points that are used more
///     than once.
/// scalars: as many, an ``(n, 32)`` array of ``uint8`` or an iterable of bytes-like objects:
///     big-endian numbers below 2**256.
/// refuse: whether a scalar of r or more is an error; otherwise it is taken modulo r.
/// device: who multiplies; by default this processor with all its cores.
///
/// The GIL is released meanwhile; do not write to the arguments from another thread. Raises what
/// ``chaincard.Bases`` raises, MsmError also for scalars that are refused, UnsupportedError
/// when the device does not have the curve, DeviceFailedError when it fails.
///
/// >>> import chaincard, numpy as np
/// >>> points = np.zeros((2, 64), np.uint8)
/// >>> points[:, [31, 63]] = 1, 2
/// >>> scalars = np.zeros((2, 32), np.uint8)
/// >>> scalars[0, 31] = 1
/// >>> chaincard.msm("bn254", scalars, points)[[31, 63]].tolist()
/// [1, 2]
#[pyfunction]
#[pyo3(name = "msm", signature = (
    curve, scalars, points, *, checked = false, refuse = false, device = None,
))]
pub(crate) fn msm_of<'py>(
    py: Python<'py>,
    curve: &str,
    scalars: &Bound<'py, PyAny>,
    points: &Bound<'py, PyAny>,
    checked: bool,
    refuse: bool,
    device: Option<&Bound<'py, Device>>,
) -> PyResult<Point<'py>> {
    let bases = Bases::new(py, curve, points, checked)?;
    bases.msm(py, scalars, refuse, device)
}

/// The KZG commitment of a blob (EIP-4844): 48 bytes, a compressed point of BLS12-381.
///
/// blob: 131,072 bytes, 4,096 big-endian numbers below r.
/// device: who multiplies; by default this processor with all its cores.
///
/// Raises ValueError for a wrong length, MsmError for a number of r or more, whose place is ``index``.
///
/// >>> import chaincard
/// >>> chaincard.blob_to_kzg_commitment(bytes(131072))[:2].hex()
/// 'c000'
#[pyfunction]
#[pyo3(signature = (blob, *, device = None))]
pub(crate) fn blob_to_kzg_commitment<'py>(
    py: Python<'py>,
    blob: &Bound<'py, PyAny>,
    device: Option<&Bound<'py, Device>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let accelerator = match device {
        Some(device) => Some(device.get().accelerator(py)?),
        None => None,
    };
    let batch = Batch::extract(PyList::new(py, [blob])?.as_any(), Part::BLOBS)?;
    let commitment = batch.with(|blobs| {
        let blob = blobs.get(0);
        match accelerator {
            Some(accelerator) => py
                .detach(|| accelerator.blob_to_kzg_commitment(blob))
                .map_err(|error| accelerator_error(py, &error)),
            None => {
                py.detach(|| msm::blob_to_kzg_commitment(blob)).map_err(|error| of_blob(py, error))
            }
        }
    })??;
    Ok(PyBytes::new(py, &commitment))
}

pub(crate) fn of_msm(py: Python<'_>, error: MsmError) -> PyErr {
    msm_error(py, chain(&error), error.code(), error.index())
}

pub(crate) fn of_blob(py: Python<'_>, error: BlobError) -> PyErr {
    match error {
        BlobError::Length(_) => PyValueError::new_err(error.to_string()),
        BlobError::FieldElement(index) => {
            let code = MsmError::ScalarRange(index).code();
            msm_error(py, error.to_string(), code, Some(index))
        }
    }
}

pub(crate) fn parse_curve(name: &str) -> PyResult<Curve> {
    name.replace('_', "-").parse().map_err(|error| PyValueError::new_err(chain(&error)))
}

/// Calls `action` with rows of `len` bytes, one behind the other.
///
/// # Errors
/// Those of [`Batch::extract`], and `ValueError` for a row of another length.
pub(crate) fn rows<R>(
    object: &Bound<'_, PyAny>,
    part: Part,
    len: usize,
    action: impl FnOnce(&[u8]) -> R,
) -> PyResult<R> {
    let batch = Batch::extract(object, part)?;
    batch.with(|rows| {
        if let Some((index, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != len) {
            let (one, found) = (part.one(), row.len());
            let reason = format!("{one} {index} must have {len} bytes, not {found}");
            return Err(PyValueError::new_err(reason));
        }
        Ok(match rows {
            Messages::Rows { data, .. } | Messages::Packed { data, .. } => action(data),
            Messages::Slices(rows) => action(&rows.concat()),
        })
    })?
}
