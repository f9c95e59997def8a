//! Bases that are parsed once and serve many multiplications.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use super::cache::Forget;
use super::check::{NoRandomNumbers, Twins};
use super::points::Prepared;
use super::scalar::SCALAR_BYTES;
use super::{Checking, Curve, MsmError, group};

/// Sums of ranges that a handle keeps.
const MOST_TOTALS: usize = 1 << 10;

/// Bases, in Montgomery form: as many bytes as their encodings.
/// Clones share them, and whatever devices keep of them.
#[derive(Clone)]
pub struct Bases(Arc<Owned>);

/// What the handles of some bases share.
struct Owned {
    id: u64,
    points: Box<dyn Prepared>,
    checking: Checking,
    are_in_subgroup: OnceLock<bool>,
    /// Sums of ranges of them.
    totals: Mutex<HashMap<Range<usize>, Vec<u8>>>,
    twins: OnceLock<Twins>,
    /// Devices that keep something of them.
    watchers: Mutex<Vec<Weak<dyn Forget>>>,
}

impl Bases {
    /// Parses points of [`Curve::point_bytes`] each, x then y, big-endian, infinity all zeros, on
    /// rayon's current pool.
    ///
    /// # Errors
    /// [`MsmError::BasesLength`] if there is no whole number of them; of the first point that
    /// breaks a rule, [`MsmError::BaseRange`] and, if `checking` says so,
    /// [`MsmError::BaseNotOnCurve`] and [`MsmError::BaseNotInSubgroup`].
    pub fn new(curve: Curve, bytes: &[u8], checking: Checking) -> Result<Self, MsmError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        if !bytes.len().is_multiple_of(curve.point_bytes()) {
            return Err(MsmError::BasesLength);
        }
        Ok(Self(Arc::new(Owned {
            points: group::prepare(curve, bytes, checking)?,
            id: NEXT.fetch_add(1, Relaxed),
            checking,
            are_in_subgroup: OnceLock::new(),
            totals: Mutex::default(),
            twins: OnceLock::new(),
            watchers: Mutex::default(),
        })))
    }

    /// Their curve.
    pub fn curve(&self) -> Curve {
        self.0.points.curve()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.points.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What they were asked for.
    pub fn checking(&self) -> Checking {
        self.0.checking
    }

    /// A number that no other bases of this process have had or will have; clones have the same.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// Prepares the linear check of `docs/msm.md`, on rayon's current pool: an accelerator then
    /// checks every sum that another device than the CPU computes with these bases, by a second
    /// multiplication on that device. It takes as long as many multiplications by the CPU, and memory
    /// for the bases a second time and 32 bytes each. Another call does nothing.
    ///
    /// # Errors
    /// [`NoRandomNumbers`].
    pub fn prepare_check(&self) -> Result<(), NoRandomNumbers> {
        if self.0.twins.get().is_none() {
            // Of two threads that prepare it, the first one's is kept.
            let _ = self.0.twins.set(Twins::new(self)?);
        }
        Ok(())
    }

    /// Their twins, once the linear check is prepared.
    pub(super) fn twins(&self) -> Option<&Twins> {
        self.0.twins.get()
    }

    /// Has `watcher` told when the last handle is dropped.
    pub(super) fn watch(&self, watcher: Weak<dyn Forget>) {
        let mut watchers = lock(&self.0.watchers);
        watchers.retain(|known| known.strong_count() > 0);
        if !watchers.iter().any(|known| known.ptr_eq(&watcher)) {
            watchers.push(watcher);
        }
    }

    pub(super) fn prepared(&self) -> &dyn Prepared {
        &*self.0.points
    }

    /// Whether all are in G1; unchecked ones are looked at once, at the first call.
    pub(crate) fn are_in_subgroup(&self) -> bool {
        match self.0.checking {
            Checking::Checked => true,
            Checking::Unchecked => {
                *self.0.are_in_subgroup.get_or_init(|| self.0.points.are_in_subgroup())
            }
        }
    }

    /// The bases of a range, which lies within them, encoded.
    pub(super) fn points(&self, range: Range<usize>) -> Vec<u8> {
        let mut bytes = vec![0; range.len() * self.curve().point_bytes()];
        self.0.points.write(range, &mut bytes);
        bytes
    }

    /// The sum of the bases of a range, which lies within them, encoded.
    pub(super) fn total(&self, range: Range<usize>) -> Vec<u8> {
        if let Some(total) = lock(&self.0.totals).get(&range) {
            return total.clone();
        }
        let total = self.0.points.total(range.clone());
        let mut totals = lock(&self.0.totals);
        if totals.len() < MOST_TOTALS {
            totals.insert(range, total.clone());
        }
        total
    }

    /// The sum of the products of the bases from `first` on, as many as scalars.
    pub(super) fn multiply(
        &self,
        first: usize,
        scalars: &[[u8; SCALAR_BYTES]],
        chunk: usize,
    ) -> Vec<u8> {
        self.0.points.multiply(first, scalars, chunk)
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        for watcher in lock(&self.watchers).drain(..) {
            if let Some(watcher) = watcher.upgrade() {
                watcher.forget(self.id);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Bases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bases({} of {})", self.len(), self.curve())
    }
}
