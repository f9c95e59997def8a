//! Exceptions.

use chaincard::DeviceError;
use pyo3::prelude::*;
use pyo3::{PyErr, create_exception};

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
    module.add("BenchError", py.get_type::<BenchError>())
}
