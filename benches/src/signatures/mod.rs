//! Signatures for benches: what is done with them, and the batches.

mod peers;

use chaincard::verify::{RecoverBatch, VerifyBatch};
use chaincard::{
    Accelerator, Capabilities, Device, DeviceError, Error, Hashing, Messages, Plan, Profile,
    Recovered, Scheme, SignatureEncoding, Verdict,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub use peers::SignaturePeer;

/// What is done with a signature: it is verified under a profile, or its key recovered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Verification, from the bytes of key, signature and message to the verdict.
    Verify(Profile),
    /// Recovery over secp256k1, from the bytes of signature and digest to the key.
    Recover,
}

impl Operation {
    /// One for each kind of work; profiles that differ in rules only, not in work, are left out.
    pub const ALL: [Self; 7] = [
        Self::Verify(Profile::Bitcoin),
        Self::Recover,
        Self::Verify(Profile::Gm),
        Self::Verify(Profile::Rfc8032),
        Self::Verify(Profile::Zip215),
        Self::Verify(Profile::Strict),
        Self::Verify(Profile::Fips186),
    ];

    /// Name as users type it: `recover`, `verify-bitcoin`, `verify-gm`, …
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recover => "recover",
            Self::Verify(Profile::Bitcoin) => "verify-bitcoin",
            Self::Verify(Profile::BitcoinLowS) => "verify-bitcoin-low-s",
            Self::Verify(Profile::Ethereum) => "verify-ethereum",
            Self::Verify(Profile::EthereumTransaction) => "verify-ethereum-transaction",
            Self::Verify(Profile::Gm) => "verify-gm",
            Self::Verify(Profile::Rfc8032) => "verify-rfc8032",
            Self::Verify(Profile::Zip215) => "verify-zip215",
            Self::Verify(Profile::Strict) => "verify-strict",
            Self::Verify(Profile::Rip7212) => "verify-rip7212",
            Self::Verify(Profile::Fips186) => "verify-fips186",
        }
    }

    /// The operation of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let verify = Profile::ALL.into_iter().map(Self::Verify);
        verify.chain([Self::Recover]).find(|operation| operation.name() == name)
    }

    /// Whether a device of these capabilities does it.
    pub fn is_in(self, capabilities: &Capabilities) -> bool {
        match self {
            Self::Verify(profile) => capabilities.verifies.contains(&profile.scheme()),
            Self::Recover => capabilities.recovers,
        }
    }

    /// How messages are hashed: secp256k1 signs a digest, as its libraries do; the others hash.
    fn plan(self) -> Plan<'static> {
        match self {
            Self::Recover => Plan::new(Profile::Ethereum, Hashing::Digest),
            Self::Verify(profile) => {
                let hashing = match profile.scheme() {
                    Scheme::Secp256k1 => Hashing::Digest,
                    Scheme::Sm2 => Hashing::Sm3,
                    Scheme::Ed25519 => Hashing::Message,
                    Scheme::P256 => Hashing::Sha256,
                };
                Plan::new(profile, hashing)
            }
        }
    }

    /// Bytes of one result: the key, or whether the signature is valid.
    const fn result_len(self) -> usize {
        match self {
            Self::Recover => 64,
            Self::Verify(_) => 1,
        }
    }
}

/// Bytes in each message.
pub(crate) const MESSAGE: usize = 32;

/// Every one in so many signatures is wrong, so that contenders can be told apart.
const WRONG: usize = 16;

/// A batch of signatures with their keys and messages of 32 bytes, one row each. Every
/// sixteenth is wrong.
pub struct Signatures {
    operation: Operation,
    messages: Vec<u8>,
    keys: Vec<u8>,
    signatures: Vec<u8>,
}

impl Signatures {
    /// `count` signatures from a seed.
    pub fn new(operation: Operation, seed: u64, count: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut all =
            Self { operation, messages: Vec::new(), keys: Vec::new(), signatures: Vec::new() };
        for index in 0..count {
            let message: [u8; MESSAGE] = random.random();
            let (key, mut signature) = loop {
                if let Some(signed) = peers::sign(operation, &random.random(), &message) {
                    break signed;
                }
            };
            if index % WRONG == WRONG - 1 {
                // In s, where it stays in its range.
                signature[45] ^= 1;
            }
            all.messages.extend(message);
            all.keys.extend(key);
            all.signatures.extend(signature);
        }
        all
    }

    /// Number of signatures.
    pub fn len(&self) -> usize {
        self.messages.len() / MESSAGE
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    fn rows(data: &[u8], first: usize, count: usize, of: usize) -> &[u8] {
        let len = data.len() / of;
        &data[first * len..(first + count) * len]
    }

    /// Bytes of the result of one signature: 64 of a recovered key, otherwise 1, which says
    /// whether it is valid.
    pub fn result_len(&self) -> usize {
        self.operation.result_len()
    }

    /// Results of the first ones, as many as fit in `results`, by `device`, from bytes.
    ///
    /// # Errors
    /// What the device says.
    pub fn on_device(&self, device: &dyn Device, results: &mut [u8]) -> Result<(), DeviceError> {
        let count = results.len() / self.result_len();
        let rows = |data, len| Messages::rows(Self::rows(data, 0, count, self.len()), len);
        let messages = rows(&self.messages, MESSAGE)?;
        let signatures = rows(&self.signatures, self.signatures.len() / self.len())?;
        let plan = self.operation.plan();
        match self.operation {
            Operation::Verify(_) => {
                let public_keys = rows(&self.keys, self.keys.len() / self.len())?;
                let encoding = SignatureEncoding::Compact;
                let batch = VerifyBatch { plan, encoding, messages, public_keys, signatures };
                // All of them are of right shape.
                let items: Vec<_> = batch.parse()?.into_iter().flatten().collect();
                let mut verdicts = vec![Verdict::Invalid; count];
                device.verify(&plan, &items, &mut verdicts)?;
                for (result, verdict) in results.iter_mut().zip(verdicts) {
                    *result = u8::from(verdict == Verdict::Valid);
                }
            }
            Operation::Recover => {
                let batch = RecoverBatch { plan, messages, signatures, ids: None };
                let items: Vec<_> = batch.parse()?.into_iter().flatten().collect();
                let none = Recovered { verdict: Verdict::Invalid, key: [0; 64] };
                let mut keys = vec![none; count];
                device.recover(&plan, &items, &mut keys)?;
                for (result, recovered) in results.chunks_exact_mut(64).zip(keys) {
                    result.copy_from_slice(&recovered.key);
                }
            }
        }
        Ok(())
    }

    /// Results of those from `first` on, as many as fit in `results`, by one call of `accelerator`.
    ///
    /// # Errors
    /// What the accelerator says.
    pub fn on_accelerator(
        &self,
        accelerator: &Accelerator,
        first: usize,
        results: &mut [u8],
    ) -> Result<(), Error> {
        let count = results.len() / self.result_len();
        let rows = |data| {
            let data = Self::rows(data, first, count, self.len());
            Messages::Rows { data, len: data.len() / count.max(1), count }
        };
        let (plan, messages) = (self.operation.plan(), rows(&self.messages));
        let signatures = rows(&self.signatures);
        match self.operation {
            Operation::Verify(_) => {
                let (encoding, public_keys) = (SignatureEncoding::Compact, rows(&self.keys));
                let batch = VerifyBatch { plan, encoding, messages, public_keys, signatures };
                for (result, verdict) in results.iter_mut().zip(accelerator.verify_many(&batch)?) {
                    *result = u8::from(verdict == Verdict::Valid);
                }
            }
            Operation::Recover => {
                let batch = RecoverBatch { plan, messages, signatures, ids: None };
                let keys = accelerator.recover_many(&batch)?;
                for (result, recovered) in results.chunks_exact_mut(64).zip(keys) {
                    result.copy_from_slice(&recovered.key);
                }
            }
        }
        Ok(())
    }

    /// Result of one of them by `peer`, one of the same operation.
    pub fn one_on_peer(&self, peer: &SignaturePeer, index: usize, result: &mut [u8]) {
        self.share_on_peer(peer, index, result);
    }

    /// Results of all of them by `peer`, one of the same operation, on all threads of the
    /// current rayon pool.
    pub fn on_peer(&self, peer: &SignaturePeer, results: &mut [u8]) {
        use rayon::prelude::*;
        let count = self.len();
        let share = count.div_ceil(rayon::current_num_threads()).max(1);
        if share >= count {
            return self.share_on_peer(peer, 0, results);
        }
        results
            .par_chunks_mut(share * self.result_len())
            .enumerate()
            .for_each(|(index, results)| self.share_on_peer(peer, index * share, results));
    }

    fn share_on_peer(&self, peer: &SignaturePeer, first: usize, results: &mut [u8]) {
        let count = results.len() / self.result_len();
        let rows = |data| {
            let rows = Self::rows(data, first, count, self.len());
            rows.chunks_exact((rows.len() / count).max(1))
        };
        let results = results.chunks_exact_mut(self.result_len());
        let (messages, signatures) = (rows(&self.messages), rows(&self.signatures));
        match peer.judge {
            peers::Judge::Verify(verify) => {
                for (((message, key), signature), result) in
                    messages.zip(rows(&self.keys)).zip(signatures).zip(results)
                {
                    result[0] = u8::from(verify(message, key, signature).is_some());
                }
            }
            peers::Judge::Recover(recover) => {
                for ((message, signature), result) in messages.zip(signatures).zip(results) {
                    result.copy_from_slice(&recover(message, signature).unwrap_or([0; 64]));
                }
            }
        }
    }
}
