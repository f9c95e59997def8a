//! Exceptions.

use chaincard::DeviceError;
use pyo3::prelude::*;
use pyo3::{PyErr, create_exception};

use crate::msm::{of_blob, of_msm};

create_exception!(
    chaincard,
    ChaincardError,
    pyo3::exceptions::PyException,
    "Base of the exceptions that chaincard's devices raise."
);
create_exception!(
    chaincard,
    UnknownDeviceError,
    ChaincardError,
    "There is no device of that name, or it cannot be opened."
);
create_exception!(
    chaincard,
    UnsupportedError,
    ChaincardError,
    "The device does not have the operation."
);
create_exception!(
    chaincard,
    DeviceFailedError,
    ChaincardError,
    "The device or the link to it failed; there is no answer."
);
create_exception!(
    chaincard,
    BenchError,
    ChaincardError,
    "A bench gave no figures: a device failed, or two of them disagree."
);

create_exception!(
    chaincard,
    MsmError,
    ChaincardError,
    "Points or scalars break a rule: `code` is its number in docs/msm.md, `index` that of the \
     first one at fault, or None."
);

/// The exception for points or scalars that break a rule.
pub(crate) fn msm_error(py: Python<'_>, text: String, code: u8, index: Option<usize>) -> PyErr {
    let error = MsmError::new_err(text);
    let value = error.value(py);
    match value.setattr("code", code).and_then(|()| value.setattr("index", index)) {
        Ok(()) => error,
        Err(error) => error,
    }
}

/// The exception for an accelerator's error.
pub(crate) fn accelerator_error(py: Python<'_>, error: &chaincard::Error) -> PyErr {
    match error {
        chaincard::Error::Device(error) => match **error {
            DeviceError::Msm(error) => of_msm(py, error),
            DeviceError::Blob(error) => of_blob(py, error),
            ref error => device_error(error),
        },
        chaincard::Error::NoDevice { .. } => UnsupportedError::new_err(chain(error)),
        _ => DeviceFailedError::new_err(chain(error)),
    }
}

/// An error with the errors behind it, as one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let _ = std::fmt::Write::write_fmt(&mut text, format_args!(": {error}"));
        source = error.source();
    }
    text
}

/// The exception for a device's error.
pub(crate) fn device_error(error: &DeviceError) -> PyErr {
    match error {
        DeviceError::Unsupported { .. } => UnsupportedError::new_err(chain(error)),
        _ => DeviceFailedError::new_err(chain(error)),
    }
}

/// Adds the exceptions to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("ChaincardError", py.get_type::<ChaincardError>())?;
    module.add("UnknownDeviceError", py.get_type::<UnknownDeviceError>())?;
    module.add("UnsupportedError", py.get_type::<UnsupportedError>())?;
    module.add("DeviceFailedError", py.get_type::<DeviceFailedError>())?;
    module.add("MsmError", py.get_type::<MsmError>())?;
    module.add("BenchError", py.get_type::<BenchError>())
}
