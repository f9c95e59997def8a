//! A session: a hash that is being computed, rights to private keys, handles of SM4 keys.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::Engine;
use crate::error::Failure;
use crate::hash::Hash;
use crate::store::{Pair, SymmetricKey};

/// Most SM4 keys in one session.
const MOST_KEYS: usize = 1 << 16;

/// A session. Many threads may use it at once; a hash is one for all of them.
pub(crate) struct Session {
    pub(crate) engine: Arc<Engine>,
    hash: Mutex<Option<Hash>>,
    /// How often the right to a key was given and not yet released: threads that share a session ask
    /// and release in pairs.
    rights: Mutex<HashMap<u32, usize>>,
    keys: Mutex<HashMap<usize, Arc<SymmetricKey>>>,
}

impl Session {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self { engine, hash: Mutex::default(), rights: Mutex::default(), keys: Mutex::default() }
    }

    /// Begins a hash; one that was begun before is forgotten.
    pub(crate) fn begin_hash(&self, hash: Hash) {
        *lock(&self.hash) = Some(hash);
    }

    /// Adds to the hash.
    pub(crate) fn update_hash(&self, data: &[u8]) -> Result<(), Failure> {
        lock(&self.hash).as_mut().ok_or(Failure::Step)?.update(data);
        Ok(())
    }

    /// Ends the hash and gives it out.
    pub(crate) fn take_hash(&self) -> Result<Hash, Failure> {
        lock(&self.hash).take().ok_or(Failure::Step)
    }

    /// Gives the right to the private halves of a pair.
    pub(crate) fn give_right(&self, index: u32, code: &[u8]) -> Result<(), Failure> {
        if !self.engine.pair(index)?.opens_with(code) {
            return Err(Failure::AccessCode(index));
        }
        *lock(&self.rights).entry(index).or_default() += 1;
        Ok(())
    }

    /// Takes a right back; that there was none is no error.
    pub(crate) fn release_right(&self, index: u32) -> Result<(), Failure> {
        self.engine.pair(index)?;
        let mut rights = lock(&self.rights);
        if let Some(times) = rights.get_mut(&index) {
            *times -= 1;
            if *times == 0 {
                rights.remove(&index);
            }
        }
        Ok(())
    }

    /// A pair whose private halves this session may use.
    pub(crate) fn private(&self, index: u32) -> Result<&Pair, Failure> {
        let pair = self.engine.pair(index)?;
        if pair.is_locked() && !lock(&self.rights).contains_key(&index) {
            return Err(Failure::NoRight(index));
        }
        Ok(pair)
    }

    /// Keeps a key under a handle.
    pub(crate) fn keep_key(&self, handle: usize, key: SymmetricKey) -> Result<(), Failure> {
        let mut keys = lock(&self.keys);
        if keys.len() >= MOST_KEYS {
            return Err(Failure::TooManyKeys(MOST_KEYS));
        }
        keys.insert(handle, Arc::new(key));
        Ok(())
    }

    /// The key of a handle.
    pub(crate) fn key(&self, handle: usize) -> Result<Arc<SymmetricKey>, Failure> {
        lock(&self.keys).get(&handle).cloned().ok_or(Failure::Handle("key"))
    }

    /// Forgets a key.
    pub(crate) fn destroy_key(&self, handle: usize) -> Result<(), Failure> {
        lock(&self.keys).remove(&handle).map(drop).ok_or(Failure::Handle("key"))
    }
}

/// What a panic may have left half-done behind these locks is a whole value all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
