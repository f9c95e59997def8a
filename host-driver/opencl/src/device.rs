//! Which devices there are.

use std::sync::{Mutex, PoisonError};

use ocl::core::{self, DeviceInfo as Query, DeviceInfoResult};
use ocl::{Context, Device, Platform};

use crate::OpenClError;

/// What `clGetPlatformIDs` says when the loader finds no platform (extension `cl_khr_icd`).
const PLATFORM_NOT_FOUND: i32 = -1001;

/// Kind of an OpenCL device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceType {
    /// A processor.
    Cpu,
    /// A graphics processor.
    Gpu,
    /// Any other one.
    Accelerator,
}

/// An OpenCL device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Number for [`Hasher::open`](crate::Hasher::open), [`Verifier::open`](crate::Verifier::open)
    /// and [`Multiplier::open`](crate::Multiplier::open): platforms in the loader's order,
    /// devices of a platform in its order.
    pub index: usize,
    /// Name of the platform.
    pub platform: String,
    /// Name of the device.
    pub name: String,
    /// OpenCL version of the device, as it says.
    pub version: String,
    /// Kind.
    pub device_type: DeviceType,
    /// Compute units.
    pub compute_units: u32,
    /// Bytes of global memory.
    pub global_memory: u64,
    /// Bytes that one buffer may have.
    pub max_allocation: u64,
}

/// All devices of all platforms; empty when there is none, or no platform.
///
/// # Errors
/// [`OpenClError::Platforms`] when the loader fails in another way than by finding nothing.
pub fn list() -> Result<Vec<DeviceInfo>, OpenClError> {
    Ok(usable()?.into_iter().map(|(_, _, info)| info).collect())
}

/// The devices with their platforms. One that does not answer a query is left out: it would
/// not answer anything else either.
fn usable() -> Result<Vec<(Platform, Device, DeviceInfo)>, OpenClError> {
    // The loader and some platforms set themselves up in the first call, and a second one at
    // the same time finds nothing.
    static LISTING: Mutex<()> = Mutex::new(());
    let _turn = LISTING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut all = Vec::new();
    for platform in platforms()? {
        let name = platform.name().unwrap_or_default();
        // A platform without devices says so with an error.
        let Ok(devices) = core::get_device_ids(platform, Some(core::DeviceType::ALL), None) else {
            continue;
        };
        for device in devices.into_iter().map(Device::from) {
            if let Some(info) = describe(all.len(), &name, device) {
                all.push((platform, device, info));
            }
        }
    }
    Ok(all)
}

/// A context on device `index` of [`list`].
pub(crate) fn open(index: usize) -> Result<(Context, Device, DeviceInfo), OpenClError> {
    let mut devices = usable()?;
    if index >= devices.len() {
        return Err(OpenClError::NoDevice { index, found: devices.len() });
    }
    let (platform, device, info) = devices.swap_remove(index);
    let context = Context::builder()
        .platform(platform)
        .devices(device)
        .build()
        .map_err(OpenClError::call("make a context"))?;
    Ok((context, device, info))
}

fn platforms() -> Result<Vec<Platform>, OpenClError> {
    // `ocl` itself waits ten seconds for a first platform to appear.
    let mut count = 0;
    // SAFETY: no list is asked for (0 entries, null), and `count` is a valid place to write.
    let status = unsafe { ocl::ffi::clGetPlatformIDs(0, std::ptr::null_mut(), &mut count) };
    match status {
        PLATFORM_NOT_FOUND => return Ok(Vec::new()),
        0 if count == 0 => return Ok(Vec::new()),
        0 => {}
        _ => return Err(OpenClError::Platforms { status }),
    }
    let platforms = core::get_platform_ids().map_err(OpenClError::call("list platforms"))?;
    Ok(Platform::list_from_core(platforms))
}

fn describe(index: usize, platform: &str, device: Device) -> Option<DeviceInfo> {
    let query = |query| device.info(query).ok();
    let DeviceInfoResult::EndianLittle(true) = query(Query::EndianLittle)? else { return None };
    let DeviceInfoResult::Available(true) = query(Query::Available)? else { return None };
    let DeviceInfoResult::CompilerAvailable(true) = query(Query::CompilerAvailable)? else {
        return None;
    };
    let DeviceInfoResult::Type(flags) = query(Query::Type)? else { return None };
    let DeviceInfoResult::MaxComputeUnits(compute_units) = query(Query::MaxComputeUnits)? else {
        return None;
    };
    let DeviceInfoResult::GlobalMemSize(global_memory) = query(Query::GlobalMemSize)? else {
        return None;
    };
    let DeviceInfoResult::MaxMemAllocSize(max_allocation) = query(Query::MaxMemAllocSize)? else {
        return None;
    };
    Some(DeviceInfo {
        index,
        platform: platform.to_owned(),
        name: device.name().ok()?,
        version: query(Query::Version)?.to_string(),
        device_type: if flags.contains(core::DeviceType::GPU) {
            DeviceType::Gpu
        } else if flags.contains(core::DeviceType::CPU) {
            DeviceType::Cpu
        } else {
            DeviceType::Accelerator
        },
        compute_units,
        global_memory,
        max_allocation,
    })
}
