//! Double SHA-256 and verdicts of batches on the device.

use chaincard::verify::VerifyBatch;
use chaincard::{Accelerator, DeviceKind, HashAlgorithm, Messages, Outcome, Verdict, VerifyAnswer};

/// A double SHA-256 digest, in the order in which the hash function gives the bytes.
pub(crate) type Digest = [u8; 32];

/// Bytes in one call to a device that is not the CPU: the progress bar moves after each.
const CHUNK: usize = 64 << 10;

/// Hashes and verifies on the device, and keeps account.
pub(crate) struct Hasher<'a> {
    accelerator: &'a Accelerator,
    chunk: usize,
    progress: &'a dyn Fn(Progress),
    cycles: Option<u64>,
    devices: Vec<String>,
    fallback: bool,
    bytes: u64,
}

/// How far the work is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    /// Bytes hashed.
    pub(crate) bytes: u64,
    /// Cycles of a simulated card.
    pub(crate) cycles: Option<u64>,
}

impl<'a> Hasher<'a> {
    pub(crate) fn new(accelerator: &'a Accelerator, progress: &'a dyn Fn(Progress)) -> Self {
        let cpu = accelerator.devices().iter().all(|device| device.kind() == DeviceKind::Cpu);
        Self {
            accelerator,
            chunk: if cpu { usize::MAX } else { CHUNK },
            progress,
            cycles: None,
            devices: Vec::new(),
            fallback: false,
            bytes: 0,
        }
    }

    /// Names of the devices that answered, in order of their first answer.
    pub(crate) fn devices(&self) -> &[String] {
        &self.devices
    }

    /// Whether a device answered in the place of another one.
    pub(crate) fn fallback(&self) -> bool {
        self.fallback
    }

    /// Cycles so far, on a simulated card.
    pub(crate) fn cycles(&self) -> Option<u64> {
        self.cycles
    }

    /// SHA-256 of the SHA-256 of each message; message i is `data[ends[i - 1]..ends[i]]`.
    pub(crate) fn double(
        &mut self,
        data: &[u8],
        ends: &[usize],
    ) -> Result<Vec<Digest>, chaincard::Error> {
        let mut digests = vec![0; ends.len() * 32];
        let mut first = 0;
        while first < ends.len() {
            let start = if first == 0 { 0 } else { ends[first - 1] };
            let fits = ends[first..].iter().take_while(|&&end| end - start <= self.chunk).count();
            let last = first + fits.max(1);
            let relative: Vec<usize> = ends[first..last].iter().map(|end| end - start).collect();
            let messages = Messages::Packed { data: &data[start..ends[last - 1]], ends: &relative };
            self.single(&messages, &mut digests[first * 32..last * 32])?;
            first = last;
        }
        let inner = digests.clone();
        let rows = if self.chunk == usize::MAX { ends.len() } else { CHUNK / 32 };
        let chunks = inner.chunks(rows.max(1) * 32).zip(digests.chunks_mut(rows.max(1) * 32));
        for (data, digests) in chunks {
            let messages = Messages::Rows { data, len: 32, count: data.len() / 32 };
            self.single(&messages, digests)?;
        }
        Ok(digests.chunks_exact(32).map(|digest| digest.try_into().unwrap_or([0; 32])).collect())
    }

    fn single(
        &mut self,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<(), chaincard::Error> {
        let outcome = self.accelerator.hash_into(HashAlgorithm::Sha256, messages, digests)?;
        self.note(&outcome);
        self.bytes += messages.total_bytes() as u64;
        (self.progress)(Progress { bytes: self.bytes, cycles: self.cycles });
        Ok(())
    }

    /// Verdicts on signatures, in order.
    pub(crate) fn verify(
        &mut self,
        batch: &VerifyBatch<'_>,
    ) -> Result<Vec<Verdict>, chaincard::Error> {
        let VerifyAnswer { verdicts, outcome } = self.accelerator.verify(batch)?;
        self.note(&outcome);
        (self.progress)(Progress { bytes: self.bytes, cycles: self.cycles });
        Ok(verdicts)
    }

    fn note(&mut self, outcome: &Outcome) {
        if let Some(cycles) = outcome.report.cycles {
            *self.cycles.get_or_insert(0) += cycles;
        }
        if !self.devices.iter().any(|name| **name == *outcome.device) {
            self.devices.push(outcome.device.to_string());
        }
        self.fallback |= outcome.fallback || outcome.elsewhere > 0;
    }
}
