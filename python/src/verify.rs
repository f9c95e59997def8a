//! Signature batches: names of rules, the strict front, the device.

use chaincard::verify::{
    BatchError, DEFAULT_USER_ID, RecoverBatch, SignatureEncoding, VerifyBatch, usual_profile,
};
use chaincard::{Device, DeviceError, Hashing, Item, Plan, Profile, Recovered, Scheme, Verdict};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::error::{chain, device_error};

/// Why there are no verdicts.
#[derive(Debug)]
pub(crate) enum VerifyError {
    Batch(BatchError),
    Device(DeviceError),
}

impl From<VerifyError> for PyErr {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Batch(error) => PyValueError::new_err(chain(&error)),
            VerifyError::Device(error) => device_error(&error),
        }
    }
}

/// The rules of these names.
///
/// # Errors
/// `ValueError` for names that are unknown or do not fit together.
pub(crate) fn plan<'a>(
    scheme: &str,
    profile: Option<&str>,
    hashing: Option<&str>,
    user_id: Option<&'a [u8]>,
) -> PyResult<Plan<'a>> {
    let scheme = named("scheme", &Scheme::ALL, Scheme::name, scheme)?;
    let profile = match profile {
        Some(profile) => named("profile", &Profile::ALL, Profile::name, profile)?,
        None => usual_profile(scheme),
    };
    if profile.scheme() != scheme {
        let (scheme, profile) = (scheme.name(), profile.name());
        return Err(PyValueError::new_err(format!("{scheme} has no profile {profile:?}")));
    }
    let hashing = match (hashing, scheme) {
        (Some(hashing), _) => named("hashing", &Hashing::ALL, Hashing::name, hashing)?,
        (None, Scheme::Secp256k1 | Scheme::P256) => Hashing::Digest,
        (None, Scheme::Sm2) => Hashing::Sm3,
        (None, Scheme::Ed25519) => Hashing::Message,
    };
    if user_id.is_some() && hashing != Hashing::Sm3 {
        return Err(PyValueError::new_err("user_id is for hashing \"sm3\" only"));
    }
    let plan = Plan { profile, hashing, user_id: user_id.unwrap_or(DEFAULT_USER_ID) };
    plan.check().map_err(VerifyError::Batch)?;
    Ok(plan)
}

pub(crate) fn parse_encoding(name: &str) -> PyResult<SignatureEncoding> {
    let all = [SignatureEncoding::Compact, SignatureEncoding::Der];
    named("encoding", &all, SignatureEncoding::name, name)
}

fn named<T: Copy>(what: &str, all: &[T], name: fn(T) -> &'static str, text: &str) -> PyResult<T> {
    let wanted = text.replace('_', "-");
    all.iter().copied().find(|known| name(*known) == wanted).ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|known| name(*known)).collect();
        PyValueError::new_err(format!("unknown {what} {text:?}; known: {}", known.join(", ")))
    })
}

/// Verdict codes, in the order of the batch.
pub(crate) fn verify(device: &dyn Device, batch: &VerifyBatch<'_>) -> Result<Vec<u8>, VerifyError> {
    let parsed = batch.parse().map_err(VerifyError::Batch)?;
    let items = well_formed(&parsed);
    let mut verdicts = vec![Verdict::Invalid; items.len()];
    device.verify(&batch.plan, &items, &mut verdicts).map_err(VerifyError::Device)?;
    let mut verdicts = verdicts.into_iter();
    let judged = |item: &Result<Item<'_>, Verdict>| match item {
        Ok(_) => verdicts.next().unwrap_or(Verdict::Invalid).code(),
        Err(verdict) => verdict.code(),
    };
    Ok(parsed.iter().map(judged).collect())
}

/// Verdict codes, and keys of 64 bytes, in the order of the batch.
pub(crate) fn recover(
    device: &dyn Device,
    batch: &RecoverBatch<'_>,
) -> Result<(Vec<u8>, Vec<u8>), VerifyError> {
    const NONE: Recovered = Recovered { verdict: Verdict::Invalid, key: [0; 64] };
    let parsed = batch.parse().map_err(VerifyError::Batch)?;
    let items = well_formed(&parsed);
    let mut found = vec![NONE; items.len()];
    device.recover(&batch.plan, &items, &mut found).map_err(VerifyError::Device)?;
    let mut found = found.into_iter();
    let judged = |item: &Result<Item<'_>, Verdict>| match item {
        Ok(_) => found.next().unwrap_or(NONE),
        Err(verdict) => Recovered { verdict: *verdict, ..NONE },
    };
    let recovered: Vec<Recovered> = parsed.iter().map(judged).collect();
    let verdicts = recovered.iter().map(|found| found.verdict.code()).collect();
    Ok((verdicts, recovered.iter().flat_map(|found| found.key).collect()))
}

fn well_formed<'a>(parsed: &[Result<Item<'a>, Verdict>]) -> Vec<Item<'a>> {
    parsed.iter().filter_map(|item| item.as_ref().ok()).copied().collect()
}
