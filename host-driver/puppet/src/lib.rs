//! A device that works as the processor does until it is told to fail, to lie or to panic, and a
//! [watch](soak) over what a process holds: for tests of what stands on the library.
//!
//! ```
//! use chaincard::{HashAlgorithm, Messages, Policy};
//! use chaincard_puppet::{Mood, Puppet};
//!
//! let puppet = Puppet::new();
//! let accelerator = puppet.accelerator(Policy::default());
//! puppet.set(Mood::Fails);
//! let digests = accelerator.hash_many(HashAlgorithm::Sm3, &Messages::Slices(&[b"abc"]))?;
//! assert_eq!(digests.as_bytes()[..2], [0x66, 0xc7]);
//! assert!(puppet.calls(Mood::Fails) > 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod soak;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use chaincard::msm::Terms;
use chaincard::{
    Accelerator, Capabilities, Cpu, Device, DeviceError, DeviceKind, HashAlgorithm, Item, Messages,
    Plan, Policy, Recovered, Report, TransportError, Verdict,
};

/// What a [`Puppet`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Mood {
    /// Answers rightly.
    Works,
    /// Says that its link is closed.
    Fails,
    /// Answers wrongly, but for digests, which nobody checks.
    Lies,
    /// Panics.
    Panics,
}

impl Mood {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Works, Self::Fails, Self::Lies, Self::Panics];
}

/// A card, as an accelerator sees it.
pub struct Puppet {
    cpu: Cpu,
    /// A [`Mood`].
    mood: AtomicU8,
    /// Calls in each mood.
    calls: [AtomicU64; Mood::ALL.len()],
}

impl Puppet {
    /// One that works.
    pub fn new() -> Arc<Self> {
        let (cpu, mood) = (Cpu::with_threads(1), AtomicU8::new(Mood::Works as u8));
        Arc::new(Self { cpu, mood, calls: Default::default() })
    }

    /// Changes what it does from now on.
    pub fn set(&self, mood: Mood) {
        self.mood.store(mood as u8, SeqCst);
    }

    /// Calls of it in that mood.
    pub fn calls(&self, mood: Mood) -> u64 {
        self.calls[mood as usize].load(SeqCst)
    }

    /// An accelerator on it, which believes nothing that it says and tests it again soon when it
    /// has failed; the rest is as `policy` has it.
    ///
    /// # Panics
    /// If it does not work now.
    pub fn accelerator(self: &Arc<Self>, policy: Policy) -> Accelerator {
        let policy = Policy {
            sample_valid: 1.0,
            coalesce_wait: Duration::ZERO,
            backoff: Duration::from_millis(1),
            max_backoff: Duration::from_millis(1),
            cpu_threads: 1,
            ..policy
        };
        let device = Arc::clone(self) as Arc<dyn Device>;
        let accelerator = Accelerator::builder().device(device).policy(policy).build();
        accelerator.expect("the puppet works when it is opened")
    }

    /// Whether to lie.
    fn enter(&self) -> Result<bool, DeviceError> {
        let mood = Mood::ALL[usize::from(self.mood.load(SeqCst))];
        self.calls[mood as usize].fetch_add(1, SeqCst);
        match mood {
            Mood::Works => Ok(false),
            Mood::Lies => Ok(true),
            Mood::Panics => panic!("the puppet was told to panic"),
            Mood::Fails => Err(DeviceError::Transport {
                device: self.name().to_owned(),
                source: TransportError::Closed,
            }),
        }
    }
}

impl Device for Puppet {
    fn name(&self) -> &str {
        "puppet"
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::Card
    }

    fn description(&self) -> String {
        "puppet".to_owned()
    }

    fn capabilities(&self) -> &Capabilities {
        self.cpu.capabilities()
    }

    fn hash(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Report, DeviceError> {
        self.enter()?;
        self.cpu.hash(algorithm, messages, digests)
    }

    fn verify(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
    ) -> Result<Report, DeviceError> {
        let lies = self.enter()?;
        let report = self.cpu.verify(plan, items, verdicts)?;
        for verdict in verdicts.iter_mut().filter(|_| lies) {
            *verdict = match *verdict {
                Verdict::Valid => Verdict::Invalid,
                _ => Verdict::Valid,
            };
        }
        Ok(report)
    }

    fn recover(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        keys: &mut [Recovered],
    ) -> Result<Report, DeviceError> {
        let lies = self.enter()?;
        let report = self.cpu.recover(plan, items, keys)?;
        for recovered in keys.iter_mut().filter(|_| lies) {
            recovered.verdict = Verdict::Valid;
            recovered.key[7] ^= 1;
        }
        Ok(report)
    }

    fn multiply(&self, terms: &Terms<'_>, point: &mut [u8]) -> Result<Report, DeviceError> {
        let lies = self.enter()?;
        let report = self.cpu.multiply(terms, point)?;
        if lies {
            // Infinity, which is in the group.
            point.fill(0);
        }
        Ok(report)
    }
}
