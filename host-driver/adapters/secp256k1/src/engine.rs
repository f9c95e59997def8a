//! The accelerator that all calls of the process share.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use chaincard::verify::{Hashing, Plan, Profile, SignatureEncoding, Verdict};
use chaincard::{Accelerator, Error, Messages, RecoverBatch, Registry, VerifyBatch};
use secp256k1::ffi;

use crate::types::{PublicKey, Signature, reversed};
use crate::{bundled, log};

/// Device names, separated by commas; also what the device `auto` goes by.
const DEVICES_VARIABLE: &str = "CHAINCARD_DEVICES";

/// Of the process that loaded the library.
static ACCELERATOR: OnceLock<Option<Accelerator>> = OnceLock::new();
/// Of a process that was forked from one that had an accelerator: threads are not forked, so the
/// queue of the parent's does not move there.
static FORKED_ACCELERATOR: OnceLock<Option<Accelerator>> = OnceLock::new();
static FORKED: AtomicBool = AtomicBool::new(false);

/// Makes this the accelerator of the process, instead of the one that would be opened when the first
/// signature is verified.
///
/// # Errors
/// The accelerator, if there is one already.
pub fn install(accelerator: Accelerator) -> Result<(), Accelerator> {
    let mut accelerator = Some(accelerator);
    ACCELERATOR.get_or_init(|| {
        watch_forks();
        accelerator.take()
    });
    accelerator.map_or(Ok(()), Err)
}

fn watch_forks() {
    extern "C" fn in_child() {
        FORKED.store(true, Relaxed);
    }
    // SAFETY: the function only stores, and the library is never unloaded. Without memory for it,
    // forked processes are those of before.
    unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
}

/// The accelerator; `None` if not even this processor could be opened.
fn accelerator() -> Option<&'static Accelerator> {
    let opened = if FORKED.load(Relaxed) {
        FORKED_ACCELERATOR.get_or_init(|| open(None))
    } else {
        ACCELERATOR.get_or_init(|| {
            watch_forks();
            let opened = open(Some(&std::env::var(DEVICES_VARIABLE).unwrap_or_default()));
            let devices = opened.as_ref().map(Accelerator::devices).unwrap_or_default();
            for device in devices {
                log::info(&format!("device: {}", device.name()));
            }
            opened
        })
    };
    opened.as_ref()
}

/// On the first device of `names` that opens, as the device `auto` has it; on the best one without
/// names, and on this processor for `None`.
fn open(names: Option<&str>) -> Option<Accelerator> {
    let Some(names) = names else { return Accelerator::open("cpu").ok() };
    let registry = Registry::default();
    let refused = |name: &str, error: &dyn std::error::Error| {
        log::warn(&format!(
            "cannot open {name} of {DEVICES_VARIABLE}: {}; see `chaincard devices`",
            log::chain(error)
        ));
    };
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let opened = registry.open(name).map(|device| Accelerator::builder().device(device));
        match opened.and_then(|builder| builder.build()) {
            Ok(accelerator) => return Some(accelerator),
            Err(error) => refused(name, &error),
        }
    }
    let best = registry.open_auto_of("");
    let accelerator = Accelerator::builder().device(best).build();
    accelerator.inspect_err(|error| refused("auto", error)).ok()
}

/// Whether s is not in [0, n/2].
pub(crate) fn is_high(signature: &Signature) -> bool {
    let none = std::ptr::null_mut();
    let signature: *const Signature = signature;
    let here = bundled::context();
    // SAFETY: the structures are the same, and nothing is written.
    unsafe { ffi::secp256k1_ecdsa_signature_normalize(here, none, signature.cast()) == 1 }
}

/// Whether `signature`, r and s, is one of the digest by the key, x and y.
///
/// What no device answers is answered here: that is no verdict.
pub(crate) fn verify(signature: &[u8; 64], digest: &[u8; 32], key: &[u8; 64]) -> bool {
    answered(|accelerator| {
        let verdicts = accelerator.verify_many(&VerifyBatch {
            plan: Plan::new(Profile::BitcoinLowS, Hashing::Digest),
            encoding: SignatureEncoding::Compact,
            messages: Messages::Slices(&[digest]),
            public_keys: Messages::Slices(&[key]),
            signatures: Messages::Slices(&[signature]),
        })?;
        Ok(verdicts == [Verdict::Valid])
    })
    .unwrap_or_else(|| {
        let (signature, key) = (reversed(signature), reversed(key));
        let here = bundled::context();
        // SAFETY: the structures are the same; x is not 0.
        let valid = unsafe {
            ffi::secp256k1_ecdsa_verify(
                here,
                signature.as_ptr().cast(),
                digest.as_ptr(),
                key.as_ptr().cast(),
            )
        };
        valid == 1
    })
}

/// The key, x and y, that made a signature, r and s, of the digest.
///
/// What no device answers is answered here: that is no verdict.
pub(crate) fn recover(signature: &[u8; 64], id: u8, digest: &[u8; 32]) -> Option<[u8; 64]> {
    answered(|accelerator| {
        let recovered = accelerator.recover_many(&RecoverBatch {
            plan: Plan::new(Profile::Ethereum, Hashing::Digest),
            messages: Messages::Slices(&[digest]),
            signatures: Messages::Slices(&[signature]),
            ids: Some(&[id]),
        })?;
        let first = recovered.first().filter(|first| first.verdict == Verdict::Valid);
        Ok(first.map(|first| first.key))
    })
    .unwrap_or_else(|| {
        let mut bytes = [id; 65];
        bytes[..64].copy_from_slice(&reversed(signature));
        let mut key = PublicKey([0; 64]);
        let here = bundled::context();
        // SAFETY: the structures are the same.
        let recovered = unsafe {
            ffi::recovery::secp256k1_ecdsa_recover(
                here,
                (&raw mut key).cast(),
                bytes.as_ptr().cast(),
                digest.as_ptr(),
            )
        };
        (recovered == 1).then(|| reversed(&key.0))
    })
}

/// What the accelerator says; `None` when it says nothing.
fn answered<T>(ask: impl FnOnce(&Accelerator) -> Result<T, Error>) -> Option<T> {
    // What a panic leaves half-done is behind locks of the accelerator, which recovers them.
    let answer = catch_unwind(AssertUnwindSafe(|| accelerator().map(ask)));
    match answer {
        Ok(Some(Ok(answer))) => Some(answer),
        Ok(Some(Err(error))) => {
            log::once_unanswered(&error.to_string());
            None
        }
        Ok(None) | Err(_) => {
            log::once_unanswered("the accelerator cannot be used");
            None
        }
    }
}
