//! The extension module `chaincard._chaincard`; its documentation for users is in the Python
//! package around it.

mod bench;
mod device;
mod error;
mod messages;
mod msm;
mod parts;
mod verify;

use chaincard::Registry;
use pyo3::prelude::*;

use crate::device::Device;
use crate::error::{UnknownDeviceError, chain};

/// A device that `open` can open, as `devices` lists it.
#[pyclass(frozen, get_all, module = "chaincard")]
struct DeviceInfo {
    /// Name to open it by.
    name: String,
    /// Kind: ``cpu``, ``opencl``, ``card`` or ``simulated``.
    kind: &'static str,
    /// One line about it.
    description: String,
}

#[pymethods]
impl DeviceInfo {
    fn __repr__(&self) -> String {
        format!("<chaincard.DeviceInfo {:?} ({}): {}>", self.name, self.kind, self.description)
    }
}

fn registry() -> Registry {
    chaincard_sim::register(Registry::new())
}

/// Devices that can be opened here, without opening them.
///
/// >>> import chaincard
/// >>> [info.name for info in chaincard.devices()][0]
/// 'cpu'
#[pyfunction]
fn devices(py: Python<'_>) -> Vec<DeviceInfo> {
    let listed = py.detach(|| registry().list());
    let info = |listed: chaincard::Listed| DeviceInfo {
        name: listed.name,
        kind: listed.kind.name(),
        description: listed.description,
    };
    listed.into_iter().map(info).collect()
}

/// Open a device by name: ``auto``, ``cpu``, ``cpu:THREADS``, ``sim[:IMAGE]``,
/// ``serial:PATH[@BAUD]``, ``unix:PATH``, ``tcp:HOST:PORT``, ``xdma:N``.
///
/// A card computes known answers before it is used. Raises UnknownDeviceError when there is
/// no such device or it cannot be opened.
///
/// >>> import chaincard
/// >>> chaincard.open("cpu").kind
/// 'cpu'
/// >>> chaincard.open("no-such-device")
/// Traceback (most recent call last):
///     ...
/// chaincard.UnknownDeviceError: ...
#[pyfunction]
#[pyo3(signature = (name = "auto"))]
fn open(py: Python<'_>, name: &str) -> PyResult<Device> {
    py.detach(|| registry().open(name))
        .map(Device::new)
        .map_err(|error| UnknownDeviceError::new_err(chain(&error)))
}

/// The extension module.
#[pymodule]
fn _chaincard(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Device>()?;
    module.add_class::<DeviceInfo>()?;
    module.add_class::<msm::Bases>()?;
    module.add_function(wrap_pyfunction!(msm::msm_of, module)?)?;
    module.add_function(wrap_pyfunction!(msm::blob_to_kzg_commitment, module)?)?;
    module.add_function(wrap_pyfunction!(devices, module)?)?;
    module.add_function(wrap_pyfunction!(open, module)?)?;
    module.add_function(wrap_pyfunction!(parts::batch_rows, module)?)?;
    module.add_function(wrap_pyfunction!(parts::check_scalars, module)?)?;
    module.add_function(wrap_pyfunction!(bench::bench_rows, module)?)?;
    module.add_function(wrap_pyfunction!(bench::rust_call_seconds, module)?)?;
    error::register(module)
}
