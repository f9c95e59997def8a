//! What `chaincard.ray` asks before it sends a job to other processes.

use chaincard::msm::{Msm, SCALAR_BYTES, ScalarRule};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::messages::{Batch, Part};
use crate::msm::{of_msm, parse_curve, rows};

/// A batch as what can be sliced and sent: a C-contiguous array, or a list of ``bytes``.
///
/// batch: as ``Device.hash_many`` takes messages; not copied if it is one of these already.
/// many: what it has, for the text of errors.
///
/// Raises what the functions raise to which it is given otherwise.
#[pyfunction]
pub(crate) fn batch_rows<'py>(
    py: Python<'py>,
    batch: &Bound<'py, PyAny>,
    many: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let part = [Part::MESSAGES, Part::PUBLIC_KEYS, Part::SIGNATURES, Part::POINTS, Part::SCALARS]
        .into_iter()
        .find(|part| part.many() == many)
        .ok_or_else(|| PyValueError::new_err(format!("no batch has {many:?}")))?;
    Batch::extract(batch, part)?.into_objects(py)
}

/// Raises what ``Bases.msm`` raises for these scalars, with ``count`` bases.
#[pyfunction]
#[pyo3(signature = (curve, count, scalars, refuse))]
pub(crate) fn check_scalars(
    py: Python<'_>,
    curve: &str,
    count: usize,
    scalars: &Bound<'_, PyAny>,
    refuse: bool,
) -> PyResult<()> {
    let curve = parse_curve(curve)?;
    let options = Msm::new(if refuse { ScalarRule::Refuse } else { ScalarRule::Reduce });
    rows(scalars, Part::SCALARS, SCALAR_BYTES, |scalars| {
        py.detach(|| options.check_scalars(curve, count, scalars).map(|_| ()))
    })?
    .map_err(|error| of_msm(py, error))
}
