//! What a device keeps of bases between multiplications.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::Terms;

/// Bases in the form of a device, some bytes of them at most: those that were used last stay. What
/// it keeps is dropped when the last handle of the bases is.
///
/// ```
/// use chaincard::msm::{Bases, BasesCache, Checking, Curve, Terms};
///
/// let cache = BasesCache::new(1 << 20);
/// let bases = Bases::new(Curve::Bn254, &[0; 640], Checking::Unchecked)?;
/// let scalars = [[0; 32]; 10];
/// let terms = Terms::new(&bases, 0, &scalars)?;
/// let uploaded = cache.get(&terms, 640, || Ok::<_, ()>(terms.points())).unwrap();
/// let again = cache.get(&terms, 640, || Err(())).unwrap();
/// assert_eq!((uploaded, cache.bytes()), (again, 640));
/// drop(bases);
/// assert_eq!(cache.bytes(), 0);
/// # Ok::<(), chaincard::msm::MsmError>(())
/// ```
pub struct BasesCache<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    bound: usize,
    /// The one that was used last is the last.
    entries: Mutex<Vec<Entry<T>>>,
}

struct Entry<T> {
    id: u64,
    range: Range<usize>,
    bytes: usize,
    value: Arc<T>,
}

/// What is told of bases that are no more.
pub(super) trait Forget: Send + Sync {
    fn forget(&self, id: u64);
}

impl<T: Send + Sync + 'static> BasesCache<T> {
    /// Keeps at most `bound` bytes.
    pub fn new(bound: usize) -> Self {
        Self { shared: Arc::new(Shared { bound, entries: Mutex::default() }) }
    }

    /// Bytes that it keeps now.
    pub fn bytes(&self) -> usize {
        self.shared.lock().iter().map(|entry| entry.bytes).sum()
    }

    /// The bases of `terms`, as `make` made them now or before: `bytes` of them. What has to go for
    /// them is dropped before. They are not kept if they alone are too many.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn get<E>(
        &self,
        terms: &Terms<'_>,
        bytes: usize,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let (id, range) = (terms.bases().id(), terms.range());
        if let Some(value) = self.shared.find(id, &range) {
            return Ok(value);
        }
        let is_kept = bytes <= self.shared.bound;
        if is_kept {
            self.shared.make_room(&mut self.shared.lock(), bytes);
        }
        let value = Arc::new(make()?);
        if is_kept {
            let observer: Weak<Shared<T>> = Arc::downgrade(&self.shared);
            terms.bases().watch(observer);
            let mut entries = self.shared.lock();
            // Another thread may have made the same, or others, meanwhile.
            entries.retain(|entry| (entry.id, &entry.range) != (id, &range));
            self.shared.make_room(&mut entries, bytes);
            entries.push(Entry { id, range, bytes, value: Arc::clone(&value) });
        }
        Ok(value)
    }

    /// Drops everything: the device has lost it.
    pub fn clear(&self) {
        self.shared.lock().clear();
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, Vec<Entry<T>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, id: u64, range: &Range<usize>) -> Option<Arc<T>> {
        let mut entries = self.lock();
        let at = entries.iter().position(|entry| (entry.id, &entry.range) == (id, range))?;
        let entry = entries.remove(at);
        let value = Arc::clone(&entry.value);
        entries.push(entry);
        Some(value)
    }

    fn make_room(&self, entries: &mut Vec<Entry<T>>, bytes: usize) {
        let mut kept: usize = entries.iter().map(|entry| entry.bytes).sum();
        let stays = entries.iter().position(|entry| {
            let fits = kept + bytes <= self.bound;
            kept -= if fits { 0 } else { entry.bytes };
            fits
        });
        entries.drain(..stays.unwrap_or(entries.len()));
    }
}

impl<T: Send + Sync> Forget for Shared<T> {
    fn forget(&self, id: u64) {
        self.lock().retain(|entry| entry.id != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::msm::{Bases, Checking, Curve};

    fn bases() -> Bases {
        Bases::new(Curve::Bn254, &[0; 640], Checking::Unchecked).expect("infinities")
    }

    /// Whether the bases from `first` on, `count` of them, had to be made.
    fn is_made(cache: &BasesCache<u8>, bases: &Bases, first: usize, count: usize) -> bool {
        let scalars = vec![[0; 32]; count];
        let terms = Terms::new(bases, first, &scalars).expect("within");
        let mut made = false;
        let value = cache.get(&terms, count * 100, || {
            made = true;
            Ok::<_, ()>(first as u8)
        });
        assert_eq!(value.as_deref(), Ok(&(first as u8)));
        assert!(cache.bytes() <= 500);
        made
    }

    #[test]
    fn what_was_used_last_stays() {
        let (cache, one, other) = (BasesCache::new(500), bases(), bases());
        assert!(is_made(&cache, &one, 0, 2) && is_made(&cache, &one, 2, 2));
        assert!(!is_made(&cache, &one, 0, 2) && !is_made(&cache, &one.clone(), 2, 2));
        assert!(!is_made(&cache, &one, 0, 2));
        // 200 more: the part that was not used for longest goes.
        assert!(is_made(&cache, &other, 0, 2));
        assert!(!is_made(&cache, &one, 0, 2) && is_made(&cache, &one, 2, 2));
        assert_eq!(cache.bytes(), 400);
        // Too large to be kept, and then too large for company.
        assert!(is_made(&cache, &other, 0, 6) && is_made(&cache, &other, 0, 6));
        assert!(!is_made(&cache, &one, 0, 2));
        assert!(is_made(&cache, &other, 0, 5) && is_made(&cache, &one, 0, 2));
        cache.clear();
        assert_eq!(cache.bytes(), 0);
        assert!(is_made(&cache, &one, 0, 2));
    }

    #[test]
    fn dropped_bases_are_forgotten() {
        let (cache, one, other) = (BasesCache::new(500), bases(), bases());
        assert!(is_made(&cache, &one, 0, 2) && is_made(&cache, &other, 0, 3));
        let clone = one.clone();
        drop(one);
        assert_eq!(cache.bytes(), 500);
        drop(clone);
        assert_eq!(cache.bytes(), 300);
        // The other way round: the device goes first.
        drop(cache);
        drop(other);
    }

    #[test]
    fn a_device_that_cannot_make_them_keeps_nothing() {
        let (cache, bases) = (BasesCache::<u8>::new(500), bases());
        let scalars = [[0; 32]];
        let terms = Terms::new(&bases, 0, &scalars).expect("within");
        assert_eq!(cache.get(&terms, 100, || Err("full")), Err("full"));
        assert_eq!(cache.bytes(), 0);
    }
}
