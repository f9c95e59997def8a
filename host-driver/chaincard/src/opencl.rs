//! OpenCL devices (feature `opencl`).

use chaincard_opencl::{
    Algorithm, DeviceBases, DeviceInfo, DeviceType, Hasher, MsmCurve, Multiplier, OpenClError,
    Verifier,
};
use chaincard_protocol::verify::{
    KEY_COMPRESSED, KEY_ODD, RECOVERY_ABOVE_N, RECOVERY_ODD, VerifyParam,
};

use crate::device::{
    Capabilities, Device, DeviceError, DeviceKind, Report, check_call, check_multiply,
    check_recover, check_verify,
};
use crate::hash::{HashAlgorithm, Messages};
use crate::msm::{BasesCache, Curve, Terms, combine_windows};
use crate::registry::Listed;
use crate::verify::{Item, Key, Plan, Recovered, Scheme, Verdict};

/// Most bytes of bases that stay in the device's memory, where that is large enough.
const MOST_BASES: usize = 1 << 30;

/// An OpenCL device.
pub struct OpenCl {
    name: String,
    hasher: Hasher,
    verifier: Verifier,
    multiplier: Multiplier,
    bases: BasesCache<DeviceBases>,
    capabilities: Capabilities,
}

impl OpenCl {
    /// Opens device `index`, to be called `name`.
    ///
    /// # Errors
    /// [`DeviceError::OpenCl`].
    pub fn open(name: &str, index: usize) -> Result<Self, DeviceError> {
        let hasher = Hasher::open(index).map_err(|error| device_error(name, error))?;
        let verifier = Verifier::open(index).map_err(|error| device_error(name, error))?;
        let multiplier = Multiplier::open(index).map_err(|error| device_error(name, error))?;
        let memory = usize::try_from(multiplier.info().global_memory / 4).unwrap_or(usize::MAX);
        let capabilities = Capabilities {
            hashes: HashAlgorithm::ALL.to_vec(),
            verifies: Scheme::ALL.to_vec(),
            recovers: true,
            multiplies: vec![Curve::Bn254, Curve::Bls12_381],
            max_terms: Some(multiplier.max_terms()),
            ..Capabilities::default()
        };
        let bases = BasesCache::new(memory.min(MOST_BASES));
        Ok(Self { name: name.to_owned(), hasher, verifier, multiplier, bases, capabilities })
    }
}

/// The first OpenCL device that is a graphics processor and can be opened.
pub(crate) fn first_gpu() -> Option<OpenCl> {
    let devices = chaincard_opencl::list().unwrap_or_default();
    devices
        .iter()
        .filter(|device| device.device_type == DeviceType::Gpu)
        .find_map(|device| OpenCl::open(&format!("opencl:{}", device.index), device.index).ok())
}

/// All OpenCL devices; none when there is no platform.
pub(crate) fn list() -> Vec<Listed> {
    let devices = chaincard_opencl::list().unwrap_or_default();
    devices
        .iter()
        .map(|device| Listed {
            name: format!("opencl:{}", device.index),
            kind: DeviceKind::OpenCl,
            description: describe(device),
        })
        .collect()
}

fn describe(device: &DeviceInfo) -> String {
    let DeviceInfo { name, platform, version, compute_units, .. } = device;
    format!("{name} ({platform}, {version}), {compute_units} compute units")
}

fn device_error(name: &str, error: OpenClError) -> DeviceError {
    DeviceError::OpenCl { device: name.to_owned(), source: Box::new(error) }
}

const fn kernel(algorithm: HashAlgorithm) -> Algorithm {
    match algorithm {
        HashAlgorithm::Sha256 => Algorithm::Sha256,
        HashAlgorithm::Sha512 => Algorithm::Sha512,
        HashAlgorithm::Keccak256 => Algorithm::Keccak256,
        HashAlgorithm::Sha3_256 => Algorithm::Sha3_256,
        HashAlgorithm::Sm3 => Algorithm::Sm3,
    }
}

const fn msm_kernel(curve: Curve) -> Option<MsmCurve> {
    match curve {
        Curve::Bn254 => Some(MsmCurve::Bn254),
        Curve::Bls12_381 => Some(MsmCurve::Bls12_381),
        Curve::Bls12_377 => None,
    }
}

fn param(plan: &Plan<'_>) -> VerifyParam {
    VerifyParam { profile: plan.profile, hashing: plan.hashing }
}

/// An item as the kernels take it.
fn packed<'a>(item: &Item<'a>) -> chaincard_opencl::Item<'a> {
    let flag = |set: bool, flag| if set { flag } else { 0 };
    let (flags, x, y) = match item.key {
        Key::Point { x, y } => (0, x, y),
        Key::Compressed { x, odd } => (KEY_COMPRESSED | flag(odd, KEY_ODD), x, [0; 32]),
        Key::Edwards(a) => (0, a, [0; 32]),
        Key::Recover(id) => {
            let flags = flag(id & 1 != 0, RECOVERY_ODD) | flag(id & 2 != 0, RECOVERY_ABOVE_N);
            (flags, [0; 32], [0; 32])
        }
    };
    chaincard_opencl::Item { flags, r: item.r, s: item.s, x, y, message: item.message }
}

impl Device for OpenCl {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::OpenCl
    }

    fn description(&self) -> String {
        describe(self.hasher.info())
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn hash(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Report, DeviceError> {
        check_call(self, algorithm, messages, digests)?;
        let kernel = kernel(algorithm);
        let (own_data, own_ends);
        let (data, ends): (&[u8], &[usize]) = match *messages {
            Messages::Packed { data, ends } => (data, ends),
            Messages::Rows { data, len, count } => {
                own_ends = (1..=count).map(|index| index * len).collect::<Vec<_>>();
                (data, &own_ends)
            }
            Messages::Slices(slices) => {
                own_data = slices.concat();
                let mut end = 0;
                own_ends = slices
                    .iter()
                    .map(|slice| {
                        end += slice.len();
                        end
                    })
                    .collect();
                (&own_data, &own_ends)
            }
        };
        self.hasher
            .hash(kernel, data, ends, digests)
            .map_err(|error| device_error(&self.name, error))?;
        Ok(Report::default())
    }

    fn verify(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
    ) -> Result<Report, DeviceError> {
        check_verify(self, plan, items, verdicts)?;
        let items: Vec<_> = items.iter().map(packed).collect();
        self.verifier
            .verify(param(plan), plan.user_id, &items, verdicts)
            .map_err(|error| device_error(&self.name, error))?;
        Ok(Report::default())
    }

    fn recover(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        keys: &mut [Recovered],
    ) -> Result<Report, DeviceError> {
        check_recover(self, plan, items, keys)?;
        let items: Vec<_> = items.iter().map(packed).collect();
        let mut verdicts = vec![Verdict::Invalid; items.len()];
        let mut points = vec![[0; 64]; items.len()];
        self.verifier
            .recover(param(plan), &items, &mut verdicts, &mut points)
            .map_err(|error| device_error(&self.name, error))?;
        for ((recovered, verdict), key) in keys.iter_mut().zip(verdicts).zip(points) {
            *recovered = Recovered { verdict, key };
        }
        Ok(Report::default())
    }

    fn multiply(&self, terms: &Terms<'_>, point: &mut [u8]) -> Result<Report, DeviceError> {
        check_multiply(self, terms, point)?;
        let Some(curve) = msm_kernel(terms.curve()) else {
            let operation = terms.curve().name();
            return Err(DeviceError::Unsupported { device: self.name.clone(), operation });
        };
        let failed = |error| device_error(&self.name, error);
        let bytes = Multiplier::bases_bytes(curve, terms.len());
        let prepare = || self.multiplier.prepare(curve, &terms.points());
        let bases = self.bases.get(terms, bytes, prepare).map_err(failed)?;
        let scalars: Vec<_> = terms.reduced().collect();
        let sums = self.multiplier.window_sums(&bases, &scalars).map_err(failed)?;
        let sum = combine_windows(terms.curve(), sums.width, &sums.sums)
            .map_err(|source| DeviceError::Windows { device: self.name.clone(), source })?;
        point.copy_from_slice(&sum);
        Ok(Report::default())
    }
}
