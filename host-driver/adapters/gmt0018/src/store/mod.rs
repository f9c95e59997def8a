//! The key store: SM2 key pairs and SM4 keys by index, in a file encrypted under a password.

mod access;
mod record;
mod seal;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use ::sm2::SecretKey;
use zeroize::Zeroizing;

use crate::error::SdfError;
use crate::sm2::{self, PublicBytes};
use access::AccessCode;
pub use seal::Cost;

/// Most bytes in a store's file: what is longer is some other file.
const MOST: u64 = 16 << 20;

/// Key of SM4.
pub(crate) type SymmetricKey = Zeroizing<[u8; 16]>;

/// Which key of a pair of pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The key that signs.
    Sign,
    /// The key that encrypts.
    Encrypt,
}

/// The two key pairs of an index, and the access code of their private halves.
pub(crate) struct Pair {
    pub(crate) sign: SecretKey,
    pub(crate) encrypt: SecretKey,
    sign_public: PublicBytes,
    encrypt_public: PublicBytes,
    access: Option<AccessCode>,
}

impl Pair {
    fn new(sign: SecretKey, encrypt: SecretKey, access: Option<AccessCode>) -> Self {
        let (sign_public, encrypt_public) = (sm2::public_bytes(&sign), sm2::public_bytes(&encrypt));
        Self { sign, encrypt, sign_public, encrypt_public, access }
    }

    pub(crate) fn public(&self, which: Use) -> &PublicBytes {
        match which {
            Use::Sign => &self.sign_public,
            Use::Encrypt => &self.encrypt_public,
        }
    }

    /// Whether its private halves need an access code.
    pub(crate) fn is_locked(&self) -> bool {
        self.access.is_some()
    }

    /// Whether `code` is the access code; any is when there is none.
    pub(crate) fn opens_with(&self, code: &[u8]) -> bool {
        self.access.as_ref().is_none_or(|access| access.is(code))
    }
}

/// Keys by index. SM2 pairs and SM4 keys have indices of their own; those of `chaincard sdf init`
/// begin with 1.
///
/// ```
/// use gmt0018::{Cost, KeyStore, Use};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("sdf.keys");
/// let mut store = KeyStore::new();
/// store.generate_pair(1, Some(b"access code"))?;
/// store.generate_symmetric(1)?;
/// store.create(&path, b"password", Cost { memory_kib: 64, iterations: 1, lanes: 1 })?;
///
/// let opened = KeyStore::open(&path, b"password")?;
/// assert_eq!(opened.public_key(1, Use::Sign), store.public_key(1, Use::Sign));
/// assert!(KeyStore::open(&path, b"Password").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct KeyStore {
    pairs: BTreeMap<u32, Pair>,
    symmetric: BTreeMap<u32, SymmetricKey>,
}

impl KeyStore {
    /// Without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds new pairs at `index`, which is free; their private halves need the code `access`, which
    /// has 8 bytes or more, if there is one.
    ///
    /// # Errors
    /// [`SdfError::Key`], [`SdfError::Random`].
    pub fn generate_pair(&mut self, index: u32, access: Option<&[u8]>) -> Result<(), SdfError> {
        let generate = || sm2::generate().map_err(SdfError::Random);
        self.add_pair(index, [generate()?, generate()?], access)
    }

    /// As [`generate_pair`](Self::generate_pair), with given private keys, big-endian numbers from 1
    /// to n - 2.
    ///
    /// # Errors
    /// [`SdfError::Key`], [`SdfError::Random`].
    pub fn insert_pair(
        &mut self,
        index: u32,
        sign: &[u8; 32],
        encrypt: &[u8; 32],
        access: Option<&[u8]>,
    ) -> Result<(), SdfError> {
        let key = |d| {
            let reason = "private key is not in [1, n - 2]";
            sm2::secret_key(d).ok_or(SdfError::Key { index, reason })
        };
        self.add_pair(index, [key(sign)?, key(encrypt)?], access)
    }

    fn add_pair(
        &mut self,
        index: u32,
        [sign, encrypt]: [SecretKey; 2],
        access: Option<&[u8]>,
    ) -> Result<(), SdfError> {
        let access = access.map(|code| AccessCode::new(index, code)).transpose()?;
        add(&mut self.pairs, index, Pair::new(sign, encrypt, access))
    }

    /// Adds a new SM4 key at `index`, which is free.
    ///
    /// # Errors
    /// [`SdfError::Key`], [`SdfError::Random`].
    pub fn generate_symmetric(&mut self, index: u32) -> Result<(), SdfError> {
        let mut key = SymmetricKey::default();
        getrandom::fill(&mut *key).map_err(SdfError::Random)?;
        add(&mut self.symmetric, index, key)
    }

    /// As [`generate_symmetric`](Self::generate_symmetric), with a given key.
    ///
    /// # Errors
    /// [`SdfError::Key`].
    pub fn insert_symmetric(&mut self, index: u32, key: &[u8; 16]) -> Result<(), SdfError> {
        add(&mut self.symmetric, index, Zeroizing::new(*key))
    }

    /// x and y of a public key, big-endian.
    pub fn public_key(&self, index: u32, which: Use) -> Option<[u8; 64]> {
        let [x, y] = self.pair(index)?.public(which);
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(x);
        bytes[32..].copy_from_slice(y);
        Some(bytes)
    }

    /// Indices of the SM2 pairs, and whether their private halves need an access code.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, bool)> {
        self.pairs.iter().map(|(&index, pair)| (index, pair.is_locked()))
    }

    /// Indices of the SM4 keys.
    pub fn symmetric_keys(&self) -> impl Iterator<Item = u32> {
        self.symmetric.keys().copied()
    }

    pub(crate) fn pair(&self, index: u32) -> Option<&Pair> {
        self.pairs.get(&index)
    }

    pub(crate) fn symmetric(&self, index: u32) -> Option<&SymmetricKey> {
        self.symmetric.get(&index)
    }

    /// Writes the store to a new file that only its owner may read.
    ///
    /// # Errors
    /// [`SdfError::StoreExists`], [`SdfError::File`], [`SdfError::Password`], [`SdfError::Random`].
    pub fn create(&self, path: &Path, password: &[u8], cost: Cost) -> Result<(), SdfError> {
        crate::password::check(password, "password of the key store")?;
        let text = seal::seal(record::write(self), password, cost)?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let mut file = file.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => SdfError::StoreExists { path: path.to_owned() },
            _ => SdfError::file("write", path)(error),
        })?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(SdfError::file("write", path))
    }

    /// Reads the store in a file.
    ///
    /// # Errors
    /// [`SdfError::File`], [`SdfError::Permissions`], [`SdfError::Store`],
    /// [`SdfError::WrongPassword`].
    pub fn open(path: &Path, password: &[u8]) -> Result<Self, SdfError> {
        let file = File::open(path).map_err(SdfError::file("read key store", path))?;
        let about = file.metadata().map_err(SdfError::file("read key store", path))?;
        if about.permissions().mode() & 0o077 != 0 {
            return Err(SdfError::Permissions { path: path.to_owned() });
        }
        let mut text = String::new();
        let read = file.take(MOST).read_to_string(&mut text);
        read.map_err(SdfError::file("read key store", path))?;
        let damaged = |reason: String| SdfError::Store { path: path.to_owned(), reason };
        let sealed = seal::Sealed::parse(&text).map_err(damaged)?;
        let Some(contents) = sealed.open(password).map_err(damaged)? else {
            return Err(SdfError::WrongPassword { path: path.to_owned() });
        };
        record::read(&contents).ok_or_else(|| damaged("its records make no sense".to_owned()))
    }
}

/// Indices only.
impl std::fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyStore")
            .field("pairs", &self.pairs.keys())
            .field("symmetric", &self.symmetric.keys())
            .finish_non_exhaustive()
    }
}

fn add<K>(keys: &mut BTreeMap<u32, K>, index: u32, key: K) -> Result<(), SdfError> {
    if keys.contains_key(&index) {
        return Err(SdfError::Key { index, reason: "there is one of this index already" });
    }
    keys.insert(index, key);
    Ok(())
}
