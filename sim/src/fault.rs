//! Faults on the link to a card, from a seed.

use crate::stream::SplitMix64;
use chaincard::{Transport, TransportError};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// What goes wrong on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// One bit of a byte is inverted.
    FlippedBits,
    /// A byte is lost.
    DroppedBytes,
    /// A byte comes twice.
    DuplicatedBytes,
    /// What the card has sent comes only after the host has given up waiting for it once,
    /// and in pieces.
    Stalls,
    /// The rest of a transfer is lost.
    Truncated,
    /// The link is closed; resetting it opens it again.
    Closed,
}

impl Fault {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::FlippedBits,
        Self::DroppedBytes,
        Self::DuplicatedBytes,
        Self::Stalls,
        Self::Truncated,
        Self::Closed,
    ];
}

/// A link on which one kind of fault happens now and then, in both directions.
pub struct FaultyTransport<T> {
    inner: T,
    fault: Fault,
    /// One of so many bytes (`Stalls`, `Closed`: calls) is concerned.
    one_in: u64,
    rng: SplitMix64,
    received: VecDeque<u8>,
    closed: bool,
    injected: Arc<AtomicU64>,
}

impl<T: Transport> FaultyTransport<T> {
    /// `inner` with `fault` on one of `one_in` bytes (calls, for `Stalls` and `Closed`) on
    /// average, chosen by `seed`; `one_in` = 0 means never.
    pub fn new(inner: T, fault: Fault, one_in: u64, seed: u64) -> Self {
        Self {
            inner,
            fault,
            one_in,
            rng: SplitMix64(seed),
            received: VecDeque::new(),
            closed: false,
            injected: Arc::default(),
        }
    }

    /// Counts the faults, also when somebody else has the transport.
    pub fn injected(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.injected)
    }

    /// Whether a fault happens here.
    fn strikes(&mut self) -> bool {
        let strikes = self.one_in != 0 && self.rng.next_u64().is_multiple_of(self.one_in);
        self.injected.fetch_add(u64::from(strikes), Ordering::Relaxed);
        strikes
    }

    /// What becomes of `bytes` on the way.
    fn disturb(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let per_byte = !matches!(self.fault, Fault::Stalls | Fault::Closed);
        for &byte in bytes {
            if !per_byte || !self.strikes() {
                out.push(byte);
                continue;
            }
            match self.fault {
                Fault::FlippedBits => out.push(byte ^ 1 << (self.rng.next_u64() % 8)),
                Fault::DroppedBytes => {}
                Fault::DuplicatedBytes => out.extend([byte, byte]),
                Fault::Truncated => break,
                Fault::Stalls | Fault::Closed => out.push(byte),
            }
        }
        out
    }

    fn check_open(&mut self) -> Result<(), TransportError> {
        if self.fault == Fault::Closed && !self.closed {
            self.closed = self.strikes();
        }
        if self.closed { Err(TransportError::Closed) } else { Ok(()) }
    }
}

impl<T: Transport> Transport for FaultyTransport<T> {
    fn send(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        self.check_open()?;
        let bytes = self.disturb(bytes);
        self.inner.send(&bytes, deadline)
    }

    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        self.check_open()?;
        if self.fault == Fault::Stalls && self.strikes() {
            return Err(TransportError::Timeout);
        }
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.received.is_empty() {
            let mut chunk = [0; 4096];
            let count = self.inner.receive(&mut chunk, deadline)?;
            let chunk = self.disturb(&chunk[..count]);
            self.received.extend(chunk);
        }
        let most = match self.fault {
            Fault::Stalls => 1 + (self.rng.next_u64() % 64) as usize,
            _ => buffer.len(),
        };
        let most = most.min(buffer.len());
        Ok(crate::card::take(&mut self.received, &mut buffer[..most]))
    }

    fn reset(&mut self) -> Result<(), TransportError> {
        self.received.clear();
        self.inner.reset()?;
        self.closed = false;
        Ok(())
    }

    fn description(&self) -> String {
        format!("{} with {:?}", self.inner.description(), self.fault)
    }

    fn simulated_cycles(&self) -> Option<u64> {
        self.inner.simulated_cycles()
    }
}
