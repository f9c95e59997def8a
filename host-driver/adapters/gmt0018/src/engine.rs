//! What the sessions of a device share: the accelerator and the keys.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use chaincard::verify::{Hashing, Plan, Profile, SignatureEncoding, Verdict, VerifyBatch};
use chaincard::{Accelerator, HashAlgorithm, Messages, Outcome};

use crate::config::Config;
use crate::error::{Failure, SdfError};
use crate::sm2::PublicBytes;
use crate::store::{KeyStore, Pair};

/// Devices behind one queue, and internal keys: what an open device of this library stands for.
///
/// [`open`](crate::open) makes a handle of it.
#[derive(Debug)]
pub struct Engine {
    accelerator: Accelerator,
    store: KeyStore,
    /// Whether the last answer came from another device than the one it should come from.
    degraded: AtomicBool,
}

impl Engine {
    /// With an accelerator that was built elsewhere. Its policy should let this processor answer
    /// when the devices do not: otherwise calls end with `SDR_HARDFAIL` then.
    pub fn new(accelerator: Accelerator, store: KeyStore) -> Self {
        Self { accelerator, store, degraded: AtomicBool::new(false) }
    }

    /// Opens the devices and the key store of a configuration.
    pub(crate) fn open(config: &Config) -> Result<Self, SdfError> {
        // First: a wrong password is noticed before a card is touched.
        let store = match &config.keys {
            None => KeyStore::new(),
            Some(keys) => {
                let password = keys.password.read("password of the key store")?;
                KeyStore::open(&keys.store, &password)?
            }
        };
        let mut builder = Accelerator::builder();
        for name in &config.devices {
            builder = builder.name(name);
        }
        let accelerator =
            builder.build().map_err(|error| SdfError::Device(crate::log::chain(&error)))?;
        Ok(Self::new(accelerator, store))
    }

    /// Names of the devices, in the order in which they are tried.
    pub(crate) fn devices(&self) -> String {
        let devices = self.accelerator.devices();
        devices.iter().map(|device| device.name()).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn store(&self) -> &KeyStore {
        &self.store
    }

    /// The pair of an index.
    pub(crate) fn pair(&self, index: u32) -> Result<&Pair, Failure> {
        self.store.pair(index).ok_or(Failure::NoKey(index))
    }

    /// The SM3 digest of a message.
    pub(crate) fn sm3(&self, message: &[u8]) -> Result<[u8; 32], Failure> {
        let messages = [message];
        let answer = self.accelerator.answer(HashAlgorithm::Sm3, &Messages::Slices(&messages));
        let answer = self.told(answer)?;
        self.watch(&answer.outcome);
        let mut digest = [0; 32];
        digest.copy_from_slice(answer.digests.as_bytes());
        Ok(digest)
    }

    /// Whether r and s are a signature of the digest e.
    ///
    /// Only a verdict says [`Failure::Invalid`]; a device that fails never does.
    pub(crate) fn verify(
        &self,
        key: &PublicBytes,
        e: &[u8; 32],
        signature: &[[u8; 32]; 2],
    ) -> Result<(), Failure> {
        let answer = self.accelerator.verify(&VerifyBatch {
            plan: Plan::new(Profile::Gm, Hashing::Digest),
            encoding: SignatureEncoding::Compact,
            messages: Messages::Slices(&[e]),
            public_keys: Messages::Slices(&[key.as_flattened()]),
            signatures: Messages::Slices(&[signature.as_flattened()]),
        });
        let answer = self.told(answer)?;
        self.watch(&answer.outcome);
        match answer.verdicts.first() {
            Some(Verdict::Valid) => Ok(()),
            Some(Verdict::KeyRange) => Err(Failure::Key("a coordinate is not below p")),
            Some(Verdict::KeyNotOnCurve) => Err(Failure::Key("it is no point of the curve")),
            Some(_) => Err(Failure::Invalid),
            None => Err(Failure::Device(chaincard::Error::Taken)),
        }
    }

    /// Logs that no device could answer.
    fn told<T>(&self, answer: Result<T, chaincard::Error>) -> Result<T, Failure> {
        answer.map_err(|error| {
            tracing::error!(error = crate::log::chain(&error), "no device could answer");
            Failure::Device(error)
        })
    }

    /// Logs when a device begins or ceases to be answered for; not each time.
    fn watch(&self, outcome: &Outcome) {
        if self.degraded.swap(outcome.fallback, Relaxed) == outcome.fallback {
            return;
        }
        let by = &*outcome.device;
        if outcome.fallback {
            tracing::warn!(by, "a device is out of service; answers come from another one");
        } else {
            tracing::warn!(by, "the device answers again");
        }
    }
}
